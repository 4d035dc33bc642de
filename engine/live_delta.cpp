#include "live_delta.h"

#include <algorithm>

#include "circuit/fiber_synapses.h"
#include "circuit/flatten.h"
#include "circuit/identifier.h"
#include "circuit/seeds.h"
#include "circuit/structure.h"
#include "drawing.h"

namespace flux {
namespace {

// Beyond these numbers the general way takes less time.
constexpr std::uint32_t FLUX_MAX_DIRECT_NEURONS = 20000;
constexpr std::uint64_t FLUX_MAX_DIRECT_SYNAPSES = 200000;

const SubcircuitNode* node_called(const Circuit& body, std::string_view id) {
  const auto node = std::find_if(body.circuits.begin(), body.circuits.end(), [&](const SubcircuitNode& some) { return some.id == id; });
  return node == body.circuits.end() ? nullptr : &*node;
}

}  // namespace

const LiveDelta::Place* LiveDelta::place_of(const std::string& in) {
  const auto [entry, is_new] = places_.try_emplace(in);
  if (is_new) entry->second = find_place(in);
  return entry->second ? &*entry->second : nullptr;
}

std::optional<LiveDelta::Place> LiveDelta::find_place(const std::string& in) const {
  if (in.starts_with('/')) return std::nullopt;
  const Circuit* body = &document_.circuit();
  Place place{"", body->settings.seed};
  for (std::string_view rest = in; !rest.empty();) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view id = rest.substr(0, slash);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    const SubcircuitNode* node = node_called(*body, id);
    if (node == nullptr || !node->body || node->count != 0 || !node->changes.empty()) return std::nullopt;
    place.seed = circuit_seed(place.seed, id);
    (place.prefix += id) += '/';
    body = &*node->body;
  }
  return place;
}

// --- Names as they will be --------------------------------------------------------------------------------------------------------

std::optional<Names::Run> LiveDelta::find_node(const std::string& path) const {
  const auto staged = staged_.find(path);
  return staged != staged_.end() ? staged->second : network_.names.find_run(path);
}

std::optional<NeuronIndex> LiveDelta::find_neuron(const std::string& path) const {
  if (const auto node = find_node(path)) return node->count == 0 ? std::optional(node->first) : std::nullopt;
  if (const auto indexed = split_indexed_name(path)) {
    if (const auto node = find_node(std::string(indexed->base))) {
      return indexed->index < node->count ? std::optional(node->first + indexed->index) : std::nullopt;
    }
  }
  return aliases_changed_ ? std::nullopt : network_.names.find(path);
}

// --- Neurons ----------------------------------------------------------------------------------------------------------------------

void LiveDelta::neurons_before(const Circuit& body, const Step& step, const Place& place) {
  if (step.kind == Step::Kind::erase) {
    for (const std::uint32_t at : step.places) {
      const NeuronNode& node = body.neurons[at];
      const std::string path = place.prefix + node.id;
      if (!find_node(path)) general_ = true;
      staged_[path] = std::nullopt;
      change_.drops.push_back(path);
      aliases_changed_ |= !node.input_alias.empty() || !node.output_alias.empty();
    }
  } else if (step.kind == Step::Kind::replace) {
    for (std::size_t i = 0; i < step.places.size(); ++i) {
      replace_neuron(body.neurons[step.places[i]], *std::get_if<NeuronNode>(&step.elements[i]), place);
    }
  }
}

void LiveDelta::replace_neuron(const NeuronNode& now, const NeuronNode& next, const Place& place) {
  const std::string path = place.prefix + now.id;
  const auto run = find_node(path);
  if (!run || now.count != next.count || now.width != next.width || now.size() > FLUX_MAX_DIRECT_NEURONS) {
    general_ = true;
    return;
  }
  const bool other_aliases = now.input_alias != next.input_alias || now.output_alias != next.output_alias;
  if (now.id != next.id || other_aliases) {
    aliases_changed_ |= other_aliases || !now.input_alias.empty() || !now.output_alias.empty();
    NeuronNode renamed;
    renamed.id = place.prefix + next.id;
    if (!next.input_alias.empty()) renamed.input_alias = place.prefix + next.input_alias;
    if (!next.output_alias.empty()) renamed.output_alias = place.prefix + next.output_alias;
    staged_[path] = std::nullopt;
    staged_[renamed.id] = run;
    change_.nodes.emplace_back(input::RenameNode{path, std::move(renamed)});
  }
  if (now.properties == next.properties) return;
  for (NeuronIndex n = run->first; n < run->first + run->size(); ++n) change_.nodes.emplace_back(input::UpdateNeuron{n, next.properties});
}

void LiveDelta::neurons_after(const Circuit& body, const Step& taken, const Place& place) {
  if (taken.kind != Step::Kind::erase) return;  // nothing was inserted
  for (const std::uint32_t at : taken.places) {
    NeuronNode placed = body.neurons[at];
    placed.id = place.prefix + placed.id;
    if (!placed.input_alias.empty()) placed.input_alias = place.prefix + placed.input_alias;
    if (!placed.output_alias.empty()) placed.output_alias = place.prefix + placed.output_alias;
    aliases_changed_ |= !placed.input_alias.empty() || !placed.output_alias.empty();
    const NeuronIndex first = network_.graph->neuron_count() + change_.new_neurons;
    // A node that was dropped in the same change has its name until the end.
    if (network_.names.find_node(placed.id) || placed.size() > FLUX_MAX_DIRECT_NEURONS) general_ = true;
    staged_[placed.id] = Names::Run{first, placed.count};
    change_.new_neurons += placed.size();
    change_.nodes.emplace_back(input::AddNeuron{std::move(placed)});
  }
}

// --- Connections ------------------------------------------------------------------------------------------------------------------

std::optional<NeuronIndex> LiveDelta::end_of(const Circuit& body, NeuronIndex end, const Place& place) {
  if (is_path(end)) return find_neuron(place.prefix + body.paths[end - FLUX_FIRST_PATH]);
  const auto [node, k] = document_.neuron_of(body, end);
  const auto run = find_node(place.prefix + body.neurons[node].id);
  return run && k < run->size() ? std::optional(run->first + k) : std::nullopt;
}

void LiveDelta::count_synapse(const Circuit& body, const SynapseNode& synapse, const Place& place, bool removes) {
  const auto source = end_of(body, synapse.source, place), target = end_of(body, synapse.target, place);
  if (!source || !target) {
    general_ = true;
    return;
  }
  NetworkChange::Row& row = change_.rows[*source];
  (removes ? row.removed : row.added).push_back({*target, synapse.properties, synapse.long_term});
}

// Adds a node of a side to the circuit that holds the fiber alone.
std::optional<std::uint32_t> LiveDelta::side_node(const Circuit& body, std::uint32_t node, const Place& place, Circuit& alone,
                                                  std::vector<NeuronIndex>& first) {
  std::string path = place.prefix;
  path += side_path(body, node);
  const auto run = find_node(path);
  if (!run) return std::nullopt;
  for (std::uint32_t i = 0; i < first.size(); ++i) {
    if (first[i] == run->first) return i;
  }
  NeuronNode copy;
  copy.id = std::to_string(first.size());
  copy.count = run->count;
  if (!is_path(node)) copy.width = body.neurons[node].width;
  alone.neurons.push_back(std::move(copy));
  first.push_back(run->first);
  return static_cast<std::uint32_t>(first.size() - 1);
}

void LiveDelta::count_fiber(const Circuit& body, std::uint32_t number, const Place& place, bool removes) {
  Circuit alone;
  std::vector<NeuronIndex> first;
  Fiber fiber = body.fibers[number];
  const bool on_grid = fiber.rule == FiberRule::distance || fiber.rule == FiberRule::kernel;
  for (std::vector<std::uint32_t>* side : {&fiber.sources, &fiber.targets}) {
    for (std::uint32_t& node : *side) {
      const auto known = is_path(node) && on_grid ? std::nullopt : side_node(body, node, place, alone, first);
      if (!known) {
        general_ = true;
        return;
      }
      node = *known;
    }
  }
  if (!fiber.seed) fiber.seed = fiber_seed(place.seed, fiber.number.value_or(number));
  fiber.number.reset();
  alone.fibers.push_back(std::move(fiber));
  synapses_ += count_synapses(alone, alone.fibers.front());
  if (synapses_ > FLUX_MAX_DIRECT_SYNAPSES || !refuse_errors(alone).ok()) {
    general_ = true;
    return;
  }
  for_each_row(alone, 0, first, [&](NeuronIndex source, std::span<const SynapseSpec> synapses) {
    if (synapses.empty()) return;
    NetworkChange::Row& row = change_.rows[source];
    std::vector<SynapseSpec>& list = removes ? row.removed : row.added;
    list.insert(list.end(), synapses.begin(), synapses.end());
  });
}

void LiveDelta::count_connections(const Circuit& body, const Step& step, const Place& place, bool removes) {
  for (const std::uint32_t at : step.places) {
    if (general_) return;
    if (step.list == ElementList::synapses) {
      count_synapse(body, body.synapses[at], place, removes);
    } else {
      count_fiber(body, at, place, removes);
    }
  }
}

// --- Steps ------------------------------------------------------------------------------------------------------------------------

void LiveDelta::before(const Circuit& body, const Step& step) {
  if (general_ || is_drawing(body, step)) return;
  const Place* place = nullptr;
  const bool is_single = step.list == ElementList::neurons || step.list == ElementList::synapses || step.list == ElementList::fibers;
  if (step.kind != Step::Kind::header && is_single) place = place_of(step.in);
  if (place == nullptr) {
    general_ = true;
    return;
  }
  if (step.list == ElementList::neurons) return neurons_before(body, step, *place);
  if (step.kind == Step::Kind::erase || step.kind == Step::Kind::replace) count_connections(body, step, *place, true);
}

void LiveDelta::after(const Circuit& body, const Step& taken) {
  if (general_ || taken.kind == Step::Kind::header) return;
  const bool connections = taken.list == ElementList::synapses || taken.list == ElementList::fibers;
  if (taken.list != ElementList::neurons && !connections) return;
  const Place* place = place_of(taken.in);
  if (place == nullptr) return;
  if (taken.list == ElementList::neurons) return neurons_after(body, taken, *place);
  if (taken.kind == Step::Kind::erase || taken.kind == Step::Kind::replace) count_connections(body, taken, *place, false);
}

// --- The edits --------------------------------------------------------------------------------------------------------------------

std::optional<std::vector<Input>> LiveDelta::inputs(const std::vector<LostWeight>& revive) {
  if (general_) return std::nullopt;
  return std::move(change_).inputs(*network_.graph, revive, [this](const std::string& path) { return find_neuron(path); });
}

}  // namespace flux
