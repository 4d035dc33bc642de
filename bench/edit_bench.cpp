#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "bench/bench.h"
#include "flux.h"
#include "measure.h"

namespace flux::bench {

Result<Report> edit(const EditOptions& options, const Progress& progress) {
  if (progress) progress(fmt::format("building {} neurons x {} synapses", options.neurons, options.fanout));
  Circuit circuit;
  NeuronNode pool;
  pool.id = "pool";
  pool.count = options.neurons;
  pool.properties.leak = 100;
  circuit.neurons.push_back(pool);
  Fiber fiber;
  fiber.sources = fiber.targets = {0};
  fiber.rule = FiberRule::random_fanout;
  fiber.fanout = options.fanout;
  fiber.weight = {-4, 4};
  fiber.length = {1, 16};
  circuit.fibers.push_back(fiber);
  auto network = Network::init(circuit);
  if (!network) return network.error();
  std::vector<double> milliseconds;
  for (std::uint32_t i = 0; i < options.edits; ++i) {
    for (std::uint32_t k = 0; k < options.neurons / 67; ++k) {  // 15 Hz: spikes are under way all over the network
      (void)network.value().fire(static_cast<NeuronIndex>(random_below(random_bits(3, i % 20, k), options.neurons)));
    }
    if (i % 50 == 0) network.value().step(20);
    const auto source = static_cast<NeuronIndex>(random_below(random_bits(4, i, 0), options.neurons));
    const auto target = static_cast<NeuronIndex>(random_below(random_bits(4, i, 1), options.neurons));
    const Stopwatch watch;
    if (Status status = network.value().add_synapse(source, target, SynapseProperties{}); !status) return status.error();
    milliseconds.push_back(watch.seconds() * 1000);
  }
  const double slowest = *std::max_element(milliseconds.begin(), milliseconds.end());
  return Report{
      {"milliseconds_per_edit", "to add a synapse", median(milliseconds), "ms"},
      {"slowest_milliseconds", "slowest", slowest, "ms"},
      {"edits", "edits", static_cast<double>(options.edits), ""},
  };
}

}  // namespace flux::bench
