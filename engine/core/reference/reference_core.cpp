#include <algorithm>
#include <deque>
#include <unordered_map>
#include <vector>

#include "core/core.h"

namespace flux {

namespace {

constexpr Tick FLUX_NEVER = -1;

struct ReferenceSynapse {
  NeuronIndex target;
  SynapseProperties properties;
  rule::Learned learned{0, 0};
  Tick faded_at = -1;  // tick to which the short-term part has faded

  Tick reach() const { return properties.length + (properties.plastic() ? Tick{FLUX_LEARNING_WINDOW} : 0); }
  void fade(Tick t) {
    learned.short_term = rule::decay(learned.short_term, properties.restoration_rate * (t - faded_at));
    faded_at = t;
  }
  std::int32_t weight(Tick t) const {
    if (!properties.plastic()) return properties.weight;
    const std::int32_t short_term = rule::decay(learned.short_term, properties.restoration_rate * (t - faded_at));
    return rule::effective_weight(properties.weight, short_term, learned.long_term);
  }
};

struct ReferenceNeuron {
  bool exists = true;
  NeuronProperties properties;
  rule::Neuron state;
  Tick advanced_to = -1;        // last tick the state is true for
  Tick own_spike = FLUX_NEVER;  // tick at which it fires by itself
  std::deque<Tick> spikes;      // of the last 64 ticks, oldest first
  std::deque<Tick> departures;  // spikes that synapses may still need, oldest first
  std::vector<ReferenceSynapse> synapses;

  Tick horizon() const {
    Tick longest = 0;
    for (const ReferenceSynapse& synapse : synapses) longest = std::max(longest, synapse.reach());
    return longest;
  }
  // Forgets what no synapse will need at tick `now` or later.
  void forget(Tick now) {
    if (synapses.empty()) departures.clear();
    while (!departures.empty() && departures.front() + horizon() < now) departures.pop_front();
    while (!spikes.empty() && spikes.front() < now - 64) spikes.pop_front();
  }
  std::uint64_t history(Tick now) const {
    std::uint64_t bits = 0;
    for (Tick spike : spikes) {
      if (now - 1 - spike < 64) bits |= std::uint64_t{1} << (now - 1 - spike);
    }
    return bits;
  }
  // How many spikes left at t: with jitter, two may leave together.
  std::int64_t departed(Tick t) const { return std::count(departures.begin(), departures.end(), t); }
};

class ReferenceCore final : public Core {
 public:
  explicit ReferenceCore(std::shared_ptr<Graph> graph) : Core(std::move(graph)) {
    neurons_.resize(graph_->neuron_count());
    for (NeuronIndex n = 0; n < neurons_.size(); ++n) {
      neurons_[n].exists = graph_->exists(n);
      neurons_[n].properties = graph_->properties(n);
      neurons_[n].state = rule::initial(neurons_[n].properties);
      if (neurons_[n].properties.auto_firing_rate > 0) neurons_[n].own_spike = neurons_[n].properties.auto_firing_rate;
      read_row(n);
    }
    set_initial_long_term();
  }

  void submit(const Period& period) override { period_ = period; }

  bool collect(PeriodResult& result) override {
    result.spike_counts.clear();
    result.spikes.clear();
    result.samples.clear();
    auto stimulus = period_.stimuli.begin();
    for (Tick i = 0; i < period_.ticks; ++i) {
      received_.assign(neurons_.size(), {});
      for (; stimulus != period_.stimuli.end() && stimulus->tick == now_; ++stimulus) apply(*stimulus);
      const std::size_t before = result.spikes.size();
      tick(now_, result.spikes);
      ++now_;
      result.spike_counts.push_back(static_cast<std::uint32_t>(result.spikes.size() - before));
      for (NeuronIndex probe : period_.probes) result.samples.push_back(sample(probe));
    }
    period_ = {};
    return true;
  }

  bool take_state(NetworkState& state) override {
    state = {};
    state.now = now_;
    for (NeuronIndex n = 0; n < neurons_.size(); ++n) {
      const NeuronSample s = neurons_[n].exists ? sample(n) : NeuronSample{};
      state.level.push_back(static_cast<std::int16_t>(s.neuron.level));
      state.threshold.push_back(static_cast<std::uint16_t>(s.neuron.threshold));
      state.modulation.push_back(static_cast<std::int16_t>(s.neuron.modulation));
      state.refractory_left.push_back(static_cast<std::uint8_t>(s.neuron.refractory_left));
      state.burst_left.push_back(static_cast<std::uint8_t>(s.neuron.burst_left));
      state.own_spike_in.push_back(s.own_spike_in);
      state.history.push_back(neurons_[n].history(now_));
      for (Tick departure : neurons_[n].departures) state.departures.push_back({departure, n});
      std::vector<LearnedWeight> learned;
      take_learned(n, learned);
      state.learned.insert(state.learned.end(), learned.begin(), learned.end());
    }
    std::sort(state.departures.begin(), state.departures.end());
    return true;
  }

  bool take_sample(NeuronIndex neuron, NeuronSample& result) override {
    result = sample(neuron);
    return true;
  }

  bool take_learned(NeuronIndex source, std::vector<LearnedWeight>& learned) override {
    learned.clear();
    for (ReferenceSynapse synapse : neurons_[source].synapses) {
      if (!synapse.properties.plastic()) continue;
      synapse.fade(now_ - 1);
      learned.push_back({static_cast<std::int16_t>(synapse.learned.short_term), static_cast<std::int16_t>(synapse.learned.long_term)});
    }
    return true;
  }

  Status load_state(const NetworkState& state) override {
    if (Status status = check_state(*graph_, state); !status) return status;
    now_ = state.now;
    auto learned = state.learned.begin();
    for (NeuronIndex n = 0; n < neurons_.size(); ++n) {
      ReferenceNeuron& neuron = neurons_[n];
      neuron.state = {state.level[n], state.threshold[n], state.modulation[n], state.refractory_left[n], state.burst_left[n]};
      neuron.advanced_to = now_ - 1;
      neuron.own_spike = state.own_spike_in[n] > 0 ? now_ - 1 + state.own_spike_in[n] : FLUX_NEVER;
      neuron.departures.clear();
      neuron.spikes.clear();
      for (Tick ago = 63; ago >= 0; --ago) {
        if ((state.history[n] >> ago & 1u) != 0) neuron.spikes.push_back(now_ - 1 - ago);
      }
      for (ReferenceSynapse& synapse : neuron.synapses) {
        if (!synapse.properties.plastic()) continue;
        synapse.learned = {learned->short_term, learned->long_term};
        synapse.faded_at = now_ - 1;
        ++learned;
      }
    }
    for (const Departure& departure : state.departures) neurons_[departure.source].departures.push_back(departure.tick);
    return {};
  }

  std::uint64_t state_bytes() const override {
    std::uint64_t bytes = neurons_.size() * sizeof(ReferenceNeuron);
    for (const ReferenceNeuron& neuron : neurons_) bytes += neuron.synapses.size() * sizeof(ReferenceSynapse);
    return bytes;
  }

  Result<NeuronIndex> add_neuron(const NeuronProperties& properties) override {
    auto neuron = graph_->add_neuron(properties);
    if (!neuron) return neuron;
    ReferenceNeuron& added = neurons_.emplace_back();
    added.properties = properties;
    added.state = rule::initial(properties);
    added.advanced_to = now_ - 1;
    if (properties.auto_firing_rate > 0) added.own_spike = now_ + properties.auto_firing_rate;
    return neuron;
  }

  Status set_properties(NeuronIndex n, const NeuronProperties& properties) override {
    if (Status status = graph_->set_properties(n, properties); !status) return status;
    ReferenceNeuron& neuron = neurons_[n];
    advance(neuron, now_ - 1);
    const bool had_train = neuron.state.burst_left > 0;
    rule::fit(neuron.state, properties);
    const bool has_train = neuron.state.burst_left > 0;
    if (had_train ? !has_train : neuron.properties.auto_firing_rate != properties.auto_firing_rate) {
      const std::uint32_t wait = rule::restarted_interval(neuron.state, properties);
      neuron.own_spike = wait > 0 ? now_ + wait : FLUX_NEVER;
    }
    neuron.properties = properties;
    return {};
  }

  void remove_neuron(NeuronIndex n) override {
    graph_->remove_neuron(n);
    neurons_[n] = {};
    neurons_[n].exists = false;
  }

  Status replace_row(NeuronIndex source, std::span<const SynapseSpec> synapses, std::span<const LearnedWeight> learned) override {
    if (Status status = graph_->replace_row(source, synapses); !status) return status;
    read_row(source);
    const std::vector<LearnedWeight> sorted = in_row_order(synapses, learned);
    auto next = sorted.begin();
    for (ReferenceSynapse& synapse : neurons_[source].synapses) {
      if (!synapse.properties.plastic()) continue;
      synapse.learned = {next->short_term, next->long_term};
      synapse.faded_at = now_ - 1;
      ++next;
    }
    neurons_[source].forget(now_);
    if (graph_->plastic_count() == 0) {
      for (ReferenceNeuron& neuron : neurons_) neuron.spikes.clear();
    }
    return {};
  }

  bool can_move() const override { return true; }

  Status move_neuron(NeuronIndex from, NeuronIndex to, std::span<const SynapseSpec> synapses,
                     std::span<const LearnedWeight> learned) override {
    std::swap(neurons_[from], neurons_[to]);
    const Status status = replace_row(to, synapses, learned);
    if (!status) std::swap(neurons_[from], neurons_[to]);
    return status.ok() ? replace_row(from, {}, {}) : status;
  }

 private:
  void read_row(NeuronIndex source) {
    neurons_[source].synapses.clear();
    for (const RowSynapse& synapse : graph_->row(source)) neurons_[source].synapses.push_back({synapse.target, synapse.properties});
  }

  void set_initial_long_term() {
    std::unordered_map<std::uint64_t, std::int32_t> value_of;
    graph_->for_each_long_term([&](std::uint32_t learned, std::int32_t value) { value_of[learned] = value; });
    if (value_of.empty()) return;
    for (NeuronIndex n = 0; n < neurons_.size(); ++n) {
      const std::vector<RowSynapse> row = graph_->row(n);
      for (std::size_t i = 0; i < row.size(); ++i) {
        const auto value = row[i].properties.plastic() ? value_of.find(row[i].learned) : value_of.end();
        if (value != value_of.end()) neurons_[n].synapses[i].learned.long_term = value->second;
      }
    }
  }

  void apply(const Stimulus& stimulus) {
    rule::Stimuli& sum = received_[stimulus.neuron];
    switch (stimulus.kind) {
      case Stimulus::Kind::direct:
        sum.direct += stimulus.value;
        break;
      case Stimulus::Kind::modulate:
        sum.modulator += stimulus.value;
        break;
      case Stimulus::Kind::fire:
        sum.electric += 1;
        break;
    }
  }

  static void advance(ReferenceNeuron& neuron, Tick t) {
    rule::advance(neuron.state, neuron.properties, t - neuron.advanced_to);
    neuron.advanced_to = t;
  }

  NeuronSample sample(NeuronIndex n) const {
    ReferenceNeuron copy = neurons_[n];
    advance(copy, now_ - 1);
    return {copy.state, copy.own_spike == FLUX_NEVER ? 0 : static_cast<std::uint32_t>(copy.own_spike - now_ + 1)};
  }

  void tick(Tick t, std::vector<NeuronIndex>& fired) {
    for (NeuronIndex source = 0; source < neurons_.size(); ++source) learn(source, t);
    for (NeuronIndex source = 0; source < neurons_.size(); ++source) deliver(source, t);
    for (NeuronIndex n = 0; n < neurons_.size(); ++n) {
      if (!neurons_[n].exists || !evaluate(n, t)) continue;
      fired.push_back(n);
      if (graph_->plastic_count() > 0) neurons_[n].spikes.push_back(t);
      neurons_[n].departures.push_back(t + rule::departure_jitter(graph_->settings(), n, t));
      std::sort(neurons_[n].departures.begin(), neurons_[n].departures.end());
    }
    for (ReferenceNeuron& neuron : neurons_) neuron.forget(t + 1);
  }

  void learn(NeuronIndex source, Tick t) {
    for (ReferenceSynapse& synapse : neurons_[source].synapses) {
      const SynapseProperties& p = synapse.properties;
      if (!p.plastic()) continue;
      const ReferenceNeuron& target = neurons_[synapse.target];
      const std::int32_t modulation = rule::decay(target.state.modulation, target.properties.modulation_leak * (t - target.advanced_to));
      const std::int32_t gate = rule::learning_gate(modulation, target.properties);
      if (p.ltm_rate > 0 && (t + source) % rule::FLUX_CONSOLIDATION_PERIOD == 0) {
        synapse.fade(t);
        synapse.learned = rule::consolidate(synapse.learned, p.ltm_rate, gate);
      }
      for (std::int64_t i = neurons_[source].departed(t - synapse.reach()); i > 0; --i) {
        synapse.fade(t);
        synapse.learned.short_term = rule::pair(synapse.learned.short_term, rule::pairing(target.history(t)), p.stm_rate, gate);
      }
    }
  }

  void deliver(NeuronIndex source, Tick t) {
    for (const ReferenceSynapse& synapse : neurons_[source].synapses) {
      const std::int64_t weight = synapse.weight(t) * neurons_[source].departed(t - synapse.properties.length);
      rule::Stimuli& sum = received_[synapse.target];
      switch (synapse.properties.type) {
        case SynapseType::direct:
          sum.direct += weight;
          break;
        case SynapseType::modulator:
          sum.modulator += weight;
          break;
        case SynapseType::electric:
          sum.electric += weight;
          break;
      }
    }
  }

  // Whether the neuron fires at t.
  bool evaluate(NeuronIndex n, Tick t) {
    ReferenceNeuron& neuron = neurons_[n];
    const rule::Stimuli& stimuli = received_[n];
    const bool by_itself = neuron.own_spike == t;
    if (!by_itself && !stimuli.any()) return false;
    const bool blocked = neuron.state.refractory_left >= t - neuron.advanced_to;
    advance(neuron, t);
    if (by_itself) {
      rule::fire_by_itself(neuron.state, neuron.properties);
    } else if (!rule::receive(neuron.state, neuron.properties, stimuli, blocked, rule::threshold_noise(graph_->settings(), n, t))) {
      return false;
    }
    const std::uint32_t interval = rule::own_interval(neuron.properties, neuron.state.burst_left);
    neuron.own_spike = interval > 0 ? t + interval : FLUX_NEVER;
    return true;
  }

  std::vector<ReferenceNeuron> neurons_;
  std::vector<rule::Stimuli> received_;  // per neuron, in this tick
  Period period_;
};

}  // namespace

std::unique_ptr<Core> make_reference_core(std::shared_ptr<Graph> graph) { return std::make_unique<ReferenceCore>(std::move(graph)); }

}  // namespace flux
