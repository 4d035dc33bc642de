#include <fmt/format.h>

#include "bench/bench.h"
#include "measure.h"
#include "random_network.h"

namespace flux::bench {

Result<Report> quiet(const QuietOptions& options, const Progress& progress) {
  if (progress) progress(fmt::format("building {} neurons x {} synapses", options.neurons, options.fanout));
  auto graph = build_random_network({options.neurons, options.fanout, false, 0, 1});
  if (!graph) return graph.error();
  const auto core = make_cpu_core(graph.value(), {1});
  std::vector<double> milliseconds;
  std::uint64_t spikes = 0;
  PeriodResult result;
  for (std::uint32_t round = 0; round < options.rounds + 1; ++round) {
    std::vector<Stimulus> stimuli;
    for (std::uint32_t i = 0; i < options.spikes_per_second; ++i) {
      const std::uint64_t bits = random_bits(2, round, i);
      const Tick tick = core->now() + static_cast<Tick>(std::uint64_t{i} * 1000 / options.spikes_per_second);
      stimuli.push_back({tick, static_cast<NeuronIndex>(random_below(bits, options.neurons)), Stimulus::Kind::fire, 1});
    }
    const Stopwatch watch;
    core->submit({1000, stimuli, {}});
    while (!core->collect(result)) continue;
    if (round == 0) continue;  // the first second brings the memory in
    milliseconds.push_back(watch.seconds() * 1000);
    spikes += result.spikes.size();
  }
  return Report{
      {"milliseconds_per_second", "for 1 s of model time", median(milliseconds), "ms"},
      {"spikes_per_second", "spikes", static_cast<double>(spikes) / options.rounds, "/s"},
      {"peak_megabytes", "peak memory", peak_megabytes(), "MB"},
  };
}

}  // namespace flux::bench
