// Graphs whose instances share tables are computed like those that are written out, on every core, with edits and snapshots moved between
// them.
#include <gtest/gtest.h>

#include <cstdlib>

#include "support/repeated_networks.h"

namespace flux {
namespace {

using namespace test;

// The same network with shared tables and written out.
std::uint64_t compare_repeated(std::uint64_t seed) {
  const RepeatedNetwork network = random_repeated(seed);
  std::vector<RunningCore> cores;
  cores.push_back({"written out", make_reference_core(build(network.written_out))});
  cores.push_back({"reference", make_reference_core(build(network))});
  auto expanded = build(network)->expanded();
  EXPECT_TRUE(expanded.ok());
  cores.push_back({"expanded", make_cpu_core(std::make_shared<Graph>(std::move(expanded).value()))});
  for (std::uint32_t threads : {1u, 3u}) {
    cores.push_back({"cpu/" + std::to_string(threads), make_cpu_core(build(network), {threads})});
  }
  const Graph& want = cores[0].core->graph();
  const Graph& got = cores[1].core->graph();
  EXPECT_FALSE(got.is_plain());
  EXPECT_EQ(got.synapse_count(), want.synapse_count());
  EXPECT_EQ(got.plastic_count(), want.plastic_count());
  EXPECT_EQ(got.longest_length(), want.longest_length());
  EXPECT_GE(got.inflow_bound(), want.inflow_bound());
  return run_side_by_side(cores, seed, 1000);
}

TEST(RepeatedParity, SharedTablesWithEdits) {
  const char* asked = std::getenv("FLUX_PARITY_NETWORKS");
  const auto networks = static_cast<std::uint64_t>(asked != nullptr ? std::atoi(asked) : 40);
  std::uint64_t lively = 0;
  for (std::uint64_t seed = 1000; seed < 1000 + networks; ++seed) {
    lively += compare_repeated(seed) > 100 ? 1 : 0;
    ASSERT_FALSE(HasFailure()) << "network " << seed;
  }
  EXPECT_GT(lively * 10, networks * 8) << "silent networks prove nothing";
}

}  // namespace
}  // namespace flux
