// A network for GPUs: as large as their memory, so its rows are written in parallel and straight into the form they have in memory. 80%
// excitatory neurons, 20% inhibitory, random targets, weights of their own, lengths 1..16 in equal parts; every neuron fires by itself at
// the asked rate, in a phase of its own, and what it receives moves its level below threshold for the most part.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "graph/graph.h"
#include "graph/state.h"

namespace flux::bench {

struct GpuNetworkOptions {
  std::uint32_t neurons = 0, fanout = 0;
  std::uint32_t rate = 10;  // spikes per second and neuron (1 tick = 1 ms)
  bool plastic = false;     // all synapses of excitatory neurons learn
  std::uint64_t seed = 1;
};
Result<std::shared_ptr<Graph>> build_gpu_network(const GpuNetworkOptions& options);
// The state at tick 0 in which each neuron has its phase.
NetworkState phased_state(const Graph& graph, const GpuNetworkOptions& options);

}  // namespace flux::bench
