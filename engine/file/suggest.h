#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace flux {

// The candidate that `word` was probably meant to be; nothing when none is close.
std::optional<std::string_view> closest(std::string_view word, std::span<const std::string_view> candidates);

// "did you mean "x"?", or `otherwise` when nothing is close.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates, std::string otherwise);

// "a, b or c"
std::string join_choices(std::span<const std::string_view> choices);

}  // namespace flux
