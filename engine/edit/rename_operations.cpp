// rename: what names a node, prototype or group follows.
#include <algorithm>

#include "circuit/identifier.h"
#include "fmt/format.h"
#include "run_operation.h"

namespace flux {
namespace {

Status rename_node(const Site& site, const Operation& operation) {
  const auto node = find_node(site, operation.node);
  if (!node) return node.error();
  if (operation.name == operation.node) return {};
  if (Status status = check_new_id(site, operation.name, operation.node); !status) return status;
  const std::uint32_t place = node.value().place;
  rename_references(site, node.value(), [&](std::string_view called, std::optional<std::uint32_t>) {
    return called == operation.node ? std::optional(operation.name) : std::nullopt;
  });
  switch (node.value().list) {
    case ElementList::neurons: {
      NeuronNode neuron = site.body.neurons[place];
      neuron.id = operation.name;
      take_replace(site, ElementList::neurons, place, std::move(neuron));
      break;
    }
    case ElementList::organs: {
      OrganNode organ = site.body.organs[place];
      organ.id = operation.name;
      take_replace(site, ElementList::organs, place, std::move(organ));
      break;
    }
    default: {
      SubcircuitNode circuit = bare_copy(site.body.circuits[place]);
      circuit.id = operation.name;
      take_replace(site, ElementList::circuits, place, std::move(circuit));
    }
  }
  site.document.moved(site.in, operation.node, operation.name);
  return {};
}

// Every node that is an instance of a prototype, or a copy of a group, gets the new name.
template <class Follow>
void rename_in_nodes(EditableCircuit& document, const Follow& follow) {
  std::vector<Step> steps;
  for_each_body(const_cast<Circuit&>(document.circuit()), [&](const std::string& in, Circuit& body) {
    Step step;
    step.kind = Step::Kind::replace;
    step.list = ElementList::circuits;
    step.in = in;
    for (std::uint32_t i = 0; i < body.circuits.size(); ++i) {
      SubcircuitNode node = bare_copy(body.circuits[i]);
      if (!follow(node)) continue;
      step.places.push_back(i);
      step.elements.emplace_back(std::move(node));
    }
    if (!step.places.empty()) steps.push_back(std::move(step));
  });
  for (Step& step : steps) document.take(std::move(step));
}

Status rename_prototype(const Site& root, std::uint32_t place, const std::string& name) {
  const std::string before = root.body.prototypes[place].name.name;
  if (name == before) return {};
  for (const Prototype& prototype : root.body.prototypes) {
    if (prototype.name.name == name)
      return Error{fmt::format("there is a prototype \"{}\" already", name), root.where(), "choose another name"};
  }
  // All versions of it: an instance without a version may mean any of them.
  for (std::uint32_t i = 0; i < root.body.prototypes.size(); ++i) {
    const Prototype& now = root.body.prototypes[i];
    if (now.name.name != before && now.extends.name != before) continue;
    if (!now.library.empty()) {
      return Error{fmt::format("the library \"{}\" names \"{}\" too", now.library, before), root.where(), "choose another prototype"};
    }
  }
  rename_in_nodes(root.document, [&](SubcircuitNode& node) {
    if (node.source != SubcircuitNode::Source::prototype || node.prototype.name != before) return false;
    node.prototype.name = name;
    return true;
  });
  for (std::uint32_t i = 0; i < root.body.prototypes.size(); ++i) {
    const Prototype& now = root.body.prototypes[i];
    if (now.name.name != before && now.extends.name != before) continue;
    Prototype changed;
    changed.name = now.name;
    changed.extends = now.extends;
    changed.changes = now.changes;
    changed.comment = now.comment;
    if (changed.name.name == before) changed.name.name = name;
    if (changed.extends.name == before) changed.extends.name = name;
    take_replace(root, ElementList::prototypes, i, std::move(changed));
  }
  return {};
}

Status rename_group(const Site& root, std::uint32_t place, const std::string& name) {
  const std::string before = root.body.groups[place].name;
  if (name == before) return {};
  for (const Group& group : root.body.groups) {
    if (group.name == name) return Error{fmt::format("there is a group \"{}\" already", name), root.where(), "choose another name"};
  }
  rename_in_nodes(root.document, [&](SubcircuitNode& node) {
    if (node.source != SubcircuitNode::Source::group || node.group != before) return false;
    node.group = name;
    return true;
  });
  Group changed;
  changed.name = name;
  changed.comment = root.body.groups[place].comment;
  take_replace(root, ElementList::groups, place, std::move(changed));
  return {};
}

}  // namespace

SubcircuitNode bare_copy(const SubcircuitNode& node) {
  SubcircuitNode copy;
  copy.id = node.id;
  copy.count = node.count;
  copy.source = node.source;
  copy.prototype = node.prototype;
  copy.group = node.group;
  copy.generator = node.generator;
  copy.repeat = node.repeat;
  copy.changes = node.changes;
  copy.position = node.position;
  copy.extent = node.extent;
  copy.comment = node.comment;
  copy.place = node.place;
  return copy;
}

Status run_rename(EditableCircuit& document, const Operation& operation) {
  const auto site = site_of(document, operation.in);
  if (!site) return site.error();
  if (!operation.node.empty()) return rename_node(site.value(), operation);
  if (const auto problem = identifier_problem(operation.name)) {
    return Error{fmt::format("the name {}", *problem), site.value().where(), "give it a short name of letters, digits and spaces"};
  }
  const auto owner = owner_of(site.value());
  if (!owner) return Error{"there is nothing to rename", site.value().where(), "name a node, or a prototype or group with \"in\""};
  const auto root = site_of(document, "");
  if (owner->list == ElementList::prototypes) return rename_prototype(root.value(), owner->place, operation.name);
  return rename_group(root.value(), owner->place, operation.name);
}

}  // namespace flux
