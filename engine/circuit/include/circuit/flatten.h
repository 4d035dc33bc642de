// From a circuit to the flat graph.
#pragma once

#include "base/result.h"
#include "circuit/circuit.h"
#include "graph/graph.h"

namespace flux {

// A reason to refuse a circuit, or to warn about it: the element it is about tells a reader where the text has it.
struct Finding {
  enum class Element : std::uint8_t { circuit, neuron, synapse, fiber };
  bool is_error = true;
  Element element = Element::circuit;
  std::uint32_t index = 0;  // in Circuit::neurons, synapses or fibers
  std::string what;
  std::string fix;
};

// All that is wrong with a circuit (errors) or looks unintended (warnings: a neuron nothing can reach, thresholds out of order, ...).
std::vector<Finding> check(const Circuit& circuit);

// Makes the flat graph: neurons in the order of the nodes, populations expanded, then for each source its synapses and the fibers'.
// Fails when check() has an error or the network exceeds the limits of graph.h.
Result<Graph> flatten(const Circuit& circuit);

}  // namespace flux
