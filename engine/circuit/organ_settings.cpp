#include "organ_settings.h"

#include "fmt/format.h"

namespace flux {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out += '"';
}

}  // namespace

std::string setting_text(const OverrideValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}", *real);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
  const auto& range = *std::get_if<Range>(&value);
  return fmt::format("[{}, {}]", range.low, range.high);
}

namespace {

// One past the end of the value that begins at `at`: the comma behind it, or the brace around it.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  int depth = 0;
  bool in_string = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{' || c == '[') ++depth;
    if (depth == 0 && (c == ',' || c == '}')) return at;
    if (c == '}' || c == ']') --depth;
  }
  return text.size();
}

}  // namespace

std::string with_setting(std::string_view settings, std::string_view name, const OverrideValue& value) {
  const std::string key = quoted(name) + ": ";
  for (std::size_t at = 1; at + 1 < settings.size();) {
    const std::size_t end = end_of_value(settings, at);
    if (settings.substr(at).starts_with(key)) {
      return fmt::format("{}{}{}{}", settings.substr(0, at), key, setting_text(value), settings.substr(end));
    }
    at = end + 2;  // behind the comma and the space
  }
  if (settings.size() <= 2) return "{" + key + setting_text(value) + "}";
  return fmt::format("{}, {}{}}}", settings.substr(0, settings.size() - 1), key, setting_text(value));
}

}  // namespace flux
