#include "file/diagnostic.h"

#include "fmt/format.h"

namespace flux {

std::string Diagnostic::where() const { return line == 0 ? file : fmt::format("{}:{}:{}", file, line, column); }

std::string Diagnostic::message() const {
  const std::string text = fmt::format("{}: {}: {}", where(), severity == Severity::error ? "error" : "warning", what);
  return fix.empty() ? text : text + "; " + fix;
}

}  // namespace flux
