// From a circuit to the flat graph.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "circuit/circuit.h"
#include "circuit/repeated.h"
#include "graph/graph.h"

namespace flux {

// A reason to refuse a circuit, or to warn about it: the element it is about tells a reader where the text has it.
struct Finding {
  enum class Element : std::uint8_t { circuit, neuron, synapse, fiber, organ, subcircuit, comment, prototype, group };
  bool is_error = true;
  Element element = Element::circuit;
  std::uint32_t index = 0;  // in the list of its circuit; of a tree the circuit need not be the root
  std::string what;
  std::string fix;
  std::string where;  // path in the tree: "neuron "leg[2]/touch"", "synapse 12", "fiber 0" (numbered from 0); empty for the circuit itself
  TextPlace place;
};

// All that is wrong with a circuit or tree (errors) or looks unintended (warnings: a neuron nothing can reach, thresholds out of order,
// ...). At most FLUX_MAX_FINDINGS; of warnings of one kind about single elements the first few are given one by one, the rest as a number.
std::vector<Finding> check(const Circuit& circuit);
// The errors alone.
std::vector<Finding> check_errors(const Circuit& circuit);
// The first error, if there is one.
Status refuse_errors(const Circuit& circuit);

inline constexpr std::size_t FLUX_MAX_FINDINGS = 1000;
inline constexpr std::uint64_t FLUX_MAX_SYNAPSES = (std::uint64_t{1} << 32) - 1;
inline constexpr std::uint64_t FLUX_MAX_NETWORK_BYTES = std::uint64_t{64} << 30;

// The plain circuit that a circuit or tree stands for, or the first error of check(). It is elaborated once.
Result<Circuit> checked_plain(const Circuit& circuit, std::uint64_t share_from = FLUX_NEVER_SHARE);
// The flat graph of a plain circuit that has no errors, as checked_plain() gives it.
Result<Graph> flatten_checked(const Circuit& plain);

// Makes the flat graph; a tree is elaborated first. Neurons in the order of the nodes, populations expanded, then for each source its
// synapses and the fibers'. Fails when check() has an error or the network exceeds the limits of graph.h.
// Repeated circuits of `share_from` neurons or more share their tables; the network they make is the same.
Result<Graph> flatten(const Circuit& circuit, std::uint64_t share_from = FLUX_SHARE_FROM);

}  // namespace flux
