#include "rows.h"

#include <algorithm>

namespace flux {

SynapsesBySource::SynapsesBySource(const Circuit& circuit, std::uint32_t neurons) : synapses_(circuit.synapses) {
  const auto by_source = [](const SynapseNode& a, const SynapseNode& b) { return a.source < b.source; };
  const bool is_sorted = std::is_sorted(synapses_.begin(), synapses_.end(), by_source);
  if (!is_sorted) order_.resize(synapses_.size());
  if (neurons > FLUX_MAX_NEURONS) {
    for (std::uint32_t i = 0; i < order_.size(); ++i) order_[i] = i;
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return synapses_[a].source < synapses_[b].source; });
    return;
  }
  first_.resize(std::size_t{neurons} + 1);
  for (const SynapseNode& synapse : synapses_) ++first_[synapse.source + 1];
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  for (std::uint32_t i = 0; i < order_.size(); ++i) order_[next[synapses_[i].source]++] = i;
}

void SynapsesBySource::append(NeuronIndex source, std::vector<SynapseSpec>& row) const {
  std::size_t begin = first_.empty() ? 0 : first_[source];
  for (std::size_t end = synapses_.size(); first_.empty() && begin < end;) {
    const std::size_t middle = begin + (end - begin) / 2;
    if (at(middle).source < source) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  for (std::size_t i = begin; i < synapses_.size() && at(i).source == source; ++i) {
    row.push_back({at(i).target, at(i).properties, at(i).long_term});
  }
}

Rows::Rows(const Circuit& circuit)
    : circuit_(circuit),
      first_of_node_(first_neurons(circuit)),
      explicit_(circuit, first_of_node_.back()),
      sides_of_node_(circuit.neurons.size()),
      repeated_of_node_(circuit.neurons.size()) {
  fibers_.reserve(circuit.fibers.size());
  for (std::uint32_t f = 0; f < circuit.fibers.size(); ++f) {
    fibers_.emplace_back(circuit, f, first_of_node_);
    std::uint32_t place = 0;
    for (const std::uint32_t node : circuit.fibers[f].sources) {
      if (is_path(node)) {
        const RepeatedSide& side = circuit.repeated_sides[node - FLUX_FIRST_PATH];
        repeated_of_node_[side.node].push_back({f, place, side});
      } else {
        sides_of_node_[node].push_back({f, place});
      }
      place += static_cast<std::uint32_t>(side_node(circuit, node).size);
    }
  }
}

std::size_t Rows::node_of(NeuronIndex neuron) const {
  const auto after = std::upper_bound(first_of_node_.begin(), first_of_node_.end(), neuron);
  return static_cast<std::size_t>(after - first_of_node_.begin()) - 1;
}

void Rows::append(NeuronIndex source, std::vector<SynapseSpec>& row) const {
  explicit_.append(source, row);
  const std::size_t node = node_of(source);
  const std::uint32_t offset = source - first_of_node_[node];
  for (const Side& side : sides_of_node_[node]) fibers_[side.fiber].append(side.place + offset, source, row);
  if (repeated_of_node_[node].empty()) return;
  const std::uint32_t stride = circuit_.neurons[node].repeated->stride;
  for (const RepeatedSource& part : repeated_of_node_[node]) {
    const std::uint32_t instance = offset / stride, neuron = offset % stride;
    if (instance - part.side.instance >= part.side.instances || neuron - part.side.first >= part.side.count) continue;
    const std::uint32_t place = (instance - part.side.instance) * part.side.count + (neuron - part.side.first);
    fibers_[part.fiber].append(part.place + place, source, row);
  }
}

}  // namespace flux
