// What a person would say changed between two documents, as operations.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "circuit/circuit.h"
#include "edit/operation.h"

namespace flux {

struct Difference {
  Operation operation;
  std::string what;    // "neuron "hip"", "synapse a > b", "the circuit"
  std::string before;  // the element's text, or of set the properties as they were; empty where it was not there
  std::string after;
};

// The operations, applied to `a` one after another, give exactly `b`: the same canonical text. Nodes are told by their ids, prototypes and
// groups by their names, connections by their ends. Prototypes of libraries must be the same in both.
Result<std::vector<Difference>> diff(const Circuit& a, const Circuit& b);

}  // namespace flux
