#include <algorithm>

#include "circuit/names.h"
#include "circuit/schema.h"
#include "file/circuit_text.h"
#include "file/element_text.h"
#include "file/json_tree.h"
#include "fmt/format.h"

namespace flux {
namespace {

void append_comment(std::string& out, std::string_view indent, std::string_view comment) {
  while (!comment.empty()) {
    const std::size_t end = std::min(comment.find('\n'), comment.size());
    out += indent;
    out += end == 0 ? "//" : "// ";
    out += comment.substr(0, end);
    out += '\n';
    if (end == comment.size()) return;
    comment.remove_prefix(end + 1);
    if (comment.empty()) (out += indent) += "//\n";
  }
}

void append_strings(std::string& out, const std::vector<std::string>& strings) {
  out += '[';
  for (std::size_t i = 0; i < strings.size(); ++i) {
    if (i > 0) out += ", ";
    append_json_string(out, strings[i]);
  }
  out += ']';
}

// An object on one line: the members that differ from their defaults.
class ObjectLine {
 public:
  explicit ObjectLine(std::string& out) : out_(out) { out_ += '{'; }

  void close() { out_ += '}'; }
  void raw(std::string_view key, std::string_view value) { begin(key) += value; }
  void integer(std::string_view key, std::int64_t value) { fmt::format_to(std::back_inserter(begin(key)), "{}", value); }
  void string(std::string_view key, std::string_view value) { append_json_string(begin(key), value); }
  void string_if_any(std::string_view key, std::string_view value) {
    if (!value.empty()) string(key, value);
  }
  void choice(std::string_view key, std::span<const std::string_view> words, std::size_t value) { string(key, words[value]); }

  template <class Object>
  void integers(std::span<const IntegerField<Object>> fields, const Object& object) {
    for (const auto& field : fields) {
      if (field.get(object) != field.when_absent(object)) integer(field.key, field.get(object));
    }
  }

  void range(std::string_view key, const Range& range, const Range& when_absent) {
    if (range == when_absent) return;
    if (range.low == range.high) return integer(key, range.low);
    fmt::format_to(std::back_inserter(begin(key)), "[{}, {}]", range.low, range.high);
  }

  void point(std::string_view key, const std::optional<Position>& point) {
    if (point) raw(key, fmt::format("[{}, {}]", json_number(point->x), json_number(point->y)));
  }
  void strings(std::string_view key, const std::vector<std::string>& strings) { append_strings(begin(key), strings); }
  template <class Node>
  void place(const Node& node) {
    point("position", node.position);
    point("size", node.extent);
  }

  std::string& begin(std::string_view key) {
    if (any_) out_ += ", ";
    any_ = true;
    append_json_string(out_, key);
    return out_ += ": ";
  }

 private:
  std::string& out_;
  bool any_ = false;
};

void append_value(std::string& out, const OverrideValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    fmt::format_to(std::back_inserter(out), "{}", *number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    out += json_number(*real);
  } else if (const auto* truth = std::get_if<bool>(&value)) {
    out += *truth ? "true" : "false";
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    append_json_string(out, *text);
  } else if (const auto* range = std::get_if<Range>(&value)) {
    fmt::format_to(std::back_inserter(out), "[{}, {}]", range->low, range->high);
  }
}

void append_changes(ObjectLine& line, const Changes& changes) {
  if (!changes.removes.empty()) line.strings("remove", changes.removes);
  if (changes.overrides.empty()) return;
  std::string& out = line.begin("set");
  ObjectLine set(out);
  for (const Override& override : changes.overrides) append_value(set.begin(override.target + "." + override.property), override.value);
  set.close();
}

void append_rule(ObjectLine& line, const GeneratorRule& rule) {
  if (rule.name.empty()) return;
  line.string("generator", rule.name);
  if (!rule.settings.empty()) {
    ObjectLine settings(line.begin("settings"));
    for (const GeneratorValue& setting : rule.settings) {
      std::visit([&](const auto& some) { append_value(settings.begin(setting.name), OverrideValue(some)); }, setting.value);
    }
    settings.close();
  }
  if (rule.seed) line.raw("seed", fmt::format("{}", *rule.seed));
}

void append_name(ObjectLine& line, std::string_view name_key, std::string_view version_key, const PrototypeName& name) {
  if (name.name.empty()) return;
  line.string(name_key, name.name);
  if (name.version != 0) line.integer(version_key, name.version);
}

std::string& begin_line(std::string& out, std::string_view indent, std::string_view key) {
  (out += ",\n") += indent;
  append_json_string(out, key);
  return out += ": ";
}

// A list with one element a line, and its comments. Nothing when it is empty.
template <class Element, class WriteElement>
void write_list(std::string& out, const std::string& indent, std::string_view key, const std::vector<Element>& elements,
                const WriteElement& write_element) {
  if (elements.empty()) return;
  begin_line(out, indent, key) += "[\n";
  const std::string inner = indent + "  ";
  for (std::size_t i = 0; i < elements.size(); ++i) {
    append_comment(out, inner, elements[i].comment);
    out += inner;
    write_element(elements[i]);
    out += i + 1 == elements.size() ? "\n" : ",\n";
  }
  (out += indent) += ']';
}

// Writes the lists of one circuit; those of circuits inside it are written by others of its kind.
class BodyWriter {
 public:
  // `indent`: of the lists.
  BodyWriter(std::string& out, const Circuit& circuit, std::string indent)
      : out_(out), circuit_(circuit), indent_(std::move(indent)), counted_(first_neurons(circuit)), first_of_node_(counted_) {}
  // `first`: first_neurons(circuit), for whoever writes single elements of a large circuit.
  BodyWriter(std::string& out, const Circuit& circuit, std::string indent, const std::vector<NeuronIndex>& first)
      : out_(out), circuit_(circuit), indent_(std::move(indent)), first_of_node_(first) {}

  void write(bool with_synapses) {
    list("neurons", circuit_.neurons, [this](const NeuronNode& node) { write_neuron(node); });
    list("organs", circuit_.organs, [this](const OrganNode& organ) { write_organ(organ); });
    list("circuits", circuit_.circuits, [this](const SubcircuitNode& node) { write_subcircuit(node); });
    if (with_synapses) list("synapses", circuit_.synapses, [this](const SynapseNode& synapse) { write_synapse(synapse); });
    list("fibers", circuit_.fibers, [this](const Fiber& fiber) { write_fiber(fiber); });
    list("comments", circuit_.comments, [this](const CanvasComment& comment) { write_comment(comment); });
  }

  void write_element(ElementList list, std::size_t index, bool with_body) {
    switch (list) {
      case ElementList::neurons:
        return write_neuron(circuit_.neurons[index]);
      case ElementList::organs:
        return write_organ(circuit_.organs[index]);
      case ElementList::circuits:
        return write_subcircuit(circuit_.circuits[index], with_body);
      case ElementList::synapses:
        return write_synapse(circuit_.synapses[index]);
      case ElementList::fibers:
        return write_fiber(circuit_.fibers[index]);
      case ElementList::comments:
        return write_comment(circuit_.comments[index]);
      case ElementList::prototypes:
        return write_prototype(circuit_.prototypes[index], with_body);
      case ElementList::groups:
        return write_group(circuit_.groups[index], with_body);
    }
  }
  void write_prototype(const Prototype& prototype, bool with_body = true) {
    ObjectLine line(out_);
    append_name(line, "name", "version", prototype.name);
    append_name(line, "extends", "extendsVersion", prototype.extends);
    append_changes(line, prototype.changes);
    if (with_body) write_inside(out_, line, prototype.body, indent_ + "  ");
    line.close();
  }
  void write_group(const Group& group, bool with_body = true) {
    ObjectLine line(out_);
    line.string("name", group.name);
    if (with_body) write_inside(out_, line, group.body, indent_ + "  ");
    line.close();
  }

  // What an element of a list says of its body: members on the element's line, lists on lines of their own below it.
  static void write_inside(std::string& out, ObjectLine& line, const Circuit& body, const std::string& element_indent) {
    line.string_if_any("title", body.title);
    line.string_if_any("description", body.description);
    if (body.reusable) line.raw("reusable", "true");
    const std::size_t before = out.size();
    BodyWriter(out, body, element_indent + "  ").write(true);
    if (out.size() > before) (out += '\n') += element_indent;
  }

 private:
  template <class Element, class WriteElement>
  void list(std::string_view key, const std::vector<Element>& elements, const WriteElement& write_element) {
    write_list(out_, indent_, key, elements, write_element);
  }

  void write_neuron(const NeuronNode& node) {
    ObjectLine line(out_);
    line.string("id", node.id);
    if (node.count > 0) line.integer("count", node.count);
    if (node.width > 0) line.integer("width", node.width);
    line.integers<NeuronProperties>(FLUX_NEURON_FIELDS, node.properties);
    if (node.properties.modulation_targets != NeuronProperties{}.modulation_targets) {
      line.choice("modulates", FLUX_MODULATES, node.properties.modulation_targets);
    }
    line.string_if_any("inputAlias", node.input_alias);
    line.string_if_any("inputDescription", node.input_description);
    line.string_if_any("outputAlias", node.output_alias);
    line.string_if_any("outputDescription", node.output_description);
    line.place(node);
    line.close();
  }

  void write_organ(const OrganNode& organ) {
    ObjectLine line(out_);
    line.string("id", organ.id);
    line.string_if_any("type", organ.type);
    if (!organ.settings.empty()) line.raw("settings", organ.settings);
    line.place(organ);
    const std::string inner = indent_ + "    ";
    const std::size_t before = out_.size();
    write_list(out_, inner, "inputs", organ.inputs, [this](const NeuronNode& node) { write_neuron(node); });
    write_list(out_, inner, "outputs", organ.outputs, [this](const NeuronNode& node) { write_neuron(node); });
    if (out_.size() > before) ((out_ += '\n') += indent_) += "  ";
    line.close();
  }

  void write_subcircuit(const SubcircuitNode& node, bool with_body = true) {
    ObjectLine line(out_);
    line.string("id", node.id);
    if (node.repeat) {
      write_repeat(line.begin("repeat"), *node.repeat, node.count);
    } else if (node.count > 0) {
      line.integer("count", node.count);
    }
    append_name(line, "prototype", "version", node.prototype);
    line.string_if_any("group", node.group);
    append_rule(line, node.generator);
    append_changes(line, node.changes);
    line.place(node);
    if (node.body && with_body) write_inside(out_, line, *node.body, indent_ + "  ");
    line.close();
  }

  void write_repeat(std::string& out, const Repeat& repeat, std::uint32_t count) const {
    ObjectLine line(out);
    line.choice("layout", FLUX_LAYOUTS, static_cast<std::size_t>(repeat.layout));
    if (repeat.width == 0) {
      line.integer("count", count);
    } else {
      line.integer("width", repeat.width);
      line.integer("height", count / repeat.width);
      if (repeat.wrap) line.raw("wrap", "true");
    }
    const std::string inner = indent_ + "    ";
    const std::size_t before = out.size();
    write_list(out, inner, "neighbours", repeat.neighbours, [&](const NeighbourFiber& fiber) { write_neighbour(out, fiber); });
    if (out.size() > before) (out += '\n') += indent_ + "  ";
    line.close();
  }

  static void write_neighbour(std::string& out, const NeighbourFiber& fiber) {
    ObjectLine line(out);
    line.string("from", fiber.source);
    line.string("to", fiber.target);
    append_kernel(line.begin("kernel"), fiber.kernel);
    if (fiber.properties.type != SynapseType::direct) {
      line.choice("type", FLUX_SYNAPSE_TYPES, static_cast<std::size_t>(fiber.properties.type));
    }
    line.integers<SynapseProperties>(FLUX_LEARNING_FIELDS, fiber.properties);
    line.close();
  }

  void write_comment(const CanvasComment& comment) {
    ObjectLine line(out_);
    line.string_if_any("text", comment.text);
    line.string_if_any("author", comment.author);
    if (!comment.thread.empty()) write_thread(line.begin("thread"), comment.thread);
    if (comment.resolved) line.raw("resolved", "true");
    line.place(comment);
    line.close();
  }

  static void write_thread(std::string& out, const std::vector<CanvasComment::Reply>& thread) {
    out += '[';
    for (std::size_t i = 0; i < thread.size(); ++i) {
      if (i > 0) out += ", ";
      ObjectLine line(out);
      line.string_if_any("author", thread[i].author);
      line.string_if_any("text", thread[i].text);
      line.close();
    }
    out += ']';
  }

  void write_synapse(const SynapseNode& synapse) {
    ObjectLine line(out_);
    append_json_string(line.begin("from"), end_path(circuit_, first_of_node_, synapse.source));
    append_json_string(line.begin("to"), end_path(circuit_, first_of_node_, synapse.target));
    if (synapse.properties.type != SynapseType::direct) {
      line.choice("type", FLUX_SYNAPSE_TYPES, static_cast<std::size_t>(synapse.properties.type));
    }
    line.integers<SynapseProperties>(FLUX_SYNAPSE_FIELDS, synapse.properties);
    line.integers<SynapseProperties>(FLUX_LEARNING_FIELDS, synapse.properties);
    if (synapse.long_term != 0) line.integer("longTerm", synapse.long_term);
    line.close();
  }

  void write_fiber(const Fiber& fiber) {
    ObjectLine line(out_);
    line.strings("from", side_paths(fiber.sources));
    line.strings("to", side_paths(fiber.targets));
    line.choice("rule", FLUX_FIBER_RULES, static_cast<std::size_t>(fiber.rule));
    const bool by_distance = fiber.rule == FiberRule::distance, by_kernel = fiber.rule == FiberRule::kernel;
    if (by_distance) line.integer("radius", fiber.radius);
    if (fiber.rule == FiberRule::random_fanout || (by_distance && fiber.fanout > 0)) {
      line.integer("fanout", fiber.fanout);
    } else if (fiber.rule == FiberRule::random_probability || by_distance) {
      line.raw("probability", json_number(fiber.probability));
    }
    if (by_kernel) append_kernel(line.begin("kernel"), fiber.kernel);
    if (fiber.wrap && (by_distance || by_kernel)) line.raw("wrap", "true");
    if (fiber.allow_self) line.raw("allowSelf", "true");
    if (fiber.properties.type != SynapseType::direct) {
      line.choice("type", FLUX_SYNAPSE_TYPES, static_cast<std::size_t>(fiber.properties.type));
    }
    if (!by_kernel) {
      line.range("weight", fiber.weight, Fiber{}.weight);
      line.range("length", fiber.length, Fiber{}.length);
    }
    line.integers<SynapseProperties>(FLUX_LEARNING_FIELDS, fiber.properties);
    if (fiber.seed) line.raw("seed", fmt::format("{}", *fiber.seed));
    if (fiber.number) line.integer("number", *fiber.number);
    line.close();
  }

  static void append_kernel(std::string& out, const std::vector<KernelOffset>& kernel) {
    out += '[';
    for (std::size_t i = 0; i < kernel.size(); ++i) {
      const KernelOffset& offset = kernel[i];
      if (i > 0) out += ", ";
      fmt::format_to(std::back_inserter(out), "[{}, {}, {}, {}]", offset.dx, offset.dy, offset.weight, offset.length);
    }
    out += ']';
  }

  std::vector<std::string> side_paths(const std::vector<std::uint32_t>& side) const {
    std::vector<std::string> paths;
    paths.reserve(side.size());
    for (const std::uint32_t node : side) paths.push_back(side_path(circuit_, node));
    return paths;
  }

  std::string& out_;
  const Circuit& circuit_;
  const std::string indent_;
  const std::vector<NeuronIndex> counted_;
  const std::vector<NeuronIndex>& first_of_node_;
};

class TextWriter {
 public:
  TextWriter(const Circuit& root, TextSynapses synapses) : root_(root), in_flx_(synapses == TextSynapses::left_out) {}

  std::string write() {
    append_comment(out_, "", root_.comment);
    out_ += "{\n";
    fmt::format_to(std::back_inserter(out_), "  \"flux\": {}", FLUX_TEXT_VERSION);
    if (!root_.title.empty()) append_json_string(begin_line(out_, indent_, "title"), root_.title);
    if (!root_.description.empty()) append_json_string(begin_line(out_, indent_, "description"), root_.description);
    if (root_.reusable) begin_line(out_, indent_, "reusable") += "true";
    if (root_.settings != NetworkSettings{}) write_settings();
    if (!root_.environment.empty()) write_environment();
    if (!in_flx_) write_strings("libraries", root_.libraries);
    write_prototypes();
    write_list(out_, indent_, "groups", root_.groups,
               [this](const Group& group) { BodyWriter(out_, group.body, indent_).write_group(group); });
    if (in_flx_) write_strings("paths", root_.paths);
    BodyWriter(out_, root_, indent_).write(!in_flx_);
    out_ += "\n}\n";
    return std::move(out_);
  }

 private:
  void write_settings() {
    const NetworkSettings& settings = root_.settings;
    begin_line(out_, indent_, "settings");
    ObjectLine line(out_);
    if (settings.seed != NetworkSettings{}.seed) line.raw("seed", fmt::format("{}", settings.seed));
    if (settings.tick_microseconds != NetworkSettings{}.tick_microseconds) {
      const bool whole = settings.tick_microseconds % 1000 == 0;
      line.string("tick", whole ? fmt::format("{}ms", settings.tick_microseconds / 1000) : fmt::format("{}us", settings.tick_microseconds));
    }
    line.integers<NetworkSettings>(FLUX_NOISE_FIELDS, settings);
    line.close();
  }

  void write_environment() {
    ObjectLine line(begin_line(out_, indent_, "environment"));
    for (const auto& variable : root_.environment) {
      std::visit([&](const auto& value) { append_value(line.begin(variable.first), OverrideValue(value)); }, variable.second);
    }
    line.close();
  }

  // A .flx carries what the circuit uses from libraries; a text names the libraries instead.
  void write_prototypes() {
    const bool all = in_flx_ || std::all_of(root_.prototypes.begin(), root_.prototypes.end(), is_own);
    std::vector<Prototype> own;
    if (!all) std::copy_if(root_.prototypes.begin(), root_.prototypes.end(), std::back_inserter(own), is_own);
    write_list(out_, indent_, "prototypes", all ? root_.prototypes : own,
               [this](const Prototype& prototype) { BodyWriter(out_, prototype.body, indent_).write_prototype(prototype); });
  }
  static bool is_own(const Prototype& prototype) { return prototype.library.empty(); }

  void write_strings(std::string_view key, const std::vector<std::string>& strings) {
    if (strings.empty()) return;
    append_strings(begin_line(out_, indent_, key), strings);
  }

  const Circuit& root_;
  const bool in_flx_;
  const std::string indent_ = "  ";
  std::string out_;
};

const std::string& comment_of(const Circuit& circuit, ElementList list, std::size_t index) {
  switch (list) {
    case ElementList::neurons:
      return circuit.neurons[index].comment;
    case ElementList::organs:
      return circuit.organs[index].comment;
    case ElementList::circuits:
      return circuit.circuits[index].comment;
    case ElementList::synapses:
      return circuit.synapses[index].comment;
    case ElementList::fibers:
      return circuit.fibers[index].comment;
    case ElementList::comments:
      return circuit.comments[index].comment;
    case ElementList::prototypes:
      return circuit.prototypes[index].comment;
    case ElementList::groups:
      break;
  }
  return circuit.groups[index].comment;
}

}  // namespace

std::string write_circuit_text(const Circuit& circuit, TextSynapses synapses) { return TextWriter(circuit, synapses).write(); }

std::string write_element(const Circuit& circuit, ElementList list, std::size_t index, const std::vector<NeuronIndex>& first,
                          ElementBody body) {
  std::string text;
  BodyWriter(text, circuit, "", first).write_element(list, index, body == ElementBody::written);
  const std::string& comment = comment_of(circuit, list, index);
  if (comment.empty()) return text;
  text.pop_back();  // the closing brace
  if (text.size() > 1) text += ", ";
  text += "\"//\": ";
  append_json_string(text, comment);
  return text += '}';
}

}  // namespace flux
