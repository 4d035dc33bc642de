// The worked examples of docs/model.md, by number, each on every core.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "core/rule.h"
#include "support/circuits.h"

namespace flux::test {
namespace {

using Ticks = std::vector<Tick>;

class ModelExample : public testing::TestWithParam<CoreChoice> {};

INSTANTIATE_TEST_SUITE_P(Cores, ModelExample, testing::ValuesIn(FLUX_ALL_CORES),
                         [](const testing::TestParamInfo<CoreChoice>& test) { return std::string(test.param.name); });

Circuit single(const NeuronProperties& properties) {
  CircuitBuilder builder;
  builder.neuron(properties);
  return builder.circuit;
}

// Neuron 0 drives neuron 1 over one synapse.
Circuit pair(const NeuronProperties& target, const SynapseProperties& synapse) {
  CircuitBuilder builder;
  builder.neuron();
  builder.neuron(target);
  builder.synapse(0, 1, synapse);
  return builder.circuit;
}

TEST_P(ModelExample, E1TimePassing) {
  for (const std::int32_t sign : {1, -1}) {
    Recorder run(single({}), GetParam());
    run.stimulate(0, sign * 20);
    run.step();
    EXPECT_EQ(run.state(0).level, sign * 320);
    run.step(5);
    EXPECT_EQ(run.state(0).level, sign * 220);
    run.step(11);
    EXPECT_EQ(run.state(0).level, 0);
    run.step(100);
    EXPECT_EQ(run.state(0).level, 0);
  }
  Recorder counting(single(counting_neuron(127)), GetParam());
  counting.stimulate(0, 20);
  counting.step(100'000);
  EXPECT_EQ(counting.state(0).level, 320);
}

TEST_P(ModelExample, E2Summation) {
  for (const bool swapped : {false, true}) {
    Recorder run(single(counting_neuron(255)), GetParam());
    run.stimulate(0, 200);
    run.step();
    run.stimulate(0, swapped ? -50 : 100);
    run.stimulate(0, swapped ? 100 : -50);
    run.step();
    EXPECT_EQ(run.state(0).level, 4000);
  }
  Recorder run(single(counting_neuron(255)), GetParam());
  run.stimulate(0, 3000);
  run.stimulate(0, -3000);
  run.step();
  EXPECT_EQ(run.state(0).level, 0);
  EXPECT_TRUE(run.spikes().empty());
  run.stimulate(0, -200);
  run.stimulate(0, -200);
  run.step();
  EXPECT_EQ(run.state(0).level, -4080);
}

TEST_P(ModelExample, E3Firing) {
  Recorder run(single(counting_neuron(50)), GetParam());
  run.stimulate(0, 49);
  run.step();
  EXPECT_TRUE(run.spikes().empty());
  EXPECT_EQ(run.state(0).level, 784);
  run.stimulate(0, 1);
  run.step();
  EXPECT_EQ(run.spikes_of(0), Ticks{1});
  EXPECT_EQ(run.state(0).level, 0);

  run.run_to(20);
  run.stimulate(0, 50);
  run.step();
  EXPECT_EQ(run.spikes_of(0), (Ticks{1, 20}));
}

TEST_P(ModelExample, E4RefractoryPeriod) {
  for (const std::uint8_t period : {std::uint8_t{5}, std::uint8_t{0}}) {
    NeuronProperties p = neuron_with(127);
    p.refractory_period = period;
    Recorder run(single(p), GetParam());
    Ticks every_tick;
    for (Tick t = 0; t <= 12; ++t) {
      every_tick.push_back(t);
      run.stimulate(0, 127);
      run.step();
    }
    EXPECT_EQ(run.spikes_of(0), period == 5 ? (Ticks{0, 6, 12}) : every_tick);
    EXPECT_EQ(run.state(0).refractory_left, period);
  }
}

TEST_P(ModelExample, E5Trains) {
  NeuronProperties p = neuron_with(50);
  p.bursting_rate = 128;
  const auto spikes_after = [&](std::int32_t stimulus) {
    Recorder run(single(p), GetParam());
    run.stimulate(0, stimulus);
    run.step(200);
    return run.spikes_of(0);
  };
  EXPECT_EQ(spikes_after(127), (Ticks{0, 6, 12, 18, 24, 30, 36, 42, 48, 54}));
  EXPECT_EQ(spikes_after(57), Ticks{0});
  EXPECT_EQ(spikes_after(58), (Ticks{0, 6}));
}

TEST_P(ModelExample, E6AutoFiring) {
  NeuronProperties p;
  p.auto_firing_rate = 100;
  Recorder run(single(p), GetParam());
  EXPECT_EQ(run.state(0).own_spike_in, 101) << "the first tick is 0, its own spike comes at 100";
  run.run_to(230);
  run.fire(0);
  run.run_to(500);
  EXPECT_EQ(run.spikes_of(0), (Ticks{100, 200, 230, 330, 430}));

  p.auto_firing_rate = 3;
  Recorder fast(single(p), GetParam());
  fast.run_to(20);
  EXPECT_EQ(fast.spikes_of(0), (Ticks{3, 9, 15}));
}

NeuronProperties habituating() {
  NeuronProperties p = neuron_with(60);
  p.max_threshold = 200;
  p.habituation_rate = 150;
  p.refractory_period = 8;
  p.leak = 255;
  return p;
}

TEST_P(ModelExample, E7Habituation) {
  Recorder run(single(habituating()), GetParam());
  run.fire(0);
  run.run_to(3);
  run.stimulate(0, 60);
  run.step();
  EXPECT_EQ(run.state(0).threshold, 19860);
  run.run_to(20);
  run.stimulate(0, 77);
  run.run_to(30);
  EXPECT_EQ(run.spikes_of(0), Ticks{0});
  run.stimulate(0, 78);
  run.run_to(4503);
  EXPECT_EQ(run.spikes_of(0), (Ticks{0, 30}));
  EXPECT_EQ(run.state(0).threshold, 15361);
  run.step(2);
  EXPECT_EQ(run.state(0).threshold, 15360);
}

TEST_P(ModelExample, E7HabituationEndsAtTheMaximum) {
  Recorder run(single(habituating()), GetParam());
  run.fire(0);
  run.step();
  for (int i = 0; i < 8; ++i) {
    run.stimulate(0, 60);
    run.step();
  }
  EXPECT_EQ(run.state(0).threshold, 51200);
}

TEST_P(ModelExample, E8Potentiation) {
  NeuronProperties p = neuron_with(60);
  p.min_threshold = 40;
  p.potentiation_rate = 10;
  Recorder run(single(p), GetParam());
  run.stimulate(0, 45);
  run.run_to(100);
  EXPECT_EQ(run.state(0).threshold, 14360);
  run.run_to(511);
  EXPECT_EQ(run.state(0).threshold, 10250);
  run.step();
  EXPECT_EQ(run.state(0).threshold, 10240);
  run.run_to(600);
  EXPECT_EQ(run.state(0).threshold, 10240);
  run.stimulate(0, 45);
  run.step();
  EXPECT_EQ(run.spikes_of(0), Ticks{600});
  EXPECT_EQ(run.state(0).threshold, 15360);
}

NeuronProperties modulated() {
  NeuronProperties p = counting_neuron(100);
  p.modulation_leak = 10;
  return p;
}

TEST_P(ModelExample, E9ModulationOfTheThreshold) {
  const auto after = [&](std::int32_t modulator_levels, std::int32_t stimulus) {
    Recorder run(single(modulated()), GetParam());
    run.modulate(0, modulator_levels);
    run.stimulate(0, stimulus);
    run.step();
    return run.spikes().size();
  };
  EXPECT_EQ(after(64, 75), 1u);
  EXPECT_EQ(after(64, 74), 0u);
  EXPECT_EQ(after(-64, 125), 1u);
  EXPECT_EQ(after(-64, 124), 0u);

  Recorder full(single(modulated()), GetParam());
  full.modulate(0, 127);
  full.step();
  EXPECT_EQ(full.state(0).modulation, 32512);
  EXPECT_EQ(full.state(0).effective_threshold, 807);

  Recorder fading(single(modulated()), GetParam());
  fading.modulate(0, 64);
  fading.step();
  EXPECT_EQ(fading.state(0).modulation, 16384);
  EXPECT_EQ(fading.state(0).effective_threshold, 1200);
  fading.step(1638);
  EXPECT_EQ(fading.state(0).modulation, 4);
  fading.step();
  EXPECT_EQ(fading.state(0).modulation, 0);
}

TEST_P(ModelExample, E9ModulationNeverFires) {
  Recorder run(single(modulated()), GetParam());
  run.stimulate(0, 80);
  run.step();
  run.modulate(0, 64);
  run.step();
  EXPECT_GT(run.state(0).level, run.state(0).effective_threshold);
  run.stimulate(0, -1);
  run.step();
  EXPECT_GT(run.state(0).level, run.state(0).effective_threshold);
  EXPECT_TRUE(run.spikes().empty());
  run.stimulate(0, 1);
  run.step();
  EXPECT_EQ(run.spikes_of(0), Ticks{3});
}

TEST_P(ModelExample, E9InsensitiveWithoutModulationLeak) {
  NeuronProperties p = modulated();
  p.modulation_leak = 0;
  Recorder run(single(p), GetParam());
  run.modulate(0, 127);
  run.step();
  EXPECT_EQ(run.state(0).modulation, 0);
}

TEST_P(ModelExample, E10ThresholdNoise) {
  NetworkSettings settings;
  settings.seed = 1;
  settings.threshold_noise = 4;
  std::vector<std::int32_t> noise;
  for (Tick t = 0; t < 6; ++t) noise.push_back(rule::threshold_noise(settings, 0, t));
  EXPECT_EQ(noise, (std::vector<std::int32_t>{-14, 13, 17, -51, -6, 39}));

  NeuronProperties p = counting_neuron(50);
  p.refractory_period = 0;
  Circuit circuit = single(p);
  circuit.settings = settings;
  Recorder run(circuit, GetParam());
  for (int t = 0; t < 3; ++t) {
    run.stimulate(0, 50);
    run.step();
  }
  EXPECT_EQ(run.spikes_of(0), (Ticks{0, 2}));
}

TEST_P(ModelExample, E11Delay) {
  Recorder run(pair({}, direct(50, 10)), GetParam());
  run.fire(0);
  run.run_to(10);
  EXPECT_EQ(run.state(1).level, 0);
  run.step();
  EXPECT_EQ(run.state(1).level, 800);
  run.step();
  EXPECT_EQ(run.state(1).level, 780);
}

TEST_P(ModelExample, E11DelayJitter) {
  Circuit circuit = pair({}, electric(1, 1));
  circuit.settings.seed = 1;
  circuit.settings.delay_jitter = 3;
  Recorder run(circuit, GetParam());
  for (int spike = 0; spike < 6; ++spike) {
    run.fire(0);
    run.step(10);
  }
  EXPECT_EQ(run.spikes_of(0), (Ticks{0, 10, 20, 30, 40, 50}));
  EXPECT_EQ(run.spikes_of(1), (Ticks{1, 11, 22, 31, 43, 51}));
}

TEST_P(ModelExample, E12SynapseTypes) {
  NeuronProperties p = neuron_with(255);
  p.modulation_leak = 10;
  const auto end_state = [&](const SynapseProperties& synapse, std::size_t spikes) {
    Recorder run(pair(p, synapse), GetParam());
    run.fire(0);
    run.step(2);
    EXPECT_EQ(run.spikes_of(1).size(), spikes);
    return run.state(1);
  };
  EXPECT_EQ(end_state(direct(100), 0).level, 1600);
  EXPECT_EQ(end_state(modulator(100), 0).modulation, 25600);
  EXPECT_EQ(end_state(modulator(100), 0).level, 0);
  EXPECT_EQ(end_state(electric(1), 1).level, 0);
  EXPECT_EQ(end_state(electric(-1), 0).level, 0);

  Recorder refractory(pair(p, electric(100)), GetParam());
  refractory.fire(0);
  refractory.fire(1);
  refractory.step(20);
  EXPECT_EQ(refractory.spikes_of(1), Ticks{0});
}

TEST_P(ModelExample, E13EffectiveWeight) {
  EXPECT_EQ(rule::effective_weight(20, 1280, 1330), 30);
  EXPECT_EQ(rule::effective_weight(-20, 1280, 1330), -30);
  EXPECT_EQ(rule::effective_weight(20, -1, 0), 19);
  EXPECT_EQ(rule::effective_weight(20, 0, -32512), 0);
  EXPECT_EQ(rule::effective_weight(-20, 0, 32512), -128);

  for (const int sign : {1, -1}) {
    CircuitBuilder builder;
    builder.neuron();
    builder.neuron();
    SynapseProperties plastic = direct(static_cast<std::int8_t>(20 * sign), 10);
    plastic.stm_rate = 1;
    builder.synapse(0, 1, plastic, 2610);
    Recorder run(builder.circuit, GetParam());
    EXPECT_EQ(synapse_between(run.net(), 0, 1).effective_weight, sign * 30);
    run.fire(0);
    run.step(11);
    EXPECT_EQ(run.state(1).level, sign * 480);
  }
}

SynapseProperties learning(std::uint8_t stm_rate) {
  SynapseProperties p = direct(20, 10);
  p.stm_rate = stm_rate;
  return p;
}

// Short-term part at the end of tick 42 of the synapse 0 -> 1 (length 10) after a spike of its source at tick 0 and these of its target.
std::int32_t short_term_after(const CoreChoice& core, const Ticks& target_spikes, Tick end = 43, std::uint8_t restoration = 0) {
  SynapseProperties synapse = learning(10);
  synapse.restoration_rate = restoration;
  Recorder run(pair({}, synapse), core);
  run.fire(0);
  for (const Tick t : target_spikes) {
    run.run_to(t);
    run.fire(1);
  }
  run.run_to(end);
  return synapse_between(run.net(), 0, 1).short_term;
}

TEST_P(ModelExample, E14Fade) {
  EXPECT_EQ(short_term_after(GetParam(), {15}, 43, 3), 190);
  EXPECT_EQ(short_term_after(GetParam(), {15}, 53, 3), 160);
  EXPECT_EQ(short_term_after(GetParam(), {15}, 106, 3), 1);
  EXPECT_EQ(short_term_after(GetParam(), {15}, 107, 3), 0);
  EXPECT_EQ(rule::decay(-190, 3 * 10), -160);
  EXPECT_EQ(rule::decay(-190, 3 * 64), 0);
}

TEST_P(ModelExample, E15Pairing) {
  EXPECT_EQ(short_term_after(GetParam(), {15}, 42), 0);
  EXPECT_EQ(short_term_after(GetParam(), {15}), 190);
  EXPECT_EQ(short_term_after(GetParam(), {5}), -200);
  EXPECT_EQ(short_term_after(GetParam(), {5, 15}), -10);
}

TEST_P(ModelExample, E15KernelSums) {
  const auto first = rule::FLUX_KERNEL.begin();
  EXPECT_EQ(std::accumulate(first, first + 32, 0), -341);
  EXPECT_EQ(std::accumulate(first + 32, first + 64, 0), 323);
}

TEST_P(ModelExample, E16ModulatedPairing) {
  EXPECT_EQ(rule::pair(0, 19, 10, 16384), 285);
  EXPECT_EQ(rule::pair(0, 19, 10, -16384), 95);

  NeuronProperties target;
  target.modulation_leak = 1;
  Recorder run(pair(target, learning(10)), GetParam());
  run.fire(0);
  run.run_to(15);
  run.fire(1);
  run.run_to(41);
  run.modulate(1, 64);
  run.step(2);
  EXPECT_EQ(synapse_between(run.net(), 0, 1).short_term, 284);
}

TEST_P(ModelExample, E17Consolidation) {
  const auto parts = [](std::int32_t short_term, std::int32_t ltm_rate, std::int32_t m) {
    const rule::Learned learned = rule::consolidate({short_term, 0}, ltm_rate, m);
    return std::array{learned.short_term, learned.long_term};
  };
  EXPECT_EQ(parts(10240, 128, 16384), (std::array{7680, 2560}));
  EXPECT_EQ(parts(10240, 128, -16384), (std::array{7680, -2560}));
  EXPECT_EQ(parts(10240, 128, 0), (std::array{10240, 0}));
  EXPECT_EQ(parts(-3, 255, 32512), (std::array{-2, -1}));
}

TEST_P(ModelExample, E18ConsolidationHasItsTurn) {
  NeuronProperties target;
  target.modulation_leak = 1;
  SynapseProperties synapse = learning(255);
  synapse.ltm_rate = 128;
  for (const NeuronIndex source : {0u, 5u}) {
    CircuitBuilder builder;
    for (NeuronIndex n = 0; n < 7; ++n) builder.neuron(target);
    builder.synapse(source, 6, synapse);
    Recorder run(builder.circuit, GetParam());
    run.fire(source);
    run.run_to(10);
    run.fire(6);
    run.run_to(120);
    run.modulate(6, 64);
    const Tick turn = source == 0 ? 128 : 123;
    run.run_to(turn);
    EXPECT_EQ(synapse_between(run.net(), source, 6).short_term, 8160);
    EXPECT_EQ(synapse_between(run.net(), source, 6).long_term, 0);
    run.step();
    EXPECT_LT(synapse_between(run.net(), source, 6).short_term, 8160);
    EXPECT_GT(synapse_between(run.net(), source, 6).long_term, 0);
    if (source != 0) continue;
    EXPECT_EQ(synapse_between(run.net(), source, 6).short_term, 6121);
    EXPECT_EQ(synapse_between(run.net(), source, 6).long_term, 2039);
  }
}

TEST_P(ModelExample, E19SynapsesEditedWhileASpikeIsUnderWay) {
  Recorder removed(pair({}, direct(50, 10)), GetParam());
  removed.fire(0);
  removed.run_to(6);
  ASSERT_TRUE(removed.net().remove_synapse({0, 1, SynapseType::direct, 0}).ok());
  removed.run_to(11);
  EXPECT_EQ(removed.state(1).level, 0);

  CircuitBuilder builder;
  builder.neuron();
  builder.neuron();
  builder.synapse(0, 0, direct(1, 10));  // so that the spike of 0 is kept in mind
  Recorder added(builder.circuit, GetParam());
  added.fire(0);
  added.run_to(6);
  ASSERT_TRUE(added.net().add_synapse(0, 1, direct(50, 10)).ok());
  added.run_to(11);
  EXPECT_EQ(added.state(1).level, 800);
}

TEST_P(ModelExample, E20UpdatedNeuron) {
  Recorder run(single(habituating()), GetParam());
  run.fire(0);
  run.run_to(3);
  run.stimulate(0, 60);
  run.step();
  ASSERT_EQ(run.state(0).threshold, 19860);
  NeuronProperties p = neuron_with(50);
  p.max_threshold = 70;
  ASSERT_TRUE(run.net().update_neuron(0, p).ok());
  EXPECT_EQ(run.state(0).threshold, 17920);
  run.step(6000);
  EXPECT_EQ(run.state(0).threshold, 12800);
}

TEST_P(ModelExample, E21Rest) {
  NeuronProperties p = neuron_with(60);
  p.min_threshold = 40;
  p.potentiation_rate = 1;
  p.modulation_leak = 5;
  Recorder run(single(p), GetParam());
  run.stimulate(0, 100);
  run.modulate(0, -50);
  run.step();
  ASSERT_EQ(run.spikes_of(0), Ticks{0});
  run.step(6000);
  const NeuronState rest = run.state(0);
  EXPECT_EQ(rest.level, 0);
  EXPECT_EQ(rest.threshold, 10240);
  EXPECT_EQ(rest.modulation, 0);
  run.step();
  EXPECT_EQ(run.state(0), rest);
}

TEST_P(ModelExample, E22Silence) {
  CircuitBuilder builder;
  builder.circuit.settings.threshold_noise = 255;
  builder.circuit.settings.delay_jitter = 255;
  for (NeuronIndex n = 0; n < 50; ++n) builder.neuron(neuron_with(1));
  for (NeuronIndex n = 0; n < 50; ++n) builder.synapse(n, (n + 1) % 50, direct(127));
  Recorder run(builder.circuit, GetParam());
  run.step(3000);
  EXPECT_TRUE(run.spikes().empty());
  run.stimulate(0, 255);
  run.step(3000);
  EXPECT_FALSE(run.spikes().empty()) << "it could have fired";
}

TEST_P(ModelExample, E23TimeIsAdditive) {
  Recorder watched(single({}), GetParam());
  Recorder left_alone(single({}), GetParam());
  for (Recorder* run : {&watched, &left_alone}) run->stimulate(0, 100);
  for (int i = 0; i < 37; ++i) {
    watched.stimulate(0, 0);
    watched.step();
    (void)watched.state(0);
  }
  left_alone.step(37);
  EXPECT_EQ(watched.state(0), left_alone.state(0));
  EXPECT_EQ(left_alone.state(0).level, 1600 - 36 * 20);
}

TEST_P(ModelExample, E24ModulatorCountsInItsOwnTick) {
  Recorder run(single(modulated()), GetParam());
  run.stimulate(0, 75);
  run.step();
  EXPECT_TRUE(run.spikes().empty());
  Recorder both(single(modulated()), GetParam());
  both.stimulate(0, 75);
  both.modulate(0, 64);
  both.step();
  EXPECT_EQ(both.spikes_of(0), Ticks{0});
}

TEST(ModelPage, EveryExampleIsATest) {
  std::ifstream file(FLUX_SOURCE_DIR "/docs/model.md");
  ASSERT_TRUE(file.is_open());
  const std::string page(std::istreambuf_iterator<char>(file), {});
  std::set<std::string> tested;  // "E7" of ModelExample.E7Habituation
  const testing::UnitTest& all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    for (int j = 0; j < all.GetTestSuite(i)->total_test_count(); ++j) {
      const std::string name = all.GetTestSuite(i)->GetTestInfo(j)->name();
      tested.insert(name.substr(0, name.find_first_not_of("0123456789", 1)));
    }
  }
  for (int number = 1; number <= 24; ++number) {
    const std::string example = "E" + std::to_string(number);
    EXPECT_NE(page.find("**" + example + ".**"), std::string::npos) << example;
    EXPECT_EQ(tested.count(example), 1u) << example;
  }
  EXPECT_EQ(page.find("**E25.**"), std::string::npos) << "a new example needs a test";
}

}  // namespace
}  // namespace flux::test
