// enclose and dissolve: nodes get a circuit around them, or lose it.
#include <algorithm>
#include <set>

#include "circuit/identifier.h"
#include "circuit/names.h"
#include "circuit/seeds.h"
#include "circuit/structure.h"
#include "fmt/format.h"
#include "run_operation.h"

namespace flux {

std::optional<std::uint64_t> seed_of_circuit(const Site& site) {
  if (site.in.starts_with('/')) return std::nullopt;
  const Circuit* body = &site.document.circuit();
  std::uint64_t seed = body->settings.seed;
  for (std::string_view rest = site.in; !rest.empty();) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view id = rest.substr(0, slash);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    const auto node = std::find_if(body->circuits.begin(), body->circuits.end(), [&](const SubcircuitNode& some) { return some.id == id; });
    if (node == body->circuits.end() || !node->body || node->count != 0) return std::nullopt;
    seed = circuit_seed(seed, id);
    body = &*node->body;
  }
  return seed;
}

void keep_seed(const Site& site, Fiber& fiber, std::uint32_t place) {
  const std::uint32_t number = fiber.number.value_or(place);
  fiber.number.reset();
  if (fiber.seed || !draws(fiber)) return;
  if (const auto seed = seed_of_circuit(site)) fiber.seed = fiber_seed(*seed, number);
}

std::string free_name(const std::string& wanted, const std::function<bool(const std::string&)>& taken) {
  std::string name = wanted;
  for (std::uint32_t number = 2; taken(name); ++number) name = fmt::format("{} {}", wanted, number);
  return name;
}

namespace {

// The nodes that are to be enclosed, by place, and where each comes to stand inside.
class Selection {
 public:
  Selection(const Site& site, const std::vector<BodyIndex::Node>& nodes) : site_(site) {
    for (const BodyIndex::Node& node : nodes) {
      (node.list == ElementList::neurons ? neurons_ : node.list == ElementList::organs ? organs_ : circuits_).insert(node.place);
    }
    new_first_.assign(site.body.neurons.size(), 0);
    new_place_.assign(site.body.neurons.size(), 0);
    NeuronIndex next = 0;
    std::uint32_t place = 0;
    for (const std::uint32_t neuron : neurons_) {
      new_first_[neuron] = next;
      new_place_[neuron] = place++;
      next += site.body.neurons[neuron].size();
    }
  }

  const std::set<std::uint32_t>& neurons() const { return neurons_; }
  const std::set<std::uint32_t>& organs() const { return organs_; }
  const std::set<std::uint32_t>& circuits() const { return circuits_; }

  bool has_node(std::uint32_t node) const {
    if (!is_path(node)) return neurons_.contains(node);
    const std::string& path = site_.body.paths[node - FLUX_FIRST_PATH];
    const std::string_view head = std::string_view(path).substr(0, path.find('/'));
    const std::size_t number = head.ends_with(']') ? head.rfind('[') : head.size();
    const auto found = site_.index().find(std::string(head.substr(0, number)));
    if (!found) return false;
    return (found->list == ElementList::circuits && circuits_.contains(found->place)) ||
           (found->list == ElementList::organs && organs_.contains(found->place));
  }
  bool has_end(NeuronIndex end) const { return has_node(is_path(end) ? end : site_.index().node_of(end)); }

  // The numbers inside of what has_node() and has_end() are true for.
  std::uint32_t inner_node(std::uint32_t node, Circuit& inside) const {
    return is_path(node) ? add_path(inside, site_.body.paths[node - FLUX_FIRST_PATH]) : new_place_[node];
  }
  NeuronIndex inner_end(NeuronIndex end, Circuit& inside) const {
    if (is_path(end)) return inner_node(end, inside);
    const std::uint32_t node = site_.index().node_of(end);
    return new_first_[node] + (end - site_.index().first()[node]);
  }

  // The path from outside, through the circuit `id`.
  std::uint32_t outer_node(std::uint32_t node, const std::string& id) const {
    return site_.index().path_number(site_.body, id + "/" + side_path(site_.body, node));
  }
  NeuronIndex outer_end(NeuronIndex end, const std::string& id) const {
    return site_.index().path_number(site_.body, id + "/" + end_path(site_.body, site_.index().first(), end));
  }

 private:
  const Site& site_;
  std::set<std::uint32_t> neurons_, organs_, circuits_;
  std::vector<NeuronIndex> new_first_;
  std::vector<std::uint32_t> new_place_;
};

Step step_of(const Site& site, Step::Kind kind, ElementList list) {
  Step step;
  step.kind = kind;
  step.list = list;
  step.in = site.in;
  return step;
}

void enclose_synapses(const Site& site, const Selection& selection, const std::string& id, Circuit& inside) {
  std::vector<std::uint32_t> gone;
  Step crossing = step_of(site, Step::Kind::replace, ElementList::synapses);
  for (std::uint32_t i = 0; i < site.body.synapses.size(); ++i) {
    SynapseNode synapse = site.body.synapses[i];
    const bool from = selection.has_end(synapse.source), to = selection.has_end(synapse.target);
    if (from && to) {
      synapse.source = selection.inner_end(synapse.source, inside);
      synapse.target = selection.inner_end(synapse.target, inside);
      inside.synapses.push_back(std::move(synapse));
      gone.push_back(i);
    } else if (from || to) {
      NeuronIndex& end = from ? synapse.source : synapse.target;
      end = selection.outer_end(end, id);
      crossing.places.push_back(i);
      crossing.elements.emplace_back(std::move(synapse));
    }
  }
  site.document.take(std::move(crossing));
  take_erase(site, ElementList::synapses, std::move(gone));
}

void enclose_fibers(const Site& site, const Selection& selection, const std::string& id, Circuit& inside) {
  std::vector<std::uint32_t> gone;
  Step crossing = step_of(site, Step::Kind::replace, ElementList::fibers);
  const auto has = [&](std::uint32_t node) { return selection.has_node(node); };
  for (std::uint32_t i = 0; i < site.body.fibers.size(); ++i) {
    Fiber fiber = site.body.fibers[i];
    const auto all_of = [&](const std::vector<std::uint32_t>& side) { return std::all_of(side.begin(), side.end(), has); };
    if (all_of(fiber.sources) && all_of(fiber.targets)) {
      for (std::vector<std::uint32_t>* side : {&fiber.sources, &fiber.targets}) {
        for (std::uint32_t& node : *side) node = selection.inner_node(node, inside);
      }
      keep_seed(site, fiber, i);
      inside.fibers.push_back(std::move(fiber));
      gone.push_back(i);
      continue;
    }
    bool any = false;
    for (std::vector<std::uint32_t>* side : {&fiber.sources, &fiber.targets}) {
      for (std::uint32_t& node : *side) {
        if (!has(node)) continue;
        node = selection.outer_node(node, id);
        any = true;
      }
    }
    if (!any) continue;
    crossing.places.push_back(i);
    crossing.elements.emplace_back(std::move(fiber));
  }
  site.document.take(std::move(crossing));
  erase_fibers(site, std::move(gone));
}

}  // namespace

Status run_enclose(EditableCircuit& document, const Operation& operation) {
  const auto found = site_of(document, operation.in);
  if (!found) return found.error();
  const Site& site = found.value();
  if (operation.nodes.empty()) return Error{"nothing is selected", site.where(), "name the nodes that the circuit is to hold"};
  std::vector<BodyIndex::Node> nodes;
  for (const std::string& id : operation.nodes) {
    const auto node = find_node(site, id);
    if (!node) return node.error();
    nodes.push_back(node.value());
  }
  if (Status status = check_new_id(site, operation.name); !status) return status;

  const Selection selection(site, nodes);
  SubcircuitNode circuit;
  circuit.id = operation.name;
  circuit.position = operation.position;
  circuit.body = Circuit{};
  Circuit& inside = *circuit.body;
  inside.title = operation.title;
  enclose_synapses(site, selection, operation.name, inside);
  enclose_fibers(site, selection, operation.name, inside);
  // What leads to the nodes from outside this circuit, or by override, goes through the new one from now on.
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    rename_references(site, nodes[i], [&](std::string_view called, std::optional<std::uint32_t>) {
      return std::optional(operation.name + "/" + std::string(called));
    });
  }
  for (const std::uint32_t place : selection.neurons()) inside.neurons.push_back(site.body.neurons[place]);
  for (const std::uint32_t place : selection.organs()) inside.organs.push_back(site.body.organs[place]);
  for (const std::uint32_t place : selection.circuits()) inside.circuits.push_back(site.body.circuits[place]);
  for (const auto& [list, places] :
       {std::pair(ElementList::neurons, &selection.neurons()), std::pair(ElementList::organs, &selection.organs()),
        std::pair(ElementList::circuits, &selection.circuits())}) {
    take_erase(site, list, std::vector<std::uint32_t>(places->begin(), places->end()));
  }
  take_insert(site, ElementList::circuits, static_cast<std::uint32_t>(site.body.circuits.size()), std::move(circuit));
  document.created(operation.name);
  for (const std::string& id : operation.nodes) document.moved(site.in, id, operation.name + "/" + id);
  return {};
}

// --- dissolve ---------------------------------------------------------------------------------------------------------------------

namespace {

// The numbers that what stood inside has in the circuit around it.
struct Outward {
  std::uint32_t first_node;
  NeuronIndex first_neuron;

  std::uint32_t node(const Site& site, const Circuit& inside, std::uint32_t node) const {
    return is_path(node) ? site.index().path_number(site.body, inside.paths[node - FLUX_FIRST_PATH]) : first_node + node;
  }
  NeuronIndex end(const Site& site, const Circuit& inside, NeuronIndex end) const {
    return is_path(end) ? site.index().path_number(site.body, inside.paths[end - FLUX_FIRST_PATH]) : first_neuron + end;
  }
};

// Paths that have become names of the circuit's own neurons get their numbers.
void number_own_names(const Site& site) {
  const auto own_end = [&](NeuronIndex end) -> std::optional<NeuronIndex> {
    if (!is_path(end)) return std::nullopt;
    const std::string& path = site.body.paths[end - FLUX_FIRST_PATH];
    if (path.find('/') != std::string::npos) return std::nullopt;
    const auto indexed = split_indexed_name(path);
    const auto node = site.index().find(indexed ? std::string(indexed->base) : path);
    if (!node || node->list != ElementList::neurons) return std::nullopt;
    return site.index().first()[node->place] + (indexed ? indexed->index : 0);
  };
  const auto own_node = [&](std::uint32_t node) -> std::optional<std::uint32_t> {
    if (!is_path(node)) return std::nullopt;
    const auto own = site.index().find(site.body.paths[node - FLUX_FIRST_PATH]);
    return own && own->list == ElementList::neurons ? std::optional(own->place) : std::nullopt;
  };
  Step synapses = step_of(site, Step::Kind::replace, ElementList::synapses),
       fibers = step_of(site, Step::Kind::replace, ElementList::fibers);
  for (std::uint32_t i = 0; i < site.body.synapses.size(); ++i) {
    const auto source = own_end(site.body.synapses[i].source), target = own_end(site.body.synapses[i].target);
    if (!source && !target) continue;
    SynapseNode synapse = site.body.synapses[i];
    if (source) synapse.source = *source;
    if (target) synapse.target = *target;
    synapses.places.push_back(i);
    synapses.elements.emplace_back(std::move(synapse));
  }
  for (std::uint32_t i = 0; i < site.body.fibers.size(); ++i) {
    Fiber fiber = site.body.fibers[i];
    bool any = false;
    for (std::vector<std::uint32_t>* side : {&fiber.sources, &fiber.targets}) {
      for (std::uint32_t& node : *side) {
        if (const auto own = own_node(node)) node = *own, any = true;
      }
    }
    if (!any) continue;
    fibers.places.push_back(i);
    fibers.elements.emplace_back(std::move(fiber));
  }
  site.document.take(std::move(synapses));
  site.document.take(std::move(fibers));
}

template <class T>
void take_append(const Site& site, ElementList list, std::vector<T> elements) {
  if (elements.empty()) return;
  Step step = step_of(site, Step::Kind::insert, list);
  auto at = static_cast<std::uint32_t>(size_of(site.body, list));
  for (T& element : elements) {
    step.places.push_back(at++);
    step.elements.emplace_back(std::move(element));
  }
  site.document.take(std::move(step));
}

Operation rename_operation(const std::string& in, const std::string& node, const std::string& name) {
  Operation operation;
  operation.kind = Operation::Kind::rename;
  operation.in = in;
  operation.node = node;
  operation.name = name;
  return operation;
}

// Inner nodes whose ids the circuit around has already are called after the box: "hip" of "leg" is "leg hip".
Status rename_clashing(const Site& site, const std::string& id, std::uint32_t place) {
  const std::string in = site.in.empty() ? id : site.in + "/" + id;
  const auto inner = site_of(site.document, in);
  if (!inner) return inner.error();
  std::vector<std::string> ids;
  const Circuit& body = *site.body.circuits[place].body;
  for (const NeuronNode& node : body.neurons) ids.push_back(node.id);
  for (const OrganNode& node : body.organs) ids.push_back(node.id);
  for (const SubcircuitNode& node : body.circuits) ids.push_back(node.id);
  for (const std::string& node : ids) {
    const auto taken = [&](const std::string& name) { return site.index().find(name) || inner.value().index().find(name); };
    if (!site.index().find(node) || node == id) continue;
    if (Status status = run_rename(site.document, rename_operation(in, node, free_name(id + " " + node, taken))); !status) return status;
  }
  return {};
}

// The interface of a box ends with it: connections by alias go by the id.
void drop_aliases(const Site& inner) {
  for (std::uint32_t place = 0; place < inner.body.neurons.size(); ++place) {
    NeuronNode node = inner.body.neurons[place];
    if (node.input_alias.empty() && node.output_alias.empty()) continue;
    rename_references(inner, {ElementList::neurons, place}, [&](std::string_view called, std::optional<std::uint32_t>) {
      return called != node.id ? std::optional(node.id) : std::nullopt;
    });
    node.input_alias.clear();
    node.output_alias.clear();
    node.input_description.clear();
    node.output_description.clear();
    take_replace(inner, ElementList::neurons, place, std::move(node));
  }
}

}  // namespace

Status run_dissolve(EditableCircuit& document, const Operation& operation) {
  const auto found = site_of(document, operation.in);
  if (!found) return found.error();
  const Site& site = found.value();
  const std::string& id = operation.node;
  const auto node = find_node(site, id);
  if (!node) return node.error();
  if (node.value().list != ElementList::circuits)
    return Error{fmt::format("\"{}\" is no circuit", id), site.where(), "name a circuit inside this one"};
  const std::uint32_t place = node.value().place;
  if (site.body.circuits[place].count != 0) {
    return Error{fmt::format("\"{}\" stands for {} copies", id, site.body.circuits[place].count), site.where(),
                 "dissolve a single circuit"};
  }
  if (!site.body.circuits[place].body || !site.body.circuits[place].changes.empty()) {
    Operation detach;
    detach.kind = Operation::Kind::detach;
    detach.in = site.in;
    detach.node = id;
    if (Status status = run_detach(document, detach); !status) return status;
  }
  if (Status status = rename_clashing(site, id, place); !status) return status;
  const auto inner = site_of(document, site.in.empty() ? id : site.in + "/" + id);
  if (!inner) return inner.error();
  drop_aliases(inner.value());

  // From outside, what led through the box leads to the circuit around it.
  rename_references(site, node.value(), [](std::string_view, std::optional<std::uint32_t>) { return std::optional<std::string>(""); });
  Circuit inside = inner.value().body;
  for (std::uint32_t i = 0; i < inside.fibers.size(); ++i) keep_seed(inner.value(), inside.fibers[i], i);
  // One node inside may have the id of the box itself.
  take_erase(site, ElementList::circuits, {place});
  const Outward outward{static_cast<std::uint32_t>(site.body.neurons.size()), site.index().first().back()};
  std::vector<std::string> ids;
  for (const NeuronNode& some : inside.neurons) ids.push_back(some.id);
  for (const OrganNode& some : inside.organs) ids.push_back(some.id);
  for (const SubcircuitNode& some : inside.circuits) ids.push_back(some.id);
  take_append(site, ElementList::neurons, std::move(inside.neurons));
  take_append(site, ElementList::organs, std::move(inside.organs));
  take_append(site, ElementList::circuits, std::move(inside.circuits));
  number_own_names(site);
  for (SynapseNode& synapse : inside.synapses) {
    synapse.source = outward.end(site, inside, synapse.source);
    synapse.target = outward.end(site, inside, synapse.target);
  }
  for (Fiber& fiber : inside.fibers) {
    for (std::vector<std::uint32_t>* side : {&fiber.sources, &fiber.targets}) {
      for (std::uint32_t& end : *side) end = outward.node(site, inside, end);
    }
  }
  take_append(site, ElementList::synapses, std::move(inside.synapses));
  take_append(site, ElementList::fibers, std::move(inside.fibers));
  take_append(site, ElementList::comments, std::move(inside.comments));
  for (const std::string& some : ids) document.moved(site.in, id + "/" + some, some);
  return {};
}

}  // namespace flux
