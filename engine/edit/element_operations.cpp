// add, remove, move, and what the others share with them.
#include <algorithm>
#include <set>

#include "circuit/flatten.h"
#include "circuit/identifier.h"
#include "circuit/names.h"
#include "circuit/structure.h"
#include "fmt/format.h"
#include "references.h"
#include "run_operation.h"

namespace flux {
namespace {

constexpr std::string_view FLUX_KINDS[] = {"neuron", "organ", "circuit", "synapse", "fiber", "comment", "prototype", "group"};

Step step_of(const Site& site, Step::Kind kind, ElementList list) {
  Step step;
  step.kind = kind;
  step.list = list;
  step.in = site.in;
  return step;
}

bool is_root(const Site& site) { return &site.body == &site.document.circuit(); }

bool is_for_root(ElementList list) { return list == ElementList::prototypes || list == ElementList::groups; }

Error unknown_neuron(const Site& site, const std::string& name) {
  return Error{fmt::format("there is no neuron \"{}\"", name), site.where(), "name one of this circuit, or a path like \"leg/hip\""};
}

// The number by which the draws of a fiber without a seed go.
std::uint32_t number_of(const Fiber& fiber, std::size_t place) { return fiber.number.value_or(static_cast<std::uint32_t>(place)); }

// A new fiber must not draw by the number of another.
void give_number(const Site& site, Fiber& fiber, std::uint32_t at) {
  if (fiber.seed || fiber.number) return;
  const std::vector<Fiber>& fibers = site.body.fibers;
  std::uint32_t highest = at;
  bool taken = false;
  for (std::size_t i = 0; i < fibers.size(); ++i) {
    const std::uint32_t number = number_of(fibers[i], i < at ? i : i + 1);
    taken |= number == at;
    highest = std::max(highest, number);
  }
  if (taken) fiber.number = highest + 1;
}

// Those from `from` on keep the numbers they have now, whatever place they come to.
void keep_numbers(const Site& site, std::uint32_t from) {
  Step step = step_of(site, Step::Kind::replace, ElementList::fibers);
  for (std::uint32_t i = from; i < site.body.fibers.size(); ++i) {
    const Fiber& fiber = site.body.fibers[i];
    if (fiber.seed || fiber.number || !draws(fiber)) continue;
    Fiber numbered = fiber;
    numbered.number = i;
    step.places.push_back(i);
    step.elements.emplace_back(std::move(numbered));
  }
  site.document.take(std::move(step));
}

}  // namespace

Status run_operation(EditableCircuit& document, const Operation& operation) {
  switch (operation.kind) {
    case Operation::Kind::add:
      return run_add(document, operation);
    case Operation::Kind::remove:
      return run_remove(document, operation);
    case Operation::Kind::set:
      return run_set(document, operation);
    case Operation::Kind::override_property:
      return run_override(document, operation);
    case Operation::Kind::rename:
      return run_rename(document, operation);
    case Operation::Kind::move:
      return run_move(document, operation);
    case Operation::Kind::enclose:
      return run_enclose(document, operation);
    case Operation::Kind::dissolve:
      return run_dissolve(document, operation);
    case Operation::Kind::detach:
      return run_detach(document, operation);
    case Operation::Kind::make_prototype:
      return run_make_prototype(document, operation);
    case Operation::Kind::join_group:
      return run_join_group(document, operation);
    case Operation::Kind::leave_group:
      return run_leave_group(document, operation);
    case Operation::Kind::replace:
      return run_replace(document, operation);
    case Operation::Kind::paste:
      return run_paste(document, operation);
    case Operation::Kind::all:
      for (std::size_t i = 0; i < operation.operations.size(); ++i) {
        if (Status status = document.run(operation.operations[i]); !status) {
          const Error& error = status.error();
          return Error{error.what, fmt::format("operation {} of all{}{}", i, error.where.empty() ? "" : ": ", error.where), error.fix};
        }
      }
      return {};
  }
  return {};
}

std::string Site::where(std::string_view element) const {
  if (in.empty() || element.empty()) return in.empty() ? std::string(element) : in;
  return fmt::format("{}: {}", in, element);
}

Result<Site> site_of(EditableCircuit& document, const std::string& in) {
  const auto body = document.body(in);
  if (!body) return body.error();
  Site site{document, in, *body.value(), false};
  for (const Prototype& prototype : document.circuit().prototypes) {
    if (&prototype.body == body.value()) site.is_heir = !prototype.extends.name.empty();
  }
  return site;
}

std::size_t size_of(const Circuit& body, ElementList list) {
  switch (list) {
    case ElementList::neurons:
      return body.neurons.size();
    case ElementList::organs:
      return body.organs.size();
    case ElementList::circuits:
      return body.circuits.size();
    case ElementList::synapses:
      return body.synapses.size();
    case ElementList::fibers:
      return body.fibers.size();
    case ElementList::comments:
      return body.comments.size();
    case ElementList::prototypes:
      return body.prototypes.size();
    case ElementList::groups:
      break;
  }
  return body.groups.size();
}

Result<BodyIndex::Node> find_node(const Site& site, const std::string& id) {
  const auto node = site.index().find(id);
  if (node) return *node;
  return Error{fmt::format("there is no neuron, organ or circuit \"{}\"", id), site.where(), "name one by its id"};
}

Result<ElementPlace> find_element(const Site& site, const Operation& operation) {
  if (!operation.node.empty()) {
    const auto node = find_node(site, operation.node);
    if (!node) return node.error();
    return ElementPlace{node.value().list, node.value().place};
  }
  const ElementList list = *operation.list;
  const std::size_t size = size_of(site.body, list);
  const std::string_view kind = FLUX_KINDS[static_cast<std::size_t>(list)];
  if (*operation.at >= size) {
    return Error{fmt::format("there is no {} {}; there are {}", kind, *operation.at, size), site.where(), "they are numbered from 0"};
  }
  if (list == ElementList::prototypes && !site.body.prototypes[*operation.at].library.empty()) {
    return Error{fmt::format("prototype {} stands in the library \"{}\"", *operation.at, site.body.prototypes[*operation.at].library),
                 site.where(), "edit the library, or copy it into this document"};
  }
  return ElementPlace{list, *operation.at};
}

void take_insert(const Site& site, ElementList list, std::uint32_t at, Element element) {
  Step step = step_of(site, Step::Kind::insert, list);
  step.places.push_back(at);
  step.elements.push_back(std::move(element));
  site.document.take(std::move(step));
}

void take_erase(const Site& site, ElementList list, std::vector<std::uint32_t> places) {
  Step step = step_of(site, Step::Kind::erase, list);
  step.places = std::move(places);
  site.document.take(std::move(step));
}

void take_replace(const Site& site, ElementList list, std::uint32_t at, Element element, bool with_body) {
  Step step = step_of(site, Step::Kind::replace, list);
  step.with_body = with_body;
  step.places.push_back(at);
  step.elements.push_back(std::move(element));
  site.document.take(std::move(step));
}

// --- Ends of connections ----------------------------------------------------------------------------------------------------------

namespace {

bool may_be_path(const Site& site, const std::string& name) {
  return !name.empty() && (site.is_heir || name.find('/') != std::string::npos);
}

Result<NeuronIndex> end_of(const Site& site, const std::string& name) {
  const auto indexed = split_indexed_name(name);
  const std::string id(indexed ? indexed->base : std::string_view(name));
  const auto node = site.index().find(id);
  if (!node || node->list != ElementList::neurons) {
    if (may_be_path(site, name)) return site.index().path_number(site.body, name);
    return unknown_neuron(site, name);
  }
  const NeuronNode& neuron = site.body.neurons[node->place];
  if ((neuron.count == 0) != !indexed) {
    return neuron.count == 0 ? Error{fmt::format("\"{}\" is a single neuron", id), site.where(), fmt::format("write \"{}\"", id)}
                             : Error{fmt::format("\"{}\" is a population of {} neurons", id, neuron.count), site.where(),
                                     fmt::format("name one of them, \"{}[0]\" to \"{}[{}]\", or use a fiber", id, id, neuron.count - 1)};
  }
  if (indexed && indexed->index >= neuron.count) {
    return Error{fmt::format("\"{}\" has no neuron {}", id, indexed->index), site.where(), fmt::format("it has {}", neuron.count)};
  }
  return site.index().first()[node->place] + (indexed ? indexed->index : 0);
}

Status number_side(const Site& site, const std::vector<std::string>& names, std::vector<std::uint32_t>& side) {
  side.clear();
  for (const std::string& name : names) {
    const auto node = site.index().find(name);
    if (node && node->list == ElementList::neurons) {
      side.push_back(node->place);
    } else if (may_be_path(site, name)) {
      side.push_back(site.index().path_number(site.body, name));
    } else {
      return unknown_neuron(site, name);
    }
  }
  return {};
}

}  // namespace

Result<SynapseNode> number_ends(const Site& site, const NamedSynapse& named) {
  SynapseNode synapse = named.synapse;
  const auto source = end_of(site, named.from), target = end_of(site, named.to);
  if (!source || !target) return source ? target.error() : source.error();
  synapse.source = source.value();
  synapse.target = target.value();
  return synapse;
}

Result<Fiber> number_ends(const Site& site, const NamedFiber& named) {
  Fiber fiber = named.fiber;
  if (Status status = number_side(site, named.from, fiber.sources); !status) return status.error();
  if (Status status = number_side(site, named.to, fiber.targets); !status) return status.error();
  return fiber;
}

// --- Checks -----------------------------------------------------------------------------------------------------------------------

namespace {

void forget_places(Circuit& body);
void forget_places(Changes& changes) {
  for (Override& override : changes.overrides) override.place = {};
}
// Places in another text would be taken for places in the file.
void forget_places(Element& element) {
  std::visit(
      [](auto& some) {
        some.place = {};
        if constexpr (requires { some.changes; }) forget_places(some.changes);
        if constexpr (requires { some.generator; }) {
          for (GeneratorValue& setting : some.generator.settings) setting.place = {};
        }
        if constexpr (requires { *some.body; }) {
          if (some.body) forget_places(*some.body);
        } else if constexpr (requires { some.body; }) {
          forget_places(some.body);
        }
      },
      element);
}
template <class T>
void forget_places(std::vector<T>& list) {
  for (T& some : list) {
    Element element(std::move(some));
    forget_places(element);
    some = std::move(*std::get_if<T>(&element));
  }
}
void forget_places(Circuit& body) {
  forget_places(body.neurons);
  forget_places(body.organs);
  forget_places(body.circuits);
  forget_places(body.synapses);
  forget_places(body.fibers);
  forget_places(body.comments);
}

}  // namespace

Result<Element> read_for(const Site& site, ElementList list, std::string_view text) {
  auto read = read_element(list, text, "value");
  if (!read) return Error{read.error().what, site.where(read.error().where), read.error().fix};
  std::optional<Element> element;
  if (auto* named_synapse = std::get_if<NamedSynapse>(&read.value())) {
    auto synapse = number_ends(site, *named_synapse);
    if (!synapse) return synapse.error();
    element = std::move(synapse).value();
  } else if (auto* named_fiber = std::get_if<NamedFiber>(&read.value())) {
    auto fiber = number_ends(site, *named_fiber);
    if (!fiber) return fiber.error();
    element = std::move(fiber).value();
  } else {
    std::visit(
        [&](auto& some) {
          if constexpr (std::is_constructible_v<Element, decltype(std::move(some))>) element = Element(std::move(some));
        },
        read.value());
  }
  forget_places(*element);
  if (Status status = check_element(site, *element); !status) return status.error();
  return *std::move(element);
}

// A circuit that holds nothing else is asked what is wrong.
Status check_element(const Site& site, const Element& element) {
  Circuit alone;
  NeuronNode any;
  any.id = "any";
  if (const auto* neuron = std::get_if<NeuronNode>(&element)) {
    alone.neurons.push_back(*neuron);
  } else if (const auto* organ = std::get_if<OrganNode>(&element)) {
    alone.organs.push_back(*organ);
  } else if (const auto* comment = std::get_if<CanvasComment>(&element)) {
    alone.comments.push_back(*comment);
  } else if (const auto* synapse = std::get_if<SynapseNode>(&element)) {
    alone.neurons.push_back(any);
    alone.synapses.push_back(*synapse);
    alone.synapses.back().source = alone.synapses.back().target = 0;
  } else if (const auto* fiber = std::get_if<Fiber>(&element)) {
    for (const std::vector<std::uint32_t>* side : {&fiber->sources, &fiber->targets}) {
      if (side->empty()) return Error{"a side of the fiber is empty", site.where(), "name at least one neuron or population"};
      if (std::set<std::uint32_t>(side->begin(), side->end()).size() < side->size()) {
        return Error{"a side of the fiber names something twice", site.where(), "name it once"};
      }
    }
    alone.neurons.push_back(any);
    alone.fibers.push_back(*fiber);
    alone.fibers.back().sources = alone.fibers.back().targets = {0};
  } else {
    return {};
  }
  Status status = refuse_errors(alone);
  return status.ok() ? Status() : Error{status.error().what, site.where(status.error().where), status.error().fix};
}

Status check_new_id(const Site& site, const std::string& id, std::string_view now) {
  if (const auto problem = identifier_problem(id)) {
    return Error{fmt::format("the id {}", *problem), site.where(), "give it a short name of letters, digits and spaces"};
  }
  if (id == now || !site.index().find(id)) return {};
  return Error{fmt::format("the id \"{}\" is used already", id), site.where(), "give each neuron, organ and circuit an id of its own"};
}

Status check_aliases(const Site& site, const NeuronNode& node, std::optional<std::uint32_t> own_place) {
  for (const std::string* alias : {&node.input_alias, &node.output_alias}) {
    const auto owner = alias->empty() ? std::nullopt : site.index().find_alias(*alias);
    if (!owner || owner == own_place) continue;
    return Error{fmt::format("the alias \"{}\" is already that of neuron \"{}\"", *alias, site.body.neurons[*owner].id),
                 site.where(fmt::format("neuron \"{}\"", node.id)), "give each input and output an alias of its own"};
  }
  return {};
}

// --- add, move --------------------------------------------------------------------------------------------------------------------

namespace {

Status check_addition(const Site& site, const Element& element) {
  if (const auto* neuron = std::get_if<NeuronNode>(&element)) {
    if (Status status = check_new_id(site, neuron->id); !status) return status;
    const std::uint64_t neurons = std::uint64_t{site.index().first().back()} + neuron->size();
    if (neurons > FLUX_MAX_NEURONS) {
      return Error{fmt::format("{} neurons are more than the limit of {}", neurons, FLUX_MAX_NEURONS), site.where(),
                   "make populations smaller"};
    }
    return check_aliases(site, *neuron, std::nullopt);
  }
  if (const auto* organ = std::get_if<OrganNode>(&element)) return check_new_id(site, organ->id);
  if (const auto* circuit = std::get_if<SubcircuitNode>(&element)) return check_new_id(site, circuit->id);
  if (const auto* prototype = std::get_if<Prototype>(&element)) {
    const bool taken = std::any_of(site.body.prototypes.begin(), site.body.prototypes.end(),
                                   [&](const Prototype& some) { return some.library.empty() && some.name == prototype->name; });
    if (taken)
      return Error{fmt::format("there is a prototype \"{}\" already", prototype->name.name), site.where(),
                   "choose another name or version"};
  }
  if (const auto* group = std::get_if<Group>(&element)) {
    const bool taken =
        std::any_of(site.body.groups.begin(), site.body.groups.end(), [&](const Group& some) { return some.name == group->name; });
    if (taken) return Error{fmt::format("there is a group \"{}\" already", group->name), site.where(), "choose another name"};
  }
  return {};
}

}  // namespace

Status run_add(EditableCircuit& document, const Operation& operation) {
  const auto site = site_of(document, operation.in);
  if (!site) return site.error();
  const ElementList list = *operation.list;
  if (is_for_root(list) && !is_root(site.value()))
    return Error{"prototypes and groups belong to the root circuit", site.value().where(), "leave out \"in\""};
  const std::size_t size = size_of(site.value().body, list);
  const std::uint32_t at = operation.at.value_or(static_cast<std::uint32_t>(size));
  if (at > size)
    return Error{fmt::format("place {} is behind the end of the list, which has {} elements", at, size), site.value().where(),
                 "leave out \"at\" to add at the end"};
  auto element = read_for(site.value(), list, operation.value);
  if (!element) return element.error();
  if (Status status = check_addition(site.value(), element.value()); !status) return status;
  if (auto* fiber = std::get_if<Fiber>(&element.value())) {
    if (at < size) keep_numbers(site.value(), at);
    give_number(site.value(), *fiber, at);
  }
  if (const auto* neuron = std::get_if<NeuronNode>(&element.value())) document.created(neuron->id);
  if (const auto* organ = std::get_if<OrganNode>(&element.value())) document.created(organ->id);
  if (const auto* circuit = std::get_if<SubcircuitNode>(&element.value())) document.created(circuit->id);
  take_insert(site.value(), list, at, std::move(element).value());
  return {};
}

Status run_move(EditableCircuit& document, const Operation& operation) {
  const auto site = site_of(document, operation.in);
  if (!site) return site.error();
  const auto element = find_element(site.value(), operation);
  if (!element) return element.error();
  if (operation.to >= size_of(site.value().body, *operation.list)) {
    return Error{fmt::format("place {} is behind the end of the list", operation.to), site.value().where(), "places are numbered from 0"};
  }
  if (operation.to == *operation.at) return {};
  if (*operation.list == ElementList::fibers) keep_numbers(site.value(), std::min(*operation.at, operation.to));
  Step step = step_of(site.value(), Step::Kind::move, *operation.list);
  step.places = {*operation.at, operation.to};
  document.take(std::move(step));
  return {};
}

// --- remove -----------------------------------------------------------------------------------------------------------------------

void erase_fibers(const Site& site, std::vector<std::uint32_t> places) {
  if (places.empty()) return;
  keep_numbers(site, places.front() + 1);
  take_erase(site, ElementList::fibers, std::move(places));
}

void remove_connections(const Site& site, const EndFilter& filter) {
  const Circuit& body = site.body;
  std::vector<bool> synapse_path(body.paths.size()), fiber_path(body.paths.size());
  for (std::size_t i = 0; i < body.paths.size(); ++i) {
    synapse_path[i] = filter.synapse_path(body.paths[i]);
    fiber_path[i] = filter.fiber_path(body.paths[i]);
  }
  const auto is_gone = [&](NeuronIndex end) { return is_path(end) ? synapse_path[end - FLUX_FIRST_PATH] : filter.neuron(end); };
  const auto leaves_side = [&](std::uint32_t node) { return is_path(node) ? fiber_path[node - FLUX_FIRST_PATH] : filter.node(node); };
  std::vector<std::uint32_t> synapses, fibers;
  for (std::uint32_t i = 0; i < body.synapses.size(); ++i) {
    if (is_gone(body.synapses[i].source) || is_gone(body.synapses[i].target)) synapses.push_back(i);
  }
  Step smaller = step_of(site, Step::Kind::replace, ElementList::fibers);
  for (std::uint32_t i = 0; i < body.fibers.size(); ++i) {
    Fiber fiber = body.fibers[i];
    const std::size_t nodes = fiber.sources.size() + fiber.targets.size();
    std::erase_if(fiber.sources, leaves_side);
    std::erase_if(fiber.targets, leaves_side);
    if (fiber.sources.size() + fiber.targets.size() == nodes) continue;
    if (fiber.sources.empty() || fiber.targets.empty()) {
      fibers.push_back(i);
    } else {
      smaller.places.push_back(i);
      smaller.elements.emplace_back(std::move(fiber));
    }
  }
  take_erase(site, ElementList::synapses, std::move(synapses));
  site.document.take(std::move(smaller));
  erase_fibers(site, std::move(fibers));
}

void remove_connections_to(const Site& site, BodyIndex::Node node) {
  References references(site.document, &site.body, node);
  std::vector<std::pair<std::string, Circuit*>> bodies;
  for_each_body(const_cast<Circuit&>(site.document.circuit()), [&](const std::string& in, Circuit& body) {
    if (&body == &site.body || !body.paths.empty()) bodies.emplace_back(in, &body);
  });
  for (const auto& [in, body] : bodies) {
    EndFilter filter;
    if (body == &site.body && node.list == ElementList::neurons) {
      const NeuronIndex first = site.index().first()[node.place];
      const NeuronIndex end = first + site.body.neurons[node.place].size();
      filter.neuron = [=](NeuronIndex neuron) { return neuron >= first && neuron < end; };
      filter.node = [=](std::uint32_t place) { return place == node.place; };
    }
    filter.synapse_path = filter.fiber_path = [&references, from = body](const std::string& path) {
      const auto hit = [](std::string_view name, std::optional<std::uint32_t>) { return std::optional<std::string>(name); };
      return references.renamed(path, *from, hit).has_value();
    };
    remove_connections({site.document, in, *body, false}, filter);
  }
}

void remove_dead_ends(const Site& site, BodyIndex::Node node) {
  References references(site.document, &site.body, node);
  std::vector<std::pair<std::string, Circuit*>> bodies;
  for_each_body(const_cast<Circuit&>(site.document.circuit()), [&](const std::string& in, Circuit& body) {
    if (!body.paths.empty()) bodies.emplace_back(in, &body);
  });
  for (const auto& [in, body] : bodies) {
    EndFilter filter;
    const auto is_dead = [&references, from = body](const std::string& path, bool of_fiber) {
      const auto hit = [](std::string_view name, std::optional<std::uint32_t>) { return std::optional<std::string>(name); };
      return references.renamed(path, *from, hit).has_value() && !references.leads_somewhere(path, *from, of_fiber);
    };
    filter.synapse_path = [is_dead](const std::string& path) { return is_dead(path, false); };
    filter.fiber_path = [is_dead](const std::string& path) { return is_dead(path, true); };
    remove_connections({site.document, in, *body, false}, filter);
  }
}

void remove_node(const Site& site, BodyIndex::Node node) {
  remove_connections_to(site, node);
  take_erase(site, node.list, {node.place});
}

Status run_remove(EditableCircuit& document, const Operation& operation) {
  const auto site = site_of(document, operation.in);
  if (!site) return site.error();
  const auto element = find_element(site.value(), operation);
  if (!element) return element.error();
  switch (element.value().list) {
    case ElementList::neurons:
    case ElementList::organs:
    case ElementList::circuits:
      remove_node(site.value(), {element.value().list, element.value().place});
      break;
    case ElementList::fibers:
      erase_fibers(site.value(), {element.value().place});
      break;
    default:
      take_erase(site.value(), element.value().list, {element.value().place});
  }
  return {};
}

}  // namespace flux
