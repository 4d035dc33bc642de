#include <algorithm>
#include <set>

#include "check_circuit.h"
#include "circuit/identifier.h"
#include "circuit/structure.h"
#include "circuit/tree_part.h"
#include "elaborator.h"

namespace flux {

TreePart::TreePart() = default;
TreePart::TreePart(TreePart&&) noexcept = default;
TreePart& TreePart::operator=(TreePart&&) noexcept = default;
TreePart::~TreePart() = default;

TreePart::Copies& TreePart::at(const std::string& id) {
  std::unique_ptr<Copies>& copies = inside[id];
  if (!copies) copies = std::make_unique<Copies>();
  return *copies;
}

namespace {

// Whether a path names a neuron of a selected circuit. Numbers of copies may be "*".
bool leads_into(const TreePart& part, std::string_view path) {
  if (part.whole) return true;
  const auto [head, rest] = split_path(path);
  if (rest.empty()) return part.itself;
  const bool all = head.ends_with("[*]");
  const auto indexed = all ? std::nullopt : split_indexed_name(head);
  const auto found = part.inside.find(all ? head.substr(0, head.size() - 3) : indexed ? indexed->base : head);
  if (found == part.inside.end()) return false;
  const TreePart::Copies& copies = *found->second;
  if (leads_into(copies.every, rest)) return true;
  return std::any_of(copies.one.begin(), copies.one.end(), [&, inside = rest](const auto& copy) {
    return (all || (indexed && indexed->index == copy.first)) && leads_into(copy.second, inside);
  });
}

}  // namespace

std::optional<ElaboratedPart> Elaborator::run_part(const TreePart& part, std::uint64_t most) {
  is_part_ = true;
  most_elements_ = most;
  add_scope(std::make_shared<ReadyBody>(root_), "", root_.settings.seed);
  enter(0, {&part}, 0);
  ElaboratedPart result;
  result.inside = flat_.neurons.size();
  result.has_single_instances = has_single_instances_;
  for (std::size_t i = 0; i < selected_.size() && !stopped_; ++i) connect(selected_[i]);
  for (const auto& [number, parts] : border_) {
    if (!stopped_) connect_border(scopes_[number], parts);
  }
  if (stopped_ || findings_.any_error()) return std::nullopt;
  result.circuit = std::move(flat_);
  return result;
}

void Elaborator::enter(std::uint32_t number, const Parts& parts, std::uint32_t depth) {
  Scope& scope = scopes_[number];
  const auto is_whole = [](const TreePart* part) { return part->whole; };
  const bool whole = std::any_of(parts.begin(), parts.end(), is_whole);
  if (whole || std::any_of(parts.begin(), parts.end(), [](const TreePart* part) { return part->itself; })) {
    selected_.push_back(number);
    place_neurons(scope);
    if (elements_ > most_elements_) stopped_ = true;
  } else {
    border_.emplace_back(number, parts);
  }
  for (std::uint32_t i = 0; i < scope.copies.size() && !stopped_; ++i) enter_copies(number, i, parts, whole, depth + 1);
  if (!stopped_) check_alike(number);
}

void Elaborator::enter_copies(std::uint32_t number, std::uint32_t circuit, const Parts& parts, bool whole, std::uint32_t depth) {
  Scope& scope = scopes_[number];
  const SubcircuitNode& node = scope.body->circuit.circuits[circuit];
  std::vector<const TreePart::Copies*> selections;
  for (const TreePart* part : parts) {
    const auto found = part->inside.find(node.id);
    if (found != part->inside.end()) selections.push_back(found->second.get());
  }
  if (!whole && selections.empty()) return;
  const bool alone = !whole && std::all_of(selections.begin(), selections.end(), [](const auto* some) { return some->every.empty(); });
  if (node.repeat && alone) has_single_instances_ = true;
  if (node.repeat && !alone) {  // its instances are alike: all or none
    whole = true;
    scope.copies[circuit].repeated = place_repeated(number, circuit, depth);
    stopped_ |= scope.copies[circuit].is_shared();
  }
  static const TreePart all = [] {
    TreePart part;
    part.whole = true;
    return part;
  }();
  for (std::uint32_t copy = 0; copy < node.copies() && !stopped_; ++copy) {
    Parts inside;
    if (whole) inside.push_back(&all);
    for (const TreePart::Copies* selection : selections) {
      const auto one = selection->one.find(copy);
      if (!selection->every.empty()) inside.push_back(&selection->every);
      if (one != selection->one.end()) inside.push_back(&one->second);
    }
    if (inside.empty()) continue;
    if (!may_open(node, scope.path + name_of_copy(node, copy), depth)) return;
    Scope* const entered = copy_at(scope, circuit, copy);
    if (entered == nullptr) return stop_quietly();
    const std::string source = source_of(node);
    if (!source.empty()) open_.push_back(source);
    enter(entered->number, inside, depth);
    if (!source.empty()) open_.pop_back();
  }
}

// The connections of a circuit around the part that lead into it.
void Elaborator::connect_border(Scope& scope, const Parts& parts) {
  const Circuit& circuit = scope.body->circuit;
  std::vector<bool> leads;
  for (const std::string& path : circuit.paths) {
    leads.push_back(std::any_of(parts.begin(), parts.end(), [&](const TreePart* part) { return leads_into(*part, path); }));
  }
  const auto leads_in = [&](std::uint32_t end) { return is_path(end) && leads[end - FLUX_FIRST_PATH]; };
  for (std::size_t i = 0; i < circuit.synapses.size(); ++i) {
    if (leads_in(circuit.synapses[i].source) || leads_in(circuit.synapses[i].target)) connect_synapse(scope, i);
  }
  for (std::size_t i = 0; i < circuit.fibers.size(); ++i) {
    const Fiber& fiber = circuit.fibers[i];
    if (std::any_of(fiber.sources.begin(), fiber.sources.end(), leads_in) ||
        std::any_of(fiber.targets.begin(), fiber.targets.end(), leads_in)) {
      connect_fiber(scope, i);
    }
  }
  for (std::size_t i = 0; i < circuit.circuits.size(); ++i) {
    const auto& repeated = scope.copies[i].repeated;
    if (repeated && !repeated->is_shared) connect_neighbours(scope, i);
  }
}

std::optional<ElaboratedPart> elaborate_part(const Circuit& root, const TreePart& part, std::uint64_t share_from, std::uint64_t most) {
  Findings findings(root);
  Bodies bodies(root, findings);
  std::optional<ElaboratedPart> result = Elaborator(root, findings, bodies, share_from).run_part(part, most);
  if (!result) return std::nullopt;
  findings.enter(result->circuit, "");
  find_errors(result->circuit, CircuitRole::placed, findings);
  return findings.any_error() ? std::nullopt : std::move(result);
}

namespace {

// Finds the prototypes and groups that a tree uses.
class UsedSources {
 public:
  explicit UsedSources(const Circuit& root) : root_(root) { visit(root); }
  bool has(const void* source) const { return used_.contains(source); }

 private:
  void visit(const Circuit& body) {
    for (const SubcircuitNode& node : body.circuits) {
      if (node.body) visit(*node.body);
      if (node.source == SubcircuitNode::Source::prototype) visit_prototype(node.prototype);
      if (node.source == SubcircuitNode::Source::group) visit_group(node.group);
    }
  }

  void visit_prototype(const PrototypeName& name) {
    const auto found = find_prototype(root_, name);
    if (!found || !used_.insert(&root_.prototypes[*found]).second) return;
    const Prototype& prototype = root_.prototypes[*found];
    if (!prototype.extends.name.empty()) visit_prototype(prototype.extends);
    visit(prototype.body);
  }

  void visit_group(const std::string& name) {
    for (const Group& group : root_.groups) {
      if (group.name == name && used_.insert(&group).second) visit(group.body);
    }
  }

  const Circuit& root_;
  std::set<const void*> used_;
};

}  // namespace

bool bodies_are_sound(const Circuit& root) {
  Findings findings(root);
  check_tree(root, findings);
  if (findings.any_error()) return false;
  const UsedSources used(root);
  const Circuit trial = instances_of_others(
      root, [&](const Prototype& some) { return used.has(&some); }, [&](const Group& some) { return used.has(&some); });
  if (trial.circuits.empty()) return true;
  Bodies bodies(root, findings);
  Elaborator(root, findings, bodies, FLUX_SHARE_FROM).try_out(trial);
  return !findings.any_error();
}

}  // namespace flux
