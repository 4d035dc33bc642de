#include "progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "text.h"

namespace flux::cli {
namespace {

using namespace std::chrono_literals;

std::string repeated(std::string_view piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

}  // namespace

// The first line waits a moment: a short run needs no bar.
Progress::Progress(Tick start, Tick end, std::uint32_t tick_microseconds)
    : start_(start),
      end_(end),
      tick_microseconds_(tick_microseconds),
      enabled_(is_terminal(stderr)),
      next_(std::chrono::steady_clock::now() + 150ms) {}

void Progress::show(Tick now, double real_time_factor) {
  const auto clock = std::chrono::steady_clock::now();
  if (!enabled_ || clock < next_) return;
  next_ = clock + 100ms;
  shown_ = true;
  const Palette palette(stderr);
  const double part = static_cast<double>(now - start_) / static_cast<double>(std::max<Tick>(1, end_ - start_));
  const std::string facts =
      fmt::format("{:3.0f}%   {} of {}   {} real time", part * 100, seconds_text(seconds_of(now - start_, tick_microseconds_)),
                  seconds_text(seconds_of(end_ - start_, tick_microseconds_)), factor_text(real_time_factor));
  // Room is left for the ^C that terminals show.
  const int width = std::clamp(terminal_size(stderr).columns - static_cast<int>(facts.size()) - 10, 0, 40);
  const int filled = static_cast<int>(part * width);
  const std::string line =
      fmt::format("\r  {}{}   {}\x1b[K", palette.accent(repeated("━", filled)), palette.faint(repeated("━", width - filled)), facts);
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

void Progress::clear() {
  if (!shown_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  shown_ = false;
}

}  // namespace flux::cli
