#include "network_circuit.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "circuit/identifier.h"

namespace flux {

namespace {

constexpr Word FLUX_FIELD_MASK = (1u << FLUX_TARGET_BITS) - 1;

bool has_target(const Graph& graph, NeuronIndex source, NeuronIndex target) {
  std::uint64_t at = graph.row_of(source);
  const auto target_mask = graph.target_mask() & FLUX_FIELD_MASK;
  for (bool more = at != FLUX_NO_ROW; more;) {
    const Sublist sublist = graph.sublist(at, source);
    const Word* first = sublist.synapses();
    const std::int64_t wanted = std::int64_t{target} - sublist.base;
    if (std::any_of(first, first + sublist.header.count, [=](Word word) { return (word & target_mask) == wanted; })) return true;
    at = sublist.end;
    more = sublist.header.more;
  }
  return false;
}

// Index of each neuron once the removed ones are left out.
std::vector<NeuronIndex> new_indices(const Graph& graph) {
  std::vector<NeuronIndex> index(graph.neuron_count());
  NeuronIndex next = 0;
  for (NeuronIndex n = 0; n < graph.neuron_count(); ++n) index[n] = graph.exists(n) ? next++ : 0;
  return index;
}

bool is_unchanged(const NeuronNode& node, NeuronIndex first, const Graph& graph) {
  for (NeuronIndex n = first; n < first + node.size(); ++n) {
    if (!graph.exists(n) || graph.properties(n) != graph.properties(first)) return false;
  }
  return true;
}

// A name for one neuron of a population that is written neuron by neuron.
std::string single_id(const NeuronNode& population, std::uint32_t k, const std::set<std::string>& taken) {
  std::string id = fmt::format("{}.{}", population.id, k);
  while (taken.contains(id)) id += '.';
  return id;
}

void append_node(std::vector<NeuronNode>& nodes, NeuronNode node, NeuronIndex first, const Graph& graph, std::set<std::string>& taken) {
  if (is_unchanged(node, first, graph)) {
    node.properties = graph.properties(first);
    nodes.push_back(std::move(node));
    return;
  }
  for (std::uint32_t k = 0; k < node.size(); ++k) {
    if (!graph.exists(first + k)) continue;
    NeuronNode single = node;
    single.count = single.width = 0;
    single.properties = graph.properties(first + k);
    if (node.count > 0) single.id = single_id(node, k, taken);
    taken.insert(single.id);
    nodes.push_back(std::move(single));
  }
}

// A neuron of a repeated circuit, under its path.
void append_instance_neuron(std::vector<NeuronNode>& nodes, const Names& names, NeuronIndex neuron, const Graph& graph) {
  if (!graph.exists(neuron)) return;
  NeuronNode single;
  single.id = names.path(neuron);
  single.properties = graph.properties(neuron);
  single.input_alias = names.input_alias(neuron);
  single.output_alias = names.output_alias(neuron);
  nodes.push_back(std::move(single));
}

// "leg[2]/flexor" as "leg.2.flexor", with dots added until nothing else is called so. Names that are too long become numbers.
std::string plain_name(const std::string& path, std::size_t number, std::set<std::string>& taken) {
  if (path.find('/') == std::string::npos) return path;
  std::string name;
  for (const char c : path) {
    if (c != ']') name += c == '/' || c == '[' ? '.' : c;
  }
  if (name.size() > FLUX_MAX_IDENTIFIER / 2) name = fmt::format("neuron.{}", number);
  while (!taken.insert(name).second) name += '.';
  return name;
}

// Makes ids and aliases of the paths that neurons of a tree have.
void make_names_plain(std::vector<NeuronNode>& nodes, std::set<std::string>& ids) {
  std::set<std::string> aliases;
  for (const NeuronNode& node : nodes) aliases.insert({node.input_alias, node.output_alias});
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    NeuronNode& node = nodes[i];
    const bool is_both = node.input_alias == node.output_alias;
    node.id = plain_name(node.id, i, ids);
    node.input_alias = plain_name(node.input_alias, i, aliases);
    node.output_alias = is_both ? node.input_alias : plain_name(node.output_alias, i, aliases);
  }
}

// What tells a plastic synapse from others in a circuit; those alike are interchangeable.
using SynapseKey = std::tuple<NeuronIndex, NeuronIndex, SynapseProperties>;

}  // namespace

std::vector<NeuronIndex> sources_of(const Graph& graph, NeuronIndex target) {
  std::vector<NeuronIndex> sources;
  for (NeuronIndex source = 0; source < graph.neuron_count(); ++source) {
    if (has_target(graph, source, target)) sources.push_back(source);
  }
  return sources;
}

Circuit edited_circuit(const Circuit& original, const Names& names, const std::vector<NeuronNode>& added, const Graph& graph,
                       const std::vector<LearnedWeight>& learned) {
  Circuit circuit = original;
  circuit.neurons.clear();
  circuit.synapses.clear();
  circuit.fibers.clear();
  circuit.repeated_sides.clear();
  std::set<std::string> taken;
  for (const auto* nodes : {&original.neurons, &added}) {
    for (const NeuronNode& node : *nodes) taken.insert(node.id);
  }
  NeuronIndex first = 0;
  for (const auto* nodes : {&original.neurons, &added}) {
    for (const NeuronNode& node : *nodes) {
      for (NeuronIndex n = first; node.repeated && n < first + node.size(); ++n) append_instance_neuron(circuit.neurons, names, n, graph);
      if (!node.repeated) append_node(circuit.neurons, node, first, graph, taken);
      first += node.size();
    }
  }
  make_names_plain(circuit.neurons, taken);
  const std::vector<NeuronIndex> index = new_indices(graph);
  auto next = learned.begin();
  for (NeuronIndex source = 0; source < graph.neuron_count(); ++source) {
    for (const RowSynapse& synapse : graph.row(source)) {
      SynapseNode node;
      node.source = index[source];
      node.target = index[synapse.target];
      node.properties = synapse.properties;
      if (synapse.properties.plastic()) node.long_term = (next++)->long_term;
      circuit.synapses.push_back(std::move(node));
    }
  }
  return circuit;
}

void keep_long_term(Circuit& circuit, const Graph& graph, const std::vector<LearnedWeight>& learned) {
  if (graph.plastic_count() == 0) return;
  std::map<SynapseKey, std::vector<std::size_t>> places;  // of the circuit's plastic synapses
  for (std::size_t i = 0; i < circuit.synapses.size(); ++i) {
    const SynapseNode& synapse = circuit.synapses[i];
    if (synapse.properties.plastic()) places[{synapse.source, synapse.target, synapse.properties}].push_back(i);
  }
  // Alike ones stand in the row by their long-term part at the start: so must these.
  for (auto& [key, alike] : places) {
    std::stable_sort(alike.begin(), alike.end(),
                     [&](std::size_t a, std::size_t b) { return circuit.synapses[a].long_term > circuit.synapses[b].long_term; });
  }
  auto next = learned.begin();
  for (NeuronIndex source = 0; source < graph.neuron_count(); ++source) {
    for (const RowSynapse& synapse : graph.row(source)) {
      if (!synapse.properties.plastic()) continue;
      const LearnedWeight weight = *next++;
      const auto found = places.find({source, synapse.target, synapse.properties});
      if (found == places.end() || found->second.empty()) continue;
      circuit.synapses[found->second.back()].long_term = weight.long_term;
      found->second.pop_back();
    }
  }
}

void drop_removed(NetworkState& state, const Graph& graph) {
  const auto keep = [&](auto& values) {
    std::size_t kept = 0;
    for (NeuronIndex n = 0; n < graph.neuron_count(); ++n) {
      if (graph.exists(n)) values[kept++] = values[n];
    }
    values.resize(kept);
  };
  keep(state.level);
  keep(state.threshold);
  keep(state.modulation);
  keep(state.refractory_left);
  keep(state.burst_left);
  keep(state.own_spike_in);
  keep(state.history);
  const std::vector<NeuronIndex> index = new_indices(graph);
  for (Departure& departure : state.departures) departure.source = index[departure.source];
}

}  // namespace flux
