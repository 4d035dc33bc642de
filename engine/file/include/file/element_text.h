// Single elements of a circuit in the text form: what would stand on their line in a file. Operations speak in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "circuit/circuit.h"

namespace flux {

// The lists of a circuit; prototypes and groups are the root's alone.
enum class ElementList : std::uint8_t { neurons, organs, circuits, synapses, fibers, comments, prototypes, groups };
inline constexpr std::string_view FLUX_ELEMENT_LISTS[] = {"neurons", "organs",   "circuits",   "synapses",
                                                          "fibers",  "comments", "prototypes", "groups"};

// Connections whose ends are still names, which only the circuit they come to stand in can number.
struct NamedSynapse {
  std::string from, to;
  SynapseNode synapse;
};
struct NamedFiber {
  std::vector<std::string> from, to;
  Fiber fiber;
};

// In the order of ElementList.
using TextElement = std::variant<NeuronNode, OrganNode, SubcircuitNode, NamedSynapse, NamedFiber, CanvasComment, Prototype, Group>;

// Reads one element. The member "//" stands for the comment lines before it, which have no place in a single element. The first error has
// its line and column in `text`; `name` is for messages. What only check() finds out is not checked.
Result<TextElement> read_element(ElementList list, std::string_view text, const std::string& name);

enum class ElementBody : std::uint8_t { written, left_out };

// The text of an element of `circuit`, with "//" for its comment; `first` is first_neurons(circuit). Lists inside it stand on lines of
// their own, or are left out.
std::string write_element(const Circuit& circuit, ElementList list, std::size_t index, const std::vector<NeuronIndex>& first,
                          ElementBody body = ElementBody::written);

}  // namespace flux
