// From a running network back to a circuit that flattens to it.
#pragma once

#include <vector>

#include "circuit/circuit.h"
#include "circuit/names.h"
#include "graph/graph.h"
#include "graph/state.h"

namespace flux {

// Sources that have a synapse onto this neuron, rising. Reads the whole graph.
std::vector<NeuronIndex> sources_of(const Graph& graph, NeuronIndex target);

// The circuit of an edited network: what `original` and `added` say of its neurons, the graph's properties and synapses. `learned` is that
// of NetworkState. The neurons keep their order; removed ones are left out.
// Paths of a tree become ids and aliases: "leg[2]/flexor" is "leg.2.flexor". `names` are those of the network.
Circuit edited_circuit(const Circuit& original, const Names& names, const std::vector<NeuronNode>& added, const Graph& graph,
                       const std::vector<LearnedWeight>& learned);

// Writes the long-term parts of plastic synapses into the circuit the graph was made from. Those that a fiber makes have no place there.
void keep_long_term(Circuit& circuit, const Graph& graph, const std::vector<LearnedWeight>& learned);

// The state of the network that edited_circuit() describes: that of this one without the removed neurons.
void drop_removed(NetworkState& state, const Graph& graph);

}  // namespace flux
