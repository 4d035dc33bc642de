#include "decimal.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace flux {
namespace {

constexpr int FLUX_DIGITS_KEPT = 18;  // fit 64 bits
constexpr int FLUX_DECIMALS = 6;
constexpr int FLUX_MAX_EXPONENT = 1000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::int64_t rounded_quotient(std::int64_t a, std::int64_t b) {
  const std::int64_t magnitude = std::abs(a) / b + (std::abs(a) % b >= b - b / 2 ? 1 : 0);
  return a < 0 ? -magnitude : magnitude;
}

}  // namespace

std::optional<std::int64_t> parse_millionths(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  // text = digits * 10^shift
  std::int64_t digits = 0;
  int kept = 0, shift = FLUX_DECIMALS;
  bool any = false, behind_point = false;
  for (; !text.empty(); text.remove_prefix(1)) {
    const char c = text.front();
    if (c == '.' && !behind_point) {
      behind_point = true;
    } else if (is_digit(c)) {
      any = true;
      const bool keep = kept < FLUX_DIGITS_KEPT;
      if (keep) digits = digits * 10 + (c - '0');
      if (keep && digits != 0) ++kept;
      if (keep && behind_point) --shift;
      if (!keep && !behind_point) ++shift;
    } else {
      break;
    }
  }
  if (!any) return std::nullopt;
  if (!text.empty()) {
    if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
    text.remove_prefix(1);
    if (text.size() > 1 && text.front() == '+' && is_digit(text[1])) text.remove_prefix(1);
    int exponent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (error != std::errc{} || end != text.data() + text.size() || std::abs(exponent) > FLUX_MAX_EXPONENT) return std::nullopt;
    shift += exponent;
  }
  for (; shift > 0 && digits != 0; --shift) {
    if (digits > FLUX_MAX_MILLIONTHS / 10) return std::nullopt;
    digits *= 10;
  }
  // One division, so that it is rounded once; 19 places and more leave nothing.
  if (shift < -FLUX_DIGITS_KEPT) digits = 0;
  std::int64_t divisor = 1;
  for (; shift < 0 && digits != 0; ++shift) divisor *= 10;
  digits = rounded_quotient(digits, divisor);
  if (digits > FLUX_MAX_MILLIONTHS) return std::nullopt;
  return negative ? -digits : digits;
}

std::int64_t rounded_product(std::int64_t a, std::int64_t b) {
  if (a == 0 || b == 0) return 0;
  const bool negative = (a < 0) != (b < 0);
  const std::int64_t magnitude_a = std::abs(a), magnitude_b = std::abs(b);
  if (magnitude_a > INT64_MAX / magnitude_b) return negative ? -FLUX_MAX_MILLIONTHS : FLUX_MAX_MILLIONTHS;
  const std::int64_t product = rounded_quotient(magnitude_a * magnitude_b, FLUX_MILLION * FLUX_MILLION);
  return negative ? -product : product;
}

std::int64_t saturating_sum(std::int64_t a, std::int64_t b) { return std::clamp(a + b, -FLUX_MAX_MILLIONTHS, FLUX_MAX_MILLIONTHS); }

}  // namespace flux
