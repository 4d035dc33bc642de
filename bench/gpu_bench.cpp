#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "bench/bench.h"
#include "core/core.h"
#include "gpu_network.h"
#include "measure.h"
#include "webgpu/webgpu_core.h"

namespace flux::bench {

namespace {

using webgpu::Access;
using webgpu::Device;

constexpr Tick FLUX_WARM_UP = 64;  // ticks; longer than the longest delay and the learning window
constexpr Tick FLUX_PERIOD = 512;  // ticks that are asked for at once

struct Run {
  std::uint64_t spikes = 0;
  Tick ticks = 0;
  double seconds = 0;
};

Result<Run> run_ticks(Core& core, Tick ticks, Tick period, PeriodResult& result) {
  Run run;
  const Stopwatch watch;
  while (run.ticks < ticks) {
    core.submit({std::min(period, ticks - run.ticks), {}, {}});
    while (!core.collect(result)) {
      if (Status status = core.status(); !status) return status.error();
    }
    run.spikes += result.spikes.size();
    run.ticks += static_cast<Tick>(result.spike_counts.size());
  }
  run.seconds = watch.seconds();
  return run;
}

// --- Ceilings: what this device can do at most of what delivery is made of ---------------------------------------------------------------

constexpr const char* FLUX_READ_KERNEL = R"(
@group(0) @binding(0) var<storage, read> words: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> result: array<u32>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  var sum = vec4<u32>(0u, 0u, 0u, 0u);
  let count = arrayLength(&words);
  for (var i = id.x; i < count; i += groups.x * 256u) { sum ^= words[i]; }
  if ((sum.x ^ sum.y ^ sum.z ^ sum.w) == 0x12345u) { result[0] = 1u; }
}
)";

constexpr const char* FLUX_ATOMIC_KERNEL = R"(
@group(0) @binding(0) var<storage, read_write> sums: array<atomic<u32>>;
const EACH = 256u;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let count = arrayLength(&sums);
  var x = id.x * 2654435761u + 12345u;
  for (var i = 0u; i < EACH; i++) {
    x = x * 1664525u + 1013904223u;
    let high = (x >> 16u) * (count & 0xffffu) / 65536u + (x >> 16u) * (count >> 16u);  // (x >> 16) * count >> 16
    atomicAdd(&sums[(high + ((x & 0xffffu) % 61u)) % count], 1u);
  }
}
)";

struct Ceilings {
  double bytes_per_second = 0;
  double atomics_per_second = 0;
};

double seconds_of(const std::vector<Device::KernelTime>& times, const std::string& name) {
  for (const Device::KernelTime& time : times) {
    if (time.name == name) return static_cast<double>(time.nanoseconds) * 1e-9;
  }
  return 0;
}

// `window`: bytes of the sums that delivery adds to.
Ceilings measure_ceilings(Device& device, std::uint64_t window) {
  constexpr std::uint32_t FLUX_REPEATS = 5;
  const bool software = device.info().kind == webgpu::AdapterKind::software;
  const std::uint32_t groups = software ? 16 : 4096;
  const std::uint64_t read_bytes = std::min(std::uint64_t{software ? 16u : 1024u} << 20, device.info().binding_bytes);
  const Access read_access[] = {Access::read, Access::read_write};
  const Access atomic_access[] = {Access::read_write};
  const auto words = device.create_buffer(read_bytes), result = device.create_buffer(16), sums = device.create_buffer(window);
  const auto reading = device.create_pipeline("read", FLUX_READ_KERNEL, read_access);
  const auto adding = device.create_pipeline("add", FLUX_ATOMIC_KERNEL, atomic_access);
  const webgpu::BufferId read_buffers[] = {words, result}, atomic_buffers[] = {sums};
  const auto read_group = device.create_group(reading, read_buffers), atomic_group = device.create_group(adding, atomic_buffers);
  for (int warm = 0; warm < 2; ++warm) {
    device.dispatch(reading, read_group, 0, groups);
    device.dispatch(adding, atomic_group, 0, groups);
  }
  device.submit();
  device.start_profile();
  for (std::uint32_t i = 0; i < FLUX_REPEATS; ++i) {
    device.dispatch(reading, read_group, 0, groups);
    device.dispatch(adding, atomic_group, 0, groups);
  }
  const auto times = device.finish_profile();
  for (auto group : {read_group, atomic_group}) device.destroy_group(group);
  for (auto pipeline : {reading, adding}) device.destroy_pipeline(pipeline);
  for (auto buffer : {words, result, sums}) device.destroy_buffer(buffer);
  Ceilings ceilings;
  if (times.empty()) return ceilings;
  ceilings.bytes_per_second = static_cast<double>(read_bytes) * FLUX_REPEATS / seconds_of(times, "read");
  ceilings.atomics_per_second = 256.0 * 256 * groups * FLUX_REPEATS / seconds_of(times, "add");
  return ceilings;
}

// Spikes of the same ticks on the cpu core, or 0 where they differ.
Result<bool> same_as_cpu(const std::shared_ptr<Graph>& graph, const NetworkState& state, Core& core, Tick ticks) {
  const auto cpu = make_cpu_core(graph, {std::min(64u, std::max(1u, std::thread::hardware_concurrency()))});
  if (Status status = cpu->load_state(state); !status) return status.error();
  PeriodResult want, got;
  cpu->submit({ticks, {}, {}});
  while (!cpu->collect(want)) continue;
  core.submit({ticks, {}, {}});
  while (!core.collect(got)) {
    if (Status status = core.status(); !status) return status.error();
  }
  return want.spikes == got.spikes && want.spike_counts == got.spike_counts && !want.spikes.empty();
}

}  // namespace

Result<Report> gpu(const GpuOptions& options, const Progress& progress) {
  const auto say = [&](const std::string& text) {
    if (progress) progress(text);
  };
  if (options.neurons < 5 || options.fanout == 0 || options.rate == 0) return Error{"nothing to measure", "", "give 5 neurons or more"};
  const GpuNetworkOptions network{options.neurons, options.fanout, options.rate, options.plastic, options.seed};
  say(fmt::format("building {} neurons x {} synapses", options.neurons, options.fanout));
  const Stopwatch build;
  auto graph = build_gpu_network(network);
  if (!graph) return graph.error();
  const double build_seconds = build.seconds();
  say("copying them to the GPU");
  const Stopwatch copy;
  auto made = make_webgpu_core(graph.value(), {options.device});
  if (!made) return made.error();
  auto& core = static_cast<webgpu::WebGpuCore&>(*made.value());
  const double copy_seconds = copy.seconds();
  Device& device = core.device();
  const NetworkState state = phased_state(*graph.value(), network);
  if (Status status = core.load_state(state); !status) return status.error();
  Report report{{"build_seconds", "time to make the network", build_seconds, "s"}, {"copy_seconds", "time to copy it", copy_seconds, "s"}};
  if (options.check > 0) {
    say("comparing with the cpu core");
    auto same = same_as_cpu(graph.value(), state, core, options.check);
    if (!same) return same.error();
    if (!same.value()) return Error{"the GPU's spikes are not those of the cpu core", "", "report this: both must be the same"};
    report.push_back({"checked_ticks", "ticks with the spikes of the cpu core", static_cast<double>(options.check), ""});
  }
  say("warming up");
  PeriodResult result;  // its memory is used again
  if (auto warm = run_ticks(core, FLUX_WARM_UP, FLUX_PERIOD, result); !warm) return warm.error();
  auto first = run_ticks(core, FLUX_PERIOD, FLUX_PERIOD, result);
  if (!first) return first.error();
  const double tick_seconds = first.value().seconds / static_cast<double>(first.value().ticks);
  const auto ticks = static_cast<Tick>(std::clamp(options.seconds / tick_seconds, 100.0, 1e6));
  say(fmt::format("measuring {} ticks", ticks));
  auto measured = run_ticks(core, ticks, FLUX_PERIOD, result);
  if (!measured) return measured.error();
  const Run& run = measured.value();
  say("measuring each kernel");
  device.start_profile();
  auto profiled = run_ticks(core, std::min(ticks, FLUX_PERIOD), FLUX_PERIOD, result);
  if (!profiled) return profiled.error();
  const auto times = device.finish_profile();
  const Ceilings ceilings = measure_ceilings(device, std::uint64_t{options.neurons} * 2);

  const double fanout = options.fanout;
  const double events = static_cast<double>(profiled.value().spikes) * fanout;
  const double deliver_seconds = seconds_of(times, "deliver");
  report.insert(
      report.end(),
      {{"rate", "mean rate", static_cast<double>(run.spikes) / options.neurons / (static_cast<double>(run.ticks) / 1000), "Hz"},
       {"ticks", "ticks measured", static_cast<double>(run.ticks), ""},
       {"microseconds_per_tick", "a tick", run.seconds / static_cast<double>(run.ticks) * 1e6, "us"},
       {"events_per_second", "synaptic events, all included", static_cast<double>(run.spikes) * fanout / run.seconds / 1e9, "G/s"},
       {"real_time_factor", "times real time", static_cast<double>(run.ticks) / 1000 / run.seconds, ""},
       {"bytes_per_synapse", "on the GPU per synapse, all included",
        static_cast<double>(core.state_bytes()) / (static_cast<double>(options.neurons) * fanout), "bytes"}});
  if (times.empty()) return report;
  report.push_back({"deliver_events_per_second", "synaptic events in the delivery kernel", events / deliver_seconds / 1e9, "G/s"});
  for (const Device::KernelTime& time : times) {
    report.push_back({time.name + "_microseconds", "a tick in kernel " + time.name,
                      static_cast<double>(time.nanoseconds) * 1e-3 / static_cast<double>(profiled.value().ticks), "us"});
  }
  const double bytes_per_event = 4;  // its word; a plastic one has another
  report.insert(report.end(),
                {{"ceiling_atomics_per_second", "ceiling: random additions to sums of this size", ceilings.atomics_per_second / 1e9, "G/s"},
                 {"atomics_of_ceiling", "of it, the delivery kernel reaches", events / deliver_seconds / ceilings.atomics_per_second, ""},
                 {"ceiling_bytes_per_second", "ceiling: reading memory", ceilings.bytes_per_second / 1e9, "GB/s"},
                 {"bytes_of_ceiling", "of it, the delivery kernel reads",
                  events * bytes_per_event * (options.plastic ? 1.8 : 1) / deliver_seconds / ceilings.bytes_per_second, ""}});
  return report;
}

}  // namespace flux::bench
