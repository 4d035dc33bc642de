// Documents edited while they run: the network is that of the document, state is kept, and everything can be taken back.
#include "editor.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "edit/editable_circuit.h"
#include "file/circuit_text.h"
#include "random_operations.h"
#include "random_tree.h"
#include "support/editing.h"

namespace flux {
namespace {

using namespace editing;

// Learning and chance, but nothing that goes by index.
Circuit random_tree(std::uint32_t seed) {
  Circuit tree = test::RandomTree(seed).make();
  for (SynapseNode& synapse : tree.synapses) {
    if (synapse.properties.weight > 0) synapse.properties.stm_rate = 30;
  }
  return tree;
}

class RandomEdits : public testing::TestWithParam<std::uint32_t> {};

TEST_P(RandomEdits, LeadToTheNetworkOfTheDocument) {
  Editor editor = editor_of(random_tree(GetParam()));
  test::RandomOperations random(GetParam() * 7);
  int applied = 0;
  for (int i = 0; i < 25; ++i) {
    const std::string text = random.next(editor.circuit());
    const auto done = edit(editor, text);
    if (!done.ok()) continue;
    ++applied;
    auto fresh = Network::init(editor.circuit());
    ASSERT_TRUE(fresh.ok()) << text << fresh.error().message();
    ASSERT_EQ(structure_of(editor.network()), structure_of(fresh.value())) << text;
  }
  EXPECT_GT(applied, 5);
  auto fresh = Network::init(editor.circuit());
  const auto wanted = run(fresh.value(), 150);
  EXPECT_EQ(run(editor.network(), 150), wanted) << "at tick 0 an edited network is one that was built so";
  EXPECT_GT(wanted.size(), 0u) << "a silent network proves nothing";
}

TEST_P(RandomEdits, GoBothWaysToTheSameState) {
  Editor direct = editor_of(random_tree(GetParam())), general = editor_of(random_tree(GetParam()));
  test::RandomOperations random(GetParam() * 11);
  for (int i = 0; i < 15; ++i) {
    ASSERT_EQ(run(direct.network(), 20), run(general.network(), 20));
    const std::string text = random.next(direct.circuit());
    const auto one = edit(direct, text), other = edit_generally(general, text);
    ASSERT_EQ(one.ok(), other.ok()) << text << (one.ok() ? other.error().message() : one.error().message());
    ASSERT_EQ(direct.hash(), general.hash()) << text;
    ASSERT_EQ(structure_of(direct.network()), structure_of(general.network())) << text;
    ASSERT_EQ(state_of(direct.network()), state_of(general.network())) << text;
    ASSERT_EQ(learned_of(direct.network()), learned_of(general.network())) << text;
  }
  EXPECT_EQ(run(direct.network(), 60), run(general.network(), 60));
}

TEST_P(RandomEdits, AreTakenBackWhileItRuns) {
  Editor editor = editor_of(random_tree(GetParam()));
  const Structure before = structure_of(editor.network());
  const std::uint64_t hash = editor.hash();
  test::RandomOperations random(GetParam() * 13);
  std::vector<std::uint64_t> hashes{hash};
  while (editor.undo_depth() < 12) {
    (void)edit(editor, random.next(editor.circuit()));
    if (hashes.size() == editor.undo_depth()) hashes.push_back(editor.hash());
    editor.network().step(5);
  }
  const Structure after = structure_of(editor.network());
  for (std::size_t i = 12; i-- > 0;) {
    const auto undone = editor.undo();
    ASSERT_TRUE(undone.ok()) << undone.error().message();
    ASSERT_EQ(editor.hash(), hashes[i]);
    editor.network().step(3);
  }
  EXPECT_EQ(structure_of(editor.network()), before);
  EXPECT_FALSE(editor.undo().ok());
  for (std::size_t i = 1; i <= 12; ++i) {
    ASSERT_TRUE(editor.redo().ok());
    ASSERT_EQ(editor.hash(), hashes[i]);
  }
  EXPECT_EQ(structure_of(editor.network()), after);
}

TEST_P(RandomEdits, AreReplayedByTheTimeMachine) {
  Editor editor = editor_of(random_tree(GetParam()), GetParam() % 3 == 0 ? CoreKind::reference : CoreKind::cpu);
  editor.network().record(10);
  test::RandomOperations random(GetParam() * 17);
  std::vector<NetworkHash> hashes;
  std::vector<std::uint64_t> documents;
  for (int i = 0; i < 40; ++i) {
    hashes.push_back(editor.network().hash());
    documents.push_back(editor.hash());
    if (i % 2 == 0) (void)edit(editor, random.next(editor.circuit()));
    if (i % 7 == 6) (void)editor.undo();
    (void)editor.network().summation(static_cast<NeuronIndex>(i % 3), 90);
    editor.network().step();
  }
  const std::uint64_t last = editor.hash();
  const NetworkHash end = editor.network().hash();
  for (const Tick t : {33, 5, 21, 0, 38, 12}) {
    ASSERT_TRUE(editor.seek(t).ok());
    EXPECT_EQ(editor.network().hash().spikes, hashes[static_cast<std::size_t>(t)].spikes) << t;
    editor.network().step(40 - t);
    (void)editor.follow();
    EXPECT_EQ(editor.network().hash(), end) << t;
    EXPECT_EQ(editor.hash(), last) << t;
  }
  // Another future: what came after is gone, and what was done before can be taken back.
  ASSERT_TRUE(editor.seek(20).ok());
  ASSERT_TRUE(edit(editor, R"({"op": "set", "properties": {"title": "another"}})").ok());
  EXPECT_EQ(editor.redo_depth(), 0u);
  ASSERT_TRUE(editor.undo().ok());
}

INSTANTIATE_TEST_SUITE_P(Trees, RandomEdits, testing::Range(1u, 25u));

constexpr const char* FLUX_PAIR = R"({"flux": 1,
  "neurons": [{"id": "a", "autoFiringRate": 20}, {"id": "b", "threshold": 30}, {"id": "c"}],
  "synapses": [{"from": "a", "to": "b", "weight": 60, "length": 2, "stmRate": 60, "restorationRate": 0}]})";

int learned_between(const Network& network, const char* from, const char* to) {
  for (const SynapseView& s : network.efferents(*network.find(from))) {
    if (s.target == *network.find(to)) return s.short_term;
  }
  return -1;
}

TEST(Editor, LearnedWeightsOutliveEditsAndComeBackWithUndo) {
  Editor editor = editor_of(circuit_of(FLUX_PAIR));
  editor.network().step(200);
  const int learned = learned_between(editor.network(), "a", "b");
  ASSERT_GT(learned, 0);
  ASSERT_TRUE(edit(editor, R"({"op": "set", "list": "synapses", "at": 0, "properties": {"weight": 50}})").ok());
  EXPECT_EQ(learned_between(editor.network(), "a", "b"), learned);
  ASSERT_TRUE(edit(editor, R"({"op": "enclose", "nodes": ["a", "b"], "id": "box"})").ok());
  EXPECT_EQ(learned_between(editor.network(), "box/a", "box/b"), learned);
  ASSERT_TRUE(edit(editor, R"({"op": "remove", "in": "box", "node": "b"})").ok());
  ASSERT_TRUE(editor.undo().ok());
  EXPECT_EQ(learned_between(editor.network(), "box/a", "box/b"), learned);
  ASSERT_TRUE(editor.undo().ok());
  ASSERT_TRUE(editor.undo().ok());
  EXPECT_EQ(learned_between(editor.network(), "a", "b"), learned);
}

TEST(Editor, LearnedWeightsComeBackUnderTheNamesTheyHad) {
  Editor editor = editor_of(circuit_of(FLUX_PAIR));
  editor.network().step(200);
  const int learned = learned_between(editor.network(), "a", "b");
  ASSERT_GT(learned, 0);
  ASSERT_TRUE(
      edit(editor, R"({"op": "all", "operations": [{"op": "rename", "node": "a", "to": "z"}, {"op": "rename", "node": "z", "to": "y"},
    {"op": "remove", "list": "synapses", "at": 0}]})")
          .ok());
  EXPECT_EQ(learned_between(editor.network(), "y", "b"), -1);
  ASSERT_TRUE(editor.undo().ok());
  EXPECT_EQ(learned_between(editor.network(), "a", "b"), learned);
  ASSERT_TRUE(editor.redo().ok());
  ASSERT_TRUE(editor.undo().ok());
  EXPECT_EQ(learned_between(editor.network(), "a", "b"), learned);
}

TEST(Editor, ParallelSynapsesComeBackEachWithWhatItHadLearned) {
  const Circuit circuit = circuit_of(R"({"flux": 1, "neurons": [{"id": "a", "autoFiringRate": 20}, {"id": "b", "threshold": 30}],
    "synapses": [{"from": "a", "to": "b", "weight": 60, "length": 2, "stmRate": 60}, {"from": "a", "to": "b", "weight": 40, "length": 9, "stmRate": 20},
      {"from": "a", "to": "b", "weight": 40, "length": 30, "stmRate": 90}]})");
  for (const char* operation : {R"({"op": "remove", "node": "b"})", R"({"op": "remove", "list": "synapses", "at": 2})",
                                R"({"op": "all", "operations": [{"op": "set", "list": "synapses", "at": 1, "properties": {"weight": 70}},
                                  {"op": "remove", "list": "synapses", "at": 0}]})"}) {
    Editor direct = editor_of(circuit), general = editor_of(circuit);
    direct.network().step(200);
    general.network().step(200);
    const Learned learned = learned_of(direct.network());
    ASSERT_EQ(std::set(learned.begin(), learned.end()).size(), 3u) << "synapses that know the same prove nothing";
    ASSERT_FALSE(edit(direct, operation).value().made_anew);
    ASSERT_TRUE(edit_generally(general, operation).ok());
    EXPECT_NE(learned_of(direct.network()), learned);
    ASSERT_TRUE(direct.undo().ok() && general.undo().ok());
    EXPECT_EQ(learned_of(direct.network()), learned) << operation;
    EXPECT_EQ(learned_of(general.network()), learned) << operation;
  }
}

TEST(Editor, WhatTakesAnOldNameIsNew) {
  const Circuit circuit = circuit_of(R"({"flux": 1, "neurons": [{"id": "a", "autoFiringRate": 20}, {"id": "b", "threshold": 30}],
    "synapses": [{"from": "a", "to": "b", "weight": 60, "length": 9}]})");
  Editor editor = editor_of(circuit);
  editor.network().step(25);
  const NeuronIndex a = *editor.network().find("a");
  const State before = state_of(editor.network());
  const auto applied = edit(editor, R"({"op": "all", "operations": [{"op": "rename", "node": "a", "to": "z"},
    {"op": "add", "list": "neurons", "value": {"id": "a", "autoFiringRate": 20}}]})");
  ASSERT_TRUE(applied.ok());
  EXPECT_EQ(applied.value().moved.empty() ? a : applied.value().moved[a], *editor.network().find("z"));
  EXPECT_EQ(state_of(editor.network()).at("z"), before.at("a"));
  EXPECT_NE(state_of(editor.network()).at("a"), before.at("a"));
  std::set<std::pair<Tick, std::string>> spikes;
  editor.network().on_fire([&](Tick t, std::span<const NeuronIndex> fired) {
    for (const NeuronIndex n : fired) spikes.insert({t, editor.network().path(n)});
  });
  editor.network().step(20);
  EXPECT_TRUE(spikes.contains({29, "b"})) << "the spike that z had sent when it was called a is still under way";
  EXPECT_TRUE(spikes.contains({40, "z"}) && !spikes.contains({40, "a"}));
}

TEST(Editor, DrawingCostsTheNetworkNothing) {
  Editor editor = editor_of(circuit_of(FLUX_PAIR));
  editor.network().step(7);
  const NetworkHash before = editor.network().hash();
  const auto applied = edit(editor, R"({"op": "set", "node": "a", "properties": {"position": [3, 4]}})");
  ASSERT_TRUE(applied.ok());
  EXPECT_FALSE(applied.value().network);
  EXPECT_TRUE(applied.value().moved.empty());
  EXPECT_EQ(applied.value().views, std::vector<std::string>{""});
  EXPECT_EQ(editor.network().hash(), before);
}

TEST(Editor, IndicesStayOrTheirChangeIsTold) {
  Editor editor = editor_of(circuit_of(R"({"flux": 1, "neurons": [{"id": "pool", "count": 3}, {"id": "b"}, {"id": "c"}]})"));
  const NeuronIndex c = *editor.network().find("c");
  auto applied = edit(editor, R"({"op": "remove", "node": "b"})");
  EXPECT_TRUE(applied.value().moved.empty());
  EXPECT_EQ(editor.network().find("c"), c);
  applied = edit(editor, R"({"op": "add", "list": "neurons", "at": 0, "value": {"id": "new", "count": 2}})");
  EXPECT_TRUE(applied.value().moved.empty());
  EXPECT_EQ(editor.network().find("c"), c);
  int heard = 0;
  editor.network().on_level_change(c, [&](Tick, const NeuronState&) { ++heard; });
  applied = edit(editor, R"({"op": "set", "node": "pool", "properties": {"count": 5}})");
  ASSERT_EQ(applied.value().moved.size(), 7u);
  EXPECT_EQ(editor.network().find("c"), applied.value().moved[c]);
  EXPECT_FALSE(applied.value().made_anew);
  EXPECT_EQ(editor.network().find("c"), c);
  EXPECT_EQ(applied.value().moved[3], ~NeuronIndex{0}) << "b is gone";
  for (std::uint32_t k = 0; k < 5; ++k)
    EXPECT_EQ(*editor.network().find("pool[" + std::to_string(k) + "]"), *editor.network().find("pool[0]") + k);
  (void)editor.network().summation(*editor.network().find("c"), 50);
  editor.network().step();
  EXPECT_EQ(heard, 1) << "subscriptions follow";
  editor.network().on_level_change(*editor.network().find("pool[2]"), [&](Tick, const NeuronState&) { ++heard; });
  (void)editor.network().summation(*editor.network().find("pool[2]"), 50);
  applied = edit(editor, R"({"op": "set", "node": "pool", "properties": {"count": 8}})");
  ASSERT_FALSE(applied.value().moved.empty());
  editor.network().step();
  EXPECT_EQ(heard, 3) << "they and stimuli follow a neuron into a larger population, and the other one goes on to leak";
}

TEST(Editor, ADraggedSliderIsOneStep) {
  Editor editor = editor_of(circuit_of(FLUX_PAIR));
  const std::uint64_t before = editor.hash();
  for (int i = 10; i < 60; ++i) {
    ASSERT_TRUE(edit(editor, R"({"op": "set", "node": "b", "properties": {"threshold": )" + std::to_string(i) + "}}", "slider").ok());
  }
  EXPECT_EQ(editor.undo_depth(), 1u);
  ASSERT_TRUE(editor.undo().ok());
  EXPECT_EQ(editor.hash(), before);
  ASSERT_TRUE(editor.redo().ok());
  EXPECT_EQ(editor.network().properties(*editor.network().find("b")).threshold, 59);
}

TEST(Editor, ARefusedOperationChangesNothing) {
  Editor editor = editor_of(circuit_of(FLUX_PAIR));
  editor.network().step(30);
  const std::uint64_t document = editor.hash();
  const NetworkHash hash = editor.network().hash();
  auto refused = edit(editor, R"({"op": "add", "list": "synapses", "value": {"from": "a", "to": "ghost/x"}})");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().what, "\"ghost/x\" leads nowhere: there is no circuit \"ghost\"");
  refused = edit(editor, R"({"op": "all", "operations": [{"op": "remove", "node": "c"}, {"op": "remove", "node": "c"}]})");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().where, "operation 1 of all");
  EXPECT_EQ(editor.hash(), document);
  EXPECT_EQ(editor.network().hash(), hash);
  EXPECT_EQ(editor.undo_depth(), 0u);
}

TEST(Editor, AnEditedPrototypeChangesAllItsCopiesLive) {
  Editor editor = editor_of(circuit_of(R"({"flux": 1, "prototypes": [{"name": "p", "neurons": [{"id": "x", "autoFiringRate": 9}]}],
    "circuits": [{"id": "a", "count": 3, "prototype": "p", "set": {"[1]/x.threshold": 77}}]})"));
  editor.network().step(4);
  const State before = state_of(editor.network());
  ASSERT_TRUE(edit(editor, R"({"op": "set", "in": "/prototypes/p", "node": "x", "properties": {"threshold": 50}})").ok());
  for (const char* path : {"a[0]/x", "a[2]/x"}) EXPECT_EQ(editor.network().properties(*editor.network().find(path)).threshold, 50);
  EXPECT_EQ(editor.network().properties(*editor.network().find("a[1]/x")).threshold, 77);
  EXPECT_EQ(std::get<5>(state_of(editor.network()).at("a[0]/x")), std::get<5>(before.at("a[0]/x"))) << "its timer goes on";
}

// Five legs in a circuit that is a group, with a prototype inside a prototype, an heir, and connections from outside, by path and by alias.
constexpr const char* FLUX_LEGS = R"({"flux": 1,
  "prototypes": [
    {"name": "joint", "neurons": [{"id": "m", "autoFiringRate": 9, "inputAlias": "pull"}, {"id": "n", "count": 3}],
      "synapses": [{"from": "m", "to": "n[1]", "weight": 90, "stmRate": 20}]},
    {"name": "leg", "neurons": [{"id": "hip", "autoFiringRate": 11}], "circuits": [{"id": "knee", "prototype": "joint"}],
      "fibers": [{"from": "hip", "to": "knee/n", "rule": "all-to-all", "weight": 60}]},
    {"name": "hind", "extends": "leg", "neurons": [{"id": "claw"}], "synapses": [{"from": "hip", "to": "claw", "weight": 80}]}],
  "groups": [{"name": "side", "circuits": [{"id": "leg", "count": 4, "prototype": "leg"}, {"id": "last", "prototype": "hind"}],
    "synapses": [{"from": "leg[0]/hip", "to": "last/knee/pull", "weight": 70}]}],
  "neurons": [{"id": "clock", "autoFiringRate": 20}, {"id": "pool", "count": 4}],
  "circuits": [{"id": "left", "group": "side"}, {"id": "right", "group": "side"}, {"id": "box", "neurons": [{"id": "a"}, {"id": "b"}],
    "synapses": [{"from": "a", "to": "b", "weight": 50}]}],
  "synapses": [{"from": "clock", "to": "left/leg[2]/knee/pull", "weight": 100}, {"from": "pool[3]", "to": "box/a"}],
  "fibers": [{"from": "clock", "to": ["left/leg[*]/hip", "right/last/claw"], "rule": "all-to-all", "weight": 70},
    {"from": "pool", "to": "pool", "rule": "one-to-one", "weight": 40}]})";

TEST(Editor, MakesAnewOnlyWhatAnEditReaches) {
  const std::vector<const char*> operations = {
      R"({"op": "set", "in": "/prototypes/joint", "node": "m", "properties": {"threshold": 33}})",
      R"({"op": "add", "in": "/prototypes/leg", "list": "synapses", "value": {"from": "knee/pull", "to": "hip", "weight": 20}})",
      R"({"op": "remove", "in": "/prototypes/joint", "node": "n"})",
      R"({"op": "rename", "in": "/prototypes/joint", "node": "m", "to": "muscle"})",
      R"({"op": "override", "in": "/groups/side", "node": "leg", "changes": {"[1]/knee/m.threshold": 44, "hip.leak": 7}})",
      R"({"op": "override", "node": "left", "changes": {"last/claw.threshold": 55, "leg[0]/hip > knee/n.weight": 61}})",
      R"({"op": "set", "in": "/groups/side", "node": "leg", "properties": {"count": 5}})",
      R"({"op": "detach", "node": "left"})",
      R"({"op": "leaveGroup", "node": "right"})",
      R"({"op": "makePrototype", "node": "box", "name": "case"})",
      R"({"op": "joinGroup", "node": "box", "group": "boxes"})",
      R"({"op": "enclose", "nodes": ["clock", "pool"], "id": "core"})",
      R"({"op": "dissolve", "node": "box"})",
      R"({"op": "replace", "node": "right", "value": {"prototype": "hind"}})",
      R"({"op": "add", "list": "circuits", "value": {"id": "more", "prototype": "leg", "count": 2}})",
      R"({"op": "remove", "node": "left"})",
      R"({"op": "set", "node": "pool", "properties": {"count": 9, "threshold": 90}})",
      R"({"op": "set", "node": "pool", "properties": {"count": 2}})",
      R"({"op": "set", "node": "clock", "properties": {"count": 1}})",
      R"({"op": "set", "in": "/prototypes/joint", "node": "n", "properties": {"count": 6}})",
      R"({"op": "set", "in": "/prototypes/joint", "node": "n", "properties": {"count": 2}})",
      R"({"op": "override", "node": "left", "changes": {"leg[1]/knee/n.count": 5}})",
  };
  for (const char* operation : operations) {
    Editor editor = editor_of(circuit_of(FLUX_LEGS));
    editor.network().step(90);
    const Structure structure = structure_of(editor.network());
    const auto applied = edit(editor, operation);
    ASSERT_TRUE(applied.ok()) << operation << applied.error().message();
    EXPECT_FALSE(applied.value().made_anew) << operation;
    auto fresh = Network::init(editor.circuit());
    ASSERT_EQ(structure_of(editor.network()), structure_of(fresh.value())) << operation;
    const auto undone = editor.undo();
    EXPECT_FALSE(undone.value().made_anew) << operation;
    EXPECT_EQ(structure_of(editor.network()), structure) << operation;
  }
}

// A repeated circuit whose tables are shared is edited as one that is written out: what instances keep is found by their paths.
TEST(Editor, RepeatedCircuitsKeepTheirStateWhereTheirTablesAreShared) {
  const Circuit sheet = circuit_of(R"({"flux": 1, "prototypes": [{"name": "cell",
      "neurons": [{"id": "in", "threshold": 30, "inputAlias": "way"}, {"id": "pool", "count": 3}, {"id": "out", "threshold": 30}],
      "synapses": [{"from": "in", "to": "out", "weight": 90, "length": 2, "stmRate": 20}]}],
    "neurons": [{"id": "clock", "autoFiringRate": 12}],
    "circuits": [{"id": "sheet", "repeat": {"layout": "grid", "width": 4, "height": 3,
      "neighbours": [{"from": "out", "to": "in", "kernel": [[1, 0, 90, 3]]}]}, "prototype": "cell"}],
    "synapses": [{"from": "clock", "to": "sheet[0]/in", "weight": 100}, {"from": "clock", "to": "sheet[7]/pool[1]", "weight": 60}]})");
  Editor shared = editor_sharing_from(1, sheet), written = editor_sharing_from(FLUX_NEVER_SHARE, sheet);
  Network &one = shared.network(), &other = written.network();
  std::size_t spikes = 0;
  for (const char* operation : {
           R"({"op": "set", "in": "/prototypes/cell", "node": "in", "properties": {"threshold": 25}})",
           R"({"op": "add", "in": "/prototypes/cell", "list": "neurons", "at": 0, "value": {"id": "new", "autoFiringRate": 9}})",
           R"({"op": "set", "node": "sheet", "properties": {"repeat": {"layout": "ring", "count": 12,
             "neighbours": [{"from": "out", "to": "in", "kernel": [[-1, 0, 80, 4], [2, 0, 70, 1]], "stmRate": 9}]}}})",
           R"({"op": "set", "in": "/prototypes/cell", "node": "out", "properties": {"count": 2}})",
           R"({"op": "set", "in": "/prototypes/cell", "node": "out", "properties": {"count": null}})",
           R"({"op": "override", "node": "sheet", "changes": {"[3]/out.threshold": 60}})",
           R"({"op": "set", "node": "sheet", "properties": {"repeat": {"layout": "hexagonal", "width": 3, "height": 4, "wrap": true}}})",
           R"({"op": "rename", "in": "/prototypes/cell", "node": "out", "to": "end"})",
           R"({"op": "set", "node": "sheet", "properties": {"repeat": {"layout": "line", "count": 15}}})",
           R"({"op": "remove", "in": "/prototypes/cell", "node": "pool"})",
       }) {
    const auto ran = run(one, 60);
    spikes += ran.size();
    ASSERT_EQ(ran, run(other, 60)) << operation;
    const auto edited = edit(shared, operation);
    ASSERT_TRUE(edited.ok()) << operation << edited.error().message();
    ASSERT_TRUE(edit(written, operation).ok());
    ASSERT_EQ(structure_of(one), structure_of(other)) << operation;
    ASSERT_EQ(state_of(one), state_of(other)) << operation;
    ASSERT_EQ(learned_of(one), learned_of(other)) << operation;
  }
  EXPECT_EQ(run(one, 60), run(other, 60));
  EXPECT_GT(spikes, 200u) << "a silent network proves nothing";
  while (shared.undo_depth() > 0) ASSERT_TRUE(shared.undo().ok());
  EXPECT_EQ(shared.hash(), hash_document(sheet));
  EXPECT_EQ(structure_of(one), structure_of(Network::init(sheet).value()));
}

TEST(Editor, TheInverseCanBeSpoken) {
  Editor editor = editor_of(circuit_of(FLUX_PAIR));
  editor.network().step(30);
  EXPECT_FALSE(editor.undo_operations().ok());
  for (const char* operation : {R"({"op": "remove", "node": "c"})", R"({"op": "enclose", "nodes": ["b"], "id": "box"})",
                                R"({"op": "set", "properties": {"title": "t", "environment": {"A": 1}}})"}) {
    const std::uint64_t before = editor.hash();
    ASSERT_TRUE(edit(editor, operation).ok());
    ASSERT_NE(editor.hash(), before);
    const auto inverse = editor.undo_operations();
    ASSERT_TRUE(inverse.ok()) << inverse.error().message();
    const auto spoken = read_operations(write_operations(inverse.value()), "peer");
    ASSERT_TRUE(editor.apply(spoken.value()).ok());
    EXPECT_EQ(editor.hash(), before) << operation;
    ASSERT_TRUE(editor.undo().ok());
  }
}

TEST(Editor, TheTextSaysHowManyLearnedWeightsItLeavesOut) {
  Editor editor = editor_of(circuit_of(R"({"flux": 1,
    "prototypes": [{"name": "p", "neurons": [{"id": "x"}, {"id": "y"}], "synapses": [{"from": "x", "to": "y", "stmRate": 9, "longTerm": 300}]}],
    "neurons": [{"id": "a"}, {"id": "b"}],
    "circuits": [{"id": "once", "prototype": "p"}, {"id": "twice", "count": 2, "prototype": "p"}],
    "synapses": [{"from": "a", "to": "b", "stmRate": 9, "longTerm": 200}]})"));
  std::uint64_t left_out = 7;
  EXPECT_EQ(editor.document(&left_out).synapses[0].long_term, 200);
  EXPECT_EQ(left_out, 3u) << "the prototype stands three times";
}

TEST(Editor, WhatIsSavedIsTheDocumentAndGoesOn) {
  Editor editor = editor_of(circuit_of(FLUX_PAIR));
  editor.network().step(100);
  ASSERT_TRUE(edit(editor, R"({"op": "remove", "node": "c"})").ok());
  ASSERT_TRUE(edit(editor, R"({"op": "enclose", "nodes": ["b"], "id": "box", "title": "A box"})").ok());
  ASSERT_TRUE(edit(editor, R"({"op": "add", "in": "box", "list": "neurons", "value": {"id": "d", "count": 4}})").ok());
  ASSERT_TRUE(
      edit(editor, R"({"op": "add", "list": "fibers", "value": {"from": ["a"], "to": ["box/d"], "rule": "all-to-all", "length": 30}})")
          .ok());
  editor.network().step(15);
  const auto bytes = editor.flx();
  ASSERT_TRUE(bytes.ok()) << bytes.error().message();
  auto opened = Editor::open_bytes(bytes.value(), "saved.flx");
  ASSERT_TRUE(opened.ok()) << opened.error().message();
  EXPECT_EQ(opened.value().hash(), hash_document(editor.document()));
  EXPECT_EQ(opened.value().network().now(), editor.network().now());
  EXPECT_EQ(state_of(opened.value().network()), state_of(editor.network()));
  EXPECT_EQ(learned_of(opened.value().network()), learned_of(editor.network()));
  const auto spikes = run(editor.network(), 200);
  EXPECT_EQ(run(opened.value().network(), 200), spikes);
  EXPECT_GT(spikes.size(), 20u);
  EXPECT_NE(editor.text().find("\"fibers\""), std::string::npos);
}

// Noise and consolidation go by index: with those of the document a saved run goes on in every bit.
TEST(Editor, ASettledNetworkIsSavedWithItsNoise) {
  Circuit noisy = circuit_of(R"({"flux": 1, "settings": {"thresholdNoise": 30, "delayJitter": 3},
    "neurons": [{"id": "first", "count": 3, "autoFiringRate": 5}, {"id": "pool", "count": 20, "threshold": 40}, {"id": "b"}],
    "fibers": [{"from": "first", "to": "pool", "rule": "all-to-all", "weight": [20, 60], "stmRate": 60, "ltmRate": 90},
      {"from": "pool", "to": "pool", "rule": "fanout", "fanout": 5, "weight": [-20, 40], "stmRate": 20, "ltmRate": 90}]})");
  Editor editor = editor_of(std::move(noisy));
  editor.network().step(50);
  ASSERT_TRUE(edit(editor, R"({"op": "set", "node": "first", "properties": {"count": 5}})").ok());
  ASSERT_TRUE(edit(editor, R"({"op": "add", "list": "neurons", "at": 0, "value": {"id": "new", "autoFiringRate": 9}})").ok());
  ASSERT_TRUE(edit(editor, R"({"op": "remove", "node": "b"})").ok());
  editor.network().step(50);
  const State before = state_of(editor.network());
  const auto settled = editor.settle();
  ASSERT_TRUE(settled.ok() && settled.value().made_anew && !settled.value().moved.empty());
  EXPECT_EQ(state_of(editor.network()), before);
  EXPECT_TRUE(editor.settle().value().moved.empty()) << "once is enough";
  const auto bytes = editor.flx();
  ASSERT_TRUE(bytes.ok()) << bytes.error().message();
  auto opened = Editor::open_bytes(bytes.value(), "saved.flx");
  ASSERT_TRUE(opened.ok()) << opened.error().message();
  editor.network().step(300);
  opened.value().network().step(300);
  EXPECT_EQ(opened.value().network().hash(), editor.network().hash());
  ASSERT_TRUE(editor.undo().ok());
}

// --- docs/operations.md -----------------------------------------------------------------------------------------------------------

std::vector<std::string> blocks_of(const std::string& page, const std::string& fence) {
  std::vector<std::string> blocks;
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
    at += fence.size();
    blocks.push_back(page.substr(at, page.find("```", at) - at));
  }
  return blocks;
}

TEST(OperationsPage, ExamplesRun) {
  std::ifstream file(FLUX_SOURCE_DIR "/docs/operations.md");
  std::stringstream content;
  content << file.rdbuf();
  const std::string page = content.str();
  const Circuit start = circuit_of(blocks_of(page, "```jsonc\n").front());
  std::set<std::string_view> shown;
  for (const std::string& block : blocks_of(page, "```json\n")) {
    Editor editor = editor_of(start);
    editor.network().step(60);
    const std::uint64_t before = editor.hash();
    const auto operations = read_operations(block, "operations.md");
    ASSERT_TRUE(operations.ok()) << operations.error().message() << "\n" << block;
    for (const Operation& operation : operations.value()) shown.insert(word_of(operation.kind));
    const auto applied = editor.apply(operations.value());
    ASSERT_TRUE(applied.ok()) << applied.error().message() << "\n" << block;
    EXPECT_NE(editor.hash(), before) << block;
    auto fresh = Network::init(editor.circuit());
    ASSERT_TRUE(fresh.ok()) << fresh.error().message();
    EXPECT_EQ(structure_of(editor.network()), structure_of(fresh.value())) << block;
    editor.network().step(60);
    ASSERT_TRUE(editor.undo().ok());
    EXPECT_EQ(editor.hash(), before) << block;
  }
  EXPECT_EQ(shown.size(), 15u) << "each operation has an example";
}

}  // namespace
}  // namespace flux
