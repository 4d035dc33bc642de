// Environment variables of the root circuit: values that organs read by name. A setting of an organ whose whole text is "$SPEED" stands for
// the variable SPEED; "$$..." is the text behind the first $.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/circuit.h"

namespace flux {

inline constexpr std::size_t FLUX_MAX_VARIABLES = 1024;
inline constexpr std::size_t FLUX_MAX_VARIABLE_NAME = 64;    // bytes
inline constexpr std::size_t FLUX_MAX_VARIABLE_TEXT = 4096;  // bytes

// Why something cannot be the name of a variable, or its value; nothing when it can.
std::optional<std::string_view> variable_name_problem(std::string_view name);
std::optional<std::string_view> variable_value_problem(const EnvironmentValue& value);

// The variable that a text stands for, whether there is one or not: SPEED of "$SPEED".
std::optional<std::string_view> named_variable(std::string_view text);

struct EffectiveSettings {
  std::string json;                  // the settings with the values of variables in their places, as an organ gets them
  std::vector<std::string> missing;  // variables they name that there are none of; their settings stay as they are
};
// `settings`: of an organ, in canonical form.
EffectiveSettings effective_settings(std::string_view settings, const Environment& environment);

}  // namespace flux
