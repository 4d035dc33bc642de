// explain() says of every neuron in every tick whether it fires, and is right: it has found all that reached it, with the right weights.
#include "core/explain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "circuit/flatten.h"
#include "file/flx.h"
#include "random_circuit.h"
#include "random_tree.h"

namespace flux {
namespace {

struct Tally {
  std::size_t spikes = 0, arrivals = 0, learned = 0, late = 0, blocked = 0;
};

// Runs the circuit, with stimuli from outside now and then, and explains every neuron in every tick.
Tally explain_all(const Circuit& circuit, Tick ticks, std::uint32_t seed) {
  Tally tally;
  auto graph = flatten(circuit);
  if (!graph) {
    ADD_FAILURE() << graph.error().message();
    return tally;
  }
  const auto shared = std::make_shared<Graph>(std::move(graph).value());
  const auto core = make_reference_core(shared);
  std::mt19937 random(seed);
  for (Tick t = 0; t < ticks; ++t) {
    std::vector<Stimulus> stimuli;
    for (int i = 0; i < 2 && random() % 3 == 0; ++i) {
      const auto kind = static_cast<Stimulus::Kind>(random() % 3);
      stimuli.push_back({t, static_cast<NeuronIndex>(random() % shared->neuron_count()), kind, static_cast<std::int32_t>(random() % 200)});
    }
    NetworkState state;
    EXPECT_TRUE(core->take_state(state));
    std::vector<bool> explained;
    for (NeuronIndex n = 0; n < shared->neuron_count(); ++n) {
      const Explanation explanation = explain(*shared, state, n, stimuli);
      explained.push_back(explanation.fires);
      tally.arrivals += explanation.arrivals.size();
      tally.blocked += explanation.blocked && explanation.sums.any() ? 1 : 0;
      for (const Arrival& arrival : explanation.arrivals) {
        tally.learned += arrival.weight != arrival.synapse.weight ? 1 : 0;
        tally.late += arrival.fired_at + arrival.synapse.length != t ? 1 : 0;
      }
    }
    core->submit({1, stimuli, {}});
    PeriodResult result;
    EXPECT_TRUE(core->collect(result));
    std::vector<bool> fired(shared->neuron_count());
    for (const NeuronIndex n : result.spikes) fired[n] = true;
    EXPECT_EQ(explained, fired) << "tick " << t;
    tally.spikes += result.spikes.size();
    if (testing::Test::HasFailure()) break;
  }
  return tally;
}

Circuit example(const std::string& name) {
  auto document = read_document(std::string(FLUX_SOURCE_DIR) + "/examples/" + name + ".json");
  EXPECT_TRUE(document.ok());
  return document.ok() ? document.value().circuit : Circuit();
}

TEST(Explain, IsRightOfEverySpikeOfTheExamples) {
  for (const char* name : {"reflex_arc", "bursting", "habituation", "central_pattern_generator", "electric_chain", "winner_take_all"}) {
    SCOPED_TRACE(name);
    EXPECT_GT(explain_all(example(name), 1500, 1).spikes, 10u) << "a silent network proves nothing";
  }
}

TEST(Explain, KnowsWhatSynapsesHadLearned) { EXPECT_GT(explain_all(example("classical_conditioning"), 6000, 2).learned, 100u); }

TEST(Explain, IsRightOfRandomCircuitsWithEveryFeature) {
  Tally all;
  for (std::uint32_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE(seed);
    Circuit circuit = test::RandomCircuit(seed).make();
    for (SynapseNode& synapse : circuit.synapses)
      synapse.properties.length = static_cast<std::uint16_t>(synapse.properties.length % 40 + 1);
    const Tally tally = explain_all(circuit, 300, seed);
    all.spikes += tally.spikes;
    all.arrivals += tally.arrivals;
    all.learned += tally.learned;
    all.late += tally.late;
    all.blocked += tally.blocked;
    if (HasFailure()) return;
  }
  EXPECT_GT(all.spikes, 1000u);
  EXPECT_GT(all.arrivals, 1000u);
  EXPECT_GT(all.learned, 100u) << "no plastic synapse had learned anything";
  EXPECT_GT(all.late, 100u) << "no spike left late";
  EXPECT_GT(all.blocked, 100u) << "no neuron was refractory when something reached it";
}

TEST(Explain, IsRightOfRandomTrees) {
  std::size_t spikes = 0;
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    spikes += explain_all(test::RandomTree(seed).make(), 200, seed).spikes;
    if (HasFailure()) return;
  }
  EXPECT_GT(spikes, 200u);
}

}  // namespace
}  // namespace flux
