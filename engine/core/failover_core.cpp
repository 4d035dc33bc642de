// A core that outlives the device of another: see make_failover_core().
#include <algorithm>
#include <cassert>
#include <chrono>
#include <optional>
#include <utility>
#include <variant>

#include "core/core.h"

namespace flux {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double FLUX_SNAPSHOT_SECONDS = 2;  // between two states that are kept; longer where keeping one takes long:
constexpr double FLUX_SNAPSHOT_SHARE = 50;   // at most one part in so many of the time

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// What was put into a core since the state that is kept.
struct Computed {
  Tick ticks;
  std::vector<Stimulus> stimuli;
};
struct Added {
  NeuronProperties properties;
};
struct Updated {
  NeuronIndex neuron;
  NeuronProperties properties;
};
struct Removed {
  NeuronIndex neuron;
};
struct RowReplaced {
  NeuronIndex source;
  std::vector<SynapseSpec> synapses;
  std::vector<LearnedWeight> learned;
};
using Input = std::variant<Computed, Added, Updated, Removed, RowReplaced>;

struct Replay {
  Core& core;
  void operator()(const Computed& input) {
    PeriodResult unused;
    core.submit({input.ticks, input.stimuli, {}});
    while (!core.collect(unused)) continue;
  }
  void operator()(const Added& input) { (void)core.add_neuron(input.properties); }
  void operator()(const Updated& input) { (void)core.set_properties(input.neuron, input.properties); }
  void operator()(const Removed& input) { core.remove_neuron(input.neuron); }
  void operator()(const RowReplaced& input) { (void)core.replace_row(input.source, input.synapses, input.learned); }
};

class FailoverCore final : public Core {
 public:
  FailoverCore(std::shared_ptr<Graph> graph, std::unique_ptr<Core> primary, const CpuOptions& options)
      : Core(std::move(graph)), core_(std::move(primary)), options_(options), kept_graph_(graph_->clone()) {
    now_ = core_->now();
  }

  void submit(const Period& period) override {
    period_ = period;
    core_->submit(period);
  }

  bool collect(PeriodResult& result) override {
    if (!collected_) {
      if (!core_->collect(result)) {
        if (core_->status().ok()) return false;
        fail_over();
        core_->submit(period_);
        while (!core_->collect(result)) continue;
      }
      if (!failed_over_) log_.push_back(Computed{period_.ticks, {period_.stimuli.begin(), period_.stimuli.end()}});
      collected_ = true;
    }
    if (!keep_state()) return false;
    collected_ = false;
    now_ = core_->now();
    period_ = {};
    return true;
  }

  bool take_state(NetworkState& state) override {
    return take([&](Core& core) { return core.take_state(state); });
  }
  bool take_sample(NeuronIndex neuron, NeuronSample& sample) override {
    return take([&](Core& core) { return core.take_sample(neuron, sample); });
  }
  bool take_samples(NeuronIndex first, std::uint32_t count, std::vector<NeuronSample>& samples) override {
    return take([&](Core& core) { return core.take_samples(first, count, samples); });
  }
  bool take_learned(NeuronIndex source, std::vector<LearnedWeight>& learned) override {
    return take([&](Core& core) { return core.take_learned(source, learned); });
  }

  Status load_state(const NetworkState& state) override {
    if (Status status = core_->load_state(state); !status) return status;
    now_ = core_->now();
    keep(NetworkState(state));
    return {};
  }

  std::uint64_t state_bytes() const override { return core_->state_bytes(); }
  const GpuInfo* gpu() const override { return core_->gpu(); }
  std::optional<GpuState> gpu_state() const override { return core_->gpu_state(); }
  std::string take_notice() override { return std::exchange(notice_, {}); }

  Result<NeuronIndex> add_neuron(const NeuronProperties& properties) override {
    auto neuron = core_->add_neuron(properties);
    if (neuron.ok()) note(Added{properties});
    return neuron;
  }
  Status set_properties(NeuronIndex neuron, const NeuronProperties& properties) override {
    const Status status = core_->set_properties(neuron, properties);
    if (status.ok()) note(Updated{neuron, properties});
    return status;
  }
  void remove_neuron(NeuronIndex neuron) override {
    core_->remove_neuron(neuron);
    note(Removed{neuron});
  }
  Status replace_row(NeuronIndex source, std::span<const SynapseSpec> synapses, std::span<const LearnedWeight> learned) override {
    const Status status = core_->replace_row(source, synapses, learned);
    if (status.ok()) note(RowReplaced{source, {synapses.begin(), synapses.end()}, {learned.begin(), learned.end()}});
    return status;
  }

 private:
  template <class Take>
  bool take(const Take& attempt) {
    if (attempt(*core_)) return true;
    if (core_->status().ok()) return false;
    fail_over();
    return attempt(*core_);
  }

  void note(Input input) {
    if (failed_over_) return;
    edited_ = true;
    log_.push_back(std::move(input));
  }

  void keep(NetworkState&& state) {
    if (failed_over_) return;
    kept_ = std::move(state);
    if (edited_) kept_graph_ = graph_->clone();
    edited_ = false;
    log_.clear();
    kept_at_ = Clock::now();
  }

  // Keeps the state when it is time to. False: it is on its way.
  bool keep_state() {
    if (failed_over_) return true;
    if (!keeping_) {
      if (seconds_since(kept_at_) < std::max(FLUX_SNAPSHOT_SECONDS, FLUX_SNAPSHOT_SHARE * keep_seconds_)) return true;
      keeping_ = true;
      keeping_since_ = Clock::now();
    }
    NetworkState state;
    if (!core_->take_state(state)) {
      if (core_->status().ok()) return false;
      fail_over();  // the period is in the log: it is computed once more
      keeping_ = false;
      return true;
    }
    keeping_ = false;
    keep_seconds_ = seconds_since(keeping_since_);
    keep(std::move(state));
    return true;
  }

  // The cpu core computes once more what was computed since the kept state; then it goes on in the primary's place.
  void fail_over() {
    const Status why = core_->status();
    failed_over_ = true;
    notice_ = why.error().what + (why.error().where.empty() ? "" : " (" + why.error().where + ")") + "; the cpu core goes on";
    core_.reset();
    auto replayed = make_cpu_core(std::make_shared<Graph>(kept_graph_.clone()), options_);
    if (kept_) {
      const Status loaded = replayed->load_state(*kept_);
      assert(loaded.ok());
      (void)loaded;
    }
    for (const Input& input : log_) std::visit(Replay{*replayed}, input);
    NetworkState state;
    (void)replayed->take_state(state);
    replayed.reset();
    log_.clear();
    kept_.reset();
    core_ = make_cpu_core(graph_, options_);
    const Status loaded = core_->load_state(state);
    assert(loaded.ok());
    (void)loaded;
  }

  std::unique_ptr<Core> core_;  // the primary, later the cpu core
  CpuOptions options_;
  bool failed_over_ = false;
  std::string notice_;
  Period period_;
  bool collected_ = false;  // the period's result is in; its state is being kept

  Graph kept_graph_;                  // as it was at the kept state
  std::optional<NetworkState> kept_;  // none: the initial one
  std::vector<Input> log_;            // since then
  bool edited_ = false;               // whether an edit is among them
  Clock::time_point kept_at_ = Clock::now(), keeping_since_;
  double keep_seconds_ = 0;  // that keeping a state took
  bool keeping_ = false;
};

}  // namespace

std::unique_ptr<Core> make_failover_core(std::shared_ptr<Graph> graph, std::unique_ptr<Core> primary, const CpuOptions& options) {
  return std::make_unique<FailoverCore>(std::move(graph), std::move(primary), options);
}

}  // namespace flux
