#include "circuit/structure.h"

#include <algorithm>
#include <tuple>

#include "bodies.h"
#include "circuit/elaborate.h"
#include "circuit/identifier.h"
#include "fmt/format.h"

namespace flux {

// Written out: clang 14 does not survive a defaulted comparison of a type that holds itself.
bool operator==(const Circuit& a, const Circuit& b) {
  const auto all = [](const Circuit& c) {
    return std::tie(c.title, c.description, c.reusable, c.settings, c.environment, c.libraries, c.prototypes, c.groups, c.neurons, c.organs,
                    c.circuits, c.synapses, c.fibers, c.comments, c.paths, c.comment);
  };
  return all(a) == all(b);
}

namespace {

// The node at a path through bodies; null when there is none.
SubcircuitNode* find_node(Circuit& root, std::string_view path) {
  Circuit* circuit = &root;
  for (;;) {
    const SplitPath split = split_path(path);
    const auto node = std::find_if(circuit->circuits.begin(), circuit->circuits.end(), [&](const auto& n) { return n.id == split.head; });
    if (node == circuit->circuits.end()) return nullptr;
    if (split.rest.empty()) return &*node;
    if (!node->body) return nullptr;
    circuit = &*node->body;
    path = split.rest;
  }
}

Error no_such_node(std::string_view path) {
  return {fmt::format("there is no circuit \"{}\"", path), "", "name one by the ids that lead to it, like \"body/leg\""};
}

Changes to_changes(const std::vector<Change>& pending) {
  Changes changes;
  for (const Change& change : pending) {
    if (change.is_removal) {
      changes.removes.push_back(change.override.target);
      continue;
    }
    // Of two for the same property the later counts.
    std::erase_if(changes.overrides,
                  [&](const Override& o) { return o.target == change.override.target && o.property == change.override.property; });
    changes.overrides.push_back(change.override);
  }
  return changes;
}

// The changes of single copies cannot be applied to a body that all copies share: they stay with the node.
void keep_changes_of_copies(Changes& changes) {
  std::erase_if(changes.overrides, [](const Override& override) { return !override.target.starts_with('['); });
  std::erase_if(changes.removes, [](const std::string& path) { return !path.starts_with('['); });
}

void drop_changes_of_copies(Changes& changes) {
  std::erase_if(changes.overrides, [](const Override& override) { return override.target.starts_with('['); });
  std::erase_if(changes.removes, [](const std::string& path) { return path.starts_with('['); });
}

// The list of changes of a deeper node, joined with those that come to it from outside.
Changes joined(const Changes& inner, const std::vector<Change>& outer) {
  std::vector<Change> all = list_changes(inner, {});
  all.insert(all.end(), outer.begin(), outer.end());
  return to_changes(all);
}

// Makes connections those of a plain body: paths to what was removed are gone, what an heir called by name has its number, and the paths
// that are left are numbered by their first use.
class ConnectionTidier {
 public:
  explicit ConnectionTidier(ReadyBody& ready) : ready_(ready), body_(ready.circuit), paths_(std::move(body_.paths)) { body_.paths.clear(); }

  void run() {
    const auto is_gone = [this](std::uint32_t end) { return is_removed(end); };
    std::erase_if(body_.synapses, [&](const SynapseNode& synapse) { return is_gone(synapse.source) || is_gone(synapse.target); });
    std::erase_if(body_.fibers, [&](Fiber& fiber) {
      std::erase_if(fiber.sources, is_gone);
      std::erase_if(fiber.targets, is_gone);
      return fiber.sources.empty() || fiber.targets.empty();
    });
    for (SynapseNode& synapse : body_.synapses) {
      synapse.source = end_of(synapse.source);
      synapse.target = end_of(synapse.target);
    }
    for (Fiber& fiber : body_.fibers) {
      for (std::uint32_t& node : fiber.sources) node = node_of(node);
      for (std::uint32_t& node : fiber.targets) node = node_of(node);
    }
  }

 private:
  const std::string& path(std::uint32_t end) const { return paths_[end - FLUX_FIRST_PATH]; }

  bool is_removed(std::uint32_t end) const {
    if (!is_path(end)) return false;
    const std::string_view head = split_path(path(end)).head;
    return ready_.removed.contains(std::string(head)) || ready_.removed.contains(std::string(head.substr(0, head.rfind('['))));
  }

  std::optional<std::uint32_t> own_node(const std::string& name) {
    const auto node = ready_.find_neuron(name);
    return node ? node : ready_.find_alias(name);
  }

  NeuronIndex end_of(NeuronIndex end) {
    if (!is_path(end)) return end;
    const auto indexed = split_indexed_name(path(end));
    const auto node = own_node(indexed ? std::string(indexed->base) : path(end));
    return node ? ready_.first_of_node()[*node] + (indexed ? indexed->index : 0) : add_path(body_, path(end));
  }

  std::uint32_t node_of(std::uint32_t node) {
    if (!is_path(node)) return node;
    const auto own = own_node(path(node));
    return own ? *own : add_path(body_, path(node));
  }

  ReadyBody& ready_;
  Circuit& body_;
  const std::vector<std::string> paths_;
};

// Makes organs again of the circuits that stand for them.
void restore_organs(ReadyBody& ready, const std::string& owner, Findings& findings) {
  std::vector<OrganNode> organs;
  for (OrganNode& organ : ready.circuit.organs) {
    const auto place = ready.find_circuit(organ.id);
    if (!place) continue;  // removed
    ReadyBody inside(*ready.circuit.circuits[*place].body);
    apply_changes(inside, ready.pending[*place], owner, findings);
    for (std::vector<NeuronNode>* side : {&organ.inputs, &organ.outputs}) {
      std::erase_if(*side, [&](const NeuronNode& node) { return !inside.find_neuron(node.id); });
      for (NeuronNode& node : *side) node = inside.circuit.neurons[*inside.find_neuron(node.id)];
    }
    organs.push_back(std::move(organ));
  }
  const auto is_organ = [&](const std::string& id) {
    return std::any_of(organs.begin(), organs.end(), [&](const OrganNode& organ) { return organ.id == id; });
  };
  for (std::size_t i = ready.circuit.circuits.size(); i-- > 0;) {
    if (!is_organ(ready.circuit.circuits[i].id)) continue;
    ready.circuit.circuits.erase(ready.circuit.circuits.begin() + static_cast<std::ptrdiff_t>(i));
    ready.pending.erase(ready.pending.begin() + static_cast<std::ptrdiff_t>(i));
  }
  ready.circuit.organs = std::move(organs);
  ready.forget_index();
}

Status give_body(const Circuit& root, SubcircuitNode& node) {
  SubcircuitNode shared = node;
  drop_changes_of_copies(shared.changes);
  Findings findings(root);
  const std::shared_ptr<ReadyBody> found = Bodies(root, findings).of(shared, {}, 0, node.id);
  std::optional<ReadyBody> ready;
  if (found) {
    ready = *found;
    restore_organs(*ready, node.id, findings);
  }
  for (const Finding& finding : findings.take()) {
    if (finding.is_error) return Error{finding.what, finding.where, finding.fix};
  }
  ConnectionTidier(*ready).run();
  Circuit body = std::move(ready->circuit);
  for (std::size_t i = 0; i < body.circuits.size(); ++i) {
    if (!ready->pending[i].empty()) body.circuits[i].changes = joined(body.circuits[i].changes, ready->pending[i]);
  }
  node.source = SubcircuitNode::Source::body;
  node.prototype = {};
  node.group.clear();
  node.generator = {};
  node.body = std::move(body);
  keep_changes_of_copies(node.changes);
  return {};
}

}  // namespace

bool draws(const Fiber& fiber) {
  return fiber.rule == FiberRule::random_probability || fiber.rule == FiberRule::random_fanout || fiber.rule == FiberRule::distance ||
         fiber.weight.low != fiber.weight.high || fiber.length.low != fiber.length.high;
}

std::uint32_t add_path(Circuit& circuit, std::string_view path) {
  const auto found = std::find(circuit.paths.begin(), circuit.paths.end(), path);
  const auto number = static_cast<std::uint32_t>(found - circuit.paths.begin());
  if (found == circuit.paths.end()) circuit.paths.emplace_back(path);
  return FLUX_FIRST_PATH + number;
}

std::optional<std::size_t> find_prototype(const Circuit& root, const PrototypeName& name) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < root.prototypes.size(); ++i) {
    const Prototype& prototype = root.prototypes[i];
    if (prototype.name.name != name.name || (name.version != 0 && prototype.name.version != name.version)) continue;
    const bool is_own = prototype.library.empty(), best_is_own = best && root.prototypes[*best].library.empty();
    const bool is_better =
        !best || (is_own && !best_is_own) || (is_own == best_is_own && prototype.name.version > root.prototypes[*best].name.version);
    if (is_better) best = i;
  }
  return best;
}

std::string describe(const PrototypeName& name) {
  return name.version == 0 ? fmt::format("\"{}\"", name.name) : fmt::format("\"{}\" version {}", name.name, name.version);
}

Result<Circuit> detach(const Circuit& root, std::string_view path) {
  Circuit changed = root;
  SubcircuitNode* node = find_node(changed, path);
  if (node == nullptr) return no_such_node(path);
  if (Status status = give_body(root, *node); !status) return status.error();
  return changed;
}

Result<SubcircuitNode> detached(const Circuit& root, const SubcircuitNode& node) {
  SubcircuitNode own = node;
  if (Status status = give_body(root, own); !status) return status.error();
  return own;
}

Result<Circuit> make_prototype(const Circuit& root, std::string_view path, const PrototypeName& name) {
  for (const Prototype& prototype : root.prototypes) {
    if (prototype.name == name && prototype.library.empty()) {
      return Error{fmt::format("there is a prototype {} already", describe(name)), std::string(path), "choose another name or version"};
    }
  }
  auto changed = detach(root, path);
  if (!changed) return changed;
  SubcircuitNode* node = find_node(changed.value(), path);
  Prototype prototype;
  prototype.name = name;
  prototype.body = std::move(*node->body);
  node->body = {};
  node->source = SubcircuitNode::Source::prototype;
  node->prototype = name;
  changed.value().prototypes.push_back(std::move(prototype));
  return changed;
}

Result<Circuit> join_group(const Circuit& root, std::string_view path, const std::string& name) {
  const bool exists = std::any_of(root.groups.begin(), root.groups.end(), [&](const Group& group) { return group.name == name; });
  auto changed = exists ? Result<Circuit>(root) : detach(root, path);
  if (!changed) return changed;
  SubcircuitNode* node = find_node(changed.value(), path);
  if (node == nullptr) return no_such_node(path);
  if (!exists) {
    Group group;
    group.name = name;
    group.body = std::move(*node->body);
    changed.value().groups.push_back(std::move(group));
  }
  node->body = {};
  node->prototype = {};
  node->generator = {};
  node->source = SubcircuitNode::Source::group;
  node->group = name;
  return changed;
}

Result<Circuit> leave_group(const Circuit& root, std::string_view path) {
  Circuit copy = root;
  const SubcircuitNode* node = find_node(copy, path);
  if (node == nullptr) return no_such_node(path);
  if (node->source != SubcircuitNode::Source::group) {
    return Error{"it is in no group", std::string(path), "name a linked copy"};
  }
  return detach(root, path);
}

}  // namespace flux
