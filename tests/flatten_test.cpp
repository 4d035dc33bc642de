#include "circuit/flatten.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/random.h"
#include "circuit/names.h"
#include "random_circuit.h"

namespace flux {
namespace {

NeuronNode population(std::string id, std::uint32_t count) {
  NeuronNode node;
  node.id = std::move(id);
  node.count = count;
  return node;
}

Circuit two_pools(std::uint32_t from, std::uint32_t to, Fiber fiber) {
  Circuit circuit;
  circuit.neurons = {population("a", from), population("b", to)};
  fiber.sources = {0};
  fiber.targets = {1};
  circuit.fibers.push_back(fiber);
  return circuit;
}

Circuit one_pool(std::uint32_t count, Fiber fiber) {
  Circuit circuit;
  circuit.neurons = {population("a", count)};
  fiber.sources = fiber.targets = {0};
  circuit.fibers.push_back(fiber);
  return circuit;
}

Fiber with_rule(FiberRule rule) {
  Fiber fiber;
  fiber.rule = rule;
  return fiber;
}

Fiber fanout(std::uint32_t count) {
  Fiber fiber = with_rule(FiberRule::random_fanout);
  fiber.fanout = count;
  return fiber;
}

Fiber probability(double p) {
  Fiber fiber = with_rule(FiberRule::random_probability);
  fiber.probability = p;
  return fiber;
}

Graph flat(const Circuit& circuit) {
  auto graph = flatten(circuit);
  EXPECT_TRUE(graph.ok()) << (graph ? "" : graph.error().message());
  return std::move(graph).value();
}

std::vector<NeuronIndex> targets_of(const Graph& graph, NeuronIndex source) {
  std::vector<NeuronIndex> targets;
  for (const RowSynapse& synapse : graph.row(source)) targets.push_back(synapse.target);
  std::sort(targets.begin(), targets.end());
  return targets;
}

bool has_error(const Circuit& circuit, std::string_view words) {
  const auto findings = check(circuit);
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.is_error && finding.what.find(words) != std::string::npos; });
}

bool has_warning(const Circuit& circuit, std::string_view words) {
  const auto findings = check(circuit);
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return !finding.is_error && finding.what.find(words) != std::string::npos; });
}

TEST(Flatten, ExplicitSynapsesComeOutAsTheyWentIn) {
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    Circuit circuit = test::RandomCircuit(seed).make();
    circuit.fibers.clear();
    const Graph graph = flat(circuit);
    using Edge = std::tuple<NeuronIndex, NeuronIndex, SynapseProperties>;
    std::multiset<Edge> want, got;
    for (const SynapseNode& s : circuit.synapses) {
      SynapseProperties p = s.properties;
      if (!p.plastic()) p.ltm_rate = p.restoration_rate = 0;  // a static synapse has no room for them
      want.insert({s.source, s.target, p});
    }
    for (NeuronIndex source = 0; source < graph.neuron_count(); ++source) {
      for (const RowSynapse& s : graph.row(source)) got.insert({source, s.target, s.properties});
    }
    EXPECT_EQ(want, got) << "seed " << seed;
    const auto first = first_neurons(circuit);
    for (std::size_t i = 0; i < circuit.neurons.size(); ++i) {
      EXPECT_EQ(graph.properties(first[i]), circuit.neurons[i].properties);
      EXPECT_EQ(graph.properties(first[i + 1] - 1), circuit.neurons[i].properties);
    }
  }
}

TEST(Flatten, OneToOne) {
  const Graph graph = flat(two_pools(5, 5, with_rule(FiberRule::one_to_one)));
  ASSERT_EQ(graph.synapse_count(), 5u);
  for (NeuronIndex k = 0; k < 5; ++k) EXPECT_EQ(targets_of(graph, k), std::vector<NeuronIndex>{5 + k});
}

TEST(Flatten, AllToAllLeavesOutSelfUnlessAllowed) {
  Fiber fiber = with_rule(FiberRule::all_to_all);
  EXPECT_EQ(flat(one_pool(7, fiber)).synapse_count(), 42u);
  EXPECT_EQ(targets_of(flat(one_pool(4, fiber)), 2), (std::vector<NeuronIndex>{0, 1, 3}));
  fiber.allow_self = true;
  EXPECT_EQ(flat(one_pool(7, fiber)).synapse_count(), 49u);
}

TEST(Flatten, SeveralNodesOnBothSides) {
  Circuit circuit;
  circuit.neurons = {population("a", 2), population("b", 0), population("c", 3), population("d", 2)};
  Fiber fiber = with_rule(FiberRule::one_to_one);
  fiber.sources = {3, 1};  // neurons 6 7, 2... d is 6..7, b is 2
  fiber.targets = {2};     // 3 4 5
  circuit.fibers.push_back(fiber);
  const Graph graph = flat(circuit);
  EXPECT_EQ(targets_of(graph, 6), std::vector<NeuronIndex>{3});
  EXPECT_EQ(targets_of(graph, 7), std::vector<NeuronIndex>{4});
  EXPECT_EQ(targets_of(graph, 2), std::vector<NeuronIndex>{5});
}

TEST(Flatten, FanoutGivesEachSourceItsNumberAndNeverItself) {
  const Graph graph = flat(one_pool(50, fanout(40)));
  ASSERT_EQ(graph.synapse_count(), 2000u);
  std::vector<int> hits(50, 0);
  for (NeuronIndex source = 0; source < 50; ++source) {
    const auto targets = targets_of(graph, source);
    EXPECT_EQ(targets.size(), 40u);
    EXPECT_FALSE(std::binary_search(targets.begin(), targets.end(), source));
    for (const NeuronIndex target : targets) ++hits[target];
  }
  // 40 draws are expected for each, with a standard deviation of 6.3.
  EXPECT_GT(*std::min_element(hits.begin(), hits.end()), 15);
  EXPECT_LT(*std::max_element(hits.begin(), hits.end()), 70);
}

TEST(Flatten, FanoutOfALonelyNeuronIsNothing) {
  EXPECT_EQ(flat(one_pool(1, fanout(5))).synapse_count(), 0u);
  Fiber fiber = fanout(5);
  fiber.allow_self = true;
  EXPECT_EQ(flat(one_pool(1, fiber)).synapse_count(), 5u);
}

TEST(Flatten, ProbabilityIsMet) {
  for (const double p : {0.001, 0.1, 0.5, 0.999}) {
    const double pairs = 1003.0 * 997;
    const double sd = std::sqrt(pairs * p * (1 - p));
    const auto count = static_cast<double>(flat(two_pools(1003, 997, probability(p))).synapse_count());
    EXPECT_NEAR(count, pairs * p, 5 * sd) << p;
  }
  EXPECT_EQ(flat(two_pools(13, 71, probability(0))).synapse_count(), 0u);
  EXPECT_EQ(flat(two_pools(13, 71, probability(1))).synapse_count(), 13u * 71u);
}

TEST(Flatten, PairsAreIndependent) {
  const Graph graph = flat(two_pools(2000, 64, probability(0.5)));
  std::vector<int> hits(64, 0);
  int both = 0;
  for (NeuronIndex source = 0; source < 2000; ++source) {
    const auto targets = targets_of(graph, source);
    for (const NeuronIndex target : targets) ++hits[target - 2000];
    both += std::binary_search(targets.begin(), targets.end(), 2000u) && std::binary_search(targets.begin(), targets.end(), 2001u);
  }
  for (const int n : hits) EXPECT_NEAR(n, 1000, 5 * 22.4);
  EXPECT_NEAR(both, 500, 5 * 19.4);
}

TEST(Flatten, RangesAreDrawnEvenlyToBothEnds) {
  Fiber fiber = fanout(1000);
  fiber.weight = {-3, 4};
  fiber.length = {1, 4};
  const Graph graph = flat(two_pools(20, 100, fiber));
  std::map<int, int> weights, lengths;
  for (NeuronIndex source = 0; source < 20; ++source) {
    for (const RowSynapse& synapse : graph.row(source)) {
      ++weights[synapse.properties.weight];
      ++lengths[synapse.properties.length];
    }
  }
  ASSERT_EQ(weights.size(), 8u);
  ASSERT_EQ(lengths.size(), 4u);
  for (const auto& [weight, count] : weights) EXPECT_NEAR(count, 2500, 250) << weight;
  for (const auto& [length, count] : lengths) EXPECT_NEAR(count, 5000, 350) << length;
}

TEST(Flatten, DrawsFollowTheNorm) {
  Fiber fiber = fanout(3);
  fiber.seed = 77;
  fiber.weight = {5, 30};
  fiber.length = {1, 16};
  const Graph graph = flat(two_pools(4, 1000, fiber));
  for (NeuronIndex source = 0; source < 4; ++source) {
    std::multiset<std::tuple<NeuronIndex, int, int>> want, got;
    for (std::uint64_t k = 0; k < 3; ++k) {
      const std::uint64_t bits = random_bits(77 ^ 0x70726f7073, source, k);
      want.insert({static_cast<NeuronIndex>(4 + random_below(random_bits(77, source, k), 1000)), 5 + random_below(bits, 26),
                   1 + random_below(bits << 32, 16)});
    }
    for (const RowSynapse& s : graph.row(source)) got.insert({s.target, s.properties.weight, s.properties.length});
    EXPECT_EQ(want, got);
  }
}

// Draws depend on the place in the fiber, not on where its neurons stand in the network.
TEST(Flatten, AnotherNeuronInFrontChangesNoFiber) {
  for (const Fiber& rule : {fanout(5), probability(0.2)}) {
    Fiber fiber = rule;
    fiber.weight = {-20, 90};
    const Circuit circuit = two_pools(30, 40, fiber);
    Circuit shifted = circuit;
    shifted.neurons.insert(shifted.neurons.begin(), population("first", 0));
    shifted.fibers[0].sources = {1};
    shifted.fibers[0].targets = {2};
    const Graph a = flat(circuit), b = flat(shifted);
    ASSERT_GT(a.synapse_count(), 0u);
    for (NeuronIndex source = 0; source < 30; ++source) {
      const auto row_a = a.row(source), row_b = b.row(source + 1);
      ASSERT_EQ(row_a.size(), row_b.size());
      for (std::size_t i = 0; i < row_a.size(); ++i) {
        EXPECT_EQ(row_a[i].target + 1, row_b[i].target);
        EXPECT_EQ(row_a[i].properties, row_b[i].properties);
      }
    }
  }
}

TEST(Flatten, SeedsDecide) {
  const auto words = [](const Circuit& circuit) {
    const Graph graph = flat(circuit);
    const auto& column = graph.columns().words;
    return std::vector<Word>(column.data(), column.data() + column.size());
  };
  Circuit circuit = two_pools(20, 50, fanout(10));
  const auto original = words(circuit);
  EXPECT_EQ(original, words(circuit));
  circuit.settings.seed = 2;
  EXPECT_NE(original, words(circuit)) << "a fiber without a seed follows that of the network";
  circuit.fibers[0].seed = 5;
  const auto own = words(circuit);
  circuit.settings.seed = 3;
  EXPECT_EQ(own, words(circuit)) << "a fiber with a seed does not";
  circuit.fibers.push_back(circuit.fibers[0]);
  circuit.fibers[0].seed.reset();
  circuit.fibers[1].seed.reset();
  const Graph two = flat(circuit);
  std::set<NeuronIndex> distinct;
  for (const NeuronIndex target : targets_of(two, 0)) distinct.insert(target);
  EXPECT_GT(distinct.size(), 10u) << "two fibers draw differently";
}

TEST(Flatten, NoNeurons) { EXPECT_EQ(flat(Circuit{}).neuron_count(), 0u); }

TEST(Check, RandomCircuitsHaveNoErrors) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    for (const Finding& finding : check_errors(test::RandomCircuit(seed).make())) ADD_FAILURE() << seed << ": " << finding.what;
  }
}

TEST(Check, FindsErrors) {
  const auto broken = [](auto change) {
    Circuit circuit = two_pools(3, 3, with_rule(FiberRule::all_to_all));
    circuit.neurons.push_back(population("c", 0));
    circuit.synapses.push_back({0, 6, {}, 0, {}});
    EXPECT_TRUE(check_errors(circuit).empty());
    change(circuit);
    return circuit;
  };
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.neurons[0].id = ""; }), "empty"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.neurons[0].id = "x/y"; }), "characters"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.neurons[0].id = "b"; }), "used twice"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.neurons[0].input_alias = c.neurons[1].output_alias = "x"; }), "already that of"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.neurons[0].properties.threshold = 0; }), "1..255"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.neurons[0].properties.min_threshold = 200; }), "rising order"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.neurons[0].properties.max_threshold = 1; }), "rising order"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.neurons[0].properties.modulation_targets = 8; }), "modulates"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.neurons[0].position = Position{NAN, 0}; }), "position"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.settings.tick_microseconds = 99; }), "100..10000"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.title = "\xff"; }), "UTF-8"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.neurons[0].comment = "a\rb"; }), "UTF-8"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.synapses[0].target = 7; }), "network of 7"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.synapses[0].properties.length = 0; }), "1..65535"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.synapses[0].long_term = 5; }), "longTerm"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.fibers[0].sources.clear(); }), "empty"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.fibers[0].targets = {9}; }), "node 9"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.fibers[0].targets = {1, 1}; }), "twice"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.fibers[0].weight = {5, 4}; }), "weight range"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.fibers[0].weight = {-129, 4}; }), "weight range"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.fibers[0].length = {0, 4}; }), "length range"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.fibers[0].length = {1, 65536}; }), "length range"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.fibers[0].rule = FiberRule::random_fanout; }), "fanout"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.fibers[0].probability = 1.5; }), "0..1"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) { c.fibers[0].probability = NAN; }), "0..1"));
  EXPECT_TRUE(has_error(broken([](Circuit& c) {
                          c.fibers[0].rule = FiberRule::one_to_one;
                          c.neurons[1].count = 4;
                        }),
                        "same size"));
}

TEST(Check, RefusesWhatIsTooLarge) {
  EXPECT_TRUE(has_error(two_pools(FLUX_MAX_NEURONS, 1, fanout(1)), "neurons are more than the limit"));
  EXPECT_TRUE(has_error(two_pools(0xffffffffu, 0xffffffffu, fanout(1)), "exceeds the limit"));
  EXPECT_TRUE(has_error(two_pools(1u << 23, 1u << 23, with_rule(FiberRule::all_to_all)), "more than 4294967295 synapses"));
  EXPECT_TRUE(has_error(two_pools(1u << 23, 1u << 23, fanout(FLUX_MAX_NEURONS)), "more than 4294967295 synapses"));
  EXPECT_TRUE(has_error(two_pools(1u << 23, 1u << 23, probability(1e-9)), "too many to draw from"));
  Fiber plastic = fanout(4000);
  plastic.properties.stm_rate = 1;
  EXPECT_TRUE(has_error(two_pools(1u << 20, 100, plastic), "more than the limit of 65536 MiB"));
  const auto graph = flatten(two_pools(1u << 20, 100, plastic));
  ASSERT_FALSE(graph.ok());
  EXPECT_FALSE(graph.error().fix.empty());
}

TEST(Check, Warns) {
  const auto doubtful = [](auto change) {
    Circuit circuit = one_pool(3, with_rule(FiberRule::all_to_all));
    circuit.synapses.push_back({0, 1, {}, 0, {}});
    EXPECT_TRUE(check(circuit).empty());
    change(circuit);
    return circuit;
  };
  EXPECT_TRUE(has_warning(doubtful([](Circuit& c) { c.neurons.push_back(population("lonely", 0)); }), "nothing reaches"));
  EXPECT_TRUE(has_warning(doubtful([](Circuit& c) { c.synapses[0].properties = {SynapseType::electric, -1, 1, 0, 0, 0}; }), "electric"));
  EXPECT_TRUE(has_warning(doubtful([](Circuit& c) { c.synapses[0].properties.type = SynapseType::modulator; }), "modulator"));
  EXPECT_TRUE(has_warning(doubtful([](Circuit& c) { c.synapses[0].properties.ltm_rate = 1; }), "stmRate is 0"));
  EXPECT_TRUE(has_warning(doubtful([](Circuit& c) { c.synapses[0].properties.ltm_rate = c.synapses[0].properties.stm_rate = 1; }),
                          "not modulated"));
  EXPECT_TRUE(has_warning(doubtful([](Circuit& c) { c.neurons[0].properties.min_threshold = 9; }), "minThreshold"));
  EXPECT_TRUE(has_warning(doubtful([](Circuit& c) { c.neurons[0].properties.max_threshold = 200; }), "maxThreshold"));
  EXPECT_TRUE(has_warning(doubtful([](Circuit& c) { c.neurons[0].properties.habituation_rate = 9; }), "habituationRate"));
  EXPECT_TRUE(has_warning(doubtful([](Circuit& c) { c.fibers[0].properties.type = SynapseType::modulator; }), "modulator"));
  EXPECT_TRUE(has_warning(doubtful([](Circuit& c) { c.fibers[0].rule = FiberRule::one_to_one; }), "makes no synapses"));
  EXPECT_TRUE(has_warning(doubtful([](Circuit& c) {
                            c.neurons.push_back(population("b", 0));
                            c.neurons[0].input_alias = "b";
                          }),
                          "alias"));
  EXPECT_TRUE(has_warning(Circuit{}, "no neurons"));
}

TEST(Check, ThousandsOfTheSameAreSummedUp) {
  Circuit circuit;
  for (int i = 0; i < 3000; ++i) circuit.neurons.push_back(population("n" + std::to_string(i), 0));
  const auto warnings = check(circuit);
  ASSERT_EQ(warnings.size(), 6u);
  EXPECT_EQ(warnings.back().what.find("2995 more"), 0u);
  for (NeuronNode& neuron : circuit.neurons) neuron.id = "same";
  EXPECT_LE(check(circuit).size(), FLUX_MAX_FINDINGS);
}

}  // namespace
}  // namespace flux
