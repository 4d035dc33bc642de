// The laws of docs/model.md as properties of random neurons, networks and inputs.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"
#include "core/rule.h"
#include "support/circuits.h"

namespace flux::test {
namespace {

constexpr std::uint64_t FLUX_CASES = 2000;

// Draws numbers in a range, the same for the same case.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : seed_(seed) {}
  std::int32_t operator()(std::int64_t low, std::int64_t high) {
    return static_cast<std::int32_t>(
        low + static_cast<std::int64_t>(random_below(random_bits(seed_, 1, count_++), static_cast<std::uint64_t>(high - low + 1))));
  }
  // A slider, often at one of its ends, where mistakes live.
  std::uint8_t slider(std::int32_t low = 0) {
    switch ((*this)(0, 5)) {
      case 0:
        return static_cast<std::uint8_t>(low);
      case 1:
        return 255;
      default:
        return static_cast<std::uint8_t>((*this)(low, 255));
    }
  }

 private:
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
};

NeuronProperties draw_properties(Draw& draw) {
  NeuronProperties p;
  p.threshold = draw.slider(1);
  p.min_threshold = static_cast<std::uint8_t>(draw(1, p.threshold));
  p.max_threshold = static_cast<std::uint8_t>(draw(p.threshold, 255));
  p.leak = draw.slider();
  p.refractory_period = draw.slider();
  p.habituation_rate = draw.slider();
  p.potentiation_rate = draw.slider();
  p.modulation_leak = draw.slider();
  p.bursting_rate = draw.slider();
  p.modulation_targets = static_cast<std::uint8_t>(draw(0, 3));
  return p;
}

// Any state a neuron of these properties can be in.
rule::Neuron draw_neuron(Draw& draw, const NeuronProperties& p) {
  rule::Neuron neuron;
  neuron.level = draw(-rule::FLUX_LEVEL_MAX, rule::FLUX_LEVEL_MAX);
  neuron.threshold = draw(p.min_threshold * 256, p.max_threshold * 256);
  neuron.modulation = p.modulation_leak == 0 ? 0 : draw(-rule::FLUX_MODULATION_MAX, rule::FLUX_MODULATION_MAX);
  neuron.refractory_left = draw(0, p.refractory_period);
  neuron.burst_left = p.bursting_rate == 0 ? 0 : draw(0, 255);
  return neuron;
}

TEST(ModelLaws, ManyStepsEqualOneStep) {
  std::size_t changed = 0;
  for (std::uint64_t seed = 0; seed < FLUX_CASES; ++seed) {
    Draw draw(seed);
    const NeuronProperties p = draw_properties(draw);
    const rule::Neuron start = draw_neuron(draw, p);
    const Tick dt = draw(0, 600);
    rule::Neuron at_once = start;
    rule::advance(at_once, p, dt);
    rule::Neuron by_single_steps = start;
    for (Tick t = 0; t < dt; ++t) rule::advance(by_single_steps, p, 1);
    ASSERT_EQ(at_once, by_single_steps) << "case " << seed;

    rule::Neuron in_two = start;
    const Tick first = draw(0, dt);
    rule::advance(in_two, p, first);
    rule::advance(in_two, p, dt - first);
    ASSERT_EQ(at_once, in_two) << "case " << seed;
    changed += at_once == start ? 0u : 1u;
  }
  EXPECT_GT(changed, FLUX_CASES / 2) << "neurons that do not change prove nothing";
}

TEST(ModelLaws, FadeIsAdditive) {
  for (std::uint64_t seed = 0; seed < FLUX_CASES; ++seed) {
    Draw draw(seed);
    const std::int32_t value = draw(-32512, 32512), rate = draw.slider(), a = draw(0, 300), b = draw(0, 300);
    ASSERT_EQ(rule::decay(value, rate * (a + b)), rule::decay(rule::decay(value, rate * a), rate * b)) << "case " << seed;
  }
}

TEST(ModelLaws, RestIsReachedAndDependsOnPropertiesAlone) {
  for (std::uint64_t seed = 0; seed < FLUX_CASES; ++seed) {
    Draw draw(seed);
    NeuronProperties p = draw_properties(draw);
    p.leak = std::max<std::uint8_t>(p.leak, 1);
    rule::Neuron rest;
    rest.threshold = (p.potentiation_rate > 0 ? p.min_threshold : p.threshold) * 256;
    for (int start = 0; start < 3; ++start) {
      rule::Neuron neuron = draw_neuron(draw, p);
      neuron.threshold = std::max(neuron.threshold, rest.threshold);  // below it only while properties are edited
      neuron.burst_left = 0;                                          // its own timer brings a train to its end
      rule::advance(neuron, p, 70'000);
      ASSERT_EQ(neuron, rest) << "case " << seed;
      rule::advance(neuron, p, 1);
      ASSERT_EQ(neuron, rest) << "case " << seed;
    }
  }
}

TEST(ModelLaws, AnEditedNeuronReachesTheSameRest) {
  for (std::uint64_t seed = 0; seed < FLUX_CASES; ++seed) {
    Draw draw(seed);
    const NeuronProperties before = draw_properties(draw);
    NeuronProperties after = draw_properties(draw);
    after.leak = std::max<std::uint8_t>(after.leak, 1);
    rule::Neuron neuron = draw_neuron(draw, before);
    neuron.burst_left = 0;
    rule::fit(neuron, after);
    rule::advance(neuron, after, 70'000);
    rule::Neuron rest;
    rest.threshold = (after.potentiation_rate > 0 ? after.min_threshold : after.threshold) * 256;
    ASSERT_EQ(neuron, rest) << "case " << seed;
  }
}

TEST(ModelLaws, StateStaysInItsRanges) {
  std::size_t fired = 0;
  for (std::uint64_t seed = 0; seed < FLUX_CASES; ++seed) {
    Draw draw(seed);
    const NeuronProperties p = draw_properties(draw);
    rule::Neuron neuron = draw_neuron(draw, p);
    rule::Stimuli stimuli;
    const std::int64_t extremes[] = {0, 1, -1, 127, -128, 2'000'000'000, -2'000'000'000, std::int64_t{1} << 40};
    stimuli.direct = extremes[draw(0, 7)];
    stimuli.modulator = extremes[draw(0, 7)];
    stimuli.electric = extremes[draw(0, 7)];
    fired += rule::receive(neuron, p, stimuli, draw(0, 3) == 0, draw(-4080, 4080)) ? 1u : 0u;
    ASSERT_LE(std::abs(neuron.level), 4080) << "case " << seed;
    ASSERT_LE(std::abs(neuron.modulation), 32512) << "case " << seed;
    ASSERT_GE(neuron.threshold, p.min_threshold * 256) << "case " << seed;
    ASSERT_LE(neuron.threshold, p.max_threshold * 256) << "case " << seed;
    ASSERT_TRUE(neuron.burst_left >= 0 && neuron.burst_left <= 255) << "case " << seed;
    const std::int32_t effective = rule::effective_threshold(neuron.threshold, neuron.modulation, p);
    ASSERT_TRUE(effective >= 16 && effective <= 4080) << "case " << seed;
  }
  EXPECT_GT(fired, FLUX_CASES / 10);
}

TEST(ModelLaws, LearnedPartsStayInTheirRanges) {
  for (std::uint64_t seed = 0; seed < FLUX_CASES; ++seed) {
    Draw draw(seed);
    const std::int32_t short_term = draw(-32512, 32512), long_term = draw(-32512, 32512), gate = draw(-32512, 32512);
    const std::int32_t history_sum = rule::pairing(random_bits(seed, 2, 0));
    ASSERT_LE(std::abs(history_sum), 127);
    ASSERT_LE(std::abs(rule::pair(short_term, history_sum, draw.slider(), gate)), 32512);
    const rule::Learned learned = rule::consolidate({short_term, long_term}, draw.slider(), gate);
    ASSERT_LE(std::abs(learned.long_term), 32512);
    ASSERT_LE(std::abs(learned.short_term), std::abs(short_term)) << "consolidation uses the trace up, never adds to it";
    const std::int32_t weight = draw(-128, 127);
    const std::int32_t effective = rule::effective_weight(weight, short_term, long_term);
    ASSERT_TRUE(weight >= 0 ? effective >= 0 && effective <= 127 : effective <= 0 && effective >= -128);
  }
}

TEST(ModelLaws, PairingSumsTheKernelByLag) {
  for (int k = 0; k < 64; ++k) {
    const std::int32_t lag = 31 - k;
    EXPECT_EQ(rule::pairing(std::uint64_t{1} << k), rule::FLUX_KERNEL[static_cast<std::size_t>(lag + 32)]) << "lag " << lag;
    EXPECT_EQ(rule::pairing(std::uint64_t{1} << k) > 0, lag >= 0) << "lag " << lag;
  }
  EXPECT_EQ(rule::pairing(0), 0);
  EXPECT_EQ(rule::pairing(~std::uint64_t{0}), 323 - 341);
}

// --- Whole networks ---------------------------------------------------------------------------------------------------------------

struct Outcome {
  std::vector<Spike> spikes;
  NetworkHash hash;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// 400 ticks of a random network with 8 stimuli a tick. 203 neurons: no vector width and no number of threads divides them.
Outcome run_random(std::uint64_t seed, const CoreChoice& core, std::uint64_t noise_seed) {
  Recorder run(random_circuit(seed, 203, 2500), core, noise_seed);
  for (int t = 0; t < 400; ++t) {
    stimulate_at_random(run.net(), seed, 8);
    run.step();
  }
  return {run.spikes(), run.net().hash()};
}

TEST(ModelLaws, TheSameOnEveryCoreAndThreadCount) {
  constexpr CoreChoice FLUX_CORES[] = {{"cpu_1", CoreKind::cpu, 1}, {"cpu_2", CoreKind::cpu, 2}, {"cpu_8", CoreKind::cpu, 8}};
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const Outcome want = run_random(seed, FLUX_REFERENCE, seed);
    ASSERT_GT(want.spikes.size(), 1000u) << "a silent network proves nothing";
    for (const CoreChoice& core : FLUX_CORES) {
      const Outcome got = run_random(seed, core, seed);
      EXPECT_EQ(got.spikes, want.spikes) << core.name << ", seed " << seed;
      EXPECT_EQ(got.hash, want.hash) << core.name << ", seed " << seed;
    }
  }
}

TEST(ModelLaws, NoiseIsDeterminedByItsSeed) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const NetworkSettings settings = random_circuit(seed, 203, 2500).settings;
    const bool noisy = settings.threshold_noise > 0 || settings.delay_jitter > 0;
    const Outcome first = run_random(seed, FLUX_ALL_CORES[1], 11);
    EXPECT_EQ(first, run_random(seed, FLUX_ALL_CORES[1], 11)) << "seed " << seed;
    EXPECT_EQ(first.spikes != run_random(seed, FLUX_ALL_CORES[1], 12).spikes, noisy) << "seed " << seed;
  }
}

class NetworkLaws : public testing::TestWithParam<CoreChoice> {};
INSTANTIATE_TEST_SUITE_P(Cores, NetworkLaws, testing::ValuesIn(FLUX_ALL_CORES),
                         [](const testing::TestParamInfo<CoreChoice>& test) { return std::string(test.param.name); });

TEST_P(NetworkLaws, OrderOfStimuliDoesNotMatter) {
  const Circuit circuit = random_circuit(3, 203, 2500);
  Recorder forward(circuit, GetParam());
  Recorder backward(circuit, GetParam());
  for (std::uint64_t t = 0; t < 300; ++t) {
    std::vector<std::pair<NeuronIndex, std::int32_t>> stimuli;
    stimuli.reserve(12);
    Draw draw(t);
    for (int i = 0; i < 12; ++i) stimuli.emplace_back(draw(0, 40), draw(-300, 400));
    const auto give = [](Recorder& run, const std::pair<NeuronIndex, std::int32_t>& stimulus) {
      run.stimulate(stimulus.first, stimulus.second);
      run.modulate(stimulus.first, stimulus.second / 3);
      if (stimulus.second % 7 == 0) run.fire(stimulus.first);
    };
    for (auto it = stimuli.begin(); it != stimuli.end(); ++it) give(forward, *it);
    for (auto it = stimuli.rbegin(); it != stimuli.rend(); ++it) give(backward, *it);
    forward.step();
    backward.step();
  }
  ASSERT_GT(forward.spikes().size(), 500u);
  EXPECT_EQ(forward.spikes(), backward.spikes());
  EXPECT_EQ(forward.net().hash(), backward.net().hash());
}

TEST_P(NetworkLaws, ManyTicksAtOnceEqualSingleTicks) {
  const Circuit circuit = random_circuit(4, 203, 2500);
  Recorder single(circuit, GetParam());
  Recorder at_once(circuit, GetParam());
  for (int round = 0; round < 5; ++round) {
    stimulate_at_random(single.net(), 4, 60);
    stimulate_at_random(at_once.net(), 4, 60);
    for (int t = 0; t < 131; ++t) {
      single.step();
      for (NeuronIndex n = 0; n < 5; ++n) (void)single.state(n);  // looking changes nothing
    }
    at_once.step(131);
  }
  ASSERT_GT(single.spikes().size(), 500u);
  EXPECT_EQ(single.spikes(), at_once.spikes());
  EXPECT_EQ(single.net().hash(), at_once.net().hash());
}

TEST_P(NetworkLaws, NoSpikeWithinTheRefractoryPeriod) {
  const Circuit circuit = random_circuit(5, 203, 2500);
  Recorder run(circuit, GetParam());
  for (int t = 0; t < 500; ++t) {
    stimulate_at_random(run.net(), 5, 40);
    run.step();
  }
  std::size_t intervals = 0;
  for (NeuronIndex n = 0; n < 203; ++n) {
    const std::vector<Tick> ticks = run.spikes_of(n);
    for (std::size_t i = 1; i < ticks.size(); ++i, ++intervals) {
      ASSERT_GT(ticks[i] - ticks[i - 1], circuit.neurons[n].properties.refractory_period) << "neuron " << n << " at " << ticks[i];
    }
  }
  EXPECT_GT(intervals, 500u);
}

TEST_P(NetworkLaws, ComesToRestWhateverHappened) {
  Circuit circuit = random_circuit(6, 203, 600);
  for (NeuronNode& node : circuit.neurons) {
    node.properties.auto_firing_rate = 0;
    node.properties.leak = std::max<std::uint8_t>(node.properties.leak, 5);
  }
  for (SynapseNode& synapse : circuit.synapses) {
    synapse.properties.type = synapse.properties.type == SynapseType::electric ? SynapseType::direct : synapse.properties.type;
    if (synapse.target <= synapse.source) synapse.target = (synapse.source + 1) % 203;
    if (synapse.target < synapse.source) synapse.properties.weight = -20;  // no loop keeps itself going
  }
  Recorder run(circuit, GetParam());
  for (int t = 0; t < 200; ++t) {
    stimulate_at_random(run.net(), 6, 30);
    run.step();
  }
  ASSERT_GT(run.spikes().size(), 500u);
  run.step(80'000);
  const std::size_t spikes = run.spikes().size();
  for (NeuronIndex n = 0; n < 203; ++n) {
    const NeuronProperties& p = circuit.neurons[n].properties;
    const NeuronState state = run.state(n);
    ASSERT_EQ(state.level, 0) << "neuron " << n;
    ASSERT_EQ(state.modulation, 0) << "neuron " << n;
    ASSERT_EQ(state.threshold, (p.potentiation_rate > 0 ? p.min_threshold : p.threshold) * 256) << "neuron " << n;
    ASSERT_EQ(state.refractory_left + state.burst_left + state.own_spike_in, 0) << "neuron " << n;
  }
  run.step(1000);
  EXPECT_EQ(run.spikes().size(), spikes);
}

TEST_P(NetworkLaws, StimuliBeyondAllMeasureSaturate) {
  CircuitBuilder builder;
  NeuronProperties p = counting_neuron(255);
  p.modulation_leak = 1;
  for (int n = 0; n < 3; ++n) builder.neuron(p);
  Recorder run(builder.circuit, GetParam());
  for (int i = 0; i < 100; ++i) {
    run.stimulate(0, -2'000'000'000);
    run.modulate(1, 2'000'000'000);
    run.modulate(2, -2'000'000'000);
  }
  run.step();
  EXPECT_EQ(run.state(0).level, -4080);
  EXPECT_EQ(run.state(1).modulation, 32512);
  EXPECT_EQ(run.state(2).modulation, -32512);
  for (int i = 0; i < 100; ++i) run.stimulate(0, 2'000'000'000);
  run.step();
  EXPECT_EQ(run.spikes_of(0), std::vector<Tick>{1}) << "-255 + 2047 levels are enough";
}

}  // namespace
}  // namespace flux::test
