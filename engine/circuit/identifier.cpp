#include "circuit/identifier.h"

#include <charconv>

namespace flux {
namespace {

// Length of the UTF-8 sequence at the front of `text`, 0 when it is malformed. Bounds of the second byte are those of table 3-7 of the
// Unicode standard.
std::size_t utf8_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  unsigned char low = 0x80, high = 0xbf;
  if (lead >= 0xc2 && lead <= 0xdf) {
    length = 2;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    length = 3;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    length = 4;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
  }
  if (length == 0 || text.size() < length || byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  return length;
}

}  // namespace

std::size_t utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = utf8_sequence(text.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

bool is_utf8(std::string_view text) { return utf8_prefix(text) == text.size(); }

std::optional<std::string_view> identifier_problem(std::string_view identifier) {
  if (identifier.empty()) return "is empty";
  if (identifier.size() > FLUX_MAX_IDENTIFIER) return "is longer than 200 bytes";
  if (!is_utf8(identifier)) return "is not valid UTF-8";
  if (identifier.front() == ' ' || identifier.back() == ' ') return "begins or ends with a space";
  for (const char c : identifier) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "contains a control character";
    if (c == '/' || c == '[' || c == ']' || c == '"') return "contains one of the characters / [ ] \"";
  }
  return std::nullopt;
}

std::optional<IndexedName> split_indexed_name(std::string_view name) {
  const std::size_t open = name.rfind('[');
  if (open == std::string_view::npos || open + 2 >= name.size() || name.back() != ']') return std::nullopt;
  const std::string_view digits = name.substr(open + 1, name.size() - open - 2);
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return IndexedName{name.substr(0, open), index};
}

}  // namespace flux
