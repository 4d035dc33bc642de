#include <algorithm>

#include "file/json_tree.h"
#include "fmt/format.h"

namespace flux {

void append_json_string(std::string& out, std::string_view text) {
  const auto needs_escape = [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; };
  out += '"';
  while (!text.empty()) {
    const auto escaped = std::find_if(text.begin(), text.end(), needs_escape);
    const auto plain = static_cast<std::size_t>(escaped - text.begin());
    out += text.substr(0, plain);
    if (escaped == text.end()) break;
    switch (*escaped) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(*escaped));
    }
    text.remove_prefix(plain + 1);
  }
  out += '"';
}

std::string json_number(double value) { return fmt::format("{}", value == 0 ? 0.0 : value); }

namespace {

void append_value(std::string& out, const JsonValue& value);

void append_children(std::string& out, const JsonValue& value) {
  const bool is_object = value.kind() == JsonKind::object;
  out += is_object ? '{' : '[';
  std::size_t number = 0;
  for (const JsonValue child : value.children()) {
    const bool follows_key = is_object && number % 2 == 1;
    if (number++ > 0) out += follows_key ? ": " : ", ";
    append_value(out, child);
  }
  out += is_object ? '}' : ']';
}

// As deep as the tree, which is bounded by FLUX_MAX_TEXT_DEPTH.
void append_value(std::string& out, const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::null:
      out += "null";
      break;
    case JsonKind::boolean:
      out += value.boolean() ? "true" : "false";
      break;
    case JsonKind::integer:
      out += fmt::format("{}", value.integer());
      break;
    case JsonKind::big_integer:
      out += fmt::format("{}", value.big_integer());
      break;
    case JsonKind::real:
      out += json_number(value.real());
      break;
    case JsonKind::string:
      append_json_string(out, value.string());
      break;
    case JsonKind::array:
    case JsonKind::object:
      append_children(out, value);
  }
}

}  // namespace

std::string canonical_json(const JsonValue& value) {
  std::string text;
  append_value(text, value);
  return text;
}

}  // namespace flux
