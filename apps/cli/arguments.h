// Arguments that several commands share, and the reading of durations and speeds.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "failure.h"
#include "flux.h"

namespace flux::cli {

// A length of time as a person writes it: "500ms", "2s", "1m", or "1500" for ticks.
struct Duration {
  double seconds = 0;  // unless in_ticks
  Tick ticks = 0;      // if in_ticks
  bool in_ticks = false;

  // Nearest whole number of ticks, at least 1.
  Tick to_ticks(std::uint32_t tick_microseconds) const;
};
Duration parse_duration(const std::string& text);  // throws CLI::ValidationError

// Model time per real time: "max" gives 0, "1x" 1, "0.5x" 0.5.
double parse_speed(const std::string& text);  // throws CLI::ValidationError

// Which core computes, and how.
struct NetworkArguments {
  std::string core = "cpu";
  std::uint32_t threads = 1;
  std::string device;
  std::optional<std::uint64_t> seed;

  NetworkOptions options() const;
};
void add_network_arguments(CLI::App& command, NetworkArguments& arguments);

// Ticks that a GPU computes at once for the shell.
inline constexpr Tick FLUX_GPU_PERIOD = 1024;
// Tells on standard error what the network has to say of its core.
void show_notice(Network& network);
// Opens a circuit or a saved state; fails with a hint when there is no such file.
Network open_network(const std::string& path, const NetworkArguments& arguments);
// Fails, naming a file that is nearly called so, unless `path` can be read.
void require_input_file(const std::string& path);

// Fails with all that is wrong with a file that was not opened because of `first`.
[[noreturn]] void fail_to_open(const std::string& path, const Error& first);

template <class T>
T opened_or_fail(Result<T> opened, const std::string& path) {
  if (!opened.ok()) fail_to_open(path, opened.error());
  return std::move(opened).value();
}

// Whether both paths lead to one file, which need not exist yet.
bool is_same_file(const std::string& a, const std::string& b);
// Fails if `output` would replace `input`; either may be empty.
void require_other_file(const std::string& output, const std::string& input);

// The candidate that `word` is most likely a misspelling of, or nothing.
std::optional<std::string> closest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace flux::cli
