#include <fmt/format.h>

#include "bare_arrival_loop.h"
#include "bench/bench.h"
#include "measure.h"
#include "random_network.h"

namespace flux::bench {

namespace {

constexpr Tick FLUX_WARM_UP = 40;  // ticks; longer than the longest delay and the learning window
constexpr Tick FLUX_PERIOD = 8;    // ticks computed between two looks at the clock

// Runs the core for about this time under the drive.
struct Run {
  std::uint64_t spikes = 0;
  Tick ticks = 0;
  double seconds = 0;
};
Run run_network(Core& core, const DeliveryOptions& options, double seconds) {
  Run run;
  std::vector<Stimulus> stimuli;
  PeriodResult result;
  const Stopwatch watch;
  while (run.seconds < seconds) {
    stimuli.clear();
    for (Tick i = 0; i < FLUX_PERIOD; ++i) append_drive(options.seed, core.now() + i, options.neurons, options.rate, stimuli);
    core.submit({FLUX_PERIOD, stimuli, {}});
    while (!core.collect(result)) continue;
    run.spikes += result.spikes.size();
    run.ticks += FLUX_PERIOD;
    run.seconds = watch.seconds();
  }
  return run;
}

}  // namespace

Result<Report> delivery(const DeliveryOptions& options, const Progress& progress) {
  const auto say = [&](const std::string& text) {
    if (progress) progress(text);
  };
  if (options.neurons < 5 || options.fanout == 0 || options.threads == 0 || options.rounds == 0) {
    return Error{"nothing to measure", "", "give 5 neurons or more, and a fanout, threads and rounds above 0"};
  }
  const RandomNetworkOptions network{options.neurons, options.fanout, options.plastic, options.delay_group, options.seed};
  const double synapses = static_cast<double>(options.neurons) * options.fanout;
  say(fmt::format("building {} neurons x {} synapses", options.neurons, options.fanout));
  const Stopwatch build;
  auto graph = build_random_network(network);
  if (!graph) return graph.error();
  const double build_seconds = build.seconds();
  const std::uint64_t graph_bytes = graph.value()->bytes();
  const std::uint64_t learned_bytes = graph.value()->learned_words() * sizeof(Word);
  const std::uint32_t group = graph.value()->delay_group();
  const auto core = make_cpu_core(graph.value(), {options.threads});
  run_network(*core, options, 0.05);
  while (core->now() < FLUX_WARM_UP) run_network(*core, options, 0.01);
  const double network_peak = peak_megabytes();
  say("building the bare arrival loop");
  BareArrivalLoop bare(network, options.rate, options.threads);
  if (!bare.ok()) return Error{"memory ran out", "", "choose a smaller network"};
  bare.run(0.1);
  std::vector<double> speed, ceiling, ratio, real_time;
  Run all;
  for (std::uint32_t round = 0; round < options.rounds; ++round) {
    say(fmt::format("round {} of {}", round + 1, options.rounds));
    const Run run = run_network(*core, options, options.seconds);
    speed.push_back(static_cast<double>(run.spikes) * options.fanout / run.seconds);
    real_time.push_back(static_cast<double>(run.ticks) / 1000 / run.seconds);
    ceiling.push_back(bare.run(options.seconds));
    ratio.push_back(speed.back() / ceiling.back());
    all.spikes += run.spikes;
    all.ticks += run.ticks;
    all.seconds += run.seconds;
  }
  const double neurons = options.neurons;
  // The type and the row of a neuron belong to the neuron; words and learned parts to the synapses.
  const double neuron_bytes = static_cast<double>(core->state_bytes() - learned_bytes) + neurons * sizeof(std::uint16_t);
  const double synapse_bytes = static_cast<double>(graph_bytes + learned_bytes) - neurons * sizeof(std::uint16_t);
  return Report{
      {"build_seconds", "build time", build_seconds, "s"},
      {"delay_group", "ticks whose synapses share a sublist", static_cast<double>(group), ""},
      {"rate", "mean rate", static_cast<double>(all.spikes) / neurons / (static_cast<double>(all.ticks) / 1000), "Hz"},
      {"wall_seconds", "wall time of all rounds", all.seconds, "s"},
      {"model_seconds", "model time of all rounds", static_cast<double>(all.ticks) / 1000, "s"},
      {"spikes", "spikes", static_cast<double>(all.spikes), ""},
      {"events_per_second", "synaptic events", median(speed) / 1e6, "M/s"},
      {"bare_loop_events_per_second", "bare arrival loop", median(ceiling) / 1e6, "M/s"},
      {"ratio", "of the bare loop", median(ratio), ""},
      {"real_time_factor", "times real time", median(real_time), ""},
      {"bytes_per_synapse", "per synapse, all included", synapse_bytes / synapses, "bytes"},
      {"bytes_per_neuron", "per neuron, all included", neuron_bytes / neurons, "bytes"},
      {"peak_megabytes", "peak memory of the network", network_peak, "MB"},
  };
}

}  // namespace flux::bench
