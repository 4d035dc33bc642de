// The event loop: it keeps action potentials travelling. It hands the core one period after the other, with the stimuli that fall into
// it, keeps the pace that was asked for, and tells subscribers what happened.
//
// A period is one tick unless set_period() says otherwise; longer ones suit cores that are far away, as a GPU.
//
// Laws of order: (1) what is stimulated or edited between two ticks takes effect in the next tick; (2) subscribers hear of a tick when it
// is complete, spikes first, rising by neuron, then changed levels, then the tick itself, each in the order of subscription; (3) what they
// stimulate takes effect in the tick after; (4) when one of them pauses, no further tick is computed by pump(). Where periods are longer,
// subscribers hear of all ticks of a period when it is complete, and "after" is after the period.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/core.h"

namespace flux {

class EventLoop {
 public:
  explicit EventLoop(std::unique_ptr<Core> core);

  Core& core() { return *core_; }
  const Core& core() const { return *core_; }
  Tick now() const { return core_->now(); }

  // Goes on with another core: its tick may be another, but not its kind of graph. Stimuli for the next tick are forgotten.
  void replace_core(std::unique_ptr<Core> core, std::uint64_t spike_count, std::uint64_t spike_hash);
  // The same, but what was stimulated stays, and neuron n of before is now moved[n], or gone (~0, or beyond the end).
  void exchange_core(std::unique_ptr<Core> core, const std::vector<NeuronIndex>& moved);
  // What was stimulated and subscribed to of one neuron is now that of another.
  void move_neuron(NeuronIndex from, NeuronIndex to);
  // Called before ticks are computed, with the number of the first; may stimulate and edit. Returns how many ticks may pass, at least 1,
  // until it is to be called again.
  void set_before_ticks(std::function<Tick(Tick)> hook) { before_ticks_ = std::move(hook); }
  // Ticks that the core may be given at once.
  void set_period(Tick ticks) { period_ = std::max<Tick>(1, ticks); }
  Tick period() const { return period_; }
  // Computes ticks without telling the subscribers.
  void step_silently(Tick ticks);
  // What the core has taken since forget_cost(), or since it is this one.
  struct Cost {
    Tick ticks = 0;
    double seconds = 0;
    double seconds_per_tick() const { return ticks > 0 ? seconds / static_cast<double>(ticks) : 0; }
  };
  const Cost& cost() const { return cost_; }
  void forget_cost() { cost_ = {}; }

  // --- Stimuli: for the next tick ---------------------------------------------------------------------------------------------------
  void stimulate(NeuronIndex neuron, Stimulus::Kind kind, std::int32_t value);
  std::span<const Stimulus> stimuli() const { return stimuli_; }

  // --- Time -------------------------------------------------------------------------------------------------------------------------
  void run() { running_ = true; }
  void pause() { running_ = false; }
  bool running() const { return running_; }
  void step(Tick ticks);
  void set_speed(std::uint32_t thousandths);
  // Ticks computed in a slice of at most `budget` microseconds at `now` on the host's clock; see Network::pump.
  Tick pump(std::int64_t now_microseconds, std::int64_t budget_microseconds);

  // --- Events -----------------------------------------------------------------------------------------------------------------------
  using Subscription = std::uint32_t;
  using FireCallback = std::function<void(Tick, std::span<const NeuronIndex>)>;
  using LevelCallback = std::function<void(Tick, NeuronIndex, const NeuronSample&)>;
  using TickCallback = std::function<void(Tick)>;
  using NamedCallback = std::function<void(std::int64_t)>;
  Subscription on_fire(FireCallback callback);
  Subscription on_tick(TickCallback callback);
  Subscription on_level_change(NeuronIndex neuron, LevelCallback callback);
  Subscription on_sample(NeuronIndex neuron, LevelCallback callback);  // after every tick, changed or not
  Subscription on(std::string_view event, NamedCallback callback);
  void emit(std::string_view event, std::int64_t value);
  void off(Subscription subscription);

  // --- The whole --------------------------------------------------------------------------------------------------------------------
  NetworkState state();
  Status load_state(const NetworkState& state);
  std::uint64_t spike_count() const { return spike_count_; }
  std::uint64_t spike_hash() const { return spike_hash_; }

 private:
  struct LevelSubscriber {
    NeuronIndex neuron;
    NeuronSample last;
    LevelCallback callback;
    bool every_tick;
  };

  // Computes a period of at most `most` ticks; returns how many.
  Tick compute(Tick most);
  // The same, and tells the subscribers.
  Tick advance(Tick most);
  void notify(Tick t, std::span<const NeuronIndex> spikes, std::span<const NeuronSample> samples);

  std::unique_ptr<Core> core_;
  std::vector<Stimulus> stimuli_;     // for the next tick
  std::vector<Stimulus> under_way_;   // of the period the core is computing
  std::vector<NeuronIndex> probes_;   // of the period under way
  std::vector<Subscription> probed_;  // whose they are, rising
  PeriodResult result_;

  std::map<Subscription, FireCallback> fire_;  // ordered, so that calls come in the order of subscription
  std::map<Subscription, LevelSubscriber> level_;
  std::map<Subscription, TickCallback> tick_;
  std::map<Subscription, std::pair<std::string, NamedCallback>> named_;
  Subscription next_subscription_ = 1;

  std::function<Tick(Tick)> before_ticks_;
  Tick period_ = 1;

  bool running_ = false;
  std::uint32_t speed_ = 1000;                // thousandths of real time; 0 = as fast as possible
  bool paced_ = false;                        // whether the two below are set
  std::int64_t pace_start_microseconds_ = 0;  // on the host's clock
  Tick pace_start_tick_ = 0;

  Cost cost_;
  std::uint64_t spike_count_ = 0;
  std::uint64_t spike_hash_ = 0;
};

}  // namespace flux
