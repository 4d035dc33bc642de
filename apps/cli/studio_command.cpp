// flux studio: the browser studio of this machine.
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "arguments.h"
#include "commands.h"
#include "failure.h"
#include "studio_server.h"

namespace flux::cli {
namespace {

constexpr int FLUX_USUAL_PORT = 8642;  // what a browser stores belongs to the address, so it should stay the same
constexpr int FLUX_PORTS_TRIED = 20;

struct StudioArguments {
  std::string file, folder;
  int port = -1;  // not given
  bool no_browser = false;
};

void bind(StudioServer& server, int port) {
  if (port >= 0) {
    if (server.bind(port)) return;
    throw Failure(Error{fmt::format("port {} is in use", port), "--port", "choose another, or leave it out"});
  }
  for (int next = FLUX_USUAL_PORT; next < FLUX_USUAL_PORT + FLUX_PORTS_TRIED; ++next) {
    if (server.bind(next)) return;
  }
  throw Failure(Error{"no port is free", "", fmt::format("choose one with --port; {} and those after it are in use", FLUX_USUAL_PORT)});
}

// Says so when the program that opens addresses ends with a failure; it may live as long as the browser.
void watch_opener(pid_t process, const std::string& opener, const std::string& address) {
  std::thread([=] {
    int status = 0;
    if (waitpid(process, &status, 0) != process || !WIFEXITED(status) || WEXITSTATUS(status) == 0) return;
    fmt::print(stderr, "{} could not open a browser (status {}). Open {} in one.\n", opener, WEXITSTATUS(status), address);
  }).detach();
}

// Whether a program that opens addresses could be started. It gets a session of its own, with no signal blocked: Ctrl+C here is not meant
// for a browser that it starts.
bool open_browser(const std::string& address) {
#if defined(__APPLE__)
  const char* const opener = "open";
#else
  const char* const opener = "xdg-open";
  if (std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr) return false;
#endif
  char* arguments[] = {const_cast<char*>(opener), const_cast<char*>(address.c_str()), nullptr};
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
  pid_t process = 0;
  const bool started = posix_spawnp(&process, opener, nullptr, &attributes, arguments, environ) == 0;
  posix_spawnattr_destroy(&attributes);
  if (started) watch_opener(process, opener, address);
  return started;
}

// Stops the server when the process is asked to end.
class StopOnSignal {
 public:
  explicit StopOnSignal(StudioServer& server) {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    thread_ = std::thread([this, &server] {
      int signal = 0;
      sigwait(&signals_, &signal);
      server.stop();
    });
  }
  ~StopOnSignal() {
    pthread_kill(thread_.native_handle(), SIGHUP);  // when it was not a signal that ended the server
    thread_.join();
  }
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

 private:
  sigset_t signals_{};
  std::thread thread_;
};

void run_studio(const StudioArguments& arguments) {
  if (!arguments.file.empty()) require_input_file(arguments.file);
  StudioServer server(find_studio(arguments.folder), arguments.file);
  bind(server, arguments.port);
  const StopOnSignal stop_on_signal(server);
  const bool opened = !arguments.no_browser && open_browser(server.address());
  fmt::print("The studio is at {}\n{}Press Ctrl+C to stop.\n", server.address(), opened ? "" : "Open this address in a browser. ");
  std::fflush(stdout);
  server.serve();
}

}  // namespace

void add_studio_command(CLI::App& app) {
  auto arguments = std::make_shared<StudioArguments>();
  CLI::App* studio = app.add_subcommand("studio", "Open the studio in the browser: draw a circuit and watch it live");
  studio->add_option("FILE", arguments->file, "a circuit to open; the studio saves to it");
  studio->add_option("--port", arguments->port, fmt::format("port on this machine (default {}, or the next that is free)", FLUX_USUAL_PORT))
      ->check(CLI::Range(0, 65535))
      ->type_name("N");
  studio->add_flag("--no-browser", arguments->no_browser, "only print the address");
  studio->add_option("--studio", arguments->folder, "folder of a built studio (default: the one inside flux)")->type_name("FOLDER");
  studio->footer(R"(It is reached from this machine alone, and reaches nothing but it.

Examples:
  flux studio
  flux studio examples/hexapod.json
  flux studio --no-browser --port 9000)");
  studio->callback([arguments] { run_studio(*arguments); });
}

}  // namespace flux::cli
