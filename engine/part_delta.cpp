#include "part_delta.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "circuit/fiber_synapses.h"
#include "circuit/identifier.h"
#include "circuit/names.h"
#include "circuit/repeated.h"

namespace flux {
namespace {

constexpr std::size_t FLUX_NONE = ~std::size_t{0};
// The general way takes less time when more synapses change than these, or than a part of those there are.
constexpr std::uint64_t FLUX_MAX_CHANGED_SYNAPSES = 200000;
constexpr std::uint64_t FLUX_CHANGED_PART = 8;

struct NetworkSynapse {
  NeuronIndex source;
  SynapseSpec spec;

  auto key() const { return std::tie(source, spec.target, spec.properties); }
  friend bool operator<(const NetworkSynapse& a, const NetworkSynapse& b) { return a.key() < b.key(); }
};

// The neuron of the network that a neuron of a part is.
NeuronIndex network_index(const std::vector<NeuronIndex>& first_in_part, const std::vector<NeuronIndex>& first_in_network,
                          NeuronIndex neuron) {
  const auto node =
      static_cast<std::size_t>(std::upper_bound(first_in_part.begin(), first_in_part.end(), neuron) - first_in_part.begin()) - 1;
  return first_in_network[node] + (neuron - first_in_part[node]);
}

std::vector<NetworkSynapse> sorted_synapses(const Circuit& part, const std::vector<NeuronIndex>& first) {
  const std::vector<NeuronIndex> first_in_part = first_neurons(part);
  std::vector<NetworkSynapse> synapses;
  synapses.reserve(part.synapses.size());
  for (const SynapseNode& synapse : part.synapses) {
    synapses.push_back({network_index(first_in_part, first, synapse.source),
                        {network_index(first_in_part, first, synapse.target), synapse.properties, synapse.long_term}});
  }
  std::stable_sort(synapses.begin(), synapses.end());
  return synapses;
}

// A fiber with the neurons of the network in place of the nodes of a part: what its synapses depend on, and nothing else.
struct NetworkFiber {
  Fiber shape;
  std::uint32_t number;  // in the part

  auto key() const { return std::tie(*shape.seed, shape.sources, shape.targets); }
  friend bool operator<(const NetworkFiber& a, const NetworkFiber& b) { return a.key() < b.key(); }
};

std::vector<NetworkFiber> sorted_fibers(const Circuit& part, const std::vector<NeuronIndex>& first) {
  std::vector<NetworkFiber> fibers;
  for (std::uint32_t i = 0; i < part.fibers.size(); ++i) {
    Fiber shape = part.fibers[i];
    const bool on_grid = shape.rule == FiberRule::distance || shape.rule == FiberRule::kernel;
    for (std::vector<std::uint32_t>* side : {&shape.sources, &shape.targets}) {
      std::vector<std::uint32_t> neurons;
      for (const std::uint32_t node : *side) {
        neurons.insert(neurons.end(), {first[node], part.neurons[node].size(), on_grid ? part.neurons[node].width : 0});
      }
      *side = std::move(neurons);
    }
    shape.number.reset();
    shape.comment.clear();
    fibers.push_back({std::move(shape), i});
  }
  std::stable_sort(fibers.begin(), fibers.end());
  return fibers;
}

// Fibers of `a` that `b` has no equal for. Both are sorted.
std::vector<std::uint32_t> fibers_missing(const std::vector<NetworkFiber>& a, const std::vector<NetworkFiber>& b) {
  std::vector<std::uint32_t> missing;
  std::vector<bool> used(b.size(), false);
  for (const NetworkFiber& fiber : a) {
    const auto [first, last] = std::equal_range(b.begin(), b.end(), fiber);
    auto equal = first;
    while (equal != last && (used[static_cast<std::size_t>(equal - b.begin())] || !(equal->shape == fiber.shape))) ++equal;
    if (equal == last) {
      missing.push_back(fiber.number);
    } else {
      used[static_cast<std::size_t>(equal - b.begin())] = true;
    }
  }
  return missing;
}

bool is_same_name(const NeuronNode& a, const NeuronNode& b) {
  return a.id == b.id && a.input_alias == b.input_alias && a.output_alias == b.output_alias;
}

}  // namespace

// --- Neurons ----------------------------------------------------------------------------------------------------------------------

bool PartDelta::place_before() {
  const std::vector<NeuronNode>& nodes = before_.circuit.neurons;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto run = network_.names.find_run(nodes[i].id);
    if (!run || run->count != nodes[i].count || !nodes_before_.emplace(nodes[i].id, i).second) return false;
    first_before_.push_back(run->first);
  }
  return true;
}

bool PartDelta::place_after() {
  const std::vector<NeuronNode>& nodes = after_.circuit.neurons;
  std::vector<bool> goes_on(before_.circuit.neurons.size(), false);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!nodes_after_.emplace(nodes[i].id, i).second) return false;
    const std::string path = paths_.of(nodes[i].id);
    const auto known = nodes_before_.find(path);
    goes_on_for_.push_back(known == nodes_before_.end() ? FLUX_NONE : known->second);
    if (known != nodes_before_.end()) {
      if (goes_on[known->second]) return false;
      goes_on[known->second] = true;
      first_after_.push_back(first_before_[known->second]);
      if (nodes[i].count != before_.circuit.neurons[known->second].count && !resize(i, known->second)) return false;
      continue;
    }
    const auto run = network_.names.find_run(path);
    const bool is_inside = i < after_.inside;
    if (is_inside ? run.has_value() || network_.names.find_node(nodes[i].id) : !run || run->count != nodes[i].count) return false;
    first_after_.push_back(is_inside ? network_.graph->neuron_count() + change_.new_neurons : run->first);
    if (is_inside) change_.new_neurons += nodes[i].size();
  }
  for (std::size_t i = 0; i < before_.inside; ++i) {
    if (!goes_on[i]) change_.drops.push_back(before_.circuit.neurons[i].id);
  }
  const bool same_neurons = change_.new_neurons == 0 && change_.drops.empty() && resized_.empty();
  return same_neurons || !(before_.has_single_instances || after_.has_single_instances);
}

// A node with fewer neurons keeps the first of those it has. With more of them, all move to the end of the list, so that they stand
// together.
bool PartDelta::resize(std::size_t node, std::size_t before) {
  const NeuronNode &next = after_.circuit.neurons[node], &now = before_.circuit.neurons[before];
  const NeuronIndex first = first_before_[before];
  const bool moves = next.size() > now.size();
  if (node >= after_.inside || before >= before_.inside || (moves && !network_.loop->core().can_move())) return false;
  resized_.push_back({next.id, next.count, moves, next.properties});
  if (moves) {
    first_after_.back() = network_.graph->neuron_count() + change_.new_neurons;
    for (std::uint32_t k = 0; k < now.size(); ++k) change_.moved.emplace(first + k, first_after_.back() + k);
    change_.new_neurons += next.size();
    change_.freed.push_back({first, now.size()});
  } else if (next.size() < now.size()) {
    change_.freed.push_back({first + next.size(), now.size() - next.size()});
  }
  return true;
}

// Renames nodes in an order in which each new name is free. False where there is none.
bool PartDelta::order_renames() {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < goes_on_for_.size(); ++i) {
    if (goes_on_for_[i] != FLUX_NONE && !is_same_name(after_.circuit.neurons[i], before_.circuit.neurons[goes_on_for_[i]]))
      left.push_back(i);
  }
  std::unordered_set<std::string> taken, freed;
  const auto is_free = [&](const std::string& id) { return !taken.contains(id) && (freed.contains(id) || !network_.names.find_node(id)); };
  while (!left.empty()) {
    std::vector<std::size_t> later;
    for (const std::size_t i : left) {
      const NeuronNode& now = after_.circuit.neurons[i];
      const std::string& path = before_.circuit.neurons[goes_on_for_[i]].id;
      if (now.id != path && !is_free(now.id)) {
        later.push_back(i);
        continue;
      }
      NeuronNode renamed;
      renamed.id = now.id;
      renamed.input_alias = now.input_alias;
      renamed.output_alias = now.output_alias;
      change_.nodes.emplace_back(input::RenameNode{path, std::move(renamed)});
      if (now.id == path) continue;
      freed.insert(path);
      taken.erase(path);
      taken.insert(now.id);
    }
    if (later.size() == left.size()) return false;
    left = std::move(later);
  }
  return true;
}

// Changed ones first: where neurons move, others take their place that are like them. Then new ones, by their indices.
void PartDelta::compare_properties() {
  for (std::size_t i = 0; i < goes_on_for_.size(); ++i) {
    if (goes_on_for_[i] == FLUX_NONE) continue;
    const NeuronNode &next = after_.circuit.neurons[i], &now = before_.circuit.neurons[goes_on_for_[i]];
    if (next.properties == now.properties) continue;
    for (std::uint32_t k = 0; k < std::min(next.size(), now.size()); ++k) {
      change_.nodes.emplace_back(input::UpdateNeuron{first_before_[goes_on_for_[i]] + k, next.properties});
    }
  }
  auto resized = resized_.begin();
  for (std::size_t i = 0; i < goes_on_for_.size(); ++i) {
    const NeuronNode& node = after_.circuit.neurons[i];
    if (goes_on_for_[i] == FLUX_NONE) {
      if (i < after_.inside) change_.nodes.emplace_back(input::AddNeuron{node});
    } else if (node.count != before_.circuit.neurons[goes_on_for_[i]].count) {
      change_.nodes.emplace_back(*resized++);
    }
  }
}

// --- Connections ------------------------------------------------------------------------------------------------------------------

void PartDelta::compare_synapses() {
  const std::vector<NetworkSynapse> before = sorted_synapses(before_.circuit, first_before_),
                                    after = sorted_synapses(after_.circuit, first_after_);
  auto b = before.begin();
  auto a = after.begin();
  while (b != before.end() || a != after.end()) {
    const bool removes = b != before.end() && (a == after.end() || *b < *a), adds = a != after.end() && (b == before.end() || *a < *b);
    if (removes) change_.rows[b->source].removed.push_back(b->spec);
    if (adds) change_.rows[a->source].added.push_back(a->spec);
    if (!adds) ++b;
    if (!removes) ++a;
  }
}

bool PartDelta::compare_fibers() {
  const std::vector<NetworkFiber> before = sorted_fibers(before_.circuit, first_before_),
                                  after = sorted_fibers(after_.circuit, first_after_);
  const std::vector<std::uint32_t> removed = fibers_missing(before, after), added = fibers_missing(after, before);
  std::uint64_t synapses = 0;
  for (const std::uint32_t fiber : removed) synapses += count_synapses(before_.circuit, before_.circuit.fibers[fiber]);
  for (const std::uint32_t fiber : added) synapses += count_synapses(after_.circuit, after_.circuit.fibers[fiber]);
  if (synapses > std::max(FLUX_MAX_CHANGED_SYNAPSES, network_.graph->synapse_count() / FLUX_CHANGED_PART)) return false;
  const auto expand = [&](const Circuit& part, std::uint32_t fiber, const std::vector<NeuronIndex>& first,
                          std::vector<SynapseSpec> NetworkChange::Row::*list) {
    for_each_row(part, fiber, first, [&](NeuronIndex source, std::span<const SynapseSpec> row) {
      if (row.empty()) return;
      std::vector<SynapseSpec>& synapses_of_row = change_.rows[source].*list;
      synapses_of_row.insert(synapses_of_row.end(), row.begin(), row.end());
    });
  };
  for (const std::uint32_t fiber : removed) expand(before_.circuit, fiber, first_before_, &NetworkChange::Row::removed);
  for (const std::uint32_t fiber : added) expand(after_.circuit, fiber, first_after_, &NetworkChange::Row::added);
  return true;
}

std::optional<NetworkChange> PartDelta::run() {
  if (!place_before() || !place_after() || !order_renames()) return std::nullopt;
  compare_properties();
  compare_synapses();
  if (!compare_fibers()) return std::nullopt;
  return std::move(change_);
}

std::optional<NeuronIndex> PartDelta::find(const std::string& path) const {
  const auto index_in = [&](const std::string& id, std::uint32_t k, bool is_single) -> std::optional<NeuronIndex> {
    const auto node = nodes_after_.find(id);
    if (node == nodes_after_.end()) return std::nullopt;
    const NeuronNode& found = after_.circuit.neurons[node->second];
    if (is_single != (found.count == 0) || k >= found.size()) return std::nullopt;
    return first_after_[node->second] + k;
  };
  if (const auto single = index_in(path, 0, true)) return single;
  if (const auto indexed = split_indexed_name(path)) {
    if (const auto one = index_in(std::string(indexed->base), indexed->index, false)) return one;
  }
  return network_.names.find(path);
}

}  // namespace flux
