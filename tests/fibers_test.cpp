// Fibers on grids: by distance and by kernel.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/random.h"
#include "circuit/flatten.h"
#include "file/circuit_text.h"

namespace flux {
namespace {

NeuronNode population(std::string id, std::uint32_t count, std::uint32_t width) {
  NeuronNode node;
  node.id = std::move(id);
  node.count = count;
  node.width = width;
  return node;
}

Circuit sheet(std::uint32_t columns, std::uint32_t rows, Fiber fiber) {
  Circuit circuit;
  circuit.neurons = {population("sheet", columns * rows, columns)};
  fiber.sources = fiber.targets = {0};
  circuit.fibers = {fiber};
  return circuit;
}

Circuit two_sheets(NeuronNode from, NeuronNode to, Fiber fiber) {
  Circuit circuit;
  circuit.neurons = {std::move(from), std::move(to)};
  fiber.sources = {0};
  fiber.targets = {1};
  circuit.fibers = {fiber};
  return circuit;
}

Fiber kernel(std::vector<KernelOffset> offsets, bool wrap = false) {
  Fiber fiber;
  fiber.rule = FiberRule::kernel;
  fiber.kernel = std::move(offsets);
  fiber.wrap = wrap;
  return fiber;
}

Fiber by_distance(std::uint32_t radius, double probability, std::uint32_t fanout = 0, bool wrap = false) {
  Fiber fiber;
  fiber.rule = FiberRule::distance;
  fiber.radius = radius;
  fiber.probability = probability;
  fiber.fanout = fanout;
  fiber.wrap = wrap;
  return fiber;
}

Graph flat(const Circuit& circuit) {
  auto graph = flatten(circuit);
  EXPECT_TRUE(graph.ok()) << (graph ? "" : graph.error().message());
  return std::move(graph).value();
}

using Edge = std::tuple<NeuronIndex, int, int>;  // target, weight, length

std::multiset<Edge> row(const Graph& graph, NeuronIndex source) {
  std::multiset<Edge> edges;
  for (const RowSynapse& s : graph.row(source)) edges.insert({s.target, s.properties.weight, s.properties.length});
  return edges;
}

bool has_error(const Circuit& circuit, std::string_view words) {
  const auto findings = check_errors(circuit);
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& f) { return f.what.find(words) != std::string::npos; });
}

TEST(Kernel, ReachesTheCellsAtItsOffsets) {
  const std::vector<KernelOffset> offsets = {{1, 0, 50, 7}, {0, -1, -30, 2}, {-1, 1, 5, 9}};
  const Graph graph = flat(sheet(5, 4, kernel(offsets)));
  EXPECT_EQ(row(graph, 7), (std::multiset<Edge>{{8, 50, 7}, {2, -30, 2}, {11, 5, 9}})) << "column 2, row 1";
  EXPECT_EQ(row(graph, 0), (std::multiset<Edge>{{1, 50, 7}})) << "the corner has nothing to the left or above";
  EXPECT_EQ(row(graph, 19), (std::multiset<Edge>{{14, -30, 2}}));
  const Graph wrapped = flat(sheet(5, 4, kernel(offsets, true)));
  EXPECT_EQ(row(wrapped, 0), (std::multiset<Edge>{{1, 50, 7}, {15, -30, 2}, {9, 5, 9}}));
  EXPECT_EQ(row(wrapped, 19), (std::multiset<Edge>{{15, 50, 7}, {14, -30, 2}, {3, 5, 9}}));
}

TEST(Kernel, OffsetsLongerThanTheGridComeRoundAgain) {
  EXPECT_EQ(row(flat(sheet(5, 1, kernel({{12, 0, 1, 1}}, true))), 1), (std::multiset<Edge>{{3, 1, 1}}));
  EXPECT_EQ(row(flat(sheet(5, 1, kernel({{-FLUX_MAX_OFFSET, 0, 1, 1}}, true))), 0), (std::multiset<Edge>{{4, 1, 1}}));
  EXPECT_EQ(flat(sheet(5, 1, kernel({{12, 0, 1, 1}}))).synapse_count(), 0u);
}

TEST(Kernel, LeavesOutSelfUnlessAllowed) {
  Fiber fiber = kernel({{0, 0, 9, 1}, {1, 0, 9, 1}});
  EXPECT_EQ(flat(sheet(3, 3, fiber)).synapse_count(), 6u);
  fiber.allow_self = true;
  EXPECT_EQ(flat(sheet(3, 3, fiber)).synapse_count(), 15u);
}

TEST(Kernel, GridsOfOtherSizesCoverTheSameGround) {
  // Each cell of a 2 x 2 grid lies over the middle of a quarter of an 8 x 8 grid, and the other way round.
  const Graph spread = flat(two_sheets(population("a", 4, 2), population("b", 64, 8), kernel({{0, 0, 1, 1}})));
  EXPECT_EQ(row(spread, 0), (std::multiset<Edge>{{4 + 2 * 8 + 2, 1, 1}}));
  EXPECT_EQ(row(spread, 3), (std::multiset<Edge>{{4 + 6 * 8 + 6, 1, 1}}));
  const Graph pooled = flat(two_sheets(population("a", 64, 8), population("b", 4, 2), kernel({{0, 0, 1, 1}})));
  for (NeuronIndex k = 0; k < 64; ++k) {
    EXPECT_EQ(row(pooled, k), (std::multiset<Edge>{{64 + (k / 8 / 4) * 2 + k % 8 / 4, 1, 1}})) << k;
  }
}

TEST(Kernel, WithoutWidthANodeIsALineAndSeveralNodesAreOne) {
  Circuit circuit;
  circuit.neurons = {population("a", 3, 0), population("b", 0, 0), population("c", 2, 0)};
  Fiber fiber = kernel({{1, 0, 1, 1}}, true);
  fiber.sources = fiber.targets = {2, 0, 1};  // neurons 4 5 | 0 1 2 | 3
  circuit.fibers = {fiber};
  const Graph graph = flat(circuit);
  for (const auto& [source, target] : std::map<NeuronIndex, NeuronIndex>{{4, 5}, {5, 0}, {0, 1}, {1, 2}, {2, 3}, {3, 4}}) {
    EXPECT_EQ(row(graph, source), (std::multiset<Edge>{{target, 1, 1}}));
  }
}

// --- Distance -------------------------------------------------------------------------------------------------------------------

// How close the norm says two cells of one grid are, in 1/2^16.
std::uint64_t norm_closeness(std::int64_t dx, std::int64_t dy, std::int64_t radius) {
  const std::int64_t edge = 65536 * (radius + 1) * (radius + 1), square = 65536 * (dx * dx + dy * dy);
  if (square >= edge) return 0;
  const auto inside = static_cast<std::uint64_t>((edge - square) * 65536 / edge);
  return inside * inside >> 16;
}

std::int64_t steps(std::int64_t from, std::int64_t to, std::int64_t size, bool wrap) {
  std::int64_t d = to - from;
  if (wrap && d > size / 2) d -= size;
  if (wrap && d < -((size - 1) / 2)) d += size;
  return d;
}

bool within(std::int64_t d, std::uint32_t radius) { return std::abs(d) <= static_cast<std::int64_t>(radius); }

// A naive second reading of the norm.
std::set<NeuronIndex> norm_targets(const Fiber& fiber, std::uint32_t columns, std::uint32_t rows, std::uint32_t source) {
  std::set<NeuronIndex> targets;
  const auto threshold = static_cast<std::uint64_t>(std::floor(fiber.probability * 4294967296.0 + 0.5));
  for (std::uint32_t k = 0; k < columns * rows; ++k) {
    const auto dx = steps(source % columns, k % columns, columns, fiber.wrap), dy = steps(source / columns, k / columns, rows, fiber.wrap);
    if (k == source || !within(dx, fiber.radius) || !within(dy, fiber.radius)) continue;
    const std::uint64_t drawn = random_bits(*fiber.seed, source, k) >> 32;
    if (drawn < (threshold * norm_closeness(dx, dy, fiber.radius)) >> 16) targets.insert(k);
  }
  return targets;
}

TEST(Distance, DrawsFollowTheNorm) {
  for (const bool wrap : {false, true}) {
    for (const std::uint32_t radius : {1u, 3u, 30u}) {
      Fiber fiber = by_distance(radius, 0.8, 0, wrap);
      fiber.seed = 77 + radius;
      const Graph graph = flat(sheet(11, 8, fiber));
      ASSERT_GT(graph.synapse_count(), 50u);
      for (NeuronIndex source = 0; source < 88; ++source) {
        std::set<NeuronIndex> got;
        for (const RowSynapse& s : graph.row(source)) EXPECT_TRUE(got.insert(s.target).second) << "each pair once";
        EXPECT_EQ(got, norm_targets(fiber, 11, 8, source)) << source << " radius " << radius << " wrap " << wrap;
      }
    }
  }
}

TEST(Distance, ProbabilityFallsWithDistanceToNothingBeyondTheRadius) {
  const Graph graph = flat(sheet(200, 100, by_distance(6, 0.5)));
  std::map<std::int64_t, std::pair<int, int>> hits;  // by squared distance: connected, pairs
  for (NeuronIndex source = 0; source < 20000; ++source) {
    const std::int64_t x = source % 200, y = source / 200;
    if (x < 10 || x >= 190 || y < 10 || y >= 90) continue;
    for (std::int64_t dy = -7; dy <= 7; ++dy) {
      for (std::int64_t dx = -7; dx <= 7; ++dx) ++hits[dx * dx + dy * dy].second;
    }
    for (const RowSynapse& s : graph.row(source)) {
      const std::int64_t dx = s.target % 200 - x, dy = s.target / 200 - y;
      ++hits[dx * dx + dy * dy].first;
    }
  }
  for (const auto& [square, hit] : hits) {
    if (square == 0) continue;
    const double bell = square < 49 ? std::pow(1 - static_cast<double>(square) / 49, 2) : 0;
    EXPECT_NEAR(static_cast<double>(hit.first) / hit.second, 0.5 * bell, 0.02) << square;
  }
  EXPECT_EQ(hits[49].first, 0);
}

TEST(Distance, FanoutIsExactAndFallsWithDistance) {
  for (const bool wrap : {false, true}) {
    const Graph graph = flat(sheet(60, 40, by_distance(5, 0, 30, wrap)));
    std::map<std::int64_t, int> hits;
    for (NeuronIndex source = 0; source < 2400; ++source) {
      ASSERT_EQ(graph.row(source).size(), 30u) << source;
      for (const RowSynapse& s : graph.row(source)) {
        const auto dx = steps(source % 60, s.target % 60, 60, wrap), dy = steps(source / 60, s.target / 60, 40, wrap);
        ASSERT_NE(s.target, source);
        ASSERT_LT(dx * dx + dy * dy, 36);
        ++hits[dx * dx + dy * dy];
      }
    }
    // Cells 1 and 4 away: four of each, closeness (35/36)^2 and (20/36)^2.
    EXPECT_NEAR(static_cast<double>(hits[16]) / hits[1], 0.3265, 0.03);
  }
}

TEST(Distance, FanoutFollowsTheNorm) {
  Fiber fiber = by_distance(2, 0, 8);
  fiber.seed = 5;
  fiber.weight = {-10, 90};
  const Graph graph = flat(sheet(7, 6, fiber));
  for (NeuronIndex source = 0; source < 42; ++source) {
    std::vector<std::pair<std::uint64_t, NeuronIndex>> candidates;  // sum of closeness up to it
    std::uint64_t total = 0;
    for (NeuronIndex k = 0; k < 42; ++k) {
      const auto dx = steps(source % 7, k % 7, 7, false), dy = steps(source / 7, k / 7, 6, false);
      if (k == source || !within(dx, 2) || !within(dy, 2)) continue;
      total += norm_closeness(dx, dy, 2);
      if (norm_closeness(dx, dy, 2) > 0) candidates.push_back({total, k});
    }
    std::multiset<Edge> want;
    for (std::uint64_t k = 0; k < 8; ++k) {
      const std::uint64_t drawn = random_below(random_bits(5, source, k), total);
      const auto hit = std::find_if(candidates.begin(), candidates.end(), [&](const auto& c) { return drawn < c.first; });
      want.insert({hit->second, -10 + static_cast<int>(random_below(random_bits(5 ^ 0x70726f7073, source, k), 101)), 10});
    }
    EXPECT_EQ(row(graph, source), want) << source;
  }
}

TEST(Distance, LonelyCellsGetNothing) {
  EXPECT_EQ(flat(sheet(1, 1, by_distance(3, 0, 5))).synapse_count(), 0u);
  EXPECT_EQ(flat(sheet(1, 1, by_distance(3, 1))).synapse_count(), 0u);
  Fiber fiber = by_distance(3, 0, 5);
  fiber.allow_self = true;
  EXPECT_EQ(flat(sheet(1, 1, fiber)).synapse_count(), 5u);
}

TEST(Distance, IsMeasuredOnTheGridOfTheTargets) {
  const Graph graph = flat(two_sheets(population("a", 10, 0), population("b", 1000, 0), by_distance(20, 0, 50)));
  for (NeuronIndex source = 0; source < 10; ++source) {
    for (const RowSynapse& s : graph.row(source)) EXPECT_NEAR(s.target - 10.0, 100.0 * source + 49.5, 21) << source;
  }
}

// --- Check and text ---------------------------------------------------------------------------------------------------------------

TEST(GridFibers, AreChecked) {
  EXPECT_TRUE(has_error(sheet(4, 4, by_distance(0, 0.5)), "radius of 0"));
  EXPECT_TRUE(has_error(sheet(4, 4, by_distance(FLUX_MAX_RADIUS + 1, 0.5)), "radius of 32768"));
  EXPECT_TRUE(has_error(sheet(4, 4, by_distance(1, 1.5)), "0..1"));
  EXPECT_TRUE(has_error(sheet(4, 4, by_distance(1, 0.5, 3)), "both"));
  EXPECT_TRUE(has_error(sheet(2000, 2000, by_distance(128, 0.5)), "66049 targets"));
  EXPECT_TRUE(has_error(sheet(4000, 4000, by_distance(127, 0.5)), "too many to draw from"));
  EXPECT_TRUE(has_error(sheet(4, 4, kernel({})), "kernel of 0"));
  EXPECT_TRUE(has_error(sheet(4, 4, kernel({{0, 1, 128, 1}})), "[0, 1, 128, 1]"));
  EXPECT_TRUE(has_error(sheet(4, 4, kernel({{0, 1, 1, 0}})), "[0, 1, 1, 0]"));
  EXPECT_TRUE(has_error(sheet(4, 4, kernel({{FLUX_MAX_OFFSET + 1, 1, 1, 1}})), "out of range"));
  Circuit ragged = sheet(4, 4, kernel({{1, 0, 1, 1}}));
  ragged.neurons[0].width = 5;
  EXPECT_TRUE(has_error(ragged, "do not fill rows of 5"));
  Circuit mixed = sheet(4, 4, kernel({{1, 0, 1, 1}}));
  mixed.neurons.push_back(population("line", 4, 0));
  mixed.fibers[0].targets = {0, 1};
  EXPECT_TRUE(has_error(mixed, "\"to\" differ in width"));
}

TEST(GridFibers, AreWrittenAsRules) {
  Circuit circuit = sheet(20, 10, kernel({{-1, 0, 50, 7}, {0, 1, -3, 1}}, true));
  circuit.fibers.push_back(by_distance(4, 0.25));
  circuit.fibers.push_back(by_distance(4, 0, 12, true));
  circuit.fibers[1].sources = circuit.fibers[1].targets = circuit.fibers[2].sources = circuit.fibers[2].targets = {0};
  const std::string text = write_circuit_text(circuit);
  EXPECT_NE(text.find(R"({"id": "sheet", "count": 200, "width": 20})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("rule": "kernel", "kernel": [[-1, 0, 50, 7], [0, 1, -3, 1]], "wrap": true})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("rule": "distance", "radius": 4, "probability": 0.25})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("rule": "distance", "radius": 4, "fanout": 12, "wrap": true})"), std::string::npos) << text;
  const auto back = parse_circuit_text(text, "sheet");
  ASSERT_TRUE(back.ok()) << back.error().message();
  EXPECT_EQ(back.value(), circuit);
}

TEST(GridFibers, TheReaderSaysWhatIsWrong) {
  const auto message = [](const std::string& members) {
    const auto circuit = parse_circuit_text(
        R"({"flux": 1, "neurons": [{"id": "a", "count": 9, "width": 3}], "fibers": [{"from": "a", "to": "a", )" + members + "}]}", "f");
    return circuit ? std::string() : circuit.error().message();
  };
  const auto says = [&](const std::string& members, const std::string& words) {
    EXPECT_NE(message(members).find(words), std::string::npos) << members << " -> " << message(members);
  };
  EXPECT_EQ(message(R"("rule": "kernel", "kernel": [[1, 0, 5, 1]])"), "");
  says(R"("rule": "kernel")", "\"kernel\"");
  says(R"("rule": "kernel", "kernel": 3)", "must be a list");
  says(R"("rule": "kernel", "kernel": [[1, 0, 5]])", "four numbers");
  says(R"("rule": "kernel", "kernel": [[1, 0, 500, 1]])", "-128..127");
  says(R"("rule": "kernel", "kernel": [[1, 0, 5, 1]], "weight": 5)", "says nothing");
  says(R"("rule": "distance", "probability": 1)", "\"radius\"");
  says(R"("rule": "distance", "radius": 2)", "\"probability\"");
  says(R"("rule": "distance", "radius": 2, "probability": 1, "fanout": 3)", "not both");
  says(R"("rule": "all-to-all", "radius": 2)", "says nothing");
  says(R"("rule": "fanout", "fanout": 2, "wrap": true)", "says nothing");
}

}  // namespace
}  // namespace flux
