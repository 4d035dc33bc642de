#include "transplant.h"

#include <algorithm>

namespace flux {
namespace {

NeuronSample sample_at(const NetworkState& state, NeuronIndex n) {
  return {{state.level[n], state.threshold[n], state.modulation[n], state.refractory_left[n], state.burst_left[n]}, state.own_spike_in[n]};
}

void set_sample(NetworkState& state, NeuronIndex n, const NeuronSample& sample) {
  state.level[n] = static_cast<std::int16_t>(sample.neuron.level);
  state.threshold[n] = static_cast<std::uint16_t>(sample.neuron.threshold);
  state.modulation[n] = static_cast<std::int16_t>(sample.neuron.modulation);
  state.refractory_left[n] = static_cast<std::uint8_t>(sample.neuron.refractory_left);
  state.burst_left[n] = static_cast<std::uint8_t>(sample.neuron.burst_left);
  state.own_spike_in[n] = sample.own_spike_in;
}

std::vector<SynapseSpec> specs_of(const Graph& graph, NeuronIndex source) {
  std::vector<SynapseSpec> specs;
  for (const RowSynapse& synapse : graph.row(source)) specs.push_back({synapse.target, synapse.properties, 0});
  return specs;
}

class LearningTransplant {
 public:
  LearningTransplant(const input::Transplant& transplant, const Graph& from, const Names& names, const NetworkState& state, const Graph& to,
                     std::vector<LostWeight>& lost)
      : transplant_(transplant), from_(from), names_(names), state_(state), to_(to), lost_(lost), moved_(new_indices(transplant)) {
    moved_.resize(from.neuron_count(), FLUX_NO_NEURON);
    std::size_t next = 0;
    for (NeuronIndex n = 0; n < from.neuron_count(); ++n) {
      first_learned_.push_back(next);
      for (const RowSynapse& synapse : from.row(n)) next += synapse.properties.plastic() ? 1 : 0;
    }
  }

  // `initial`: what the new graph's synapses know at the start.
  std::vector<LearnedWeight> run(const std::vector<LearnedWeight>& initial) {
    std::vector<LearnedWeight> learned;
    auto next_initial = initial.begin();
    for (NeuronIndex n = 0; n < to_.neuron_count(); ++n) {
      const std::vector<SynapseSpec> row = specs_of(to_, n);
      std::vector<LearnedWeight> weights;
      weights.reserve(row.size());
      for (const SynapseSpec& synapse : row) weights.push_back(synapse.properties.plastic() ? *next_initial++ : LearnedWeight{0, 0});
      carry_over(n, row, weights);
      const std::vector<LearnedWeight> ordered = in_row_order(row, weights);
      learned.insert(learned.end(), ordered.begin(), ordered.end());
    }
    for (NeuronIndex n = 0; n < from_.neuron_count(); ++n) {
      if (moved_[n] == FLUX_NO_NEURON) lose_row(n);
    }
    return learned;
  }

 private:
  struct OldRow {
    std::vector<SynapseSpec> specs;  // with targets as they are now numbered
    std::vector<LearnedWeight> learned;
    std::vector<NeuronIndex> targets;  // as they were
  };

  OldRow old_row(NeuronIndex source) const {
    OldRow row;
    std::size_t next = first_learned_[source];
    for (SynapseSpec synapse : specs_of(from_, source)) {
      row.targets.push_back(synapse.target);
      synapse.target = moved_[synapse.target];
      row.specs.push_back(synapse);
      row.learned.push_back(synapse.properties.plastic() ? state_.learned[next++] : LearnedWeight{0, 0});
    }
    return row;
  }

  void lose(NeuronIndex source, NeuronIndex target, const SynapseProperties& properties, LearnedWeight learned) {
    if (learned == LearnedWeight{0, 0}) return;
    lost_.push_back({names_.path(source), names_.path(target), properties, learned});
  }

  void lose_row(NeuronIndex source) {
    const OldRow row = old_row(source);
    for (std::size_t i = 0; i < row.specs.size(); ++i) lose(source, row.targets[i], row.specs[i].properties, row.learned[i]);
  }

  void carry_over(NeuronIndex n, const std::vector<SynapseSpec>& row, std::vector<LearnedWeight>& weights) {
    const NeuronIndex source = transplant_.origin[n];
    const OldRow old = source == FLUX_NO_NEURON ? OldRow{} : old_row(source);
    const auto known = transplant_.revived.find(n);
    input::RevivedWeights revived = known == transplant_.revived.end() ? input::RevivedWeights{} : known->second;
    const std::vector<std::size_t> matches = match_rows(old.specs, row);
    std::vector<bool> goes_on(old.specs.size(), false);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!row[i].properties.plastic()) continue;
      if (matches[i] < old.specs.size() && old.specs[matches[i]].properties.plastic()) {
        weights[i] = old.learned[matches[i]];
        goes_on[matches[i]] = true;
      } else if (const auto learned = revived.take(row[i].target, row[i].properties)) {
        weights[i] = *learned;
      }
    }
    for (std::size_t i = 0; i < old.specs.size(); ++i) {
      if (!goes_on[i]) lose(source, old.targets[i], old.specs[i].properties, old.learned[i]);
    }
  }

  const input::Transplant& transplant_;
  const Graph& from_;
  const Names& names_;
  const NetworkState& state_;
  const Graph& to_;
  std::vector<LostWeight>& lost_;
  std::vector<NeuronIndex> moved_;
  std::vector<std::size_t> first_learned_;
};

}  // namespace

NetworkState transplanted(const input::Transplant& transplant, const Graph& from, const Names& names, const NetworkState& state,
                          const Graph& to, NetworkState initial, std::vector<LostWeight>& lost) {
  NetworkState next = std::move(initial);
  next.now = state.now;
  const bool keeps_history = from.plastic_count() > 0 && to.plastic_count() > 0;
  for (NeuronIndex n = 0; n < to.neuron_count(); ++n) {
    const NeuronIndex origin = transplant.origin[n];
    if (origin == FLUX_NO_NEURON) continue;
    set_sample(next, n, refitted(sample_at(state, origin), from.properties(origin), to.properties(n)));
    if (keeps_history) next.history[n] = state.history[origin];
  }
  std::vector<NeuronIndex> moved = new_indices(transplant);
  moved.resize(from.neuron_count(), FLUX_NO_NEURON);
  for (const Departure& departure : state.departures) {
    const NeuronIndex source = moved[departure.source];
    if (source == FLUX_NO_NEURON || to.row_of(source) == FLUX_NO_ROW) continue;
    if (departure.tick + static_cast<Tick>(to.horizon(source)) >= next.now) next.departures.push_back({departure.tick, source});
  }
  std::sort(next.departures.begin(), next.departures.end());
  if (from.plastic_count() > 0 || to.plastic_count() > 0) {
    next.learned = LearningTransplant(transplant, from, names, state, to, lost).run(next.learned);
  }
  return next;
}

}  // namespace flux
