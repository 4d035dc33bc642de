#include <fmt/format.h>

#include "base/random.h"
#include "bench/bench.h"
#include "editor.h"
#include "file/circuit_text.h"
#include "flux.h"
#include "measure.h"

namespace flux::bench {
namespace {

// A thousand copies of a prototype, and a few nodes beside them to be edited.
std::string document_of(const StructureOptions& options) {
  const auto body = [&](std::uint32_t neurons) {
    return fmt::format(R"("neurons": [{{"id": "pool", "count": {}, "leak": 100, "outputAlias": "out"}}],
      "fibers": [{{"from": "pool", "to": "pool", "rule": "fanout", "fanout": {}, "weight": [-4, 4], "length": [1, 16]}}])",
                       neurons, options.fanout);
  };
  return fmt::format(R"({{"flux": 1,
    "prototypes": [{{"name": "cell", {0}}}, {{"name": "rare", {0}}}],
    "groups": [{{"name": "pair", {0}}}],
    "neurons": [{{"id": "clock", "autoFiringRate": 50}}, {{"id": "relay"}}, {{"id": "crowd", "count": 100}}],
    "circuits": [{{"id": "cell", "count": {1}, "prototype": "cell"}}, {{"id": "first", "prototype": "rare"}},
      {{"id": "second", "prototype": "rare"}}, {{"id": "left", "group": "pair"}}, {{"id": "right", "group": "pair"}}, {{"id": "box", {0}}}],
    "synapses": [{{"from": "clock", "to": "relay"}}, {{"from": "relay", "to": "crowd[5]"}}, {{"from": "clock", "to": "box/out[7]"}}],
    "fibers": [{{"from": "clock", "to": "cell[*]/pool", "rule": "all-to-all", "weight": 3}}]}})",
                     body(options.neurons), options.instances);
}

struct Case {
  const char* key;
  const char* what;
  const char* operation;
};
constexpr Case FLUX_CASES[] = {
    {"override", "to override a threshold in one copy", R"({"op": "override", "node": "cell", "changes": {"[5]/pool.threshold": 90}})"},
    {"override_fiber", "to override the weights of its fiber",
     R"({"op": "override", "node": "cell", "changes": {"[5]/pool > pool.weight": [-5, 5]}})"},
    {"set_in_prototype", "to set a threshold in a prototype with two instances",
     R"({"op": "set", "in": "/prototypes/rare", "node": "pool", "properties": {"threshold": 90}})"},
    {"add_in_prototype", "to add a synapse in it",
     R"({"op": "add", "in": "/prototypes/rare", "list": "synapses", "value": {"from": "pool[1]", "to": "pool[2]"}})"},
    {"count", "to add a neuron to a population", R"({"op": "set", "node": "crowd", "properties": {"count": 101}})"},
    {"detach", "to detach an instance", R"({"op": "detach", "node": "first"})"},
    {"detach_all", "to detach all copies", R"({"op": "detach", "node": "cell"})"},
    {"make_prototype", "to make a prototype", R"({"op": "makePrototype", "node": "box", "name": "box"})"},
    {"leave_group", "to leave a group", R"({"op": "leaveGroup", "node": "left"})"},
    {"enclose", "to enclose three nodes", R"({"op": "enclose", "nodes": ["clock", "relay", "box"], "id": "core"})"},
    {"dissolve", "to dissolve a circuit", R"({"op": "dissolve", "node": "box"})"},
    {"instance", "to add an instance", R"({"op": "add", "list": "circuits", "value": {"id": "third", "prototype": "rare"}})"},
    {"whole", "to change the seed: everything is made anew", R"({"op": "set", "properties": {"seed": 99}})"},
};

}  // namespace

Result<Report> structure(const StructureOptions& options, const Progress& progress) {
  if (progress) progress(fmt::format("building {} copies of {} neurons x {} synapses", options.instances, options.neurons, options.fanout));
  auto circuit = parse_circuit_text(document_of(options), "bench");
  if (!circuit) return circuit.error();
  auto editor = Editor::make(std::move(circuit).value());
  if (!editor) return editor.error();
  Network& network = editor.value().network();
  Report report;
  for (const Case& some : FLUX_CASES) {
    if (progress) progress(some.what);
    const auto operations = read_operations(fmt::format("[{}]", some.operation), "bench");
    if (!operations) return operations.error();
    std::vector<double> done, undone;
    bool made_anew = false;
    for (std::uint32_t i = 0; i < options.repeats; ++i) {
      for (std::uint32_t k = 0; k < network.size() / 67; ++k) {  // 15 Hz: spikes are under way all over the network
        (void)network.fire(static_cast<NeuronIndex>(random_below(random_bits(3, i, k), network.size())));
      }
      network.step(20);
      const Stopwatch apply_watch;
      const auto applied = editor.value().apply(operations.value());
      if (!applied) return applied.error();
      done.push_back(apply_watch.seconds() * 1000);
      made_anew |= applied.value().made_anew;
      network.step(5);
      const Stopwatch undo_watch;
      if (const auto back = editor.value().undo(); !back) return back.error();
      undone.push_back(undo_watch.seconds() * 1000);
    }
    report.push_back(
        {fmt::format("{}_milliseconds", some.key), made_anew ? fmt::format("{} (made anew)", some.what) : some.what, median(done), "ms"});
    report.push_back({fmt::format("{}_undo_milliseconds", some.key), "to take it back", median(undone), "ms"});
  }
  return report;
}

}  // namespace flux::bench
