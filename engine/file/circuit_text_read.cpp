#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include "circuit/flatten.h"
#include "circuit/identifier.h"
#include "circuit/names.h"
#include "file/circuit_text.h"
#include "object_reader.h"
#include "suggest.h"

namespace flux {
namespace {

constexpr std::size_t FLUX_MAX_NAMES_COMPARED = 10000;  // for a suggestion
constexpr const char* FLUX_KERNEL_HELP = "write it as [[dx, dy, weight, length], ...]";

// "0.5ms" or "500us" as whole microseconds.
std::optional<std::uint32_t> parse_tick(std::string_view text) {
  std::uint32_t scale = 0;
  if (text.ends_with("ms")) scale = 1000;
  if (text.ends_with("us")) scale = 1;
  if (scale == 0) return std::nullopt;
  text.remove_suffix(2);

  std::uint32_t whole = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (error != std::errc{} || whole > 10000) return std::nullopt;
  std::uint32_t total = whole * scale;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  if (text.empty()) return total;
  if (text.front() != '.' || text.size() == 1) return std::nullopt;
  for (const char digit : text.substr(1)) {
    scale /= 10;
    if (digit < '0' || digit > '9' || (scale == 0 && digit != '0')) return std::nullopt;
    total += static_cast<std::uint32_t>(digit - '0') * scale;
  }
  return total;
}

// Makes the circuit of a tree. Elements are read even after a problem, so that all problems are found at once.
class CircuitReader {
 public:
  explicit CircuitReader(const JsonTree& tree) : tree_(tree) {}

  Circuit& circuit() { return circuit_; }
  ProblemList& problems() { return problems_; }
  // Where the text has the element that a finding is about.
  std::uint64_t offset_of(const Finding& finding) const {
    switch (finding.element) {
      case Finding::Element::neuron:
        return neuron_offsets_[finding.index];
      case Finding::Element::synapse:
        return synapse_offsets_[finding.index];
      case Finding::Element::fiber:
        return fiber_offsets_[finding.index];
      case Finding::Element::circuit:
        break;
    }
    return tree_.root().offset();
  }

  void read() {
    ObjectReader object(problems_, tree_.root(), "a circuit");
    if (tree_.root().kind() != JsonKind::object || !read_version(object)) return;
    circuit_.title = object.take_string("title").value_or("");
    circuit_.description = object.take_string("description").value_or("");
    if (const auto settings = object.take("settings")) read_settings(*settings);
    const auto neurons = object.take("neurons"), synapses = object.take("synapses"), fibers = object.take("fibers");
    object.finish();

    read_list(neurons, "neurons", circuit_.neurons, neuron_offsets_, [this](const JsonValue& value) { return read_neuron(value); });
    if (!index_names()) return;
    read_list(synapses, "synapses", circuit_.synapses, synapse_offsets_, [this](const JsonValue& value) { return read_synapse(value); });
    read_list(fibers, "fibers", circuit_.fibers, fiber_offsets_, [this](const JsonValue& value) { return read_fiber(value); });
    read_head_comment();
  }

 private:
  bool read_version(ObjectReader& object) {
    const auto version = object.take("flux");
    if (!version) {
      problems_.add(tree_.root(), "this is not a FLUX circuit: \"flux\" is missing", "begin it with \"flux\": 1");
      return false;
    }
    if (version->kind() == JsonKind::integer && version->integer() == FLUX_TEXT_VERSION) return true;
    problems_.add(*version, "the version of this circuit is not one this program knows",
                  "\"flux\" must be 1; a higher number needs a newer program");
    return false;
  }

  void read_settings(const JsonValue& value) {
    ObjectReader object(problems_, value, "settings");
    NetworkSettings& settings = circuit_.settings;
    settings.seed = object.take_unsigned("seed").value_or(settings.seed);
    if (const auto tick = object.take("tick")) {
      const auto text = object.string_of(*tick, "tick");
      const auto microseconds = text ? parse_tick(*text) : std::nullopt;
      if (microseconds && *microseconds >= 100 && *microseconds <= 10000) {
        settings.tick_microseconds = *microseconds;
      } else if (text) {
        problems_.add(*tick, fmt::format("\"{}\" is not a duration from 0.1ms to 10ms", *text),
                      "write it like \"1ms\", \"0.5ms\" or \"500us\"");
      }
    }
    object.take_integers<NetworkSettings>(FLUX_NOISE_FIELDS, settings);
    object.finish();
  }

  NeuronNode read_neuron(const JsonValue& value) {
    NeuronNode node;
    ObjectReader object(problems_, value, "a neuron");
    if (const auto id = object.take_required("id")) node.id = object.string_of(*id, "id").value_or("");
    node.count = static_cast<std::uint32_t>(object.take_integer("count", 1, FLUX_MAX_NEURONS).value_or(0));
    node.width = static_cast<std::uint32_t>(object.take_integer("width", 1, FLUX_MAX_NEURONS).value_or(0));
    object.take_integers<NeuronProperties>(FLUX_NEURON_FIELDS, node.properties);
    if (const auto targets = object.take_choice("modulates", FLUX_MODULATES)) {
      node.properties.modulation_targets = static_cast<std::uint8_t>(*targets);
    }
    node.input_alias = object.take_string("inputAlias").value_or("");
    node.input_description = object.take_string("inputDescription").value_or("");
    node.output_alias = object.take_string("outputAlias").value_or("");
    node.output_description = object.take_string("outputDescription").value_or("");
    node.position = object.take_position("position");
    object.finish();
    return node;
  }

  SynapseNode read_synapse(const JsonValue& value) {
    SynapseNode synapse;
    ObjectReader object(problems_, value, "a synapse");
    synapse.source = read_end(object, "from");
    synapse.target = read_end(object, "to");
    read_type(object, synapse.properties);
    object.take_integers<SynapseProperties>(FLUX_SYNAPSE_FIELDS, synapse.properties);
    object.take_integers<SynapseProperties>(FLUX_LEARNING_FIELDS, synapse.properties);
    synapse.long_term = static_cast<std::int16_t>(object.take_integer("longTerm", -FLUX_MAX_LONG_TERM, FLUX_MAX_LONG_TERM).value_or(0));
    object.finish();
    return synapse;
  }

  Fiber read_fiber(const JsonValue& value) {
    Fiber fiber;
    ObjectReader object(problems_, value, "a fiber");
    fiber.sources = read_side(object, "from");
    fiber.targets = read_side(object, "to");
    if (object.take_required("rule")) read_rule(object, fiber);
    fiber.allow_self = object.take_boolean("allowSelf").value_or(false);
    read_type(object, fiber.properties);
    if (fiber.rule != FiberRule::kernel) {
      fiber.weight = object.take_range("weight", FLUX_MIN_WEIGHT, FLUX_MAX_WEIGHT).value_or(fiber.weight);
      fiber.length = object.take_range("length", FLUX_MIN_LENGTH, FLUX_MAX_LENGTH).value_or(fiber.length);
    }
    object.take_integers<SynapseProperties>(FLUX_LEARNING_FIELDS, fiber.properties);
    fiber.seed = object.take_unsigned("seed");
    object.finish();
    return fiber;
  }

  void read_rule(ObjectReader& object, Fiber& fiber) {
    const auto rule = object.take_choice("rule", FLUX_FIBER_RULES);
    if (!rule) return refuse_members(object, {"fanout", "probability", "radius", "kernel", "wrap"}, {});
    fiber.rule = static_cast<FiberRule>(*rule);
    switch (fiber.rule) {
      case FiberRule::one_to_one:
      case FiberRule::all_to_all:
        return refuse_members(object, {"fanout", "probability", "radius", "kernel", "wrap"}, FLUX_FIBER_RULES[*rule]);
      case FiberRule::random_probability:
        if (object.take_required("probability")) read_probability(object, fiber);
        return refuse_members(object, {"fanout", "radius", "kernel", "wrap"}, FLUX_FIBER_RULES[*rule]);
      case FiberRule::random_fanout:
        if (object.take_required("fanout")) read_fanout(object, fiber);
        return refuse_members(object, {"probability", "radius", "kernel", "wrap"}, FLUX_FIBER_RULES[*rule]);
      case FiberRule::distance:
        return read_distance(object, fiber);
      case FiberRule::kernel:
        return read_kernel(object, fiber);
    }
  }

  void read_fanout(ObjectReader& object, Fiber& fiber) {
    fiber.fanout = static_cast<std::uint32_t>(object.take_integer("fanout", 1, FLUX_MAX_NEURONS).value_or(1));
  }

  void read_probability(ObjectReader& object, Fiber& fiber) {
    const auto value = object.take("probability");
    fiber.probability = object.take_number("probability").value_or(0);
    if (fiber.probability >= 0 && fiber.probability <= 1) return;
    problems_.add(*value, fmt::format("\"probability\" of {} is outside 0..1", fiber.probability), "use 0 to 1");
  }

  void read_distance(ObjectReader& object, Fiber& fiber) {
    if (object.take_required("radius")) {
      fiber.radius = static_cast<std::uint32_t>(object.take_integer("radius", 1, FLUX_MAX_RADIUS).value_or(1));
    }
    const auto fanout = object.take("fanout"), probability = object.take("probability");
    if (fanout) {
      read_fanout(object, fiber);
      if (probability) problems_.add(*probability, "a fiber by distance has a fanout or a probability, not both", "keep one of them");
    } else if (object.take_required("probability")) {
      read_probability(object, fiber);
    }
    fiber.wrap = object.take_boolean("wrap").value_or(false);
    refuse_members(object, {"kernel"}, "distance");
  }

  void read_kernel(ObjectReader& object, Fiber& fiber) {
    fiber.wrap = object.take_boolean("wrap").value_or(false);
    refuse_members(object, {"fanout", "probability", "radius", "weight", "length"}, "kernel");
    const auto list = object.take_required("kernel");
    if (!list) return;
    if (list->kind() != JsonKind::array) {
      return problems_.add(*list, fmt::format("\"kernel\" must be a list, not {}", kind_name(list->kind())), FLUX_KERNEL_HELP);
    }
    for (const JsonValue value : list->children()) {
      if (const auto offset = read_kernel_offset(object, value)) fiber.kernel.push_back(*offset);
    }
  }

  std::optional<KernelOffset> read_kernel_offset(ObjectReader& object, const JsonValue& value) {
    if (value.kind() != JsonKind::array || value.count() != 4) {
      problems_.add(value, "an offset of a kernel must be a list of four numbers", FLUX_KERNEL_HELP);
      return std::nullopt;
    }
    static constexpr std::array<std::pair<std::int64_t, std::int64_t>, 4> ranges = {{{-FLUX_MAX_OFFSET, FLUX_MAX_OFFSET},
                                                                                     {-FLUX_MAX_OFFSET, FLUX_MAX_OFFSET},
                                                                                     {FLUX_MIN_WEIGHT, FLUX_MAX_WEIGHT},
                                                                                     {FLUX_MIN_LENGTH, FLUX_MAX_LENGTH}}};
    std::array<std::int32_t, 4> numbers{};
    std::size_t i = 0;
    for (const JsonValue element : value.children()) {
      const auto number = object.integer_in(element, "kernel", ranges[i].first, ranges[i].second);
      if (!number) return std::nullopt;
      numbers[i++] = static_cast<std::int32_t>(*number);
    }
    return KernelOffset{numbers[0], numbers[1], numbers[2], numbers[3]};
  }

  // Reports the members that the rule has no use for; with no rule given, only takes note of them.
  void refuse_members(ObjectReader& object, std::initializer_list<std::string_view> keys, std::string_view rule) {
    for (const std::string_view key : keys) {
      const auto value = object.take(key);
      if (value && !rule.empty()) {
        problems_.add(*value, fmt::format("\"{}\" says nothing to the rule \"{}\"", key, rule), "remove it, or use another rule");
      }
    }
  }

  void read_type(ObjectReader& object, SynapseProperties& properties) {
    if (const auto type = object.take_choice("type", FLUX_SYNAPSE_TYPES)) properties.type = static_cast<SynapseType>(*type);
  }

  // One end of a synapse: "id" or "id[k]".
  NeuronIndex read_end(ObjectReader& object, std::string_view key) {
    const auto value = object.take_required(key);
    const auto name = value ? object.string_of(*value, key) : std::nullopt;
    if (!name) return 0;
    const auto indexed = split_indexed_name(*name);
    const auto entry = node_by_id_.find(indexed ? indexed->base : *name);
    if (entry == node_by_id_.end()) {
      report_unknown(*value, indexed ? indexed->base : *name);
      return 0;
    }
    const NeuronNode& node = circuit_.neurons[entry->second];
    const NeuronIndex first = first_of_node_[entry->second];
    if (node.count == 0 && indexed) {
      problems_.add(*value, fmt::format("\"{}\" is a single neuron", node.id),
                    fmt::format("write \"{}\" without [{}]", node.id, indexed->index));
    } else if (node.count > 0 && !indexed) {
      problems_.add(*value, fmt::format("\"{}\" is a population of {} neurons", node.id, node.count),
                    fmt::format("name one of them, \"{}[0]\" to \"{}[{}]\", or use a fiber", node.id, node.id, node.count - 1));
    } else if (indexed && indexed->index >= node.count) {
      problems_.add(*value, fmt::format("\"{}\" has no neuron {}", node.id, indexed->index),
                    fmt::format("it has \"{}[0]\" to \"{}[{}]\"", node.id, node.id, node.count - 1));
    }
    return first + (indexed ? indexed->index : 0);
  }

  // One side of a fiber: an id or a list of ids.
  std::vector<std::uint32_t> read_side(ObjectReader& object, std::string_view key) {
    std::vector<std::uint32_t> nodes;
    const auto value = object.take_required(key);
    if (!value) return nodes;
    const auto add = [&](const JsonValue& element) {
      const auto id = object.string_of(element, key);
      if (!id) return;
      const auto entry = node_by_id_.find(*id);
      if (entry == node_by_id_.end()) return report_unknown(element, *id);
      nodes.push_back(entry->second);
    };
    if (value->kind() != JsonKind::array) {
      add(*value);
    } else {
      for (const JsonValue element : value->children()) add(element);
    }
    return nodes;
  }

  void report_unknown(const JsonValue& value, std::string_view name) {
    std::vector<std::string_view> ids;
    for (std::size_t i = 0; i < circuit_.neurons.size() && i < FLUX_MAX_NAMES_COMPARED; ++i) ids.push_back(circuit_.neurons[i].id);
    problems_.add(value, fmt::format("there is no neuron \"{}\"", name), did_you_mean(name, ids, "add it under \"neurons\""));
  }

  // False when there are too many neurons to number.
  bool index_names() {
    std::uint64_t total = 0;
    node_by_id_.reserve(circuit_.neurons.size());
    for (std::uint32_t i = 0; i < circuit_.neurons.size(); ++i) {
      node_by_id_.emplace(circuit_.neurons[i].id, i);
      total += circuit_.neurons[i].size();
    }
    if (total > FLUX_MAX_NEURONS) {
      problems_.add(tree_.root(), fmt::format("{} neurons are more than the limit of {}", total, FLUX_MAX_NEURONS),
                    "make populations smaller");
      return false;
    }
    first_of_node_ = first_neurons(circuit_);
    return true;
  }

  template <class Element, class ReadElement>
  void read_list(const std::optional<JsonValue>& list, std::string_view key, std::vector<Element>& elements,
                 std::vector<std::uint32_t>& offsets, const ReadElement& read_element) {
    if (!list) return;
    if (list->kind() != JsonKind::array) {
      problems_.add(*list, fmt::format("\"{}\" must be a list, not {}", key, kind_name(list->kind())), "write it as [ ... ]");
      return;
    }
    elements.reserve(list->count());
    offsets.reserve(list->count());
    std::uint64_t comments_from = list->offset();
    for (auto it = list->children().begin(), end = list->children().end(); it != end && !problems_.full();) {
      const JsonValue value = *it;
      ++it;
      elements.push_back(read_element(value));
      offsets.push_back(value.offset());
      const std::uint64_t comments_end = it != end ? end_of_comments(value, *it) : list->end_offset();
      elements.back().comment = joined(tree_.comments(comments_from, comments_end));
      comments_from = comments_end;
    }
    if (!elements.empty()) lists_.push_back({list->offset(), list->end_offset()});
  }

  // Comments on the line on which an element ends belong to it, later ones to the next.
  std::uint64_t end_of_comments(const JsonValue& value, const JsonValue& next) const {
    if (value.kind() != JsonKind::object) return next.offset();
    return std::min<std::uint64_t>(tree_.text().find('\n', value.end_offset()), next.offset());
  }

  // All comments that belong to no element.
  void read_head_comment() {
    std::sort(lists_.begin(), lists_.end());
    std::vector<JsonComment> comments;
    std::uint64_t from = 0;
    const auto add_until = [&](std::uint64_t end) {
      const auto more = tree_.comments(from, end);
      comments.insert(comments.end(), more.begin(), more.end());
    };
    for (const auto& [begin, end] : lists_) {
      add_until(begin);
      from = end;
    }
    add_until(tree_.text().size());
    circuit_.comment = joined(comments);
  }

  static std::string joined(const std::vector<JsonComment>& comments) {
    std::string text;
    for (const JsonComment& comment : comments) {
      if (&comment != comments.data()) text += '\n';
      text += comment.text;
    }
    text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
    return text;
  }

  const JsonTree& tree_;
  Circuit circuit_;
  ProblemList problems_;
  std::unordered_map<std::string_view, std::uint32_t> node_by_id_;
  std::vector<NeuronIndex> first_of_node_;
  std::vector<std::uint32_t> neuron_offsets_, synapse_offsets_, fiber_offsets_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> lists_;  // begin and end of each list whose elements own its comments
};

enum class Warnings : std::uint8_t { wanted, ignored };

InspectedText inspect(std::string_view text, const std::string& file_name, Warnings warnings) {
  InspectedText result;
  TextPlaces places(text);
  const auto report = [&](Diagnostic::Severity severity, const JsonProblem& problem) {
    const TextPlaces::Place place = places.find(problem.offset);
    result.diagnostics.push_back({severity, file_name, place.line, place.column, problem.what, problem.fix});
  };
  const auto sort_by_place = [](std::vector<JsonProblem>& problems) {
    std::stable_sort(problems.begin(), problems.end(), [](const JsonProblem& a, const JsonProblem& b) { return a.offset < b.offset; });
  };

  JsonTree tree;
  if (const auto problem = tree.parse(text)) {
    report(Diagnostic::Severity::error, *problem);
    return result;
  }
  CircuitReader reader(tree);
  reader.read();
  if (reader.problems().any()) {
    sort_by_place(reader.problems().list());
    for (const JsonProblem& problem : reader.problems().list()) report(Diagnostic::Severity::error, problem);
    return result;
  }

  bool sound = true;
  std::vector<Finding> findings = warnings == Warnings::wanted ? check(reader.circuit()) : check_errors(reader.circuit());
  std::stable_sort(findings.begin(), findings.end(),
                   [&](const Finding& a, const Finding& b) { return reader.offset_of(a) < reader.offset_of(b); });
  for (Finding& finding : findings) {
    sound &= !finding.is_error;
    report(finding.is_error ? Diagnostic::Severity::error : Diagnostic::Severity::warning,
           {reader.offset_of(finding), std::move(finding.what), std::move(finding.fix)});
  }
  if (sound) result.circuit = std::move(reader.circuit());
  return result;
}

}  // namespace

InspectedText inspect_circuit_text(std::string_view text, const std::string& file_name) {
  return inspect(text, file_name, Warnings::wanted);
}

Result<Circuit> parse_circuit_text(std::string_view text, const std::string& file_name) {
  InspectedText inspected = inspect(text, file_name, Warnings::ignored);
  if (inspected.circuit) return *std::move(inspected.circuit);
  return inspected.diagnostics.front().to_error();
}

}  // namespace flux
