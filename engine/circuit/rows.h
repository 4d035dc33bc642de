// The rows of a plain circuit: what each source is connected to.
#pragma once

#include <cstdint>
#include <vector>

#include "circuit/circuit.h"
#include "circuit/names.h"
#include "circuit/repeated.h"
#include "fiber_rows.h"
#include "graph/graph.h"

namespace flux {

// The explicit synapses in the order of their sources, without copying them.
class SynapsesBySource {
 public:
  SynapsesBySource(const Circuit& circuit, std::uint32_t neurons);
  void append(NeuronIndex source, std::vector<SynapseSpec>& row) const;
  // Calls visit(source) for each source there is, rising.
  template <class Visit>
  void for_each_source(Visit visit) const {
    for (std::size_t i = 0; i < synapses_.size(); ++i) {
      if (i == 0 || at(i).source != at(i - 1).source) visit(at(i).source);
    }
  }

 private:
  const SynapseNode& at(std::size_t i) const { return synapses_[order_.empty() ? i : order_[i]]; }

  const std::vector<SynapseNode>& synapses_;  // at most 2^32 - 1
  std::vector<std::uint32_t> first_;          // per source: where its synapses begin in the order; empty where sources are too many
  std::vector<std::uint32_t> order_;          // empty: as they stand
};

// Makes the row of any source: its explicit synapses, then those of each fiber that contains it. In a repeated circuit these are only the
// connections from outside it; what an instance has in itself, RepeatedRows adds.
class Rows {
 public:
  // A part of a fiber's sources inside repeated circuits: its place there.
  struct RepeatedSource {
    std::uint32_t fiber;
    std::uint32_t place;
    RepeatedSide side;
  };

  explicit Rows(const Circuit& circuit);

  std::uint32_t neuron_count() const { return first_of_node_.back(); }
  NeuronIndex first_of_node(std::size_t node) const { return first_of_node_[node]; }
  std::size_t node_of(NeuronIndex neuron) const;
  const std::vector<RepeatedSource>& repeated_sources(std::size_t node) const { return repeated_of_node_[node]; }
  const SynapsesBySource& explicit_synapses() const { return explicit_; }

  // Appends to `row`.
  void append(NeuronIndex source, std::vector<SynapseSpec>& row) const;

 private:
  // A node among the sources of a fiber: place there of its first neuron.
  struct Side {
    std::uint32_t fiber;
    std::uint32_t place;
  };

  const Circuit& circuit_;
  std::vector<NeuronIndex> first_of_node_;
  SynapsesBySource explicit_;
  std::vector<FiberRows> fibers_;
  std::vector<std::vector<Side>> sides_of_node_;
  std::vector<std::vector<RepeatedSource>> repeated_of_node_;
};

}  // namespace flux
