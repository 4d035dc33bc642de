// Edits that cost by what they change, in time and memory, and keep everything else.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "support/editing.h"

namespace flux {
namespace {

using namespace editing;

// What a population knows and does goes on when it gets more neurons, or fewer.
TEST(Editor, APopulationGoesOnWhenItsNumberChanges) {
  const Circuit circuit = circuit_of(R"({"flux": 1,
    "neurons": [{"id": "pool", "count": 6, "autoFiringRate": 13, "habituationRate": 9, "burstingRate": 40}, {"id": "out", "count": 6, "threshold": 60},
      {"id": "last", "threshold": 40}],
    "synapses": [{"from": "pool[1]", "to": "last", "weight": 90, "length": 40, "stmRate": 30},
      {"from": "last", "to": "pool[5]", "weight": 70, "stmRate": 20}],
    "fibers": [{"from": "pool", "to": "out", "rule": "all-to-all", "weight": [5, 40], "length": [1, 30], "stmRate": 25},
      {"from": "out", "to": "pool", "rule": "one-to-one", "weight": 50}, {"from": "pool", "to": "pool", "rule": "all-to-all", "weight": 9, "stmRate": 30}]})");
  for (const CoreKind core : {CoreKind::reference, CoreKind::cpu}) {
    Editor direct = editor_of(circuit, core), general = editor_of(circuit, core);
    std::size_t spikes = 0;
    for (const int count : {9, 4, 5, 1, 12, 6}) {
      const auto ran = run(direct.network(), 50);
      spikes += ran.size();
      ASSERT_EQ(ran, run(general.network(), 50));
      const std::string text = R"({"op": "all", "operations": [{"op": "set", "node": "pool", "properties": {"count": )" +
                               std::to_string(count) + R"(}}, {"op": "set", "node": "out", "properties": {"count": )" +
                               std::to_string(count) + "}}]}";
      const auto one = edit(direct, text);
      ASSERT_TRUE(one.ok()) << one.error().message();
      EXPECT_FALSE(one.value().made_anew);
      ASSERT_TRUE(edit_generally(general, text).ok());
      ASSERT_EQ(structure_of(direct.network()), structure_of(general.network())) << count;
      ASSERT_EQ(state_of(direct.network()), state_of(general.network())) << count;
      ASSERT_EQ(learned_of(direct.network()), learned_of(general.network())) << count;
    }
    EXPECT_EQ(run(direct.network(), 100), run(general.network(), 100));
    EXPECT_GT(spikes, 100u) << "a silent network proves nothing";
    while (direct.undo_depth() > 0) {
      const auto undone = direct.undo();
      ASSERT_TRUE(undone.ok() && !undone.value().made_anew);
      direct.network().step(7);
    }
    EXPECT_EQ(structure_of(direct.network()), structure_of(Network::init(circuit).value()));
  }
}

// The last plastic synapse goes, another comes: it pairs with spikes of before.
TEST(Editor, SpikesAreRememberedWhileSynapsesThatLearnChange) {
  const Circuit circuit =
      circuit_of(R"({"flux": 1, "neurons": [{"id": "a", "autoFiringRate": 20}, {"id": "b", "threshold": 30}, {"id": "c"}],
    "synapses": [{"from": "a", "to": "b", "weight": 60, "length": 2, "stmRate": 60}, {"from": "a", "to": "c", "weight": 127, "length": 3}]})");
  Editor direct = editor_of(circuit), general = editor_of(circuit);
  const std::string text = R"({"op": "all", "operations": [{"op": "remove", "list": "synapses", "at": 0},
    {"op": "add", "list": "synapses", "value": {"from": "c", "to": "b", "weight": 60, "stmRate": 60}}]})";
  direct.network().step(85);
  general.network().step(85);
  ASSERT_FALSE(edit(direct, text).value().made_anew);
  ASSERT_TRUE(edit_generally(general, text).ok());
  direct.network().step(75);
  general.network().step(75);
  EXPECT_EQ(learned_of(direct.network()), learned_of(general.network()));
  EXPECT_EQ(direct.network().hash().state, general.network().hash().state);
  EXPECT_NE(std::get<2>(*learned_of(direct.network()).begin()), 0) << "a synapse that learned nothing proves nothing";
}

// Single instances of a sheet whose tables are shared are edited without making it anew; the others go on sharing. Threads do not show.
TEST(Editor, SingleInstancesOfASharedSheetAreEditedAlone) {
  const Circuit sheet = circuit_of(R"({"flux": 1, "prototypes": [{"name": "cell",
      "neurons": [{"id": "in", "threshold": 30}, {"id": "pool", "count": 3}, {"id": "out", "threshold": 30}],
      "synapses": [{"from": "in", "to": "out", "weight": 90, "length": 2, "stmRate": 20}],
      "fibers": [{"from": "in", "to": "pool", "rule": "all-to-all", "weight": [10, 99]}]}],
    "neurons": [{"id": "clock", "autoFiringRate": 12}, {"id": "eye", "count": 3, "autoFiringRate": 17}],
    "circuits": [{"id": "sheet", "repeat": {"layout": "grid", "width": 40, "height": 30,
      "neighbours": [{"from": "out", "to": "in", "kernel": [[1, 0, 90, 3], [0, 1, 70, 2]]}]}, "prototype": "cell"}],
    "synapses": [{"from": "clock", "to": "sheet[0]/in", "weight": 100}, {"from": "clock", "to": "sheet[7]/pool[1]", "weight": 60}]})");
  Editor shared = editor_sharing_from(1, sheet, 3), written = editor_sharing_from(FLUX_NEVER_SHARE, sheet);
  Network &one = shared.network(), &other = written.network();
  const std::uint64_t bytes = one.counts().graph_bytes;
  one.record(30);
  std::size_t spikes = 0;
  for (
      const char* operation : {
          R"({"op": "override", "node": "sheet", "changes": {"[3]/out.threshold": 60}})",
          R"({"op": "override", "node": "sheet", "changes": {"[3]/out.threshold": null, "[41]/in > pool.weight": 77, "[1]/in > out.weight": 40}})",
          R"({"op": "add", "list": "synapses", "value": {"from": "eye[1]", "to": "sheet[45]/in", "weight": 99}})",
          R"({"op": "add", "list": "fibers", "value": {"from": ["eye"], "to": ["sheet[80]/pool"], "rule": "one-to-one", "weight": 99}})",
          R"({"op": "add", "list": "fibers", "value": {"from": ["sheet[2]/pool"], "to": ["eye"], "rule": "all-to-all", "stmRate": 9}})",
          R"({"op": "set", "node": "eye", "properties": {"count": 5}})",
      }) {
    const auto ran = run(one, 40);
    spikes += ran.size();
    ASSERT_EQ(ran, run(other, 40)) << operation;
    const auto edited = edit(shared, operation);
    ASSERT_TRUE(edited.ok()) << operation << edited.error().message();
    EXPECT_FALSE(edited.value().made_anew) << operation;
    ASSERT_TRUE(edit(written, operation).ok());
    ASSERT_EQ(structure_of(one), structure_of(other)) << operation;
    ASSERT_EQ(structure_of(one), structure_of(Network::init(shared.circuit()).value())) << operation;
    ASSERT_EQ(state_of(one), state_of(other)) << operation;
    ASSERT_EQ(learned_of(one), learned_of(other)) << operation;
  }
  EXPECT_EQ(run(one, 60), run(other, 60));
  EXPECT_GT(spikes, 200u) << "a silent network proves nothing";
  EXPECT_LT(one.counts().graph_bytes, bytes + 20000) << "the others share their tables";
  const NetworkHash end = one.hash();
  const Tick last = one.now();
  for (const Tick t : {45, 205, 10, 130}) {
    ASSERT_TRUE(shared.seek(t).ok());
    one.step(last - t);
    (void)shared.follow();
    EXPECT_EQ(one.hash(), end) << t;
  }
  const auto unlike = edit(shared, R"({"op": "override", "node": "sheet", "changes": {"[5]/pool.count": 2}})");
  ASSERT_FALSE(unlike.ok());
  EXPECT_NE(unlike.error().message().find("other neurons than the others"), std::string::npos) << unlike.error().message();
  while (shared.undo_depth() > 0) ASSERT_TRUE(shared.undo().ok());
  EXPECT_EQ(structure_of(one), structure_of(Network::init(sheet).value()));
}

// Replaced rows are given back when they are more than those there are; nobody notices but the memory.
TEST(Editor, MemoryOfReplacedRowsIsGivenBack) {
  const Circuit circuit =
      circuit_of(R"({"flux": 1, "neurons": [{"id": "a", "autoFiringRate": 7}, {"id": "gone"}, {"id": "pool", "count": 5000}],
    "fibers": [{"from": "a", "to": "pool", "rule": "all-to-all", "weight": 100, "length": [1, 9], "stmRate": 20, "restorationRate": 1},
      {"from": "pool", "to": "pool", "rule": "one-to-one", "allowSelf": true, "weight": 30, "length": 20}]})");
  Editor once = editor_of(circuit), often = editor_of(circuit, CoreKind::cpu, 2);
  for (Editor* editor : {&once, &often}) {
    editor->network().record(50);
    ASSERT_TRUE(edit(*editor, R"({"op": "remove", "node": "gone"})").ok());
    editor->network().step(30);
  }
  const auto weigh = [](Editor& editor, int weight) {
    ASSERT_TRUE(edit(editor, fmt::format(R"({{"op": "set", "list": "fibers", "at": 0, "properties": {{"weight": {}}}}})", weight)).ok());
  };
  const std::uint64_t bytes = often.network().counts().graph_bytes;
  std::uint64_t most = 0;
  for (int i = 0; i < 400; ++i) {
    weigh(often, 50 + i % 50);
    most = std::max(most, often.network().counts().graph_bytes);
  }
  weigh(often, 90);
  weigh(once, 90);
  EXPECT_LT(most, 2 * bytes + 5000000) << "8 million bytes were replaced";
  EXPECT_FALSE(often.network().find("gone").has_value());
  ASSERT_EQ(structure_of(often.network()), structure_of(once.network()));
  ASSERT_EQ(state_of(often.network()), state_of(once.network()));
  ASSERT_EQ(learned_of(often.network()), learned_of(once.network()));
  once.network().step(60);
  often.network().step(60);
  EXPECT_EQ(often.network().hash(), once.network().hash());
  const NetworkHash end = often.network().hash();
  for (const Tick t : {40, 10, 70}) {
    ASSERT_TRUE(often.seek(t).ok());
    often.network().step(90 - t);
    EXPECT_EQ(often.network().hash(), end) << t;
  }
}

// So are the places of removed neurons, at the price of other indices.
TEST(Editor, PlacesOfRemovedNeuronsAreGivenBack) {
  Editor editor = editor_of(circuit_of(R"({"flux": 1, "neurons": [{"id": "pool", "count": 9000}, {"id": "last", "autoFiringRate": 9}],
    "synapses": [{"from": "last", "to": "pool[5]", "weight": 90}]})"));
  editor.network().step(20);
  bool made_anew = false;
  for (int i = 1; i < 30; ++i) {
    const NeuronIndex last = *editor.network().find("last");
    const auto applied = edit(editor, fmt::format(R"({{"op": "set", "node": "pool", "properties": {{"count": {}}}}})", 9000 + i));
    ASSERT_TRUE(applied.ok());
    ASSERT_FALSE(applied.value().moved.empty());
    EXPECT_EQ(*editor.network().find("last"), applied.value().moved[last]);
    made_anew |= applied.value().made_anew;
    EXPECT_LT(editor.network().size(), 2 * 9030 + 65536 + 9030u);
  }
  EXPECT_TRUE(made_anew);
  EXPECT_EQ(structure_of(editor.network()), structure_of(Network::init(editor.circuit()).value()));
}

}  // namespace
}  // namespace flux
