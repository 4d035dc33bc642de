// Settings of organs, which are JSON in canonical form: one line, one space behind commas and colons.
#pragma once

#include <string>
#include <string_view>

#include "circuit/circuit.h"

namespace flux {

// A value as JSON.
std::string setting_text(const OverrideValue& value);
// The settings with one of them set to another value, added when it is new.
std::string with_setting(std::string_view settings, std::string_view name, const OverrideValue& value);

}  // namespace flux
