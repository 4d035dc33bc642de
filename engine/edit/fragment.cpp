// Copies of nodes, and pasting them.
#include "edit/fragment.h"

#include <algorithm>
#include <map>
#include <set>

#include "circuit/identifier.h"
#include "circuit/names.h"
#include "circuit/structure.h"
#include "file/circuit_text.h"
#include "fmt/format.h"
#include "run_operation.h"

namespace flux {
namespace {

// The head of a path without the number of a copy, and what follows it.
struct PathHead {
  std::string id, rest;
};
PathHead head_of(const std::string& path) {
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::size_t bracket = std::min(path.find('['), path.size());
  const std::size_t end = std::min(slash, bracket);
  return {path.substr(0, end), path.substr(end)};
}

// --- Copying ----------------------------------------------------------------------------------------------------------------------

class Copier {
 public:
  Copier(EditableCircuit& document, Circuit& body) : root_(document.circuit()), body_(body), index_(document.index(body)) {}

  Circuit run(std::span<const std::string> ids) {
    for (const std::string& id : ids) chosen_.insert(id);
    const std::vector<NeuronIndex>& first = index_.first();
    NeuronIndex next = 0;
    for (std::uint32_t i = 0; i < body_.neurons.size(); ++i) {
      if (!chosen_.contains(body_.neurons[i].id)) continue;
      numbers_[i] = {static_cast<std::uint32_t>(copy_.neurons.size()), next};
      next += body_.neurons[i].size();
      copy_.neurons.push_back(body_.neurons[i]);
    }
    for (const OrganNode& organ : body_.organs) {
      if (chosen_.contains(organ.id)) copy_.organs.push_back(organ);
    }
    for (const SubcircuitNode& node : body_.circuits) {
      if (!chosen_.contains(node.id)) continue;
      copy_.circuits.push_back(node);
      need(node);
    }
    for (const SynapseNode& synapse : body_.synapses) {
      if (!has(synapse.source, true) || !has(synapse.target, true)) continue;
      SynapseNode copied = synapse;
      for (NeuronIndex* end : {&copied.source, &copied.target}) {
        if (is_path(*end)) {
          *end = add_path(copy_, body_.paths[*end - FLUX_FIRST_PATH]);
        } else {
          const std::uint32_t node = index_.node_of(*end);
          *end = numbers_[node].neuron + (*end - first[node]);
        }
      }
      copy_.synapses.push_back(std::move(copied));
    }
    for (const Fiber& fiber : body_.fibers) {
      const auto inside = [this](std::uint32_t node) { return has(node, false); };
      if (!std::all_of(fiber.sources.begin(), fiber.sources.end(), inside) ||
          !std::all_of(fiber.targets.begin(), fiber.targets.end(), inside))
        continue;
      Fiber copied = fiber;
      copied.number.reset();
      for (std::vector<std::uint32_t>* side : {&copied.sources, &copied.targets}) {
        for (std::uint32_t& node : *side) node = is_path(node) ? add_path(copy_, body_.paths[node - FLUX_FIRST_PATH]) : numbers_[node].node;
      }
      copy_.fibers.push_back(std::move(copied));
    }
    return std::move(copy_);
  }

 private:
  struct Numbers {
    std::uint32_t node;
    NeuronIndex neuron;
  };

  bool has(std::uint32_t end, bool is_neuron) const {
    if (is_path(end)) return chosen_.contains(head_of(body_.paths[end - FLUX_FIRST_PATH]).id);
    return numbers_.contains(is_neuron ? index_.node_of(end) : end);
  }

  // What a node follows comes along.
  void need(const SubcircuitNode& node) {
    if (node.source == SubcircuitNode::Source::prototype) need(node.prototype);
    if (node.source == SubcircuitNode::Source::group && groups_.insert(node.group).second) {
      for (const Group& group : root_.groups) {
        if (group.name != node.group) continue;
        copy_.groups.push_back(group);
        need(group.body);
      }
    }
    if (node.body) need(*node.body);
  }
  void need(const Circuit& body) {
    for (const SubcircuitNode& node : body.circuits) need(node);
  }
  void need(const PrototypeName& name) {
    const auto found = name.name.empty() ? std::nullopt : find_prototype(root_, name);
    if (!found || !prototypes_.insert(*found).second) return;
    Prototype prototype = root_.prototypes[*found];
    prototype.library.clear();
    need(prototype.extends);
    need(prototype.body);
    copy_.prototypes.push_back(std::move(prototype));
  }

  const Circuit& root_;
  Circuit& body_;
  const BodyIndex& index_;
  std::set<std::string> chosen_, groups_;
  std::set<std::size_t> prototypes_;
  std::map<std::uint32_t, Numbers> numbers_;
  Circuit copy_;
};

// --- Pasting ----------------------------------------------------------------------------------------------------------------------

class Paster {
 public:
  Paster(const Site& site, Circuit fragment, std::optional<Position> offset)
      : site_(site), fragment_(std::move(fragment)), offset_(offset) {}

  Status run() {
    if (Status status = bring_sources(); !status) return status;
    const auto root_names = [this](const std::string& name) { return site_.index().find(name) || used_.contains(name); };
    for (NeuronNode& node : fragment_.neurons) rename(node.id, root_names);
    for (OrganNode& organ : fragment_.organs) rename(organ.id, root_names);
    for (SubcircuitNode& node : fragment_.circuits) rename(node.id, root_names);
    const auto alias_taken = [this](const std::string& alias) { return site_.index().find_alias(alias) || aliases_.contains(alias); };
    for (NeuronNode& node : fragment_.neurons) {
      const bool same = node.input_alias == node.output_alias;
      for (std::string* alias : {&node.input_alias, &node.output_alias}) {
        if (!alias->empty()) *alias = free_name(*alias, alias_taken);
      }
      if (same) node.output_alias = node.input_alias;
      aliases_.insert({node.input_alias, node.output_alias});
    }
    const NeuronIndex first_neuron = site_.index().first().back();
    const auto first_node = static_cast<std::uint32_t>(site_.body.neurons.size());
    append(ElementList::neurons, std::move(fragment_.neurons));
    append(ElementList::organs, std::move(fragment_.organs));
    append(ElementList::circuits, std::move(fragment_.circuits));
    for (SynapseNode& synapse : fragment_.synapses) {
      for (NeuronIndex* end : {&synapse.source, &synapse.target}) *end = is_path(*end) ? path(*end) : *end + first_neuron;
    }
    for (Fiber& fiber : fragment_.fibers) {
      fiber.number.reset();
      for (std::vector<std::uint32_t>* side : {&fiber.sources, &fiber.targets}) {
        for (std::uint32_t& node : *side) node = is_path(node) ? path(node) : node + first_node;
      }
    }
    append(ElementList::synapses, std::move(fragment_.synapses));
    append(ElementList::fibers, std::move(fragment_.fibers));
    append(ElementList::comments, std::move(fragment_.comments));
    return {};
  }

 private:
  // Prototypes and groups that the document has under the same name are taken to be the same: what is pasted follows those.
  Status bring_sources() {
    const auto root = site_of(site_.document, "");
    const Circuit& document = site_.document.circuit();
    std::vector<Prototype> prototypes;
    std::vector<Group> groups;
    for (Prototype& prototype : fragment_.prototypes) {
      if (!find_prototype(document, prototype.name)) prototypes.push_back(std::move(prototype));
    }
    for (Group& group : fragment_.groups) {
      const bool known =
          std::any_of(document.groups.begin(), document.groups.end(), [&](const Group& some) { return some.name == group.name; });
      if (!known) groups.push_back(std::move(group));
    }
    if (prototypes.empty() && groups.empty()) return {};
    if (site_.in.starts_with('/')) {
      // The list of prototypes would move while one of them is being edited.
      return Error{"what is pasted brings prototypes or groups of its own", site_.where(), "paste it into the root circuit first"};
    }
    append_to(root.value(), ElementList::prototypes, std::move(prototypes));
    append_to(root.value(), ElementList::groups, std::move(groups));
    return {};
  }

  void rename(std::string& id, const std::function<bool(const std::string&)>& taken) {
    const std::string name = free_name(id, taken);
    used_.insert(name);
    if (name != id) names_[id] = name;
    site_.document.created(name);
    id = name;
  }

  std::uint32_t path(std::uint32_t end) {
    const std::string& path = fragment_.paths[end - FLUX_FIRST_PATH];
    const PathHead head = head_of(path);
    const auto renamed = names_.find(head.id);
    return site_.index().path_number(site_.body, renamed == names_.end() ? path : renamed->second + head.rest);
  }

  template <class T>
  void append(ElementList list, std::vector<T> elements) {
    for (T& element : elements) {
      element.place = {};
      if constexpr (requires { element.position; }) {
        if (element.position && offset_) element.position = Position{element.position->x + offset_->x, element.position->y + offset_->y};
      }
    }
    append_to(site_, list, std::move(elements));
  }
  template <class T>
  static void append_to(const Site& site, ElementList list, std::vector<T> elements) {
    auto at = static_cast<std::uint32_t>(size_of(site.body, list));
    Step step;
    step.kind = Step::Kind::insert;
    step.list = list;
    step.in = site.in;
    for (T& element : elements) {
      step.places.push_back(at++);
      step.elements.emplace_back(std::move(element));
    }
    site.document.take(std::move(step));
  }

  const Site& site_;
  Circuit fragment_;
  std::optional<Position> offset_;
  std::set<std::string> used_, aliases_;
  std::map<std::string, std::string> names_;  // of nodes that were renamed
};

}  // namespace

Result<Circuit> copied(EditableCircuit& document, const std::string& in, std::span<const std::string> ids) {
  const auto body = document.body(in);
  if (!body) return body.error();
  for (const std::string& id : ids) {
    if (!document.index(*body.value()).find(id))
      return Error{fmt::format("there is no node \"{}\"", id), in, "name neurons, organs and circuits"};
  }
  return Copier(document, *body.value()).run(ids);
}

Status run_paste(EditableCircuit& document, const Operation& operation) {
  const auto site = site_of(document, operation.in);
  if (!site) return site.error();
  auto fragment = parse_circuit_text(operation.value, "value");
  if (!fragment) return Error{fragment.error().what, site.value().where(fragment.error().where), fragment.error().fix};
  return Paster(site.value(), std::move(fragment).value(), operation.position).run();
}

}  // namespace flux
