// The webgpu core equals the reference on the random networks of the other cores, on whatever adapter there is: in CI a software one.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "editor.h"
#include "file/circuit_text.h"
#include "flux.h"
#include "support/repeated_networks.h"
#include "webgpu/webgpu_core.h"

namespace flux {
namespace {

using namespace test;

constexpr std::uint64_t FLUX_SUITE = 60, FLUX_PARTS = 4;

std::unique_ptr<Core> make_core(std::shared_ptr<Graph> graph) {
  auto core = make_webgpu_core(std::move(graph));
  EXPECT_TRUE(core.ok()) << core.error().message();
  if (!core) std::abort();
  return std::move(core).value();
}

// The networks of the suite that the other cores pass (core_parity_test.cpp), in parts that run beside one another. A software GPU takes
// ten times as long as they do, so it gets fewer ticks of each.
class RandomNetworks : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomNetworks, EqualTheReference) {
  constexpr Tick FLUX_TICKS = 100;
  const char* asked = std::getenv("FLUX_PARITY_NETWORKS");
  const std::uint64_t networks = (asked != nullptr ? static_cast<std::uint64_t>(std::atoi(asked)) : FLUX_SUITE) / FLUX_PARTS;
  const std::uint64_t begin = GetParam() * networks;
  std::uint64_t lively = 0;
  for (std::uint64_t seed = begin; seed < begin + networks; ++seed) {
    const std::uint64_t spikes = compare_cores(seed, {{"webgpu", make_core}}, FLUX_TICKS);
    ASSERT_FALSE(HasFailure()) << "network " << seed;
    lively += spikes > 25 ? 1 : 0;
  }
  EXPECT_GT(lively * 10, networks * 7) << "silent networks prove nothing";
}
INSTANTIATE_TEST_SUITE_P(WebGpu, RandomNetworks, testing::Range(std::uint64_t{0}, FLUX_PARTS));

// Circuits that are repeated share their tables in the graph; on the device their rows are written out.
TEST(WebGpu, EqualsTheReferenceWhereCircuitsAreRepeated) {
  std::uint64_t lively = 0;
  for (std::uint64_t seed = 1000; seed < 1003; ++seed) {
    const RepeatedNetwork network = random_repeated(seed);
    std::vector<RunningCore> cores;
    cores.push_back({"reference", make_reference_core(build(network.written_out))});
    cores.push_back({"webgpu", make_core(build(network))});
    lively += run_side_by_side(cores, seed, 200) > 20 ? 1 : 0;
    ASSERT_FALSE(HasFailure()) << "network " << seed;
  }
  EXPECT_GE(lively, 2u) << "silent networks prove nothing";
}

// The core that was taken over from is lost in the middle of a run: what comes after is the same as if nothing had happened.
class LostAfter final : public Core {
 public:
  LostAfter(std::shared_ptr<Graph> graph, Tick ticks) : Core(graph), core_(make_core(graph)), left_(ticks) {}
  void submit(const Period& period) override { core_->submit(period); }
  bool collect(PeriodResult& result) override {
    if (left_ <= 0 || !core_->collect(result)) return false;
    now_ = core_->now();
    left_ -= static_cast<Tick>(result.spike_counts.size());
    return true;
  }
  Status status() const override { return left_ > 0 ? core_->status() : Status(Error{"the GPU failed: it was lost", "", ""}); }
  bool take_state(NetworkState& state) override { return left_ > 0 && core_->take_state(state); }
  bool take_sample(NeuronIndex neuron, NeuronSample& sample) override { return left_ > 0 && core_->take_sample(neuron, sample); }
  bool take_learned(NeuronIndex source, std::vector<LearnedWeight>& learned) override {
    return left_ > 0 && core_->take_learned(source, learned);
  }
  Status load_state(const NetworkState& state) override { return core_->load_state(state); }
  std::uint64_t state_bytes() const override { return core_->state_bytes(); }
  Result<NeuronIndex> add_neuron(const NeuronProperties& properties) override { return core_->add_neuron(properties); }
  Status set_properties(NeuronIndex neuron, const NeuronProperties& properties) override {
    return core_->set_properties(neuron, properties);
  }
  void remove_neuron(NeuronIndex neuron) override { core_->remove_neuron(neuron); }
  Status replace_row(NeuronIndex source, std::span<const SynapseSpec> synapses, std::span<const LearnedWeight> learned) override {
    return core_->replace_row(source, synapses, learned);
  }

 private:
  std::unique_ptr<Core> core_;
  Tick left_;
};

TEST(WebGpu, TheCpuCoreGoesOnWhereTheGpuIsLost) {
  std::uint64_t spikes = 0;
  for (std::uint64_t seed : {3u, 8u}) {
    const auto make = [](std::shared_ptr<Graph> graph) { return make_failover_core(graph, std::make_unique<LostAfter>(graph, 60), {}); };
    spikes += compare_cores(seed, {{"failover", make}}, 150);
    ASSERT_FALSE(HasFailure()) << "network " << seed;
  }
  EXPECT_GT(spikes, 50u) << "silent networks prove nothing";
}

// The device itself is lost, under a network with plastic synapses, noise and all else.
TEST(WebGpu, TheCpuCoreGoesOnWhereTheDeviceIsLost) {
  const RandomNetwork network = random_network(8);
  auto graph = build(network);
  auto gpu = make_core(graph);
  webgpu::Device& device = static_cast<webgpu::WebGpuCore&>(*gpu).device();
  std::vector<RunningCore> cores;
  cores.push_back({"reference", make_reference_core(build(network))});
  cores.push_back({"failover", make_failover_core(graph, std::move(gpu), {})});
  std::uint64_t spikes = run_side_by_side(cores, 8, 60);
  EXPECT_NE(cores[1].core->gpu(), nullptr);
  EXPECT_EQ(cores[1].core->take_notice(), "");
  device.lose();
  PeriodResult want, got;
  for (RunningCore& core : cores) {
    core.core->submit({60, {}, {}});
    finish(*core.core, &core == cores.data() ? want : got);
  }
  EXPECT_EQ(want.spikes, got.spikes);
  EXPECT_EQ(difference(state_of(*cores[0].core), state_of(*cores[1].core)), "");
  EXPECT_EQ(cores[1].core->gpu(), nullptr);
  EXPECT_NE(cores[1].core->take_notice().find("the cpu core goes on"), std::string::npos);
  EXPECT_GT(spikes + want.spikes.size(), 10u) << "silent networks prove nothing";
}

// --- A network that changes its core --------------------------------------------------------------------------------------------------

Circuit pool() {
  Circuit circuit;
  circuit.settings.threshold_noise = 3;
  NeuronNode node;
  node.id = "pool";
  node.count = 603;  // two blocks, the second not full
  node.properties.threshold = node.properties.min_threshold = node.properties.max_threshold = 60;
  node.properties.auto_firing_rate = 61;
  circuit.neurons.push_back(node);
  Fiber fiber;
  fiber.sources = fiber.targets = {0};
  fiber.rule = FiberRule::random_fanout;
  fiber.fanout = 20;
  fiber.weight = {-10, 30};
  fiber.length = {1, 25};
  fiber.properties.stm_rate = 9;
  fiber.properties.ltm_rate = 40;
  circuit.fibers.push_back(fiber);
  return circuit;
}

Network network_of(const Circuit& circuit, CoreKind core) {
  NetworkOptions options;
  options.core = core;
  auto made = Network::init(circuit, options);
  EXPECT_TRUE(made.ok());
  if (!made) std::abort();
  return std::move(made).value();
}

TEST(WebGpu, ANetworkChangesItsCoreInTheMiddleOfARun) {
  Network plain = network_of(pool(), CoreKind::cpu), changing = network_of(pool(), CoreKind::cpu);
  for (Network* network : {&plain, &changing}) network->record(50);
  const auto both = [&](const auto& act) {
    for (Network* network : {&plain, &changing}) act(*network);
    EXPECT_EQ(plain.hash(), changing.hash());
  };
  both([](Network& network) { network.step(70); });
  EXPECT_TRUE(changing.fire(5).ok() && plain.fire(5).ok());  // what was stimulated stays
  EXPECT_TRUE(changing.set_core(CoreKind::webgpu).ok());
  EXPECT_EQ(changing.core().running, CoreKind::webgpu);
  EXPECT_EQ(changing.core().because, CoreReport::Because::chosen);
  EXPECT_NE(changing.core().name, "");
  both([](Network& network) { network.step(40); });
  both([](Network& network) {
    NeuronProperties properties = network.properties(7);
    properties.auto_firing_rate = 3;
    EXPECT_TRUE(network.update_neuron(7, properties).ok());
    network.step(60);
  });
  EXPECT_TRUE(changing.set_core(CoreKind::cpu).ok());
  EXPECT_EQ(changing.core().running, CoreKind::cpu);
  both([](Network& network) { network.step(50); });
  EXPECT_TRUE(changing.set_core(CoreKind::webgpu).ok());
  both([](Network& network) { EXPECT_TRUE(network.seek(130).ok()); });
  both([](Network& network) { network.step(30); });
  std::vector<NeuronState> states;
  changing.states(3, 500, states);
  for (NeuronIndex n = 3; n < 503; ++n) EXPECT_EQ(states[n - 3], plain.state(n)) << n;
  EXPECT_GT(plain.hash().spikes, 0u) << "a silent network proves nothing";
}

// Comparing the cores on a network that runs leaves no trace in it. The software GPU counts here because it is named, and is slower.
// A population that grows has its neurons move, which the cpu core does and this one replays.
TEST(WebGpu, ReplaysWhatTheCpuCoreDid) {
  const char* text =
      R"({"flux": 1, "neurons": [{"id": "pool", "count": 6, "autoFiringRate": 13}, {"id": "out", "count": 6, "threshold": 60}],
    "fibers": [{"from": "pool", "to": "out", "rule": "all-to-all", "weight": [5, 40], "length": [1, 30], "stmRate": 25},
      {"from": "out", "to": "pool", "rule": "one-to-one", "weight": 50}]})";
  auto circuit = parse_circuit_text(text, "test");
  ASSERT_TRUE(circuit.ok());
  NetworkOptions options;
  options.core = CoreKind::cpu;
  auto editor = Editor::make(std::move(circuit).value(), options);
  ASSERT_TRUE(editor.ok());
  Network& network = editor.value().network();
  network.record(50);
  network.step(120);
  const auto operations = read_operations(R"([{"op": "set", "node": "pool", "properties": {"count": 9}},
    {"op": "set", "node": "out", "properties": {"count": 9}}])",
                                          "test");
  const auto applied = editor.value().apply(operations.value());
  ASSERT_TRUE(applied.ok() && !applied.value().made_anew && !applied.value().moved.empty());
  network.step(80);
  const NetworkHash end = network.hash();
  ASSERT_TRUE(network.set_core(CoreKind::webgpu).ok());
  for (const Tick t : {110, 30, 130}) {
    ASSERT_TRUE(editor.value().seek(t).ok());
    network.step(200 - t);
    EXPECT_EQ(network.hash(), end) << t;
  }
  // There a population that grows makes the network anew.
  const auto more = editor.value().apply(read_operations(R"([{"op": "set", "node": "pool", "properties": {"count": 12}},
    {"op": "set", "node": "out", "properties": {"count": 12}}])",
                                                         "test")
                                             .value());
  ASSERT_TRUE(more.ok() && more.value().made_anew);
}

TEST(WebGpu, TheChoiceIsMeasuredAndLeavesNoTrace) {
  Network plain = network_of(pool(), CoreKind::cpu), choosing = network_of(pool(), CoreKind::cpu);
  EXPECT_TRUE(choosing.set_core(CoreKind::automatic, "0").ok());
  for (int i = 0; i < 200 && choosing.core().because == CoreReport::Because::chosen; ++i) {
    plain.step(100);
    choosing.step(100);
    choosing.choose_core();
  }
  const CoreReport report = choosing.core();
  EXPECT_NE(report.because, CoreReport::Because::chosen);
  EXPECT_NE(report.reason, "");
  plain.step(50);
  choosing.step(50);
  EXPECT_EQ(plain.hash(), choosing.hash());
}

#if !defined(__has_feature)
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
constexpr long FLUX_MOST_GROWTH = 300'000;  // kB: the sanitizer keeps 256 MB of what was freed aside, and looks for leaks itself
#else
constexpr long FLUX_MOST_GROWTH = 40'000;  // kB
#endif

// Memory and handles of a device do not grow with the cores that were made on it.
TEST(WebGpu, CoresReleaseWhatTheyTook) {
  auto graph = build(random_network(8));
  const auto resident_kilobytes = [] {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
      if (line.rfind("VmRSS:", 0) == 0) return std::stol(line.substr(6));
    }
    return 0L;
  };
  const auto make_and_run = [&](int times) {
    PeriodResult result;
    for (int i = 0; i < times; ++i) {
      auto core = make_core(std::make_shared<Graph>(graph->clone()));
      core->submit({1, {}, {}});
      if (i % 10 != 0) continue;  // most are destroyed with their period under way
      finish(*core, result);
    }
  };
  make_and_run(100);  // whatever is kept to be used again is there
  const long before = resident_kilobytes();
  make_and_run(900);
  EXPECT_GT(before, 0);
  EXPECT_LT(resident_kilobytes() - before, FLUX_MOST_GROWTH) << "kB more after 900 cores";
}

}  // namespace
}  // namespace flux
