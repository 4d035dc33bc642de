#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "bench/bench.h"
#include "editor.h"
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
  auto editor = Editor::make(circuit);
  if (!editor) return editor.error();
  Network& network = editor.value().network();
  std::vector<double> edits, operations, undos;
  for (std::uint32_t i = 0; i < options.edits; ++i) {
    for (std::uint32_t k = 0; k < options.neurons / 67; ++k) {  // 15 Hz: spikes are under way all over the network
      (void)network.fire(static_cast<NeuronIndex>(random_below(random_bits(3, i % 20, k), options.neurons)));
    }
    if (i % 50 == 0) network.step(20);
    const auto source = static_cast<NeuronIndex>(random_below(random_bits(4, i, 0), options.neurons));
    const auto target = static_cast<NeuronIndex>(random_below(random_bits(4, i, 1), options.neurons));
    const Stopwatch edit_watch;
    if (Status status = network.add_synapse(source, target, SynapseProperties{}); !status) return status.error();
    edits.push_back(edit_watch.seconds() * 1000);
    // The same as an operation, from its text to the network.
    const std::string text = fmt::format(
        R"([{{"op": "add", "list": "synapses", "value": {{"from": "pool[{}]", "to": "pool[{}]", "weight": 9}}}}])", target, source);
    const Stopwatch operation_watch;
    const auto read = read_operations(text, "bench");
    if (!read) return read.error();
    if (const auto applied = editor.value().apply(read.value()); !applied) return applied.error();
    operations.push_back(operation_watch.seconds() * 1000);
    if (i % 4 != 0) continue;
    const Stopwatch undo_watch;
    if (const auto undone = editor.value().undo(); !undone) return undone.error();
    undos.push_back(undo_watch.seconds() * 1000);
  }
  const auto slowest = [](const std::vector<double>& times) { return *std::max_element(times.begin(), times.end()); };
  return Report{
      {"milliseconds_per_edit", "to add a synapse to the network", median(edits), "ms"},
      {"slowest_milliseconds", "slowest", slowest(edits), "ms"},
      {"milliseconds_per_operation", "to add one to document and network", median(operations), "ms"},
      {"slowest_operation_milliseconds", "slowest", slowest(operations), "ms"},
      {"milliseconds_per_undo", "to take one back", median(undos), "ms"},
      {"slowest_undo_milliseconds", "slowest", slowest(undos), "ms"},
      {"edits", "edits", static_cast<double>(options.edits), ""},
  };
}

}  // namespace flux::bench
