#include "element_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <unordered_set>

#include "circuit/environment.h"
#include "circuit/repeated.h"
#include "graph/graph.h"

namespace flux {
namespace {

constexpr const char* FLUX_KERNEL_HELP = "write it as [[dx, dy, weight, length], ...]";
constexpr double FLUX_WHOLE = 1e16;  // numbers without fraction below it are written as whole ones

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

}  // namespace

NetworkSettings ElementReader::settings(const JsonValue& value) {
  ObjectReader object(problems_, value, "settings");
  NetworkSettings settings;
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
  return settings;
}

Environment ElementReader::environment(const JsonValue& value) {
  Environment environment;
  if (value.kind() != JsonKind::object) {
    problems_.add(value, fmt::format("\"environment\" must be an object, not {}", kind_name(value.kind())), "write it as {\"SPEED\": 3}");
    return environment;
  }
  std::optional<JsonValue> key;
  for (const JsonValue member : value.children()) {
    if (!key) {
      key = member;
      continue;
    }
    const std::string name(key->string());
    const auto read = override_value(member);
    if (const auto problem = variable_name_problem(name)) {
      problems_.add(*key, fmt::format("the name of the environment variable \"{}\" {}", name, *problem),
                    "name it with letters, digits and _, like SPEED");
    } else if (environment.contains(name)) {
      problems_.add(*key, fmt::format("\"{}\" is given twice", name), "remove one of them");
    } else if (const auto* whole = read ? std::get_if<std::int64_t>(&*read) : nullptr) {
      environment.emplace(name, *whole);
    } else if (const auto* real = read ? std::get_if<double>(&*read) : nullptr) {
      environment.emplace(name, *real);
    } else if (const auto* text = read ? std::get_if<std::string>(&*read) : nullptr) {
      environment.emplace(name, *text);
    } else {
      problems_.add(member, fmt::format("\"{}\" must be a number or text in quotes, not {}", name, kind_name(member.kind())), "");
    }
    key.reset();
  }
  return environment;
}

NeuronNode ElementReader::neuron(const JsonValue& value) {
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
  node.extent = object.take_position("size");
  object.finish();
  return node;
}

void ElementReader::synapse(ObjectReader& object, SynapseNode& synapse) {
  read_type(object, synapse.properties);
  object.take_integers<SynapseProperties>(FLUX_SYNAPSE_FIELDS, synapse.properties);
  object.take_integers<SynapseProperties>(FLUX_LEARNING_FIELDS, synapse.properties);
  synapse.long_term = static_cast<std::int16_t>(object.take_integer("longTerm", -FLUX_MAX_LONG_TERM, FLUX_MAX_LONG_TERM).value_or(0));
}

void ElementReader::fiber(ObjectReader& object, Fiber& fiber) {
  if (object.take_required("rule")) read_rule(object, fiber);
  fiber.allow_self = object.take_boolean("allowSelf").value_or(false);
  read_type(object, fiber.properties);
  if (fiber.rule != FiberRule::kernel) {
    fiber.weight = object.take_range("weight", FLUX_MIN_WEIGHT, FLUX_MAX_WEIGHT).value_or(fiber.weight);
    fiber.length = object.take_range("length", FLUX_MIN_LENGTH, FLUX_MAX_LENGTH).value_or(fiber.length);
  }
  object.take_integers<SynapseProperties>(FLUX_LEARNING_FIELDS, fiber.properties);
  fiber.seed = object.take_unsigned("seed");
  if (const auto number = object.take_integer("number", 0, UINT32_MAX)) fiber.number = static_cast<std::uint32_t>(*number);
}

CanvasComment ElementReader::comment(const JsonValue& value) {
  CanvasComment comment;
  ObjectReader object(problems_, value, "a comment");
  comment.text = object.take_string("text").value_or("");
  comment.author = object.take_string("author").value_or("");
  if (const auto thread = object.take("thread"); thread && is_list(*thread, "thread")) {
    for (const JsonValue reply : thread->children()) {
      ObjectReader line(problems_, reply, "a reply");
      const std::string author = line.take_string("author").value_or("");
      comment.thread.push_back({author, line.take_string("text").value_or("")});
      line.finish();
    }
  }
  comment.resolved = object.take_boolean("resolved").value_or(false);
  comment.position = object.take_position("position");
  comment.extent = object.take_position("size");
  object.finish();
  return comment;
}

GeneratorRule ElementReader::generator(ObjectReader& object) {
  GeneratorRule rule;
  rule.name = object.take_string("generator").value_or("");
  const auto settings = object.take("settings"), seed = object.take("seed");
  rule.seed = object.take_unsigned("seed");
  for (const auto& [value, key] : {std::pair(settings, "settings"), std::pair(seed, "seed")}) {
    if (value && rule.name.empty()) {
      problems_.add(*value, fmt::format("\"{}\" says nothing without \"generator\"", key), "remove it, or name the generator");
    }
  }
  if (!settings) return rule;
  if (settings->kind() != JsonKind::object) {
    problems_.add(*settings, fmt::format("\"settings\" must be an object, not {}", kind_name(settings->kind())),
                  "write it as {\"neurons\": 200}");
    return rule;
  }
  std::optional<JsonValue> key;
  for (const JsonValue value : settings->children()) {
    if (!key) {
      key = value;
      continue;
    }
    GeneratorValue setting{std::string(key->string()), std::int64_t{0}, {key->offset()}};
    const auto read = override_value(value);
    if (const auto* number = read ? std::get_if<std::int64_t>(&*read) : nullptr) {
      setting.value = *number;
    } else if (const auto* word = read ? std::get_if<std::string>(&*read) : nullptr) {
      setting.value = *word;
    } else {
      problems_.add(value, fmt::format("\"{}\" must be a whole number or a word in quotes, not {}", setting.name, kind_name(value.kind())),
                    "");
    }
    rule.settings.push_back(std::move(setting));
    key.reset();
  }
  return rule;
}

Changes ElementReader::changes(ObjectReader& object) {
  Changes changes;
  if (const auto removes = object.take("remove"); removes && is_list(*removes, "remove")) {
    for (const JsonValue path : removes->children()) {
      if (const auto text = object.string_of(path, "remove")) changes.removes.emplace_back(*text);
    }
  }
  const auto set = object.take("set");
  if (!set) return changes;
  if (set->kind() != JsonKind::object) {
    problems_.add(*set, fmt::format("\"set\" must be an object, not {}", kind_name(set->kind())), "write it as {\"hip.threshold\": 60}");
    return changes;
  }
  std::unordered_set<std::string_view> keys;
  std::optional<JsonValue> key;
  for (const JsonValue value : set->children()) {
    if (!key) {
      key = value;
      continue;
    }
    if (!keys.insert(key->string()).second) problems_.add(*key, fmt::format("\"{}\" is given twice", key->string()), "remove one of them");
    read_override(*key, value, changes);
    key.reset();
  }
  return changes;
}

void ElementReader::read_override(const JsonValue& key, const JsonValue& value, Changes& changes) {
  const std::string_view name = key.string();
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size()) {
    return problems_.add(key, fmt::format("\"{}\" names no property", name), "write it as \"hip.threshold\": a path, a dot, a property");
  }
  const auto read = override_value(value);
  if (!read) {
    return problems_.add(
        value, fmt::format("\"{}\" must be a number, text in quotes, true, false, or a list of the lowest and the highest", name), "");
  }
  Override override{std::string(name.substr(0, dot)), std::string(name.substr(dot + 1)), *read, {}};
  override.place.offset = key.offset();
  changes.overrides.push_back(std::move(override));
}

std::optional<OverrideValue> ElementReader::override_value(const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::integer:
      return value.integer();
    case JsonKind::real:
      if (std::abs(value.real()) < FLUX_WHOLE && std::floor(value.real()) == value.real()) return static_cast<std::int64_t>(value.real());
      return value.real();
    case JsonKind::boolean:
      return value.boolean();
    case JsonKind::string:
      return std::string(value.string());
    case JsonKind::array: {
      std::vector<std::int32_t> ends;
      for (const JsonValue end : value.children()) {
        if (end.kind() != JsonKind::integer || end.integer() < INT32_MIN || end.integer() > INT32_MAX) return std::nullopt;
        ends.push_back(static_cast<std::int32_t>(end.integer()));
      }
      return ends.size() == 2 ? std::optional<OverrideValue>(Range{ends[0], ends[1]}) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

bool ElementReader::is_list(const JsonValue& value, std::string_view key) {
  if (value.kind() == JsonKind::array) return true;
  problems_.add(value, fmt::format("\"{}\" must be a list, not {}", key, kind_name(value.kind())), "write it as [ ... ]");
  return false;
}

void ElementReader::read_rule(ObjectReader& object, Fiber& fiber) {
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

void ElementReader::read_fanout(ObjectReader& object, Fiber& fiber) {
  fiber.fanout = static_cast<std::uint32_t>(object.take_integer("fanout", 1, FLUX_MAX_NEURONS).value_or(1));
}

void ElementReader::read_probability(ObjectReader& object, Fiber& fiber) {
  const auto value = object.take("probability");
  fiber.probability = object.take_number("probability").value_or(0);
  if (fiber.probability >= 0 && fiber.probability <= 1) return;
  problems_.add(*value, fmt::format("\"probability\" of {} is outside 0..1", fiber.probability), "use 0 to 1");
}

void ElementReader::read_distance(ObjectReader& object, Fiber& fiber) {
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

void ElementReader::read_kernel(ObjectReader& object, Fiber& fiber) {
  fiber.wrap = object.take_boolean("wrap").value_or(false);
  refuse_members(object, {"fanout", "probability", "radius", "weight", "length"}, "kernel");
  fiber.kernel = read_kernel_list(object);
}

std::vector<KernelOffset> ElementReader::read_kernel_list(ObjectReader& object) {
  std::vector<KernelOffset> kernel;
  const auto list = object.take_required("kernel");
  if (!list) return kernel;
  if (list->kind() != JsonKind::array) {
    problems_.add(*list, fmt::format("\"kernel\" must be a list, not {}", kind_name(list->kind())), FLUX_KERNEL_HELP);
    return kernel;
  }
  for (const JsonValue value : list->children()) {
    if (const auto offset = read_kernel_offset(object, value)) kernel.push_back(*offset);
  }
  return kernel;
}

Repeat ElementReader::repeat(const JsonValue& value, std::uint32_t& count, std::optional<JsonValue>& neighbours) {
  Repeat repeat;
  ObjectReader object(problems_, value, "a repetition");
  if (value.kind() != JsonKind::object) return repeat;
  if (object.take_required("layout")) {
    repeat.layout = static_cast<Repeat::Layout>(object.take_choice("layout", FLUX_LAYOUTS).value_or(0));
  }
  if (repeat.layout == Repeat::Layout::line || repeat.layout == Repeat::Layout::ring) {
    if (object.take_required("count")) {
      count = static_cast<std::uint32_t>(object.take_integer("count", 1, FLUX_MAX_REPEATED).value_or(1));
    }
  } else if (object.take_required("width") && object.take_required("height")) {
    repeat.width = static_cast<std::uint32_t>(object.take_integer("width", 1, FLUX_MAX_REPEATED).value_or(1));
    const auto height = object.take("height");
    const std::int64_t rows = object.take_integer("height", 1, FLUX_MAX_REPEATED).value_or(1);
    if (rows * repeat.width > FLUX_MAX_REPEATED) {
      problems_.add(*height, fmt::format("{} instances are more than the limit of {}", rows * repeat.width, FLUX_MAX_REPEATED),
                    "make the sheet smaller");
    } else {
      count = static_cast<std::uint32_t>(rows) * repeat.width;
    }
    repeat.wrap = object.take_boolean("wrap").value_or(false);
  }
  neighbours = object.take("neighbours");
  object.finish();
  return repeat;
}

NeighbourFiber ElementReader::neighbour(const JsonValue& value) {
  NeighbourFiber fiber;
  ObjectReader object(problems_, value, "a neighbour fiber");
  if (const auto from = object.take_required("from")) fiber.source = object.string_of(*from, "from").value_or("");
  if (const auto to = object.take_required("to")) fiber.target = object.string_of(*to, "to").value_or("");
  fiber.kernel = read_kernel_list(object);
  read_type(object, fiber.properties);
  object.take_integers<SynapseProperties>(FLUX_LEARNING_FIELDS, fiber.properties);
  object.finish();
  return fiber;
}

std::optional<KernelOffset> ElementReader::read_kernel_offset(ObjectReader& object, const JsonValue& value) {
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
void ElementReader::refuse_members(ObjectReader& object, std::initializer_list<std::string_view> keys, std::string_view rule) {
  for (const std::string_view key : keys) {
    const auto value = object.take(key);
    if (value && !rule.empty()) {
      problems_.add(*value, fmt::format("\"{}\" says nothing to the rule \"{}\"", key, rule), "remove it, or use another rule");
    }
  }
}

void ElementReader::read_type(ObjectReader& object, SynapseProperties& properties) {
  if (const auto type = object.take_choice("type", FLUX_SYNAPSE_TYPES)) properties.type = static_cast<SynapseType>(*type);
}

}  // namespace flux
