// Operations on the structure of the tree.
#include <algorithm>

#include "circuit/structure.h"
#include "file/object_reader.h"
#include "fmt/format.h"
#include "run_operation.h"

namespace flux {
namespace {

struct CircuitSite {
  Site site;
  std::uint32_t place;
  const SubcircuitNode& node() const { return site.body.circuits[place]; }
};

Result<CircuitSite> circuit_of(EditableCircuit& document, const Operation& operation) {
  const auto site = site_of(document, operation.in);
  if (!site) return site.error();
  const auto node = find_node(site.value(), operation.node);
  if (!node) return node.error();
  if (node.value().list != ElementList::circuits) {
    return Error{fmt::format("\"{}\" is no circuit", operation.node), site.value().where(), "name a circuit inside this one"};
  }
  return CircuitSite{site.value(), node.value().place};
}

// Gives the node a body of its own. Connections that led nowhere go: nothing can bring back what they named.
Status detach_node(const CircuitSite& at) {
  auto node = detached(at.site.document.circuit(), at.node());
  if (!node) return Error{node.error().what, at.site.where(node.error().where), node.error().fix};
  take_replace(at.site, ElementList::circuits, at.place, std::move(node).value(), true);
  remove_dead_ends(at.site, {ElementList::circuits, at.place});
  return {};
}

}  // namespace

Status run_detach(EditableCircuit& document, const Operation& operation) {
  const auto at = circuit_of(document, operation);
  if (!at) return at.error();
  return detach_node(at.value());
}

Status run_make_prototype(EditableCircuit& document, const Operation& operation) {
  const auto at = circuit_of(document, operation);
  if (!at) return at.error();
  Prototype prototype;
  prototype.name = {operation.name, operation.version};
  for (const Prototype& some : document.circuit().prototypes) {
    if (some.library.empty() && some.name == prototype.name) {
      return Error{fmt::format("there is a prototype {} already", describe(prototype.name)), at.value().site.where(operation.node),
                   "choose another name or version"};
    }
  }
  if (Status status = detach_node(at.value()); !status) return status;
  SubcircuitNode instance = bare_copy(at.value().node());
  instance.source = SubcircuitNode::Source::prototype;
  instance.prototype = prototype.name;
  prototype.body = *at.value().node().body;
  take_replace(at.value().site, ElementList::circuits, at.value().place, std::move(instance), true);
  const auto root = site_of(document, "");
  take_insert(root.value(), ElementList::prototypes, static_cast<std::uint32_t>(document.circuit().prototypes.size()),
              std::move(prototype));
  return {};
}

Status run_join_group(EditableCircuit& document, const Operation& operation) {
  const auto at = circuit_of(document, operation);
  if (!at) return at.error();
  const std::vector<Group>& groups = document.circuit().groups;
  const bool exists = std::any_of(groups.begin(), groups.end(), [&](const Group& group) { return group.name == operation.name; });
  Group group;
  group.name = operation.name;
  if (!exists) {
    if (Status status = detach_node(at.value()); !status) return status;
    group.body = *at.value().node().body;
  }
  SubcircuitNode copy = bare_copy(at.value().node());
  copy.source = SubcircuitNode::Source::group;
  copy.prototype = {};
  copy.generator = {};
  copy.group = operation.name;
  take_replace(at.value().site, ElementList::circuits, at.value().place, std::move(copy), true);
  if (exists) remove_dead_ends(at.value().site, {ElementList::circuits, at.value().place});
  const auto root = site_of(document, "");
  if (!exists) take_insert(root.value(), ElementList::groups, static_cast<std::uint32_t>(groups.size()), std::move(group));
  return {};
}

Status run_leave_group(EditableCircuit& document, const Operation& operation) {
  const auto at = circuit_of(document, operation);
  if (!at) return at.error();
  if (at.value().node().source != SubcircuitNode::Source::group) {
    return Error{"it is in no group", at.value().site.where(operation.node), "name a linked copy"};
  }
  return run_detach(document, operation);
}

// --- replace ----------------------------------------------------------------------------------------------------------------------

Status run_replace(EditableCircuit& document, const Operation& operation) {
  const auto at = circuit_of(document, operation);
  if (!at) return at.error();
  const Site& site = at.value().site;
  JsonTree given;
  if (const auto problem = given.parse(operation.value)) return Error{problem->what, site.where("value"), problem->fix};
  JsonTree id;
  std::string name = "{\"id\": ";
  append_json_string(name, operation.node);
  name += '}';
  (void)id.parse(name);
  auto element = read_for(site, ElementList::circuits, merged_members(given.root(), id.root()));
  if (!element) return element.error();
  SubcircuitNode& node = *std::get_if<SubcircuitNode>(&element.value());
  if (!node.position) node.position = at.value().node().position;
  if (!node.extent) node.extent = at.value().node().extent;
  take_replace(site, ElementList::circuits, at.value().place, std::move(element).value(), true);
  remove_dead_ends(site, {ElementList::circuits, at.value().place});
  return {};
}

}  // namespace flux
