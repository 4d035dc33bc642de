// Drives a network for a while: hands over stimuli at their ticks, keeps the pace, stops when asked.
#pragma once

#include <chrono>
#include <functional>

#include "flux.h"
#include "stimuli.h"

namespace flux::cli {

class Runner {
 public:
  using Clock = std::chrono::steady_clock;

  Runner(Network& network, Stimuli stimuli);

  // Model time per real time; 0 = as fast as possible.
  void set_speed(double speed);
  double speed() const { return speed_; }
  void set_paused(bool paused);
  bool paused() const { return paused_; }
  // Called after every single tick; costs speed, so only for those who need it.
  void each_tick(std::function<void()> callback) { each_tick_ = std::move(callback); }
  // Called every few milliseconds; returning false ends the run.
  void meanwhile(std::function<bool()> callback) { meanwhile_ = std::move(callback); }

  // Computes one tick, paused or not.
  void step();
  // Runs until `end` ticks are computed, or a stop signal, or meanwhile() says no.
  void run_until(Tick end);

  Tick ticks_run() const { return network_.now() - start_; }
  double seconds_run() const;       // real time since run_until() began, until it ended
  double real_time_factor() const;  // model time per real time
  double recent_factor() const;     // the same since the pace was last set
  std::size_t stimuli_left() const { return stimuli_.left(); }

 private:
  // The tick that the pace has reached by now.
  Tick due_tick(Tick end) const;
  void restart_pace();
  void advance(Tick target, Clock::time_point deadline);

  Network& network_;
  Stimuli stimuli_;
  double speed_ = 0;
  bool paused_ = false;
  std::function<void()> each_tick_;
  std::function<bool()> meanwhile_;
  double tick_seconds_;
  Tick start_;
  Clock::time_point started_, ended_;
  Clock::time_point pace_from_;  // when, at this pace, pace_tick_ was due
  Tick pace_tick_;
  Tick chunk_ = 1;  // ticks computed between two looks at the clock
};

}  // namespace flux::cli
