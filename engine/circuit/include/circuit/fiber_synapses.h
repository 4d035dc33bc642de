// The synapses of a single fiber.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "circuit/circuit.h"
#include "graph/graph.h"

namespace flux {

// Calls visit(source, its synapses) for each source of a fiber of a flat circuit that check() has no errors for. Neurons are numbered by
// `first`: the index of the first neuron of each node, which need not be that of the circuit's own list.
void for_each_row(const Circuit& circuit, std::uint32_t fiber, const std::vector<NeuronIndex>& first,
                  const std::function<void(NeuronIndex source, std::span<const SynapseSpec>)>& visit);

// Number of synapses of a fiber; the expected one where it is left to chance.
std::uint64_t count_synapses(const Circuit& circuit, const Fiber& fiber);

}  // namespace flux
