#include "circuit/placed.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "bodies.h"
#include "circuit/elaborate.h"
#include "circuit/identifier.h"
#include "circuit/structure.h"
#include "fmt/format.h"

namespace flux {
namespace {

constexpr std::string_view FLUX_PROTOTYPES = "/prototypes/", FLUX_GROUPS = "/groups/";

bool is_organ(const Circuit& circuit, std::string_view id) {
  return std::any_of(circuit.organs.begin(), circuit.organs.end(), [&](const OrganNode& organ) { return organ.id == id; });
}

// How operations name the prototype of a node.
std::string place_of(const PrototypeName& name) {
  return name.version == 0 ? fmt::format("{}{}", FLUX_PROTOTYPES, name.name)
                           : fmt::format("{}{}[{}]", FLUX_PROTOTYPES, name.name, name.version);
}

std::string first_of(const NeuronNode& node) { return node.count == 0 ? node.id : node.id + "[0]"; }

class TreeReader {
 public:
  explicit TreeReader(const Circuit& root) : root_(root), findings_(root), bodies_(root, findings_) {}

  Result<PlacedCircuit> read(std::string_view path) {
    const std::string whole(path);
    std::string_view rest = path;
    if (path.starts_with('/')) {
      if (!enter_shared(rest)) return nothing_at(whole);
    } else {
      body_ = std::make_shared<ReadyBody>(root_);
    }
    while (!rest.empty()) {
      const auto [head, after] = split_path(rest);
      if (!enter(head)) return nothing_at(whole);
      rest = after;
    }
    return describe_place();
  }

 private:
  using Source = PlacedCircuit::Source;

  Error nothing_at(const std::string& path) {
    for (const Finding& finding : findings_.take()) {
      if (finding.is_error) return {finding.what, finding.where, finding.fix};
    }
    return {"there is no such circuit", path, "open one of those in the outline"};
  }

  // Takes "/prototypes/leg" or "/groups/eye" off the path and goes there.
  bool enter_shared(std::string_view& path) {
    SubcircuitNode node;
    const bool is_group = path.starts_with(FLUX_GROUPS);
    if (!is_group && !path.starts_with(FLUX_PROTOTYPES)) return false;
    const auto [head, after] = split_path(path.substr(is_group ? FLUX_GROUPS.size() : FLUX_PROTOTYPES.size()));
    node.id = head;
    if (is_group) {
      node.source = SubcircuitNode::Source::group;
      node.group = head;
    } else {
      node.source = SubcircuitNode::Source::prototype;
      node.prototype.name = head;
      const auto indexed = split_indexed_name(head);
      if (!find_prototype(root_, node.prototype) && indexed) node.prototype = {std::string(indexed->base), indexed->index};
    }
    place_.is_alive = false;
    path = after;
    return enter_body(bodies_.of(node, {}, 0, node.id), node);
  }

  // Goes into the circuit, or copy of it, that the body calls so.
  bool enter(std::string_view name) {
    const auto indexed = split_indexed_name(name);
    auto index = body_->find_circuit(std::string(name));
    std::uint32_t copy = 0;
    if (!index && indexed) {
      index = body_->find_circuit(std::string(indexed->base));
      copy = indexed->index;
    }
    if (!index || ++depth_ > FLUX_MAX_CIRCUIT_DEPTH) return false;
    const SubcircuitNode node = body_->circuit.circuits[*index];
    if (copy >= node.copies()) return false;
    place_.prefix += fmt::format("{}/", node.count == 0 ? node.id : fmt::format("{}[{}]", node.id, copy));
    return enter_body(bodies_.of(node, body_->pending[*index], copy, place_.prefix), node);
  }

  bool enter_body(std::shared_ptr<ReadyBody> body, const SubcircuitNode& node) {
    if (!body) return false;
    body_ = std::move(body);
    const bool in_shared = place_.source != Source::own;
    switch (node.source) {
      case SubcircuitNode::Source::body:
        if (in_shared) place_.source = Source::inside;
        place_.in += (place_.in.empty() ? "" : "/") + node.id;
        return true;
      case SubcircuitNode::Source::prototype:
        place_.source = Source::prototype;
        place_.source_name = describe(node.prototype);
        place_.in = place_of(node.prototype);
        return true;
      case SubcircuitNode::Source::group:
        place_.source = Source::group;
        place_.source_name = node.group;
        place_.in = std::string(FLUX_GROUPS) + node.group;
        return true;
      case SubcircuitNode::Source::generator:
        place_.source = Source::generator;
        place_.source_name = node.generator.name;
        place_.in += (place_.in.empty() ? "" : "/") + node.id;
        return true;
    }
    return false;
  }

  PlacedCircuit describe_place() {
    for (std::size_t i = 0; i < body_->circuit.circuits.size(); ++i) place_.inside.push_back(inside(*body_, i, 0));
    place_.circuit = body_->circuit;
    std::erase_if(place_.circuit.circuits, [&](const SubcircuitNode& node) { return is_organ(body_->circuit, node.id); });
    // Changes of what is deeper are those of the nodes.
    return std::move(place_);
  }

  CircuitInside inside(ReadyBody& body, std::size_t index, std::uint32_t depth) {
    const SubcircuitNode& node = body.circuit.circuits[index];
    CircuitInside found;
    const std::shared_ptr<ReadyBody> within = depth < FLUX_MAX_CIRCUIT_DEPTH ? bodies_.of(node, body.pending[index], 0, node.id) : nullptr;
    if (within) found = summary(within, depth + 1);
    found.id = node.id;
    found.is_organ = is_organ(body.circuit, node.id);
    return found;
  }

  // What is inside a body; that of bodies which are shared is worked out once.
  CircuitInside summary(const std::shared_ptr<ReadyBody>& body, std::uint32_t depth) {
    if (const auto known = summaries_.find(body.get()); known != summaries_.end()) return known->second.summary;
    CircuitInside found;
    const Circuit& circuit = body->circuit;
    found.title = circuit.title;
    for (const NeuronNode& node : circuit.neurons) {
      found.neurons += node.size();
      if (found.first_neuron.empty()) found.first_neuron = first_of(node);
      if (!node.input_alias.empty()) found.inputs.push_back({node.input_alias, node.input_description, first_of(node)});
      if (!node.output_alias.empty()) found.outputs.push_back({node.output_alias, node.output_description, first_of(node)});
    }
    for (std::size_t i = 0; i < circuit.circuits.size(); ++i) {
      const SubcircuitNode& node = circuit.circuits[i];
      const CircuitInside deeper = inside(*body, i, depth);
      found.neurons += deeper.neurons * node.copies();
      found.circuits += (deeper.circuits + (deeper.is_organ ? 0 : 1)) * node.copies();
      found.organs += (deeper.organs + (deeper.is_organ ? 1 : 0)) * node.copies();
      if (found.first_neuron.empty() && !deeper.first_neuron.empty()) {
        found.first_neuron = fmt::format("{}{}/{}", node.id, node.count == 0 ? "" : "[0]", deeper.first_neuron);
      }
    }
    summaries_[body.get()] = {body, found};
    return found;
  }

  struct Known {
    std::shared_ptr<ReadyBody> body;  // kept, so that no other takes its address
    CircuitInside summary;
  };

  const Circuit& root_;
  Findings findings_;
  Bodies bodies_;
  std::shared_ptr<ReadyBody> body_;
  PlacedCircuit place_;
  std::uint32_t depth_ = 0;
  std::unordered_map<const ReadyBody*, Known> summaries_;
};

}  // namespace

Result<PlacedCircuit> placed_circuit(const Circuit& root, std::string_view path) { return TreeReader(root).read(path); }

}  // namespace flux
