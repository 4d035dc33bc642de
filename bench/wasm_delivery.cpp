// The delivery benchmark as a WebAssembly module, for bench/wasm_ratio.mjs to run beside the native one: the same network, drive and ticks.
#include <memory>
#include <vector>

#include "core/core.h"
#include "measure.h"
#include "random_network.h"

namespace {

using namespace flux;         // NOLINT(google-build-using-namespace): the functions below are C
using namespace flux::bench;  // NOLINT(google-build-using-namespace)

constexpr std::uint64_t FLUX_SEED = 1;   // those of DeliveryOptions
constexpr std::uint32_t FLUX_RATE = 15;  // spikes per second and neuron
constexpr Tick FLUX_WARM_UP = 40;        // ticks
constexpr Tick FLUX_PERIOD = 8;          // ticks computed between two looks at the clock

std::unique_ptr<Core> core;
RandomNetworkOptions network;

std::uint64_t run_period() {
  static std::vector<Stimulus> stimuli;
  static PeriodResult result;
  stimuli.clear();
  for (Tick i = 0; i < FLUX_PERIOD; ++i) append_drive(FLUX_SEED, core->now() + i, network.neurons, FLUX_RATE, stimuli);
  core->submit({FLUX_PERIOD, stimuli, {}});
  while (!core->collect(result)) continue;
  return result.spikes.size();
}

}  // namespace

// Builds the network and runs it past its longest delay. False: there is not enough memory.
extern "C" __attribute__((export_name("prepare"))) bool prepare(std::uint32_t neurons, std::uint32_t fanout, bool plastic) {
  network = {neurons, fanout, plastic, 0, FLUX_SEED};
  auto graph = build_random_network(network);
  if (!graph) return false;
  core = make_cpu_core(graph.value());
  while (core->now() < FLUX_WARM_UP) run_period();
  return true;
}

// Synaptic events per second over about this time.
extern "C" __attribute__((export_name("measure"))) double measure(double seconds) {
  const Stopwatch watch;
  std::uint64_t spikes = 0;
  while (watch.seconds() < seconds) spikes += run_period();
  return static_cast<double>(spikes) * network.fanout / watch.seconds();
}
