// Serves the built studio and, if there is one, the circuit file it edits, to browsers of this machine alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace httplib {
class Server;
struct Request;
struct Response;
}  // namespace httplib

namespace flux::cli {

// The files of a built studio by their path in the address ("/index.html"), read once: what is not in the list is not served.
using StudioFiles = std::map<std::string, std::string, std::less<>>;

// The studio in `folder`, or the one inside this program when it is empty. Fails when there is none.
StudioFiles find_studio(const std::string& folder);

class StudioServer {
 public:
  // `file`: path of the circuit that the page may read and replace; empty: none.
  StudioServer(StudioFiles files, std::string file);
  ~StudioServer();

  // Takes a port of this machine's own address, 127.0.0.1; 0: any. False: it is in use.
  bool bind(int port);
  int port() const { return port_; }
  // Where the studio is. What the page needs to reach the file stands behind '#', which browsers send nowhere.
  std::string address() const;
  // Serves until stop(), which may be called by a signal's thread.
  void serve();
  void stop();

 private:
  using Handler = void (StudioServer::*)(const httplib::Request&, httplib::Response&);
  void guarded(Handler handler, const httplib::Request& request, httplib::Response& response);
  bool is_own_address(const std::string& host) const;
  bool has_token(const httplib::Request& request) const;
  void get_static(const httplib::Request& request, httplib::Response& response);
  void get_file(const httplib::Request& request, httplib::Response& response);
  void put_file(const httplib::Request& request, httplib::Response& response);

  StudioFiles files_;
  std::string file_;
  std::string token_;  // 128 random bits: who does not know it cannot reach the file
  int port_ = 0;
  std::unique_ptr<httplib::Server> server_;
};

}  // namespace flux::cli
