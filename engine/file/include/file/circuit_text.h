// The text form of a circuit: JSON with // comments, one element a line. docs/file-format.md describes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "circuit/circuit.h"
#include "file/diagnostic.h"

namespace flux {

// The circuit, or the first error: of the syntax, of a value, or of what circuit/flatten.h's check() finds. `file_name` is for messages.
Result<Circuit> parse_circuit_text(std::string_view text, const std::string& file_name);

struct InspectedText {
  std::optional<Circuit> circuit;       // absent when there is an error
  std::vector<Diagnostic> diagnostics;  // all errors and warnings, in the order of the text
};
InspectedText inspect_circuit_text(std::string_view text, const std::string& file_name);

enum class TextSynapses : std::uint8_t { written, left_out };

// The one canonical text of a circuit that check() has no errors for: reading it back gives an equal circuit.
std::string write_circuit_text(const Circuit& circuit, TextSynapses synapses = TextSynapses::written);

}  // namespace flux
