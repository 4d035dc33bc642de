#include "circuit/elaborate.h"

#include "circuit/structure.h"
#include "elaborator.h"
#include "fmt/format.h"

namespace flux {

Circuit instances_of_others(const Circuit& root, const std::function<bool(const Prototype&)>& uses_prototype,
                            const std::function<bool(const Group&)>& uses_group) {
  Circuit trial;
  for (const Prototype& prototype : root.prototypes) {
    if (!prototype.library.empty() || uses_prototype(prototype)) continue;
    SubcircuitNode node;
    node.id = "prototype " + describe(prototype.name);
    node.source = SubcircuitNode::Source::prototype;
    node.prototype = prototype.name;
    node.place = prototype.place;
    trial.circuits.push_back(std::move(node));
  }
  for (const Group& group : root.groups) {
    if (uses_group(group)) continue;
    SubcircuitNode node;
    node.id = fmt::format("group \"{}\"", group.name);
    node.source = SubcircuitNode::Source::group;
    node.group = group.name;
    node.place = group.place;
    trial.circuits.push_back(std::move(node));
  }
  return trial;
}

Circuit Elaborator::run() {
  place(std::make_shared<ReadyBody>(root_), "", root_.settings.seed, 0);
  connect_all();
  return std::move(flat_);
}

void Elaborator::run_inside(std::shared_ptr<ReadyBody> body, std::string prefix, std::uint64_t seed, std::uint32_t depth,
                            std::vector<std::string> open) {
  is_inside_ = true;
  prefix_ = std::move(prefix);
  open_ = std::move(open);
  place(std::move(body), "", seed, depth);
  connect_all();
}

void Elaborator::try_unused() {
  try_out(instances_of_others(
      root_, [this](const Prototype& some) { return bodies_.has_used(some); },
      [this](const Group& some) { return bodies_.has_used(some); }));
}

void Elaborator::try_out(const Circuit& trial) {
  flat_ = {};
  first_of_flat_node_.clear();
  scopes_.clear();
  neurons_ = 0;
  place(std::make_shared<ReadyBody>(trial), "", 0, 0);
  connect_all();
}

void Elaborator::error(Element element, std::string what, std::string fix, std::string where, TextPlace place) {
  findings_.add({true, element, 0, std::move(what), std::move(fix), std::move(where), place});
}

void Elaborator::stop(std::string what, const std::string& fix, std::string where, TextPlace place) {
  error(Element::subcircuit, std::move(what), fix, std::move(where), place);
  stopped_ = true;
}

std::string Elaborator::where(const Scope& scope) const {
  const std::string path = prefix_ + scope.path;
  return path.empty() ? "" : path.substr(0, path.size() - 1);
}

std::string Elaborator::where(const Scope& scope, std::string_view element) const {
  const std::string path = where(scope);
  return path.empty() ? std::string(element) : fmt::format("{}: {}", path, element);
}

bool is_flat(const Circuit& circuit) { return circuit.organs.empty() && circuit.circuits.empty() && circuit.paths.empty(); }

Circuit elaborate_tree(const Circuit& root, Findings& findings, std::uint64_t share_from) {
  Bodies bodies(root, findings);
  Elaborator elaborator(root, findings, bodies, share_from);
  Circuit flat = elaborator.run();
  if (!findings.any_error()) elaborator.try_unused();
  return flat;
}

void try_unused(const Circuit& root, Findings& findings) {
  Bodies bodies(root, findings);
  Elaborator(root, findings, bodies, FLUX_SHARE_FROM).try_unused();
}

Result<Circuit> elaborate(Circuit circuit, std::uint64_t share_from) {
  if (is_flat(circuit)) return circuit;
  Findings findings(circuit);
  Bodies bodies(circuit, findings);
  Circuit flat = Elaborator(circuit, findings, bodies, share_from).run();
  for (const Finding& finding : findings.take()) {
    if (finding.is_error) return Error{finding.what, finding.where, finding.fix};
  }
  return flat;
}

}  // namespace flux
