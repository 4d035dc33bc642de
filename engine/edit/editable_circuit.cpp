#include "edit/editable_circuit.h"

#include <algorithm>
#include <cassert>

#include "body_index.h"
#include "circuit/identifier.h"
#include "file/circuit_text.h"
#include "fmt/format.h"
#include "run_operation.h"
#include "take_step.h"
#include "xxhash.h"

namespace flux {
namespace {

constexpr std::string_view FLUX_PROTOTYPES = "/prototypes/";
constexpr std::string_view FLUX_GROUPS = "/groups/";

// The first part of a path, and the rest.
std::string_view take_part(std::string_view& path) {
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string_view part = path.substr(0, slash);
  path.remove_prefix(std::min(slash + 1, path.size()));
  return part;
}

// "leg[2]": version 2. Without a version: the one that has none, else the highest.
Prototype* own_prototype(Circuit& root, std::string_view name) {
  const auto versioned = split_indexed_name(name);
  Prototype* best = nullptr;
  for (Prototype& prototype : root.prototypes) {
    if (!prototype.library.empty()) continue;
    if (versioned) {
      if (prototype.name.name == versioned->base && prototype.name.version == versioned->index) return &prototype;
      continue;
    }
    if (prototype.name.name != name) continue;
    if (prototype.name.version == 0) return &prototype;
    if (best == nullptr || prototype.name.version > best->name.version) best = &prototype;
  }
  return best;
}

Error no_own_body(const SubcircuitNode& node, std::string_view in) {
  if (node.source == SubcircuitNode::Source::generator) {
    return Error{fmt::format("\"{}\" has no body of its own: the generator \"{}\" makes it", node.id, node.generator.name), std::string(in),
                 "set its settings or its seed, override what is in it, or detach it"};
  }
  const bool is_group = node.source == SubcircuitNode::Source::group;
  const std::string source = is_group ? fmt::format("group \"{}\"", node.group) : fmt::format("prototype \"{}\"", node.prototype.name);
  return Error{fmt::format("\"{}\" has no body of its own: it follows the {}", node.id, source), std::string(in),
               fmt::format("edit \"{}{}\" for all of them, override the node for this one, or detach it",
                           is_group ? FLUX_GROUPS : FLUX_PROTOTYPES, is_group ? node.group : node.prototype.name)};
}

void visit_bodies(const std::string& in, Circuit& body, const std::function<void(const std::string&, Circuit&)>& visit) {
  visit(in, body);
  const std::string prefix = in.empty() ? "" : in + "/";
  for (SubcircuitNode& node : body.circuits) {
    if (node.body) visit_bodies(prefix + node.id, *node.body, visit);
  }
}

}  // namespace

std::string place_of(const Prototype& prototype, const Circuit& root) {
  (void)root;
  const std::string version = prototype.name.version == 0 ? "" : fmt::format("[{}]", prototype.name.version);
  return fmt::format("{}{}{}", FLUX_PROTOTYPES, prototype.name.name, version);
}

void for_each_body(Circuit& root, const std::function<void(const std::string&, Circuit&)>& visit) {
  visit_bodies("", root, visit);
  for (Prototype& prototype : root.prototypes) {
    if (prototype.library.empty()) visit_bodies(place_of(prototype, root), prototype.body, visit);
  }
  for (Group& group : root.groups) visit_bodies(std::string(FLUX_GROUPS) + group.name, group.body, visit);
}

EditableCircuit::EditableCircuit(Circuit root) : root_(std::make_unique<Circuit>(std::move(root))) {}
EditableCircuit::EditableCircuit(EditableCircuit&&) noexcept = default;
EditableCircuit& EditableCircuit::operator=(EditableCircuit&&) noexcept = default;
EditableCircuit::~EditableCircuit() = default;

Result<Circuit*> EditableCircuit::body(std::string_view in) {
  Circuit* body = root_.get();
  std::string_view rest = in;
  if (in.starts_with(FLUX_PROTOTYPES)) {
    rest.remove_prefix(FLUX_PROTOTYPES.size());
    const std::string_view name = take_part(rest);
    Prototype* prototype = own_prototype(*root_, name);
    if (prototype == nullptr) {
      return Error{fmt::format("this document has no prototype \"{}\" of its own", name), std::string(in),
                   "name one of those under \"prototypes\""};
    }
    body = &prototype->body;
  } else if (in.starts_with(FLUX_GROUPS)) {
    rest.remove_prefix(FLUX_GROUPS.size());
    const std::string_view name = take_part(rest);
    const auto group = std::find_if(root_->groups.begin(), root_->groups.end(), [&](const Group& some) { return some.name == name; });
    if (group == root_->groups.end()) {
      return Error{fmt::format("there is no group \"{}\"", name), std::string(in), "name one of those under \"groups\""};
    }
    body = &group->body;
  } else if (in.starts_with('/')) {
    return Error{"a place that begins with / must be \"/prototypes/...\" or \"/groups/...\"", std::string(in),
                 "name a circuit like \"leg/knee\""};
  }
  while (!rest.empty()) {
    const std::string id(take_part(rest));
    const auto node = index(*body).find(id);
    if (!node || node->list != ElementList::circuits) {
      return Error{fmt::format("there is no circuit \"{}\"", id), std::string(in),
                   "name one by the ids that lead to it, like \"body/leg\""};
    }
    SubcircuitNode& circuit = body->circuits[node->place];
    if (!circuit.body) return no_own_body(circuit, in);
    body = &*circuit.body;
  }
  return body;
}

BodyIndex& EditableCircuit::index(Circuit& body) {
  std::unique_ptr<BodyIndex>& index = indices_[&body];
  if (!index) index = std::make_unique<BodyIndex>(body);
  return *index;
}

std::pair<std::uint32_t, std::uint32_t> EditableCircuit::neuron_of(const Circuit& body, NeuronIndex neuron) {
  const BodyIndex& known = index(const_cast<Circuit&>(body));
  const std::uint32_t node = known.node_of(neuron);
  return {node, neuron - known.first()[node]};
}

// Forgets what is known of a circuit and those inside it: others may come to lie where they did.
void EditableCircuit::forget(const Circuit& body) {
  indices_.erase(&body);
  for (const SubcircuitNode& node : body.circuits) {
    if (node.body) forget(*node.body);
  }
}

void EditableCircuit::forget_bodies(const Step& step, Circuit& body) {
  if (step.list == ElementList::prototypes || step.list == ElementList::groups) {
    const auto own = indices_.extract(root_.get());
    indices_.clear();  // the bodies move with the list
    if (own) indices_.emplace(root_.get(), std::move(own.mapped()));
    return;
  }
  if (step.list != ElementList::circuits || step.kind == Step::Kind::insert || step.kind == Step::Kind::move) return;
  for (const std::uint32_t place : step.places) {
    const Boxed<Circuit>& inner = body.circuits[place].body;
    if (inner && (step.kind == Step::Kind::erase || step.with_body)) forget(*inner);
  }
}

void EditableCircuit::turn(Step& step, StepWatcher* watcher) {
  Circuit& body = *this->body(step.in).value();
  if (watcher != nullptr) watcher->before(body, step);
  if (step.kind != Step::Kind::header) forget_bodies(step, body);
  take_step(body, step);
  const auto known = indices_.find(&body);
  if (known != indices_.end() && !known->second->follow(body, step)) indices_.erase(known);
  if (watcher != nullptr) watcher->after(body, step);
}

void EditableCircuit::take(Step step) {
  if (step.kind != Step::Kind::header && step.places.empty()) return;
  turn(step, watcher_);
  change_.steps.push_back(std::move(step));
}

void EditableCircuit::take_back(std::size_t steps, StepWatcher* watcher) {
  while (change_.steps.size() > steps) {
    turn(change_.steps.back(), watcher);
    change_.steps.pop_back();
  }
}

Result<DocumentChange> EditableCircuit::apply(std::span<const Operation> operations, StepWatcher* watcher) {
  change_ = {};
  watcher_ = watcher;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const Status status = run(operations[i]);
    if (status.ok()) continue;
    take_back(0, nullptr);
    watcher_ = nullptr;
    const std::string place = operations.size() == 1 ? "" : fmt::format("operation {}", i);
    const Error& error = status.error();
    return Error{error.what, place.empty() || error.where.empty() ? place + error.where : place + ": " + error.where, error.fix};
  }
  watcher_ = nullptr;
  return std::move(change_);
}

void EditableCircuit::undo(DocumentChange& change, StepWatcher* watcher) {
  for (auto step = change.steps.rbegin(); step != change.steps.rend(); ++step) turn(*step, watcher);
}

void EditableCircuit::redo(DocumentChange& change, StepWatcher* watcher) {
  for (Step& step : change.steps) turn(step, watcher);
}

Status EditableCircuit::run(const Operation& operation) { return run_operation(*this, operation); }

std::uint64_t hash_document(const Circuit& circuit) {
  const std::string text = write_circuit_text(circuit);
  return XXH3_64bits(text.data(), text.size());
}

}  // namespace flux
