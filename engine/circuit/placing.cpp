// Placing the circuits of a tree.
#include <algorithm>
#include <set>

#include "circuit/elaborate.h"
#include "circuit/identifier.h"
#include "circuit/seeds.h"
#include "circuit/structure.h"
#include "elaborator.h"
#include "fmt/format.h"
#include "graph/graph.h"

namespace flux {

std::uint32_t Elaborator::place(std::shared_ptr<ReadyBody> body, std::string path, std::uint64_t seed, std::uint32_t depth) {
  const std::uint32_t number = add_scope(std::move(body), std::move(path), seed);
  Scope& scope = scopes_[number];
  place_neurons(scope);
  for (std::uint32_t i = 0; i < scope.copies.size() && !stopped_; ++i) place_copies(number, i, depth + 1);
  if (!stopped_) check_alike(number);
  return number;
}

// Adds a circuit of which nothing is placed yet.
std::uint32_t Elaborator::add_scope(std::shared_ptr<ReadyBody> body, std::string path, std::uint64_t seed) {
  Scope& scope = scopes_.emplace_back();
  scope.number = static_cast<std::uint32_t>(scopes_.size() - 1);
  scope.body = std::move(body);
  scope.path = std::move(path);
  scope.seed = seed;
  const Circuit& circuit = scope.body->circuit;
  scope.copies.resize(circuit.circuits.size());
  for (std::size_t i = 0; i < scope.copies.size(); ++i) scope.copies[i].named = named_copies(circuit.circuits[i], scope.body->pending[i]);
  return scope.number;
}

void Elaborator::place_copies(std::uint32_t parent, std::uint32_t circuit, std::uint32_t depth) {
  const SubcircuitNode& node = scopes_[parent].body->circuit.circuits[circuit];
  PlacedCopies& copies = scopes_[parent].copies[circuit];
  if (node.repeat) copies.repeated = place_repeated(parent, circuit, depth);
  if (stopped_ || copies.is_shared()) return;
  copies.scopes.resize(node.copies(), FLUX_NO_SCOPE);
  for (std::uint32_t copy = 0; copy < node.copies() && !stopped_; ++copy) place_copy(parent, circuit, copy, depth);
}

void Elaborator::place_neurons(Scope& scope) {
  scope.is_written = true;
  scope.first_node = static_cast<std::uint32_t>(flat_.neurons.size());
  scope.first_neuron = neurons_;
  const Circuit& circuit = scope.body->circuit;
  elements_ += circuit.neurons.size() + circuit.synapses.size() + circuit.fibers.size();
  for (const NeuronNode& node : circuit.neurons) {
    path_bytes_ += 3 * scope.path.size() + node.id.size() + node.input_alias.size() + node.output_alias.size();
    neurons_in_all_ += node.size();
  }
  if (scopes_.size() > FLUX_MAX_INSTANCES) {
    return stop(fmt::format("more than {} circuits are placed", FLUX_MAX_INSTANCES), "use fewer copies", where(scope), placing_);
  }
  if (neurons_in_all_ - shared_neurons_ > FLUX_MAX_NEURONS) {
    return stop(fmt::format("the circuits have more than {} neurons together", FLUX_MAX_NEURONS), "use fewer copies", where(scope),
                placing_);
  }
  if (elements_ > FLUX_MAX_ELEMENTS || path_bytes_ > FLUX_MAX_PATH_BYTES || scope.path.size() + FLUX_MAX_IDENTIFIER > FLUX_MAX_PATH) {
    return stop(fmt::format("the circuits have more than {} elements together, or paths that are too long", FLUX_MAX_ELEMENTS),
                "use fewer copies, populations instead of single neurons, or shorter ids", where(scope), placing_);
  }
  for (const NeuronNode& node : circuit.neurons) write_neuron(scope, node);
}

void Elaborator::write_neuron(const Scope& scope, const NeuronNode& node) {
  NeuronNode placed = node;
  placed.id = scope.path + node.id;
  if (!node.input_alias.empty()) placed.input_alias = scope.path + node.input_alias;
  if (!node.output_alias.empty()) placed.output_alias = scope.path + node.output_alias;
  flat_.neurons.push_back(std::move(placed));
  neurons_ += node.size();
}

void Elaborator::place_copy(std::uint32_t parent, std::uint32_t circuit, std::uint32_t copy, std::uint32_t depth) {
  const SubcircuitNode& node = scopes_[parent].body->circuit.circuits[circuit];
  const std::string path = scopes_[parent].path + name_of_copy(node, copy);
  if (!may_open(node, path, depth)) return;
  std::shared_ptr<ReadyBody> body = body_of_copy(scopes_[parent], circuit, copy);
  if (!body) return stop_quietly();
  const std::string source = source_of(node);
  if (!source.empty()) open_.push_back(source);
  placing_ = node.place;
  const std::uint32_t number = place(std::move(body), path + "/", seed_of_copy(scopes_[parent], node, copy), depth);
  scopes_[parent].copies[circuit].scopes[copy] = number;
  if (!source.empty()) open_.pop_back();
}

std::string Elaborator::name_of_copy(const SubcircuitNode& node, std::uint32_t copy) {
  return node.count == 0 ? node.id : fmt::format("{}[{}]", node.id, copy);
}

std::uint64_t Elaborator::seed_of_copy(const Scope& parent, const SubcircuitNode& node, std::uint32_t copy) {
  return circuit_seed(parent.seed, node.repeat ? node.id : name_of_copy(node, copy));
}

bool Elaborator::may_open(const SubcircuitNode& node, const std::string& path, std::uint32_t depth) {
  if (depth > FLUX_MAX_CIRCUIT_DEPTH) {
    stop(fmt::format("circuits are nested more than {} deep", FLUX_MAX_CIRCUIT_DEPTH), "nest them less", prefix_ + path, node.place);
    return false;
  }
  const std::string source = source_of(node);
  if (source.empty() || std::find(open_.begin(), open_.end(), source) == open_.end()) return true;
  error(Element::subcircuit, fmt::format("the {} contains itself: {} > {}", source, fmt::join(open_, " > "), source),
        "take it out of itself", prefix_ + path, node.place);
  stopped_ = true;
  return false;
}

std::shared_ptr<RepeatedScope> Elaborator::place_repeated(std::uint32_t parent, std::uint32_t circuit, std::uint32_t depth) {
  const std::shared_ptr<ReadyBody> outer = scopes_[parent].body;
  const SubcircuitNode& node = outer->circuit.circuits[circuit];
  if (!fills_rows(*node.repeat, node.count)) {  // an override may have changed the number
    error(Element::subcircuit, fmt::format("{} instances do not fill the rows of its layout", node.count), "choose a multiple of the width",
          prefix_ + scopes_[parent].path + node.id, node.place);
    stopped_ = true;
    return nullptr;
  }
  const std::set<std::uint32_t>& named = scopes_[parent].copies[circuit].named;
  std::uint32_t common = 0;  // an instance like most
  while (common + 1 < node.count && named.contains(common)) ++common;
  auto repeated = std::make_shared<RepeatedScope>();
  repeated->inside = make_instance(parent, circuit, common, depth);
  if (!repeated->inside) return nullptr;
  Elaborator& inside = *repeated->inside;
  for (std::size_t i = 0; i < node.repeat->neighbours.size(); ++i) {
    const std::size_t errors = findings_.errors();
    auto neighbours = inside.neighbours_inside(node.repeat->neighbours[i], i);
    if (findings_.errors() > errors) return nullptr;
    if (neighbours) repeated->neighbours.push_back(*std::move(neighbours));
  }
  if (is_inside_ || inside.neurons() == 0 || inside.neurons() * node.count < share_from_) return repeated;
  PlacedRepeat placed{
      Lattice(*node.repeat, node.count), static_cast<std::uint32_t>(inside.neurons()), {inside.flat()}, {}, repeated->neighbours};
  for (const std::uint32_t copy : named) {
    if (copy == common || copy >= node.count) continue;
    const auto instance = make_instance(parent, circuit, copy, depth);
    if (!instance) return nullptr;
    if (!have_same_neurons(instance->flat(), inside.flat())) {
      refuse_unlike(node, prefix_ + scopes_[parent].path + name_of_copy(node, copy));
      return nullptr;
    }
    placed.variant_of.emplace(copy, static_cast<std::uint32_t>(placed.variants.size()));
    placed.variants.push_back(instance->flat());
    elements_ += instance->elements();
  }
  add_repeated_node(scopes_[parent], node, std::move(placed));
  repeated->node = static_cast<std::uint32_t>(flat_.neurons.size()) - 1;
  repeated->is_shared = true;
  return stopped_ ? nullptr : repeated;
}

void Elaborator::add_repeated_node(const Scope& parent, const SubcircuitNode& node, PlacedRepeat placed) {
  const std::uint64_t neurons = std::uint64_t{placed.stride} * node.count;
  neurons_in_all_ += neurons;
  shared_neurons_ += neurons;
  if (neurons_in_all_ > FLUX_MAX_PLACED_NEURONS || elements_ > FLUX_MAX_ELEMENTS) {
    return stop(
        fmt::format("the circuits have more than {} neurons together, or too many instances are overridden", FLUX_MAX_PLACED_NEURONS),
        "repeat less often", prefix_ + parent.path + node.id, node.place);
  }
  NeuronNode all;
  all.id = parent.path + node.id;
  all.count = static_cast<std::uint32_t>(neurons);
  all.place = node.place;
  all.repeated = std::make_shared<const PlacedRepeat>(std::move(placed));
  flat_.neurons.push_back(std::move(all));
  neurons_ += static_cast<NeuronIndex>(neurons);
}

std::shared_ptr<Elaborator> Elaborator::make_instance(std::uint32_t parent, std::uint32_t circuit, std::uint32_t copy,
                                                      std::uint32_t depth) {
  const std::shared_ptr<ReadyBody> outer = scopes_[parent].body;
  const SubcircuitNode& node = outer->circuit.circuits[circuit];
  const std::string path = scopes_[parent].path + name_of_copy(node, copy);
  if (!may_open(node, path, depth)) return nullptr;
  std::shared_ptr<ReadyBody> body = bodies_.of(node, outer->pending[circuit], copy, prefix_ + path);
  std::vector<std::string> open = open_;
  if (const std::string source = source_of(node); !source.empty()) open.push_back(source);
  if (body) {
    auto inside = std::make_shared<Elaborator>(root_, findings_, bodies_, share_from_);
    inside->placing_ = node.place;
    inside->run_inside(std::move(body), prefix_ + path + "/", seed_of_copy(scopes_[parent], node, copy), depth, std::move(open));
    if (!inside->stopped()) return inside;
  }
  stopped_ = true;
  return nullptr;
}

void Elaborator::refuse_unlike(const SubcircuitNode& node, std::string path) {
  error(Element::subcircuit, "an instance of a repeated circuit has other neurons than the others",
        "change only properties of single instances", std::move(path), node.place);
  stopped_ = true;
}

void Elaborator::check_alike(std::uint32_t number) {
  const Circuit& circuit = scopes_[number].body->circuit;
  for (std::size_t i = 0; i < circuit.circuits.size(); ++i) {
    const auto& repeated = scopes_[number].copies[i].repeated;
    if (!repeated || repeated->is_shared) continue;
    const std::vector<std::uint32_t>& copies = scopes_[number].copies[i].scopes;
    for (std::size_t k = 1; k < copies.size(); ++k) {
      const std::uint64_t neurons = scopes_[copies[k]].first_neuron - scopes_[copies[k - 1]].first_neuron;
      if (neurons == repeated->inside->neurons()) continue;
      return refuse_unlike(circuit.circuits[i], prefix_ + scopes_[number].path + circuit.circuits[i].id);
    }
  }
}

std::shared_ptr<ReadyBody> Elaborator::body_of_copy(Scope& parent, std::uint32_t circuit, std::uint32_t copy) {
  PlacedCopies& copies = parent.copies[circuit];
  const SubcircuitNode& node = parent.body->circuit.circuits[circuit];
  const bool is_named = copies.named.contains(copy);
  if (!is_named && copies.common) return copies.common;
  auto body = bodies_.of(node, parent.body->pending[circuit], copy, prefix_ + parent.path + name_of_copy(node, copy));
  if (!is_named) copies.common = body;
  return body;
}

std::string Elaborator::source_of(const SubcircuitNode& node) {
  if (node.source == SubcircuitNode::Source::prototype) return "prototype " + describe(node.prototype);
  if (node.source == SubcircuitNode::Source::group) return fmt::format("group \"{}\"", node.group);
  return {};
}

}  // namespace flux
