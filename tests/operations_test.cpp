// Operations on documents: what each does, that all are taken back exactly, and their two forms.
#include <gtest/gtest.h>

#include "circuit/flatten.h"
#include "edit/diff.h"
#include "edit/editable_circuit.h"
#include "edit/fragment.h"
#include "edit/operation.h"
#include "file/circuit_text.h"
#include "random_operations.h"
#include "random_tree.h"

namespace flux {
namespace {

Circuit circuit_of(const std::string& text) {
  auto circuit = parse_circuit_text(text, "test");
  EXPECT_TRUE(circuit.ok()) << (circuit.ok() ? "" : circuit.error().message());
  return circuit.ok() ? std::move(circuit).value() : Circuit{};
}

// Applies a message, checks that taking it back restores the document and doing it again gives the same, and gives the text of the result.
std::string after(const std::string& text, const std::string& operations) {
  EditableCircuit document(circuit_of(text));
  const std::uint64_t before = hash_document(document.circuit());
  const auto read = read_operations(operations, "operations");
  EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message());
  if (!read.ok()) return "";
  auto change = document.apply(read.value());
  EXPECT_TRUE(change.ok()) << (change.ok() ? "" : change.error().message());
  if (!change.ok()) return "";
  const std::string result = write_circuit_text(document.circuit());
  const auto errors = check_errors(document.circuit());
  EXPECT_TRUE(errors.empty()) << errors.front().where << ": " << errors.front().what << "\n" << result;
  document.undo(change.value());
  EXPECT_EQ(hash_document(document.circuit()), before) << write_circuit_text(document.circuit());
  document.redo(change.value());
  EXPECT_EQ(write_circuit_text(document.circuit()), result);
  // What is written is read back.
  EXPECT_EQ(write_circuit_text(circuit_of(result)), result);
  return result;
}

std::string refusal(const std::string& text, const std::string& operations) {
  EditableCircuit document(circuit_of(text));
  const std::uint64_t before = hash_document(document.circuit());
  const auto read = read_operations(operations, "operations");
  if (!read.ok()) return read.error().message();
  const auto change = document.apply(read.value());
  EXPECT_FALSE(change.ok());
  EXPECT_EQ(hash_document(document.circuit()), before);
  return change.ok() ? "" : change.error().message();
}

std::string canonical(const std::string& text) { return write_circuit_text(circuit_of(text)); }

constexpr const char* FLUX_TWO = R"({"flux": 1,
  "neurons": [{"id": "a"}, {"id": "pool", "count": 3}, {"id": "b"}],
  "synapses": [{"from": "a", "to": "pool[1]"}, {"from": "pool[2]", "to": "b"}, {"from": "b", "to": "a"}],
  "fibers": [{"from": ["a"], "to": ["pool", "b"], "rule": "all-to-all"}, {"from": ["pool"], "to": ["b"], "rule": "fanout", "fanout": 2}]
})";

TEST(Operations, AddElementsInTheMiddle) {
  const std::string text = after(FLUX_TWO, R"([
    {"op": "add", "list": "neurons", "at": 1, "value": {"id": "c", "count": 2, "//": "new\nones"}},
    {"op": "add", "list": "synapses", "at": 0, "value": {"from": "c[1]", "to": "b", "weight": -7}}])");
  EXPECT_NE(text.find("// new"), std::string::npos);
  EXPECT_NE(text.find(R"({"from": "c[1]", "to": "b", "weight": -7})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"({"from": "pool[2]", "to": "b"})"), std::string::npos) << text;
}

TEST(Operations, RemovingANodeTakesItsConnections) {
  EXPECT_EQ(after(FLUX_TWO, R"([{"op": "remove", "node": "pool"}])"),
            canonical(R"({"flux": 1, "neurons": [{"id": "a"}, {"id": "b"}], "synapses": [{"from": "b", "to": "a"}],
              "fibers": [{"from": ["a"], "to": ["b"], "rule": "all-to-all"}]})"));
}

TEST(Operations, FibersKeepTheirDrawsWhenAnotherGoes) {
  const std::string text = after(FLUX_TWO, R"([{"op": "remove", "list": "fibers", "at": 0}])");
  EXPECT_NE(text.find(R"("fanout": 2, "number": 1})"), std::string::npos) << text;
}

TEST(Operations, SetIsAPatchOfTheText) {
  const std::string text =
      after(FLUX_TWO, R"([{"op": "set", "node": "a", "properties": {"threshold": 40, "position": [1, 2.5], "inputAlias": "in"}},
    {"op": "set", "list": "synapses", "at": 2, "properties": {"to": "pool[0]", "type": "modulator", "//": "why"}},
    {"op": "set", "properties": {"title": "Two", "seed": 9, "tick": "0.5ms"}}])");
  EXPECT_NE(text.find(R"({"id": "a", "threshold": 40, "inputAlias": "in", "position": [1, 2.5]})"), std::string::npos) << text;
  EXPECT_NE(text.find("// why\n    {\"from\": \"b\", \"to\": \"pool[0]\", \"type\": \"modulator\"}"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("settings": {"seed": 9, "tick": "500us"})"), std::string::npos) << text;
}

TEST(Operations, ASmallerPopulationLosesTheConnectionsOfWhatGoes) {
  const std::string text = after(FLUX_TWO, R"([{"op": "set", "node": "pool", "properties": {"count": 2}}])");
  EXPECT_EQ(text.find("pool[2]"), std::string::npos) << text;
  EXPECT_NE(text.find("pool[1]"), std::string::npos) << text;
}

constexpr const char* FLUX_TREE = R"({"flux": 1,
  "prototypes": [{"name": "leg", "neurons": [{"id": "hip", "inputAlias": "step"}, {"id": "flexor"}],
    "synapses": [{"from": "hip", "to": "flexor", "weight": 90}]},
    {"name": "hind", "extends": "leg", "set": {"hip.leak": 3}, "neurons": [{"id": "pusher"}], "synapses": [{"from": "hip", "to": "pusher"}]}],
  "groups": [{"name": "eye", "neurons": [{"id": "pixel", "count": 4}]}],
  "neurons": [{"id": "clock", "autoFiringRate": 50}],
  "circuits": [{"id": "front", "count": 2, "prototype": "leg", "set": {"flexor.threshold": 50, "[1]/hip > flexor.weight": 100}},
    {"id": "back", "prototype": "hind"}, {"id": "left", "group": "eye"},
    {"id": "body", "neurons": [{"id": "spine", "inputAlias": "cord"}],
      "circuits": [{"id": "limb", "prototype": "leg", "set": {"hip.leak": 9}}],
      "synapses": [{"from": "spine", "to": "limb/hip"}]}],
  "synapses": [{"from": "clock", "to": "front[1]/step"}, {"from": "back/hip", "to": "clock"}, {"from": "clock", "to": "body/cord"},
    {"from": "body/limb/hip", "to": "body/spine"}],
  "fibers": [{"from": ["left/pixel"], "to": ["front[*]/hip"], "rule": "all-to-all"}]
})";

TEST(Operations, RenamingIsFollowedEverywhere) {
  const std::string text = after(FLUX_TREE, R"([{"op": "rename", "in": "/prototypes/leg", "node": "hip", "to": "thigh"}])");
  EXPECT_EQ(text.find("hip"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("[1]/thigh > flexor.weight": 100)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"({"from": "back/thigh", "to": "clock"})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("front[*]/thigh")"), std::string::npos) << text;
  const std::string prototype = after(FLUX_TREE, R"([{"op": "rename", "in": "/prototypes/leg", "to": "limb"}])");
  EXPECT_EQ(prototype.find("\"leg\""), std::string::npos) << prototype;
}

TEST(Operations, RemovalReachesThroughPrototypesAndAliases) {
  const std::string text = after(FLUX_TREE, R"([{"op": "remove", "in": "/prototypes/leg", "node": "hip"}])");
  EXPECT_EQ(text.find("step"), std::string::npos) << text;
  EXPECT_EQ(text.find("limb/hip"), std::string::npos) << text;
  EXPECT_EQ(text.find("\"hip\""), std::string::npos) << text;
  EXPECT_NE(text.find("hip.leak"), std::string::npos) << "an override whose target is gone is kept";
}

TEST(Operations, AConnectionFollowsAnAlias) {
  const std::string text = after(FLUX_TREE, R"([{"op": "set", "in": "body", "node": "spine", "properties": {"inputAlias": "nerve"}}])");
  EXPECT_NE(text.find("body/nerve"), std::string::npos) << text;
  const std::string none = after(FLUX_TREE, R"([{"op": "set", "in": "body", "node": "spine", "properties": {"inputAlias": null}}])");
  EXPECT_NE(none.find(R"("to": "body/spine")"), std::string::npos) << none;
}

TEST(Operations, EncloseAndDissolveAreOpposites) {
  const std::string text = after(FLUX_TREE, R"([{"op": "enclose", "nodes": ["clock", "back", "body"], "id": "core"}])");
  EXPECT_NE(text.find(R"({"from": "core/clock", "to": "front[1]/step"})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"({"from": "body/limb/hip", "to": "body/spine"})"), std::string::npos) << text;
  const std::string again = after(text, R"([{"op": "dissolve", "node": "core"}])");
  EXPECT_EQ(again.find("core"), std::string::npos) << again;
  EXPECT_NE(again.find(R"({"from": "clock", "to": "front[1]/step"})"), std::string::npos) << again;
  const std::string deep = after(FLUX_TREE, R"([{"op": "dissolve", "node": "body"}])");
  EXPECT_NE(deep.find(R"({"from": "clock", "to": "spine"})"), std::string::npos) << deep;
  EXPECT_NE(deep.find(R"({"from": "spine", "to": "limb/hip"})"), std::string::npos) << deep;
}

TEST(Operations, StructureChangesHands) {
  const std::string detached = after(FLUX_TREE, R"([{"op": "detach", "node": "back"}])");
  EXPECT_NE(detached.find(R"({"id": "pusher"})"), std::string::npos);
  const std::string made = after(FLUX_TREE, R"([{"op": "makePrototype", "node": "body", "name": "trunk", "version": 2}])");
  EXPECT_NE(made.find(R"({"id": "body", "prototype": "trunk", "version": 2})"), std::string::npos) << made;
  EXPECT_NE(made.find(R"({"name": "trunk", "version": 2,)"), std::string::npos) << made;
  const std::string joined = after(FLUX_TREE, R"([{"op": "joinGroup", "node": "body", "group": "trunk"}])");
  EXPECT_NE(joined.find(R"({"id": "body", "group": "trunk"})"), std::string::npos) << joined;
  const std::string left = after(FLUX_TREE, R"([{"op": "leaveGroup", "node": "left"}])");
  EXPECT_EQ(left.find(R"("group": "eye")"), std::string::npos) << left;
  const std::string replaced = after(FLUX_TREE, R"([{"op": "replace", "node": "back", "value": {"neurons": [{"id": "hip"}]}}])");
  EXPECT_NE(replaced.find(R"("back/hip")"), std::string::npos) << replaced;
}

TEST(Operations, OverridesAreSetOneByOne) {
  const std::string text =
      after(FLUX_TREE, R"([{"op": "override", "node": "front", "changes": {"flexor.threshold": null, "[0]/hip.leak": 7}}])");
  EXPECT_NE(text.find(R"("set": {"[1]/hip > flexor.weight": 100, "[0]/hip.leak": 7})"), std::string::npos) << text;
  const std::string heir = after(FLUX_TREE, R"([{"op": "override", "in": "/prototypes/hind", "changes": {"hip.leak": null}}])");
  EXPECT_NE(heir.find(R"({"name": "hind", "extends": "leg",)"), std::string::npos) << heir;
}

TEST(Operations, SettingsPlacesAndWidthsAreOverridden) {
  const char* walker =
      R"({"flux": 1, "prototypes": [{"name": "walker", "neurons": [{"id": "sheet", "count": 12}, {"id": "hip", "position": [1, 1]}],
    "organs": [{"id": "wheel", "type": "motor", "settings": {"speed": 3, "name": "left, {front}"}, "inputs": [{"id": "turn"}]}]}],
    "circuits": [{"id": "a", "prototype": "walker", "set": {"wheel.settings.speed": 5, "wheel.settings.mode": "fast", "wheel.x": 7, "sheet.width": 4, "hip.y": 2.5}}]})";
  const std::string text = after(walker, R"([{"op": "detach", "node": "a"}])");
  EXPECT_NE(text.find(R"({"id": "sheet", "count": 12, "width": 4})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"({"id": "hip", "position": [1, 2.5]})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("settings": {"speed": 5, "name": "left, {front}", "mode": "fast"}, "position": [7, 0])"), std::string::npos)
      << text;
  const std::string renamed = after(walker, R"([{"op": "rename", "in": "/prototypes/walker", "node": "wheel", "to": "motor"}])");
  EXPECT_NE(renamed.find(R"("motor.settings.speed": 5)"), std::string::npos) << renamed;
}

TEST(Operations, EnvironmentVariablesAreSetOneByOne) {
  const std::string text = R"({"flux": 1, "environment": {"SPEED": 3, "ROOM": "kitchen", "GAIN": 0.5}, "neurons": [{"id": "a"}]})";
  EXPECT_NE(canonical(text).find(R"("environment": {"GAIN": 0.5, "ROOM": "kitchen", "SPEED": 3},)"), std::string::npos) << canonical(text);
  const std::string changed =
      after(text, R"([{"op": "set", "properties": {"environment": {"SPEED": 4, "ROOM": null, "WHO": "me"}, "title": "t"}}])");
  EXPECT_NE(changed.find(R"("environment": {"GAIN": 0.5, "SPEED": 4, "WHO": "me"})"), std::string::npos) << changed;
  EXPECT_EQ(after(text, R"([{"op": "set", "properties": {"environment": null}}])").find("environment"), std::string::npos);
  const std::string fresh = after(R"({"flux": 1})", R"([{"op": "set", "properties": {"environment": {"A": 1, "B": null}}}])");
  EXPECT_NE(fresh.find(R"("environment": {"A": 1})"), std::string::npos) << fresh;
  EXPECT_NE(refusal(text, R"([{"op": "set", "properties": {"environment": {"2nd": 4}}}])").find("begins with a digit"), std::string::npos);
  EXPECT_NE(refusal(text, R"([{"op": "set", "properties": {"environment": {"A": [1, 2]}}}])").find("must be a number or text"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"flux": 1, "circuits": [{"id": "a"}]})", R"([{"op": "set", "in": "a", "properties": {"environment": {"A": 1}}}])")
                .find("\"environment\" cannot be set here"),
            std::string::npos);

  const auto differences = diff(circuit_of(text), circuit_of(changed)).value();
  ASSERT_EQ(differences.size(), 2u);
  EXPECT_EQ(differences[1].operation.value, R"({"environment": {"ROOM": null, "SPEED": 4, "WHO": "me"}})");
}

TEST(Operations, PasteNumbersWhatClashes) {
  EditableCircuit document(circuit_of(FLUX_TREE));
  const std::vector<std::string> ids = {"clock", "back", "front"};
  const auto fragment = copied(document, "", ids);
  ASSERT_TRUE(fragment.ok());
  const std::string text = write_circuit_text(fragment.value());
  EXPECT_NE(text.find(R"({"from": "back/hip", "to": "clock"})"), std::string::npos) << text;
  const std::string pasted = after(FLUX_TREE, R"([{"op": "paste", "offset": [10, 0], "value": )" + text + "}]");
  EXPECT_NE(pasted.find(R"({"from": "back 2/hip", "to": "clock 2"})"), std::string::npos) << pasted;
  const std::string elsewhere = after(R"({"flux": 1})", R"([{"op": "paste", "value": )" + text + "}]");
  EXPECT_NE(elsewhere.find(R"({"name": "hind", "extends": "leg")"), std::string::npos) << elsewhere;
}

TEST(Operations, ErrorsSayWhatAndWhere) {
  EXPECT_EQ(refusal(FLUX_TREE, R"([{"op": "set", "in": "front", "node": "hip", "properties": {"leak": 1}}])"),
            "front: \"front\" has no body of its own: it follows the prototype \"leg\"; edit \"/prototypes/leg\" for all of them, override "
            "the node for this one, or detach it");
  EXPECT_EQ(refusal(FLUX_TWO, R"([{"op": "add", "list": "comments", "value": {"text": "x"}}, {"op": "remove", "node": "ghost"}])"),
            "operation 1: there is no neuron, organ or circuit \"ghost\"; name one by its id");
  EXPECT_EQ(refusal(FLUX_TWO, R"([{"op": "set", "node": "a", "properties": {"treshold": 1}}])"),
            "value:1:13: a neuron has no \"treshold\"; did you mean \"threshold\"?");
  EXPECT_EQ(refusal(FLUX_TWO, R"([{"op": "wipe"}])"),
            "operations:1:9: \"op\" cannot be \"wipe\"; use add, remove, set, override, rename, move, enclose, dissolve, detach, "
            "makePrototype, joinGroup, leaveGroup, replace, paste or all");
  EXPECT_NE(refusal(FLUX_TWO, R"([{"op": "add", "list": "neurons", "value": {"id": "a"}}])").find("is used already"), std::string::npos);
  EXPECT_NE(refusal(FLUX_TWO, R"([{"op": "set", "node": "a", "properties": {"threshold": 300}}])").find("outside 1..255"),
            std::string::npos);
}

TEST(Operations, BothFormsRoundTrip) {
  const std::string text = R"({"fluxOperations": 1, "operations": [
  {"op": "add", "in": "leg", "list": "neurons", "at": 3, "value": {"id": "x"}},
  {"op": "remove", "node": "x"},
  {"op": "set", "list": "synapses", "at": 3, "properties": {"weight": null}},
  {"op": "override", "node": "leg", "changes": {"hip.leak": 3}},
  {"op": "rename", "node": "a", "to": "b"},
  {"op": "move", "list": "comments", "at": 3, "to": 0},
  {"op": "enclose", "nodes": ["a", "b"], "id": "c", "title": "C", "position": [1, 2]},
  {"op": "makePrototype", "node": "c", "name": "p", "version": 3},
  {"op": "joinGroup", "node": "c", "group": "g"},
  {"op": "paste", "offset": [3, 4], "value": {"flux": 1}},
  {"op": "all", "operations": [{"op": "detach", "node": "c"}, {"op": "dissolve", "node": "c"}, {"op": "leaveGroup", "node": "c"}]}
]}
)";
  const auto read = read_operations(text, "test");
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_EQ(write_operations(read.value()), text);
  const std::string packed = pack_operations(read.value());
  EXPECT_TRUE(is_packed(packed));
  const auto unpacked = unpack_operations(packed, "test");
  ASSERT_TRUE(unpacked.ok());
  EXPECT_EQ(write_operations(unpacked.value()), text);
}

TEST(Operations, DamagedAndForeignMessagesAreRefused) {
  const std::string packed = pack_operations(std::vector<Operation>{test::operation_of(R"({"op": "remove", "node": "x"})")});
  for (std::size_t i = 0; i < packed.size(); ++i) {
    std::string damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(unpack_operations(damaged, "test").ok()) << i;
    EXPECT_FALSE(unpack_operations(packed.substr(0, i), "test").ok()) << i;
  }
  std::string newer = packed;
  newer[8] = 2;
  EXPECT_NE(unpack_operations(newer, "test").error().message().find("version 2"), std::string::npos);
  EXPECT_NE(read_operations(R"({"fluxOperations": 2, "operations": []})", "test").error().message().find("needs a newer program"),
            std::string::npos);
}

TEST(Operations, LimitsHold) {
  std::string deep;
  for (int i = 0; i < 10; ++i) deep += R"({"op": "all", "operations": [)";
  for (int i = 0; i < 10; ++i) deep += "]}";
  EXPECT_NE(read_operations("[" + deep + "]", "test").error().message().find("nested more than 8 deep"), std::string::npos);
  std::string many = "[";
  for (std::size_t i = 0; i <= FLUX_MAX_OPERATIONS; ++i) many += i == 0 ? "1" : ",1";
  EXPECT_NE(read_operations(many + "]", "test").error().message().find("more than 1048576 operations"), std::string::npos);
  const std::string id(201, 'x');
  EXPECT_NE(refusal(FLUX_TWO, R"([{"op": "rename", "node": "a", "to": ")" + id + R"("}])").find("the id"), std::string::npos);
}

// Each operation of a long row is taken back, all of them are, and all are done again.
TEST(Operations, RandomOnesAreTakenBackExactly) {
  int applied = 0, refused = 0;
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    EditableCircuit document(test::RandomTree(seed).make());
    test::RandomOperations random(seed);
    std::vector<std::uint64_t> hashes{hash_document(document.circuit())};
    std::vector<DocumentChange> changes;
    for (int i = 0; i < 40; ++i) {
      const std::string text = random.next(document.circuit());
      const Operation operation = test::operation_of(text);
      auto change = document.apply(std::span(&operation, 1));
      if (!change.ok()) {
        ++refused;
        ASSERT_EQ(hash_document(document.circuit()), hashes.back()) << text;
        continue;
      }
      ++applied;
      const std::uint64_t after = hash_document(document.circuit());
      document.undo(change.value());
      ASSERT_EQ(hash_document(document.circuit()), hashes.back()) << text;
      document.redo(change.value());
      ASSERT_EQ(hash_document(document.circuit()), after) << text;
      const std::string written = write_circuit_text(document.circuit());
      hashes.push_back(after);
      changes.push_back(std::move(change).value());
    }
    for (std::size_t i = changes.size(); i-- > 0;) {
      document.undo(changes[i]);
      ASSERT_EQ(hash_document(document.circuit()), hashes[i]) << "seed " << seed;
    }
    for (std::size_t i = 0; i < changes.size(); ++i) {
      document.redo(changes[i]);
      ASSERT_EQ(hash_document(document.circuit()), hashes[i + 1]) << "seed " << seed;
    }
  }
  EXPECT_GT(applied, 500) << "too few to prove anything";
  EXPECT_GT(refused, 20);
}

// --- diff -------------------------------------------------------------------------------------------------------------------------

// What flux edit makes of the operations, sent as text.
std::string edited(const Circuit& a, const std::vector<Difference>& differences) {
  std::vector<Operation> operations;
  for (const Difference& difference : differences) operations.push_back(difference.operation);
  const auto read = read_operations(write_operations(operations), "diff");
  EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message());
  EditableCircuit document(a);
  const auto change = document.apply(read.value());
  EXPECT_TRUE(change.ok()) << (change.ok() ? "" : change.error().message());
  return write_circuit_text(document.circuit());
}

TEST(Diff, SaysWhatAPersonWouldSay) {
  const Circuit a = circuit_of(FLUX_TWO);
  const Circuit b = circuit_of(R"({"flux": 1, "title": "Two",
    "neurons": [{"id": "a", "threshold": 40}, {"id": "pool", "count": 3}, {"id": "c"}],
    "synapses": [{"from": "a", "to": "pool[1]"}, {"from": "pool[2]", "to": "c"}],
    "fibers": [{"from": ["a"], "to": ["pool"], "rule": "all-to-all"}]})");
  const auto differences = diff(a, b);
  ASSERT_TRUE(differences.ok()) << differences.error().message();
  std::vector<std::string> said;
  for (const Difference& difference : differences.value()) {
    said.push_back(std::string(word_of(difference.operation.kind)) + " " + difference.what);
  }
  EXPECT_EQ(said, (std::vector<std::string>{"remove neuron \"b\"", "set neuron \"a\"", "add neuron \"c\"", "set the circuit",
                                            "add synapse pool[2] > c"}));
  EXPECT_EQ(edited(a, differences.value()), write_circuit_text(b));
}

TEST(Diff, OfEqualCircuitsIsEmpty) {
  const auto differences = diff(circuit_of(FLUX_TREE), circuit_of(FLUX_TREE));
  ASSERT_TRUE(differences.ok());
  EXPECT_TRUE(differences.value().empty());
}

TEST(Diff, EditedByItTheFirstIsTheSecond) {
  std::size_t total = 0;
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    const Circuit a = test::RandomTree(seed).make();
    EditableCircuit document(a);
    test::RandomOperations random(seed * 3);
    for (int i = 0; i < 25; ++i) {
      const Operation operation = test::operation_of(random.next(document.circuit()));
      (void)document.apply(std::span(&operation, 1));
    }
    for (const Circuit& b : {document.circuit(), test::RandomTree(seed + 100).make()}) {
      const auto differences = diff(a, b);
      ASSERT_TRUE(differences.ok()) << "seed " << seed << ": " << differences.error().message();
      total += differences.value().size();
      ASSERT_EQ(edited(a, differences.value()), write_circuit_text(b)) << "seed " << seed;
    }
  }
  EXPECT_GT(total, 500u);
}

}  // namespace
}  // namespace flux
