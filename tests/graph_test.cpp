// The check of a graph's columns: large tables are looked at by several threads, with the same outcome.
#include "graph/graph.h"

#include <gtest/gtest.h>

namespace flux {
namespace {

constexpr std::uint32_t FLUX_NEURONS = 10007;
constexpr std::uint32_t FLUX_FANOUT = 3400;  // 34 million words: more than two threads' share

// Neuron n excites n+1 .. n+FANOUT with weight 1 (inhibits with -2 where n is odd), one sublist of delay 3 each.
GraphColumns dense_ring() {
  GraphColumns columns;
  columns.neuron_count = FLUX_NEURONS;
  columns.types = {NeuronProperties{}};
  columns.type_of = Array<std::uint16_t>(FLUX_NEURONS);
  columns.row_of = Array<std::uint64_t>(FLUX_NEURONS);
  columns.words = Array<Word>(std::uint64_t{FLUX_NEURONS} * (1 + FLUX_FANOUT));
  for (NeuronIndex n = 0; n < FLUX_NEURONS; ++n) {
    columns.row_of[n] = std::uint64_t{n} * (1 + FLUX_FANOUT);
    Word* word = columns.words.data() + columns.row_of[n];
    *word++ = SublistHeader{FLUX_FANOUT, 3, SynapseType::direct, false, false}.encode();
    const Word weight = static_cast<Word>(n % 2 == 0 ? 1 : -2) << 24;
    for (std::uint32_t k = 1; k <= FLUX_FANOUT; ++k) *word++ = weight | (n + k) % FLUX_NEURONS;
  }
  return columns;
}

TEST(GraphCheck, LargeTablesAddUpOnAllThreads) {
  auto graph = Graph::from_columns(dense_ring());
  ASSERT_TRUE(graph) << graph.error().what;
  EXPECT_EQ(graph.value().synapse_count(), std::uint64_t{FLUX_NEURONS} * FLUX_FANOUT);
  EXPECT_EQ(graph.value().plastic_count(), 0u);
  EXPECT_EQ(graph.value().longest_length(), 3u);
  EXPECT_TRUE(graph.value().has_type(SynapseType::direct));
  EXPECT_FALSE(graph.value().has_type(SynapseType::modulator));
  EXPECT_EQ(graph.value().inflow_bound(), 2 * (FLUX_FANOUT / 2));  // half of the 3,400 before a neuron are odd, with 2 each
}

TEST(GraphCheck, TheFirstOfSeveralFaultsIsNamed) {
  GraphColumns columns = dense_ring();
  for (const NeuronIndex n : {9000u, 2500u}) columns.words[columns.row_of[n] + 7] |= 0xffffffu;  // no such target
  const auto graph = Graph::from_columns(std::move(columns));
  ASSERT_FALSE(graph);
  EXPECT_NE(graph.error().what.find("neuron 2500 "), std::string::npos) << graph.error().what;
}

TEST(GraphCheck, OverlappingRowsAreRefused) {
  GraphColumns columns = dense_ring();
  for (NeuronIndex n = 0; n < FLUX_NEURONS; ++n) columns.row_of[n] = columns.row_of[n / 2];
  columns.words = columns.words.first((FLUX_NEURONS / 2 + 1) * std::size_t{1 + FLUX_FANOUT});
  const auto graph = Graph::from_columns(std::move(columns));
  ASSERT_FALSE(graph);
  EXPECT_NE(graph.error().what.find("overlaps"), std::string::npos) << graph.error().what;
}

}  // namespace
}  // namespace flux
