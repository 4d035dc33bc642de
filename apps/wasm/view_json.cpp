// CircuitView: one circuit of the tree as the canvas shows it. Nodes and edges stand one a line.
#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "circuit/environment.h"
#include "circuit/identifier.h"
#include "circuit/names.h"
#include "circuit/placed.h"
#include "circuit/schema.h"
#include "circuit/structure.h"
#include "circuit_json.h"

namespace flux {
namespace {

constexpr std::size_t FLUX_MAX_VIEW_EDGES = 100000;  // more are counted and left out: nobody draws them one by one

class ViewWriter {
 public:
  ViewWriter(JsonWriter& json, const PlacedCircuit& placed, const Circuit& root, const Network& network)
      : json_(json),
        placed_(placed),
        circuit_(placed.circuit),
        heir_(heir_at(root, placed.in)),
        environment_(root.environment),
        network_(network),
        first_(first_neurons(circuit_)),
        end_texts_(circuit_.neurons.size() + 1) {}

  void write(std::string_view path) {
    constexpr std::string_view FLUX_KINDS[] = {"own", "prototype", "group", "inside", "generator"};
    json_.begin_object().string("path", path).string("title", circuit_.title).string("description", circuit_.description);
    json_.key("source").begin_object().string("kind", FLUX_KINDS[static_cast<std::size_t>(placed_.source)]);
    json_.string_if_any("name", placed_.source_name).string("in", placed_.in);
    if (heir_ != nullptr) write_heir(*heir_);
    json_.end_object();
    json_.key("nodes").begin_array();
    for (const NeuronNode& node : circuit_.neurons) write_node(node);
    for (std::size_t i = 0; i < placed_.inside.size(); ++i) {
      const CircuitInside& inside = placed_.inside[i];
      inside.is_organ ? write_organ(circuit_.organs[i], inside) : write_circuit(circuit_.circuits[i - circuit_.organs.size()], inside);
    }
    json_.on_new_line().end_array();
    write_edges();
    json_.key("comments").begin_array();
    for (std::size_t i = 0; i < circuit_.comments.size(); ++i) write_comment(circuit_.comments[i], i);
    json_.end_array().end_object();
  }

 private:
  // Index in the network of the neuron that this circuit calls so; -1 when there is none.
  std::int64_t flat(std::string_view path) const {
    if (!placed_.is_alive || path.empty()) return -1;
    const auto found = network_.find(placed_.prefix + std::string(path));
    return found ? static_cast<std::int64_t>(*found) : -1;
  }
  std::int64_t flat(const NeuronNode& node) const { return flat(node.count == 0 ? node.id : node.id + "[0]"); }

  // The prototype that an edit changes, if it extends another.
  static const Prototype* heir_at(const Circuit& root, std::string_view in) {
    for (const Prototype& prototype : root.prototypes) {
      const auto& [name, version] = prototype.name;
      const std::string place = "/prototypes/" + name + (version == 0 ? "" : "[" + std::to_string(version) + "]");
      if (place == in) return prototype.extends.name.empty() ? nullptr : &prototype;
    }
    return nullptr;
  }

  // What an heir has of its own, and what it changes in the rest: that comes first in the view.
  void write_heir(const Prototype& heir) {
    json_.key("heir").begin_object().string("extends", heir.extends.name).key("nodes").begin_array();
    for (const NeuronNode& node : heir.body.neurons) json_.string(node.id);
    for (const OrganNode& node : heir.body.organs) json_.string(node.id);
    for (const SubcircuitNode& node : heir.body.circuits) json_.string(node.id);
    json_.end_array().integer("synapses", static_cast<std::int64_t>(heir.body.synapses.size()));
    json_.integer("fibers", static_cast<std::int64_t>(heir.body.fibers.size()));
    json_.integer("comments", static_cast<std::int64_t>(heir.body.comments.size()));
    write_changes(heir.changes);
    json_.end_object();
  }

  void write_point(std::string_view name, const std::optional<Position>& point) {
    json_.key(name);
    if (!point) {
      json_.null();
      return;
    }
    json_.begin_array().number(point->x).number(point->y).end_array();
  }

  template <class Node>
  void begin_node(const Node& node, std::string_view kind) {
    json_.on_new_line().begin_object().string("id", node.id).string("kind", kind);
    write_point("position", node.position);
    write_point("size", node.extent);
    json_.string_if_any("note", node.comment);
  }

  void write_node(const NeuronNode& node) {
    begin_node(node, "neuron");
    json_.integer("first", flat(node)).integer("count", node.size()).boolean("single", node.count == 0).integer("width", node.width);
    json_.key("properties").begin_object();
    for (const auto& field : FLUX_NEURON_FIELDS) json_.integer(field.key, field.get(node.properties));
    json_.string("modulates", FLUX_MODULATES[node.properties.modulation_targets]).end_object();
    json_.string_if_any("inputAlias", node.input_alias).string_if_any("inputDescription", node.input_description);
    json_.string_if_any("outputAlias", node.output_alias).string_if_any("outputDescription", node.output_description);
    json_.end_object();
  }

  void write_ports(std::string_view name, const std::vector<CircuitPort>& ports, const std::string& prefix) {
    json_.key(name).begin_array();
    for (const CircuitPort& port : ports) {
      json_.begin_object().string("name", port.alias).string("description", port.description);
      json_.integer("neuron", flat(prefix + port.neuron)).end_object();
    }
    json_.end_array();
  }

  void write_inside(const CircuitInside& inside, const std::string& prefix, std::uint64_t copies) {
    const std::int64_t first = inside.first_neuron.empty() ? -1 : flat(prefix + inside.first_neuron);
    json_.integer("first", first).integer("count", static_cast<std::int64_t>(inside.neurons * copies));
    json_.boolean("single", copies == 1).integer("width", 0).key("properties").begin_object().end_object();
    write_ports("inputs", inside.inputs, prefix);
    write_ports("outputs", inside.outputs, prefix);
  }

  void write_organ(const OrganNode& organ, const CircuitInside& inside) {
    begin_node(organ, "organ");
    json_.string("type", organ.type).string("settings", organ.settings.empty() ? "{}" : organ.settings);
    json_.string("effective", organ.settings.empty() ? "{}" : effective_settings(organ.settings, environment_).json);
    CircuitInside ports = inside;  // every neuron of an organ is one of its ports
    ports.inputs.clear();
    ports.outputs.clear();
    const auto port = [](const NeuronNode& node) {
      return CircuitPort{node.id, node.input_description + node.output_description, node.count == 0 ? node.id : node.id + "[0]"};
    };
    std::transform(organ.inputs.begin(), organ.inputs.end(), std::back_inserter(ports.inputs), port);
    std::transform(organ.outputs.begin(), organ.outputs.end(), std::back_inserter(ports.outputs), port);
    write_inside(ports, organ.id + "/", 1);
    json_.end_object();
  }

  void write_circuit(const SubcircuitNode& node, const CircuitInside& inside) {
    begin_node(node, "circuit");
    write_inside(inside, node.count == 0 ? node.id + "/" : node.id + "[0]/", node.copies());
    json_.string("title", inside.title);
    json_.integer("neurons", static_cast<std::int64_t>(inside.neurons)).integer("circuits", static_cast<std::int64_t>(inside.circuits));
    json_.integer("organs", static_cast<std::int64_t>(inside.organs));
    if (node.count > 0) json_.integer("copies", node.count);
    if (node.source == SubcircuitNode::Source::prototype) json_.string("prototype", node.prototype.name);
    if (node.prototype.version != 0) json_.integer("version", node.prototype.version);
    if (node.source == SubcircuitNode::Source::group) json_.string("group", node.group);
    if (node.source == SubcircuitNode::Source::generator) write_rule(node.generator);
    if (!node.changes.empty()) write_changes(node.changes);
    json_.end_object();
  }

  void write_rule(const GeneratorRule& rule) {
    json_.string("generator", rule.name).key("settings").begin_object();
    for (const GeneratorValue& setting : rule.settings) {
      const auto* number = std::get_if<std::int64_t>(&setting.value);
      number != nullptr ? json_.integer(setting.name, *number) : json_.string(setting.name, std::get<std::string>(setting.value));
    }
    json_.end_object();
    if (rule.seed) json_.string("seed", std::to_string(*rule.seed));
  }

  void write_changes(const Changes& changes) {
    json_.key("overrides").begin_array();
    for (const Override& override : changes.overrides) {
      json_.begin_object().string("target", override.target).string("property", override.property).key("value");
      write_value(override.value);
      json_.end_object();
    }
    json_.end_array().key("removes").begin_array();
    for (const std::string& path : changes.removes) json_.string(path);
    json_.end_array();
  }

  void write_value(const OverrideValue& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) json_.integer(*integer);
    if (const auto* number = std::get_if<double>(&value)) json_.number(*number);
    if (const auto* truth = std::get_if<bool>(&value)) json_.boolean(*truth);
    if (const auto* text = std::get_if<std::string>(&value)) json_.string(*text);
    if (const auto* range = std::get_if<Range>(&value)) json_.begin_array().integer(range->low).integer(range->high).end_array();
  }

  // --- Connections ------------------------------------------------------------------------------------------------------------

  // Id of the node of this circuit that a path leads to or into: "leg" of "leg[2]/step", "pool" of "pool[3]" and of its alias.
  std::string node_of(std::string_view path) const {
    const std::size_t slash = path.find('/');
    std::string head(path.substr(0, slash));
    if (head.ends_with("[*]")) head.resize(head.size() - 3);
    if (is_node(head)) return head;
    const auto indexed = split_indexed_name(head);
    const std::string base(indexed ? indexed->base : std::string_view(head));
    if (is_node(base)) return base;
    for (const NeuronNode& node : circuit_.neurons) {
      for (const std::string& alias : {node.input_alias, node.output_alias}) {
        if (!alias.empty() && (alias == head || alias == base)) return node.id;
      }
    }
    return base;
  }

  bool is_node(const std::string& id) const {
    if (ids_.empty()) {
      for (std::size_t i = 0; i < circuit_.neurons.size(); ++i) ids_.emplace(circuit_.neurons[i].id, i);
      for (const CircuitInside& inside : placed_.inside) ids_.emplace(inside.id, circuit_.neurons.size());
    }
    return ids_.contains(id);
  }

  void write_end(std::string_view node, std::string_view path, std::int64_t neuron) {
    json_.begin_object().string("node", node).string("path", path).integer("neuron", neuron).end_object();
  }

  // An end of a synapse: always one neuron. Many synapses end at the same single neuron: what is written of it is made once.
  void write_end(NeuronIndex end) {
    if (is_path(end)) {
      const std::string path = end_path(circuit_, first_, end);
      json_.begin_array();
      write_end(node_of(path), path, flat(path));
      json_.end_array();
      return;
    }
    const auto place = static_cast<std::size_t>(std::upper_bound(first_.begin(), first_.end(), end) - first_.begin()) - 1;
    const NeuronNode& node = circuit_.neurons[place];
    std::string& text = end_texts_[node.count == 0 ? place : circuit_.neurons.size()];
    if (node.count > 0 || text.empty()) {
      const std::string path = end_path(circuit_, first_, end);
      JsonWriter json;
      json.begin_array().begin_object().string("node", node.id).string("path", path).integer("neuron", flat(path)).end_object().end_array();
      text = json.take();
    }
    json_.raw(text);
  }

  void write_side(const std::vector<std::uint32_t>& side) {
    json_.begin_array();
    for (const std::uint32_t node : side) {
      const std::string& path = side_path(circuit_, node);
      write_end(is_path(node) ? node_of(path) : path, path, flat(path));
    }
    json_.end_array();
  }

  static void write_properties(JsonWriter& json, const SynapseProperties& p, const Range& weight, const Range& length) {
    json.string("type", FLUX_SYNAPSE_TYPES[static_cast<std::size_t>(p.type)]);
    json.key("weight").begin_array().integer(weight.low).integer(weight.high).end_array();
    json.key("length").begin_array().integer(length.low).integer(length.high).end_array();
    for (const auto& field : FLUX_LEARNING_FIELDS) json.integer(field.key, field.get(p));
  }

  // Of a single synapse. Many are alike: what is written of them is made once.
  const std::string& members_of(const SynapseProperties& p) {
    std::string& text = synapse_texts_[p];
    if (text.empty()) {
      JsonWriter json;
      write_properties(json.integer("synapses", 1), p, {p.weight, p.weight}, {p.length, p.length});
      text = json.take();
    }
    return text;
  }

  // Without their places in the lists: an edge is the same text wherever it stands.
  void write_edges() {
    json_.key("edges").begin_array();
    const std::size_t shown = std::min(circuit_.synapses.size(), FLUX_MAX_VIEW_EDGES);
    for (std::size_t i = 0; i < shown; ++i) {
      const SynapseNode& synapse = circuit_.synapses[i];
      json_.on_new_line().begin_object().string("list", "synapses").key("from");
      write_end(synapse.source);
      json_.key("to");
      write_end(synapse.target);
      json_.raw(members_of(synapse.properties)).string_if_any("note", synapse.comment).end_object();
    }
    for (const Fiber& fiber : circuit_.fibers) write_fiber(fiber);
    json_.on_new_line().end_array().integer("edgesLeftOut", static_cast<std::int64_t>(circuit_.synapses.size() - shown));
  }

  void write_fiber(const Fiber& fiber) {
    json_.on_new_line().begin_object().string("list", "fibers").key("from");
    write_side(fiber.sources);
    json_.key("to");
    write_side(fiber.targets);
    json_.string("rule", FLUX_FIBER_RULES[static_cast<std::size_t>(fiber.rule)]);
    write_rule(fiber);
    json_.integer("synapses", estimated_synapses(fiber));
    Range weight = fiber.weight, length = fiber.length;
    if (fiber.rule == FiberRule::kernel && !fiber.kernel.empty()) {
      const auto range_of = [&](auto member) {
        Range range{fiber.kernel.front().*member, fiber.kernel.front().*member};
        for (const KernelOffset& offset : fiber.kernel) {
          range = {std::min(range.low, offset.*member), std::max(range.high, offset.*member)};
        }
        return range;
      };
      weight = range_of(&KernelOffset::weight);
      length = range_of(&KernelOffset::length);
    }
    write_properties(json_, fiber.properties, weight, length);
    json_.string_if_any("note", fiber.comment).end_object();
  }

  // What the rule goes by.
  void write_rule(const Fiber& fiber) {
    const bool by_distance = fiber.rule == FiberRule::distance;
    if (fiber.rule == FiberRule::random_probability || (by_distance && fiber.fanout == 0)) {
      json_.key("probability").number(fiber.probability);
    }
    if (fiber.fanout > 0) json_.integer("fanout", fiber.fanout);
    if (by_distance) json_.integer("radius", fiber.radius);
    if (fiber.rule == FiberRule::kernel) {
      json_.key("kernel").begin_array();
      for (const KernelOffset& o : fiber.kernel) {
        json_.begin_array().integer(o.dx).integer(o.dy).integer(o.weight).integer(o.length).end_array();
      }
      json_.end_array();
    }
    if (fiber.wrap) json_.boolean("wrap", true);
    if (fiber.allow_self) json_.boolean("allowSelf", true);
    if (fiber.seed) json_.string("seed", std::to_string(*fiber.seed));
  }

  std::uint64_t neurons_of(const std::vector<std::uint32_t>& side) const {
    std::uint64_t neurons = 0;
    for (const std::uint32_t node : side) neurons += is_path(node) ? 1 : circuit_.neurons[node].size();
    return neurons;
  }

  // How many it makes, as far as the rule and the sizes of its sides tell; 0: unknown.
  std::int64_t estimated_synapses(const Fiber& fiber) const {
    const std::uint64_t sources = neurons_of(fiber.sources), targets = neurons_of(fiber.targets);
    switch (fiber.rule) {
      case FiberRule::one_to_one:
        return static_cast<std::int64_t>(sources);
      case FiberRule::all_to_all:
        return static_cast<std::int64_t>(sources * targets);
      case FiberRule::random_probability:
        return static_cast<std::int64_t>(static_cast<double>(sources * targets) * fiber.probability);
      case FiberRule::random_fanout:
        return static_cast<std::int64_t>(sources * fiber.fanout);
      case FiberRule::distance:
        return static_cast<std::int64_t>(sources * fiber.fanout);
      case FiberRule::kernel:
        return static_cast<std::int64_t>(sources * fiber.kernel.size());
    }
    return 0;
  }

  void write_comment(const CanvasComment& comment, std::size_t index) {
    json_.begin_object().integer("index", static_cast<std::int64_t>(index)).string("author", comment.author).string("text", comment.text);
    json_.key("thread").begin_array();
    for (const CanvasComment::Reply& reply : comment.thread) {
      json_.begin_object().string("author", reply.author).string("text", reply.text).end_object();
    }
    json_.end_array().boolean("resolved", comment.resolved);
    write_point("position", comment.position);
    write_point("size", comment.extent);
    json_.end_object();
  }

  JsonWriter& json_;
  const PlacedCircuit& placed_;
  const Circuit& circuit_;
  const Prototype* const heir_;  // null: what is edited here extends nothing
  const Environment& environment_;
  const Network& network_;
  const std::vector<NeuronIndex> first_;
  std::vector<std::string> end_texts_;  // of each single neuron; the last one is room for those of populations
  std::map<SynapseProperties, std::string> synapse_texts_;
  mutable std::unordered_map<std::string, std::size_t> ids_;
};

}  // namespace

Status write_view(JsonWriter& json, const Circuit& root, const Network& network, std::string_view path) {
  const auto placed = placed_circuit(root, path);
  if (!placed) return placed.error();
  ViewWriter(json, placed.value(), root, network).write(path);
  return {};
}

}  // namespace flux
