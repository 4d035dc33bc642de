// Why a neuron fired, or did not: all that reached it in one tick, worked out by the rules of the model from the state before that tick.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/core.h"
#include "core/rule.h"
#include "graph/graph.h"
#include "graph/state.h"

namespace flux {

// A spike that crossed a synapse onto the neuron and reached it in the tick.
struct Arrival {
  NeuronIndex source = 0;
  Tick fired_at = 0;          // the tick in which the source fired
  std::uint32_t ordinal = 0;  // counts synapses of the source alike in target and type
  SynapseProperties synapse;
  LearnedWeight learned{0, 0};  // when it was crossed
  std::int32_t weight = 0;      // -128..127, what it added
};

struct Explanation {
  NeuronProperties properties;
  rule::Neuron before;         // advanced to the tick, before anything reached it
  bool blocked = false;        // refractory: what arrived was ignored
  bool own_timer = false;      // auto-firing, or the rest of a train, was due: it fired whatever arrived
  std::int32_t noise = 0;      // 1/16 level, added to the threshold in this tick
  std::int32_t threshold = 0;  // 1/16 level, what the level was compared with: after modulation and noise
  rule::Stimuli sums;          // of all below, in levels
  std::vector<Arrival> arrivals;
  std::vector<Stimulus> by_hand;  // given from outside
  bool fires = false;
};

// `state` is that before tick state.now is computed; `by_hand` are the stimuli from outside for that tick, those of other neurons among
// them. Reads the rows of all sources with spikes under way, and of all where the network is plastic.
Explanation explain(const Graph& graph, const NetworkState& state, NeuronIndex neuron, std::span<const Stimulus> by_hand);

}  // namespace flux
