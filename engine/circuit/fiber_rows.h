// The synapses of a fiber, row by row. Every draw is a hash of the fiber's seed, the place of the source in the fiber and a counter, so
// that a fiber gives the same synapses wherever its neurons stand in the flat list. docs/file-format.md is the norm.
#pragma once

#include <cstdint>
#include <vector>

#include "circuit/circuit.h"
#include "circuit/names.h"
#include "fiber_grid.h"
#include "graph/graph.h"

namespace flux {

// Number of synapses of a fiber; the expected one where it is left to chance. Self-connections that are left out are counted.
// Saturates at 2^63.
std::uint64_t fiber_synapses(const Circuit& circuit, const Fiber& fiber);

class FiberRows {
 public:
  FiberRows(const Circuit& circuit, std::uint32_t fiber, const std::vector<NeuronIndex>& first_of_node);

  // Appends the synapses from `source`, which is at `place` among the fiber's sources.
  void append(std::uint32_t place, NeuronIndex source, std::vector<SynapseSpec>& row) const;

 private:
  // Consecutive places among the targets that are consecutive neurons too.
  struct Run {
    std::uint32_t place;
    NeuronIndex neuron;
    std::uint32_t count;
  };

  NeuronIndex target_at(std::uint32_t place) const;
  // Place of a neuron among the targets, or target_count_.
  std::uint32_t place_of(NeuronIndex neuron) const;
  SynapseSpec synapse(std::uint64_t draw_key, std::uint32_t counter, NeuronIndex target) const;
  void append_fanout(std::uint32_t place, NeuronIndex source, std::vector<SynapseSpec>& row) const;
  void append_probability(std::uint32_t place, NeuronIndex source, std::vector<SynapseSpec>& row) const;
  void append_near_by_chance(std::uint32_t place, NeuronIndex source, std::vector<SynapseSpec>& row) const;
  void append_near_fanout(std::uint32_t place, NeuronIndex source, std::vector<SynapseSpec>& row) const;
  void append_kernel(std::uint32_t place, NeuronIndex source, std::vector<SynapseSpec>& row) const;
  // Bit i: whether pair 64 * block + i is connected.
  std::uint64_t connected_pairs(std::uint64_t pair_key, std::uint32_t block) const;

  const Fiber& fiber_;
  std::uint64_t seed_;
  std::uint64_t threshold_;  // random_probability and distance, in 1/2^32
  std::uint32_t target_count_ = 0;
  bool draws_properties_;
  Grid source_grid_, target_grid_;   // distance, kernel
  std::vector<Run> runs_;            // by place
  std::vector<Run> runs_by_neuron_;  // the same, by neuron
};

}  // namespace flux
