// Going back in time, forward again, and into another future: everything is as it was, bit for bit.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "flux.h"

namespace flux {
namespace {

Circuit lively_circuit() {
  Circuit circuit;
  circuit.settings.delay_jitter = 2;
  circuit.settings.threshold_noise = 3;
  for (int i = 0; i < 40; ++i) {
    NeuronNode node;
    node.id = "n" + std::to_string(i);
    NeuronProperties& p = node.properties;
    p.threshold = p.min_threshold = p.max_threshold = 60;
    p.modulation_leak = 3;
    p.bursting_rate = static_cast<std::uint8_t>(i % 5 == 0 ? 60 : 0);
    if (i % 8 == 0) p.auto_firing_rate = static_cast<std::uint16_t>(17 + i);
    circuit.neurons.push_back(node);
  }
  Fiber fiber;
  for (std::uint32_t i = 0; i < 40; ++i) {
    fiber.sources.push_back(i);
    fiber.targets.push_back(i);
  }
  fiber.rule = FiberRule::random_fanout;
  fiber.fanout = 8;
  fiber.weight = {-10, 40};
  fiber.length = {1, 25};
  circuit.fibers.push_back(fiber);
  fiber.fanout = 4;
  fiber.properties.stm_rate = 9;
  fiber.properties.ltm_rate = 40;
  fiber.properties.restoration_rate = 2;
  circuit.fibers.push_back(fiber);
  return circuit;
}

class TimeMachine : public testing::TestWithParam<CoreKind> {
 protected:
  Network make() {
    NetworkOptions options;
    options.core = GetParam();
    auto network = Network::init(lively_circuit(), options);
    EXPECT_TRUE(network.ok());
    return std::move(network).value();
  }

  // Puts something in that depends on the tick alone.
  static void disturb(Network& network, std::uint64_t seed) {
    std::mt19937_64 random(seed + static_cast<std::uint64_t>(network.now()));
    const auto any = [&] { return static_cast<NeuronIndex>(random() % network.size()); };
    if (random() % 2 == 0) (void)network.summation(any(), 90);
    if (random() % 4 == 0) (void)network.modulate(any(), 60);
    if (random() % 6 == 0) (void)network.fire(any());
    if (random() % 12 == 0) (void)network.add_synapse(any(), any(), SynapseProperties{});
    if (random() % 25 == 0) (void)network.remove_neuron(any());
    if (random() % 20 == 0) {
      NeuronNode node;
      node.id = "late" + std::to_string(network.now());
      (void)network.add_neuron(node);
    }
    if (random() % 10 == 0) (void)network.update_neuron(any(), NeuronProperties{});
  }
};

constexpr Tick FLUX_TICKS = 240;

TEST_P(TimeMachine, GoesAnywhereAndIsAsItWas) {
  Network network = make();
  network.step(30);
  network.record(50);
  std::map<Tick, NetworkHash> hash_at;  // at the beginning of a tick
  while (network.now() < FLUX_TICKS) {
    hash_at[network.now()] = network.hash();
    disturb(network, 1);
    network.step();
  }
  hash_at[network.now()] = network.hash();
  const std::uint32_t size = network.size();
  ASSERT_GT(size, 40u) << "neurons were added";
  EXPECT_NE(hash_at[30].spikes, hash_at[FLUX_TICKS].spikes) << "a silent network proves nothing";
  for (Tick t : {FLUX_TICKS - 1, Tick{31}, Tick{130}, Tick{129}, Tick{200}, Tick{30}, Tick{81}}) {
    ASSERT_TRUE(network.seek(t).ok());
    EXPECT_EQ(network.now(), t);
    EXPECT_EQ(network.hash(), hash_at[t]) << t;
    EXPECT_GE(network.recorded_to(), FLUX_TICKS);
    network.step(20);
    if (t + 20 <= FLUX_TICKS) {
      EXPECT_EQ(network.hash(), hash_at[t + 20]) << "replayed from " << t;
    }
    ASSERT_TRUE(network.seek(FLUX_TICKS).ok());
  }
  ASSERT_TRUE(network.seek(FLUX_TICKS).ok());
  EXPECT_EQ(network.hash(), hash_at[FLUX_TICKS]);
  EXPECT_EQ(network.size(), size);
}

TEST_P(TimeMachine, AnotherFutureBeginsWhereSomethingIsChanged) {
  Network network = make();
  network.record(40);
  while (network.now() < 150) {
    disturb(network, 1);
    network.step();
  }
  const NetworkHash first_future = network.hash();
  ASSERT_TRUE(network.seek(70).ok());
  ASSERT_TRUE(network.fire(0).ok());
  EXPECT_EQ(network.recorded_to(), 70);
  std::map<Tick, NetworkHash> hash_at;
  while (network.now() < 150) {
    hash_at[network.now()] = network.hash();
    disturb(network, 2);
    network.step();
  }
  hash_at[150] = network.hash();
  EXPECT_NE(network.hash(), first_future);
  for (Tick t : {Tick{100}, Tick{70}, Tick{150}}) {
    ASSERT_TRUE(network.seek(t).ok());
    // At tick 70 the stimulus that began this future is waiting for the tick to be computed: the state is not yet touched by it.
    EXPECT_EQ(network.hash(), hash_at[t]) << t;
  }
}

TEST_P(TimeMachine, FewKeptStatesOnlyMakeItSlower) {
  Network network = make();
  network.record(1, 40000);
  std::map<Tick, NetworkHash> hash_at;
  while (network.now() < 200) {
    hash_at[network.now()] = network.hash();
    disturb(network, 3);
    network.step();
  }
  for (Tick t : {Tick{0}, Tick{7}, Tick{113}, Tick{198}}) {
    ASSERT_TRUE(network.seek(t).ok());
    EXPECT_EQ(network.hash(), hash_at[t]) << t;
  }
}

TEST_P(TimeMachine, SaysWhatIsNotRecorded) {
  Network network = make();
  network.step(10);
  EXPECT_FALSE(network.seek(5).ok());
  network.record();
  network.step(10);
  EXPECT_EQ(network.recorded_from(), 10);
  EXPECT_EQ(network.recorded_to(), 20);
  const Status early = network.seek(9);
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().message(), "tick 9 is not recorded; choose 10..20");
  EXPECT_FALSE(network.seek(21).ok());
  EXPECT_EQ(network.now(), 20);
}

TEST_P(TimeMachine, SubscribersStayAndAreNotCalledOnTheWay) {
  Network network = make();
  network.record(25);
  Tick last = -1;
  int calls = 0;
  network.on_fire([&](Tick t, std::span<const NeuronIndex>) {
    last = t;
    ++calls;
  });
  network.step(100);
  ASSERT_GT(calls, 0);
  const int before = calls;
  ASSERT_TRUE(network.seek(60).ok());
  EXPECT_EQ(calls, before);
  network.step(40);
  EXPECT_GT(calls, before);
  EXPECT_LT(last, 100);
}

INSTANTIATE_TEST_SUITE_P(Cores, TimeMachine, testing::Values(CoreKind::reference, CoreKind::cpu),
                         [](const auto& core) { return core.param == CoreKind::cpu ? "cpu" : "reference"; });

}  // namespace
}  // namespace flux
