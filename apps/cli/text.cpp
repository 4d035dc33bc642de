#include "text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "circuit/identifier.h"

namespace flux::cli {

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, 1, ',');
  return digits;
}

std::string counted(std::uint64_t count, std::string_view thing) {
  return fmt::format("{} {}{}", grouped(count), thing, count == 1 ? "" : "s");
}

std::string bytes_text(std::uint64_t bytes) {
  static constexpr std::array FLUX_UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  double amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (amount >= 1024 && unit + 1 < FLUX_UNITS.size()) {
    amount /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", amount, FLUX_UNITS[unit]);
}

std::string seconds_text(double seconds) {
  if (seconds < 0.001) return fmt::format("{:.2g} ms", seconds * 1e3);
  if (seconds < 0.9995) return fmt::format("{:.3g} ms", seconds * 1e3);
  if (seconds < 60) return fmt::format("{:.4g} s", seconds);
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  const auto two_units = [](std::uint64_t large, const char* large_name, std::uint64_t small, const char* small_name) {
    return small == 0 ? fmt::format("{} {}", grouped(large), large_name)
                      : fmt::format("{} {} {} {}", grouped(large), large_name, small, small_name);
  };
  if (whole < 3600) return two_units(whole / 60, "min", whole % 60, "s");
  return two_units(whole / 3600, "h", whole / 60 % 60, "min");
}

namespace {
// Three digits, or as many as a whole number has.
std::string three_digits(double number) {
  return number >= 100 ? grouped(static_cast<std::uint64_t>(std::llround(number))) : fmt::format("{:.3g}", number);
}
}  // namespace

std::string hertz_text(double hertz) { return three_digits(hertz) + " Hz"; }

std::string factor_text(double factor) { return three_digits(factor) + "x"; }

std::string decimal(std::int64_t value, int unit_bits) {
  const std::int64_t unit = std::int64_t{1} << unit_bits;
  const std::int64_t magnitude = value < 0 ? -value : value;
  std::string text = fmt::format("{}{}", value < 0 ? "-" : "", magnitude / unit);
  std::int64_t rest = magnitude % unit;
  if (rest != 0) text += '.';
  for (; rest != 0; rest %= unit) {
    rest *= 10;
    text += static_cast<char>('0' + rest / unit);
  }
  return text;
}

double seconds_of(Tick ticks, std::uint32_t tick_microseconds) { return static_cast<double>(ticks) * tick_microseconds * 1e-6; }

double rate_hz(std::uint64_t spikes, std::uint64_t neurons, double seconds) {
  if (neurons == 0 || seconds <= 0) return 0;
  return static_cast<double>(spikes) / static_cast<double>(neurons) / seconds;
}

namespace {
bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }
}  // namespace

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char byte : text) width += continues_character(byte) ? 0 : 1;
  return width;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  if (width_of(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::size_t end = 0;
  for (std::size_t column = 0; column + 1 < columns; ++column) {
    ++end;
    while (end < text.size() && continues_character(text[end])) ++end;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string pad_to(std::string_view text, std::size_t columns, bool right) {
  std::string cut = cut_to(text, columns);
  const std::string space(columns - width_of(cut), ' ');
  return right ? space + cut : cut + space;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines(1);
  std::string word;
  const auto place_word = [&] {
    std::string& line = lines.back();
    if (!line.empty() && width_of(line) + 1 + width_of(word) > columns) {
      lines.push_back(word);
    } else {
      line += (line.empty() || word.empty() ? "" : " ") + word;
    }
    word.clear();
  };
  for (const char letter : text) {
    if (letter == ' ' || letter == '\n') place_word();
    if (letter == '\n') lines.emplace_back();
    if (letter != ' ' && letter != '\n') word += letter;
  }
  place_word();
  return lines;
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t sound = utf8_prefix(text);
    for (const char letter : text.substr(0, sound)) {
      const bool is_control = (static_cast<unsigned char>(letter) < 0x20 && letter != '\n') || letter == 0x7f;
      out += is_control ? fmt::format("\\x{:02x}", letter) : std::string(1, letter);
    }
    if (sound == text.size()) break;
    out += '?';
    text.remove_prefix(sound + 1);
  }
  return out;
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char letter : text) quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return quoted + '"';
}

std::vector<std::string> split_csv_line(std::string_view line) {
  std::vector<std::string> fields;
  std::string field;
  bool quoted = false;
  bool was_quoted = false;
  const auto finish_field = [&] {
    if (!was_quoted) {
      const std::size_t first = field.find_first_not_of(" \t\r");
      const std::size_t last = field.find_last_not_of(" \t\r");
      field = first == std::string::npos ? std::string() : field.substr(first, last - first + 1);
    }
    fields.push_back(std::move(field));
    field.clear();
    was_quoted = false;
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char letter = line[i];
    if (quoted && letter == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      field += '"';
      ++i;
    } else if (letter == '"' && (quoted || field.find_first_not_of(" \t") == std::string::npos)) {
      if (!quoted) field.clear();
      quoted = !quoted;
      was_quoted = true;
    } else if (letter == ',' && !quoted) {
      finish_field();
    } else if (!(was_quoted && !quoted)) {
      field += letter;
    }
  }
  finish_field();
  return fields;
}

}  // namespace flux::cli
