// Which core computes a network: what was asked for, or, where that is left to FLUX, the one that was measured to be faster on this network
// as it runs.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "network_impl.h"

namespace flux {

namespace {

using Clock = std::chrono::steady_clock;

// Below this no GPU can be faster: a tick is four kernels and more, each started anew.
constexpr double FLUX_LIGHT_SECONDS = 100e-6;  // of the cpu core, a tick
constexpr double FLUX_LEAST_SECONDS = 0.1;     // of computing before its cost is believed
constexpr double FLUX_TRIAL_SECONDS = 0.03;    // what a trial's last run takes at least, unless it reaches
constexpr Tick FLUX_TRIAL_TICKS = 256;         // so many ticks
constexpr double FLUX_CLEARLY = 1.5;           // times faster than the one that runs: else changing is not worth it
constexpr double FLUX_LONGEST_WAIT = 120;      // seconds between two comparisons; each wait is twice the one before

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double seconds_of_run(Core& core, Tick ticks) {
  PeriodResult unused;
  const auto start = Clock::now();
  core.submit({ticks, {}, {}});
  while (!core.collect(unused) && core.status().ok()) continue;
  return seconds_since(start);
}

// Of a tick, from the core's present state on, in ever longer runs of which the last counts: the first ones include what is made once.
double trial(Core& core) {
  seconds_of_run(core, 1);
  double seconds = 0;
  for (Tick ticks = 1;; ticks *= 2) {
    seconds = seconds_of_run(core, ticks);
    if (seconds >= FLUX_TRIAL_SECONDS || ticks >= FLUX_TRIAL_TICKS || !core.status().ok()) return seconds / static_cast<double>(ticks);
  }
}

std::string microseconds(double seconds) { return fmt::format("{:.0f} us", seconds * 1e6); }

}  // namespace

std::unique_ptr<Core> Network::Impl::make_core() {
  if (options.core == CoreKind::reference) return make_reference_core(graph);
  if (choice.on_gpu) {
    auto gpu = make_webgpu_core(graph, {options.device});
    if (gpu.ok()) return make_failover_core(graph, std::move(gpu).value(), {options.threads});
    settle_on_cpu(list_gpus().ok() ? CoreReport::Because::refused : CoreReport::Because::missing, gpu.error().message());
    notice = choice.reason;
  }
  return make_cpu_core(graph, {options.threads});
}

void Network::Impl::settle_on_cpu(CoreReport::Because because, std::string reason) {
  choice.on_gpu = false;
  choice.settled = true;
  choice.because = because;
  choice.reason = std::move(reason);
}

void Network::Impl::notice_failure() {
  if (!choice.on_gpu || core().gpu() != nullptr) return;
  notice = core().take_notice();
  settle_on_cpu(CoreReport::Because::failed, notice);
}

Status Network::Impl::go_on_with(std::unique_ptr<Core> next, const NetworkState& state) {
  if (Status status = next->load_state(state); !status) return status;
  std::vector<NeuronIndex> same(graph->neuron_count());
  std::iota(same.begin(), same.end(), NeuronIndex{0});
  loop->exchange_core(std::move(next), same);
  return {};
}

bool Network::Impl::core_choice_due() {
  notice_failure();
  if (options.core != CoreKind::automatic || choice.settled || loop->cost().seconds < FLUX_LEAST_SECONDS) return false;
  const double seconds = loop->cost().seconds_per_tick();
  if (!choice.on_gpu && seconds < FLUX_LIGHT_SECONDS) {
    choice.because = CoreReport::Because::light;
    choice.reason = fmt::format("the cpu core takes {} a tick: no GPU could be faster", microseconds(seconds));
    loop->forget_cost();
    return false;
  }
  return Clock::now() >= choice.next_look;
}

void Network::Impl::choose_core() {
  if (!choice.on_gpu) {
    const auto gpus = list_gpus();
    if (!gpus) return settle_on_cpu(CoreReport::Because::missing, gpus.error().message());
    if (options.device.empty() && gpus.value().front().software) {
      return settle_on_cpu(CoreReport::Because::software, "the only GPU is a software one (" + gpus.value().front().name + ")");
    }
  }
  auto other =
      choice.on_gpu ? Result<std::unique_ptr<Core>>(make_cpu_core(graph, {options.threads})) : make_webgpu_core(graph, {options.device});
  if (!other) return settle_on_cpu(CoreReport::Because::refused, other.error().message());
  const NetworkState state = loop->state();
  const double here = trial(core());
  Status status = core().load_state(state);
  notice_failure();
  if (!status || choice.settled) return;
  status = other.value()->load_state(state);
  const double there = trial(*other.value());
  if (status) status = other.value()->status();
  if (!status) return settle_on_cpu(CoreReport::Because::refused, status.error().message());

  const bool changes = there * FLUX_CLEARLY < here;
  const bool gpu_is_better = changes != choice.on_gpu;
  const double of_gpu = choice.on_gpu ? here : there, of_cpu = choice.on_gpu ? there : here;
  choice.because = gpu_is_better ? CoreReport::Because::faster : CoreReport::Because::slower;
  choice.reason = fmt::format("measured: the GPU takes {} a tick, the cpu core {}", microseconds(of_gpu), microseconds(of_cpu));
  choice.wait_seconds = std::min(2 * choice.wait_seconds, FLUX_LONGEST_WAIT);
  choice.next_look = Clock::now() + std::chrono::milliseconds(static_cast<std::int64_t>(1000 * choice.wait_seconds));
  loop->forget_cost();
  if (!changes) return;
  std::unique_ptr<Core> next = std::move(other).value();
  if (!choice.on_gpu) next = make_failover_core(graph, std::move(next), {options.threads});
  if (go_on_with(std::move(next), state)) choice.on_gpu = !choice.on_gpu;
}

Status Network::set_core(CoreKind kind, const std::string& device) {
  Impl& impl = *impl_;
  const bool other_device = !device.empty() && device != impl.options.device;
  const bool was_reference = impl.options.core == CoreKind::reference;
  impl.notice_failure();
  const bool was_on_gpu = impl.choice.on_gpu;
  impl.options.core = kind;
  if (other_device) impl.options.device = device;
  impl.choice = {};
  impl.choice.on_gpu = kind == CoreKind::webgpu || (kind == CoreKind::automatic && was_on_gpu && !other_device);
  const bool same = was_reference == (kind == CoreKind::reference) && was_on_gpu == impl.choice.on_gpu && !(was_on_gpu && other_device);
  if (same) return {};
  if (Status status = impl.go_on_with(impl.make_core(), impl.loop->state()); !status) return status;
  if (kind != CoreKind::webgpu || impl.choice.on_gpu) return {};
  return Error{impl.choice.reason, "", "the cpu core goes on"};
}

CoreReport Network::core() const {
  impl_->notice_failure();
  CoreReport report;
  report.asked = impl_->options.core;
  const GpuInfo* gpu = impl_->core().gpu();
  report.running = gpu != nullptr ? CoreKind::webgpu : report.asked == CoreKind::reference ? CoreKind::reference : CoreKind::cpu;
  report.name = gpu != nullptr ? gpu->name : report.running == CoreKind::cpu ? cpu_core_target() : "";
  report.because = impl_->choice.because;
  report.reason = impl_->choice.reason;
  return report;
}

std::optional<GpuState> Network::gpu_state() const { return impl_->core().gpu_state(); }

void Network::choose_core() {
  if (impl_->core_choice_due()) impl_->choose_core();
}
bool Network::core_choice_due() const { return impl_->core_choice_due(); }

std::string Network::take_notice() {
  impl_->notice_failure();
  return std::exchange(impl_->notice, {});
}

}  // namespace flux
