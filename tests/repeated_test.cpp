// Repeated circuits: with shared tables they are the network that is written out, bit for bit, whatever is done to it.
#include "circuit/repeated.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "circuit/flatten.h"
#include "file/circuit_text.h"
#include "flux.h"
#include "support/parity.h"

namespace flux {
namespace {

Circuit parse(const std::string& text) {
  auto circuit = parse_circuit_text(text, "test.json");
  EXPECT_TRUE(circuit.ok()) << (circuit.ok() ? "" : circuit.error().message()) << "\n" << text;
  return circuit.ok() ? std::move(circuit).value() : Circuit{};
}

using test::Random;

std::string random_kernel(Random& random, bool sheet) {
  std::string kernel;
  for (int i = random.between(1, 5); i > 0; --i) {
    kernel += (kernel.empty() ? "[" : ", [") + std::to_string(random.between(-2, 2)) + ", " +
              std::to_string(sheet ? random.between(-2, 2) : 0) + ", " + std::to_string(random.between(-20, 60)) + ", " +
              std::to_string(random.between(1, 12)) + "]";
  }
  return "[" + kernel + "]";
}

// A prototype with all kinds of neurons, a circuit inside it, and fibers of its own; repeated, overridden here and there, connected from
// outside to it and from it to outside in every way there is; with another circuit before and behind.
std::string random_text(std::uint64_t seed) {
  Random random(seed);
  const auto number = [&](int low, int high) { return std::to_string(random.between(low, high)); };
  const std::string plastic = random.chance(60) ? R"(, "stmRate": 20, "ltmRate": 60, "restorationRate": 1)" : "";
  const bool sheet = random.chance(60);
  const bool hexagonal = sheet && random.chance(50);
  const int width = random.between(1, 7), height = random.between(1, 3) * 2;
  const int instances = sheet ? width * height : random.between(1, 30);
  std::string repeat =
      sheet ? std::string(R"("layout": ")") + (hexagonal ? "hexagonal" : "grid") + R"(", "width": )" + std::to_string(width) +
                  R"(, "height": )" + std::to_string(height) + (random.chance(50) ? R"(, "wrap": true)" : "")
            : std::string(R"("layout": ")") + (random.chance(50) ? "line" : "ring") + R"(", "count": )" + std::to_string(instances);
  repeat += R"(, "neighbours": [{"from": "out", "to": "in", "kernel": )" + random_kernel(random, sheet) + plastic + "}";
  if (random.chance(50)) repeat += R"(, {"from": "pool", "to": "pool", "kernel": )" + random_kernel(random, sheet) + "}";
  if (random.chance(50))
    repeat += R"(, {"from": "pool", "to": "knee/joint", "kernel": )" + random_kernel(random, sheet) + R"(, "type": "modulator"})";
  if (random.chance(30))
    repeat += R"(, {"from": "knee/joint", "to": "pool[2]", "kernel": )" + random_kernel(random, sheet) + R"(, "type": "electric"})";
  repeat += "]";
  std::string set = R"("pool.leak": 3)";
  const auto some = [&] { return std::to_string(random.below(instances)); };
  const std::string one = some();
  if (random.chance(60)) set += R"(, "[)" + one + R"(]/out.threshold": 25, "[)" + one + R"(]/knee/joint.autoFiringRate": 31)";
  if (random.chance(40)) set += R"(, "[)" + some() + R"(]/in > out.weight": 90)";
  const std::string noise = random.chance(30)
                                ? R"("settings": {"thresholdNoise": 3, "delayJitter": 4, "seed": )" + std::to_string(seed) + "},"
                                : R"("settings": {"seed": )" + std::to_string(seed) + "},";
  const std::string before = random.chance(70) ? R"({"id": "first", "prototype": "cell"},)" : "";
  return R"({"flux": 1, )" + noise + R"("prototypes": [{"name": "cell",
    "neurons": [{"id": "in", "threshold": 30, "inputAlias": "way_in"}, {"id": "pool", "count": 5, "threshold": 50, "modulationLeak": 40,
      "burstingRate": 60, "habituationRate": 9, "maxThreshold": 90}, {"id": "out", "threshold": 40, "refractoryPeriod": 7}],
    "circuits": [{"id": "knee", "neurons": [{"id": "joint", "threshold": 45, "modulationLeak": 9}, {"id": "rest", "count": )" +
         number(1, 3) +
         R"(}], "synapses": [{"from": "joint", "to": "rest[0]", "weight": 127, "length": 3}]}],
    "synapses": [{"from": "in", "to": "out", "weight": 50, "length": 3)" +
         plastic + (plastic.empty() ? "" : R"(, "longTerm": 700)") + R"(},
      {"from": "in", "to": "knee/joint", "weight": 40}],
    "fibers": [{"from": "in", "to": "pool", "rule": "all-to-all", "weight": [20, 80], "length": [1, 9]},
      {"from": "pool", "to": ["pool", "knee/rest"], "rule": "fanout", "fanout": 3, "weight": [-30, 40], "length": [1, 20])" +
         plastic + R"(}]}],
    "neurons": [{"id": "clock", "autoFiringRate": )" +
         number(5, 20) + R"(}, {"id": "sum", "threshold": 80}, {"id": "retina", "count": )" + std::to_string(instances) + R"(}],
    "circuits": [)" +
         before + R"({"id": "eye", "repeat": {)" + repeat + R"(}, "prototype": "cell", "set": {)" + set + R"(}},
      {"id": "last", "prototype": "cell"}],
    "synapses": [{"from": "clock", "to": "eye[0]/way_in", "weight": 100, "length": 1},
      {"from": "eye[)" +
         some() + R"(]/pool[1]", "to": "last/in", "weight": 60)" + plastic + R"(}, {"from": "clock", "to": "last/in"},
      {"from": "eye[)" +
         some() + R"(]/out", "to": "eye[)" + some() + R"(]/in", "weight": 60}],
    "fibers": [{"from": "clock", "to": "eye[*]/in", "rule": "probability", "probability": 0.3, "weight": 70, "length": [1, 30]},
      {"from": "eye[*]/out", "to": "sum", "rule": "all-to-all", "weight": 9, "length": 2)" +
         plastic + R"(},
      {"from": "eye[*]/out", "to": "retina", "rule": "one-to-one", "weight": [40, 90]},
      {"from": "retina", "to": "eye[*]/pool", "rule": "fanout", "fanout": 2, "weight": [5, 50])" +
         plastic + R"(},
      {"from": ["last/pool", "eye[)" +
         some() + R"(]/pool"], "to": ["eye[)" + one + R"(]/pool", "clock"], "rule": "fanout", "fanout": 2}]})";
}

Network make(const Circuit& circuit, std::uint64_t share_from, CoreKind core = CoreKind::cpu) {
  NetworkOptions options;
  options.share_from = share_from;
  options.core = core;
  auto network = Network::init(circuit, options);
  EXPECT_TRUE(network.ok()) << (network.ok() ? "" : network.error().message());
  return std::move(network).value();
}

// The same stimuli and edits to each, at each call others.
void disturb(std::vector<Network>& networks, std::uint64_t seed, bool edits) {
  for (Network& network : networks) {
    Random random(seed);
    for (int i = 0; i < 3; ++i) {
      (void)network.summation(static_cast<NeuronIndex>(random.below(static_cast<int>(network.size()))), random.between(-50, 150));
      (void)network.fire(static_cast<NeuronIndex>(random.below(static_cast<int>(network.size()))));
    }
    if (!edits) continue;
    const auto some = [&] { return static_cast<NeuronIndex>(random.below(static_cast<int>(network.size()))); };
    const NeuronIndex neuron = some();
    NeuronProperties properties;
    properties.threshold = properties.min_threshold = properties.max_threshold = static_cast<std::uint8_t>(random.between(20, 80));
    const int what = random.below(6);
    SynapseProperties synapse;
    synapse.weight = 50;
    if (random.chance(30)) synapse.stm_rate = 10;
    const auto all = network.efferents(neuron);
    auto row = all;
    // Rows of the two are in different orders: of one target, synapses of one type cannot be told apart.
    std::erase_if(row, [&](const SynapseView& a) {
      return std::count_if(all.begin(), all.end(),
                           [&](const SynapseView& b) { return a.target == b.target && a.properties.type == b.properties.type; }) != 1;
    });
    std::sort(row.begin(), row.end(), [](const SynapseView& a, const SynapseView& b) {
      return std::pair(a.target, a.properties.type) < std::pair(b.target, b.properties.type);
    });
    if (what == 0) (void)network.update_neuron(neuron, properties);
    if (what == 1) (void)network.add_synapse(neuron, some(), synapse);
    if (what == 2 && !row.empty()) (void)network.remove_synapse({neuron, row[0].target, row[0].properties.type, row[0].ordinal});
    if (what == 3 && !row.empty()) (void)network.update_synapse({neuron, row[0].target, row[0].properties.type, row[0].ordinal}, synapse);
    if (what == 4) (void)network.remove_neuron(neuron);
    NeuronNode node;
    node.id = "added" + std::to_string(seed);
    if (what == 5) (void)network.add_neuron(node);
  }
}

TEST(Repeated, EqualsTheNetworkWrittenOut) {
  std::uint64_t spikes = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Circuit circuit = parse(random_text(seed));
    ASSERT_FALSE(HasFailure()) << seed;
    EXPECT_EQ(parse(write_circuit_text(circuit)), circuit);
    const auto shared = flatten(circuit, 1), plain = flatten(circuit, FLUX_NEVER_SHARE);
    ASSERT_TRUE(shared.ok() && plain.ok()) << seed << (shared.ok() ? "" : shared.error().message()) << random_text(seed);
    EXPECT_FALSE(shared.value().is_plain());
    EXPECT_TRUE(plain.value().is_plain());
    EXPECT_EQ(shared.value().synapse_count(), plain.value().synapse_count()) << seed;
    std::vector<Network> networks;
    networks.push_back(make(circuit, FLUX_NEVER_SHARE));
    networks.push_back(make(circuit, 1));
    networks.push_back(make(circuit, 1, CoreKind::reference));
    for (NeuronIndex n = 0; n < networks[0].size(); ++n) {
      ASSERT_EQ(networks[1].path(n), networks[0].path(n));
      ASSERT_EQ(networks[1].find(networks[0].path(n)), n);
      ASSERT_EQ(networks[1].properties(n), networks[0].properties(n)) << networks[0].path(n);
      const auto want = networks[0].efferents(n), got = networks[1].efferents(n);
      ASSERT_EQ(want.size(), got.size()) << seed << " " << networks[0].path(n);
    }
    EXPECT_EQ(networks[1].find("eye[0]/way_in"), networks[0].find("eye[0]/way_in"));
    for (Network& network : networks) network.record(100);
    std::vector<NetworkHash> middle;
    for (int round = 0; round < 40; ++round) {
      disturb(networks, seed * 1000 + static_cast<std::uint64_t>(round), round % 4 == 3);
      for (Network& network : networks) network.step(10);
      if (round == 20) {
        for (Network& network : networks) middle.push_back(network.hash());
      }
      if (round % 10 != 9) continue;
      EXPECT_EQ(networks[1].hash(), networks[0].hash()) << seed << ", round " << round;
      EXPECT_EQ(networks[2].hash(), networks[0].hash()) << seed << ", round " << round;
      ASSERT_FALSE(HasFailure()) << random_text(seed);
    }
    const NetworkHash end = networks[1].hash();
    ASSERT_TRUE(networks[1].seek(210).ok());
    EXPECT_EQ(networks[1].hash(), middle[0]) << seed << ": back in time";
    ASSERT_TRUE(networks[1].seek(400).ok());
    EXPECT_EQ(networks[1].hash(), end) << seed << ": and forward again";
    const NeuronIndex some = static_cast<NeuronIndex>(seed % networks[0].size());
    EXPECT_EQ(networks[1].afferents(some).size(), networks[0].afferents(some).size());
    Network written = make(networks[1].circuit(), 1), want = make(networks[0].circuit(), 1);
    written.step(60);
    want.step(60);
    EXPECT_EQ(written.hash(), want.hash()) << seed << ": both edited, written neuron by neuron";
    networks[0].on_fire([&](Tick, std::span<const NeuronIndex> fired) { spikes += fired.size(); });
    networks[0].step(50);
  }
  EXPECT_GT(spikes, 10000u) << "silent networks prove nothing";
}

TEST(Repeated, GoesOnFromASavedState) {
  const std::string path = testing::TempDir() + "/repeated.flx";
  const Circuit circuit = parse(random_text(3));
  Network network = make(circuit, 1);
  network.step(123);
  ASSERT_TRUE(network.save(path).ok());
  network.step(100);
  for (const std::uint64_t share_from : {std::uint64_t{1}, FLUX_NEVER_SHARE}) {
    NetworkOptions options;
    options.share_from = share_from;
    auto opened = Network::open(path, options);
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    EXPECT_EQ(opened.value().now(), 123);
    opened.value().step(100);
    EXPECT_EQ(opened.value().hash(), network.hash());
  }
  std::filesystem::remove(path);
}

// Neighbours of an instance, by the definition of each layout.
TEST(Lattice, FindsNeighbours) {
  const auto neighbour = [](Repeat::Layout layout, std::uint32_t width, bool wrap, std::uint32_t count, std::uint32_t k, int dx, int dy) {
    const auto found = Lattice({layout, width, wrap, {}}, count).neighbour(k, dx, dy);
    return found ? static_cast<int>(*found) : -1;
  };
  using enum Repeat::Layout;
  EXPECT_EQ(neighbour(line, 0, false, 5, 4, 1, 0), -1);
  EXPECT_EQ(neighbour(line, 0, false, 5, 4, -2, 0), 2);
  EXPECT_EQ(neighbour(ring, 0, false, 5, 4, 1, 0), 0);
  EXPECT_EQ(neighbour(ring, 0, false, 5, 0, -1, 0), 4);
  EXPECT_EQ(neighbour(grid, 4, false, 12, 5, 1, 1), 10);
  EXPECT_EQ(neighbour(grid, 4, false, 12, 7, 1, 0), -1);
  EXPECT_EQ(neighbour(grid, 4, true, 12, 7, 1, 0), 4);
  EXPECT_EQ(neighbour(grid, 4, true, 12, 1, 0, -1), 9);
  // Rows of four; odd ones half a step to the right: below 5 (row 1) lie 9 to the left and 10 to the right, above it 1 and 2.
  EXPECT_EQ(neighbour(hexagonal, 4, false, 16, 5, -1, 1), 9);
  EXPECT_EQ(neighbour(hexagonal, 4, false, 16, 5, 0, 1), 10);
  EXPECT_EQ(neighbour(hexagonal, 4, false, 16, 5, 0, -1), 1);
  EXPECT_EQ(neighbour(hexagonal, 4, false, 16, 5, 1, -1), 2);
  EXPECT_EQ(neighbour(hexagonal, 4, false, 16, 9, -1, 1), 12);  // an even row: below 9 lie 12 and 13
  EXPECT_EQ(neighbour(hexagonal, 4, false, 16, 9, 0, 1), 13);
  EXPECT_EQ(neighbour(hexagonal, 4, false, 16, 8, -1, 1), -1);
  EXPECT_EQ(neighbour(hexagonal, 4, true, 16, 8, -1, 1), 15);
  EXPECT_EQ(neighbour(hexagonal, 4, true, 16, 0, 0, -1), 15);
}

// Instances far apart and far from the neurons outside: 24 bits do not reach.
TEST(Repeated, ReachesOverMillionsOfNeurons) {
  const Circuit circuit = parse(R"({"flux": 1, "prototypes": [{"name": "cell",
    "neurons": [{"id": "in", "threshold": 30}, {"id": "rest", "count": 98}, {"id": "out", "threshold": 30}],
    "synapses": [{"from": "in", "to": "out", "weight": 100, "length": 2}]}],
    "neurons": [{"id": "clock", "autoFiringRate": 50}, {"id": "sum", "threshold": 10, "refractoryPeriod": 0}],
    "circuits": [{"id": "sheet", "repeat": {"layout": "grid", "width": 300, "height": 1000, "wrap": true,
      "neighbours": [{"from": "out", "to": "in", "kernel": [[0, -1, 100, 5]]}]}, "prototype": "cell"}, {"id": "last", "prototype": "cell"}],
    "synapses": [{"from": "clock", "to": "sheet[150]/in", "weight": 100, "length": 1},
      {"from": "sheet[299850]/out", "to": "last/in", "weight": 100, "length": 1},
      {"from": "last/out", "to": "sheet[0]/in", "weight": 100, "length": 1}],
    "fibers": [{"from": "sheet[*]/out", "to": "sum", "rule": "all-to-all", "weight": 100, "length": 1}]})");
  Network network = make(circuit, FLUX_SHARE_FROM);
  ASSERT_EQ(network.size(), 30'000'102u);
  EXPECT_LT(network.counts().graph_bytes, 10u << 20);
  std::vector<std::pair<Tick, std::string>> fired;
  network.on_fire([&](Tick t, std::span<const NeuronIndex> neurons) {
    for (const NeuronIndex neuron : neurons) {
      if (t < 75) fired.emplace_back(t, network.path(neuron));
    }
  });
  network.step(75);
  // From row 0 to the last row over the edge, on up the column; from there to `last`, and back to the first instance.
  const std::vector<std::pair<Tick, std::string>> want = {{50, "clock"},
                                                          {51, "sheet[150]/in"},
                                                          {53, "sheet[150]/out"},
                                                          {54, "sum"},
                                                          {58, "sheet[299850]/in"},
                                                          {60, "sheet[299850]/out"},
                                                          {61, "sum"},
                                                          {61, "last/in"},
                                                          {63, "last/out"},
                                                          {64, "sheet[0]/in"},
                                                          {65, "sheet[299550]/in"},
                                                          {66, "sheet[0]/out"},
                                                          {67, "sum"},
                                                          {67, "sheet[299550]/out"},
                                                          {68, "sum"},
                                                          {71, "sheet[299700]/in"},
                                                          {72, "sheet[299250]/in"},
                                                          {73, "sheet[299700]/out"},
                                                          {74, "sum"},
                                                          {74, "sheet[299250]/out"}};
  EXPECT_EQ(fired, want);
}

TEST(Repeated, RefusesWhatDoesNotFit) {
  const auto what = [](const std::string& repeat, const std::string& set = "") {
    const std::string text = R"({"flux": 1, "circuits": [{"id": "c", "repeat": )" + repeat + R"(, )" + set +
                             R"("neurons": [{"id": "a"}, {"id": "b", "count": 3}, {"id": "d", "count": 2}]}]})";
    const auto circuit = parse_circuit_text(text, "t");
    if (!circuit) return circuit.error().message();
    const Status status = refuse_errors(circuit.value());
    return status.ok() ? std::string("fine") : status.error().message();
  };
  EXPECT_EQ(what(R"({"layout": "ring", "count": 3})"), "fine");
  EXPECT_NE(what(R"({"layout": "grid", "width": 3})").find("height"), std::string::npos);
  EXPECT_NE(what(R"({"layout": "ring", "count": 3, "width": 2})").find("width"), std::string::npos);
  EXPECT_NE(what(R"({"layout": "hexagonal", "width": 3, "height": 3, "wrap": true})").find("even height"), std::string::npos);
  EXPECT_NE(what(R"({"layout": "line", "count": 3, "neighbours": [{"from": "x", "to": "a", "kernel": [[1, 0, 9, 9]]}]})").find("\"x\""),
            std::string::npos);
  EXPECT_EQ(what(R"({"layout": "line", "count": 3, "neighbours": [{"from": "b", "to": "d", "kernel": [[1, 0, 9, 9]]}]})"), "fine")
      << "the pairs there are";
  EXPECT_NE(what(R"({"layout": "line", "count": 3, "neighbours": [{"from": "a", "to": "a", "kernel": [[1, 1, 9, 9]]}]})").find("no rows"),
            std::string::npos);
  EXPECT_NE(what(R"({"layout": "line", "count": 3})", R"("remove": ["[1]/a"], )").find("other neurons"), std::string::npos);
  EXPECT_NE(what(R"({"layout": "line", "count": 200000})", R"("set": {"[1]/b.count": 2}, )").find("other neurons"), std::string::npos);
}

TEST(Repeated, RefusesANumberThatLeavesARowUnfilled) {
  const auto circuit = parse_circuit_text(R"({"flux": 1, "prototypes": [{"name": "eye", "circuits": [{"id": "sheet",
    "repeat": {"layout": "grid", "width": 4, "height": 3}, "neurons": [{"id": "a", "autoFiringRate": 9}]}]}],
    "circuits": [{"id": "left", "prototype": "eye", "set": {"sheet.count": 8}}, {"id": "right", "prototype": "eye", "set": {"sheet.count": 7}}]})",
                                          "t");
  ASSERT_FALSE(circuit.ok());
  EXPECT_NE(circuit.error().message().find("right/sheet: 7 instances"), std::string::npos) << circuit.error().message();
}

}  // namespace
}  // namespace flux
