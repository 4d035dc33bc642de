// Overrides and removals, applied to the body of an instance or heir.
#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "bodies.h"
#include "circuit/generators.h"
#include "circuit/identifier.h"
#include "circuit/names.h"
#include "circuit/schema.h"
#include "fmt/format.h"
#include "organ_settings.h"

namespace flux {
namespace {

constexpr std::string_view FLUX_BETWEEN_ENDS = " > ";
constexpr std::string_view FLUX_SETTINGS = ".settings";  // behind the id of an organ: the property is one of its settings

// A whole number of a value, within bounds; otherwise the reason in `problem`.
std::optional<std::int64_t> integer_of(const OverrideValue& value, std::int64_t low, std::int64_t high, std::string& problem) {
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number != nullptr && *number >= low && *number <= high) return *number;
  problem = fmt::format("must be a whole number from {} to {}", low, high);
  return std::nullopt;
}

std::optional<std::size_t> choice_of(const OverrideValue& value, std::span<const std::string_view> words, std::string& problem) {
  const auto* word = std::get_if<std::string>(&value);
  const auto found = word == nullptr ? words.end() : std::find(words.begin(), words.end(), *word);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  problem = fmt::format("must be one of {}", fmt::join(words, ", "));
  return std::nullopt;
}

std::optional<Range> range_of(const OverrideValue& value, std::int64_t low, std::int64_t high, std::string& problem) {
  Range range;
  if (const auto* number = std::get_if<std::int64_t>(&value); number != nullptr && *number >= low && *number <= high) {
    range = {static_cast<std::int32_t>(*number), static_cast<std::int32_t>(*number)};
  } else if (const auto* given = std::get_if<Range>(&value)) {
    range = *given;
  } else {
    range = {1, 0};
  }
  if (range.low <= range.high && range.low >= low && range.high <= high) return range;
  problem = fmt::format("must be a whole number from {} to {}, or a list of the lowest and the highest", low, high);
  return std::nullopt;
}

// Sets one property of a target of a kind. False when the kind has no such property; `problem` says why a value does not fit.
template <class Object>
bool set_field(std::span<const IntegerField<Object>> fields, Object& object, const Override& override, std::string& problem) {
  const auto field = std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.key == override.property; });
  if (field == fields.end()) return false;
  if (const auto value = integer_of(override.value, field->low, field->high, problem)) field->set(object, *value);
  return true;
}

bool set_alias(std::string& alias, const OverrideValue& value, std::string& problem) {
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && (text->empty() || !identifier_problem(*text))) {
    alias = *text;
  } else {
    problem = "must be a short name in quotes";
  }
  return true;
}

// Bounds of the threshold that were equal to it follow it: they are so by default.
void set_threshold(NeuronProperties& properties, std::uint8_t threshold) {
  if (properties.min_threshold == properties.threshold) properties.min_threshold = threshold;
  if (properties.max_threshold == properties.threshold) properties.max_threshold = threshold;
  properties.threshold = threshold;
}

// "x" or "y" of the place on the canvas.
bool set_place(std::optional<Position>& position, const Override& override, std::string& problem) {
  if (override.property != "x" && override.property != "y") return false;
  const auto* real = std::get_if<double>(&override.value);
  const auto* whole = std::get_if<std::int64_t>(&override.value);
  if (real == nullptr && whole == nullptr) {
    problem = "must be a number";
    return true;
  }
  if (!position) position = Position{};
  (override.property == "x" ? position->x : position->y) = real != nullptr ? *real : static_cast<double>(*whole);
  return true;
}

bool set_width(NeuronNode& node, const Override& override, std::string& problem) {
  if (override.property != "width") return false;
  if (node.count == 0) {
    problem = "is set for a single neuron, which has no rows";
  } else if (const auto width = integer_of(override.value, 1, FLUX_MAX_NEURONS, problem)) {
    node.width = static_cast<std::uint32_t>(*width);
  }
  return true;
}

bool set_neuron(NeuronNode& node, const Override& override, std::string& problem) {
  if (set_place(node.position, override, problem) || set_width(node, override, problem)) return true;
  if (override.property == "inputAlias") return set_alias(node.input_alias, override.value, problem);
  if (override.property == "outputAlias") return set_alias(node.output_alias, override.value, problem);
  if (override.property == "threshold") {
    if (const auto threshold = integer_of(override.value, 1, 255, problem)) {
      set_threshold(node.properties, static_cast<std::uint8_t>(*threshold));
    }
    return true;
  }
  if (override.property == "modulates") {
    if (const auto targets = choice_of(override.value, FLUX_MODULATES, problem)) {
      node.properties.modulation_targets = static_cast<std::uint8_t>(*targets);
    }
    return true;
  }
  return set_field<NeuronProperties>(FLUX_NEURON_FIELDS, node.properties, override, problem);
}

bool set_type(SynapseProperties& properties, const Override& override, std::string& problem) {
  if (override.property != "type") return false;
  if (const auto type = choice_of(override.value, FLUX_SYNAPSE_TYPES, problem)) properties.type = static_cast<SynapseType>(*type);
  return true;
}

bool set_synapse(SynapseNode& synapse, const Override& override, std::string& problem) {
  if (override.property == "longTerm") {
    const auto value = integer_of(override.value, -FLUX_MAX_LONG_TERM, FLUX_MAX_LONG_TERM, problem);
    if (value) synapse.long_term = static_cast<std::int16_t>(*value);
    return true;
  }
  return set_type(synapse.properties, override, problem) ||
         set_field<SynapseProperties>(FLUX_SYNAPSE_FIELDS, synapse.properties, override, problem) ||
         set_field<SynapseProperties>(FLUX_LEARNING_FIELDS, synapse.properties, override, problem);
}

bool set_fiber(Fiber& fiber, const Override& override, std::string& problem) {
  if (override.property == "weight") {
    fiber.weight = range_of(override.value, FLUX_MIN_WEIGHT, FLUX_MAX_WEIGHT, problem).value_or(fiber.weight);
    return true;
  }
  if (override.property == "length") {
    fiber.length = range_of(override.value, FLUX_MIN_LENGTH, FLUX_MAX_LENGTH, problem).value_or(fiber.length);
    return true;
  }
  if (override.property == "fanout") {
    if (const auto fanout = integer_of(override.value, 1, FLUX_MAX_NEURONS, problem)) fiber.fanout = static_cast<std::uint32_t>(*fanout);
    return true;
  }
  if (override.property == "probability") {
    const auto* real = std::get_if<double>(&override.value);
    const auto* whole = std::get_if<std::int64_t>(&override.value);
    const double value = real != nullptr ? *real : whole != nullptr ? static_cast<double>(*whole) : -1;
    if (value >= 0 && value <= 1) {
      fiber.probability = value;
    } else {
      problem = "must be a number from 0 to 1";
    }
    return true;
  }
  return set_type(fiber.properties, override, problem) ||
         set_field<SynapseProperties>(FLUX_LEARNING_FIELDS, fiber.properties, override, problem);
}

// Looks every target up in tables made once, and renumbers what is left once at the end, so that many changes cost no more than few.
class ChangeApplier {
 public:
  ChangeApplier(ReadyBody& body, const std::string& owner, Findings& findings)
      : body_(body),
        owner_(owner),
        findings_(findings),
        first_of_node_(first_neurons(body.circuit)),
        new_count_(body.circuit.neurons.size()),
        removes_circuit_(body.circuit.circuits.size(), false) {
    const Circuit& circuit = body.circuit;
    for (std::uint32_t i = 0; i < circuit.neurons.size(); ++i) {
      neurons_.emplace(circuit.neurons[i].id, i);
      new_count_[i] = circuit.neurons[i].size();
    }
    for (std::uint32_t i = 0; i < circuit.circuits.size(); ++i) circuits_.emplace(circuit.circuits[i].id, i);
  }

  void apply(const Change& change) {
    const std::string& target = change.override.target;
    if (!change.is_removal && target.find(FLUX_BETWEEN_ENDS) != std::string::npos && apply_to_connections(change.override)) return;
    const auto [head, rest] = split_path(target);
    const bool found = !rest.empty() ? pass_on(change, head, rest) : change.is_removal ? remove(target) : set(change.override);
    if (!found) findings_.gone(owner_, change.override);
  }

  void finish() {
    if (!renumbers_) return;
    renumber_synapses();
    renumber_fibers();
    erase_removed();
  }

 private:
  // To a subcircuit: "leg/hip" and "leg[*]/hip" reach all its copies, "leg[2]/hip" one.
  bool pass_on(const Change& change, std::string_view head, std::string_view rest) {
    std::string inside(rest);
    if (head.ends_with("[*]")) {
      head.remove_suffix(3);
    } else if (const auto indexed = split_indexed_name(head)) {
      head = indexed->base;
      inside = fmt::format("[{}]/{}", indexed->index, rest);
    }
    const auto found = circuits_.find(std::string(head));
    if (found == circuits_.end()) return false;
    Change passed = change;
    passed.override.target = std::move(inside);
    body_.pending[found->second].push_back(std::move(passed));
    return true;
  }

  bool remove(const std::string& id) {
    if (const auto neuron = neurons_.find(id); neuron != neurons_.end()) {
      const NeuronNode& node = body_.circuit.neurons[neuron->second];
      new_count_[neuron->second] = 0;
      body_.removed.insert({node.id, node.input_alias, node.output_alias});
      neurons_.erase(neuron);
    } else if (const auto circuit = circuits_.find(id); circuit != circuits_.end()) {
      removes_circuit_[circuit->second] = true;
      body_.removed.insert(id);
      circuits_.erase(circuit);
    } else {
      return false;
    }
    renumbers_ = true;
    return true;
  }

  bool set(const Override& override) {
    std::string problem;
    bool known = false;
    if (const auto neuron = neurons_.find(override.target); neuron != neurons_.end()) {
      NeuronNode& node = body_.circuit.neurons[neuron->second];
      known = override.property == "count" ? set_population(neuron->second, override, problem) : set_neuron(node, override, problem);
    } else if (const auto circuit = circuits_.find(override.target); circuit != circuits_.end()) {
      SubcircuitNode& node = body_.circuit.circuits[circuit->second];
      OrganNode* organ = organ_called(override.target);
      std::optional<Position>& position = organ != nullptr ? organ->position : node.position;
      known = set_place(position, override, problem) || (override.property == "count" && set_copies(node, override, problem)) ||
              set_seed(node, override, problem);
    } else if (override.target.ends_with(FLUX_SETTINGS)) {
      const std::string id = override.target.substr(0, override.target.size() - FLUX_SETTINGS.size());
      if (OrganNode* organ = organ_called(id)) {
        organ->settings = with_setting(organ->settings, override.property, override.value);
        known = true;
      } else if (GeneratorRule* rule = rule_of(id)) {
        known = set_generator(*rule, override, problem);
      } else {
        return false;
      }
    } else {
      return false;
    }
    report(override, known, problem);
    return true;
  }

  OrganNode* organ_called(const std::string& id) {
    std::vector<OrganNode>& organs = body_.circuit.organs;
    const auto organ = std::find_if(organs.begin(), organs.end(), [&](const OrganNode& some) { return some.id == id; });
    return organ == organs.end() || !circuits_.contains(id) ? nullptr : &*organ;
  }

  GeneratorRule* rule_of(const std::string& id) {
    const auto circuit = circuits_.find(id);
    if (circuit == circuits_.end()) return nullptr;
    SubcircuitNode& node = body_.circuit.circuits[circuit->second];
    return node.source == SubcircuitNode::Source::generator ? &node.generator : nullptr;
  }

  // Whether the value fits is found out when all are set.
  static bool set_generator(GeneratorRule& rule, const Override& override, std::string& problem) {
    if (const auto* number = std::get_if<std::int64_t>(&override.value)) {
      set_value(rule, {override.property, *number, override.place});
    } else if (const auto* word = std::get_if<std::string>(&override.value)) {
      set_value(rule, {override.property, *word, override.place});
    } else {
      problem = "must be a whole number or a word";
    }
    return true;
  }

  static bool set_seed(SubcircuitNode& node, const Override& override, std::string& problem) {
    if (override.property != "seed" || node.source != SubcircuitNode::Source::generator) return false;
    if (const auto seed = integer_of(override.value, 0, INT64_MAX, problem)) node.generator.seed = static_cast<std::uint64_t>(*seed);
    return true;
  }

  bool set_population(std::uint32_t node, const Override& override, std::string& problem) {
    if (body_.circuit.neurons[node].count == 0) {
      problem = "is set for a single neuron, which has no count";
    } else if (const auto count = integer_of(override.value, 1, FLUX_MAX_NEURONS, problem)) {
      new_count_[node] = static_cast<std::uint32_t>(*count);
      renumbers_ = true;
    }
    return true;
  }

  static bool set_copies(SubcircuitNode& node, const Override& override, std::string& problem) {
    if (node.count == 0) {
      problem = "is set for a single circuit, which has no count";
    } else if (const auto count = integer_of(override.value, 1, FLUX_MAX_NEURONS, problem)) {
      node.count = static_cast<std::uint32_t>(*count);
    }
    return true;
  }

  // False when no connection has these ends.
  bool apply_to_connections(const Override& override) {
    index_connections();
    const auto [first, last] = connections_.equal_range(override.target);
    bool known = false;
    std::string problem;
    for (auto entry = first; entry != last; ++entry) {
      const auto [is_fiber, place] = entry->second;
      known |= is_fiber ? set_fiber(body_.circuit.fibers[place], override, problem)
                        : set_synapse(body_.circuit.synapses[place], override, problem);
    }
    if (first != last) report(override, known, problem);
    return first != last;
  }

  void index_connections() {
    if (connections_indexed_) return;
    connections_indexed_ = true;
    const Circuit& circuit = body_.circuit;
    for (std::uint32_t i = 0; i < circuit.synapses.size(); ++i) {
      const SynapseNode& synapse = circuit.synapses[i];
      connections_.emplace(fmt::format("{}{}{}", end_path(circuit, first_of_node_, synapse.source), FLUX_BETWEEN_ENDS,
                                       end_path(circuit, first_of_node_, synapse.target)),
                           std::pair(false, i));
    }
    for (std::uint32_t i = 0; i < circuit.fibers.size(); ++i) {
      const Fiber& fiber = circuit.fibers[i];
      connections_.emplace(fmt::format("{}{}{}", side_name(fiber.sources), FLUX_BETWEEN_ENDS, side_name(fiber.targets)),
                           std::pair(true, i));
    }
  }

  // "a", or "a, b" of several.
  std::string side_name(const std::vector<std::uint32_t>& side) const {
    std::string name;
    for (const std::uint32_t node : side) {
      if (!name.empty()) name += ", ";
      name += side_path(body_.circuit, node);
    }
    return name;
  }

  void report(const Override& override, bool known, const std::string& problem) {
    const std::string name = fmt::format("\"{}.{}\"", override.target, override.property);
    if (!known) {
      findings_.add({true, Finding::Element::subcircuit, 0,
                     fmt::format("the override {} sets something that \"{}\" does not have", name, override.target),
                     "name one of its properties; docs/file-format.md lists them", owner_, override.place});
    } else if (!problem.empty()) {
      findings_.add({true, Finding::Element::subcircuit, 0, fmt::format("the override {} {}", name, problem), "change its value", owner_,
                     override.place});
    }
  }

  void renumber_synapses() {
    new_first_.assign(first_of_node_.size(), 0);
    for (std::size_t i = 0; i < new_count_.size(); ++i) new_first_[i + 1] = new_first_[i] + new_count_[i];
    std::vector<SynapseNode> kept;
    kept.reserve(body_.circuit.synapses.size());
    for (SynapseNode& synapse : body_.circuit.synapses) {
      if (renumber(synapse.source, synapse) && renumber(synapse.target, synapse)) kept.push_back(std::move(synapse));
    }
    body_.circuit.synapses = std::move(kept);
  }

  // False when the neuron is no longer there.
  bool renumber(NeuronIndex& end, const SynapseNode& synapse) {
    if (is_path(end)) return true;
    const auto after = std::upper_bound(first_of_node_.begin(), first_of_node_.end(), end);
    const auto node = static_cast<std::size_t>(after - first_of_node_.begin()) - 1;
    const std::uint32_t k = end - first_of_node_[node];
    if (k < new_count_[node]) {
      end = new_first_[node] + k;
      return true;
    }
    if (new_count_[node] > 0) {
      findings_.add({true, Finding::Element::synapse, 0,
                     fmt::format("a synapse names \"{}[{}]\", but an override leaves it {} neurons", body_.circuit.neurons[node].id, k,
                                 new_count_[node]),
                     "connect it with a fiber, or raise the count", owner_, synapse.place});
    }
    return false;
  }

  void renumber_fibers() {
    std::vector<std::uint32_t> new_place(new_count_.size());
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < new_count_.size(); ++i) new_place[i] = new_count_[i] == 0 ? next : next++;
    const auto renumber_side = [&](std::vector<std::uint32_t>& side) {
      std::erase_if(side, [&](std::uint32_t node) { return !is_path(node) && new_count_[node] == 0; });
      for (std::uint32_t& node : side) node = is_path(node) ? node : new_place[node];
      return !side.empty();
    };
    std::erase_if(body_.circuit.fibers, [&](Fiber& fiber) { return !renumber_side(fiber.sources) || !renumber_side(fiber.targets); });
  }

  void erase_removed() {
    Circuit& circuit = body_.circuit;
    std::vector<NeuronNode> neurons;
    for (std::size_t i = 0; i < circuit.neurons.size(); ++i) {
      if (new_count_[i] == 0) continue;
      if (circuit.neurons[i].count > 0) circuit.neurons[i].count = new_count_[i];
      neurons.push_back(std::move(circuit.neurons[i]));
    }
    std::vector<SubcircuitNode> circuits;
    std::vector<std::vector<Change>> pending;
    for (std::size_t i = 0; i < circuit.circuits.size(); ++i) {
      if (removes_circuit_[i]) continue;
      circuits.push_back(std::move(circuit.circuits[i]));
      pending.push_back(std::move(body_.pending[i]));
    }
    circuit.neurons = std::move(neurons);
    circuit.circuits = std::move(circuits);
    body_.pending = std::move(pending);
  }

  ReadyBody& body_;
  const std::string& owner_;
  Findings& findings_;
  std::vector<NeuronIndex> first_of_node_, new_first_;
  std::vector<std::uint32_t> new_count_;  // per neuron node; 0: removed
  std::vector<bool> removes_circuit_;
  bool renumbers_ = false;
  std::unordered_map<std::string, std::uint32_t> neurons_, circuits_;
  bool connections_indexed_ = false;
  std::unordered_multimap<std::string, std::pair<bool, std::uint32_t>> connections_;  // whether it is a fiber, and its number
};

}  // namespace

void apply_changes(ReadyBody& body, std::span<const Change> changes, const std::string& owner, Findings& findings) {
  ChangeApplier applier(body, owner, findings);
  for (const Change& change : changes) applier.apply(change);
  applier.finish();
  body.forget_index();
}

}  // namespace flux
