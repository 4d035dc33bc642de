// A problem found in a file, with its place.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace flux {

struct Diagnostic {
  enum class Severity : std::uint8_t { error, warning };

  Severity severity = Severity::error;
  std::string file;
  std::uint32_t line = 0;    // from 1; 0: about the file as a whole
  std::uint32_t column = 0;  // from 1, in characters
  std::string what;
  std::string fix;

  // "file:line:column", or "file".
  std::string where() const;
  // "file:line:column: error: what; fix"
  std::string message() const;
  Error to_error() const { return {what, where(), fix}; }
};

}  // namespace flux
