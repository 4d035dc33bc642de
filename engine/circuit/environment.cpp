#include "circuit/environment.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include "circuit/identifier.h"
#include "organ_settings.h"

namespace flux {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string json_of(const EnvironmentValue& value) {
  return std::visit([](const auto& some) { return setting_text(OverrideValue(some)); }, value);
}

// One past the closing quote of the string that begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

}  // namespace

std::optional<std::string_view> variable_name_problem(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.size() > FLUX_MAX_VARIABLE_NAME) return "is longer than 64 bytes";
  if (is_digit(name.front())) return "begins with a digit";
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c); });
  return plain ? std::nullopt : std::optional<std::string_view>("has other characters than letters, digits and _");
}

std::optional<std::string_view> variable_value_problem(const EnvironmentValue& value) {
  if (const auto* real = std::get_if<double>(&value); real != nullptr && !std::isfinite(*real)) return "is not a finite number";
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  if (text->size() > FLUX_MAX_VARIABLE_TEXT) return "is longer than 4096 bytes";
  return is_utf8(*text) ? std::nullopt : std::optional<std::string_view>("is not valid UTF-8");
}

std::optional<std::string_view> named_variable(std::string_view text) {
  if (!text.starts_with('$') || variable_name_problem(text.substr(1))) return std::nullopt;
  return text.substr(1);
}

EffectiveSettings effective_settings(std::string_view settings, const Environment& environment) {
  EffectiveSettings effective;
  for (std::size_t at = 0; at < settings.size();) {
    if (settings[at] != '"') {
      effective.json += settings[at++];
      continue;
    }
    const std::size_t end = end_of_string(settings, at);
    const std::string_view quoted = settings.substr(at, end - at);
    at = end;
    const bool is_key = at < settings.size() && settings[at] == ':';
    const auto name = is_key || quoted.size() < 2 ? std::nullopt : named_variable(quoted.substr(1, quoted.size() - 2));
    const auto variable = name ? environment.find(*name) : environment.end();
    if (variable != environment.end()) {
      effective.json += json_of(variable->second);
    } else if (!is_key && quoted.starts_with("\"$$")) {
      (effective.json += '"') += quoted.substr(2);
    } else {
      effective.json += quoted;
      if (name) effective.missing.emplace_back(*name);
    }
  }
  return effective;
}

}  // namespace flux
