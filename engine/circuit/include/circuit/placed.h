// One circuit of a tree as it stands at its place, for those who show trees: with all that it takes over, and all changes applied.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "circuit/circuit.h"

namespace flux {

// An input or output of a circuit.
struct CircuitPort {
  std::string alias, description;
  std::string neuron;  // its id in that circuit; of a population the first one's, "id[0]"
};

// What is inside a node that is a circuit or an organ; of several copies, in the first.
struct CircuitInside {
  std::string id;
  std::string title;
  bool is_organ = false;
  std::uint64_t neurons = 0;   // at all depths
  std::uint64_t circuits = 0;  // likewise, itself left out
  std::uint64_t organs = 0;
  std::string first_neuron;  // path of the first in the flat order, relative to the node; empty: there is none
  std::vector<CircuitPort> inputs, outputs;
};

struct PlacedCircuit {
  enum class Source : std::uint8_t {
    own,        // a body of the document
    prototype,  // an instance
    group,      // a linked copy
    inside,     // a circuit inside one of these
    generator,  // what a generator makes: it has nothing of its own to edit
  };

  Circuit circuit;                    // of circuit.organs, each has its neurons; settings, prototypes, groups and libraries are left out
  std::vector<CircuitInside> inside;  // of the organs, then of the circuits
  Source source = Source::own;
  std::string source_name;  // of the prototype, group or generator
  std::string in;           // the circuit of the document that an edit here changes, as operations name it (docs/operations.md)
  std::string prefix;       // of the paths of its neurons in the network: "leg[2]/"
  bool is_alive = true;     // false: a prototype or group by itself, of which the network has nothing
};

// The circuit at a path: "" is the root, "leg[2]/knee" a circuit in the third copy of leg, "/prototypes/leg" (or "/prototypes/leg[2]",
// its version 2) and "/groups/eye" what instances and linked copies share, "/groups/eye/lens" a circuit in that.
Result<PlacedCircuit> placed_circuit(const Circuit& root, std::string_view path);

}  // namespace flux
