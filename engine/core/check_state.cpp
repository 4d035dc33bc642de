#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>

#include "core/core.h"

namespace flux {

namespace {

Error does_not_fit(std::string what) {
  return Error{"the saved state does not fit the network: " + std::move(what), "", "load it with the circuit it was saved with"};
}

template <class T>
bool within(const std::vector<T>& values, std::int64_t low, std::int64_t high) {
  return std::all_of(values.begin(), values.end(), [=](T value) { return value >= low && value <= high; });
}

}  // namespace

Status check_state(const Graph& graph, const NetworkState& state) {
  const std::size_t neurons = graph.neuron_count();
  if (state.level.size() != neurons || state.threshold.size() != neurons || state.modulation.size() != neurons ||
      state.refractory_left.size() != neurons || state.burst_left.size() != neurons || state.own_spike_in.size() != neurons ||
      state.history.size() != neurons) {
    return does_not_fit(fmt::format("it has {} neurons, the network has {}", state.level.size(), neurons));
  }
  if (state.learned.size() != graph.plastic_count()) {
    return does_not_fit(fmt::format("it has {} learned weights, the network has {}", state.learned.size(), graph.plastic_count()));
  }
  if (state.now < 0 || state.now > (Tick{1} << 60)) return does_not_fit("its tick is out of range");
  if (!within(state.level, -rule::FLUX_LEVEL_MAX, rule::FLUX_LEVEL_MAX) ||
      !within(state.modulation, -rule::FLUX_MODULATION_MAX, rule::FLUX_MODULATION_MAX) || !within(state.own_spike_in, 0, 65536)) {
    return does_not_fit("a level is out of range");
  }
  for (NeuronIndex neuron = 0; neuron < neurons; ++neuron) {
    if (!graph.exists(neuron)) continue;
    const NeuronProperties& p = graph.properties(neuron);
    if (state.threshold[neuron] < rule::rest_threshold(p) || state.threshold[neuron] > p.max_threshold * 256) {
      return does_not_fit(fmt::format("the threshold of neuron {} is out of range", neuron));
    }
    if ((p.modulation_leak == 0 && state.modulation[neuron] != 0) || (p.bursting_rate == 0 && state.burst_left[neuron] != 0)) {
      return does_not_fit(fmt::format("neuron {} has a state it cannot have", neuron));
    }
    if ((state.own_spike_in[neuron] > 0) != (state.burst_left[neuron] > 0 || p.auto_firing_rate > 0)) {
      return does_not_fit(fmt::format("the timer of neuron {} is wrong", neuron));
    }
    if (graph.plastic_count() == 0 && state.history[neuron] != 0) return does_not_fit("it has a history that nothing learns from");
  }
  for (const LearnedWeight& weight : state.learned) {
    if (std::abs(int{weight.short_term}) > rule::FLUX_LEARNED_MAX || std::abs(int{weight.long_term}) > rule::FLUX_LEARNED_MAX) {
      return does_not_fit("a learned weight is out of range");
    }
  }
  const Departure* before = nullptr;
  for (const Departure& departure : state.departures) {
    if (departure.source >= neurons || (before != nullptr && departure < *before))
      return does_not_fit("its spikes under way are out of order");
    if (departure.tick >= state.now + 256 || departure.tick + static_cast<Tick>(graph.horizon(departure.source)) < state.now ||
        graph.row_of(departure.source) == FLUX_NO_ROW) {
      return does_not_fit("it has a spike under way that no synapse carries");
    }
    before = &departure;
  }
  return {};
}

NeuronSample refitted(NeuronSample sample, const NeuronProperties& before, const NeuronProperties& after) {
  const bool had_train = sample.neuron.burst_left > 0;
  rule::fit(sample.neuron, after);
  const bool has_train = sample.neuron.burst_left > 0;
  if (had_train ? has_train : before.auto_firing_rate == after.auto_firing_rate) return sample;
  const std::uint32_t wait = rule::restarted_interval(sample.neuron, after);
  sample.own_spike_in = wait > 0 ? wait + 1 : 0;
  return sample;
}

std::vector<LearnedWeight> in_row_order(std::span<const SynapseSpec> synapses, std::span<const LearnedWeight> learned) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < synapses.size(); ++i) {
    if (synapses[i].properties.plastic()) order.push_back(i);
  }
  const auto key = [&](std::size_t i) {
    const SynapseProperties& p = synapses[i].properties;
    const auto rates = p.stm_rate | p.ltm_rate << 8 | p.restoration_rate << 16;
    return std::tuple(p.length, p.type, rates, synapses[i].target, p.weight, learned[i].long_term, learned[i].short_term);
  };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  std::vector<LearnedWeight> sorted;
  sorted.reserve(order.size());
  for (std::size_t i : order) sorted.push_back(learned[i]);
  return sorted;
}

}  // namespace flux
