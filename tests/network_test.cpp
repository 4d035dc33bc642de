// The public face, engine/flux.h: time, events, names, edits of a running network, saving and going on.
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "support/circuits.h"

namespace flux::test {
namespace {

using Ticks = std::vector<Tick>;

class PublicFace : public testing::TestWithParam<CoreChoice> {
 protected:
  CircuitBuilder build;
};

INSTANTIATE_TEST_SUITE_P(Cores, PublicFace, testing::ValuesIn(FLUX_ALL_CORES),
                         [](const testing::TestParamInfo<CoreChoice>& test) { return std::string(test.param.name); });

NeuronProperties pacemaker(std::uint16_t interval) {
  NeuronProperties p;
  p.auto_firing_rate = interval;
  return p;
}

// --- Time -------------------------------------------------------------------------------------------------------------------------

TEST_P(PublicFace, PumpKeepsThePace) {
  constexpr std::int64_t FLUX_AMPLE = 1'000'000'000;  // microseconds of budget
  build.neuron(pacemaker(10));
  Recorder run(build.circuit, GetParam());
  Network& net = run.net();
  EXPECT_FALSE(net.running());
  EXPECT_EQ(net.pump(0, FLUX_AMPLE), 0) << "paused";

  net.set_speed(1000);
  net.run();
  EXPECT_TRUE(net.running());
  net.pump(5'000'000, FLUX_AMPLE);  // the host's clock may start anywhere
  const Tick start = net.now();
  net.pump(5'020'000, FLUX_AMPLE);
  EXPECT_EQ(net.now() - start, 20) << "20 ms";
  net.set_speed(500);
  net.pump(5'020'000, FLUX_AMPLE);
  const Tick slow = net.now();
  net.pump(5'040'000, FLUX_AMPLE);
  EXPECT_EQ(net.now() - slow, 10) << "half the speed";

  net.pause();
  EXPECT_EQ(net.pump(9'000'000, FLUX_AMPLE), 0);
  const Tick paused = net.now();
  net.run();
  net.pump(9'000'000, FLUX_AMPLE);
  net.pump(9'010'000, FLUX_AMPLE);
  EXPECT_EQ(net.now() - paused, 5) << "the pause is not made up for";
}

TEST_P(PublicFace, PumpAsFastAsPossible) {
  build.neuron(pacemaker(10));
  Recorder run(build.circuit, GetParam());
  run.net().set_speed(0);
  run.net().run();
  const Tick ticks = run.net().pump(0, 1);
  EXPECT_GE(ticks, 1);
  EXPECT_EQ(run.net().now(), ticks);
}

TEST_P(PublicFace, PauseFromACallbackStopsThePump) {
  build.neuron(pacemaker(10));
  Recorder run(build.circuit, GetParam());
  run.net().on_fire([&](Tick, std::span<const NeuronIndex>) { run.net().pause(); });
  run.net().set_speed(1000);
  run.net().run();
  run.net().pump(0, 1'000'000'000);
  run.net().pump(1'000'000, 1'000'000'000);
  EXPECT_EQ(run.spikes(), (std::vector<Spike>{{10, 0}})) << "a breakpoint";
  EXPECT_EQ(run.net().now(), 11);
}

// --- Events -----------------------------------------------------------------------------------------------------------------------

TEST_P(PublicFace, FireTellsAllNeuronsOfATickInOrder) {
  for (int n = 0; n < 5; ++n) build.neuron(pacemaker(n % 2 == 0 ? 10 : 20));
  Recorder run(build.circuit, GetParam());
  std::vector<std::vector<NeuronIndex>> calls;
  const auto subscription =
      run.net().on_fire([&](Tick, std::span<const NeuronIndex> neurons) { calls.emplace_back(neurons.begin(), neurons.end()); });
  run.step(25);
  EXPECT_EQ(calls, (std::vector<std::vector<NeuronIndex>>{{0, 2, 4}, {0, 1, 2, 3, 4}}));
  run.net().off(subscription);
  run.step(100);
  EXPECT_EQ(calls.size(), 2u);
}

TEST_P(PublicFace, LevelChangeTellsWhenLevelOrModulationMove) {
  NeuronProperties p;
  p.modulation_leak = 255;
  build.neuron(p);
  Recorder run(build.circuit, GetParam());
  std::vector<std::pair<Tick, std::int32_t>> levels;
  Ticks modulated;
  run.net().on_level_change(0, [&](Tick t, const NeuronState& state) {
    levels.emplace_back(t, state.level);
    if (state.modulation != 0) modulated.push_back(t);
  });
  run.step(10);
  EXPECT_TRUE(levels.empty());
  run.stimulate(0, 3);
  run.step(10);
  EXPECT_EQ(levels, (std::vector<std::pair<Tick, std::int32_t>>{{10, 48}, {11, 28}, {12, 8}, {13, 0}}));
  run.modulate(0, 2);
  run.step(10);
  EXPECT_EQ(modulated, (Ticks{20, 21, 22}));
}

TEST_P(PublicFace, NamedEventsReachTheirSubscribersOnly) {
  build.neuron();
  Recorder run(build.circuit, GetParam());
  std::vector<std::int64_t> heard;
  run.net().on("light", [&](std::int64_t value) { heard.push_back(value); });
  const auto second = run.net().on("light", [&](std::int64_t value) { heard.push_back(-value); });
  run.net().on("sound", [&](std::int64_t) { heard.push_back(1000); });
  run.net().emit("light", 5);
  run.net().off(second);
  run.net().emit("light", 6);
  run.net().emit("smell", 7);
  EXPECT_EQ(heard, (std::vector<std::int64_t>{5, -5, 6}));
}

TEST_P(PublicFace, SubscribersMayEndAndBeginSubscriptions) {
  build.neuron(pacemaker(10));
  Recorder run(build.circuit, GetParam());
  Network& net = run.net();
  int later_calls = 0, new_calls = 0, named_calls = 0;
  Network::Subscription later = 0, own = 0, later_named = 0;
  own = net.on_fire([&](Tick, std::span<const NeuronIndex>) {
    net.off(later);
    net.off(own);
    net.on_fire([&](Tick, std::span<const NeuronIndex>) { ++new_calls; });
  });
  later = net.on_fire([&](Tick, std::span<const NeuronIndex>) { ++later_calls; });
  net.on("light", [&](std::int64_t) { net.off(later_named); });
  later_named = net.on("light", [&](std::int64_t) { ++named_calls; });
  run.step(35);
  net.emit("light", 1);
  EXPECT_EQ(later_calls, 0);
  EXPECT_GE(new_calls, 2);
  EXPECT_EQ(named_calls, 0);
  EXPECT_EQ(run.spikes_of(0).size(), 3u) << "others go on";
}

TEST_P(PublicFace, SubscribersToARemovedNeuronHearNoMore) {
  build.neuron(counting_neuron(200));
  build.neuron(pacemaker(10));
  build.synapse(1, 0, direct(5));
  Recorder run(build.circuit, GetParam());
  Ticks heard;
  run.net().on_level_change(0, [&](Tick t, const NeuronState&) { heard.push_back(t); });
  run.step(25);
  EXPECT_EQ(heard, (Ticks{11, 21}));
  ASSERT_TRUE(run.net().remove_neuron(0).ok());
  const std::size_t calls = heard.size();
  run.step(50);
  EXPECT_LE(heard.size(), calls + 1) << "at most once: that its level is gone";
  EXPECT_EQ(run.spikes_of(1).size(), 7u) << "others go on";
}

TEST_P(PublicFace, SubscribersMayStimulateAndEdit) {
  build.neuron(pacemaker(10));
  build.neuron();
  Recorder run(build.circuit, GetParam());
  run.net().on_fire([&](Tick t, std::span<const NeuronIndex> neurons) {
    if (neurons[0] != 0) return;
    ASSERT_TRUE(run.net().fire(1).ok());
    if (t < 20) return;
    ASSERT_TRUE(run.net().remove_neuron(0).ok());
  });
  run.step(100);
  EXPECT_EQ(run.spikes(), (std::vector<Spike>{{10, 0}, {11, 1}, {20, 0}, {21, 1}}));
}

// --- Names and mistakes -------------------------------------------------------------------------------------------------------------

TEST_P(PublicFace, FindsByPathAndAlias) {
  NeuronNode single, population;
  single.id = "motor";
  single.output_alias = "muscle";
  population.id = "pool";
  population.count = 3;
  build.circuit.neurons = {single, population};
  Recorder run(build.circuit, GetParam());
  EXPECT_EQ(run.net().find("motor"), NeuronIndex{0});
  EXPECT_EQ(run.net().find("muscle"), NeuronIndex{0});
  EXPECT_EQ(run.net().find("pool[2]"), NeuronIndex{3});
  EXPECT_EQ(run.net().find("pool[3]"), std::nullopt);
  EXPECT_EQ(run.net().find("nobody"), std::nullopt);
  EXPECT_EQ(run.net().path(3), "pool[2]");
}

TEST_P(PublicFace, MistakesAreToldAndChangeNothing) {
  build.neuron();
  build.neuron();
  build.synapse(0, 1, direct(20));
  Recorder run(build.circuit, GetParam());
  Network& net = run.net();
  const NetworkHash before = net.hash();
  NeuronProperties upside_down = neuron_with(50);
  upside_down.min_threshold = 60;
  NeuronProperties no_threshold = neuron_with(50);
  no_threshold.threshold = no_threshold.min_threshold = 0;
  SynapseProperties no_length = direct(20);
  no_length.length = 0;
  NeuronNode taken, population;
  taken.id = "n0";
  population.id = "crowd";
  population.count = 5;

  const Status mistakes[] = {net.fire(7),
                             net.summation(2, 5),
                             net.modulate(std::numeric_limits<NeuronIndex>::max(), 5),
                             net.update_neuron(0, upside_down),
                             net.update_neuron(0, no_threshold),
                             net.remove_neuron(9),
                             net.add_synapse(0, 9, direct(5)),
                             net.add_synapse(9, 0, direct(5)),
                             net.add_synapse(0, 1, no_length),
                             net.update_synapse({1, 0, SynapseType::direct, 0}, direct(5)),
                             net.update_synapse({0, 1, SynapseType::direct, 0}, no_length),
                             net.remove_synapse({0, 1, SynapseType::electric, 0}),
                             net.remove_synapse({0, 1, SynapseType::direct, 1})};
  int number = 0;
  for (const Status& mistake : mistakes) {
    ASSERT_FALSE(mistake.ok()) << "mistake " << number;
    EXPECT_FALSE(mistake.error().message().empty());
    ++number;
  }
  EXPECT_FALSE(net.add_neuron(taken).ok());
  EXPECT_FALSE(net.add_neuron(population).ok());
  EXPECT_EQ(net.hash(), before);
  EXPECT_EQ(net.counts().neurons, 2u);
  EXPECT_EQ(net.counts().synapses, 1u);
  EXPECT_FALSE(Network::init(build.circuit, {GetParam().kind, 0, {}}).ok()) << "no threads";
  EXPECT_FALSE(Network::open("/nonexistent/circuit.json").ok());
}

// --- Edits ------------------------------------------------------------------------------------------------------------------------

TEST_P(PublicFace, AddedNeuronsAndSynapsesTakePart) {
  build.neuron(pacemaker(10));
  Recorder run(build.circuit, GetParam());
  run.step(15);
  NeuronNode node;
  node.id = "newcomer";
  node.properties = pacemaker(100);
  node.output_alias = "out";
  const auto added = run.net().add_neuron(node);
  ASSERT_TRUE(added.ok()) << added.error().message();
  EXPECT_EQ(run.net().find("newcomer"), added.value());
  EXPECT_EQ(run.net().find("out"), added.value());
  ASSERT_TRUE(run.net().add_synapse(0, added.value(), electric(1, 2)).ok());
  run.step(20);
  EXPECT_EQ(run.spikes_of(added.value()), (Ticks{22, 32}));
  ASSERT_TRUE(run.net().remove_synapse({0, added.value(), SynapseType::electric, 0}).ok());
  run.step(100);
  EXPECT_EQ(run.spikes_of(added.value()), (Ticks{22, 32, 132})) << "its own interval begins with its last spike";
  EXPECT_EQ(run.net().counts().neurons, 2u);
  EXPECT_EQ(run.net().counts().synapses, 0u);
}

TEST_P(PublicFace, RemovedNeuronsAreGoneForGood) {
  build.neuron(pacemaker(10));
  build.neuron(neuron_with(255));
  build.neuron(neuron_with(255));
  build.synapse(0, 1, electric(1, 5));
  build.synapse(0, 2, electric(1, 5));
  build.synapse(1, 2, direct(50, 5));
  Recorder run(build.circuit, GetParam());
  run.step(12);
  ASSERT_TRUE(run.net().remove_neuron(1).ok());
  EXPECT_FALSE(run.net().exists(1));
  EXPECT_EQ(run.net().find("n1"), std::nullopt);
  EXPECT_EQ(run.net().counts().synapses, 1u);
  EXPECT_FALSE(run.net().fire(1).ok());
  run.step(20);
  EXPECT_EQ(run.spikes_of(1), Ticks{});
  EXPECT_EQ(run.spikes_of(2), (Ticks{15, 25})) << "the spike that was under way went on to its other target";
  NeuronNode node;
  node.id = "n1";
  const auto added = run.net().add_neuron(node);
  ASSERT_TRUE(added.ok());
  EXPECT_EQ(added.value(), 3u) << "an index is never used again";
}

TEST_P(PublicFace, UpdatesKeepStateAndMemory) {
  SynapseProperties plastic = direct(20, 10);
  plastic.stm_rate = 255;
  build.neuron();
  build.neuron(counting_neuron(200));
  build.synapse(0, 1, plastic, 512);
  Recorder run(build.circuit, GetParam());
  run.stimulate(1, 50);
  run.step();
  NeuronProperties sensitive = counting_neuron(60);
  ASSERT_TRUE(run.net().update_neuron(1, sensitive).ok());
  EXPECT_EQ(run.state(1).level, 800) << "the level stays";
  EXPECT_EQ(run.net().properties(1), sensitive);

  SynapseProperties stronger = plastic;
  stronger.weight = 30;
  stronger.length = 4;
  ASSERT_TRUE(run.net().update_synapse({0, 1, SynapseType::direct, 0}, stronger).ok());
  EXPECT_EQ(synapse_between(run.net(), 0, 1).long_term, 512);
  EXPECT_EQ(synapse_between(run.net(), 0, 1).effective_weight, 32);
  run.fire(0);
  run.step(6);
  EXPECT_EQ(run.spikes_of(1), Ticks{5}) << "800 + 32 * 16 reach 960, 4 ticks after the spike at 1";
  ASSERT_TRUE(run.net().update_synapse({0, 1, SynapseType::direct, 0}, direct(30, 4)).ok());
  EXPECT_EQ(synapse_between(run.net(), 0, 1).long_term, 0) << "a static synapse remembers nothing";
  EXPECT_EQ(run.net().counts().plastic_synapses, 0u);
}

TEST_P(PublicFace, AfferentsAndEfferentsNameEachSynapse) {
  for (int n = 0; n < 3; ++n) build.neuron();
  build.synapse(0, 2, direct(10, 3));
  build.synapse(0, 2, direct(20, 9));
  build.synapse(0, 2, electric(1, 3));
  build.synapse(1, 2, modulator(-5, 7));
  build.synapse(2, 2, direct(-7, 1));
  Recorder run(build.circuit, GetParam());
  EXPECT_EQ(run.net().afferents(2).size(), 5u);
  EXPECT_EQ(run.net().efferents(0).size(), 3u);
  EXPECT_TRUE(run.net().afferents(0).empty());
  for (const SynapseView& view : run.net().afferents(2)) {
    const SynapseRef ref{view.source, view.target, view.properties.type, view.ordinal};
    ASSERT_TRUE(run.net().update_synapse(ref, view.properties).ok()) << "each can be named";
  }
  EXPECT_EQ(run.net().efferents(0).size(), 3u);
  ASSERT_TRUE(run.net().remove_synapse({0, 2, SynapseType::direct, 1}).ok());
  EXPECT_EQ(run.net().efferents(0).size(), 2u);
}

// --- Saving ---------------------------------------------------------------------------------------------------------------------------

class SavedRun : public testing::TestWithParam<std::tuple<CoreChoice, std::uint64_t>> {};
INSTANTIATE_TEST_SUITE_P(Cores, SavedRun, testing::Combine(testing::ValuesIn(FLUX_ALL_CORES), testing::Values(1, 2, 3)),
                         [](const testing::TestParamInfo<std::tuple<CoreChoice, std::uint64_t>>& test) {
                           return std::string(std::get<0>(test.param).name) + "_network_" + std::to_string(std::get<1>(test.param));
                         });

TEST_P(SavedRun, GoesOnBitForBit) {
  const auto& [core, seed] = GetParam();
  const std::string path = testing::TempDir() + "flux_saved_run_" + core.name + "_" + std::to_string(seed) + ".flx";
  Recorder whole(random_circuit(seed, 101, 900), core);
  const auto advance = [seed = seed](Network& net, Tick until) {
    while (net.now() < until) {
      stimulate_at_random(net, seed, 6);
      net.step();
    }
  };
  advance(whole.net(), 150);
  ASSERT_TRUE(whole.net().add_synapse(3, 4, direct(90, 33)).ok()) << "edits are saved as well";
  advance(whole.net(), 200);
  const Status saved = whole.net().save(path);
  ASSERT_TRUE(saved.ok()) << saved.error().message();
  advance(whole.net(), 500);
  ASSERT_GT(whole.spikes().size(), 500u);

  for (const CoreChoice& other : FLUX_ALL_CORES) {
    Result<Network> opened = Network::open(path, {other.kind, other.threads, {}});
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    Network again = std::move(opened).value();
    EXPECT_EQ(again.now(), 200);
    advance(again, 500);
    EXPECT_EQ(again.hash(), whole.net().hash()) << "saved by " << core.name << ", opened by " << other.name;
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace flux::test
