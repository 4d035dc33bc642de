// Generators as nodes of a circuit: kept as rules, made when the tree is placed.
#include <gtest/gtest.h>

#include <filesystem>

#include "circuit/elaborate.h"
#include "circuit/flatten.h"
#include "circuit/generators.h"
#include "circuit/names.h"
#include "edit/diff.h"
#include "edit/editable_circuit.h"
#include "editor.h"
#include "file/circuit_text.h"
#include "file/flx.h"

namespace flux {
namespace {

constexpr const char* FLUX_RING_NODE = R"({
  "flux": 1,
  "prototypes": [
    {"name": "head",
      "neurons": [
        {"id": "eye", "autoFiringRate": 7}
      ],
      "circuits": [
        // what it looks at
        {"id": "compass", "generator": "ring", "settings": {"neurons": 40}, "seed": 9}
      ],
      "synapses": [
        {"from": "eye", "to": "compass/cue[30]", "weight": 100}
      ]
    }
  ],
  "circuits": [
    {"id": "head", "count": 2, "prototype": "head"},
    {"id": "pool", "generator": "reservoir", "settings": {"neurons": 60}, "position": [0, 0]},
    {"id": "cells", "repeat": {"layout": "line", "count": 3}, "generator": "sheet", "settings": {"columns": 4, "rows": 3, "edges": "wrap"}}
  ],
  "fibers": [
    {"from": ["head[*]/compass/bump"], "to": ["pool/input"], "rule": "all-to-all"}
  ]
}
)";

Circuit circuit_of(const std::string& text) {
  auto circuit = parse_circuit_text(text, "c.json");
  EXPECT_TRUE(circuit.ok()) << (circuit.ok() ? "" : circuit.error().message());
  return circuit.ok() ? std::move(circuit).value() : Circuit{};
}

std::string error_of(const std::string& members) {
  const auto circuit = parse_circuit_text("{\"flux\": 1,\n" + members + "}", "c.json");
  return circuit.ok() ? "" : circuit.error().message();
}

std::vector<std::string> warnings_of(const Circuit& circuit) {
  std::vector<std::string> warnings;
  for (const Finding& finding : check(circuit)) {
    EXPECT_FALSE(finding.is_error) << finding.what;
    const auto tells = [&](const char* text) { return finding.what.find(text) != std::string::npos; };
    if (tells("leads nowhere") || tells("lead nowhere") || tells("fits only in part")) {
      warnings.push_back(finding.where + ": " + finding.what);
    }
  }
  return warnings;
}

Result<Applied> apply(Editor& editor, const std::string& text) {
  const auto operations = read_operations(text, "operations");
  EXPECT_TRUE(operations.ok()) << (operations.ok() ? "" : operations.error().message());
  return editor.apply(operations.value());
}

TEST(GeneratorNodes, StayRulesInBothForms) {
  const Circuit tree = circuit_of(FLUX_RING_NODE);
  EXPECT_EQ(write_circuit_text(tree), FLUX_RING_NODE) << "the rule is written as it was read";
  const std::string path = testing::TempDir() + "flux_generator_node.flx";
  ASSERT_TRUE(write_flx(path, tree).ok());
  const auto document = read_document(path);
  ASSERT_TRUE(document.ok()) << document.error().message();
  EXPECT_TRUE(document.value().circuit == tree);
  std::filesystem::remove(path);
  const auto network = Network::init(tree);
  ASSERT_TRUE(network.ok()) << network.error().message();
  EXPECT_TRUE(network.value().find("head[1]/compass/bump[39]").has_value());
  EXPECT_TRUE(network.value().find("cells[2]/cell[11]").has_value());
}

TEST(GeneratorNodes, WithASeedTheyAreWhatTheCommandMakes) {
  for (const Generator& generator : generators()) {
    GeneratorRule rule{std::string(generator.name), {}, 5};
    Circuit tree;
    tree.circuits.emplace_back();
    tree.circuits[0].id = "x";
    tree.circuits[0].source = SubcircuitNode::Source::generator;
    tree.circuits[0].generator = rule;
    const auto alone = flux::flatten(flux::generate(generator.name, {}, 5).value());
    const auto placed = flux::flatten(tree);
    ASSERT_TRUE(placed.ok()) << placed.error().message();
    ASSERT_GT(placed.value().synapse_count(), 0u);
    EXPECT_EQ(placed.value().neuron_count(), alone.value().neuron_count());
    for (NeuronIndex n = 0; n < placed.value().neuron_count(); ++n) {
      const auto a = placed.value().row(n), b = alone.value().row(n);
      ASSERT_EQ(a.size(), b.size()) << generator.name << ", neuron " << n;
      for (std::size_t i = 0; i < a.size(); ++i) {
        ASSERT_TRUE(a[i].target == b[i].target && a[i].properties == b[i].properties) << generator.name << ", neuron " << n;
      }
    }
  }
}

TEST(GeneratorNodes, CopiesWithoutASeedDrawEachTheirOwn) {
  const auto rows_of = [](const std::string& seed, const std::string& copies) {
    const Circuit tree = circuit_of(R"({"flux": 1, "circuits": [{"id": "p", )" + copies +
                                    R"(, "generator": "reservoir", "settings": {"neurons": 60})" + seed + "}]}");
    const Graph graph = flatten(tree).value();
    std::vector<std::vector<NeuronIndex>> targets(2);
    const NeuronIndex half = graph.neuron_count() / 2;
    for (NeuronIndex n = 0; n < graph.neuron_count(); ++n) {
      for (const RowSynapse& synapse : graph.row(n)) targets[n / half].push_back(synapse.target % half);
    }
    return targets;
  };
  const auto own = rows_of("", "\"count\": 2"), seeded = rows_of(R"(, "seed": 3)", "\"count\": 2");
  const auto repeated = rows_of("", R"("repeat": {"layout": "line", "count": 2})");
  EXPECT_NE(own[0], own[1]);
  EXPECT_EQ(seeded[0], seeded[1]);
  EXPECT_EQ(repeated[0], repeated[1]) << "instances are wired alike";
}

TEST(GeneratorNodes, ErrorsNameThePathAndThePlace) {
  const auto expect = [](const std::string& members, const std::string& message) {
    const std::string error = error_of(members);
    EXPECT_EQ(error.find(message), 0u) << error;
  };
  expect(R"("circuits": [{"id": "a", "generator": "rong"}])",
         "c.json:2:14: a: there is no generator \"rong\"; use one of reservoir, layer, ring");
  expect(R"("circuits": [{"id": "a", "generator": "ring", "settings": {"neuron": 40}}])",
         "c.json:2:60: a: the generator \"ring\" has no setting \"neuron\"; it has neurons, inhibition");
  expect(R"("circuits": [{"id": "b", "circuits": [{"id": "a", "generator": "ring", "settings": {"neurons": 3}}]}])",
         "c.json:2:85: b/a: \"neurons\" cannot be 3; use 24..1000000");
  expect(R"("circuits": [{"id": "a", "generator": "ring", "settings": {"neurons": "40"}}])",
         "c.json:2:60: a: \"neurons\" cannot be \"40\"");
  expect(R"("circuits": [{"id": "a", "generator": "sheet", "settings": {"edges": "round"}}])",
         "c.json:2:61: a: \"edges\" cannot be \"round\"; use clip or wrap");
  expect(R"("circuits": [{"id": "a", "generator": "ring", "settings": {"neurons": 40, "neurons": 50}}])", "c.json:2:");
  expect(R"("circuits": [{"id": "a", "generator": "ring", "settings": {"neurons": 1.5}}])",
         "c.json:2:71: \"neurons\" must be a whole number");
  expect(R"("circuits": [{"id": "a", "settings": {"neurons": 40}}])", "c.json:2:38: \"settings\" says nothing without \"generator\"");
  expect(R"("circuits": [{"id": "a", "seed": 4}])", "c.json:2:34: \"seed\" says nothing without \"generator\"");
  expect(R"("circuits": [{"id": "a", "generator": "ring", "group": "g"}])",
         "c.json:2:39: a circuit follows a generator, a prototype or a group");
  expect(R"("prototypes": [{"name": "p", "circuits": [{"id": "a", "generator": "ring", "settings": {"neurons": 2}}]}])",
         "c.json:2:89: prototype \"p\"/a: \"neurons\" cannot be 2");
  expect(R"("circuits": [{"id": "b", "circuits": [{"id": "a", "generator": "ring"}]}, {"id": "c", "count": 2, "circuits": [)"
         R"({"id": "r", "generator": "ring"}], "set": {"[1]/r.settings.neurons": 7}}])",
         "c.json:2:");
}

TEST(GeneratorNodes, SettingsAndSeedsAreOverridden) {
  const Circuit tree = circuit_of(R"({"flux": 1,
    "prototypes": [{"name": "p", "circuits": [{"id": "r", "generator": "ring", "settings": {"neurons": 30}}]},
                   {"name": "heir", "extends": "p", "set": {"r.settings.neurons": 50, "r/bump.leak": 3}}],
    "circuits": [{"id": "a", "count": 2, "prototype": "p", "set": {"[1]/r.settings.neurons": 40, "r.seed": 8}}, {"id": "b", "prototype": "heir"}]})");
  const auto network = Network::init(tree);
  ASSERT_TRUE(network.ok()) << network.error().message();
  const auto has = [&](const char* path) { return network.value().find(path).has_value(); };
  EXPECT_TRUE(has("a[0]/r/bump[29]") && !has("a[0]/r/bump[30]"));
  EXPECT_TRUE(has("a[1]/r/bump[39]") && !has("a[1]/r/bump[40]"));
  EXPECT_TRUE(has("b/r/bump[49]") && !has("b/r/bump[50]"));
  const std::string error = error_of(R"("prototypes": [{"name": "p", "circuits": [{"id": "r", "generator": "ring"}]}],
"circuits": [{"id": "a", "prototype": "p", "set": {"r.settings.neurons": 7}}])");
  EXPECT_EQ(error.find("c.json:3:52: a/r: \"neurons\" cannot be 7"), 0u) << error;
}

TEST(GeneratorNodes, RegeneratingKeepsWhatIsAttached) {
  auto editor = Editor::make(circuit_of(R"({"flux": 1, "neurons": [{"id": "eye", "count": 40, "autoFiringRate": 9}, {"id": "reader"}],
    "circuits": [{"id": "ring", "generator": "ring", "settings": {"neurons": 40}, "seed": 4}],
    "synapses": [{"from": "eye[3]", "to": "ring/cue[3]", "weight": 90}, {"from": "eye[35]", "to": "ring/cue[35]"},
                 {"from": "ring/bump[3]", "to": "reader", "stmRate": 30, "ltmRate": 9, "weight": 60}],
    "fibers": [{"from": ["eye"], "to": ["ring/cue", "reader"], "rule": "all-to-all", "weight": 1}]})"));
  ASSERT_TRUE(editor.ok()) << editor.error().message();
  Editor& at = editor.value();
  at.network().step(100);
  const std::uint64_t before = at.hash();
  const auto learned_by = [&](const char* name) {
    for (const SynapseView& synapse : at.network().afferents(*at.network().find("reader"))) {
      if (synapse.source == *at.network().find(name)) return std::pair<int, int>(synapse.short_term, synapse.long_term);
    }
    return std::pair<int, int>(-1, -1);
  };
  const auto learned = learned_by("ring/bump[3]");
  ASSERT_NE(learned.first, 0) << "what has learned nothing proves nothing";

  ASSERT_TRUE(apply(at, R"([{"op": "set", "node": "ring", "properties": {"settings": {"neurons": 32}}}])").ok());
  EXPECT_FALSE(at.network().find("ring/bump[32]").has_value());
  EXPECT_EQ(at.circuit().synapses.size(), 3u) << "what led to neurons that are gone is kept";
  EXPECT_EQ(learned_by("ring/bump[3]"), learned);
  const auto warnings = warnings_of(at.circuit());
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].find("synapse 1: \"ring/cue[35]\" leads nowhere: there is no neuron \"cue[35]\""), 0u) << warnings[0];
  at.network().step(50);

  // Another generator that knows none of its aliases: everything stays written, nothing of it does anything.
  ASSERT_TRUE(apply(at, R"([{"op": "set", "node": "ring", "properties": {"generator": "winner", "settings": null}}])").ok());
  EXPECT_EQ(warnings_of(at.circuit()).size(), 4u);
  EXPECT_EQ(at.network().afferents(*at.network().find("reader")).size(), 40u) << "the other target of the fiber is still reached";
  ASSERT_TRUE(at.undo().ok());
  ASSERT_TRUE(at.undo().ok());
  EXPECT_EQ(at.hash(), before);
  EXPECT_TRUE(warnings_of(at.circuit()).empty());
  EXPECT_TRUE(at.network().find("ring/bump[39]").has_value());

  const auto refused = apply(at, R"([{"op": "set", "node": "ring", "properties": {"settings": {"neurons": 2}}}])");
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message().find("\"neurons\" cannot be 2"), std::string::npos) << refused.error().message();
  EXPECT_EQ(at.hash(), before);
}

TEST(GeneratorNodes, FibersOneToOneConnectThePairsThereAre) {
  const std::string text = R"({"flux": 1, "neurons": [{"id": "eye", "count": 40, "autoFiringRate": 9}, {"id": "wide", "count": 41}],
    "circuits": [{"id": "ring", "generator": "ring", "settings": {"neurons": 40}, "seed": 4}],
    "fibers": [{"from": ["eye"], "to": ["ring/cue"], "rule": "one-to-one", "weight": 90, "stmRate": 30},
               {"from": ["ring/bump"], "to": ["eye"], "rule": "one-to-one", "weight": [1, 50]}]})";
  const auto with = [&](const std::string& neurons) {
    std::string other = text;
    return circuit_of(other.replace(other.find("{\"neurons\": 40}") + 12, 2, neurons));
  };
  auto editor = Editor::make(circuit_of(text));
  ASSERT_TRUE(editor.ok()) << editor.error().message();
  Editor& at = editor.value();
  at.network().step(100);
  const std::uint64_t before = at.hash();
  const auto reaches = [&](const std::string& source, const std::string& target) {
    const auto from = at.network().find(source), to = at.network().find(target);
    if (!from || !to) return false;
    const auto made = at.network().efferents(*from);
    return std::any_of(made.begin(), made.end(), [&](const SynapseView& synapse) { return synapse.target == *to; });
  };
  ASSERT_TRUE(reaches("eye[39]", "ring/cue[39]") && reaches("ring/bump[39]", "eye[39]"));

  for (const int neurons : {32, 50}) {
    const std::string number = std::to_string(neurons);
    const auto applied = flux::apply(at, R"([{"op": "set", "node": "ring", "properties": {"settings": {"neurons": )" + number + "}}}]");
    ASSERT_TRUE(applied.ok()) << applied.error().message();
    const int last = std::min(neurons, 40) - 1;
    for (const int pair : {0, last}) {
      const std::string place = "[" + std::to_string(pair) + "]";
      EXPECT_TRUE(reaches("eye" + place, "ring/cue" + place) && reaches("ring/bump" + place, "eye" + place)) << neurons << place;
    }
    EXPECT_EQ(at.network().efferents(*at.network().find("eye[32]")).size(), neurons > 32 ? 1u : 0u);
    const std::vector<std::string> expected = {"fiber 0: \"ring/cue\" fits only in part: the sides have 40 and " + number + " neurons, " +
                                                   std::to_string(last + 1) + " pairs are connected; the fiber is kept",
                                               "fiber 1: \"ring/bump\" fits only in part: the sides have " + number + " and 40 neurons, " +
                                                   std::to_string(last + 1) + " pairs are connected; the fiber is kept"};
    EXPECT_EQ(warnings_of(at.circuit()), expected);
    const auto made = Network::init(with(number));
    ASSERT_TRUE(made.ok()) << made.error().message();
    EXPECT_EQ(at.network().counts().synapses, made.value().counts().synapses) << "as in a network made that way";
    at.network().step(20);
    ASSERT_TRUE(at.undo().ok());
    EXPECT_EQ(at.hash(), before);
    EXPECT_TRUE(warnings_of(at.circuit()).empty());
    EXPECT_TRUE(reaches("eye[39]", "ring/cue[39]") && reaches("ring/bump[39]", "eye[39]"));
  }

  // Between populations written by hand it stays an error.
  const auto refused = apply(at, R"([{"op": "add", "list": "fibers", "value": {"from": ["eye"], "to": ["wide"], "rule": "one-to-one"}}])");
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message().find("one-to-one needs sides of the same size, not 40 and 41"), std::string::npos)
      << refused.error().message();
  EXPECT_EQ(at.hash(), before);
}

// A prototype that changes its ports is to what is connected to its instances what a generator with other settings is.
TEST(GeneratorNodes, FibersToInstancesConnectThePairsThereAreToo) {
  auto editor = Editor::make(circuit_of(R"({"flux": 1,
    "prototypes": [{"name": "leg", "neurons": [{"id": "in", "count": 4}, {"id": "out", "count": 4, "autoFiringRate": 9}]},
      {"name": "hind", "extends": "leg", "neurons": [{"id": "more", "count": 4}],
       "fibers": [{"from": "out", "to": "more", "rule": "one-to-one", "weight": 80}]}],
    "groups": [{"name": "pair", "circuits": [{"id": "x", "prototype": "leg"}]}],
    "neurons": [{"id": "eye", "count": 4, "autoFiringRate": 11}],
    "circuits": [{"id": "a", "prototype": "leg"}, {"id": "b", "count": 2, "prototype": "hind"}, {"id": "c", "group": "pair"}],
    "fibers": [{"from": ["eye"], "to": ["a/in"], "rule": "one-to-one", "weight": 90, "stmRate": 30},
               {"from": ["b[1]/out"], "to": ["eye"], "rule": "one-to-one"}, {"from": ["eye"], "to": ["c/x/in"], "rule": "one-to-one"}]})"));
  ASSERT_TRUE(editor.ok()) << editor.error().message();
  Editor& at = editor.value();
  at.network().step(50);
  const std::uint64_t before = at.hash(), synapses = at.network().counts().synapses;
  const auto set = [&](int count) {
    const std::string number = std::to_string(count);
    return flux::apply(at, R"([{"op": "set", "in": "/prototypes/leg", "node": "in", "properties": {"count": )" + number +
                               R"(}}, {"op": "set", "in": "/prototypes/leg", "node": "out", "properties": {"count": )" + number + "}}]");
  };
  for (const int count : {3, 6}) {
    const auto applied = set(count);
    ASSERT_TRUE(applied.ok()) << applied.error().message();
    EXPECT_FALSE(applied.value().made_anew);
    EXPECT_EQ(at.network().counts().synapses, static_cast<std::uint64_t>(std::min(count, 4)) * 5) << "two of them in the heirs";
    EXPECT_EQ(Network::init(at.circuit()).value().counts().synapses, at.network().counts().synapses);
    const auto warnings = warnings_of(at.circuit());
    ASSERT_EQ(warnings.size(), 4u) << "the heir's is told once";
    EXPECT_NE(warnings[0].find("fiber 0: \"a/in\" fits only in part: the sides have 4 and " + std::to_string(count)), std::string::npos)
        << warnings[0];
    at.network().step(30);
    ASSERT_TRUE(at.undo().ok());
    EXPECT_EQ(at.hash(), before);
    EXPECT_EQ(at.network().counts().synapses, synapses);
  }
}

TEST(GeneratorNodes, WhatLeadsNowhereGoesWhenItIsDetached) {
  const std::string text = R"({"flux": 1, "neurons": [{"id": "eye", "count": 40, "autoFiringRate": 9}],
    "circuits": [{"id": "box", "circuits": [{"id": "ring", "generator": "ring", "settings": {"neurons": 40}, "seed": 4}],
      "neurons": [{"id": "a", "autoFiringRate": 7}], "synapses": [{"from": "a", "to": "ring/cue[39]", "weight": 90}]}],
    "synapses": [{"from": "eye[1]", "to": "box/ring/cue[35]"}, {"from": "eye[2]", "to": "box/ring/cue[3]"},
                 {"from": "eye[3]", "to": "box/ring/cue[31]"}],
    "fibers": [{"from": ["eye"], "to": ["box/ring/cue"], "rule": "one-to-one", "weight": 90, "stmRate": 30}]})";
  for (const char* operation : {R"([{"op": "detach", "in": "box", "node": "ring"}])",
                                R"([{"op": "makePrototype", "in": "box", "node": "ring", "name": "compass"}])",
                                R"([{"op": "joinGroup", "in": "box", "node": "ring", "group": "rings"}])"}) {
    auto editor = Editor::make(circuit_of(text));
    ASSERT_TRUE(editor.ok()) << editor.error().message();
    Editor& at = editor.value();
    ASSERT_TRUE(flux::apply(at, R"([{"op": "set", "in": "box", "node": "ring", "properties": {"settings": {"neurons": 32}}}])").ok());
    at.network().step(60);
    const std::uint64_t before = at.hash();
    const std::uint64_t synapses = at.network().counts().synapses;
    const auto applied = flux::apply(at, operation);
    ASSERT_TRUE(applied.ok()) << operation << applied.error().message();
    EXPECT_FALSE(applied.value().made_anew);
    EXPECT_EQ(at.circuit().synapses.size(), 2u) << operation;
    EXPECT_EQ(at.circuit().circuits[0].body->synapses.size(), 0u) << operation;
    EXPECT_EQ(at.circuit().fibers.size(), 1u) << "it fits in part";
    EXPECT_EQ(at.network().counts().synapses, synapses) << "what goes did nothing";
    EXPECT_EQ(Network::init(at.circuit()).value().counts().synapses, synapses);
    ASSERT_TRUE(at.undo().ok());
    EXPECT_EQ(at.hash(), before) << operation;
  }
}

TEST(GeneratorNodes, NeighboursOfWhatIsGoneDoNothing) {
  auto editor = Editor::make(circuit_of(R"({"flux": 1,
    "prototypes": [{"name": "cell", "neurons": [{"id": "clock", "autoFiringRate": 9}, {"id": "eight", "count": 8}],
                    "circuits": [{"id": "w", "generator": "winner", "settings": {"choices": 8}, "seed": 3}]}],
    "circuits": [{"id": "row", "prototype": "cell", "repeat": {"layout": "line", "count": 5, "neighbours": [
      {"from": "clock", "to": "w/input[7]", "kernel": [[1, 0, 100, 5]]},
      {"from": "eight", "to": "w/input", "kernel": [[1, 0, 100, 5]]},
      {"from": "clock", "to": "eight", "kernel": [[1, 0, 100, 5]]}]}}]})"));
  ASSERT_TRUE(editor.ok()) << editor.error().message();
  Editor& at = editor.value();
  at.network().step(60);
  const std::uint64_t before = at.hash();
  const auto made_by = [&](const char* path) { return at.network().efferents(*at.network().find(path)).size(); };
  ASSERT_EQ(made_by("row[0]/clock"), 9u);
  ASSERT_EQ(made_by("row[0]/eight[7]"), 1u);

  const auto set = [&](const std::string& properties) {
    return flux::apply(at, R"([{"op": "set", "in": "/prototypes/cell", "node": "w", "properties": )" + properties + "}]");
  };
  const auto fewer = set(R"({"settings": {"choices": 6}})");
  ASSERT_TRUE(fewer.ok()) << fewer.error().message();
  EXPECT_EQ(made_by("row[0]/clock"), 8u) << "only its fiber to the population";
  EXPECT_EQ(made_by("row[0]/eight[5]"), 1u);
  EXPECT_EQ(made_by("row[0]/eight[6]"), 0u);
  const auto warnings = warnings_of(at.circuit());
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_EQ(warnings[0].find("row[0]: neighbours 0: \"w/input[7]\" leads nowhere: there is no neuron \"input[7]\""), 0u) << warnings[0];
  EXPECT_EQ(warnings[1].find("row[0]: neighbours 1: \"w/input\" fits only in part: the sides have 8 and 6 neurons, 6 pairs"), 0u)
      << warnings[1];
  EXPECT_EQ(at.circuit().circuits[0].repeat->neighbours.size(), 3u) << "kept";
  EXPECT_EQ(flatten(at.circuit(), 1).value().synapse_count(), at.network().counts().synapses) << "with shared tables too";
  at.network().step(20);

  const auto other = set(R"({"generator": "ring", "settings": null})");
  ASSERT_TRUE(other.ok()) << other.error().message();
  EXPECT_EQ(made_by("row[0]/eight[0]"), 0u) << "the ring has no input";
  EXPECT_EQ(made_by("row[0]/clock"), 8u);
  ASSERT_TRUE(at.undo().ok());
  ASSERT_TRUE(at.undo().ok());
  EXPECT_EQ(at.hash(), before);
  EXPECT_TRUE(warnings_of(at.circuit()).empty());
  EXPECT_EQ(made_by("row[0]/clock"), 9u);
}

TEST(GeneratorNodes, ManyLostConnectionsAreTold) {
  std::string text =
      R"({"flux": 1, "neurons": [{"id": "a", "autoFiringRate": 5}], "circuits": [{"id": "r", "generator": "ring"}], "synapses": [)";
  for (int i = 0; i < 3000; ++i) text += R"({"from": "a", "to": "r/nothing[)" + std::to_string(i) + "]\"}, ";
  text += R"({"from": "a", "to": "r/cue[0]", "weight": 100}]})";
  const Circuit tree = circuit_of(text);
  const auto warnings = warnings_of(tree);
  ASSERT_EQ(warnings.size(), 6u) << "the first few, and how many more";
  EXPECT_EQ(warnings.back().find(": 2995 more connections lead nowhere"), 0u) << warnings.back();
  EXPECT_EQ(Network::init(tree).value().efferents(0).size(), 1u) << "the good one behind them is made";
}

TEST(GeneratorNodes, AreDetachedAndShared) {
  auto editor = Editor::make(circuit_of(R"({"flux": 1, "neurons": [{"id": "eye", "autoFiringRate": 4}],
    "circuits": [{"id": "w", "generator": "winner", "seed": 4, "set": {"choice.leak": 2}}], "synapses": [{"from": "eye", "to": "w/input[1]", "weight": 127}]})"));
  ASSERT_TRUE(editor.ok()) << editor.error().message();
  Editor& at = editor.value();
  at.network().step(40);
  const std::uint64_t before = at.hash();
  const NetworkHash running = at.network().hash();
  EXPECT_FALSE(apply(at, R"([{"op": "add", "in": "w", "list": "neurons", "value": {"id": "n"}}])").ok()) << "it has no body of its own";
  ASSERT_TRUE(apply(at, R"([{"op": "detach", "node": "w"}])").ok());
  EXPECT_EQ(at.network().hash(), running) << "the same network, expanded";
  ASSERT_EQ(at.circuit().circuits[0].source, SubcircuitNode::Source::body);
  EXPECT_TRUE(at.circuit().circuits[0].generator == GeneratorRule{});
  ASSERT_TRUE(at.undo().ok());
  EXPECT_EQ(at.hash(), before);
  ASSERT_TRUE(apply(at, R"([{"op": "makePrototype", "node": "w", "name": "chooser"}])").ok());
  EXPECT_EQ(at.network().hash(), running);
  ASSERT_TRUE(at.undo().ok());
  ASSERT_TRUE(apply(at, R"([{"op": "joinGroup", "node": "w", "group": "g"}, {"op": "rename", "node": "w", "to": "v"}])").ok());
  ASSERT_TRUE(at.undo().ok());
  EXPECT_EQ(at.hash(), before);
  // Replaced by a generator, connections to what that has stay.
  ASSERT_TRUE(apply(at, R"([{"op": "replace", "node": "w", "value": {"generator": "ring"}}])").ok());
  EXPECT_TRUE(at.circuit().synapses.empty());
  ASSERT_TRUE(at.undo().ok());
  ASSERT_TRUE(apply(at, R"([{"op": "replace", "node": "w", "value": {"generator": "reservoir", "settings": {"neurons": 60}}}])").ok());
  EXPECT_EQ(at.circuit().synapses.size(), 1u);
  ASSERT_TRUE(at.undo().ok());
  EXPECT_EQ(at.hash(), before);
}

TEST(GeneratorNodes, DifferencesAreOperations) {
  const Circuit a = circuit_of(FLUX_RING_NODE);
  Circuit b = a;
  b.circuits[1].generator.settings[0].value = std::int64_t{70};
  b.circuits[2].generator = {"winner", {}, 3};
  b.circuits[0].source = SubcircuitNode::Source::generator;
  b.circuits[0].prototype = {};
  b.circuits[0].generator = {"ring", {}, std::nullopt};
  const auto differences = diff(a, b);
  ASSERT_TRUE(differences.ok()) << differences.error().message();
  EXPECT_EQ(differences.value().size(), 3u);
  EditableCircuit edited(a);
  for (const Difference& difference : differences.value()) ASSERT_TRUE(edited.apply(std::span(&difference.operation, 1)).ok());
  EXPECT_EQ(hash_document(edited.circuit()), hash_document(b));
}

TEST(GeneratorNodes, RenamingKeepsRulesAndLayouts) {
  EditableCircuit document(circuit_of(FLUX_RING_NODE));
  const auto operations = read_operations(R"([{"op": "rename", "node": "cells", "to": "skin"}])", "operations").value();
  ASSERT_TRUE(document.apply(operations).ok());
  const SubcircuitNode& node = document.circuit().circuits[2];
  EXPECT_EQ(node.generator.name, "sheet");
  ASSERT_TRUE(node.repeat.has_value());
  EXPECT_EQ(node.count, 3u);
}

}  // namespace
}  // namespace flux
