// What the rules are good for, with numbers: behaviours of neurons and small circuits that a user of FLUX counts on.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/circuits.h"

namespace flux::test {
namespace {

using Ticks = std::vector<Tick>;

class Behaviour : public testing::TestWithParam<CoreChoice> {
 protected:
  CircuitBuilder build;
};

INSTANTIATE_TEST_SUITE_P(Cores, Behaviour, testing::ValuesIn(FLUX_ALL_CORES),
                         [](const testing::TestParamInfo<CoreChoice>& test) { return std::string(test.param.name); });

NeuronProperties pacemaker(std::uint16_t interval) {
  NeuronProperties p;
  p.auto_firing_rate = interval;
  return p;
}

TEST_P(Behaviour, PacemakerKeepsItsInterval) {
  build.neuron(pacemaker(73));
  Recorder run(build.circuit, GetParam());
  run.step(100'000);
  const Ticks ticks = run.spikes_of(0);
  ASSERT_EQ(ticks.size(), 1369u);
  for (std::size_t i = 0; i < ticks.size(); ++i) ASSERT_EQ(ticks[i], static_cast<Tick>(73 * (i + 1)));
}

TEST_P(Behaviour, CoincidenceDetectorFiresWithinOneTick) {
  for (Tick lead = -5; lead <= 5; ++lead) {
    CircuitBuilder ears;
    NeuronProperties detector = neuron_with(75);
    detector.leak = 160;  // 10 levels a tick
    ears.neuron();
    ears.neuron();
    ears.neuron(detector);
    ears.synapse(0, 2, direct(45));
    ears.synapse(1, 2, direct(45));
    Recorder run(ears.circuit, GetParam());
    for (Tick t = 0; t < 20; ++t) {
      if (t == 10) run.fire(0);
      if (t == 10 + lead) run.fire(1);
      run.step();
    }
    EXPECT_EQ(run.spikes_of(2).size(), std::abs(lead) <= 1 ? 1u : 0u) << "lead " << lead;
  }
}

// A neuron that a pacemaker of 10 ticks fires each time, and that an inhibitory one of 100 ticks quietens.
std::size_t spikes_under_inhibition(const CoreChoice& core, std::int8_t weight) {
  CircuitBuilder builder;
  builder.neuron(pacemaker(10));
  builder.neuron(pacemaker(100));
  builder.neuron(neuron_with(50));
  builder.synapse(0, 2, direct(60, 1));
  builder.synapse(1, 2, direct(weight, 7));
  Recorder run(builder.circuit, core);
  run.step(2100);
  return run.count(2, 100, 2100);
}

TEST_P(Behaviour, InhibitionTakesAwaySpikes) {
  EXPECT_EQ(spikes_under_inhibition(GetParam(), 0), 200u);
  EXPECT_EQ(spikes_under_inhibition(GetParam(), -64), 180u) << "one of ten spikes is lost";
  EXPECT_EQ(spikes_under_inhibition(GetParam(), -128), 160u) << "two of ten are lost";
}

TEST_P(Behaviour, HabituationAndRecovery) {
  NeuronProperties gill = neuron_with(60);
  gill.max_threshold = 200;
  gill.leak = 255;
  gill.refractory_period = 8;
  gill.habituation_rate = 200;
  gill.potentiation_rate = 40;
  build.neuron(gill);
  Recorder run(build.circuit, GetParam());
  const auto answers_to_ten_touches = [&](Tick start) {
    for (Tick touch = 0; touch < 10; ++touch) {
      run.run_to(start + 20 * touch);
      run.stimulate(0, 90);
      run.step(6);
      run.stimulate(0, 70);
      run.step();
    }
    run.run_to(start + 200);
    return run.count(0, start, start + 200);
  };
  EXPECT_EQ(answers_to_ten_touches(0), 2u);
  EXPECT_EQ(answers_to_ten_touches(200), 1u) << "no time to recover";
  EXPECT_EQ(answers_to_ten_touches(1000), 2u) << "recovered";
}

TEST_P(Behaviour, PotentiationMakesTheSilentSensitive) {
  NeuronProperties p = neuron_with(60);
  p.min_threshold = 40;
  p.potentiation_rate = 10;
  build.neuron(p);
  Recorder run(build.circuit, GetParam());
  for (int i = 0; i < 15; ++i) {
    run.stimulate(0, 45);
    run.step(100);
  }
  EXPECT_EQ(run.spikes_of(0), (Ticks{400, 800, 1200}));
}

TEST_P(Behaviour, TrainGrowsWithTheOvershoot) {
  NeuronProperties p = neuron_with(50);
  p.bursting_rate = 128;
  build.neuron(p);
  Recorder run(build.circuit, GetParam());
  for (std::int32_t stimulus = 50; stimulus <= 255; stimulus += 5) {
    const Tick start = run.net().now();
    run.stimulate(0, stimulus);
    run.step(400);
    EXPECT_EQ(run.count(0, start, start + 400), static_cast<std::size_t>(1 + (stimulus - 50) / 8)) << "stimulus " << stimulus;
  }
}

TEST_P(Behaviour, ModulationSetsTheFrequencyOfAnIntegrator) {
  const auto interval_at = [&](std::int32_t modulation) {
    CircuitBuilder builder;
    NeuronProperties drive = pacemaker(5);
    drive.refractory_period = 4;
    NeuronProperties integrator = counting_neuron(100);
    integrator.modulation_leak = 1;
    builder.neuron(drive);
    builder.neuron(integrator);
    builder.synapse(0, 1, direct(12));
    Recorder run(builder.circuit, GetParam());
    for (int i = 0; i < 200; ++i) {
      if (modulation != 0) run.modulate(1, modulation);
      run.step(5);
    }
    const Ticks ticks = run.spikes_of(1);
    return ticks.size() < 3 ? Tick{0} : ticks[ticks.size() - 1] - ticks[ticks.size() - 2];
  };
  // Inputs needed to reach the threshold, and one lost in the refractory period, 5 ticks each.
  EXPECT_EQ(interval_at(0), 5 * (9 + 1));
  EXPECT_EQ(interval_at(127), 5 * (5 + 1));
  EXPECT_EQ(interval_at(-127), 5 * (13 + 1));
}

TEST_P(Behaviour, ModulationSetsTheFrequencyOfACentralPatternGenerator) {
  Result<Network> opened =
      Network::open(FLUX_SOURCE_DIR "/examples/central_pattern_generator.json", {GetParam().kind, GetParam().threads, {}});
  ASSERT_TRUE(opened.ok()) << opened.error().message();
  const Circuit circuit = opened.value().circuit();
  const auto cycle_at = [&](std::int32_t modulation) {
    Recorder run(circuit, GetParam());
    const NeuronIndex left = *run.net().find("left_fatigue"), right = *run.net().find("right_fatigue");
    EXPECT_TRUE(run.net().remove_neuron(*run.net().find("arousal")).ok());
    for (int i = 0; i < 300; ++i) {
      if (modulation != 0) {
        run.modulate(left, modulation);
        run.modulate(right, modulation);
      }
      run.step(10);
    }
    const Ticks turns = run.spikes_of(left);
    EXPECT_EQ(run.spikes_of(right).empty(), false);
    return turns.size() < 4 ? Tick{0} : turns[turns.size() - 1] - turns[turns.size() - 2];
  };
  EXPECT_EQ(cycle_at(0), 170);
  EXPECT_EQ(cycle_at(127), 90);
  EXPECT_EQ(cycle_at(-127), 290);
}

TEST_P(Behaviour, ElectricChainConductsWhereDirectDoesNot) {
  for (const bool electric_synapses : {true, false}) {
    CircuitBuilder chain;
    for (int cell = 0; cell < 20; ++cell) chain.neuron(neuron_with(255));
    for (NeuronIndex cell = 0; cell + 1 < 20; ++cell) {
      chain.synapse(cell, cell + 1, electric_synapses ? electric(1, 3) : direct(127, 3));
      chain.synapse(cell + 1, cell, electric_synapses ? electric(1, 3) : direct(127, 3));
    }
    Recorder run(chain.circuit, GetParam());
    run.fire(0);
    run.step(200);
    if (!electric_synapses) {
      EXPECT_EQ(run.spikes().size(), 1u);
      continue;
    }
    for (NeuronIndex cell = 0; cell < 20; ++cell) EXPECT_EQ(run.spikes_of(cell).front(), 3 * cell);
  }
}

TEST_P(Behaviour, WindowOfSpikeTimingDependentPlasticity) {
  constexpr Tick FLUX_CROSSING = 100;
  SynapseProperties synapse = direct(1, 10);
  synapse.stm_rate = 100;
  for (NeuronIndex n = 0; n < 130; ++n) build.neuron();
  for (NeuronIndex n = 0; n < 65; ++n) build.synapse(n, 65 + n, synapse);
  Recorder run(build.circuit, GetParam());
  for (Tick t = 0; t <= FLUX_CROSSING + 40; ++t) {
    for (NeuronIndex n = 0; n < 65; ++n) {
      if (t == FLUX_CROSSING - 10) run.fire(n);
      if (t == FLUX_CROSSING + static_cast<Tick>(n) - 32) run.fire(65 + n);
    }
    run.step();
  }
  const auto change_at = [&](std::int32_t lag) {
    const auto n = static_cast<NeuronIndex>(lag + 32);
    return synapse_between(run.net(), n, 65 + n).short_term / 100;
  };
  for (const auto& [lag, change] : std::vector<std::pair<std::int32_t, std::int32_t>>{
           {-32, -3}, {-20, -7}, {-10, -14}, {-5, -20}, {-1, -26}, {0, 32}, {1, 29}, {5, 19}, {10, 12}, {20, 4}, {31, 1}, {32, 0}}) {
    EXPECT_EQ(change_at(lag), change) << "lag " << lag;
  }
  for (std::int32_t lag = -31; lag <= 31; ++lag) {
    EXPECT_TRUE(lag == 0 || change_at(lag) <= change_at(lag - 1)) << "lag " << lag;
  }
}

TEST_P(Behaviour, ShortTermMemoryFades) {
  SynapseProperties synapse = direct(20, 10);
  synapse.stm_rate = 255;
  synapse.restoration_rate = 4;
  build.neuron();
  build.neuron();
  build.synapse(0, 1, synapse);
  Recorder run(build.circuit, GetParam());
  run.fire(0);
  run.run_to(10);
  run.fire(1);
  run.run_to(43);
  const auto weight = [&] { return synapse_between(run.net(), 0, 1).effective_weight; };
  EXPECT_EQ(weight(), 51) << "32 * 255 / 256 more than 20";
  run.step(1020);
  EXPECT_EQ(weight(), 35);
  run.step(1020);
  EXPECT_EQ(weight(), 20);
  EXPECT_EQ(synapse_between(run.net(), 0, 1).short_term, 0);
}

// A neuron (1) that food fires, and that a bell (0) is too weak to fire, until it has learned.
class Dog {
 public:
  explicit Dog(const CoreChoice& core) : run_(circuit(), core) {}

  // The bell rings, food follows, then comes the reward (or none, or punishment).
  void lessons(int count, std::int32_t reward) {
    for (int i = 0; i < count; ++i) {
      const Tick start = run_.net().now();
      run_.fire(0);
      run_.run_to(start + 8);
      run_.fire(1);
      finish_trial(start, reward);
    }
  }
  // The bell rings alone, and something disappointing or nothing follows. Returns how often the dog answered.
  std::size_t bells(int count, std::int32_t disappointment) {
    const Tick begin = run_.net().now();
    for (int i = 0; i < count; ++i) {
      const Tick start = run_.net().now();
      run_.fire(0);
      run_.step();
      finish_trial(start, disappointment);
    }
    return run_.count(1, begin, run_.net().now());
  }
  void wait(Tick ticks) { run_.step(ticks); }
  SynapseView memory() { return synapse_between(run_.net(), 0, 1); }

 private:
  static Circuit circuit() {
    CircuitBuilder builder;
    NeuronProperties salivation = neuron_with(60);
    salivation.modulation_leak = 64;
    salivation.modulation_targets = modulates_learning;
    SynapseProperties learned = direct(40, 3);
    learned.stm_rate = 120;
    learned.ltm_rate = 255;
    learned.restoration_rate = 4;
    builder.neuron();
    builder.neuron(salivation);
    builder.synapse(0, 1, learned);
    return builder.circuit;
  }
  void finish_trial(Tick start, std::int32_t modulation) {
    run_.run_to(start + 50);
    if (modulation != 0) run_.modulate(1, modulation);
    run_.run_to(start + 500);
  }

  Recorder run_;
};

TEST_P(Behaviour, ConditioningNeedsModulation) {
  Dog rewarded(GetParam()), unrewarded(GetParam()), punished(GetParam());
  EXPECT_EQ(rewarded.bells(1, 0), 0u) << "it has to be learned";
  rewarded.lessons(10, 100);
  unrewarded.lessons(10, 0);
  punished.lessons(10, -100);
  for (Dog* dog : {&rewarded, &unrewarded, &punished}) dog->wait(5000);
  EXPECT_GT(rewarded.memory().effective_weight, 60);
  EXPECT_EQ(unrewarded.memory().effective_weight, 40);
  EXPECT_LT(punished.memory().effective_weight, 40);
  EXPECT_EQ(unrewarded.memory().long_term, 0);
  EXPECT_EQ(rewarded.bells(5, 0), 5u);
  EXPECT_EQ(unrewarded.bells(5, 0), 0u);
  EXPECT_EQ(punished.bells(5, 0), 0u);
}

TEST_P(Behaviour, RewardMayComeLaterThanTheDeed) {
  // The reward comes 50 ticks after the bell, 18 after its pairing has closed; what it acts on is the short-term trace.
  Dog dog(GetParam());
  dog.lessons(1, 100);
  dog.wait(5000);
  EXPECT_GT(dog.memory().long_term, 256);
  EXPECT_EQ(dog.memory().short_term, 0);
}

TEST_P(Behaviour, ExtinctionByDisappointment) {
  Dog dog(GetParam());
  dog.lessons(10, 100);
  dog.wait(5000);
  ASSERT_EQ(dog.bells(1, 0), 1u);
  const std::size_t answers = dog.bells(20, -100);
  EXPECT_GE(answers, 3u) << "not forgotten at once";
  EXPECT_LE(answers, 12u);
  dog.wait(5000);
  EXPECT_EQ(dog.bells(5, 0), 0u) << "extinct";
}

}  // namespace
}  // namespace flux::test
