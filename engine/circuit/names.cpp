#include "circuit/names.h"

#include <algorithm>
#include <cassert>

#include "circuit/identifier.h"

namespace flux {

std::vector<NeuronIndex> first_neurons(const Circuit& circuit) {
  std::vector<NeuronIndex> first;
  first.reserve(circuit.neurons.size() + 1);
  NeuronIndex next = 0;
  for (const NeuronNode& node : circuit.neurons) {
    first.push_back(next);
    next += node.size();
  }
  first.push_back(next);
  return first;
}

std::string end_path(const Circuit& circuit, const std::vector<NeuronIndex>& first, NeuronIndex end) {
  if (is_path(end)) return circuit.paths[end - FLUX_FIRST_PATH];
  const auto after = std::upper_bound(first.begin(), first.end(), end);
  const auto place = static_cast<std::size_t>(after - first.begin()) - 1;
  const NeuronNode& node = circuit.neurons[place];
  return node.count == 0 ? node.id : node.id + "[" + std::to_string(end - first[place]) + "]";
}

const std::string& side_path(const Circuit& circuit, std::uint32_t node) {
  return is_path(node) ? circuit.paths[node - FLUX_FIRST_PATH] : circuit.neurons[node].id;
}

Names::Names(const Circuit& circuit) {
  nodes_.reserve(circuit.neurons.size());
  node_by_id_.reserve(circuit.neurons.size());
  for (const NeuronNode& node : circuit.neurons) append(node);
}

std::optional<NeuronIndex> Names::find(std::string_view path_or_alias) const {
  const std::string name(path_or_alias);
  if (const auto by_path = find_in(node_by_id_, name)) return by_path;
  return find_in(node_by_alias_, name);
}

std::string Names::path(NeuronIndex neuron) const {
  const Node& node = node_of(neuron);
  return node.count == 0 ? node.id : node.id + "[" + std::to_string(neuron - node.first) + "]";
}

std::string_view Names::input_alias(NeuronIndex neuron) const { return node_of(neuron).input_alias; }
std::string_view Names::output_alias(NeuronIndex neuron) const { return node_of(neuron).output_alias; }

bool Names::add(const NeuronNode& node) {
  assert(node.count == 0);
  if (node_by_id_.contains(node.id)) return false;
  append(node);
  return true;
}

void Names::remove(NeuronIndex neuron) {
  removed_.insert(neuron);
  const Node& node = node_of(neuron);
  if (node.count != 0) return;
  const auto place = static_cast<std::uint32_t>(&node - nodes_.data());
  const auto forget = [place](auto& nodes, const std::string& name) {
    const auto entry = nodes.find(name);
    if (entry != nodes.end() && entry->second == place) nodes.erase(entry);
  };
  forget(node_by_id_, node.id);
  forget(node_by_alias_, node.input_alias);
  forget(node_by_alias_, node.output_alias);
}

const Names::Node& Names::node_of(NeuronIndex neuron) const {
  assert(neuron < size_);
  const auto after = std::upper_bound(nodes_.begin(), nodes_.end(), neuron, [](NeuronIndex n, const Node& node) { return n < node.first; });
  return *(after - 1);
}

void Names::append(const NeuronNode& node) {
  const auto place = static_cast<std::uint32_t>(nodes_.size());
  nodes_.push_back({size_, node.count, node.id, node.input_alias, node.output_alias});
  node_by_id_.emplace(node.id, place);
  if (!node.input_alias.empty()) node_by_alias_.emplace(node.input_alias, place);
  if (!node.output_alias.empty()) node_by_alias_.emplace(node.output_alias, place);
  size_ += node.size();
}

std::optional<NeuronIndex> Names::find_in(const std::unordered_map<std::string, std::uint32_t>& nodes, const std::string& name) const {
  std::optional<NeuronIndex> found;
  if (const auto single = nodes.find(name); single != nodes.end()) {
    const Node& node = nodes_[single->second];
    if (node.count == 0) found = node.first;
  } else if (const auto indexed = split_indexed_name(name)) {
    const auto population = nodes.find(std::string(indexed->base));
    if (population != nodes.end() && indexed->index < nodes_[population->second].count) {
      found = nodes_[population->second].first + indexed->index;
    }
  }
  if (found && removed_.contains(*found)) return std::nullopt;
  return found;
}

}  // namespace flux
