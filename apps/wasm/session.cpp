#include "session.h"

#include <algorithm>
#include <chrono>

#include "file/flx.h"

namespace flux {
namespace {

constexpr Tick FLUX_TICKS_BETWEEN_STATES = 1000;
constexpr std::uint64_t FLUX_MOST_HISTORY_BYTES = std::uint64_t{128} << 20;
constexpr std::int64_t FLUX_PERIOD_MILLISECONDS = 8;
constexpr Tick FLUX_MOST_PERIOD = 256;

}  // namespace

Result<std::unique_ptr<Session>> Session::open(std::string_view bytes, const std::string& name, const NetworkOptions& options) {
  auto editor = Editor::open_bytes(bytes, name, options);
  if (!editor) return editor.error();
  return std::unique_ptr<Session>(new Session(std::move(editor).value()));
}

Session::Session(Editor editor) : editor_(std::move(editor)) {
  network().on_fire([this](Tick t, std::span<const NeuronIndex> neurons) { remember_spikes(t, neurons); });
  network().on_tick([this](Tick t) { after_tick(t); });
  network().record(FLUX_TICKS_BETWEEN_STATES, FLUX_MOST_HISTORY_BYTES);
}

// Going to the GPU and back takes about as long for a hundred ticks as for one, and meanwhile nobody is heard: so as many ticks at a time
// as fit into a few milliseconds. A breakpoint stops at the very tick.
template <class Compute>
void Session::compute(Compute advance) {
  const bool on_gpu = breakpoints_.empty() && network().core().running == CoreKind::webgpu;
  network().set_period(on_gpu ? gpu_period_ : 1);
  const Tick first = network().now();
  const auto start = std::chrono::steady_clock::now();
  advance();
  if (!on_gpu) return;
  const Tick ticks = network().now() - first, periods = (ticks + gpu_period_ - 1) / gpu_period_;
  if (periods == 0) return;
  const auto taken = std::chrono::steady_clock::now() - start;
  if (taken > 2 * periods * std::chrono::milliseconds(FLUX_PERIOD_MILLISECONDS)) gpu_period_ = std::max<Tick>(1, gpu_period_ / 2);
  if (taken < periods * std::chrono::milliseconds(FLUX_PERIOD_MILLISECONDS) && ticks >= gpu_period_) {
    gpu_period_ = std::min(2 * gpu_period_, FLUX_MOST_PERIOD);
  }
}

Tick Session::pump(std::int64_t now_microseconds, std::int64_t budget_microseconds) {
  Tick ticks = 0;
  compute([&] { ticks = network().pump(now_microseconds, budget_microseconds); });
  return ticks;
}

void Session::step(Tick ticks) {
  compute([&] { network().step(ticks); });
}

bool Session::core_changed() {
  const CoreReport now = network().core();
  const bool same = now.asked == reported_.asked && now.running == reported_.running && now.because == reported_.because;
  reported_ = now;
  return !same;
}

void Session::follow(const Applied& applied) {
  if (applied.moved.empty()) return;
  const auto move = [&](NeuronIndex& neuron) { neuron = neuron < applied.moved.size() ? applied.moved[neuron] : ~NeuronIndex{0}; };
  for (NeuronIndex& probe : probes_) move(probe);
  for (Breakpoint& breakpoint : breakpoints_) move(breakpoint.neuron);
  subscribe_probes();
  clear_frame();
}

bool Session::follow_replay() {
  const Applied applied = editor_.follow();
  if (applied.views.empty() && !applied.network) return false;
  follow(applied);
  return replayed_ = true;
}

void Session::remember_spikes(Tick t, std::span<const NeuronIndex> neurons) {
  spike_count_ += neurons.size();
  if (spikes_.size() > 4 * FLUX_MAX_SPIKES) {  // nobody took a frame for long: keep the latest
    spikes_.erase(spikes_.begin(), spikes_.end() - static_cast<std::ptrdiff_t>(2 * FLUX_MAX_SPIKES));
  }
  for (const NeuronIndex neuron : neurons) {
    spikes_.push_back(static_cast<std::uint32_t>(t));
    spikes_.push_back(neuron);
  }
  for (std::size_t i = 0; i < breakpoints_.size(); ++i) {
    if (breakpoints_[i].on != Breakpoint::On::fire) continue;
    if (std::binary_search(neurons.begin(), neurons.end(), breakpoints_[i].neuron)) stop(i);
  }
}

void Session::after_tick(Tick t) {
  for (std::size_t i = 0; i < breakpoints_.size(); ++i) {
    const Breakpoint& breakpoint = breakpoints_[i];
    if (breakpoint.on != Breakpoint::On::level || !network().exists(breakpoint.neuron)) continue;
    const std::int32_t before = level_before_[i], now = level_before_[i] = network().state(breakpoint.neuron).level;
    const bool reached =
        breakpoint.level >= 0 ? before < breakpoint.level && now >= breakpoint.level : before > breakpoint.level && now <= breakpoint.level;
    if (reached) stop(i);
  }
  if (probes_.empty()) return;
  const std::size_t row = 3 * probes_.size();
  if (probe_samples_.size() >= 2 * FLUX_MAX_PROBE_TICKS * row) {  // as with spikes
    probe_samples_.erase(probe_samples_.begin(), probe_samples_.begin() + static_cast<std::ptrdiff_t>(FLUX_MAX_PROBE_TICKS * row));
    probe_from_ += static_cast<Tick>(FLUX_MAX_PROBE_TICKS);
  }
  if (probe_samples_.empty()) probe_from_ = t;
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    const NeuronState state = network().exists(probes_[i]) ? probed_[i] : NeuronState();
    probe_samples_.insert(probe_samples_.end(), {state.level, state.effective_threshold, state.modulation});
  }
}

void Session::stop(std::size_t breakpoint) {
  network().pause();
  stopped_by_ = static_cast<std::int32_t>(breakpoint);
}

void Session::clear_frame() {
  spikes_.clear();
  spike_count_ = 0;
  probe_samples_.clear();
  stopped_by_ = -1;
  replayed_ = false;
}

void Session::set_probes(std::vector<NeuronIndex> probes) {
  probes_ = std::move(probes);
  if (probes_.size() > FLUX_MAX_PROBES) probes_.resize(FLUX_MAX_PROBES);
  probe_samples_.clear();
  subscribe_probes();
}

void Session::subscribe_probes() {
  for (const Network::Subscription subscription : probe_subscriptions_) network().off(subscription);
  probe_subscriptions_.clear();
  probed_.assign(probes_.size(), {});
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    if (!network().exists(probes_[i])) continue;
    probe_subscriptions_.push_back(network().on_sample(probes_[i], [this, i](Tick, const NeuronState& state) { probed_[i] = state; }));
  }
}

void Session::set_breakpoints(std::vector<Breakpoint> breakpoints) {
  breakpoints_ = std::move(breakpoints);
  level_before_.assign(breakpoints_.size(), 0);
  for (std::size_t i = 0; i < breakpoints_.size(); ++i) {
    if (network().exists(breakpoints_[i].neuron)) level_before_[i] = network().state(breakpoints_[i].neuron).level;
  }
  stopped_by_ = -1;
}

const std::vector<std::int16_t>& Session::sample_levels(NeuronIndex first, std::uint32_t count) {
  levels_.assign(std::size_t{3} * count, 0);
  editor_.network().states(first, count, states_);
  for (std::uint32_t i = 0; i < count; ++i) {
    const NeuronState& state = states_[i];
    levels_[i] = static_cast<std::int16_t>(state.level);
    levels_[count + i] = static_cast<std::int16_t>(state.effective_threshold);
    levels_[2 * std::size_t{count} + i] = static_cast<std::int16_t>(state.modulation);
  }
  return levels_;
}

}  // namespace flux
