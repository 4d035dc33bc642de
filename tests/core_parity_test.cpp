// Every core equals the reference, field by field, on random networks with every feature in use, with edits and with snapshots moved
// between cores during the run. FLUX_PARITY_NETWORKS=1000 runs the whole suite; the default is a smaller one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "support/parity.h"

namespace flux {
namespace {

using namespace test;

constexpr Tick FLUX_TICKS = 1000;

std::vector<Contestant> cpu_cores() {
  std::vector<Contestant> cores;
  for (std::uint32_t threads : {1u, 2u, 5u}) {
    cores.push_back({"cpu/" + std::to_string(threads), [=](auto graph) { return make_cpu_core(graph, {threads}); }});
  }
  return cores;
}

TEST(CoreParity, RandomNetworksWithEdits) {
  const char* asked = std::getenv("FLUX_PARITY_NETWORKS");
  const char* first = std::getenv("FLUX_PARITY_FIRST");
  const auto networks = static_cast<std::uint64_t>(asked != nullptr ? std::atoi(asked) : 60);
  const auto begin = static_cast<std::uint64_t>(first != nullptr ? std::atoi(first) : 0);
  std::uint64_t spikes = 0, lively = 0;
  for (std::uint64_t seed = begin; seed < begin + networks; ++seed) {
    const std::uint64_t found = compare_cores(seed, cpu_cores(), FLUX_TICKS);
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
