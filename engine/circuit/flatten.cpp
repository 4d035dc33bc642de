#include "circuit/flatten.h"

#include <algorithm>

#include "circuit/elaborate.h"
#include "fiber_rows.h"

namespace flux {
namespace {

constexpr std::uint32_t FLUX_SAMPLED_SOURCES = 32;  // to estimate what a typical row is like

// The explicit synapses in the order of their sources, without copying them.
class SynapsesBySource {
 public:
  SynapsesBySource(const Circuit& circuit, std::uint32_t neurons) : synapses_(circuit.synapses), first_(neurons + 1, 0) {
    for (const SynapseNode& synapse : synapses_) ++first_[synapse.source + 1];
    for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
    const auto by_source = [](const SynapseNode& a, const SynapseNode& b) { return a.source < b.source; };
    if (!std::is_sorted(synapses_.begin(), synapses_.end(), by_source)) sort();
  }

  void append(NeuronIndex source, std::vector<SynapseSpec>& row) const {
    for (std::uint32_t i = first_[source]; i < first_[source + 1]; ++i) {
      const SynapseNode& synapse = synapses_[order_.empty() ? i : order_[i]];
      row.push_back({synapse.target, synapse.properties, synapse.long_term});
    }
  }

 private:
  void sort() {
    order_.resize(synapses_.size());
    std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
    for (std::uint32_t i = 0; i < order_.size(); ++i) order_[next[synapses_[i].source]++] = i;
  }

  const std::vector<SynapseNode>& synapses_;  // at most 2^32 - 1
  std::vector<std::uint32_t> first_;          // per source: where its synapses begin in the order
  std::vector<std::uint32_t> order_;          // empty: as they stand
};

// Makes the row of any source: its explicit synapses, then those of each fiber that contains it.
class Rows {
 public:
  explicit Rows(const Circuit& circuit)
      : first_of_node_(first_neurons(circuit)), explicit_(circuit, first_of_node_.back()), sides_of_node_(circuit.neurons.size()) {
    fibers_.reserve(circuit.fibers.size());
    for (std::uint32_t f = 0; f < circuit.fibers.size(); ++f) {
      fibers_.emplace_back(circuit, f, first_of_node_);
      std::uint32_t place = 0;
      for (const std::uint32_t node : circuit.fibers[f].sources) {
        sides_of_node_[node].push_back({f, place});
        place += circuit.neurons[node].size();
      }
    }
  }

  std::uint32_t neuron_count() const { return first_of_node_.back(); }

  // `row` is overwritten.
  void make(NeuronIndex source, std::vector<SynapseSpec>& row) const {
    row.clear();
    explicit_.append(source, row);
    const auto after = std::upper_bound(first_of_node_.begin(), first_of_node_.end(), source);
    const auto node = static_cast<std::size_t>(after - first_of_node_.begin()) - 1;
    for (const Side& side : sides_of_node_[node]) {
      fibers_[side.fiber].append(side.place + (source - first_of_node_[node]), source, row);
    }
  }

 private:
  // A node among the sources of a fiber: place there of its first neuron.
  struct Side {
    std::uint32_t fiber;
    std::uint32_t place;
  };

  std::vector<NeuronIndex> first_of_node_;
  SynapsesBySource explicit_;
  std::vector<FiberRows> fibers_;
  std::vector<std::vector<Side>> sides_of_node_;
};

// Mean number of distinct lengths in the rows of sources spread evenly over the network, those without synapses left out.
std::uint32_t typical_distinct_lengths(const Rows& rows) {
  std::vector<SynapseSpec> row;
  std::vector<std::uint16_t> lengths;
  std::uint64_t distinct = 0, sampled = 0;
  const std::uint32_t samples = std::min(rows.neuron_count(), FLUX_SAMPLED_SOURCES);
  for (std::uint32_t i = 0; i < samples; ++i) {
    rows.make(static_cast<NeuronIndex>(std::uint64_t{i} * rows.neuron_count() / samples), row);
    if (row.empty()) continue;
    lengths.clear();
    for (const SynapseSpec& synapse : row) lengths.push_back(synapse.properties.length);
    std::sort(lengths.begin(), lengths.end());
    distinct += static_cast<std::uint64_t>(std::unique(lengths.begin(), lengths.end()) - lengths.begin());
    ++sampled;
  }
  return sampled == 0 ? 1 : static_cast<std::uint32_t>((distinct + sampled - 1) / sampled);
}

}  // namespace

Status refuse_errors(const Circuit& circuit) {
  for (Finding& finding : check_errors(circuit)) return Error{std::move(finding.what), std::move(finding.where), std::move(finding.fix)};
  return {};
}

namespace {

Result<Graph> flatten_plain(const Circuit& circuit) {
  const Rows rows(circuit);
  GraphHints hints;
  hints.neurons = rows.neuron_count();
  hints.synapses = circuit.synapses.size();
  for (const Fiber& fiber : circuit.fibers) hints.synapses += fiber_synapses(circuit, fiber);
  hints.distinct_lengths = typical_distinct_lengths(rows);

  GraphBuilder builder(circuit.settings, hints);
  for (const NeuronNode& node : circuit.neurons) {
    if (Status status = builder.add_neurons(node.properties, node.size()); !status) return status.error();
  }
  std::vector<SynapseSpec> row;
  for (NeuronIndex source = 0; source < rows.neuron_count(); ++source) {
    rows.make(source, row);
    if (row.empty()) continue;
    if (Status status = builder.append_row(source, row); !status) return status.error();
  }
  return builder.finish();
}

}  // namespace

Result<Graph> flatten(const Circuit& circuit) {
  if (Status status = refuse_errors(circuit); !status) return status.error();
  if (is_flat(circuit)) return flatten_plain(circuit);
  const auto plain = elaborate(circuit);
  return plain ? flatten_plain(plain.value()) : plain.error();
}

}  // namespace flux
