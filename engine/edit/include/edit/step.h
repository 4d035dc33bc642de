// What operations are made of: the few ways in which a circuit of the tree changes. A step that was taken has become its inverse.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "circuit/circuit.h"
#include "file/element_text.h"

namespace flux {

// In the order of ElementList. Ends of connections are numbers of the circuit at the moment the step is taken.
using Element = std::variant<NeuronNode, OrganNode, SubcircuitNode, SynapseNode, Fiber, CanvasComment, Prototype, Group>;

// What a circuit says of itself; settings, environment, libraries and the comment are the root's.
struct CircuitHeader {
  std::string title, description;
  bool reusable = false;
  NetworkSettings settings;
  Environment environment;
  std::vector<std::string> libraries;
  std::string comment;
};

struct Step {
  enum class Kind : std::uint8_t {
    insert,   // `elements` come to stand at `places`, rising places of the list as it will be
    erase,    // those at `places`, rising, leave the list; no connection of the circuit may name them
    replace,  // `elements` instead of those at `places`; bodies of circuits, prototypes and groups stay unless `with_body`
    move,     // places[0] comes to stand at places[1]
    header,
  };

  Kind kind = Kind::insert;
  ElementList list = ElementList::neurons;
  bool with_body = false;
  std::string in;  // as in Operation
  std::vector<std::uint32_t> places;
  std::vector<Element> elements;
  CircuitHeader header{};
};

// A node got another path: `from` and `to` are relative to the circuit `in`. What lies inside the node goes with it, and so does its state.
struct Moved {
  std::string in, from, to;
};

}  // namespace flux
