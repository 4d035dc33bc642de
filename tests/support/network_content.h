// What a network is, by the paths of its neurons: two that differ in indices alone are equal.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include "flux.h"

namespace flux::editing {

using Synapse = std::tuple<std::string, std::string, SynapseProperties>;
struct Structure {
  std::map<std::string, NeuronProperties> neurons;
  std::multiset<Synapse> synapses;
  friend bool operator==(const Structure&, const Structure&) = default;
};

inline Structure structure_of(const Network& network) {
  Structure structure;
  for (NeuronIndex n = 0; n < network.size(); ++n) {
    if (!network.exists(n)) continue;
    structure.neurons[network.path(n)] = network.properties(n);
    for (const SynapseView& synapse : network.efferents(n)) {
      structure.synapses.insert({network.path(n), network.path(synapse.target), synapse.properties});
    }
  }
  return structure;
}

// All that a network is, by path.
using State = std::map<std::string, std::tuple<int, int, int, int, int, int>>;
inline State state_of(const Network& network) {
  State state;
  for (NeuronIndex n = 0; n < network.size(); ++n) {
    if (!network.exists(n)) continue;
    const NeuronState s = network.state(n);
    state[network.path(n)] = {s.level, s.threshold, s.modulation, s.refractory_left, s.burst_left, s.own_spike_in};
  }
  return state;
}

using Learned = std::multiset<std::tuple<std::string, std::string, int, int>>;
inline Learned learned_of(const Network& network) {
  Learned learned;
  for (NeuronIndex n = 0; n < network.size(); ++n) {
    if (!network.exists(n)) continue;
    for (const SynapseView& s : network.efferents(n)) {
      if (s.properties.plastic()) learned.insert({network.path(n), network.path(s.target), s.short_term, s.long_term});
    }
  }
  return learned;
}

// Runs, with stimuli that depend on tick and path alone, and gives the spikes by path.
inline std::set<std::pair<Tick, std::string>> run(Network& network, Tick ticks) {
  std::set<std::pair<Tick, std::string>> spikes;
  const auto subscription = network.on_fire([&](Tick t, std::span<const NeuronIndex> fired) {
    for (const NeuronIndex n : fired) spikes.insert({t, network.path(n)});
  });
  for (Tick i = 0; i < ticks; ++i) {
    for (NeuronIndex n = 0; n < network.size(); ++n) {
      if (!network.exists(n)) continue;
      if ((std::hash<std::string>{}(network.path(n)) + static_cast<std::uint64_t>(network.now()) * 7) % 41 == 0)
        (void)network.summation(n, 70);
    }
    network.step();
  }
  network.off(subscription);
  return spikes;
}

}  // namespace flux::editing
