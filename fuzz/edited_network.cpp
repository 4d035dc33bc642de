// Hostile operations on a document that runs: the network is that of the document whichever way an edit took.
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "circuit/elaborate.h"
#include "edit/editable_circuit.h"
#include "edit/operation.h"
#include "editor.h"
#include "file/circuit_text.h"
#include "fuzz_bodies.h"
#include "require.h"
#include "tests/support/network_content.h"

namespace flux::fuzz {
namespace {

using namespace editing;

constexpr std::size_t FLUX_MOST_EDITS = 12;     // of one input
constexpr std::uint64_t FLUX_MOST_WORK = 1500;  // neurons, and pairs that fibers look at; larger networks are not run here

// Has what the corpus of operations names, and a repeated circuit.
constexpr const char* FLUX_RUNNING = R"({"flux": 1,
  "prototypes": [
    {"name": "leg", "neurons": [{"id": "hip", "inputAlias": "step", "threshold": 30}, {"id": "flexor", "threshold": 40}],
      "synapses": [{"from": "hip", "to": "flexor", "weight": 90, "stmRate": 20}]},
    {"name": "hind", "extends": "leg", "set": {"hip.leak": 3}, "neurons": [{"id": "pusher"}], "synapses": [{"from": "hip", "to": "pusher"}]},
    {"name": "cell", "neurons": [{"id": "in", "threshold": 30}, {"id": "out", "count": 2, "threshold": 30}],
      "synapses": [{"from": "in", "to": "out[1]", "weight": 90, "length": 2, "stmRate": 9}]}],
  "groups": [{"name": "eye", "neurons": [{"id": "pixel", "count": 3, "autoFiringRate": 7}]}],
  "neurons": [{"id": "a", "autoFiringRate": 5}, {"id": "pool", "count": 3, "threshold": 20}, {"id": "b"}],
  "organs": [{"id": "motor", "type": "wheel", "inputs": [{"id": "turn"}]}],
  "circuits": [{"id": "front", "count": 2, "prototype": "leg", "set": {"flexor.threshold": 50, "[1]/hip > flexor.weight": 100}},
    {"id": "back", "prototype": "hind"}, {"id": "left", "group": "eye"},
    {"id": "body", "neurons": [{"id": "spine"}], "circuits": [{"id": "limb", "prototype": "leg"}], "synapses": [{"from": "spine", "to": "limb/hip"}]},
    {"id": "sheet", "repeat": {"layout": "grid", "width": 3, "height": 2,
      "neighbours": [{"from": "out", "to": "in", "kernel": [[1, 0, 90, 3]]}]}, "prototype": "cell"}],
  "synapses": [{"from": "a", "to": "front[1]/step", "weight": 100}, {"from": "pool[2]", "to": "b"},
    {"from": "body/limb/hip", "to": "body/spine"}, {"from": "a", "to": "sheet[1]/in", "weight": 80}],
  "fibers": [{"from": ["left/pixel", "pool"], "to": ["front[*]/hip"], "rule": "fanout", "fanout": 2},
    {"from": "a", "to": ["pool"], "rule": "all-to-all", "weight": 60, "length": [1, 9], "stmRate": 30}],
  "comments": [{"text": "here"}]
})";

std::uint64_t neurons_of(const Circuit& circuit) {
  std::uint64_t total = 0;
  for (const NeuronNode& node : circuit.neurons) total += node.size();
  return total;
}

bool is_small(const Circuit& tree) {
  const auto shared = elaborate(tree, 1);  // a repeated circuit is one node
  if (!shared || neurons_of(shared.value()) > FLUX_MOST_WORK) return false;
  const auto placed = elaborate(tree);
  if (!placed) return false;
  const Circuit& circuit = placed.value();
  const auto side = [&](const std::vector<std::uint32_t>& nodes) {
    std::uint64_t total = 0;
    for (const std::uint32_t node : nodes) total += circuit.neurons[node].size();
    return total;
  };
  std::uint64_t work = circuit.synapses.size() + neurons_of(circuit);
  for (const Fiber& fiber : circuit.fibers) work += side(fiber.sources) * (side(fiber.targets) + fiber.fanout + fiber.kernel.size());
  return work <= FLUX_MOST_WORK;
}

// Noise and consolidation go by index, and edits that went different ways leave different indices.
bool goes_by_index(const Circuit& circuit, const Structure& structure) {
  return circuit.settings.threshold_noise > 0 || circuit.settings.delay_jitter > 0 ||
         std::any_of(structure.synapses.begin(), structure.synapses.end(),
                     [](const Synapse& synapse) { return std::get<2>(synapse).ltm_rate > 0; });
}

Editor running(std::uint64_t share_from) {
  static const Circuit start = parse_circuit_text(FLUX_RUNNING, "running").value();
  NetworkOptions options;
  options.share_from = share_from;
  Editor editor = Editor::make(start, options).value();
  editor.network().record(4);
  editor.network().step(25);
  return editor;
}

void require_that_of_the_document(Editor& editor) {
  const auto fresh = Network::init(editor.circuit());
  require(fresh.ok(), "a document that was edited can be run");
  require(structure_of(editor.network()) == structure_of(fresh.value()), "an edited network is that of its document");
}

void require_same(Editor& one, Editor& other) {
  require(one.hash() == other.hash(), "both have one document");
  const Structure structure = structure_of(one.network());
  require(structure == structure_of(other.network()), "sharing tables does not show in the structure");
  if (goes_by_index(one.circuit(), structure)) return;
  require(state_of(one.network()) == state_of(other.network()), "nor in the state");
  require(learned_of(one.network()) == learned_of(other.network()), "nor in what was learned");
}

// Whether the networks have this operation now; nothing where one would become too large, or where instances that share tables would no
// longer be alike, so that only the other can have it.
std::optional<bool> edit_both(Editor& shared, Editor& written, const Operation& operation) {
  EditableCircuit trial(shared.circuit());
  const bool fits = trial.apply(std::span(&operation, 1)).ok();
  if (fits && !is_small(trial.circuit())) return std::nullopt;
  const auto one = shared.apply(std::span(&operation, 1));
  if (!one) require_useful(one.error());
  require(fits || !one.ok(), "what the document refuses the network does not get");
  if (fits && !one.ok() && Network::init(trial.circuit()).ok()) return std::nullopt;
  require(one.ok() == written.apply(std::span(&operation, 1)).ok(), "both take an edit or refuse it");
  return one.ok();
}

// Back to any tick and on again is where it was. (An edit comes again with the tick after it.)
void require_replay(Editor& editor) {
  const NetworkHash end = editor.network().hash();
  const std::uint64_t document = editor.hash();
  const Tick last = editor.network().now();
  for (const Tick t : {last - 1, last / 2, Tick{0}}) {
    require(editor.seek(t).ok(), "each tick that was recorded can be gone to");
    editor.network().step(last - t);
    (void)editor.follow();
    require(editor.network().hash() == end && editor.hash() == document, "what is replayed comes again");
  }
}

}  // namespace

bool try_editor(std::string_view bytes) {
  const auto operations = is_packed(bytes) ? unpack_operations(bytes, "fuzz") : read_operations(bytes, "fuzz");
  if (!operations) return false;
  Editor shared = running(1), written = running(FLUX_NEVER_SHARE);
  const std::uint64_t before = shared.hash();
  const Structure structure = structure_of(shared.network());
  for (std::size_t i = 0; i < std::min(operations.value().size(), FLUX_MOST_EDITS); ++i) {
    const auto edited = edit_both(shared, written, operations.value()[i]);
    if (!edited) break;
    if (!*edited) continue;
    require_that_of_the_document(shared);
    require_same(shared, written);
    for (Editor* editor : {&shared, &written}) editor->network().step(5);
    require_same(shared, written);
  }
  const bool accepted = shared.undo_depth() > 0;
  require_replay(shared);
  while (shared.undo_depth() > 0) {
    for (Editor* editor : {&shared, &written}) {
      require(editor->undo().ok(), "what was done can be taken back");
      editor->network().step(3);
    }
    require_that_of_the_document(shared);
    require_same(shared, written);
  }
  require(shared.hash() == before && structure_of(shared.network()) == structure, "what was taken back leaves nothing behind");
  while (shared.redo_depth() > 0) require(shared.redo().ok(), "what was taken back can be done again");
  require_that_of_the_document(shared);
  shared.network().step();
  require_replay(shared);
  return accepted;
}

}  // namespace flux::fuzz
