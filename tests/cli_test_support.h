// Runs the built shell as a person would, in a folder of its own.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace flux {

struct Outcome {
  int status = -1;  // exit status; 128 + signal when it was killed
  std::string out, err;
};

inline std::string read_whole(const std::filesystem::path& path) {
  std::ifstream input(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>()};
}

inline testing::AssertionResult has(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "there is no '" << part << "' in:\n" << text;
}

inline int exit_status(pid_t process) {
  int status = 0;
  if (::waitpid(process, &status, 0) != process) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// In a child process: becomes the shell. Never returns.
[[noreturn]] inline void become_flux(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {FLUX_BINARY};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execv(FLUX_BINARY, pointers.data());
  std::_Exit(127);
}

// A pacemaker that fires every 10 ticks and a neuron that follows it 3 ticks later.
constexpr const char* FLUX_PACEMAKER = R"({
  "flux": 1,
  "title": "Pacemaker",
  "neurons": [
    {"id": "pace", "autoFiringRate": 10},
    {"id": "follower", "inputAlias": "skin", "outputAlias": "muscle"}
  ],
  "synapses": [
    {"from": "pace", "to": "follower", "weight": 127, "length": 3}
  ]
}
)";

class CliTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "flux-cli-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  std::string read(const std::string& name) const { return read_whole(path(name)); }
  bool exists(const std::string& name) const { return std::filesystem::exists(path(name)); }
  std::size_t file_count() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator()));
  }
  // Starts the shell in the folder; its output goes to the files stdout and stderr beside it.
  pid_t start(const std::vector<std::string>& arguments) const {
    const std::string out = folder_.string() + ".out", err = folder_.string() + ".err";
    const pid_t process = ::fork();
    if (process != 0) return process;
    const int out_file = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600),
              err_file = ::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (::dup2(out_file, STDOUT_FILENO) < 0 || ::dup2(err_file, STDERR_FILENO) < 0 || ::chdir(folder_.c_str()) != 0) std::_Exit(126);
    for (const auto& [name, value] : environment_) value.empty() ? ::unsetenv(name.c_str()) : ::setenv(name.c_str(), value.c_str(), 1);
    become_flux(arguments);
  }
  Outcome finish(pid_t process) const {
    Outcome outcome;
    outcome.status = exit_status(process);
    for (const auto& [ending, text] : {std::pair{".out", &outcome.out}, std::pair{".err", &outcome.err}}) {
      const std::string file = folder_.string() + ending;
      *text = read_whole(file);
      std::filesystem::remove(file);
    }
    return outcome;
  }
  Outcome flux(const std::vector<std::string>& arguments) const { return finish(start(arguments)); }

  std::filesystem::path folder_;
  std::map<std::string, std::string> environment_;  // what the shell finds otherwise than the test; empty where it finds nothing
};

inline std::string example(const std::string& name) { return std::string(FLUX_SOURCE_DIR) + "/examples/" + name; }

// The data shared with the project; empty, after a failure, where it is not.
inline std::string shared_file(const std::string& name) {
  const char* given = std::getenv("FLUX_SHARED");
  const std::string folder = given != nullptr ? given : std::string(FLUX_SOURCE_DIR) + "/../shared";
  const std::string file = folder + "/data/" + name;
  if (std::filesystem::exists(file)) return file;
  ADD_FAILURE() << "this test needs " << file << "; set FLUX_SHARED to the folder that holds data/";
  return {};
}

}  // namespace flux
