#include "loop/event_loop.h"

#include <algorithm>
#include <chrono>

namespace flux {

namespace {

constexpr Tick FLUX_TICKS_PER_LOOK = 16;  // ticks between two looks at the clock when running as fast as possible

std::int64_t microseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start).count();
}

// Calls visit(id, subscriber) in the order of subscription. A callback may end any subscription, its own included, and begin new ones: so
// each is looked up anew, and called as a copy.
template <class Subscriber, class Visit>
void for_each_subscriber(const std::map<EventLoop::Subscription, Subscriber>& subscribers, Visit visit) {
  for (auto next = subscribers.begin(); next != subscribers.end();) {
    const EventLoop::Subscription id = next->first;
    const Subscriber subscriber = next->second;
    visit(id, subscriber);
    next = subscribers.upper_bound(id);
  }
}

}  // namespace

EventLoop::EventLoop(std::unique_ptr<Core> core) : core_(std::move(core)) {}

void EventLoop::stimulate(NeuronIndex neuron, Stimulus::Kind kind, std::int32_t value) {
  stimuli_.push_back({core_->now(), neuron, kind, value});
}

void EventLoop::replace_core(std::unique_ptr<Core> core, std::uint64_t spike_count, std::uint64_t spike_hash) {
  core_ = std::move(core);
  stimuli_.clear();
  spike_count_ = spike_count;
  spike_hash_ = spike_hash;
  paced_ = false;
}

void EventLoop::compute_tick() {
  const Tick t = core_->now();
  if (before_tick_) before_tick_(t);
  under_way_.swap(stimuli_);
  stimuli_.clear();
  for (Stimulus& stimulus : under_way_) stimulus.tick = t;
  probes_.clear();
  probed_.clear();
  for (const auto& [id, subscriber] : level_) {
    if (!core_->graph().exists(subscriber.neuron)) continue;
    probes_.push_back(subscriber.neuron);
    probed_.push_back(id);
  }
  core_->submit({1, under_way_, probes_});
  while (!core_->collect(result_)) continue;  // the cores that exist compute in collect() itself
  for (NeuronIndex neuron : result_.spikes) {
    spike_hash_ = mix64(spike_hash_ ^ (static_cast<std::uint64_t>(t) << 24) ^ neuron);
  }
  spike_count_ += result_.spikes.size();
}

void EventLoop::step_silently(Tick ticks) {
  for (Tick i = 0; i < ticks; ++i) compute_tick();
  for (auto& [id, subscriber] : level_) {
    if (core_->graph().exists(subscriber.neuron)) (void)core_->take_sample(subscriber.neuron, subscriber.last);
  }
}

void EventLoop::notify(Tick t) {
  if (!result_.spikes.empty()) {
    for_each_subscriber(fire_, [&](Subscription, const FireCallback& callback) { callback(t, result_.spikes); });
  }
  std::size_t next = 0;  // samples stand in the order of the subscribers there were when the tick began
  for_each_subscriber(level_, [&](Subscription id, const LevelSubscriber& subscriber) {
    while (next < probed_.size() && probed_[next] < id) ++next;
    if (next == probed_.size() || probed_[next] != id) return;  // it came during this tick
    const NeuronSample& now = result_.samples[next];
    const bool same = now.neuron.level == subscriber.last.neuron.level && now.neuron.modulation == subscriber.last.neuron.modulation;
    level_[id].last = now;
    if (!same) subscriber.callback(t, now);
  });
}

void EventLoop::step(Tick ticks) {
  for (Tick i = 0; i < ticks; ++i) tick();
}

void EventLoop::set_speed(std::uint32_t thousandths) {
  speed_ = thousandths;
  paced_ = false;
}

Tick EventLoop::pump(std::int64_t now_microseconds, std::int64_t budget_microseconds) {
  if (!running_) {
    paced_ = false;
    return 0;
  }
  const auto start = std::chrono::steady_clock::now();
  const Tick first = core_->now();
  if (speed_ == 0) {
    do {
      step(FLUX_TICKS_PER_LOOK);
    } while (running_ && microseconds_since(start) < budget_microseconds);
    return core_->now() - first;
  }
  if (!paced_) {
    paced_ = true;
    pace_start_microseconds_ = now_microseconds;
    pace_start_tick_ = first;
  }
  const std::int64_t elapsed = now_microseconds - pace_start_microseconds_;
  const std::int64_t tick_microseconds = core_->graph().settings().tick_microseconds;
  const Tick due = pace_start_tick_ + elapsed * speed_ / 1000 / tick_microseconds;
  while (running_ && core_->now() < due && microseconds_since(start) < budget_microseconds) tick();
  if (core_->now() < due) paced_ = false;  // too slow: start counting anew instead of racing after the clock
  return core_->now() - first;
}

EventLoop::Subscription EventLoop::on_fire(FireCallback callback) {
  fire_[next_subscription_] = std::move(callback);
  return next_subscription_++;
}

EventLoop::Subscription EventLoop::on_level_change(NeuronIndex neuron, LevelCallback callback) {
  NeuronSample now;
  while (!core_->take_sample(neuron, now)) continue;
  level_[next_subscription_] = {neuron, now, std::move(callback)};
  return next_subscription_++;
}

EventLoop::Subscription EventLoop::on(std::string_view event, NamedCallback callback) {
  named_[next_subscription_] = {std::string(event), std::move(callback)};
  return next_subscription_++;
}

void EventLoop::emit(std::string_view event, std::int64_t value) {
  for_each_subscriber(named_, [&](Subscription, const auto& subscriber) {
    if (subscriber.first == event) subscriber.second(value);
  });
}

void EventLoop::off(Subscription subscription) {
  fire_.erase(subscription);
  level_.erase(subscription);
  named_.erase(subscription);
}

NetworkState EventLoop::state() {
  NetworkState state;
  while (!core_->take_state(state)) continue;
  state.spike_count = spike_count_;
  state.spike_hash = spike_hash_;
  return state;
}

Status EventLoop::load_state(const NetworkState& state) {
  if (Status status = core_->load_state(state); !status) return status;
  spike_count_ = state.spike_count;
  spike_hash_ = state.spike_hash;
  paced_ = false;
  return {};
}

}  // namespace flux
