// What whoever draws a network that runs on a GPU needs, to draw from the buffers of the simulation without reading them back.
#pragma once

#include <cstdint>
#include <string>

#include "graph/properties.h"

namespace flux {

// Where a GPU holds the state of the neurons, for whoever draws from it: numbers that the platform's device interface gave.
struct GpuState {
  std::uint32_t device = 0;
  std::uint32_t neurons = 0, types = 0;  // buffers; gpu_state_wgsl() reads them
  std::uint32_t types_at = 0;            // word in `types` from which on each neuron has its type
  Tick last = -1;                        // that was computed and collected; neurons may be some ticks ahead, never behind their own
};

// WGSL: structures Neuron and Properties, unpack_neuron() of the four words of a neuron, properties_of() its number, and the rule's
// advance() and effective_threshold(). Needs two bindings, `types` and `network` with a member types_at.
std::string gpu_state_wgsl();

}  // namespace flux
