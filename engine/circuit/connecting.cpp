// Making the connections of the circuits of a tree: finding what their paths name.
#include <algorithm>

#include "circuit/identifier.h"
#include "circuit/names.h"
#include "circuit/seeds.h"
#include "elaborator.h"
#include "fmt/format.h"

namespace flux {

std::optional<PlacedNeighbours> Elaborator::neighbours_inside(const NeighbourFiber& fiber, std::size_t number) {
  const std::string name = fmt::format("neighbours {}", number);
  const auto source = end_inside(fiber.source, name, fiber.place), target = end_inside(fiber.target, name, fiber.place);
  if (!source || !target) return std::nullopt;
  PlacedNeighbours placed{*source, *target, fiber.kernel, fiber.properties};
  if (source->count == target->count || source->count == 1 || target->count == 1) return placed;
  leads_inside_ = &fiber.target;
  fits_in_part(source->count, target->count, where(scopes_.front(), name), fiber.place);
  placed.source.count = placed.target.count = std::min(source->count, target->count);
  return placed;
}

std::optional<PlacedNeighbours::End> Elaborator::end_inside(const std::string& path, const std::string& name, TextPlace place) {
  found_.clear();
  is_lost_ = false;
  if (!find(scopes_.front(), path, {&path, name, place, true, &scopes_.front()})) {
    if (!is_lost_ && !findings_.any_error()) {
      error(Element::subcircuit, fmt::format("\"{}\" was removed", path), "remove the neighbour fiber too", where(scopes_.front(), name),
            place);
    }
    return std::nullopt;
  }
  const Target& first = found_.front();
  if (found_.size() == 1) return PlacedNeighbours::End{first.neuron, first.is_one_of_many || first.count == 0 ? 1 : first.count};
  error(Element::subcircuit, fmt::format("\"{}\" names several nodes", path), "name one neuron or population", where(scopes_.front(), name),
        place);
  return std::nullopt;
}

void Elaborator::connect_neighbours(const Scope& scope, std::size_t circuit) {
  const SubcircuitNode& node = scope.body->circuit.circuits[circuit];
  const std::vector<std::uint32_t>& copies = scope.copies[circuit].scopes;
  std::vector<NeuronIndex> first;
  first.reserve(copies.size());
  for (const std::uint32_t copy : copies) first.push_back(scopes_[copy].first_neuron);
  append_neighbours(Lattice(*node.repeat, node.count), scope.copies[circuit].repeated->neighbours, first, flat_.synapses);
}

void Elaborator::connect_all() {
  for (std::uint32_t scope = 0; scope < scopes_.size() && !stopped_; ++scope) connect(scope);
}

void Elaborator::connect(std::uint32_t number) {
  const std::shared_ptr<ReadyBody> body = scopes_[number].body;
  const Circuit& circuit = body->circuit;
  for (std::size_t i = 0; i < circuit.synapses.size() && !findings_.full(); ++i) connect_synapse(scopes_[number], i);
  for (std::size_t i = 0; i < circuit.fibers.size() && !findings_.full(); ++i) connect_fiber(scopes_[number], i);
  for (std::size_t i = 0; i < circuit.circuits.size(); ++i) {
    const auto& repeated = scopes_[number].copies[i].repeated;
    if (repeated && !repeated->is_shared) connect_neighbours(scopes_[number], i);
  }
}

void Elaborator::connect_synapse(Scope& scope, std::size_t index) {
  SynapseNode synapse = scope.body->circuit.synapses[index];
  const std::string name = fmt::format("synapse {}", index);
  const auto source = end_of(scope, synapse.source, name, synapse.place);
  const auto target = end_of(scope, synapse.target, name, synapse.place);
  if (!source || !target) return;
  synapse.source = *source;
  synapse.target = *target;
  flat_.synapses.push_back(std::move(synapse));
}

std::optional<NeuronIndex> Elaborator::end_of(Scope& scope, NeuronIndex end, const std::string& name, TextPlace place) {
  if (!is_path(end)) return neuron_at(scope, end);
  const std::string& path = scope.body->circuit.paths[end - FLUX_FIRST_PATH];
  found_.clear();
  if (!find(scope, path, {&path, name, place, false, &scope})) return std::nullopt;
  const Target& target = found_.front();
  if (target.count == 0 || target.is_one_of_many) return target.neuron;
  if (target.is_generated) {
    lost({&path, name, place, false, &scope}, fmt::format("\"{}\" is a population now", path));
    return std::nullopt;
  }
  error(Element::synapse, fmt::format("\"{}\" is a population of {} neurons", path, target.count),
        fmt::format("name one of them, \"{}[0]\" to \"{}[{}]\", or use a fiber", path, path, target.count - 1), where(scope, name), place);
  return std::nullopt;
}

void Elaborator::connect_fiber(Scope& scope, std::size_t index) {
  Fiber fiber = scope.body->circuit.fibers[index];
  const std::string name = fmt::format("fiber {}", index);
  leads_inside_ = nullptr;
  if (!side_of(scope, fiber.sources, name, fiber.place) || !side_of(scope, fiber.targets, name, fiber.place)) return;
  if (fiber.rule == FiberRule::one_to_one) check_pairs(fiber, where(scope, name));
  const std::uint32_t number = fiber.number.value_or(static_cast<std::uint32_t>(index));
  if (scope.path.empty() && !is_inside_ && !is_part_) {  // its seed is derived from its number when the network is made flat
    if (flat_.fibers.size() != number) fiber.number = number;
  } else if (!fiber.seed) {
    fiber.seed = fiber_seed(scope.seed, number);
  }
  flat_.fibers.push_back(std::move(fiber));
}

void Elaborator::check_pairs(const Fiber& fiber, std::string where) {
  const std::uint64_t sources = neurons_in(flat_, fiber.sources), targets = neurons_in(flat_, fiber.targets);
  if (sources == targets) return;
  if (leads_inside_ != nullptr) return fits_in_part(sources, targets, std::move(where), fiber.place);
  error(Element::fiber, fmt::format("one-to-one needs sides of the same size, not {} and {}", sources, targets),
        "make both sides the same size or use another rule", std::move(where), fiber.place);
}

bool Elaborator::side_of(Scope& scope, std::vector<std::uint32_t>& side, const std::string& name, TextPlace place) {
  std::vector<std::uint32_t> nodes;
  bool sound = true;
  for (const std::uint32_t node : side) {
    if (!is_path(node)) {
      nodes.push_back(node_at(scope, node).node);
      continue;
    }
    const std::string& path = scope.body->circuit.paths[node - FLUX_FIRST_PATH];
    if (path.find('/') == std::string::npos) leads_inside_ = &path;  // an heir takes it over
    found_.clear();
    const std::size_t before = findings_.errors();
    find(scope, path, {&path, name, place, true, &scope});
    for (const Target& target : found_) {
      if (target.side) {
        nodes.push_back(FLUX_FIRST_PATH + static_cast<std::uint32_t>(flat_.repeated_sides.size()));
        flat_.repeated_sides.push_back(*target.side);
      } else {
        nodes.push_back(target.node);
      }
      if (!target.is_one_of_many) continue;
      error(Element::fiber, fmt::format("\"{}\" is one neuron of a population", path), "a fiber takes whole populations",
            where(scope, name), place);
    }
    sound &= findings_.errors() == before;
  }
  side = std::move(nodes);
  return sound && !side.empty();
}

// Where a neuron or population of a circuit stands in the flat one. In a part of a tree it comes to stand there when it is asked for.
Elaborator::PlacedNode Elaborator::node_at(const Scope& scope, std::uint32_t place) {
  if (scope.is_written) return {scope.first_node + place, scope.first_neuron + scope.body->first_of_node()[place]};
  const auto [entry, is_new] = written_.try_emplace(std::uint64_t{scope.number} << 32 | place);
  if (is_new) {
    entry->second = {static_cast<std::uint32_t>(flat_.neurons.size()), neurons_};
    write_neuron(scope, scope.body->circuit.neurons[place]);
  }
  return entry->second;
}

NeuronIndex Elaborator::neuron_at(const Scope& scope, NeuronIndex neuron) {
  if (scope.is_written) return scope.first_neuron + neuron;
  const std::vector<NeuronIndex>& first = scope.body->first_of_node();
  const auto place = static_cast<std::uint32_t>(std::upper_bound(first.begin(), first.end(), neuron) - first.begin()) - 1;
  return node_at(scope, place).first + (neuron - first[place]);
}

// A copy of a circuit, likewise. Null after an error.
Scope* Elaborator::copy_at(Scope& scope, std::uint32_t circuit, std::uint32_t copy) {
  PlacedCopies& copies = scope.copies[circuit];
  const SubcircuitNode& node = scope.body->circuit.circuits[circuit];
  if (copies.scopes.empty()) copies.scopes.resize(node.copies(), FLUX_NO_SCOPE);
  if (copies.scopes[copy] != FLUX_NO_SCOPE) return &scopes_[copies.scopes[copy]];
  if (is_part_ && scopes_.size() > most_elements_) stopped_ = true;
  std::shared_ptr<ReadyBody> body = stopped_ ? nullptr : body_of_copy(scope, circuit, copy);
  if (!body) return nullptr;
  const std::uint32_t number = add_scope(std::move(body), scope.path + name_of_copy(node, copy) + '/', seed_of_copy(scope, node, copy));
  copies.scopes[copy] = number;
  return &scopes_[number];
}

bool Elaborator::find(Scope& scope, std::string_view path, const Search& search) {
  if (&scope != search.from) leads_inside_ = search.path;
  const auto [head, rest] = split_path(path);
  return rest.empty() ? find_neuron(scope, std::string(head), search) : find_inside(scope, head, rest, search);
}

bool Elaborator::find_neuron(Scope& scope, const std::string& name, const Search& search) {
  ReadyBody& body = *scope.body;
  if (const auto place = find_node(body, name)) {
    const auto [node, first] = node_at(scope, *place);
    found_.push_back({node, first, body.circuit.neurons[*place].count});
    found_.back().is_generated = body.is_generated;
    return true;
  }
  const auto indexed = split_indexed_name(name);
  if (indexed) {
    const auto place = find_node(body, std::string(indexed->base));
    if (place && indexed->index < body.circuit.neurons[*place].count) {
      const auto [node, first] = node_at(scope, *place);
      found_.push_back({node, first + indexed->index, body.circuit.neurons[*place].count, true});
      return true;
    }
  }
  if (is_removed(body, name) || (indexed && is_removed(body, indexed->base))) return false;
  const bool is_circuit = body.find_circuit(indexed ? std::string(indexed->base) : name).has_value();
  return missing(search, is_circuit ? fmt::format("\"{}\" is a circuit", name) : fmt::format("there is no neuron \"{}\"", name), scope,
                 is_circuit ? fmt::format("name a neuron inside it, like \"{}/...\"", name) : "name one of its neurons or aliases");
}

std::optional<std::uint32_t> Elaborator::find_node(ReadyBody& body, const std::string& name) {
  const auto node = body.find_neuron(name);
  return node ? node : body.find_alias(name);
}

bool Elaborator::find_inside(Scope& scope, std::string_view head, std::string_view rest, const Search& search) {
  const bool all = head.ends_with("[*]");
  const auto indexed = all ? std::nullopt : split_indexed_name(head);
  const std::string id(all ? head.substr(0, head.size() - 3) : indexed ? indexed->base : head);
  const auto circuit = scope.body->find_circuit(id);
  if (!circuit) {
    if (is_removed(*scope.body, id)) return false;
    return missing(search, fmt::format("there is no circuit \"{}\"", id), scope, "name one of those under \"circuits\" or \"organs\"");
  }
  const SubcircuitNode& node = scope.body->circuit.circuits[*circuit];
  if (node.count == 0 && (all || indexed)) {
    return missing(search, fmt::format("\"{}\" is a single circuit", id), scope, fmt::format("write \"{}/...\"", id));
  }
  const PlacedCopies& copies = scope.copies[*circuit];
  const RepeatedScope* repeated = copies.is_shared() ? copies.repeated.get() : nullptr;
  const auto find_in_copy = [&](std::uint32_t copy) {
    Scope* inside = copy_at(scope, *circuit, copy);
    return inside != nullptr && find(*inside, rest, search);
  };
  if (repeated != nullptr && all && search.takes_many) return find_in_instances(*repeated, 0, node.count, rest, search);
  if (repeated != nullptr && indexed && indexed->index < node.count) return find_in_instances(*repeated, indexed->index, 1, rest, search);
  if (all && search.takes_many) {
    bool any = false;
    for (std::uint32_t copy = 0; copy < node.count; ++copy) any |= find_in_copy(copy);
    return any;
  }
  if (node.count == 0) return find_in_copy(0);
  if (indexed && indexed->index < node.count) return find_in_copy(indexed->index);
  if (indexed) {
    return missing(search, fmt::format("\"{}\" has no copy {}", id, indexed->index), scope,
                   fmt::format("it has \"{}[0]\" to \"{}[{}]\"", id, id, node.count - 1));
  }
  return missing(search, fmt::format("\"{}\" stands for {} copies", id, node.count), scope,
                 fmt::format("name one of them, like \"{}[0]/...\"{}", id,
                             search.takes_many ? fmt::format(", or all, \"{}[*]/...\"", id) : ", or use a fiber"));
}

bool Elaborator::find_in_instances(const RepeatedScope& repeated, std::uint32_t instance, std::uint32_t instances, std::string_view path,
                                   const Search& search) {
  Elaborator& inside = *repeated.inside;
  inside.found_.clear();
  inside.leads_inside_ = nullptr;
  const bool is_there = inside.find(inside.scopes_.front(), path, search);
  if (inside.leads_inside_ != nullptr) leads_inside_ = inside.leads_inside_;
  if (!is_there) return false;
  const NeuronIndex first = first_of_flat_node(repeated.node);
  const auto stride = static_cast<std::uint32_t>(inside.neurons());
  for (const Target& target : inside.found_) {
    RepeatedSide side;
    side.node = repeated.node;
    side.first = target.neuron;
    side.count = std::max(1u, target.count);
    side.width = inside.flat_.neurons[target.node].width;
    side.properties = inside.flat_.neurons[target.node].properties;
    side.instance = instance;
    side.instances = instances;
    found_.push_back(
        {repeated.node, first + instance * stride + target.neuron, target.count, target.is_one_of_many, side, target.is_generated});
  }
  return true;
}

NeuronIndex Elaborator::first_of_flat_node(std::uint32_t node) {
  if (first_of_flat_node_.empty()) first_of_flat_node_ = first_neurons(flat_);  // when connections are made, all nodes are there
  return first_of_flat_node_[node];
}

void Elaborator::lost(const Search& search, const std::string& what) {
  is_lost_ = true;
  findings_.lost({false, search.takes_many ? Element::fiber : Element::synapse, 0,
                  fmt::format("\"{}\" leads nowhere: {}; the connection is kept but does nothing", *search.path, what),
                  "choose other settings of the generator, or delete it", where(*search.from, search.element), search.place});
}

void Elaborator::fits_in_part(std::uint64_t sources, std::uint64_t targets, std::string where, TextPlace place) {
  findings_.lost({false, Element::fiber, 0,
                  fmt::format("\"{}\" fits only in part: the sides have {} and {} neurons, {} pairs are connected; the fiber is kept",
                              *leads_inside_, sources, targets, std::min(sources, targets)),
                  "give both sides the same size, or choose another rule", std::move(where), place});
}

bool Elaborator::missing(const Search& search, std::string what, const Scope& inside, std::string fix) {
  if (&inside != search.from) what += fmt::format(" in \"{}\"", where(inside));
  if (inside.body->is_generated) {
    lost(search, what);
    return false;
  }
  std::string text = fmt::format("\"{}\" leads nowhere: {}", *search.path, what);
  error(search.takes_many ? Element::fiber : Element::synapse, std::move(text), std::move(fix), where(*search.from, search.element),
        search.place);
  return false;
}

}  // namespace flux
