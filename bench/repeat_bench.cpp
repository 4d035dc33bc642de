#include <fmt/format.h>

#include <algorithm>

#include "bench/bench.h"
#include "flux.h"
#include "measure.h"

namespace flux::bench {

namespace {

// A column whose input fires its output and excites a pool; the output wakes the columns around it.
Circuit sheet_of_columns(const RepeatOptions& options) {
  Circuit column;
  NeuronNode in, pool, out;
  in.id = "in";
  in.properties.threshold = in.properties.min_threshold = in.properties.max_threshold = 40;
  in.properties.refractory_period = 100;  // waves die where they meet
  out = in;
  out.id = "out";
  pool.id = "pool";
  pool.count = options.neurons - 2;
  column.neurons = {in, pool, out};
  SynapseNode relay;
  relay.source = 0;
  relay.target = options.neurons - 1;
  relay.properties.weight = 60;
  relay.properties.length = 3;
  column.synapses = {relay};
  Fiber excite;
  excite.sources = {0};
  excite.targets = {1};
  excite.weight = {100, 127};
  excite.length = {1, 16};
  Fiber inside;
  inside.sources = inside.targets = {1};
  inside.rule = FiberRule::random_fanout;
  inside.fanout = options.fanout;
  inside.weight = {-4, 4};
  inside.length = {1, 16};
  column.fibers = {excite, inside};

  Circuit circuit;
  Prototype prototype;
  prototype.name = {"column", 0};
  prototype.body = std::move(column);
  circuit.prototypes.push_back(std::move(prototype));
  SubcircuitNode sheet;
  sheet.id = "sheet";
  sheet.count = options.side * options.side;
  sheet.source = SubcircuitNode::Source::prototype;
  sheet.prototype = {"column", 0};
  sheet.repeat = Repeat{Repeat::Layout::grid, options.side, false, {}};
  NeighbourFiber wake;
  wake.source = "out";
  wake.target = "in";
  wake.kernel = {{1, 0, 60, 2}, {-1, 0, 60, 2}, {0, 1, 60, 2}, {0, -1, 60, 2}};
  sheet.repeat->neighbours = {wake};
  circuit.circuits.push_back(std::move(sheet));
  return circuit;
}

}  // namespace

Result<Report> repeat(const RepeatOptions& options, const Progress& progress) {
  if (options.neurons < 3 || options.side < 1) return Error{"the prototype is too small", "", "choose 3 neurons or more"};
  const Circuit circuit = sheet_of_columns(options);
  if (progress) progress(fmt::format("making {0} x {0} instances of {1} neurons", options.side, options.neurons));
  const Stopwatch building;
  auto network = Network::init(circuit);
  if (!network) return network.error();
  const double build_seconds = building.seconds();
  const NetworkCounts counts = network.value().counts();
  const double built_megabytes = peak_megabytes();

  if (progress) progress("running a wave");
  std::uint64_t spikes = 0;
  network.value().on_fire([&](Tick, std::span<const NeuronIndex> fired) { spikes += fired.size(); });
  const std::uint32_t middle = options.side / 2 * options.side + options.side / 2;
  (void)network.value().fire(middle * options.neurons);
  const Stopwatch running;
  network.value().step(options.ticks);
  const double run_seconds = running.seconds();
  const double neurons = static_cast<double>(counts.neurons);
  return Report{
      {"neurons", "neurons", neurons, ""},
      {"synapses", "synapses", static_cast<double>(counts.synapses), ""},
      {"build_seconds", "made from its circuit in", build_seconds, "s"},
      {"graph_megabytes", "tables and slots", static_cast<double>(counts.graph_bytes) / 1e6, "MB"},
      {"state_bytes_per_neuron", "state, once all are reached", static_cast<double>(counts.state_bytes) / neurons, "bytes per neuron"},
      {"built_megabytes", "peak memory when made", built_megabytes, "MB"},
      {"ticks", "ticks of the wave", static_cast<double>(options.ticks), ""},
      {"spikes", "spikes", static_cast<double>(spikes), ""},
      {"run_seconds", "time for them", run_seconds, "s"},
      {"events_per_second", "synaptic events", static_cast<double>(spikes) * options.fanout / run_seconds / 1e6, "M/s"},
      {"peak_megabytes", "peak memory", peak_megabytes(), "MB"},
  };
}

}  // namespace flux::bench
