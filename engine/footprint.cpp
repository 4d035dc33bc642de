#include "footprint.h"

#include <algorithm>

#include "circuit/elaborate.h"
#include "circuit/identifier.h"
#include "circuit/structure.h"
#include "drawing.h"

namespace flux {
namespace {

constexpr std::string_view FLUX_PROTOTYPES = "/prototypes/", FLUX_GROUPS = "/groups/";

// Finds the nodes of the tree that take a body from one of some prototypes or groups, or from what extends them.
class InstanceFinder {
 public:
  InstanceFinder(const Circuit& root, std::set<std::string> prototypes, std::set<std::string> groups)
      : root_(root), prototypes_(std::move(prototypes)), groups_(std::move(groups)) {
    for (std::size_t known = 0; known != prototypes_.size();) {  // heirs, and theirs
      known = prototypes_.size();
      for (const Prototype& prototype : root.prototypes) {
        if (prototypes_.contains(prototype.extends.name)) prototypes_.insert(prototype.name.name);
      }
    }
  }

  // Adds the circuits, in all copies, to `found`. False where the tree has more than can be placed.
  bool run(TreePart& part, std::vector<TreePart*>& found) {
    visit(root_, part, found);
    return visited_ < FLUX_MAX_INSTANCES;
  }

 private:
  bool is_wanted(const SubcircuitNode& node) const {
    return (node.source == SubcircuitNode::Source::prototype && prototypes_.contains(node.prototype.name)) ||
           (node.source == SubcircuitNode::Source::group && groups_.contains(node.group));
  }

  void visit(const Circuit& body, TreePart& part, std::vector<TreePart*>& found) {
    if (++visited_ >= FLUX_MAX_INSTANCES || !open_.insert(&body).second) return;  // the second: it contains itself
    for (const SubcircuitNode& node : body.circuits) {
      if (is_wanted(node)) found.push_back(&part.at(node.id).every);
      for (const Circuit* source : bodies_of(node)) {
        if (leads_to_wanted(*source)) visit(*source, part.at(node.id).every, found);
      }
    }
    open_.erase(&body);
  }

  bool leads_to_wanted(const Circuit& body) {
    const auto [entry, is_new] = leads_.try_emplace(&body, false);
    if (!is_new) return entry->second;
    bool leads = false;
    for (const SubcircuitNode& node : body.circuits) {
      leads |= is_wanted(node);
      for (const Circuit* source : bodies_of(node)) leads |= leads_to_wanted(*source);
      if (leads) break;
    }
    return leads_[&body] = leads;
  }

  // What stands at a node: its body, or those of its prototype and of what that extends, or of its group.
  std::vector<const Circuit*> bodies_of(const SubcircuitNode& node) const {
    std::vector<const Circuit*> bodies;
    if (node.body) bodies.push_back(&*node.body);
    PrototypeName name = node.prototype;
    for (std::uint32_t i = 0; !name.name.empty() && i <= FLUX_MAX_CIRCUIT_DEPTH; ++i) {
      const auto found = find_prototype(root_, name);
      if (!found) break;
      bodies.push_back(&root_.prototypes[*found].body);
      name = root_.prototypes[*found].extends;
    }
    for (const Group& group : root_.groups) {
      if (node.source == SubcircuitNode::Source::group && group.name == node.group) bodies.push_back(&group.body);
    }
    return bodies;
  }

  const Circuit& root_;
  std::set<std::string> prototypes_, groups_;
  std::map<const Circuit*, bool> leads_;
  std::set<const Circuit*> open_;  // around the one that is visited
  std::uint64_t visited_ = 0;
};

std::string_view take_part(std::string_view& path) {
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string_view part = path.substr(0, slash);
  path.remove_prefix(std::min(slash + 1, path.size()));
  return part;
}

}  // namespace

std::vector<TreePart*> Footprint::places_of(const std::string& in) {
  const auto [entry, is_new] = places_.try_emplace(in);
  std::vector<TreePart*>& places = entry->second;
  if (!is_new) return places;
  std::string_view rest = in;
  if (in.starts_with('/')) {
    const bool is_group = in.starts_with(FLUX_GROUPS);
    rest.remove_prefix(is_group ? FLUX_GROUPS.size() : FLUX_PROTOTYPES.size());
    const std::string_view name = take_part(rest);
    const auto versioned = split_indexed_name(name);
    std::set<std::string> prototypes, groups;
    (is_group ? groups : prototypes).emplace(versioned && !is_group ? versioned->base : name);
    everywhere_ |= !InstanceFinder(document_.circuit(), std::move(prototypes), std::move(groups)).run(part_, places);
  } else {
    places.push_back(&part_);
  }
  while (!rest.empty()) {
    const std::string id(take_part(rest));
    for (TreePart*& place : places) place = &place->at(id).every;
  }
  return places;
}

// Whether an override of those around a circuit may reach its connections, or what is inside it by way of their ends.
bool Footprint::is_changed_from_outside(const std::string& in) const {
  if (in.starts_with('/')) return true;
  const Circuit* body = &document_.circuit();
  for (std::string_view rest = in; !rest.empty();) {
    const std::string_view id = take_part(rest);
    const auto node = std::find_if(body->circuits.begin(), body->circuits.end(), [&](const SubcircuitNode& some) { return some.id == id; });
    if (node == body->circuits.end() || !node->body || !node->changes.empty()) return true;
    body = &*node->body;
  }
  return false;
}

void Footprint::select_inside(const std::string& in, const std::string& id) {
  for (TreePart* place : places_of(in)) place->at(id).every.whole = true;
}

// Overrides of single copies concern these alone.
void Footprint::select_copies(const std::string& in, const SubcircuitNode& now, const SubcircuitNode& next) {
  std::set<std::uint32_t> copies;
  bool in_all = now.id != next.id || now.count != next.count || now.source != next.source || now.prototype != next.prototype ||
                now.group != next.group || now.generator != next.generator || now.repeat != next.repeat ||
                now.changes.removes != next.changes.removes;
  const auto add_missing = [&](const std::vector<Override>& from, const std::vector<Override>& to) {
    for (const Override& override : from) {
      if (std::find(to.begin(), to.end(), override) != to.end()) continue;
      const std::string_view head = std::string_view(override.target).substr(0, override.target.find('/'));
      const auto copy = override.target.starts_with('[') ? split_indexed_name(head) : std::nullopt;
      in_all |= !copy;
      if (copy) copies.insert(copy->index);
    }
  };
  add_missing(now.changes.overrides, next.changes.overrides);
  add_missing(next.changes.overrides, now.changes.overrides);
  for (TreePart* place : places_of(in)) {
    TreePart::Copies& all = place->at(now.id);
    all.every.whole |= in_all;
    for (const std::uint32_t copy : copies) all.one[copy].whole = true;
    if (now.id != next.id) place->at(next.id).every.whole = true;
  }
}

void Footprint::circuits_before(const Circuit& body, const Step& step) {
  for (std::size_t i = 0; i < step.places.size(); ++i) {
    const bool of_circuits = step.list == ElementList::circuits;
    const auto* next = of_circuits && !step.elements.empty() ? std::get_if<SubcircuitNode>(&step.elements[i]) : nullptr;
    const auto* next_organ = of_circuits || step.elements.empty() ? nullptr : std::get_if<OrganNode>(&step.elements[i]);
    if (of_circuits && step.kind == Step::Kind::replace && !step.with_body) {
      select_copies(step.in, body.circuits[step.places[i]], *next);
      continue;
    }
    if (next != nullptr) select_inside(step.in, next->id);
    if (next_organ != nullptr) select_inside(step.in, next_organ->id);
    if (step.kind == Step::Kind::insert) continue;
    select_inside(step.in, of_circuits ? body.circuits[step.places[i]].id : body.organs[step.places[i]].id);
  }
}

// Prototypes and groups: all circuits that take a body from those of this name, in whatever version.
void Footprint::sources_before(const Circuit& body, const Step& step) {
  std::set<std::string> prototypes, groups;
  for (std::size_t i = 0; i < step.places.size(); ++i) {
    if (step.list == ElementList::prototypes) {
      if (step.kind != Step::Kind::insert) prototypes.insert(body.prototypes[step.places[i]].name.name);
      if (!step.elements.empty()) prototypes.insert(std::get_if<Prototype>(&step.elements[i])->name.name);
    } else {
      if (step.kind != Step::Kind::insert) groups.insert(body.groups[step.places[i]].name);
      if (!step.elements.empty()) groups.insert(std::get_if<Group>(&step.elements[i])->name);
    }
  }
  std::vector<TreePart*> found;
  everywhere_ |= !InstanceFinder(document_.circuit(), std::move(prototypes), std::move(groups)).run(part_, found);
  for (TreePart* place : found) place->whole = true;
}

void Footprint::before(const Circuit& body, const Step& step) {
  if (is_drawing(body, step)) return;
  if (step.kind == Step::Kind::header) {
    everywhere_ = true;
    return;
  }
  switch (step.list) {
    case ElementList::circuits:
    case ElementList::organs:
      circuits_before(body, step);
      places_.clear();
      return;
    case ElementList::prototypes:
    case ElementList::groups:
      sources_before(body, step);
      places_.clear();
      return;
    default:
      break;
  }
  const bool reaches_inside = is_changed_from_outside(step.in);
  for (TreePart* place : places_of(step.in)) (reaches_inside ? place->whole : place->itself) = true;
}

}  // namespace flux
