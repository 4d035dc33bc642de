// One line on standard error that tells how far a run is; nothing unless it is a terminal.
#pragma once

#include <chrono>

#include "graph/properties.h"
#include "terminal.h"

namespace flux::cli {

class Progress {
 public:
  Progress(Tick start, Tick end, std::uint32_t tick_microseconds);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Draws at most ten times a second.
  void show(Tick now, double real_time_factor);
  void clear();

 private:
  Tick start_, end_;
  std::uint32_t tick_microseconds_;
  bool enabled_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace flux::cli
