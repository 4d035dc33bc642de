// Every core equals the reference, field by field, on random networks with every feature in use, with edits and with snapshots moved
// between cores during the run. FLUX_PARITY_NETWORKS=1000 runs the whole suite; the default is a smaller one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>

#include "core/core.h"

namespace flux {
namespace {

constexpr Tick FLUX_TICKS = 1000;

struct RandomNetwork {
  NetworkSettings settings;
  std::uint32_t delay_group = 1;
  std::vector<NeuronProperties> neurons;
  std::vector<std::vector<SynapseSpec>> rows;
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  int below(int bound) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(bound)); }
  int between(int low, int high) { return low + below(high - low + 1); }
  bool chance(int percent) { return below(100) < percent; }

 private:
  std::mt19937_64 engine_;
};

NeuronProperties random_neuron(Random& random, bool plain) {
  NeuronProperties p;
  p.threshold = p.min_threshold = p.max_threshold = static_cast<std::uint8_t>(random.between(10, random.chance(20) ? 255 : 90));
  p.leak = static_cast<std::uint8_t>(random.chance(20) ? random.below(256) : random.below(30));
  p.refractory_period = static_cast<std::uint8_t>(random.chance(10) ? random.below(256) : random.below(8));
  if (random.chance(15))
    p.auto_firing_rate = static_cast<std::uint16_t>(random.chance(10) ? random.between(1, 65535) : random.between(1, 120));
  if (plain) return p;
  if (random.chance(40)) p.min_threshold = static_cast<std::uint8_t>(random.between(1, p.threshold));
  if (random.chance(40)) p.max_threshold = static_cast<std::uint8_t>(random.between(p.threshold, 255));
  if (random.chance(40)) p.habituation_rate = static_cast<std::uint8_t>(random.below(256));
  if (random.chance(40)) p.potentiation_rate = static_cast<std::uint8_t>(random.below(256));
  if (random.chance(50)) p.modulation_leak = static_cast<std::uint8_t>(random.below(256));
  if (random.chance(40)) p.bursting_rate = static_cast<std::uint8_t>(random.below(256));
  p.modulation_targets = static_cast<std::uint8_t>(random.below(4));
  return p;
}

SynapseSpec random_synapse(Random& random, std::uint32_t neurons, bool plain) {
  SynapseSpec s;
  s.target = static_cast<NeuronIndex>(random.below(static_cast<int>(neurons)));
  s.properties.weight = static_cast<std::int8_t>(random.chance(10) ? random.between(-128, 127) : random.between(-25, 40));
  s.properties.length = static_cast<std::uint16_t>(random.chance(2) ? random.between(1, 3000) : random.between(1, 20));
  if (plain) return s;
  if (random.chance(15)) s.properties.type = SynapseType::modulator;
  if (random.chance(5)) s.properties.type = SynapseType::electric;
  if (random.chance(35)) {
    s.properties.stm_rate = static_cast<std::uint8_t>(random.between(1, random.chance(50) ? 255 : 20));
    if (random.chance(60)) s.properties.ltm_rate = static_cast<std::uint8_t>(random.below(256));
    if (random.chance(60)) s.properties.restoration_rate = static_cast<std::uint8_t>(random.below(random.chance(50) ? 256 : 8));
    if (random.chance(20)) s.long_term = static_cast<std::int16_t>(random.between(-32512, 32512));
  }
  return s;
}

RandomNetwork random_network(std::uint64_t seed) {
  Random random(seed);
  RandomNetwork network;
  const bool plain = random.chance(25);  // only what the vectorised sweep handles
  network.settings.seed = seed;
  if (!plain && random.chance(20)) network.settings.threshold_noise = static_cast<std::uint8_t>(random.below(30));
  if (random.chance(20)) network.settings.delay_jitter = static_cast<std::uint8_t>(random.below(12));
  network.delay_group = 1u << random.below(4);
  const int neurons = random.chance(10) ? random.between(1, 4) : random.between(20, 203);
  for (int i = 0; i < neurons; ++i) {
    const bool same = plain && !network.neurons.empty() && random.chance(90);
    network.neurons.push_back(same ? network.neurons.back() : random_neuron(random, plain || random.chance(30)));
  }
  for (int i = 0; i < neurons; ++i) {
    auto& row = network.rows.emplace_back();
    for (int k = random.chance(10) ? 0 : random.below(24); k > 0; --k)
      row.push_back(random_synapse(random, static_cast<std::uint32_t>(neurons), plain));
  }
  return network;
}

std::shared_ptr<Graph> build(const RandomNetwork& network) {
  GraphHints hints;
  hints.neurons = network.neurons.size();
  hints.delay_group = network.delay_group;
  GraphBuilder builder(network.settings, hints);
  for (const NeuronProperties& p : network.neurons) EXPECT_TRUE(builder.add_neurons(p).ok());
  for (NeuronIndex n = 0; n < network.rows.size(); ++n) EXPECT_TRUE(builder.append_row(n, network.rows[n]).ok());
  auto graph = builder.finish();
  EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : graph.error().message());
  return std::make_shared<Graph>(std::move(graph).value());
}

std::vector<Stimulus> random_stimuli(Random& random, Tick t, std::uint32_t neurons) {
  std::vector<Stimulus> stimuli;
  for (int i = random.chance(50) ? random.below(6) : 0; i > 0; --i) {
    const auto neuron = static_cast<NeuronIndex>(random.below(static_cast<int>(neurons)));
    const auto kind = static_cast<Stimulus::Kind>(random.chance(60) ? 0 : random.below(3));
    const int size = random.chance(5) ? 1000000000 : 150;
    stimuli.push_back({t, neuron, kind, random.between(-size / 4, size)});
  }
  return stimuli;
}

// The edit number `seed` of a run, made on one core. The same for every core, since all have the same graph.
void random_edit(Core& core, std::uint64_t seed) {
  Random random(seed);
  const Graph& graph = core.graph();
  const auto neuron = static_cast<NeuronIndex>(random.below(static_cast<int>(graph.neuron_count())));
  if (!graph.exists(neuron)) return;
  const int what = random.below(10);
  if (what == 0) {
    ASSERT_TRUE(core.add_neuron(random_neuron(random, random.chance(50))).ok());
  } else if (what <= 3) {
    ASSERT_TRUE(core.set_properties(neuron, random_neuron(random, random.chance(50))).ok());
  } else {
    std::vector<SynapseSpec> specs;
    std::vector<LearnedWeight> learned, old;
    ASSERT_TRUE(core.take_learned(neuron, old));
    auto next = old.begin();
    for (const RowSynapse& synapse : graph.row(neuron)) {
      const LearnedWeight weight = synapse.properties.plastic() ? *next++ : LearnedWeight{0, 0};
      if (random.chance(20)) continue;
      specs.push_back({synapse.target, synapse.properties, weight.long_term});
      learned.push_back(weight);
      if (random.chance(20)) specs.back().properties.weight = static_cast<std::int8_t>(random.between(-128, 127));
      if (random.chance(10)) specs.back().properties.length = static_cast<std::uint16_t>(random.between(1, 40));
    }
    for (int k = random.below(4); k > 0; --k) {
      SynapseSpec added = random_synapse(random, graph.neuron_count(), random.chance(50));
      if (!graph.exists(added.target)) continue;
      specs.push_back(added);
      learned.push_back({0, added.long_term});
    }
    if (what == 9) specs.clear(), learned.clear();
    ASSERT_TRUE(core.replace_row(neuron, specs, learned).ok());
  }
}

// The first field that differs, for a message that helps.
std::string difference(const NetworkState& want, const NetworkState& got) {
  const auto compare = [](const char* name, const auto& a, const auto& b) -> std::string {
    if (a.size() != b.size()) return std::string(name) + " has " + std::to_string(b.size()) + " elements, not " + std::to_string(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!(a[i] == b[i])) return std::string(name) + " differs first at " + std::to_string(i);
    }
    return "";
  };
  for (const std::string& text :
       {compare("level", want.level, got.level), compare("threshold", want.threshold, got.threshold),
        compare("modulation", want.modulation, got.modulation), compare("refractory_left", want.refractory_left, got.refractory_left),
        compare("burst_left", want.burst_left, got.burst_left), compare("own_spike_in", want.own_spike_in, got.own_spike_in),
        compare("history", want.history, got.history), compare("departures", want.departures, got.departures),
        compare("learned", want.learned, got.learned)}) {
    if (!text.empty()) return text;
  }
  return want == got ? "" : "now differs";
}

struct Contestant {
  std::string name;
  std::function<std::unique_ptr<Core>(std::shared_ptr<Graph>)> make;
  std::unique_ptr<Core> core;
};

// Runs all cores side by side; returns the number of spikes.
std::uint64_t compare_cores(std::uint64_t seed) {
  const RandomNetwork network = random_network(seed);
  std::vector<Contestant> contestants;
  contestants.push_back({"reference", [](auto graph) { return make_reference_core(graph); }, nullptr});
  for (std::uint32_t threads : {1u, 2u, 5u}) {
    contestants.push_back({"cpu/" + std::to_string(threads), [=](auto graph) { return make_cpu_core(graph, {threads}); }, nullptr});
  }
  for (Contestant& c : contestants) c.core = c.make(build(network));
  Random random(seed ^ 0x5eed);
  std::uint64_t spikes = 0;
  PeriodResult want, got;
  NetworkState want_state, got_state;
  for (Tick t = 0; t < FLUX_TICKS;) {
    const Tick ticks = std::min<Tick>(random.between(1, 7), FLUX_TICKS - t);
    std::vector<Stimulus> stimuli;
    const std::uint32_t neurons = contestants[0].core->graph().neuron_count();
    for (Tick i = 0; i < ticks; ++i) {
      const auto added = random_stimuli(random, t + i, neurons);
      stimuli.insert(stimuli.end(), added.begin(), added.end());
    }
    const std::vector<NeuronIndex> probes = {static_cast<NeuronIndex>(random.below(static_cast<int>(neurons)))};
    const bool probed = contestants[0].core->graph().exists(probes[0]);
    for (Contestant& c : contestants) {
      c.core->submit({ticks, stimuli, probed ? std::span<const NeuronIndex>(probes) : std::span<const NeuronIndex>()});
      PeriodResult& result = &c == contestants.data() ? want : got;
      while (!c.core->collect(result)) continue;
      if (&c == contestants.data()) continue;
      EXPECT_EQ(want.spike_counts, got.spike_counts) << c.name << ", network " << seed << ", tick " << t;
      EXPECT_EQ(want.spikes, got.spikes) << c.name << ", network " << seed << ", tick " << t;
      EXPECT_EQ(want.samples, got.samples) << c.name << ", network " << seed << ", tick " << t;
      if (testing::Test::HasFailure()) return 0;
    }
    spikes += want.spikes.size();
    t += ticks;
    if (random.chance(15)) {
      const std::uint64_t edit = mix64(seed + static_cast<std::uint64_t>(t));
      for (Contestant& c : contestants) random_edit(*c.core, edit);
    }
    if (!random.chance(10) && t < FLUX_TICKS) continue;
    EXPECT_TRUE(contestants[0].core->take_state(want_state));
    for (Contestant& c : contestants) {
      EXPECT_TRUE(c.core->take_state(got_state));
      EXPECT_EQ(difference(want_state, got_state), "") << c.name << ", network " << seed << ", tick " << t;
      EXPECT_EQ(hash_state(want_state), hash_state(got_state));
      if (random.chance(20)) {  // a snapshot of one core goes on in another
        const Status loaded = c.core->load_state(want_state);
        EXPECT_TRUE(loaded.ok()) << c.name << ", network " << seed << ": " << (loaded.ok() ? "" : loaded.error().message());
      }
      if (testing::Test::HasFailure()) return 0;
    }
  }
  return spikes;
}

TEST(CoreParity, RandomNetworksWithEdits) {
  const char* asked = std::getenv("FLUX_PARITY_NETWORKS");
  const char* first = std::getenv("FLUX_PARITY_FIRST");
  const auto networks = static_cast<std::uint64_t>(asked != nullptr ? std::atoi(asked) : 60);
  const auto begin = static_cast<std::uint64_t>(first != nullptr ? std::atoi(first) : 0);
  std::uint64_t spikes = 0, lively = 0;
  for (std::uint64_t seed = begin; seed < begin + networks; ++seed) {
    const std::uint64_t found = compare_cores(seed);
    ASSERT_FALSE(HasFailure()) << "network " << seed;
    spikes += found;
    lively += found > 100 ? 1 : 0;
  }
  EXPECT_GT(lively * 10, networks * 8) << "silent networks prove nothing";
  RecordProperty("spikes", static_cast<int>(spikes));
  std::printf("%llu networks, %llu spikes, vectors: %s\n", static_cast<unsigned long long>(networks),
              static_cast<unsigned long long>(spikes), cpu_core_target());
}

// Large and busy enough that all phases run on all threads, and that blocks are swept instead of marked.
RandomNetwork busy_network(std::uint64_t seed, bool rich) {
  constexpr std::uint32_t FLUX_NEURONS = 24003;
  Random random(seed);
  RandomNetwork network;
  network.settings.seed = seed;
  network.delay_group = rich ? 1 : 4;
  const NeuronProperties types[] = {random_neuron(random, true), random_neuron(random, !rich), random_neuron(random, !rich)};
  for (std::uint32_t i = 0; i < FLUX_NEURONS; ++i) network.neurons.push_back(types[i * 3 / FLUX_NEURONS]);
  for (std::uint32_t i = 0; i < FLUX_NEURONS; ++i) {
    auto& row = network.rows.emplace_back();
    for (int k = 0; k < 24; ++k) row.push_back(random_synapse(random, FLUX_NEURONS, !rich));
  }
  return network;
}

TEST(CoreParity, BusyNetworksOnManyThreads) {
  for (const bool rich : {false, true}) {
    const RandomNetwork network = busy_network(rich ? 11 : 12, rich);
    const auto neurons = static_cast<std::uint32_t>(network.neurons.size());
    std::vector<std::unique_ptr<Core>> cores;
    cores.push_back(make_reference_core(build(network)));
    for (std::uint32_t threads : {1u, 2u, 3u}) cores.push_back(make_cpu_core(build(network), {threads}));
    std::uint64_t most_spikes = 0;
    PeriodResult want, got;
    NetworkState want_state, got_state;
    for (Tick t = 0; t < 40; ++t) {
      std::vector<Stimulus> stimuli;
      for (std::uint64_t i = 0; i < neurons / 4; ++i) {
        stimuli.push_back({t, static_cast<NeuronIndex>(random_below(random_bits(5, static_cast<std::uint64_t>(t), i), neurons)),
                           i % 7 == 0 ? Stimulus::Kind::fire : Stimulus::Kind::direct, 100});
      }
      for (auto& core : cores) {
        PeriodResult& result = core == cores.front() ? want : got;
        core->submit({1, stimuli, {}});
        while (!core->collect(result)) continue;
        ASSERT_EQ(want.spikes, result.spikes) << "tick " << t << ", rich " << rich;
      }
      most_spikes = std::max<std::uint64_t>(most_spikes, want.spikes.size());
    }
    EXPECT_GT(most_spikes, 2000u) << "few spikes are sent on their way by one thread";
    ASSERT_TRUE(cores.front()->take_state(want_state));
    for (auto& core : cores) {
      ASSERT_TRUE(core->take_state(got_state));
      EXPECT_EQ(difference(want_state, got_state), "") << "rich " << rich;
    }
  }
}

}  // namespace
}  // namespace flux
