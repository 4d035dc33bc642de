// From a tree of circuits to one plain circuit.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "circuit/circuit.h"
#include "circuit/repeated.h"

namespace flux {

// Limits of a tree.
inline constexpr std::uint32_t FLUX_MAX_CIRCUIT_DEPTH = 64;    // circuits inside circuits, and prototypes that extend one another
inline constexpr std::uint64_t FLUX_MAX_INSTANCES = 1u << 20;  // circuits placed, all levels counted
inline constexpr std::uint64_t FLUX_MAX_ELEMENTS = 1u << 24;   // neurons, populations, synapses and fibers written in the placed circuits
inline constexpr std::size_t FLUX_MAX_PATH = 4096;             // bytes of a neuron's path
inline constexpr std::uint64_t FLUX_MAX_PATH_BYTES = 1ull << 30;  // of all paths together

// Whether nothing is inside it and its connections name its own neurons only.
bool is_flat(const Circuit& circuit);

// The plain circuit that a tree stands for: neurons under their full paths ("leg[2]/flexor"), with those of the root first, then organs and
// circuits in order, depth first; synapses and fibers of the root, then of the circuits in the same order. Aliases inside keep their path
// ("leg[2]/step"). A flat circuit is returned as it is. Fails when a prototype, group or end of a connection is missing, a circuit contains
// itself, an override does not fit, or a limit is exceeded; what the neurons and connections are set to is not checked.
// Repeated circuits of `share_from` neurons or more become one node each, whose instances are not written out (repeated.h).
Result<Circuit> elaborate(Circuit circuit, std::uint64_t share_from = FLUX_NEVER_SHARE);

}  // namespace flux
