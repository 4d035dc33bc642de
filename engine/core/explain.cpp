#include "core/explain.h"

#include <algorithm>
#include <map>
#include <utility>

namespace flux {
namespace {

// What the rules need of the neuron that is asked about, at the tick.
class Explainer {
 public:
  Explainer(const Graph& graph, const NetworkState& state, NeuronIndex neuron) : graph_(graph), state_(state), neuron_(neuron) {
    const NeuronProperties& p = explanation_.properties = graph.properties(neuron);
    rule::Neuron& before = explanation_.before = {state.level[neuron], state.threshold[neuron], state.modulation[neuron],
                                                  state.refractory_left[neuron], state.burst_left[neuron]};
    explanation_.blocked = before.refractory_left >= 1;
    explanation_.own_timer = state.own_spike_in[neuron] == 1;
    rule::advance(before, p, 1);
    explanation_.noise = rule::threshold_noise(graph.settings(), neuron, state.now);
  }

  Explanation explain(std::span<const Stimulus> by_hand) {
    for (const Stimulus& stimulus : by_hand) {
      if (stimulus.neuron == neuron_) take(stimulus);
    }
    std::size_t learned = 0;  // of the synapses of the sources before
    std::vector<std::vector<Tick>> departures = departures_by_source();
    for (NeuronIndex source = 0; source < graph_.neuron_count(); ++source) {
      if (departures[source].empty() && graph_.plastic_count() == 0) continue;
      learned += read_row(source, departures[source], learned);
    }
    decide();
    return std::move(explanation_);
  }

 private:
  std::vector<std::vector<Tick>> departures_by_source() const {
    std::vector<std::vector<Tick>> departures(graph_.neuron_count());
    for (const Departure& departure : state_.departures) departures[departure.source].push_back(departure.tick);
    return departures;
  }

  void take(const Stimulus& stimulus) {
    explanation_.by_hand.push_back(stimulus);
    if (stimulus.kind == Stimulus::Kind::direct) explanation_.sums.direct += stimulus.value;
    if (stimulus.kind == Stimulus::Kind::modulate) explanation_.sums.modulator += stimulus.value;
    if (stimulus.kind == Stimulus::Kind::fire) explanation_.sums.electric += 1;
  }

  // Returns the number of the source's plastic synapses, whose learned parts stand in the state from `learned` on.
  std::size_t read_row(NeuronIndex source, const std::vector<Tick>& departures, std::size_t learned) {
    std::size_t plastic = 0;
    std::map<SynapseType, std::uint32_t> ordinals;
    for (const RowSynapse& synapse : graph_.row(source)) {
      const SynapseProperties& p = synapse.properties;
      const std::size_t place = learned + plastic;
      plastic += p.plastic() ? 1 : 0;
      if (synapse.target != neuron_) continue;
      const std::uint32_t ordinal = ordinals[p.type]++;
      for (const Tick departure : departures) {
        if (departure + p.length != state_.now) continue;
        Arrival arrival{source, fired_at(source, departure), ordinal, p, {0, 0}, p.weight};
        if (p.plastic()) {
          const rule::Learned now = learned_now(source, p, departures, state_.learned[place]);
          arrival.learned = {static_cast<std::int16_t>(now.short_term), static_cast<std::int16_t>(now.long_term)};
          arrival.weight = rule::effective_weight(p.weight, now.short_term, now.long_term);
        }
        take(arrival);
      }
    }
    return plastic;
  }

  void take(const Arrival& arrival) {
    rule::Stimuli& sums = explanation_.sums;
    (arrival.synapse.type == SynapseType::direct      ? sums.direct
     : arrival.synapse.type == SynapseType::modulator ? sums.modulator
                                                      : sums.electric) += arrival.weight;
    explanation_.arrivals.push_back(arrival);
  }

  // The tick whose spike left at `departure`; with jitter the earliest that fits.
  Tick fired_at(NeuronIndex source, Tick departure) const {
    for (Tick late = graph_.settings().delay_jitter; late > 0; --late) {
      if (departure >= late && rule::departure_jitter(graph_.settings(), source, departure - late) == late) return departure - late;
    }
    return departure;
  }

  // Learned parts when a spike crosses in this tick: faded, after consolidation and the windows that close in it.
  rule::Learned learned_now(NeuronIndex source, const SynapseProperties& p, const std::vector<Tick>& departures,
                            LearnedWeight before) const {
    const Tick t = state_.now;
    rule::Learned learned{rule::decay(before.short_term, p.restoration_rate), before.long_term};
    const std::int32_t gate = rule::learning_gate(explanation_.before.modulation, explanation_.properties);
    if (p.ltm_rate > 0 && (t + source) % rule::FLUX_CONSOLIDATION_PERIOD == 0) learned = rule::consolidate(learned, p.ltm_rate, gate);
    for (const Tick departure : departures) {
      if (departure + p.length + FLUX_LEARNING_WINDOW != t) continue;
      learned.short_term = rule::pair(learned.short_term, rule::pairing(state_.history[neuron_]), p.stm_rate, gate);
    }
    return learned;
  }

  void decide() {
    rule::Neuron neuron = explanation_.before;
    const NeuronProperties& p = explanation_.properties;
    explanation_.fires = explanation_.own_timer ||
                         (explanation_.sums.any() && rule::receive(neuron, p, explanation_.sums, explanation_.blocked, explanation_.noise));
    // Modulation that arrives in the tick acts in it already.
    std::int32_t modulation = explanation_.before.modulation;
    if (!explanation_.blocked && p.modulation_leak > 0) {
      const auto arrived = std::clamp<std::int64_t>(explanation_.sums.modulator, -rule::FLUX_MODULATOR_MAX, rule::FLUX_MODULATOR_MAX);
      modulation = std::clamp(modulation + 256 * static_cast<std::int32_t>(arrived), -rule::FLUX_MODULATION_MAX, rule::FLUX_MODULATION_MAX);
    }
    const std::int32_t threshold = rule::effective_threshold(explanation_.before.threshold, modulation, p) + explanation_.noise;
    explanation_.threshold = std::clamp(threshold, 16, rule::FLUX_LEVEL_MAX);
  }

  const Graph& graph_;
  const NetworkState& state_;
  const NeuronIndex neuron_;
  Explanation explanation_;
};

}  // namespace

Explanation explain(const Graph& graph, const NetworkState& state, NeuronIndex neuron, std::span<const Stimulus> by_hand) {
  return Explainer(graph, state, neuron).explain(by_hand);
}

}  // namespace flux
