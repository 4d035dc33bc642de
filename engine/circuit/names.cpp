#include "circuit/names.h"

#include <algorithm>
#include <cassert>

#include "circuit/identifier.h"
#include "circuit/repeated.h"

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
  if (const auto by_alias = find_in(node_by_alias_, name)) return by_alias;
  const auto in_instance = find_in_instance(path_or_alias);
  return in_instance && !removed_.contains(*in_instance) ? in_instance : std::nullopt;
}

// "a/eye[3]/knee/flexor": as long a beginning as names an instance, then a name inside it.
template <class Visit>
void Names::for_each_instance(std::string_view name, const Visit& visit) const {
  for (std::size_t slash = name.find('/'); slash != std::string_view::npos; slash = name.find('/', slash + 1)) {
    const auto indexed = split_indexed_name(name.substr(0, slash));
    const auto entry = indexed ? node_by_id_.find(std::string(indexed->base)) : node_by_id_.end();
    if (entry == node_by_id_.end() || !nodes_[entry->second].inside) continue;
    const Node& node = nodes_[entry->second];
    const std::uint32_t stride = node.inside->size();
    if (indexed->index < node.count / stride) visit(*node.inside, node.first + indexed->index * stride, name.substr(slash + 1));
  }
}

std::optional<NeuronIndex> Names::find_in_instance(std::string_view name) const {
  std::optional<NeuronIndex> found;
  for_each_instance(name, [&](const Names& inside, NeuronIndex first, std::string_view rest) {
    const auto neuron = found ? std::nullopt : inside.find(rest);
    if (neuron) found = first + *neuron;
  });
  return found;
}

std::optional<Names::Run> Names::find_run(const std::string& path) const {
  std::optional<Run> found = find_node(path);
  if (found) return found;
  for_each_instance(path, [&](const Names& inside, NeuronIndex first, std::string_view rest) {
    const auto run = found ? std::nullopt : inside.find_node(std::string(rest));
    if (run) found = Run{first + run->first, run->count};
  });
  return found;
}

std::string Names::instance_path(const Node& node, NeuronIndex neuron) {
  return node.id + "[" + std::to_string((neuron - node.first) / node.inside->size()) + "]/";
}

std::string Names::path(NeuronIndex neuron) const {
  const Node& node = node_of(neuron);
  if (node.inside) return instance_path(node, neuron) + node.inside->path((neuron - node.first) % node.inside->size());
  return node.count == 0 ? node.id : node.id + "[" + std::to_string(neuron - node.first) + "]";
}

std::string Names::input_alias(NeuronIndex neuron) const {
  const Node& node = node_of(neuron);
  if (!node.inside) return node.input_alias;
  const std::string alias = node.inside->input_alias((neuron - node.first) % node.inside->size());
  return alias.empty() ? alias : instance_path(node, neuron) + alias;
}

std::string Names::output_alias(NeuronIndex neuron) const {
  const Node& node = node_of(neuron);
  if (!node.inside) return node.output_alias;
  const std::string alias = node.inside->output_alias((neuron - node.first) % node.inside->size());
  return alias.empty() ? alias : instance_path(node, neuron) + alias;
}

std::optional<Names::Run> Names::find_node(const std::string& path) const {
  const auto found = node_by_id_.find(path);
  if (found == node_by_id_.end()) return std::nullopt;
  return Run{nodes_[found->second].first, nodes_[found->second].count};
}

bool Names::add(const NeuronNode& node) {
  if (node_by_id_.contains(node.id)) return false;
  append(node);
  return true;
}

bool Names::rename(const std::string& path, const NeuronNode& node) {
  const auto found = node_by_id_.find(path);
  if (found == node_by_id_.end() || (node.id != path && node_by_id_.contains(node.id))) return false;
  const std::uint32_t place = found->second;
  forget_names(place);
  nodes_[place].id = node.id;
  nodes_[place].input_alias = node.input_alias;
  nodes_[place].output_alias = node.output_alias;
  node_by_id_.emplace(node.id, place);
  add_aliases(place);
  return true;
}

bool Names::resize(const std::string& path, std::uint32_t count, bool moves) {
  const auto found = node_by_id_.find(path);
  if (found == node_by_id_.end()) return false;
  const std::uint32_t place = found->second;
  const Run now{nodes_[place].first, nodes_[place].count}, next{size_, count};
  if (!moves) {
    if (next.size() > now.size()) return false;
    nodes_[place].count = count;
    return true;
  }
  forget_names(place);
  Node moved = nodes_[place];
  moved.first = size_;
  moved.count = count;
  nodes_.push_back(std::move(moved));
  const auto last = static_cast<std::uint32_t>(nodes_.size() - 1);
  node_by_id_.emplace(path, last);
  add_aliases(last);
  size_ += next.size();
  return true;
}

void Names::remove_run(NeuronIndex first, std::uint32_t count) {
  for (std::uint32_t k = 0; k < count; ++k) removed_.insert(first + k);
}

void Names::remove(NeuronIndex neuron) {
  removed_.insert(neuron);
  const Node& node = node_of(neuron);
  if (node.count == 0) forget_names(static_cast<std::uint32_t>(&node - nodes_.data()));
}

void Names::remove_node(const std::string& path) {
  const auto found = node_by_id_.find(path);
  if (found == node_by_id_.end()) return;
  const Node& node = nodes_[found->second];
  remove_run(node.first, Run{node.first, node.count}.size());
  forget_names(found->second);
}

void Names::forget_names(std::uint32_t place) {
  const Node& node = nodes_[place];
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
  nodes_.push_back({size_, node.count, node.id, node.input_alias, node.output_alias, nullptr});
  if (node.repeated) nodes_.back().inside = std::make_shared<const Names>(node.repeated->variants.front());
  node_by_id_.emplace(node.id, place);
  add_aliases(place);
  size_ += node.size();
}

void Names::add_aliases(std::uint32_t place) {
  const Node& node = nodes_[place];
  if (!node.input_alias.empty()) node_by_alias_.emplace(node.input_alias, place);
  if (!node.output_alias.empty()) node_by_alias_.emplace(node.output_alias, place);
}

std::optional<NeuronIndex> Names::find_in(const std::unordered_map<std::string, std::uint32_t>& nodes, const std::string& name) const {
  std::optional<NeuronIndex> found;
  if (const auto single = nodes.find(name); single != nodes.end()) {
    const Node& node = nodes_[single->second];
    if (node.count == 0) found = node.first;
  } else if (const auto indexed = split_indexed_name(name)) {
    const auto population = nodes.find(std::string(indexed->base));
    if (population != nodes.end() && !nodes_[population->second].inside && indexed->index < nodes_[population->second].count) {
      found = nodes_[population->second].first + indexed->index;
    }
  }
  if (found && removed_.contains(*found)) return std::nullopt;
  return found;
}

}  // namespace flux
