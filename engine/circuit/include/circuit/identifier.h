// What may be the id or alias of a neuron, and what may be text at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flux {

inline constexpr std::size_t FLUX_MAX_IDENTIFIER = 200;  // bytes

// Whether these bytes are well-formed UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF).
bool is_utf8(std::string_view text);
// Length of its longest well-formed beginning.
std::size_t utf8_prefix(std::string_view text);

// Why this cannot be an id or alias, as the end of a sentence ("is empty", ...); nothing when it can.
std::optional<std::string_view> identifier_problem(std::string_view identifier);

// "pool[12]" taken apart: base "pool", index 12. Nothing when it has no such end or the number is not a plain one below 2^32.
struct IndexedName {
  std::string_view base;
  std::uint32_t index;
};
std::optional<IndexedName> split_indexed_name(std::string_view name);

}  // namespace flux
