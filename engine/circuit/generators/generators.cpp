#include "circuit/generators.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "circuit/flatten.h"
#include "circuit/seeds.h"
#include "fmt/format.h"
#include "makers.h"

namespace flux {
namespace {

const std::array<const Maker*, 8>& makers() {
  static const std::array<const Maker*, 8> all = {&FLUX_RESERVOIR, &FLUX_LAYER,   &FLUX_RING,   &FLUX_SHEET,
                                                  &FLUX_STACK,     &FLUX_PATTERN, &FLUX_WINNER, &FLUX_BALANCED};
  return all;
}

const Maker* find_maker(std::string_view name) {
  const auto found = std::find_if(makers().begin(), makers().end(), [&](const Maker* maker) { return maker->generator.name == name; });
  return found == makers().end() ? nullptr : *found;
}

template <class Items>
std::string joined_names(const Items& items) {
  std::string text;
  for (const auto& item : items) (text += text.empty() ? "" : ", ") += item.name;
  return text;
}

std::optional<std::int64_t> parse_value(const GeneratorSetting& setting, std::string_view text) {
  if (setting.type == SettingType::choice) {
    const auto found = std::find(setting.choices.begin(), setting.choices.end(), text);
    if (found == setting.choices.end()) return std::nullopt;
    return found - setting.choices.begin();
  }
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value < setting.low || value > setting.high) return std::nullopt;
  return value;
}

Result<SettingValues> read_settings(const Generator& generator, const GeneratorSettings& settings) {
  SettingValues values(generator.settings);
  for (const auto& [name, text] : settings) {
    const auto setting = std::find_if(generator.settings.begin(), generator.settings.end(),
                                      [&, &wanted = name](const GeneratorSetting& candidate) { return candidate.name == wanted; });
    if (setting == generator.settings.end()) {
      return Error{fmt::format("there is no setting \"{}\"", name), std::string(generator.name),
                   fmt::format("it has {}", joined_names(generator.settings))};
    }
    const auto value = parse_value(*setting, text);
    if (!value) {
      return Error{fmt::format("{} cannot be \"{}\"", name, text), std::string(generator.name),
                   fmt::format("use {}", setting->range_text())};
    }
    values.set(static_cast<std::size_t>(setting - generator.settings.begin()), *value);
  }
  return values;
}

Circuit make(const Maker& maker, const SettingValues& values) {
  Sketch sketch;
  maker.make(values, sketch);
  Circuit circuit = sketch.take();
  circuit.title = maker.generator.title;
  return circuit;
}

std::string no_such_generator(std::string_view name) { return fmt::format("there is no generator \"{}\"", name); }
std::string those_there_are() { return fmt::format("use one of {}", joined_names(generators())); }

// A word where a number is wanted is wrong even if it looks like one.
std::optional<std::int64_t> value_of(const GeneratorSetting& setting, const GeneratorValue& given) {
  const auto* number = std::get_if<std::int64_t>(&given.value);
  if ((number != nullptr) != (setting.type == SettingType::integer)) return std::nullopt;
  return parse_value(setting, number != nullptr ? std::to_string(*number) : std::get<std::string>(given.value));
}

// The values of a rule without problems; otherwise the first problem.
std::optional<RuleProblem> read_rule(const Maker& maker, const GeneratorRule& rule, SettingValues& values) {
  const std::span<const GeneratorSetting> settings = maker.generator.settings;
  std::vector<bool> given(settings.size(), false);
  for (const GeneratorValue& value : rule.settings) {
    const auto setting =
        std::find_if(settings.begin(), settings.end(), [&](const GeneratorSetting& some) { return some.name == value.name; });
    if (setting == settings.end()) {
      return RuleProblem{fmt::format("the generator \"{}\" has no setting \"{}\"", rule.name, value.name),
                         fmt::format("it has {}", joined_names(settings)), value.place};
    }
    const auto place = static_cast<std::size_t>(setting - settings.begin());
    const auto number = value_of(*setting, value);
    if (given[place] || !number) {
      const auto* whole = std::get_if<std::int64_t>(&value.value);
      const std::string text = whole != nullptr ? std::to_string(*whole) : fmt::format("\"{}\"", std::get<std::string>(value.value));
      return RuleProblem{
          given[place] ? fmt::format("\"{}\" is set twice", value.name) : fmt::format("\"{}\" cannot be {}", value.name, text),
          fmt::format("use {}", setting->range_text()), value.place};
    }
    given[place] = true;
    values.set(place, *number);
  }
  return std::nullopt;
}

std::uint32_t neurons_under(const Circuit& circuit, const std::string& alias, bool is_input, bool& is_population) {
  for (const NeuronNode& node : circuit.neurons) {
    if ((is_input ? node.input_alias : node.output_alias) != alias) continue;
    is_population = node.count > 0;
    return node.size();
  }
  return 0;
}

// A single neuron and a population are reached by different names: nothing is kept where one becomes the other.
AliasChange compare_alias(const NeuronNode& before, bool is_input, const Circuit& after) {
  const std::string& alias = is_input ? before.input_alias : before.output_alias;
  bool is_population = false;
  const std::uint32_t now = neurons_under(after, alias, is_input, is_population);
  const bool same_kind = is_population == (before.count > 0);
  return {alias, is_input, before.size(), same_kind ? std::min(now, before.size()) : 0};
}

}  // namespace

std::string GeneratorSetting::text_of(std::int64_t value) const {
  return type == SettingType::choice ? std::string(choices[static_cast<std::size_t>(value)]) : std::to_string(value);
}

std::string GeneratorSetting::range_text() const {
  if (type == SettingType::choice) return fmt::format("{}", fmt::join(choices, " or "));
  return fmt::format("{}..{}", low, high);
}

std::span<const Generator> generators() {
  static const std::vector<Generator> all = [] {
    std::vector<Generator> list;
    for (const Maker* maker : makers()) list.push_back(maker->generator);
    return list;
  }();
  return all;
}

const Generator* find_generator(std::string_view name) {
  const Maker* maker = find_maker(name);
  return maker == nullptr ? nullptr : &maker->generator;
}

std::optional<RuleProblem> problem_of(const GeneratorRule& rule) {
  const Maker* maker = find_maker(rule.name);
  if (maker == nullptr) return RuleProblem{no_such_generator(rule.name), those_there_are()};
  SettingValues values(maker->generator.settings);
  return read_rule(*maker, rule, values);
}

Result<Circuit> body_of(const GeneratorRule& rule) {
  const Maker* maker = find_maker(rule.name);
  if (maker == nullptr) return Error{no_such_generator(rule.name), {}, those_there_are()};
  SettingValues values(maker->generator.settings);
  if (auto problem = read_rule(*maker, rule, values)) return Error{std::move(problem->what), {}, std::move(problem->fix)};
  Circuit circuit = make(*maker, values);
  circuit.description = fmt::format("{}\n\nMade by the generator `{}` with {}.", maker->generator.description, rule.name, values.text());
  if (rule.seed) {
    for (std::uint32_t i = 0; i < circuit.fibers.size(); ++i) {
      if (!circuit.fibers[i].seed) circuit.fibers[i].seed = fiber_seed(*rule.seed, circuit.fibers[i].number.value_or(i));
    }
  }
  if (Status status = refuse_errors(circuit); !status) return status.error();
  return circuit;
}

void set_value(GeneratorRule& rule, const GeneratorValue& value) {
  const auto known =
      std::find_if(rule.settings.begin(), rule.settings.end(), [&](const GeneratorValue& some) { return some.name == value.name; });
  known != rule.settings.end() ? void(*known = value) : rule.settings.push_back(value);
}

Result<Circuit> generate(std::string_view name, const GeneratorSettings& settings, std::uint64_t seed) {
  const Maker* maker = find_maker(name);
  if (maker == nullptr) return Error{no_such_generator(name), {}, those_there_are()};
  const auto values = read_settings(maker->generator, settings);
  if (!values) return values.error();

  Circuit circuit = make(*maker, values.value());
  circuit.description =
      fmt::format("{}\n\nMade by the generator `{}` with {}, seed {}.", maker->generator.description, name, values.value().text(), seed);
  circuit.settings.seed = seed;
  if (Status status = refuse_errors(circuit); !status) return status.error();
  return circuit;
}

std::vector<AliasChange> compare_aliases(const Circuit& before, const Circuit& after) {
  std::vector<AliasChange> changes;
  for (const NeuronNode& node : before.neurons) {
    if (!node.input_alias.empty()) changes.push_back(compare_alias(node, true, after));
  }
  for (const NeuronNode& node : before.neurons) {
    if (!node.output_alias.empty()) changes.push_back(compare_alias(node, false, after));
  }
  return changes;
}

Result<Regenerated> regenerate(const Circuit& old, std::string_view name, const GeneratorSettings& settings, std::uint64_t seed) {
  auto made = generate(name, settings, seed);
  if (!made) return made.error();
  Regenerated result{std::move(made).value(), {}};
  Circuit& circuit = result.circuit;
  circuit.title = old.title;
  circuit.comment = old.comment;
  circuit.settings = old.settings;
  circuit.settings.seed = seed;
  for (NeuronNode& node : circuit.neurons) {
    const auto same = std::find_if(old.neurons.begin(), old.neurons.end(), [&](const NeuronNode& other) { return other.id == node.id; });
    if (same != old.neurons.end()) node.position = same->position;
  }
  result.aliases = compare_aliases(old, circuit);
  return result;
}

}  // namespace flux
