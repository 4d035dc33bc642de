#include "circuit/generators.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "circuit/flatten.h"
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

Result<Circuit> generate(std::string_view name, const GeneratorSettings& settings, std::uint64_t seed) {
  const Maker* maker = find_maker(name);
  if (maker == nullptr)
    return Error{fmt::format("there is no generator \"{}\"", name), {}, fmt::format("use one of {}", joined_names(generators()))};
  const auto values = read_settings(maker->generator, settings);
  if (!values) return values.error();

  Sketch sketch;
  maker->make(values.value(), sketch);
  Circuit circuit = sketch.take();
  circuit.title = maker->generator.title;
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
