// Decimal numbers as whole millionths, so that scaling counts to weights needs no floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace flux {

inline constexpr std::int64_t FLUX_MILLION = 1'000'000;
inline constexpr std::int64_t FLUX_MAX_MILLIONTHS = 1'000'000'000'000'000'000;  // 10^12 as a number

// "3", "-0.25", "1.5e-3" in millionths, further digits rounded (ends away from 0). Nothing when it is no number or beyond 10^12.
std::optional<std::int64_t> parse_millionths(std::string_view text);

// round(a * b), both in millionths, as a whole number; ends are rounded away from 0. Saturates far beyond any weight.
std::int64_t rounded_product(std::int64_t a, std::int64_t b);

// a + b within +-FLUX_MAX_MILLIONTHS.
std::int64_t saturating_sum(std::int64_t a, std::int64_t b);

}  // namespace flux
