// Circuits inside circuits: what they stand for, their text, their errors, and the changes of their structure.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "circuit/elaborate.h"
#include "circuit/flatten.h"
#include "circuit/structure.h"
#include "file/circuit_text.h"
#include "file/flx.h"
#include "flux.h"
#include "random_tree.h"

namespace flux {
namespace {

Circuit parsed(std::string_view text) {
  auto circuit = parse_circuit_text(text, "c.json");
  EXPECT_TRUE(circuit.ok()) << (circuit ? "" : circuit.error().message());
  return circuit ? std::move(circuit).value() : Circuit{};
}

std::string error_of(std::string_view text) {
  const auto circuit = parse_circuit_text(text, "c.json");
  EXPECT_FALSE(circuit.ok()) << text;
  return circuit ? "" : circuit.error().message();
}

Circuit placed(const Circuit& tree) {
  auto circuit = elaborate(tree);
  EXPECT_TRUE(circuit.ok()) << (circuit ? "" : circuit.error().message());
  return circuit ? std::move(circuit).value() : Circuit{};
}

const NeuronNode& neuron(const Circuit& circuit, std::string_view id) {
  for (const NeuronNode& node : circuit.neurons) {
    if (node.id == id) return node;
  }
  ADD_FAILURE() << "no neuron " << id;
  return circuit.neurons.front();
}

// Six legs of a prototype that two of them change, driven from outside by one fiber.
constexpr std::string_view FLUX_HEXAPOD = R"({
  "flux": 1,
  "title": "Hexapod",
  "prototypes": [
    // lifts and swings
    {"name": "leg",
      "neurons": [
        {"id": "hip", "threshold": 40, "inputAlias": "step"},
        {"id": "flexor", "threshold": 60, "outputAlias": "lift"}
      ],
      "synapses": [
        {"from": "hip", "to": "flexor", "weight": 90, "length": 5}
      ]
    },
    {"name": "hind leg", "extends": "leg", "remove": ["flexor"], "set": {"hip.leak": 9},
      "neurons": [
        {"id": "pusher"}
      ],
      "synapses": [
        {"from": "hip", "to": "pusher", "weight": 127, "length": 3}
      ]
    }
  ],
  "groups": [
    {"name": "eye",
      "neurons": [
        {"id": "pixel", "count": 4, "autoFiringRate": 9}
      ]
    }
  ],
  "neurons": [
    {"id": "clock", "autoFiringRate": 50},
    {"id": "alarm"}
  ],
  "organs": [
    {"id": "motor", "type": "wheel", "settings": {"speed": 3, "names": ["a", null]},
      "inputs": [
        {"id": "turn"}
      ]
    }
  ],
  "circuits": [
    {"id": "leg", "count": 4, "prototype": "leg", "set": {"flexor.threshold": 50, "[2]/flexor.threshold": 80, "hip > flexor.weight": 100}},
    // the last pair
    {"id": "hind", "count": 2, "prototype": "hind leg", "position": [0, 10], "size": [80, 40]},
    {"id": "left", "group": "eye"},
    {"id": "right", "group": "eye"},
    {"id": "brain", "title": "Brain",
      "circuits": [
        {"id": "lobe",
          "neurons": [
            // thinks
            {"id": "n"}
          ]
        }
      ],
      "comments": [
        {"text": "Why?", "author": "A", "thread": [{"author": "B", "text": "Why not."}], "resolved": true}
      ]
    }
  ],
  "synapses": [
    {"from": "leg[2]/lift", "to": "motor/turn", "weight": 127, "length": 1},
    {"from": "left/pixel[3]", "to": "brain/lobe/n", "weight": 127},
    {"from": "clock", "to": "hind[1]/step", "weight": 127}
  ],
  "fibers": [
    {"from": ["clock"], "to": ["leg[*]/step"], "rule": "all-to-all", "weight": 127, "length": 2}
  ]
}
)";

TEST(CircuitTree, CanonicalTextIsWrittenAsItWasRead) {
  EXPECT_EQ(write_circuit_text(parsed(FLUX_HEXAPOD)), FLUX_HEXAPOD);
  EXPECT_LE(std::count(FLUX_HEXAPOD.begin(), FLUX_HEXAPOD.end(), '\n'), 80);
}

TEST(CircuitTree, BecomesOnePlainCircuit) {
  const Circuit tree = parsed(FLUX_HEXAPOD);
  EXPECT_EQ(tree.circuits[1].comment, "the last pair");
  EXPECT_EQ(tree.circuits[4].body->circuits[0].body->neurons[0].comment, "thinks");
  EXPECT_EQ(tree.organs[0].settings, R"({"speed": 3, "names": ["a", null]})");
  const Circuit plain = placed(tree);
  EXPECT_TRUE(is_flat(plain));
  std::vector<std::string> ids;
  for (const NeuronNode& node : plain.neurons) ids.push_back(node.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"clock", "alarm", "motor/turn", "leg[0]/hip", "leg[0]/flexor", "leg[1]/hip", "leg[1]/flexor",
                                           "leg[2]/hip", "leg[2]/flexor", "leg[3]/hip", "leg[3]/flexor", "hind[0]/hip", "hind[0]/pusher",
                                           "hind[1]/hip", "hind[1]/pusher", "left/pixel", "right/pixel", "brain/lobe/n"}));
  EXPECT_EQ(neuron(plain, "leg[1]/flexor").properties.threshold, 50);
  EXPECT_EQ(neuron(plain, "leg[2]/flexor").properties.threshold, 80);
  EXPECT_EQ(neuron(plain, "leg[2]/flexor").properties.max_threshold, 80) << "bounds that were the threshold follow it";
  EXPECT_EQ(neuron(plain, "hind[0]/hip").properties.leak, 9);
  EXPECT_EQ(neuron(plain, "leg[0]/hip").properties.leak, 20);
  EXPECT_EQ(neuron(plain, "leg[2]/hip").input_alias, "leg[2]/step");
  ASSERT_EQ(plain.synapses.size(), 3u + 4 + 2);
  EXPECT_EQ(plain.synapses[3].properties.weight, 100);
  ASSERT_EQ(plain.fibers.size(), 1u);
  EXPECT_EQ(plain.fibers[0].targets, (std::vector<std::uint32_t>{3, 5, 7, 9}));
}

TEST(CircuitTree, RunsUnderPathsAndAliases) {
  auto network = Network::init(parsed(FLUX_HEXAPOD));
  ASSERT_TRUE(network.ok()) << network.error().message();
  Network& net = network.value();
  const auto turn = net.find("motor/turn");
  ASSERT_TRUE(turn.has_value());
  EXPECT_EQ(net.find("leg[2]/step"), net.find("leg[2]/hip"));
  EXPECT_EQ(net.path(*net.find("left/pixel[3]")), "left/pixel[3]");
  std::vector<Tick> turned;
  net.on_fire([&](Tick t, std::span<const NeuronIndex> fired) {
    if (std::find(fired.begin(), fired.end(), *turn) != fired.end()) turned.push_back(t);
  });
  net.step(120);
  ASSERT_FALSE(turned.empty()) << "a silent network proves nothing";
  EXPECT_EQ(turned.size(), 2u) << "clock, hip, flexor and turn, every 50 ticks";
  // An edit makes a plain circuit of it, whose ids are valid.
  ASSERT_TRUE(net.add_synapse(0, 1, {}).ok());
  const Circuit edited = net.circuit();
  EXPECT_TRUE(is_flat(edited));
  EXPECT_TRUE(check_errors(edited).empty());
  EXPECT_EQ(neuron(edited, "leg.2.flexor").output_alias, "leg.2.lift");
}

std::string described(const test::NamedSynapse& synapse) {
  return synapse.from + " > " + synapse.to + " weight " + std::to_string(synapse.properties.weight);
}

std::string described(const std::vector<test::NamedFiber>& fibers) {
  std::string text;
  for (const test::NamedFiber& fiber : fibers) {
    for (const std::string& name : fiber.from) text += name + " ";
    text += "->";
    for (const std::string& name : fiber.to) text += " " + name;
    text += "\n";
  }
  return text;
}

TEST(CircuitTree, EqualsANaiveExpansion) {
  std::size_t neurons = 0, synapses = 0, fibers = 0, spikes = 0, deepest = 0, generated = 0;
  for (std::uint32_t seed = 0; seed < 150; ++seed) {
    const Circuit tree = test::RandomTree(seed).make();
    const auto errors = check_errors(tree);
    ASSERT_TRUE(errors.empty()) << "seed " << seed << " " << errors.front().where << ": " << errors.front().what;
    const Circuit plain = placed(tree);
    const test::Expansion wanted = test::NaiveExpander(tree).root();
    const auto first = first_neurons(plain);

    ASSERT_EQ(plain.neurons.size(), wanted.neurons.size()) << "seed " << seed;
    Circuit naive;
    naive.settings = tree.settings;
    std::map<std::string, std::uint32_t> place;
    for (const NeuronNode& node : plain.neurons) {
      ASSERT_TRUE(wanted.neurons.contains(node.id)) << "seed " << seed << " " << node.id;
      NeuronNode bare = wanted.neurons.at(node.id);
      EXPECT_EQ(node.properties, bare.properties) << "seed " << seed << " " << node.id;
      place[node.id] = static_cast<std::uint32_t>(naive.neurons.size());
      deepest = std::max(deepest, test::components(node.id).size());
      generated += node.id.ends_with("/choice") ? 1 : 0;
      bare.id = "n" + std::to_string(naive.neurons.size());
      naive.neurons.push_back(bare);
    }
    std::vector<test::NamedSynapse> got, want = wanted.synapses;
    for (const SynapseNode& s : plain.synapses)
      got.push_back({end_path(plain, first, s.source), end_path(plain, first, s.target), s.properties, ""});
    for (test::NamedSynapse& s : want) s.scope.clear();
    std::sort(got.begin(), got.end());
    std::sort(want.begin(), want.end());
    ASSERT_EQ(got.size(), want.size()) << "seed " << seed;
    for (std::size_t i = 0; i < got.size(); ++i) {
      ASSERT_TRUE(got[i] == want[i]) << "seed " << seed << ": " << described(got[i]) << " instead of " << described(want[i]);
    }
    std::vector<test::NamedFiber> got_fibers, want_fibers = wanted.fibers;
    for (const Fiber& fiber : plain.fibers) {
      test::NamedFiber named;
      for (const std::uint32_t node : fiber.sources) named.from.push_back(plain.neurons[node].id);
      for (const std::uint32_t node : fiber.targets) named.to.push_back(plain.neurons[node].id);
      named.seed = fiber.seed.value_or(0);
      named.weight = fiber.weight.low;
      got_fibers.push_back(named);
    }
    for (test::NamedFiber& fiber : want_fibers) fiber.scope.clear();
    std::sort(got_fibers.begin(), got_fibers.end());
    std::sort(want_fibers.begin(), want_fibers.end());
    ASSERT_TRUE(got_fibers == want_fibers) << "seed " << seed << "\n" << described(got_fibers) << "instead of\n" << described(want_fibers);

    // The naive list as a circuit of its own must spike alike.
    const auto naive_first = first_neurons(naive);
    for (const test::NamedSynapse& s : wanted.synapses) {
      const auto end = [&](const std::string& name) {
        if (const auto whole = place.find(name); whole != place.end()) return naive_first[whole->second];
        const std::size_t open = name.rfind('[');
        return naive_first[place.at(name.substr(0, open))] + static_cast<NeuronIndex>(std::stoul(name.substr(open + 1)));
      };
      naive.synapses.push_back({end(s.from), end(s.to), s.properties, 0, "", {}});
    }
    for (const test::NamedFiber& named : wanted.fibers) {
      Fiber fiber = named.shape;
      fiber.sources.clear();
      fiber.targets.clear();
      for (const std::string& name : named.from) fiber.sources.push_back(place.at(name));
      for (const std::string& name : named.to) fiber.targets.push_back(place.at(name));
      fiber.weight = {named.weight, named.weight};
      fiber.seed = named.seed;
      naive.fibers.push_back(fiber);
    }
    auto network = Network::init(tree), naive_network = Network::init(naive);
    ASSERT_TRUE(network.ok()) << network.error().message();
    ASSERT_TRUE(naive_network.ok()) << naive_network.error().message();
    network.value().on_fire([&](Tick, std::span<const NeuronIndex> fired) { spikes += fired.size(); });
    network.value().step(150);
    naive_network.value().step(150);
    ASSERT_EQ(network.value().hash(), naive_network.value().hash()) << "seed " << seed;
    neurons += plain.neurons.size();
    synapses += plain.synapses.size();
    fibers += plain.fibers.size();
  }
  EXPECT_GT(neurons, 1000u);
  EXPECT_GT(synapses, 1000u);
  EXPECT_GT(fibers, 100u);
  EXPECT_GT(spikes, 10000u) << "silent networks prove nothing";
  EXPECT_GE(deepest, 6u);
  EXPECT_GT(generated, 20u) << "circuits that generators make must be among them";
}

TEST(CircuitTree, RandomTreesSurviveBothForms) {
  const std::string path = testing::TempDir() + "flux_tree.flx";
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    const Circuit tree = test::RandomTree(seed).make();
    const std::string text = write_circuit_text(tree);
    const auto back = parse_circuit_text(text, "c");
    ASSERT_TRUE(back.ok()) << back.error().message() << "\n" << text;
    ASSERT_TRUE(back.value() == tree) << "seed " << seed << "\n" << text;
    ASSERT_EQ(write_circuit_text(back.value()), text);
    ASSERT_TRUE(write_flx(path, tree).ok());
    const auto document = read_document(path);
    ASSERT_TRUE(document.ok()) << document.error().message();
    ASSERT_TRUE(document.value().circuit == tree) << "seed " << seed;
  }
  std::filesystem::remove(path);
}

TEST(CircuitTree, ErrorsNameThePathAndThePlace) {
  const auto expect = [](const std::string& members, const std::string& message) {
    const std::string text = "{\"flux\": 1, \"prototypes\": [{\"name\": \"leg\", \"neurons\": [{\"id\": \"hip\"}]}],\n" + members + "}";
    const std::string error = error_of(text);
    EXPECT_EQ(error.find(message), 0u) << error;
  };
  expect(R"("circuits": [{"id": "a", "prototype": "arm"}])", "c.json:2:14: a: there is no prototype \"arm\"");
  expect(R"("circuits": [{"id": "a", "group": "arm"}])", "c.json:2:14: a: there is no group \"arm\"");
  expect(R"("circuits": [{"id": "a", "prototype": "leg", "set": {"hip.treshold": 3}}])",
         "c.json:2:54: a: the override \"hip.treshold\" sets something that \"hip\" does not have");
  expect(R"("circuits": [{"id": "a", "prototype": "leg", "set": {"hip.threshold": 300}}])",
         "c.json:2:54: a: the override \"hip.threshold\" must be a whole number from 1 to 255");
  expect(R"("circuits": [{"id": "a", "prototype": "leg", "set": {"hip": 3}}])", "c.json:2:54: \"hip\" names no property");
  expect(R"("circuits": [{"id": "x", "circuits": [{"id": "a", "prototype": "leg"}], "synapses": [{"from": "a/hip", "to": "a/knee"}]}])",
         "c.json:2:86: x: synapse 0: \"a/knee\" leads nowhere: there is no neuron \"knee\" in \"x/a\"");
  expect(R"("circuits": [{"id": "a", "count": 3, "prototype": "leg"}], "synapses": [{"from": "a[3]/hip", "to": "a[0]/hip"}])",
         "c.json:2:73: \"a[3]/hip\" leads nowhere: \"a\" has no copy 3; it has \"a[0]\" to \"a[2]\"");
  expect(R"("circuits": [{"id": "a", "count": 3, "prototype": "leg"}], "synapses": [{"from": "a/hip", "to": "a[0]/hip"}])",
         "c.json:2:73: \"a/hip\" leads nowhere: \"a\" stands for 3 copies");
  expect(R"("neurons": [{"id": "a"}], "circuits": [{"id": "a", "prototype": "leg"}])", "c.json:2:40: the id \"a\" is used twice");
  const std::string cycle = error_of(R"({"flux": 1, "prototypes": [{"name": "a", "circuits": [{"id": "x", "prototype": "b"}]},
{"name": "b", "circuits": [{"id": "y", "prototype": "a"}]}], "circuits": [{"id": "z", "prototype": "a"}]})");
  EXPECT_NE(cycle.find("c.json:2:28: z/x/y: the prototype \"a\" contains itself: prototype \"a\" > prototype \"b\" > prototype \"a\""),
            std::string::npos)
      << cycle;
  EXPECT_NE(
      error_of(R"({"flux": 1, "prototypes": [{"name": "a", "extends": "b"}, {"name": "b", "extends": "a"}]})").find("extends itself: "),
      std::string::npos)
      << "even where nothing uses it";
}

TEST(CircuitTree, LimitsAreKept) {
  std::string deep = R"("neurons": [{"id": "n"}])";
  for (int i = 0; i < 65; ++i) deep = "\"circuits\": [{\"id\": \"c\", " + deep + "}]";
  const std::string too_deep = error_of("{\"flux\": 1, " + deep + "}");
  EXPECT_EQ(too_deep.find("c.json:1:1626: c/c/c/c/"), 0u) << too_deep;
  EXPECT_NE(too_deep.find("/c: circuit \"c\": circuits are nested more than 64 deep"), std::string::npos) << too_deep;
  // Ids of 200 bytes are allowed, and paths of 4,096.
  const std::string id(200, 'x');
  std::string lengthy = R"("neurons": [{"id": "n"}])";
  for (int i = 0; i < 25; ++i) {
    if (i == 15) {
      EXPECT_TRUE(parse_circuit_text("{\"flux\": 1, " + lengthy + "}", "c.json").ok());
    }
    lengthy = "\"circuits\": [{\"id\": \"" + id + "\", " + lengthy + "}]";
  }
  EXPECT_NE(error_of("{\"flux\": 1, " + lengthy + "}").find("paths that are too long"), std::string::npos);
  EXPECT_NE(error_of(R"({"flux": 1, "circuits": [{"id": ")" + id + R"(x"}]})").find("longer than 200 bytes"), std::string::npos);
  EXPECT_NE(error_of(R"({"flux": 1, "prototypes": [{"name": ")" + id + R"(x"}]})").find("longer than 200 bytes"), std::string::npos);
  EXPECT_NE(error_of(R"({"flux": 1, "circuits": [{"id": "a", "count": 1048577}]})").find("outside 1..1048576"), std::string::npos);
  EXPECT_NE(error_of(R"({"flux": 1, "circuits": [{"id": "a", "count": 2, "neurons": [{"id": "n", "count": 16777216}]}]})")
                .find("more than 16777216 neurons together"),
            std::string::npos);
  // 2^40 circuits from forty lines.
  std::string doubling = R"({"flux": 1, "prototypes": [{"name": "p0", "neurons": [{"id": "n"}]})";
  for (int i = 1; i <= 40; ++i) {
    doubling += ", {\"name\": \"p" + std::to_string(i) + "\", \"circuits\": [{\"id\": \"c\", \"count\": 2, \"prototype\": \"p" +
                std::to_string(i - 1) + "\"}]}";
  }
  EXPECT_NE(error_of(doubling + R"(], "circuits": [{"id": "c", "prototype": "p40"}]})").find("more than 1048576 circuits"),
            std::string::npos);
}

TEST(CircuitTree, LimitsOfCountsNameThePathAndThePlace) {
  const auto expect = [](const std::string& prototype, const std::string& circuits, const std::string& message) {
    const std::string error =
        error_of("{\"flux\": 1, \"prototypes\": [{\"name\": \"p\", " + prototype + "}],\n\"circuits\": " + circuits + "}");
    EXPECT_EQ(error.find(message), 0u) << error;
  };
  expect(R"("neurons": [{"id": "n", "count": 10000000}])", R"([{"id": "x", "circuits": [
{"id": "a", "prototype": "p"}, {"id": "b", "prototype": "p"}]}])",
         "c.json:3:32: x/b: the circuits have more than 16777216 neurons together");
  expect(R"("neurons": [{"id": "n"}])", R"([{"id": "x", "neurons": [{"id": "a", "count": 9000000},
{"id": "b", "count": 9000000}]}])",
         "c.json:2:37: 18000000 neurons are more than the limit of 16777216");
  std::string synapses = R"("neurons": [{"id": "n"}], "synapses": [)";
  for (int i = 0; i < 4095; ++i) synapses += R"({"from": "n", "to": "n"},)";
  synapses.back() = ']';
  expect(synapses, R"([{"id": "x", "circuits": [
{"id": "a", "count": 5000, "prototype": "p"}]}])",
         "c.json:3:1: x/a[4096]: the circuits have more than 16777216 elements together");
}

TEST(CircuitTree, OverridesThatLostTheirTargetAreKeptAndReported) {
  const std::string text = R"({
  "flux": 1,
  "prototypes": [
    {"name": "leg",
      "neurons": [
        {"id": "hip", "autoFiringRate": 9}
      ]
    }
  ],
  "circuits": [
    {"id": "leg", "count": 3, "prototype": "leg", "set": {"knee.threshold": 4, "[7]/hip.leak": 1}}
  ]
}
)";
  const InspectedText inspected = inspect_circuit_text(text, "c.json");
  ASSERT_TRUE(inspected.circuit.has_value());
  EXPECT_EQ(write_circuit_text(*inspected.circuit), text);
  ASSERT_EQ(inspected.diagnostics.size(), 2u) << "each once, though there are three copies";
  EXPECT_EQ(inspected.diagnostics[0].message().find("c.json:11:59: warning: "), 0u) << inspected.diagnostics[0].message();
  EXPECT_NE(inspected.diagnostics[0].what.find("\"knee.threshold\" is not there; it is kept but does nothing"), std::string::npos);
}

// Fibers inside copies are drawn differently in each, and do not depend on what else the circuit holds.
TEST(CircuitTree, CopiesDrawTheirOwnFibers) {
  const auto seeds = [](const std::string& before) {
    const Circuit plain = placed(parsed(R"({"flux": 1, "prototypes": [{"name": "p", "neurons": [{"id": "n", "count": 5}], "fibers":
      [{"from": "n", "to": "n", "rule": "fanout", "fanout": 2}]}], "circuits": [)" +
                                        before + R"({"id": "c", "count": 2, "prototype": "p"}]})"));
    return std::pair(plain.fibers[plain.fibers.size() - 2].seed, plain.fibers.back().seed);
  };
  EXPECT_NE(seeds("").first, seeds("").second);
  EXPECT_EQ(seeds(""), seeds(R"({"id": "b", "prototype": "p"}, )"));
}

TEST(CircuitTree, StructureChangesKeepTheNetwork) {
  const Circuit tree = parsed(FLUX_HEXAPOD);
  const auto same_network = [&](const Result<Circuit>& changed) {
    ASSERT_TRUE(changed.ok()) << changed.error().message();
    EXPECT_TRUE(check_errors(changed.value()).empty());
    const Circuit before = placed(tree), after = placed(changed.value());
    EXPECT_TRUE(before.neurons == after.neurons);
    EXPECT_TRUE(before.synapses == after.synapses);
    EXPECT_TRUE(before.fibers == after.fibers);
    const std::string text = write_circuit_text(changed.value());
    EXPECT_TRUE(parsed(text) == changed.value()) << text;
  };
  const auto detached = detach(tree, "leg");
  same_network(detached);
  EXPECT_TRUE(detached.value().circuits[0].body);
  EXPECT_EQ(detached.value().circuits[0].body->neurons[1].properties.threshold, 50) << "changes of all copies are in the body";
  EXPECT_EQ(detached.value().circuits[0].changes.overrides.size(), 1u) << "that of one copy stays";
  same_network(make_prototype(tree, "brain/lobe", {"lobe", 0}));
  same_network(make_prototype(tree, "hind", {"other leg", 2}));
  same_network(leave_group(tree, "left"));
  same_network(join_group(tree, "brain", "mind"));
  EXPECT_FALSE(leave_group(tree, "leg").ok());
  EXPECT_FALSE(detach(tree, "nobody").ok());
  EXPECT_FALSE(make_prototype(tree, "brain", {"leg", 0}).ok()) << "the name is taken";

  Circuit linked = join_group(tree, "left", "eye").value();
  linked.groups[0].body.neurons[0].count = 7;
  EXPECT_EQ(neuron(placed(linked), "left/pixel").count, 7u);
  EXPECT_EQ(neuron(placed(linked), "right/pixel").count, 7u) << "a change in one shows in all";
}

TEST(CircuitTree, LibrariesAreFoundAndCarried) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(testing::TempDir()) / "flux_library_test";
  fs::create_directories(folder / "legs");
  std::ofstream(folder / "legs" / "a.json") << R"({"flux": 1, "prototypes": [{"name": "hip", "neurons": [{"id": "h"}]},
    {"name": "leg", "version": 1, "neurons": [{"id": "old"}]}, {"name": "unused", "neurons": [{"id": "u"}]}]})";
  std::ofstream(folder / "legs" / "b.json") << R"({"flux": 1, "prototypes": [
    {"name": "leg", "version": 2, "extends": "hip", "neurons": [{"id": "new"}]}]})";
  const std::string text = R"({
  "flux": 1,
  "libraries": ["legs"],
  "circuits": [
    {"id": "a", "prototype": "leg"},
    {"id": "b", "prototype": "leg", "version": 1}
  ]
}
)";
  std::ofstream(folder / "animal.json") << text;
  const auto document = read_document((folder / "animal.json").string());
  ASSERT_TRUE(document.ok()) << document.error().message();
  const Circuit plain = placed(document.value().circuit);
  ASSERT_EQ(plain.neurons.size(), 3u);
  EXPECT_EQ(plain.neurons[0].id, "a/h");
  EXPECT_EQ(plain.neurons[1].id, "a/new");
  EXPECT_EQ(plain.neurons[2].id, "b/old");
  EXPECT_EQ(write_circuit_text(document.value().circuit), text) << "the text names the library";
  const std::string flx = (folder / "animal.flx").string();
  ASSERT_TRUE(write_flx(flx, document.value().circuit).ok());
  fs::remove_all(folder / "legs");
  const auto carried = read_document(flx);
  ASSERT_TRUE(carried.ok()) << carried.error().message();
  EXPECT_EQ(carried.value().circuit.prototypes.size(), 3u) << "what is used, and no more";
  EXPECT_EQ(placed(carried.value().circuit).neurons.size(), 3u);
  EXPECT_FALSE(read_document((folder / "animal.json").string()).ok()) << "the library is gone";
  fs::remove_all(folder);
}

// Every circuit on the page is read, has no errors or warnings, and spikes.
TEST(CircuitTree, ExamplesOfTheDocumentationRun) {
  std::ifstream file(FLUX_SOURCE_DIR "/docs/circuits.md");
  std::stringstream content;
  content << file.rdbuf();
  const std::string page = content.str();
  int examples = 0;
  for (std::size_t at = page.find("```jsonc\n{"); at != std::string::npos; at = page.find("```jsonc\n{", at)) {
    at += 9;
    const std::string text = page.substr(at, page.find("```", at) - at);
    const InspectedText inspected = inspect_circuit_text(text, "circuits.md");
    ASSERT_TRUE(inspected.circuit.has_value()) << inspected.diagnostics.front().message() << "\n" << text;
    EXPECT_TRUE(inspected.diagnostics.empty()) << inspected.diagnostics.front().message() << "\n" << text;
    auto network = Network::init(*inspected.circuit);
    ASSERT_TRUE(network.ok()) << network.error().message();
    std::size_t spikes = 0;
    network.value().on_fire([&](Tick, std::span<const NeuronIndex> fired) { spikes += fired.size(); });
    network.value().step(200);
    EXPECT_GT(spikes, 0u) << text;
    ++examples;
  }
  EXPECT_GE(examples, 5);
}

}  // namespace
}  // namespace flux
