// flux studio, driven as a browser drives it, and as one that should not.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <csignal>
#include <regex>
#include <thread>

#include "cli_test_support.h"

namespace flux {
namespace {

class Studio : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    std::filesystem::create_directories(folder_ / "studio/assets");
    write("studio/index.html", "<!doctype html><title>FLUX</title>");
    write("studio/assets/engine-1a2b.wasm", std::string("\0asm", 4));
    write("secret.txt", "not for everybody");
  }
  void TearDown() override {
    if (server_ > 0) stop();
    CliTest::TearDown();
  }

  void start_studio(std::vector<std::string> arguments) {
    arguments.push_back("--no-browser");
    start_with_browser(arguments);
  }
  // Starts flux studio and waits until it tells its address.
  void start_with_browser(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"studio", "--studio", path("studio"), "--port", "0"});
    server_ = start(arguments);
    const std::regex pattern("http://127\\.0\\.0\\.1:([0-9]+)/(#file=([^&]*)&token=([0-9a-f]+))?");
    for (int i = 0; i < 500; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      const std::string told = read_whole(folder_.string() + ".out");
      std::smatch match;
      if (!std::regex_search(told, match, pattern) || !told.ends_with("stop.\n")) continue;
      address_ = match[0];
      port_ = std::stoi(match[1]);
      token_ = match[4];
      return;
    }
    FAIL() << "it told no address: " << read_whole(folder_.string() + ".err");
  }
  Outcome stop() {
    kill(server_, SIGINT);
    return finish(std::exchange(server_, 0));
  }

  httplib::Result get(const std::string& address, httplib::Headers headers = {}) {
    return httplib::Client("127.0.0.1", port_).Get(address, headers);
  }
  httplib::Result save(const std::string& bytes, const std::string& tag, const std::string& token) {
    return httplib::Client("127.0.0.1", port_)
        .Put("/document", httplib::Headers{{"X-Flux-Token", token}, {"If-Match", tag}}, bytes, "application/octet-stream");
  }

  // The answer to a request exactly as it is written here: a client library would tidy it up.
  std::string answer_to(const std::string& request) const {
    const int connection = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return "no connection";
    (void)!::write(connection, request.data(), request.size());
    std::string answer;
    char piece[4096];
    for (ssize_t size; (size = ::read(connection, piece, sizeof piece)) > 0;) answer.append(piece, static_cast<std::size_t>(size));
    ::close(connection);
    return answer;
  }
  std::string own_host() const { return "Host: 127.0.0.1:" + std::to_string(port_) + "\r\nConnection: close\r\n\r\n"; }

  pid_t server_ = 0;
  int port_ = 0;
  std::string address_, token_;
};

TEST_F(Studio, ServesThePageAloneInItsProcessAndForItselfOnly) {
  start_studio({});
  const auto page = get("/");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_TRUE(has(page->body, "<title>FLUX</title>"));
  EXPECT_EQ(page->get_header_value("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page->get_header_value("Cross-Origin-Opener-Policy"), "same-origin");
  EXPECT_EQ(page->get_header_value("Cross-Origin-Embedder-Policy"), "require-corp");
  EXPECT_TRUE(has(page->get_header_value("Content-Security-Policy"), "default-src 'none'"));
  EXPECT_EQ(page->get_header_value("Access-Control-Allow-Origin"), "");
  const auto module = get("/assets/engine-1a2b.wasm");
  ASSERT_TRUE(module);
  EXPECT_EQ(module->get_header_value("Content-Type"), "application/wasm");
  EXPECT_EQ(module->body, std::string("\0asm", 4));
  EXPECT_EQ(get("/nothing.js")->status, 404);
  EXPECT_EQ(stop().status, 0) << "Ctrl+C is how it is meant to end";
}

// The library packs text on each request with the strongest setting: two seconds for the page's code, on a way that costs nothing.
TEST_F(Studio, ServesAtOnceWhatABrowserWouldTakePacked) {
  start_studio({});
  const std::string answer = answer_to("GET / HTTP/1.1\r\nAccept-Encoding: gzip, deflate, br\r\n" + own_host());
  EXPECT_TRUE(has(answer, "200 OK"));
  EXPECT_FALSE(has(answer, "Content-Encoding"));
  EXPECT_TRUE(has(answer, "<title>FLUX</title>"));
}

TEST_F(Studio, ServesNothingOutsideItsFolder) {
  start_studio({});
  for (const std::string& target :
       std::vector<std::string>{"/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//secret.txt",
                                "/assets/..\\..\\secret.txt", "/./../secret.txt", "/index.html/../../secret.txt"}) {
    const std::string answer = answer_to("GET " + target + " HTTP/1.1\r\n" + own_host());
    EXPECT_FALSE(has(answer, "not for everybody")) << target;
    EXPECT_FALSE(has(answer, "200 OK")) << target;
  }
  EXPECT_TRUE(has(answer_to("GET / HTTP/1.1\r\n" + own_host()), "200 OK")) << "requests written like this are answered";
}

TEST_F(Studio, RefusesPagesThatCallThisMachineByAnotherName) {
  write("circuit.json", FLUX_PACEMAKER);
  start_studio({"circuit.json"});
  for (const std::string& host :
       std::vector<std::string>{"evil.example", "127.0.0.1:1", "evil.example:" + std::to_string(port_), "127.0.0.1"}) {
    const auto answer = get("/document", {{"Host", host}, {"X-Flux-Token", token_}});
    ASSERT_TRUE(answer) << host;
    EXPECT_EQ(answer->status, 403) << host;
    EXPECT_FALSE(has(answer->body, "Pacemaker"));
  }
  EXPECT_EQ(get("/", {{"Host", "localhost:" + std::to_string(port_)}})->status, 200);
}

TEST_F(Studio, GivesTheFileToWhoKnowsTheTokenAndTakesItBack) {
  write("circuit.json", FLUX_PACEMAKER);
  start_studio({"circuit.json"});
  EXPECT_EQ(get("/document")->status, 403);
  EXPECT_EQ(get("/document", {{"X-Flux-Token", std::string(token_.size(), '0')}})->status, 403);
  const auto opened = get("/document", {{"X-Flux-Token", token_}});
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->body, FLUX_PACEMAKER);
  const std::string tag = opened->get_header_value("ETag");

  std::string edited = FLUX_PACEMAKER;
  edited.replace(edited.find("\"autoFiringRate\": 10"), 20, "\"autoFiringRate\": 25");
  EXPECT_EQ(save(edited, tag, "wrong")->status, 403);
  EXPECT_EQ(read("circuit.json"), FLUX_PACEMAKER);
  const auto saved = save(edited, tag, token_);
  ASSERT_TRUE(saved);
  EXPECT_EQ(saved->status, 204) << saved->body;
  EXPECT_EQ(read("circuit.json"), edited);
  EXPECT_EQ(save(FLUX_PACEMAKER, saved->get_header_value("ETag"), token_)->status, 204) << "the new content has the tag that was told";
}

TEST_F(Studio, NeverOverwritesWhatAnotherProgramSavedNorWithWhatIsNoCircuit) {
  write("circuit.json", FLUX_PACEMAKER);
  start_studio({"circuit.json"});
  const std::string tag = get("/document", {{"X-Flux-Token", token_}})->get_header_value("ETag");
  const auto broken = save("{\"flux\": 1, \"neurons\": [", tag, token_);
  EXPECT_EQ(broken->status, 422);
  EXPECT_TRUE(has(broken->body, "circuit.json:1:"));
  const std::string theirs = "{\"flux\": 1, \"title\": \"theirs\"}";
  write("circuit.json", theirs);
  const auto late = save(FLUX_PACEMAKER, tag, token_);
  EXPECT_EQ(late->status, 412);
  EXPECT_TRUE(has(late->body, "was changed by another program"));
  EXPECT_EQ(read("circuit.json"), theirs);
}

TEST_F(Studio, TellsWhatKeepsItFromStarting) {
  const Outcome missing = flux({"studio", "--no-browser", "--studio", path("elsewhere")});
  EXPECT_EQ(missing.status, 1);
  EXPECT_TRUE(has(missing.err, "there is no built studio"));
  EXPECT_TRUE(has(missing.err, "index.html"));
  const Outcome no_file = flux({"studio", "--no-browser", "--studio", path("studio"), "nothing.json"});
  EXPECT_EQ(no_file.status, 1);
  EXPECT_TRUE(has(no_file.err, "nothing.json"));
  start_studio({});
  const Outcome taken = flux({"studio", "--no-browser", "--studio", path("studio"), "--port", std::to_string(port_)});
  EXPECT_EQ(taken.status, 1);
  EXPECT_TRUE(has(taken.err, "port " + std::to_string(port_) + " is in use"));
}

// On a desktop whose program for opening addresses is ours.
class StudioOnDesktop : public Studio {
 protected:
  void SetUp() override {
    Studio::SetUp();
    std::filesystem::create_directories(folder_ / "bin");
    environment_ = {{"DISPLAY", ":99"}, {"WAYLAND_DISPLAY", ""}, {"PATH", path("bin") + ":" + std::getenv("PATH")}};
  }
  // In bash, as Debian's sh unblocks all signals when it starts.
  void give_opener(const std::string& script) {
    std::filesystem::permissions(write("bin/xdg-open", "#!/usr/bin/env bash\n" + script), std::filesystem::perms::owner_all);
  }
  // What it wrote, once it is done.
  std::string opened() {
    for (int i = 0; i < 500 && !exists("opened"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return exists("opened") ? read("opened") : "it was not called";
  }
};

TEST_F(StudioOnDesktop, OpensItsAddressInTheBrowser) {
  give_opener("echo \"$#:$1\" > part && mv part opened");
  write("circuit.json", FLUX_PACEMAKER);
  start_with_browser({"circuit.json"});
  EXPECT_EQ(opened(), "1:" + address_ + "\n");
  EXPECT_EQ(get("/document", {{"X-Flux-Token", token_}})->body, FLUX_PACEMAKER) << "what it opens is all that is needed";
  const Outcome outcome = stop();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "The studio is at " + address_ + "\nPress Ctrl+C to stop.\n");
  EXPECT_EQ(outcome.err, "");
}

// A browser that is started so hears signals as any other, but not those that the terminal sends to flux.
TEST_F(StudioOnDesktop, ABrowserHasItsOwnSignals) {
  give_opener("(grep SigBlk /proc/self/status; cut -d' ' -f6 /proc/self/stat) > part && mv part opened");
  start_with_browser({});
  EXPECT_TRUE(has(opened(), "SigBlk:\t0000000000000000\n"));
  EXPECT_FALSE(has(opened(), "\n" + std::to_string(::getsid(server_)) + "\n"));
}

TEST_F(StudioOnDesktop, OpensNothingWhenAskedNotTo) {
  give_opener("touch opened");
  start_studio({});
  EXPECT_EQ(get("/")->status, 200);
  EXPECT_EQ(stop().out, "The studio is at " + address_ + "\nOpen this address in a browser. Press Ctrl+C to stop.\n");
  EXPECT_FALSE(exists("opened"));
}

TEST_F(StudioOnDesktop, WithoutAProgramToOpenItTheAddressIsTold) {
  const std::string told = "\nOpen this address in a browser. Press Ctrl+C to stop.\n";
  environment_["PATH"] = path("bin");
  start_with_browser({});
  EXPECT_EQ(get("/")->status, 200);
  const Outcome missing = stop();
  EXPECT_EQ(missing.out, "The studio is at " + address_ + told);
  EXPECT_EQ(missing.err, "");
  give_opener("touch opened");
  environment_["DISPLAY"] = "";
  start_with_browser({});
  EXPECT_EQ(stop().out, "The studio is at " + address_ + told);
  EXPECT_FALSE(exists("opened")) << "there is no screen to open it on";
}

TEST_F(StudioOnDesktop, TellsWhenTheBrowserCouldNotBeOpened) {
  give_opener("exit 3");
  start_with_browser({});
  const std::string told = "xdg-open could not open a browser (status 3). Open " + address_ + " in one.\n";
  for (int i = 0; i < 500 && read_whole(folder_.string() + ".err") != told; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(get("/")->status, 200) << "it goes on";
  EXPECT_EQ(stop().err, told);
}

}  // namespace
}  // namespace flux
