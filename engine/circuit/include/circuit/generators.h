// Makers of circuits: each turns a few settings into a circuit that does what its name says. docs/circuits.md tells what each is for.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "circuit/circuit.h"

namespace flux {

enum class SettingType : std::uint8_t {
  integer,  // low..high
  choice,   // one of `choices`, in values 0, 1, ...
};

struct GeneratorSetting {
  std::string_view name;
  std::string_view title;  // with the unit
  SettingType type = SettingType::integer;
  std::int64_t low = 0, high = 0;
  std::int64_t when_absent = 0;
  std::string_view description;
  std::span<const std::string_view> choices = {};

  std::string text_of(std::int64_t value) const;  // as a person writes it
  std::string range_text() const;                 // "1..100", "clip or wrap"
};

struct Generator {
  std::string_view name;
  std::string_view title;
  std::string_view description;
  std::span<const GeneratorSetting> settings;
};

// Settings as a person writes them, by name; those left out take their defaults.
using GeneratorSettings = std::map<std::string, std::string, std::less<>>;

std::span<const Generator> generators();
const Generator* find_generator(std::string_view name);

// Why no circuit can be made by a rule: what is wrong, and where the rule is written so.
struct RuleProblem {
  std::string what, fix;
  TextPlace place{};  // of the setting; none: the rule as a whole
};
std::optional<RuleProblem> problem_of(const GeneratorRule& rule);
// What a node of this rule has inside. With a seed it is what generate() makes, draw by draw, wherever it stands.
Result<Circuit> body_of(const GeneratorRule& rule);
// A setting of a rule set to another value, added when it is new.
void set_value(GeneratorRule& rule, const GeneratorValue& value);

// Makes a circuit. The same name, settings and seed give the same circuit everywhere. Errors name the setting and its range.
Result<Circuit> generate(std::string_view name, const GeneratorSettings& settings = {}, std::uint64_t seed = 1);

// What becomes of an alias when a circuit takes the place of another. Connections from outside name neurons by alias: those to
// alias[0] .. alias[kept - 1] (or to the alias itself, for a single neuron) hold, the others lead nowhere.
struct AliasChange {
  std::string alias;
  bool is_input = false;
  std::uint32_t before = 0, kept = 0;  // neurons under the alias that had it, and that still have it by the same name

  bool lost() const { return kept < before; }
  friend bool operator==(const AliasChange&, const AliasChange&) = default;
};
// One for each alias of `before`, inputs first, in the order of its neurons.
std::vector<AliasChange> compare_aliases(const Circuit& before, const Circuit& after);

struct Regenerated {
  Circuit circuit;
  std::vector<AliasChange> aliases;
};
// Makes the circuit anew with other settings. Title, comment and network settings (but for the seed) of `old` stay; so does the position of
// what has the same id as before.
Result<Regenerated> regenerate(const Circuit& old, std::string_view name, const GeneratorSettings& settings, std::uint64_t seed = 1);

}  // namespace flux
