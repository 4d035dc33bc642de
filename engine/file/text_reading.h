// Reading the text form, with what only files have: libraries, and the part of a .flx.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "file/circuit_text.h"

namespace flux {

enum class TextOrigin : std::uint8_t {
  text_file,
  part_of_flx,  // the explicit synapses of the root are missing; "paths" says what their ends from FLUX_FIRST_PATH on stand for
};
enum class TextChecks : std::uint8_t { all, errors, none };

struct TextReading {
  TextChecks checks = TextChecks::all;
  TextOrigin origin = TextOrigin::text_file;
  // Adds the prototypes that a circuit uses from its libraries; without it they are missing.
  std::function<Status(Circuit&)> find_prototypes;
};

InspectedText read_circuit_text(std::string_view text, const std::string& file_name, const TextReading& reading);
// The circuit, or the first error.
Result<Circuit> first_error_or_circuit(InspectedText&& inspected);

// library.cpp: TextReading::find_prototypes for a file in `folder`.
Status find_library_prototypes(Circuit& circuit, const std::string& folder);

}  // namespace flux
