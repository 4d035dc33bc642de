#include "studio_server.h"

#include <fmt/format.h>
#include <httplib.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string_view>
#include <vector>

#include "embedded_studio.h"
#include "failure.h"
#include "file/flx.h"
#include "file/saved_file.h"

namespace flux::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t FLUX_MOST_STUDIO_BYTES = 64u << 20;   // a built studio has a few megabytes
constexpr std::size_t FLUX_MOST_DOCUMENT_BYTES = 1024u << 20;  // of a file that is saved
constexpr std::string_view FLUX_FILE_ADDRESS = "/document";
constexpr const char* FLUX_TOKEN_HEADER = "X-Flux-Token";

// What every answer says. The page is alone in its process, so that it may share memory with its workers; nothing but what is served here
// is loaded, connected to, or may show the page inside another.
constexpr std::pair<const char*, const char*> FLUX_HEADERS[] = {
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Embedder-Policy", "require-corp"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
     "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
};

std::string_view content_type(std::string_view path) {
  static constexpr std::pair<std::string_view, std::string_view> FLUX_TYPES[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".wasm", "application/wasm"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
  };
  for (const auto& [ending, type] : FLUX_TYPES) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

std::string read_bytes(const fs::path& path) {
  std::ifstream input(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(input)), std::istreambuf_iterator<char>());
  if (!input.good() && !input.eof()) throw Failure(Error{"the file cannot be read", path.string(), "check its permissions"});
  return bytes;
}

// Names the content of a file: who saves says which content he has seen.
std::string tag_of(std::string_view bytes) { return fmt::format("\"{:016x}\"", XXH3_64bits(bytes.data(), bytes.size())); }

std::string random_token() {
  std::random_device random;
  std::string token;
  for (int i = 0; i < 4; ++i) token += fmt::format("{:08x}", random());
  return token;
}

// As long for a wrong token as for a right one.
bool is_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    encoded += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

void answer_text(httplib::Response& response, int status, const std::string& text) {
  response.status = status;
  response.set_content(text + "\n", "text/plain; charset=utf-8");
}

StudioFiles read_studio(const fs::path& folder) {
  if (!fs::is_regular_file(folder / "index.html")) {
    throw Failure(Error{"there is no built studio", folder.string(), "name the folder that holds its index.html"});
  }
  StudioFiles files;
  std::uintmax_t bytes = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    bytes += entry.file_size();
    if (bytes > FLUX_MOST_STUDIO_BYTES) {
      throw Failure(Error{"the folder is too large to be a built studio", folder.string(), "name the folder that holds its index.html"});
    }
    files["/" + fs::relative(entry.path(), folder).generic_string()] = read_bytes(entry.path());
  }
  return files;
}

// The archive is our own: `cmake -E tar` wrote it with the paths "./index.html", "./assets/...", none longer than a header's 100 bytes.
StudioFiles unpack_studio(std::string_view archive) {
  constexpr std::size_t FLUX_TAR_BLOCK = 512, FLUX_TAR_NAME = 100, FLUX_TAR_SIZE = 124, FLUX_TAR_TYPE = 156;  // bytes of a header
  StudioFiles files;
  for (std::size_t at = 0; at + FLUX_TAR_BLOCK <= archive.size() && archive[at] != 0;) {
    const std::string_view header = archive.substr(at, FLUX_TAR_BLOCK);
    const std::string name(header.substr(0, std::min(header.find('\0'), FLUX_TAR_NAME)));
    const std::size_t size = std::strtoull(std::string(header.substr(FLUX_TAR_SIZE, 12)).c_str(), nullptr, 8);
    at += FLUX_TAR_BLOCK;
    if (header[FLUX_TAR_TYPE] == '0') files["/" + fs::path(name).lexically_normal().generic_string()] = archive.substr(at, size);
    at += (size + FLUX_TAR_BLOCK - 1) / FLUX_TAR_BLOCK * FLUX_TAR_BLOCK;
  }
  return files;
}

}  // namespace

StudioFiles find_studio(const std::string& folder) {
  if (!folder.empty()) return read_studio(folder);
  StudioFiles files = unpack_studio(embedded_studio());
  if (files.empty()) {
    throw Failure(
        Error{"this flux was built without the studio", "", "build it with ./script/start, or name a built studio with --studio"});
  }
  return files;
}

StudioServer::StudioServer(StudioFiles files, std::string file)
    : files_(std::move(files)), file_(std::move(file)), token_(random_token()), server_(std::make_unique<httplib::Server>()) {
  const auto on = [this](Handler handler) {
    return [this, handler](const httplib::Request& request, httplib::Response& response) { guarded(handler, request, response); };
  };
  server_->Get(std::string(FLUX_FILE_ADDRESS), on(&StudioServer::get_file));
  server_->Put(std::string(FLUX_FILE_ADDRESS), on(&StudioServer::put_file));
  server_->Get(".*", on(&StudioServer::get_static));
  server_->set_payload_max_length(FLUX_MOST_DOCUMENT_BYTES);
  // An address is taken by one server: without this, the library shares it with another that runs already.
  server_->set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
}

StudioServer::~StudioServer() = default;

bool StudioServer::bind(int port) {
  if (port == 0) {
    port_ = server_->bind_to_any_port("127.0.0.1");
    return port_ > 0;
  }
  port_ = port;
  return server_->bind_to_port("127.0.0.1", port);
}

std::string StudioServer::address() const {
  std::string address = fmt::format("http://127.0.0.1:{}/", port_);
  if (!file_.empty()) address += fmt::format("#file={}&token={}", percent_encoded(fs::path(file_).filename().string()), token_);
  return address;
}

void StudioServer::serve() { server_->listen_after_bind(); }
void StudioServer::stop() { server_->stop(); }

// A page of another host whose name was made to lead to this machine sends that name: it is refused, and so cannot read what is served.
bool StudioServer::is_own_address(const std::string& host) const {
  return host == fmt::format("127.0.0.1:{}", port_) || host == fmt::format("localhost:{}", port_);
}

bool StudioServer::has_token(const httplib::Request& request) const {
  return is_equal(request.get_header_value(FLUX_TOKEN_HEADER), token_);
}

void StudioServer::guarded(Handler handler, const httplib::Request& request, httplib::Response& response) {
  for (const auto& [name, value] : FLUX_HEADERS) response.set_header(name, value);
  if (!is_own_address(request.get_header_value("Host"))) {
    return answer_text(response, 403, fmt::format("This is the FLUX studio of one machine: open http://127.0.0.1:{}/ there.", port_));
  }
  (this->*handler)(request, response);
}

void StudioServer::get_static(const httplib::Request& request, httplib::Response& response) {
  const std::string path = request.path == "/" ? "/index.html" : request.path;
  const auto found = files_.find(path);
  if (found == files_.end()) return answer_text(response, 404, "There is no such file in the studio.");
  // Names under assets/ carry a hash of their content.
  response.set_header("Cache-Control", path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
  // Served as it is: the way within one machine is free, and compressing the page's code for it would take two seconds.
  response.set_content_provider(found->second.size(), std::string(content_type(path)),
                                [&content = found->second](std::size_t at, std::size_t size, httplib::DataSink& sink) {
                                  return sink.write(content.data() + at, size);
                                });
}

void StudioServer::get_file(const httplib::Request& request, httplib::Response& response) {
  response.set_header("Cache-Control", "no-store");
  if (file_.empty()) return answer_text(response, 404, "The studio was started without a file.");
  if (!has_token(request)) return answer_text(response, 403, "Open the file at the address that flux studio has printed.");
  if (!fs::is_regular_file(file_)) return answer_text(response, 404, fmt::format("{} is not there any more.", file_));
  const std::string bytes = read_bytes(file_);
  response.set_header("ETag", tag_of(bytes));
  response.set_content(bytes, "application/octet-stream");
}

void StudioServer::put_file(const httplib::Request& request, httplib::Response& response) {
  response.set_header("Cache-Control", "no-store");
  if (file_.empty()) return answer_text(response, 404, "The studio was started without a file.");
  if (!has_token(request)) return answer_text(response, 403, "Open the file at the address that flux studio has printed.");
  const std::string now = fs::is_regular_file(file_) ? tag_of(read_bytes(file_)) : "";
  if (request.get_header_value("If-Match") != now) {
    return answer_text(response, 412, fmt::format("{} was changed by another program: open it again, or save under another name.", file_));
  }
  const auto document = read_document_bytes(request.body, fs::path(file_).filename().string());
  if (!document) return answer_text(response, 422, document.error().message());
  if (const Status status = save_file(file_, request.body); !status) return answer_text(response, 500, status.error().message());
  response.set_header("ETag", tag_of(request.body));
  response.status = 204;
}

}  // namespace flux::cli
