// What a device can lack: room in a buffer, in a binding, in its memory; and ticks beyond what its 32-bit stamps tell apart.
#include <gtest/gtest.h>

#include "flux.h"
#include "support/parity.h"
#include "webgpu/webgpu_core.h"

namespace flux {
namespace {

using namespace test;
using webgpu::BufferId;

// A device that has less than the one it stands before.
class LimitedDevice final : public webgpu::Device {
 public:
  // Bytes of a buffer, and of all buffers together.
  LimitedDevice(std::unique_ptr<webgpu::Device> device, std::uint64_t buffer_bytes, std::uint64_t memory_bytes)
      : device_(std::move(device)), info_(device_->info()), left_(memory_bytes) {
    info_.buffer_bytes = info_.binding_bytes = buffer_bytes;
  }

  const webgpu::DeviceInfo& info() const override { return info_; }
  Status status() override { return out_of_memory_ ? Status(Error{"the GPU failed: out of memory", "", ""}) : device_->status(); }
  BufferId create_buffer(std::uint64_t bytes, bool uniform) override {
    EXPECT_LE(bytes, info_.buffer_bytes) << "a buffer larger than this device has";
    out_of_memory_ = out_of_memory_ || bytes > left_;
    if (out_of_memory_) return device_->create_buffer(4, uniform);
    left_ -= bytes;
    const BufferId buffer = device_->create_buffer(bytes, uniform);
    bytes_[buffer] = bytes;
    return buffer;
  }
  void destroy_buffer(BufferId buffer) override {
    left_ += bytes_[buffer];
    bytes_.erase(buffer);
    device_->destroy_buffer(buffer);
  }
  webgpu::PipelineId create_pipeline(std::string_view name, const std::string& wgsl, std::span<const webgpu::Access> bindings) override {
    return device_->create_pipeline(name, wgsl, bindings);
  }
  void destroy_pipeline(webgpu::PipelineId pipeline) override { device_->destroy_pipeline(pipeline); }
  webgpu::GroupId create_group(webgpu::PipelineId pipeline, std::span<const BufferId> buffers) override {
    return out_of_memory_ ? 0 : device_->create_group(pipeline, buffers);
  }
  void destroy_group(webgpu::GroupId group) override { device_->destroy_group(group); }
  void write(BufferId buffer, std::uint64_t offset, std::span<const std::byte> bytes) override {
    if (!out_of_memory_) device_->write(buffer, offset, bytes);
  }
  void dispatch(webgpu::PipelineId pipeline, webgpu::GroupId group, std::uint32_t tick, std::uint32_t workgroups) override {
    if (!out_of_memory_) device_->dispatch(pipeline, group, tick, workgroups);
  }
  void copy(BufferId from, std::uint64_t from_offset, BufferId to, std::uint64_t to_offset, std::uint64_t bytes) override {
    if (!out_of_memory_) device_->copy(from, from_offset, to, to_offset, bytes);
  }
  void clear(BufferId buffer, std::uint64_t offset, std::uint64_t bytes) override {
    if (!out_of_memory_) device_->clear(buffer, offset, bytes);
  }
  webgpu::ReadId read(BufferId buffer, std::uint64_t offset, std::uint64_t bytes) override {
    return device_->read(buffer, out_of_memory_ ? 0 : offset, out_of_memory_ ? 4 : bytes);
  }
  void submit() override { device_->submit(); }
  void poll() override { device_->poll(); }
  Status wait() override { return out_of_memory_ ? status() : device_->wait(); }
  bool take(webgpu::ReadId read, std::vector<std::byte>& bytes) override { return !out_of_memory_ && device_->take(read, bytes); }
  void drop(webgpu::ReadId read) override { device_->drop(read); }
  void start_profile() override { device_->start_profile(); }
  std::vector<KernelTime> finish_profile() override { return device_->finish_profile(); }
  void lose() override { device_->lose(); }

 private:
  std::unique_ptr<webgpu::Device> device_;
  webgpu::DeviceInfo info_;
  std::map<BufferId, std::uint64_t> bytes_;
  std::uint64_t left_;
  bool out_of_memory_ = false;
};

constexpr std::uint64_t FLUX_ROOMY = std::uint64_t{1} << 30;

std::shared_ptr<webgpu::Gpu> limited_gpu(std::uint64_t buffer_bytes, std::uint64_t memory_bytes) {
  auto device = webgpu::open_device("");
  EXPECT_TRUE(device.ok()) << device.error().message();
  if (!device) std::abort();
  return std::make_shared<webgpu::Gpu>(std::make_unique<LimitedDevice>(std::move(device).value(), buffer_bytes, memory_bytes));
}

std::unique_ptr<Core> make_core(std::shared_ptr<Graph> graph, const std::shared_ptr<webgpu::Gpu>& gpu) {
  auto core = webgpu::WebGpuCore::make(std::move(graph), gpu);
  EXPECT_TRUE(core.ok()) << core.error().message();
  if (!core) std::abort();
  return std::move(core).value();
}

// Synapses enough for many parts: `neurons` with `fanout` plastic or static ones each.
RandomNetwork wide_network(int neurons, int fanout) {
  Random random(5);
  RandomNetwork network;
  network.settings.seed = 5;
  for (int i = 0; i < neurons; ++i) network.neurons.push_back(random_neuron(random, false));
  for (int i = 0; i < neurons; ++i) {
    auto& row = network.rows.emplace_back();
    for (int k = 0; k < fanout; ++k) row.push_back(random_synapse(random, static_cast<std::uint32_t>(neurons), false));
  }
  return network;
}

// The tables of the synapses take more than the four buffers that one call of the delivery kernel is given, edits included.
TEST(WebGpuDevice, ManySmallBuffersHoldTheTableAndGiveTheSameSpikes) {
  constexpr std::uint64_t FLUX_SMALL = 140'000;
  const auto gpu = limited_gpu(FLUX_SMALL, FLUX_ROOMY);
  const RandomNetwork network = wide_network(360, 360);
  std::vector<RunningCore> cores;
  cores.push_back({"reference", make_reference_core(build(network))});
  auto core = make_core(build(network), gpu);
  EXPECT_GT(core->state_bytes(), 5 * FLUX_SMALL) << "too little to need several parts";
  cores.push_back({"small buffers", std::move(core)});
  EXPECT_GT(run_side_by_side(cores, 5, 30), 100u) << "silent networks prove nothing";
}

TEST(WebGpuDevice, ARowThatFitsNoBufferIsRefusedWithAReason) {
  const auto gpu = limited_gpu(320'000, FLUX_ROOMY);
  RandomNetwork network = wide_network(50, 5);
  Random random(1);
  for (int k = 0; k < 100'000; ++k) network.rows[7].push_back(random_synapse(random, 50, true));
  const auto core = webgpu::WebGpuCore::make(build(network), gpu);
  ASSERT_FALSE(core.ok());
  EXPECT_NE(core.error().message().find("does not fit into one of this GPU's buffers"), std::string::npos) << core.error().message();
  EXPECT_NE(core.error().message().find("use the cpu core"), std::string::npos);
}

TEST(WebGpuDevice, NeuronsThatFitNoBufferAreRefusedWithAReason) {
  const auto gpu = limited_gpu(320'000, FLUX_ROOMY);
  const auto core = webgpu::WebGpuCore::make(build(wide_network(30'000, 1)), gpu);  // 16 bytes each
  ASSERT_FALSE(core.ok());
  EXPECT_NE(core.error().message().find("enough for 19968 neurons"), std::string::npos) << core.error().message();
  EXPECT_NE(core.error().message().find("use the cpu core"), std::string::npos);
}

// Neurons can be added until the buffers are full, and not one more.
TEST(WebGpuDevice, NeuronsAreAddedUntilTheBuffersAreFull) {
  const auto gpu = limited_gpu(320'000, FLUX_ROOMY);
  RandomNetwork network = wide_network(19'900, 0);
  std::fill(network.neurons.begin(), network.neurons.end(), NeuronProperties{});
  auto core = make_core(build(network), gpu);
  std::uint32_t added = 0;
  while (added < 1000 && core->add_neuron({}).ok()) ++added;
  EXPECT_EQ(core->graph().neuron_count(), 19'967u);
  EXPECT_TRUE(core->status().ok());
}

// More spikes than a small buffer holds for many ticks: batches become shorter.
TEST(WebGpuDevice, BatchesAreAsLongAsTheBuffersAllow) {
  RandomNetwork network = wide_network(3000, 2);
  for (NeuronProperties& neuron : network.neurons) {
    neuron.refractory_period = 0;
    neuron.auto_firing_rate = 2;
  }
  for (auto& row : network.rows) {
    for (SynapseSpec& synapse : row) {
      synapse.properties.length = 1 + synapse.properties.length % 5;
      synapse.properties.stm_rate = 0;
    }
  }
  std::vector<RunningCore> cores;
  cores.push_back({"reference", make_reference_core(build(network))});
  cores.push_back({"small buffers", make_core(build(network), limited_gpu(320'000, FLUX_ROOMY))});
  std::vector<PeriodResult> results(2);
  for (std::size_t i = 0; i < 2; ++i) {
    cores[i].core->submit({40, {}, {}});
    finish(*cores[i].core, results[i]);
  }
  EXPECT_EQ(results[0].spikes, results[1].spikes);
  EXPECT_GT(results[0].spikes.size(), 40'000u);
}

TEST(WebGpuDevice, WithoutMemoryANetworkIsRefusedWithAReason) {
  const auto gpu = limited_gpu(FLUX_ROOMY, 300'000);
  const auto core = webgpu::WebGpuCore::make(build(wide_network(600, 300)), gpu);
  ASSERT_FALSE(core.ok());
  EXPECT_NE(core.error().message().find("out of memory"), std::string::npos) << core.error().message();
}

// Memory runs out in the middle of a run, at an edit that needs another part of the table: the cpu core goes on.
TEST(WebGpuDevice, WhereMemoryRunsOutTheCpuCoreGoesOn) {
  const auto gpu = limited_gpu(FLUX_ROOMY, 6'000'000);
  const RandomNetwork network = wide_network(200, 20);
  Random random(3);
  std::vector<SynapseSpec> row;
  for (int k = 0; k < 200'000; ++k) row.push_back(random_synapse(random, 200, true));
  std::sort(row.begin(), row.end(), [](const SynapseSpec& a, const SynapseSpec& b) { return a.properties.length < b.properties.length; });
  std::vector<RunningCore> cores;
  cores.push_back({"reference", make_reference_core(build(network))});
  auto graph = build(network);
  cores.push_back({"failover", make_failover_core(graph, make_core(graph, gpu), {})});
  std::uint64_t spikes = run_side_by_side(cores, 5, 40);
  EXPECT_NE(cores[1].core->gpu(), nullptr);
  for (NeuronIndex source = 0; source < 8; ++source) {
    for (RunningCore& core : cores) {
      const std::vector<LearnedWeight> learned(row.size());
      ASSERT_TRUE(core.core->replace_row(source, row, learned).ok()) << core.name;
    }
  }
  PeriodResult want, got;
  for (RunningCore& core : cores) {
    core.core->submit({30, {}, {}});
    finish(*core.core, &core == cores.data() ? want : got);
  }
  EXPECT_EQ(want.spikes, got.spikes);
  EXPECT_EQ(difference(state_of(*cores[0].core), state_of(*cores[1].core)), "");
  EXPECT_EQ(cores[1].core->gpu(), nullptr);
  EXPECT_NE(cores[1].core->take_notice().find("the cpu core goes on"), std::string::npos);
  EXPECT_GT(spikes + want.spikes.size(), 50u) << "silent networks prove nothing";
}

// What the real device says of more than it has.
TEST(WebGpuDevice, TellsOfABufferThatCannotBe) {
  auto device = webgpu::open_device("");
  ASSERT_TRUE(device.ok()) << device.error().message();
  EXPECT_TRUE(device.value()->wait().ok());
  device.value()->create_buffer(device.value()->info().buffer_bytes + 4);
  const Status status = device.value()->wait();
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message(), "");
}

// Stamps have 32 bits, the ticks of a network 63. Every 2^30 ticks stamps are brought up to date; around them, and where 32 bits begin
// anew, nothing shows.
TEST(WebGpuDevice, StampsOfTicksBeginAnewUnseen) {
  const auto gpu = limited_gpu(FLUX_ROOMY, FLUX_ROOMY);
  std::uint64_t spikes = 0;
  for (const Tick around : {Tick{1} << 30, Tick{1} << 31, Tick{1} << 32, Tick{1} << 40}) {
    for (const std::uint64_t seed : {8u, 14u}) {
      const RandomNetwork network = random_network(seed);
      std::vector<RunningCore> cores;
      cores.push_back({"reference", make_reference_core(build(network))});
      cores.push_back({"webgpu", make_core(build(network), gpu)});
      run_side_by_side(cores, seed, 30);
      NetworkState state = state_of(*cores[0].core);
      const Tick later = around - 20 - state.now;
      state.now += later;
      for (Departure& departure : state.departures) departure.tick += later;
      for (RunningCore& core : cores) ASSERT_TRUE(core.core->load_state(state).ok());
      spikes += run_side_by_side(cores, seed, 50);
      ASSERT_FALSE(HasFailure()) << "around tick " << around << ", network " << seed;
    }
  }
  EXPECT_GT(spikes, 100u) << "silent networks prove nothing";
}

}  // namespace
}  // namespace flux
