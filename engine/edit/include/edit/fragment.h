// Parts of a document on their way to another place, or another document.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "circuit/circuit.h"
#include "edit/editable_circuit.h"

namespace flux {

// A circuit of its own that holds the nodes `ids` of the circuit `in`, the connections among them, and the prototypes and groups they need.
// Its text is what the operation "paste" takes.
Result<Circuit> copied(EditableCircuit& document, const std::string& in, std::span<const std::string> ids);

}  // namespace flux
