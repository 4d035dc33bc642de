#include "bodies.h"

#include <algorithm>

#include "circuit/elaborate.h"
#include "circuit/generators.h"
#include "circuit/identifier.h"
#include "circuit/names.h"
#include "circuit/structure.h"
#include "fmt/format.h"

namespace flux {
namespace {

SubcircuitNode circuit_of_organ(const OrganNode& organ) {
  SubcircuitNode node;
  node.id = organ.id;
  node.place = organ.place;
  Circuit body;
  body.neurons = organ.inputs;
  body.neurons.insert(body.neurons.end(), organ.outputs.begin(), organ.outputs.end());
  node.body = std::move(body);
  return node;
}

// What a change of a node means for one of its copies: "[2]/flexor" is "flexor" for copy 2 and nothing for the others.
std::optional<Change> change_of_copy(const Change& change, std::uint32_t copy) {
  if (!change.override.target.starts_with('[')) return change;
  const auto [head, rest] = split_path(change.override.target);
  const auto indexed = split_indexed_name(head);
  if (!indexed || indexed->index != copy || rest.empty()) return std::nullopt;
  Change inside = change;
  inside.override.target = rest;
  return inside;
}

// Whether a change that names a copy names one there is.
bool names_a_copy(const Change& change, const SubcircuitNode& node) {
  if (!change.override.target.starts_with('[')) return true;
  const auto [head, rest] = split_path(change.override.target);
  const auto indexed = split_indexed_name(head);
  return indexed && indexed->index < node.count && !rest.empty();
}

}  // namespace

SplitPath split_path(std::string_view path) {
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? SplitPath{path, {}} : SplitPath{path.substr(0, slash), path.substr(slash + 1)};
}

std::vector<Change> list_changes(const Changes& changes, TextPlace place) {
  std::vector<Change> list;
  list.reserve(changes.removes.size() + changes.overrides.size());
  for (const std::string& path : changes.removes) list.push_back({{path, "", {}, place}, true});
  for (const Override& override : changes.overrides) list.push_back({override, false});
  return list;
}

std::set<std::uint32_t> named_copies(const SubcircuitNode& node, const std::vector<Change>& pending) {
  std::set<std::uint32_t> named;
  const auto add = [&](const std::string& target) {
    if (!target.starts_with('[')) return;
    if (const auto indexed = split_indexed_name(split_path(target).head)) named.insert(indexed->index);
  };
  for (const Override& override : node.changes.overrides) add(override.target);
  for (const std::string& target : node.changes.removes) add(target);
  for (const Change& change : pending) add(change.override.target);
  return named;
}

ReadyBody::ReadyBody(const Circuit& body) {
  circuit.title = body.title;
  circuit.description = body.description;
  circuit.reusable = body.reusable;
  circuit.comments = body.comments;
  circuit.neurons = body.neurons;
  circuit.organs = body.organs;
  for (const OrganNode& organ : body.organs) circuit.circuits.push_back(circuit_of_organ(organ));
  circuit.circuits.insert(circuit.circuits.end(), body.circuits.begin(), body.circuits.end());
  circuit.synapses = body.synapses;
  circuit.fibers = body.fibers;
  circuit.paths = body.paths;
  pending.resize(circuit.circuits.size());
}

void ReadyBody::append(const ReadyBody& heir) {
  forget_index();
  const NeuronIndex neurons = first_neurons(circuit).back();
  const auto nodes = static_cast<std::uint32_t>(circuit.neurons.size());
  const auto paths = static_cast<std::uint32_t>(circuit.paths.size());
  const Circuit& other = heir.circuit;
  circuit.neurons.insert(circuit.neurons.end(), other.neurons.begin(), other.neurons.end());
  circuit.organs.insert(circuit.organs.end(), other.organs.begin(), other.organs.end());
  circuit.comments.insert(circuit.comments.end(), other.comments.begin(), other.comments.end());
  circuit.circuits.insert(circuit.circuits.end(), other.circuits.begin(), other.circuits.end());
  circuit.paths.insert(circuit.paths.end(), other.paths.begin(), other.paths.end());
  pending.insert(pending.end(), heir.pending.begin(), heir.pending.end());
  for (SynapseNode synapse : other.synapses) {
    synapse.source += is_path(synapse.source) ? paths : neurons;
    synapse.target += is_path(synapse.target) ? paths : neurons;
    circuit.synapses.push_back(std::move(synapse));
  }
  for (Fiber fiber : other.fibers) {
    for (std::uint32_t& node : fiber.sources) node += is_path(node) ? paths : nodes;
    for (std::uint32_t& node : fiber.targets) node += is_path(node) ? paths : nodes;
    circuit.fibers.push_back(std::move(fiber));
  }
}

void ReadyBody::make_index() {
  if (indexed_) return;
  indexed_ = true;
  neurons_.clear();
  aliases_.clear();
  circuits_.clear();
  for (std::uint32_t i = 0; i < circuit.neurons.size(); ++i) {
    const NeuronNode& node = circuit.neurons[i];
    neurons_.emplace(node.id, i);
    if (!node.input_alias.empty()) aliases_.emplace(node.input_alias, i);
    if (!node.output_alias.empty()) aliases_.emplace(node.output_alias, i);
  }
  for (std::uint32_t i = 0; i < circuit.circuits.size(); ++i) circuits_.emplace(circuit.circuits[i].id, i);
  first_of_node_ = first_neurons(circuit);
}

namespace {

std::optional<std::uint32_t> look_up(const std::unordered_map<std::string, std::uint32_t>& places, const std::string& name) {
  const auto found = places.find(name);
  return found == places.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::optional<std::uint32_t> ReadyBody::find_neuron(const std::string& id) {
  make_index();
  return look_up(neurons_, id);
}
std::optional<std::uint32_t> ReadyBody::find_alias(const std::string& alias) {
  make_index();
  return look_up(aliases_, alias);
}
std::optional<std::uint32_t> ReadyBody::find_circuit(const std::string& id) {
  make_index();
  return look_up(circuits_, id);
}
const std::vector<NeuronIndex>& ReadyBody::first_of_node() {
  make_index();
  return first_of_node_;
}

std::shared_ptr<ReadyBody> Bodies::of(const SubcircuitNode& node, const std::vector<Change>& pending, std::uint32_t copy,
                                      const std::string& path) {
  const std::shared_ptr<ReadyBody> unchanged = source(node, path);
  if (!unchanged || (node.changes.empty() && pending.empty())) return unchanged;
  std::vector<Change> changes = list_changes(node.changes, node.place);
  changes.insert(changes.end(), pending.begin(), pending.end());
  std::vector<Change> own;
  for (const Change& change : changes) {
    if (!names_a_copy(change, node)) {
      findings_.gone(path, change.override);
    } else if (auto of_copy = change_of_copy(change, copy)) {
      own.push_back(*std::move(of_copy));
    }
  }
  auto changed = std::make_shared<ReadyBody>(*unchanged);
  apply_changes(*changed, own, path, findings_);
  return changed;
}

std::shared_ptr<ReadyBody> Bodies::source(const SubcircuitNode& node, const std::string& path) {
  switch (node.source) {
    case SubcircuitNode::Source::prototype:
      return prototype(node.prototype, path, node.place);
    case SubcircuitNode::Source::group:
      return group(node.group, path, node.place);
    case SubcircuitNode::Source::generator:
      return generated(node, path);
    case SubcircuitNode::Source::body:
      break;
  }
  return std::make_shared<ReadyBody>(*node.body);
}

std::shared_ptr<ReadyBody> Bodies::generated(const SubcircuitNode& node, const std::string& path) {
  if (const auto problem = problem_of(node.generator)) {
    const TextPlace place = problem->place.offset == 0 ? node.place : problem->place;
    findings_.add({true, Finding::Element::subcircuit, 0, problem->what, problem->fix, path, place});
    return nullptr;
  }
  auto body = body_of(node.generator);
  if (!body) {
    findings_.add({true, Finding::Element::subcircuit, 0, body.error().what, body.error().fix, path, node.place});
    return nullptr;
  }
  auto ready = std::make_shared<ReadyBody>(body.value());
  ready->is_generated = true;
  return ready;
}

std::shared_ptr<ReadyBody> Bodies::prototype(const PrototypeName& name, const std::string& path, TextPlace place) {
  const auto index = find_prototype(root_, name);
  if (!index) {
    findings_.add({true, Finding::Element::subcircuit, 0, fmt::format("there is no prototype {}", describe(name)),
                   "add it under \"prototypes\", or name the library that has it", path, place});
    return nullptr;
  }
  if (!prototypes_[*index]) prototypes_[*index] = make_prototype(root_.prototypes[*index]);
  return prototypes_[*index];
}

std::shared_ptr<ReadyBody> Bodies::make_prototype(const Prototype& prototype) {
  const std::string path = "prototype " + describe(prototype.name);
  const bool is_cycle = std::find(extending_.begin(), extending_.end(), &prototype) != extending_.end();
  if (is_cycle || extending_.size() >= FLUX_MAX_CIRCUIT_DEPTH) {
    std::string chain;
    for (const Prototype* link : extending_) chain += link->name.name + " > ";
    findings_.add({true, Finding::Element::prototype, 0,
                   is_cycle ? fmt::format("the prototype extends itself: {}{}", chain, prototype.name.name)
                            : fmt::format("more than {} prototypes extend one another", FLUX_MAX_CIRCUIT_DEPTH),
                   "let one of them extend nothing", path, prototype.place});
    return nullptr;
  }
  if (prototype.extends.name.empty()) return std::make_shared<ReadyBody>(prototype.body);

  extending_.push_back(&prototype);
  const std::shared_ptr<ReadyBody> base = this->prototype(prototype.extends, path, prototype.place);
  extending_.pop_back();
  if (!base) return nullptr;
  auto heir = std::make_shared<ReadyBody>(*base);
  apply_changes(*heir, list_changes(prototype.changes, prototype.place), path, findings_);
  std::unordered_set<std::string> ids;
  for (const NeuronNode& node : heir->circuit.neurons) ids.insert(node.id);
  for (const SubcircuitNode& node : heir->circuit.circuits) ids.insert(node.id);
  const ReadyBody own(prototype.body);
  const auto refuse_double = [&](const std::string& id, TextPlace place) {
    if (ids.insert(id).second) return;
    findings_.add({true, Finding::Element::prototype, 0,
                   fmt::format("it adds \"{}\", but {}, which it extends, has one", id, describe(prototype.extends)),
                   "remove that one, or choose another id", path, place});
  };
  for (const NeuronNode& node : own.circuit.neurons) refuse_double(node.id, node.place);
  for (const SubcircuitNode& node : own.circuit.circuits) refuse_double(node.id, node.place);
  heir->append(own);
  return heir;
}

std::shared_ptr<ReadyBody> Bodies::group(const std::string& name, const std::string& path, TextPlace place) {
  std::shared_ptr<ReadyBody>& body = groups_[name];
  if (body) return body;
  const auto found = std::find_if(root_.groups.begin(), root_.groups.end(), [&](const Group& group) { return group.name == name; });
  if (found == root_.groups.end()) {
    findings_.add(
        {true, Finding::Element::subcircuit, 0, fmt::format("there is no group \"{}\"", name), "add it under \"groups\"", path, place});
    return nullptr;
  }
  return body = std::make_shared<ReadyBody>(found->body);
}

}  // namespace flux
