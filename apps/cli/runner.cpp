#include "runner.h"

#include <algorithm>
#include <thread>

#include "terminal.h"
#include "text.h"

namespace flux::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto FLUX_SLICE = 20ms;       // between two calls of meanwhile()
constexpr auto FLUX_LONG_CHUNK = 4ms;   // chunks are sized to last about this long
constexpr auto FLUX_NAP = 4ms;          // a paced run that is early waits this long
constexpr double FLUX_MOST_LAG = 0.25;  // seconds a slow machine may fall behind its pace before the pace gives way

double seconds_between(Runner::Clock::time_point from, Runner::Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

Runner::Runner(Network& network, Stimuli stimuli)
    : network_(network),
      stimuli_(std::move(stimuli)),
      tick_seconds_(seconds_of(1, network.settings().tick_microseconds)),
      start_(network.now()),
      started_(Clock::now()),
      ended_(started_),
      pace_from_(started_),
      pace_tick_(start_) {}

void Runner::set_speed(double speed) {
  speed_ = speed;
  restart_pace();
}

void Runner::set_paused(bool paused) {
  paused_ = paused;
  restart_pace();
}

void Runner::restart_pace() {
  pace_from_ = Clock::now();
  pace_tick_ = network_.now();
}

Tick Runner::due_tick(Tick end) const {
  if (speed_ == 0) return end;
  const double due = seconds_between(pace_from_, Clock::now()) * speed_ / tick_seconds_;
  return due >= static_cast<double>(end - pace_tick_) ? end : pace_tick_ + static_cast<Tick>(due);
}

void Runner::advance(Tick target, Clock::time_point deadline) {
  for (auto before = Clock::now(); network_.now() < target && before < deadline && !stop_requested();) {
    stimuli_.apply(network_);
    const Tick ticks = each_tick_ ? 1 : std::min({chunk_, target - network_.now(), stimuli_.next_tick() - network_.now()});
    network_.step(ticks);
    network_.choose_core();
    if (each_tick_) each_tick_();
    const auto after = Clock::now();
    if (after - before < FLUX_LONG_CHUNK / 2 && ticks == chunk_) chunk_ *= 2;
    if (after - before > FLUX_LONG_CHUNK) chunk_ = std::max<Tick>(1, chunk_ / 2);
    before = after;
  }
}

void Runner::step() { advance(network_.now() + 1, Clock::time_point::max()); }

void Runner::run_until(Tick end) {
  start_ = network_.now();
  started_ = Clock::now();
  restart_pace();
  while (network_.now() < end && !stop_requested()) {
    const Tick due = paused_ ? network_.now() : due_tick(end);
    if (due > network_.now()) {
      advance(due, Clock::now() + FLUX_SLICE);
      if (speed_ > 0 && static_cast<double>(due_tick(end) - network_.now()) * tick_seconds_ / speed_ > FLUX_MOST_LAG) restart_pace();
    } else {
      std::this_thread::sleep_for(FLUX_NAP);
    }
    ended_ = Clock::now();
    if (meanwhile_ && !meanwhile_()) break;
  }
  ended_ = Clock::now();
}

double Runner::seconds_run() const { return seconds_between(started_, ended_); }

double Runner::real_time_factor() const {
  const double seconds = seconds_run();
  return seconds > 0 ? static_cast<double>(ticks_run()) * tick_seconds_ / seconds : 0;
}

double Runner::recent_factor() const {
  const double seconds = seconds_between(pace_from_, Clock::now());
  return seconds > 0 ? static_cast<double>(network_.now() - pace_tick_) * tick_seconds_ / seconds : 0;
}

}  // namespace flux::cli
