#include "support/parity.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace flux::test {

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

namespace {

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

// Another neuron goes on in the place of one, with its synapses and those that lead to it.
void move_neuron(Core& core, NeuronIndex from) {
  const Graph& graph = core.graph();
  const auto to = core.add_neuron(graph.properties(from));
  ASSERT_TRUE(to.ok());
  for (NeuronIndex source = 0; source < to.value(); ++source) {
    if (!graph.exists(source)) continue;
    std::vector<SynapseSpec> specs;
    std::vector<LearnedWeight> learned, old;
    while (!core.take_learned(source, old)) ASSERT_TRUE(core.status().ok());
    auto next = old.begin();
    bool leads_to_it = false;
    for (const RowSynapse& synapse : graph.row(source)) {
      leads_to_it |= synapse.target == from;
      specs.push_back({synapse.target == from ? to.value() : synapse.target, synapse.properties, 0});
      learned.push_back(synapse.properties.plastic() ? *next++ : LearnedWeight{0, 0});
    }
    if (source == from) {
      ASSERT_TRUE(core.move_neuron(from, to.value(), specs, learned).ok());
    } else if (leads_to_it) {
      ASSERT_TRUE(core.replace_row(source, specs, learned).ok());
    }
  }
  core.remove_neuron(from);
}

// The edit number `seed` of a run, made on one core. The same for every core, since all have the same graph.
void random_edit(Core& core, std::uint64_t seed, bool all_can_move) {
  Random random(seed);
  const Graph& graph = core.graph();
  const auto neuron = static_cast<NeuronIndex>(random.below(static_cast<int>(graph.neuron_count())));
  if (!graph.exists(neuron)) return;
  if (all_can_move && random.chance(20)) return move_neuron(core, neuron);
  const int what = random.below(10);
  if (what == 0) {
    ASSERT_TRUE(core.add_neuron(random_neuron(random, random.chance(50))).ok());
  } else if (what <= 3) {
    ASSERT_TRUE(core.set_properties(neuron, random_neuron(random, random.chance(50))).ok());
  } else {
    std::vector<SynapseSpec> specs;
    std::vector<LearnedWeight> learned, old;
    while (!core.take_learned(neuron, old)) ASSERT_TRUE(core.status().ok());
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

}  // namespace

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

void finish(Core& core, PeriodResult& result) {
  while (!core.collect(result)) {
    const Status status = core.status();
    ASSERT_TRUE(status.ok()) << status.error().message();
  }
}

NetworkState state_of(Core& core) {
  NetworkState state;
  while (!core.take_state(state)) {
    const Status status = core.status();
    EXPECT_TRUE(status.ok()) << status.error().message();
    if (!status.ok()) break;
  }
  return state;
}

std::uint64_t compare_cores(std::uint64_t seed, const std::vector<Contestant>& others, Tick ticks) {
  const RandomNetwork network = random_network(seed);
  std::vector<RunningCore> cores;
  cores.push_back({"reference", make_reference_core(build(network))});
  for (const Contestant& other : others) cores.push_back({other.name, other.make(build(network))});
  return run_side_by_side(cores, seed, ticks);
}

std::uint64_t run_side_by_side(std::vector<RunningCore>& cores, std::uint64_t seed, Tick ticks_in_all) {
  Random random(seed ^ 0x5eed);
  const Tick begin = cores[0].core->now();
  std::uint64_t spikes = 0;
  PeriodResult want, got;
  NetworkState want_state, got_state;
  const bool all_can_move = std::all_of(cores.begin(), cores.end(), [](const RunningCore& c) { return c.core->can_move(); });
  for (Tick t = 0; t < ticks_in_all;) {
    const Tick ticks = std::min<Tick>(random.between(1, 7), ticks_in_all - t);
    std::vector<Stimulus> stimuli;
    const std::uint32_t neurons = cores[0].core->graph().neuron_count();
    for (Tick i = 0; i < ticks; ++i) {
      const auto added = random_stimuli(random, begin + t + i, neurons);
      stimuli.insert(stimuli.end(), added.begin(), added.end());
    }
    const std::vector<NeuronIndex> probes = {static_cast<NeuronIndex>(random.below(static_cast<int>(neurons)))};
    const bool probed = cores[0].core->graph().exists(probes[0]);
    for (RunningCore& c : cores) {
      c.core->submit({ticks, stimuli, probed ? std::span<const NeuronIndex>(probes) : std::span<const NeuronIndex>()});
      PeriodResult& result = &c == cores.data() ? want : got;
      finish(*c.core, result);
      if (&c == cores.data()) continue;
      EXPECT_EQ(want.spike_counts, got.spike_counts) << c.name << ", network " << seed << ", tick " << t;
      EXPECT_EQ(want.spikes, got.spikes) << c.name << ", network " << seed << ", tick " << t;
      EXPECT_EQ(want.samples, got.samples) << c.name << ", network " << seed << ", tick " << t;
      if (testing::Test::HasFailure()) return 0;
    }
    spikes += want.spikes.size();
    t += ticks;
    if (random.chance(15)) {
      const std::uint64_t edit = mix64(seed + static_cast<std::uint64_t>(t));
      for (RunningCore& c : cores) random_edit(*c.core, edit, all_can_move);
    }
    if (!random.chance(10) && t < ticks_in_all) continue;
    want_state = state_of(*cores[0].core);
    for (RunningCore& c : cores) {
      got_state = state_of(*c.core);
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

}  // namespace flux::test
