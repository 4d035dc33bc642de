// Where what an operation moved had been, for the whole tree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "edit/editable_circuit.h"

namespace flux {

// The paths, each with a slash at the end, at which a circuit of the document stands; "" for the root.
std::vector<std::string> places_in_tree(EditableCircuit& document, const std::string& in);

// Translates paths of the document as it is to those before nodes were moved.
class PathsBefore {
 public:
  PathsBefore(EditableCircuit& document, const std::vector<Moved>& moved);
  std::string of(const std::string& path) const;  // empty for what was not there

 private:
  struct Prefix {
    std::string now, before;
  };
  std::vector<Prefix> prefixes_;  // the last move first
};

// Where each neuron is after both; empty stands for no move at all.
std::vector<NeuronIndex> composed(std::vector<NeuronIndex> first, const std::vector<NeuronIndex>& second);

}  // namespace flux
