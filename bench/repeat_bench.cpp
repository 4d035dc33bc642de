#include <fmt/format.h>

#include <algorithm>

#include "bench/bench.h"
#include "editor.h"
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

struct EditTimes {
  double apply, undo;  // ms, medians
};

Result<EditTimes> time_edit(Editor& editor, const std::string& operation) {
  constexpr int FLUX_TIMES = 5;
  const auto operations = read_operations(fmt::format("[{}]", operation), "bench");
  if (!operations) return operations.error();
  std::vector<double> applied, undone;
  for (int i = 0; i < FLUX_TIMES; ++i) {
    const Stopwatch apply_watch;
    if (const auto done = editor.apply(operations.value()); !done) return done.error();
    applied.push_back(apply_watch.seconds() * 1000);
    const Stopwatch undo_watch;
    if (const auto back = editor.undo(); !back) return back.error();
    undone.push_back(undo_watch.seconds() * 1000);
  }
  return EditTimes{median(applied), median(undone)};
}

}  // namespace

Result<Report> repeat(const RepeatOptions& options, const Progress& progress) {
  if (options.neurons < 3 || options.side < 1) return Error{"the prototype is too small", "", "choose 3 neurons or more"};
  const Circuit circuit = sheet_of_columns(options);
  if (progress) progress(fmt::format("making {0} x {0} instances of {1} neurons", options.side, options.neurons));
  const Stopwatch building;
  auto editor = Editor::make(circuit);
  if (!editor) return editor.error();
  Network& network = editor.value().network();
  const double build_seconds = building.seconds();
  const NetworkCounts counts = network.counts();
  const double built_megabytes = peak_megabytes();

  if (progress) progress("running a wave");
  std::uint64_t spikes = 0;
  network.on_fire([&](Tick, std::span<const NeuronIndex> fired) { spikes += fired.size(); });
  const std::uint32_t middle = options.side / 2 * options.side + options.side / 2;
  (void)network.fire(middle * options.neurons);
  const Stopwatch running;
  network.step(options.ticks);
  const double run_seconds = running.seconds();
  const double neurons = static_cast<double>(counts.neurons);

  if (progress) progress("editing single instances");
  const auto override_one =
      time_edit(editor.value(), fmt::format(R"({{"op": "override", "node": "sheet", "changes": {{"[{}]/out.threshold": 90}}}})", middle));
  if (!override_one) return override_one.error();
  const auto add_synapse =
      time_edit(editor.value(),
                fmt::format(R"({{"op": "add", "list": "synapses", "value": {{"from": "sheet[{}]/out", "to": "sheet[0]/in"}}}})", middle));
  if (!add_synapse) return add_synapse.error();
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
      {"override_milliseconds", "to override a threshold in one instance, while it runs", override_one.value().apply, "ms"},
      {"override_undo_milliseconds", "to take it back", override_one.value().undo, "ms"},
      {"synapse_milliseconds", "to add a synapse between two instances", add_synapse.value().apply, "ms"},
      {"synapse_undo_milliseconds", "to take it back", add_synapse.value().undo, "ms"},
      {"peak_megabytes", "peak memory", peak_megabytes(), "MB"},
  };
}

}  // namespace flux::bench
