#include "arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "file/flx.h"
#include "terminal.h"
#include "text.h"

namespace flux::cli {
namespace {

constexpr double FLUX_LONGEST_SECONDS = 1e9;  // some thirty years
constexpr Tick FLUX_MOST_TICKS = 10'000'000'000'000;
constexpr std::size_t FLUX_MOST_ERRORS = 20;  // of a file, told at once

// A non-negative decimal number at the head of `text`, which then holds what follows it.
std::optional<double> take_number(std::string_view& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(number) || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<double> seconds_per_unit(std::string_view unit) {
  if (unit == "us") return 1e-6;
  if (unit == "ms") return 1e-3;
  if (unit == "s") return 1;
  if (unit == "m" || unit == "min") return 60;
  if (unit == "h") return 3600;
  return std::nullopt;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

std::vector<std::string> files_beside(const std::filesystem::path& path) {
  std::vector<std::string> names;
  std::error_code ignored;
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

Tick Duration::to_ticks(std::uint32_t tick_microseconds) const {
  if (in_ticks) return ticks;
  return std::max<Tick>(1, std::llround(seconds * 1e6 / tick_microseconds));
}

Duration parse_duration(const std::string& text) {
  const CLI::ValidationError refusal(
      fmt::format("'{}' is not a duration; write 500ms, 2s, 1m, or a whole number of ticks such as 1500", text));
  std::string_view rest = text;
  const auto number = take_number(rest);
  if (!number || *number <= 0) throw refusal;
  Duration duration;
  if (rest.empty()) {
    if (*number != std::floor(*number) || *number > static_cast<double>(FLUX_MOST_TICKS)) throw refusal;
    duration.in_ticks = true;
    duration.ticks = static_cast<Tick>(*number);
    return duration;
  }
  const auto unit = seconds_per_unit(rest);
  if (!unit || *number * *unit > FLUX_LONGEST_SECONDS) throw refusal;
  duration.seconds = *number * *unit;
  return duration;
}

double parse_speed(const std::string& text) {
  if (text == "max") return 0;
  std::string_view rest = text;
  const auto number = take_number(rest);
  if (!number || (rest != "x" && !rest.empty()) || *number < 0.001 || *number > 1e6)
    throw CLI::ValidationError(fmt::format("'{}' is not a speed; write max, 1x (real time), 0.5x, 10x ...", text));
  return *number;
}

NetworkOptions NetworkArguments::options() const {
  NetworkOptions options;
  options.core = core == "reference" ? CoreKind::reference
                 : core == "webgpu"  ? CoreKind::webgpu
                 : core == "auto"    ? CoreKind::automatic
                                     : CoreKind::cpu;
  options.threads = threads;
  options.device = device;
  options.seed = seed;
  return options;
}

void add_network_arguments(CLI::App& command, NetworkArguments& arguments) {
  command
      .add_option("--core", arguments.core,
                  "what computes: reference (plain, slow), cpu (fast, default), webgpu (a GPU) or auto (what is faster)")
      ->type_name("NAME")
      ->check([](const std::string& name) {
        return name == "reference" || name == "cpu" || name == "webgpu" || name == "auto"
                   ? std::string()
                   : fmt::format("unknown core '{}'; the cores are reference, cpu, webgpu and auto", name);
      });
  command.add_option("--device", arguments.device, "GPU of the webgpu core: its number or a part of its name, see flux devices")
      ->type_name("GPU");
  command.add_option("--threads", arguments.threads, "threads of the cpu core, 1 to 64 (default 1); never changes the result")
      ->type_name("N")
      ->check(CLI::Range(1, 64));
  command.add_option("--seed", arguments.seed, "seed of all noise, instead of the circuit's")
      ->type_name("S")
      ->check([](const std::string& text) {
        std::uint64_t seed = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
        return error == std::errc() && end == text.data() + text.size() ? std::string()
                                                                        : "a seed is a whole number from 0 to 18446744073709551615";
      });
}

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code ignored;
  if (std::filesystem::equivalent(a, b, ignored)) return true;
  const auto real = [&](const std::string& path) { return std::filesystem::weakly_canonical(std::filesystem::absolute(path), ignored); };
  return real(a) == real(b);
}

void require_other_file(const std::string& output, const std::string& input) {
  if (output.empty() || input.empty() || output == "-" || !is_same_file(output, input)) return;
  throw Failure(fmt::format("{}: would be written over what is read; choose another name for the output", output));
}

std::optional<std::string> closest(std::string_view word, const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = candidate;
  }
  return best;
}

void require_input_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw Failure(fmt::format("{}: this is a folder; name a file in it", path));
  if (!std::filesystem::exists(path, ignored)) {
    const std::filesystem::path wanted(path);
    const auto similar = closest(wanted.filename().string(), files_beside(wanted));
    const std::string hint = similar ? fmt::format("did you mean {}?", (wanted.parent_path() / *similar).string()) : "check the path";
    throw Failure(fmt::format("{}: there is no such file; {}", path, hint));
  }
  if (!std::ifstream(path)) throw Failure(fmt::format("{}: the file cannot be read; check its permissions", path));
}

void fail_to_open(const std::string& path, const Error& first) {
  std::vector<Diagnostic> errors = check_document(path);
  std::erase_if(errors, [](const Diagnostic& finding) { return finding.severity != Diagnostic::Severity::error; });
  if (errors.size() < 2) throw Failure(first);
  std::string all = fmt::format("{} in {}", counted(errors.size(), "error"), path);
  for (std::size_t i = 0; i < std::min(errors.size(), FLUX_MOST_ERRORS); ++i) all += "\n  " + errors[i].to_error().message();
  if (errors.size() > FLUX_MOST_ERRORS)
    all += fmt::format("\n  and {} more: flux check {} tells all", errors.size() - FLUX_MOST_ERRORS, path);
  throw Failure(all);
}

void show_notice(Network& network) {
  const std::string notice = network.take_notice();
  if (!notice.empty()) std::fputs(fmt::format("{} {}\n", Palette(stderr).warning("flux:"), notice).c_str(), stderr);
}

Network open_network(const std::string& path, const NetworkArguments& arguments) {
  require_input_file(path);
  Network network = opened_or_fail(Network::open(path, arguments.options()), path);
  if (arguments.core == "webgpu" || arguments.core == "auto") network.set_period(FLUX_GPU_PERIOD);
  show_notice(network);
  return network;
}

}  // namespace flux::cli
