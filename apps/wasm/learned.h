// What the connections of a circuit have learned, for the canvas: it draws it as their border.
#pragma once

#include <cstdint>
#include <vector>

#include "circuit/placed.h"
#include "flux.h"

namespace flux {

// For each synapse of the circuit, then each fiber, the sum of its short-term and long-term part in 1/256 weight; of a fiber the mean over
// the synapses of up to 64 of its sources. Zero for static ones.
std::vector<std::int32_t> learned_parts(const PlacedCircuit& placed, const Network& network);

}  // namespace flux
