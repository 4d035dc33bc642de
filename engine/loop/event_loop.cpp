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
  forget_cost();
}

void EventLoop::exchange_core(std::unique_ptr<Core> core, const std::vector<NeuronIndex>& moved) {
  core_ = std::move(core);
  forget_cost();
  const auto now = [&](NeuronIndex neuron) { return neuron < moved.size() ? moved[neuron] : ~NeuronIndex{0}; };
  for (Stimulus& stimulus : stimuli_) stimulus.neuron = now(stimulus.neuron);
  for (auto& [id, subscriber] : level_) subscriber.neuron = now(subscriber.neuron);
  const Graph& graph = core_->graph();
  std::erase_if(stimuli_, [&](const Stimulus& stimulus) { return !graph.exists(stimulus.neuron); });
  std::erase_if(level_, [&](const auto& entry) { return !graph.exists(entry.second.neuron); });
}

void EventLoop::move_neuron(NeuronIndex from, NeuronIndex to) {
  for (Stimulus& stimulus : stimuli_) {
    if (stimulus.neuron == from) stimulus.neuron = to;
  }
  for (auto& [id, subscriber] : level_) {
    if (subscriber.neuron == from) subscriber.neuron = to;
  }
}

Tick EventLoop::compute(Tick most) {
  const Tick first = core_->now();
  Tick ticks = std::min(most, period_);
  if (before_ticks_) ticks = std::min(ticks, before_ticks_(first));
  under_way_.swap(stimuli_);
  stimuli_.clear();
  for (Stimulus& stimulus : under_way_) stimulus.tick = first;
  probes_.clear();
  probed_.clear();
  for (const auto& [id, subscriber] : level_) {
    if (!core_->graph().exists(subscriber.neuron)) continue;
    probes_.push_back(subscriber.neuron);
    probed_.push_back(id);
  }
  const auto start = std::chrono::steady_clock::now();
  core_->submit({ticks, under_way_, probes_});
  while (!core_->collect(result_)) continue;  // a core that computes elsewhere looks there each time
  cost_.ticks += ticks;
  cost_.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::size_t begin = 0;
  for (Tick i = 0; i < ticks; ++i) {
    const std::size_t end = begin + result_.spike_counts[static_cast<std::size_t>(i)];
    for (; begin < end; ++begin) {
      const NeuronIndex neuron = result_.spikes[begin];
      const std::uint64_t high = std::uint64_t{neuron >> 24} << 56;  // apart from the tick's bits
      spike_hash_ = mix64(spike_hash_ ^ (static_cast<std::uint64_t>(first + i) << 24) ^ (neuron & 0xffffffu) ^ high);
    }
  }
  spike_count_ += result_.spikes.size();
  return ticks;
}

Tick EventLoop::advance(Tick most) {
  const Tick first = core_->now();
  const Tick ticks = compute(most);
  const std::size_t probes = probes_.size();
  std::size_t begin = 0;
  for (Tick i = 0; i < ticks; ++i) {
    const std::size_t count = result_.spike_counts[static_cast<std::size_t>(i)];
    notify(first + i, std::span(result_.spikes).subspan(begin, count),
           std::span(result_.samples).subspan(static_cast<std::size_t>(i) * probes, probes));
    begin += count;
  }
  return ticks;
}

void EventLoop::step_silently(Tick ticks) {
  while (ticks > 0) ticks -= compute(ticks);
  for (auto& [id, subscriber] : level_) {
    if (subscriber.every_tick) continue;
    while (core_->graph().exists(subscriber.neuron) && !core_->take_sample(subscriber.neuron, subscriber.last)) continue;
  }
}

void EventLoop::notify(Tick t, std::span<const NeuronIndex> spikes, std::span<const NeuronSample> samples) {
  if (!spikes.empty()) {
    for_each_subscriber(fire_, [&](Subscription, const FireCallback& callback) { callback(t, spikes); });
  }
  std::size_t next = 0;  // samples stand in the order of the subscribers there were when the period began
  for_each_subscriber(level_, [&](Subscription id, const LevelSubscriber& subscriber) {
    while (next < probed_.size() && probed_[next] < id) ++next;
    if (next == probed_.size() || probed_[next] != id) return;  // it came during this period
    const NeuronSample& now = samples[next];
    const bool same = now.neuron.level == subscriber.last.neuron.level && now.neuron.modulation == subscriber.last.neuron.modulation;
    level_[id].last = now;
    if (!same || subscriber.every_tick) subscriber.callback(t, subscriber.neuron, now);
  });
  for_each_subscriber(tick_, [&](Subscription, const TickCallback& callback) { callback(t); });
}

void EventLoop::step(Tick ticks) {
  while (ticks > 0) ticks -= advance(ticks);
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
      for (Tick i = 0; i < FLUX_TICKS_PER_LOOK && running_;) i += advance(std::max(FLUX_TICKS_PER_LOOK, period_));
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
  while (running_ && core_->now() < due && microseconds_since(start) < budget_microseconds) advance(due - core_->now());
  if (core_->now() < due) paced_ = false;  // too slow: start counting anew instead of racing after the clock
  return core_->now() - first;
}

EventLoop::Subscription EventLoop::on_fire(FireCallback callback) {
  fire_[next_subscription_] = std::move(callback);
  return next_subscription_++;
}

EventLoop::Subscription EventLoop::on_tick(TickCallback callback) {
  tick_[next_subscription_] = std::move(callback);
  return next_subscription_++;
}

EventLoop::Subscription EventLoop::on_level_change(NeuronIndex neuron, LevelCallback callback) {
  NeuronSample now;
  while (!core_->take_sample(neuron, now)) continue;
  level_[next_subscription_] = {neuron, now, std::move(callback), false};
  return next_subscription_++;
}

EventLoop::Subscription EventLoop::on_sample(NeuronIndex neuron, LevelCallback callback) {
  level_[next_subscription_] = {neuron, {}, std::move(callback), true};
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
  tick_.erase(subscription);
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
