// The network of the benchmarks: 80% excitatory neurons, 20% inhibitory, every neuron with `fanout` synapses to random targets, each
// with a weight and a length (1..16) of its own. Balanced, so that a drive from outside sets the rate.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "bench/bench.h"
#include "core/core.h"
#include "graph/graph.h"

namespace flux::bench {

inline constexpr std::uint32_t FLUX_LONGEST = 16;  // ticks

struct RandomNetworkOptions {
  std::uint32_t neurons = 0, fanout = 0;
  bool plastic = false;
  std::uint32_t delay_group = 0;
  std::uint64_t seed = 1;
};
Result<std::shared_ptr<Graph>> build_random_network(const RandomNetworkOptions& options);

// One synapse of it, as the bare loop needs it.
struct RandomSynapse {
  NeuronIndex target;
  std::int32_t weight;
  std::uint32_t length;
};
RandomSynapse random_synapse(const RandomNetworkOptions& options, NeuronIndex source, std::uint32_t k);

// Stimuli of tick t that make `rate` spikes per second and neuron (1 tick = 1 ms): a firing dose to random neurons.
void append_drive(std::uint64_t seed, Tick t, std::uint32_t neurons, std::uint32_t rate, std::vector<Stimulus>& stimuli);

}  // namespace flux::bench
