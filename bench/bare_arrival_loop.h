// The ceiling that delivery is measured against: nothing but synapses arriving. 4-byte synapses, split by length, are streamed with
// prefetch into one row of 16-bit accumulators; no neurons, no state, no wheel. The lists of spikes are made beforehand.
#pragma once

#include <cstdint>
#include <vector>

#include "base/array.h"
#include "random_network.h"

namespace flux::bench {

class BareArrivalLoop {
 public:
  BareArrivalLoop(const RandomNetworkOptions& options, std::uint32_t rate, std::uint32_t threads);
  bool ok() const { return synapses_.size() > 0; }  // whether the memory was there
  // Runs for about this time; returns synaptic events per second of all threads together.
  double run(double seconds);

 private:
  // The ticks of one thread; returns the number of events.
  std::uint64_t run_thread(std::uint32_t thread, double seconds);

  static constexpr std::uint32_t FLUX_SPIKE_TICKS = 64;  // lists of spikes, used round and round
  std::uint32_t neurons_, threads_;
  Array<std::uint32_t> synapses_;                              // weight << 24 | target
  Array<std::uint64_t> begin_;                                 // [neuron * 16 + length - 1], one more at the end
  std::vector<std::vector<std::vector<NeuronIndex>>> spikes_;  // [thread][tick]
  std::vector<Array<std::int16_t>> sums_;                      // per thread
};

}  // namespace flux::bench
