#include "webgpu_core.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace flux::webgpu {

namespace {

constexpr double FLUX_BATCH_SECONDS = 0.02;     // a batch is sized to take about this long
constexpr std::uint32_t FLUX_FIRST_BATCH = 16;  // ticks, before anything was measured
constexpr std::uint64_t FLUX_BATCH_SPIKES = std::uint64_t{1}
                                            << 24;              // room for those of a batch is not made larger than this, if a tick fits
constexpr std::uint64_t FLUX_LEAST_GUESS = 1024;                // spikes
constexpr std::int64_t FLUX_SUM_LIMIT = std::int64_t{1} << 30;  // of stimuli to a neuron in a tick: leaves room for what synapses bring
constexpr Tick FLUX_SETTLE_TICKS = Tick{1} << 30;               // stamps tell ticks apart for 2^31

std::uint32_t low(Tick t) { return static_cast<std::uint32_t>(static_cast<std::uint64_t>(t)); }
std::uint32_t groups_of(std::uint64_t threads) { return static_cast<std::uint32_t>((threads + FLUX_SMALL_GROUP - 1) / FLUX_SMALL_GROUP); }

}  // namespace

void WebGpuCore::submit(const Period& period) {
  assert(batches_.empty() && queued_ == period_.ticks);
  period_ = period;
  queued_ = 0;
  next_stimulus_ = 0;
}

bool WebGpuCore::collect(PeriodResult& result) {
  if (queued_ == 0 && batches_.empty()) {
    result.spike_counts.clear();
    result.spikes.clear();
    result.samples.clear();
  }
  while (status().ok()) {
    while (queued_ < period_.ticks && batches_.size() < 2 && queue_batch()) continue;
    device_.poll();
    if (batches_.empty() && queued_ == period_.ticks) {
      period_ = {.ticks = 0, .stimuli = {}, .probes = {}};
      queued_ = 0;
      return true;
    }
    if (batches_.empty() || !finish_batch(batches_.front(), result)) return false;
    batches_.pop_front();
  }
  return false;
}

// The most spikes that so many ticks can have: no neuron fires twice within its refractory period.
std::uint64_t WebGpuCore::worst_spikes(std::uint32_t ticks) const {
  std::uint64_t spikes = 0;
  for (std::uint64_t period = 0; period < 256; ++period) spikes += refractory_counts_[period] * ((ticks + period) / (period + 1));
  return spikes;
}

std::uint32_t WebGpuCore::choose_ticks() {
  const Tick left = period_.ticks - queued_;
  auto ticks = static_cast<std::uint32_t>(std::min<Tick>(left, FLUX_BATCH));
  const double fitting = seconds_per_tick_ > 0 ? FLUX_BATCH_SECONDS / seconds_per_tick_ : FLUX_FIRST_BATCH;
  ticks = std::min(ticks, static_cast<std::uint32_t>(std::clamp(fitting, 1.0, double{FLUX_BATCH})));
  const std::uint64_t under_way = live_ + (batches_.empty() ? 0 : batches_.front().worst);
  const auto fits = [&] { return batch_fits(under_way, worst_spikes(ticks), ticks * period_.probes.size()); };
  while (ticks > 1 && (worst_spikes(ticks) > FLUX_BATCH_SPIKES || !fits())) ticks /= 2;
  if (fits()) return ticks;
  if (batches_.empty())
    trouble_ = Error{"this GPU's buffers are too small for the spikes of a tick", gpu_->info().name, "use the cpu core"};
  return 0;
}

// Submits the next ticks of the period. False: not before the batch under way is in.
bool WebGpuCore::queue_batch() {
  Batch batch;
  batch.first = batches_.empty() ? now_ : batches_.back().first + batches_.back().ticks;
  batch.ticks = choose_ticks();
  if (batch.ticks == 0) return false;
  batch.worst = worst_spikes(batch.ticks);
  batch.lane = next_lane_;
  if (batches_.empty()) {
    // Where there is room, for the next batch too.
    reserve_log(live_ + (batch_fits(live_ + batch.worst, batch.worst, 0) ? 2 : 1) * batch.worst);
  } else if (live_ + batches_.front().worst + batch.worst > std::uint64_t{network_.log_mask} + 1) {
    return false;
  }
  Lane& lane = lanes_[batch.lane];
  std::size_t stimuli = next_stimulus_;
  while (stimuli < period_.stimuli.size() && period_.stimuli[stimuli].tick < batch.first + batch.ticks) ++stimuli;
  reserve_lane(lane, stimuli - next_stimulus_, batch.worst, batch.ticks * period_.probes.size());
  if (!period_.probes.empty() && queued_ == 0) {
    if (probes_capacity_ < period_.probes.size()) {
      probes_capacity_ = period_.probes.size();
      replace_buffer(probes_, probes_capacity_ * sizeof(NeuronIndex), 0);
    }
    write(probes_, 0, period_.probes);
  }
  if (!network_written_) write_network();
  if (!bound_) bind();
  if (batch.first > 0 && batch.first / FLUX_SETTLE_TICKS != (batch.first + batch.ticks) / FLUX_SETTLE_TICKS) settle(batch.first);

  std::vector<TickUniform> ticks(batch.ticks);
  for (std::uint32_t i = 0; i < batch.ticks; ++i) {
    ticks[i].now = low(batch.first + i);
    ticks[i].now_high = static_cast<std::uint32_t>(static_cast<std::uint64_t>(batch.first + i) >> 32);
    ticks[i].slot = i;
    ticks[i].probes = static_cast<std::uint32_t>(period_.probes.size());
    ticks[i].a = batch.ticks;
  }
  write_stimuli(batch, ticks);
  std::vector<std::byte> strided(std::size_t{batch.ticks} * FLUX_UNIFORM_STRIDE);
  for (std::uint32_t i = 0; i < batch.ticks; ++i)
    std::memcpy(strided.data() + std::size_t{i} * FLUX_UNIFORM_STRIDE, &ticks[i], sizeof(TickUniform));
  device_.write(ticks_buffer_, std::uint64_t{batch.lane} * FLUX_BATCH * FLUX_UNIFORM_STRIDE, strided);

  record_ticks(batch, ticks);
  if (network_.blocks > 1) device_.dispatch(kernels_.order, lane.order_group, batch.lane * FLUX_BATCH, batch.ticks);
  batch.heads = device_.read(control_, 0, control_active * sizeof(std::uint32_t));
  batch.guessed = std::min(batch.worst, static_cast<std::uint64_t>(spikes_per_tick_ * 1.25 * batch.ticks) + FLUX_LEAST_GUESS);
  batch.spikes = device_.read(spikes_of(lane), 0, batch.guessed * sizeof(NeuronIndex));
  if (!period_.probes.empty()) {
    batch.samples = device_.read(lane.samples, 0, batch.ticks * period_.probes.size() * sizeof(GpuNeuron));
  }
  device_.submit();
  batch.submitted = std::chrono::steady_clock::now();
  queued_ += batch.ticks;
  next_lane_ = 1 - next_lane_;
  batches_.push_back(std::move(batch));
  return true;
}

void WebGpuCore::record_ticks(const Batch& batch, const std::vector<TickUniform>& ticks) {
  const Lane& lane = lanes_[batch.lane];
  const std::uint32_t evaluating = std::min(network_.blocks, workgroups_);
  device_.clear(control_, control_active * sizeof(std::uint32_t), FLUX_BATCH * sizeof(std::uint32_t));
  for (std::size_t part = 0; options_.plastic && part < table_.part_count(); ++part) {
    device_.clear(table_.part(part), (FLUX_TABLE_HEADER - FLUX_BATCH) * sizeof(Word), FLUX_BATCH * sizeof(Word));
  }
  for (std::uint32_t i = 0; i < batch.ticks; ++i) {
    const std::uint32_t place = batch.lane * FLUX_BATCH + i;
    if (ticks[i].stimuli > 0) device_.dispatch(kernels_.stimulate, lane.stimulate_group, place, groups_of(ticks[i].stimuli));
    for (std::size_t part = 0; part < claim_groups_.size(); ++part) {
      device_.dispatch(kernels_.claim, claim_groups_[part], place, workgroups_);
      device_.dispatch(kernels_.learn, learn_groups_[part], place, workgroups_);
    }
    for (GroupId group : deliver_groups_) device_.dispatch(kernels_.deliver, group, place, workgroups_);
    device_.dispatch(kernels_.evaluate, lane.evaluate_group, place, evaluating);
    if (ticks[i].probes > 0) device_.dispatch(kernels_.sample, lane.sample_group, place, groups_of(ticks[i].probes));
  }
}

// --- Stimuli --------------------------------------------------------------------------------------------------------------------------

void WebGpuCore::write_stimuli(const Batch& batch, std::vector<TickUniform>& ticks) {
  std::vector<GpuStimulus> list;
  for (std::uint32_t i = 0; i < batch.ticks; ++i) {
    const std::size_t begin = next_stimulus_;
    while (next_stimulus_ < period_.stimuli.size() && period_.stimuli[next_stimulus_].tick == batch.first + i) ++next_stimulus_;
    ticks[i].first_stimulus = static_cast<std::uint32_t>(list.size());
    append_stimuli(period_.stimuli.subspan(begin, next_stimulus_ - begin), list);
    ticks[i].stimuli = static_cast<std::uint32_t>(list.size()) - ticks[i].first_stimulus;
  }
  if (!list.empty()) write<GpuStimulus>(lanes_[batch.lane].stimuli, 0, list);
}

// Those of one tick. They are added up on the device in 32 bits; where that could overflow, here, and limited: beyond, more changes
// nothing.
void WebGpuCore::append_stimuli(std::span<const Stimulus> stimuli, std::vector<GpuStimulus>& list) const {
  const auto neuron_and_kind = [](const Stimulus& s) { return s.neuron | static_cast<std::uint32_t>(s.kind) << 24; };
  const auto value = [](const Stimulus& s) { return s.kind == Stimulus::Kind::fire ? 1 : s.value; };
  std::int64_t total = 0;
  for (const Stimulus& s : stimuli) total += std::abs(std::int64_t{value(s)});
  if (total <= FLUX_SUM_LIMIT) {
    for (const Stimulus& s : stimuli) {
      if (graph_->exists(s.neuron)) list.push_back({neuron_and_kind(s), value(s)});
    }
    return;
  }
  std::map<std::uint32_t, std::int64_t> sums;
  for (const Stimulus& s : stimuli) {
    if (graph_->exists(s.neuron)) sums[neuron_and_kind(s)] += value(s);
  }
  for (const auto& [key, sum] : sums) list.push_back({key, static_cast<std::int32_t>(std::clamp(sum, -FLUX_SUM_LIMIT, FLUX_SUM_LIMIT))});
}

// --- Results --------------------------------------------------------------------------------------------------------------------------

// Appends a batch to the result once all of it is there.
bool WebGpuCore::finish_batch(Batch& batch, PeriodResult& result) {
  if (batch.tick_ends.empty()) {
    if (!device_.take(batch.heads, bytes_)) return false;
    std::vector<std::uint32_t> heads(control_active);
    std::memcpy(heads.data(), bytes_.data(), bytes_.size());
    for (std::uint32_t i = 1; i < batch.ticks; ++i) batch.tick_ends.push_back(heads[control_tick_head + i] - heads[control_batch_head]);
    batch.tick_ends.push_back(heads[control_head] - heads[control_batch_head]);
    head_ = heads[control_head];
  }
  const std::uint64_t spikes = batch.tick_ends.back();
  if (spikes > batch.guessed && !batch.reading_rest) {  // read once more, all of them
    std::vector<std::byte> unused;
    if (!device_.take(batch.spikes, unused)) return false;
    batch.spikes = device_.read(spikes_of(lanes_[batch.lane]), 0, spikes * sizeof(NeuronIndex));
    device_.submit();
    batch.reading_rest = true;
  }
  if (batch.samples != 0) {
    std::vector<std::byte> samples;
    if (!device_.take(batch.samples, samples)) return false;
    batch.samples = 0;
    for (std::size_t at = 0; at < samples.size(); at += sizeof(GpuNeuron)) {
      GpuNeuron n;
      std::memcpy(&n, samples.data() + at, sizeof n);
      result.samples.push_back({{n.level, n.threshold, n.modulation, n.refractory_left, n.burst_left}, n.own_spike});
    }
  }
  if (!device_.take(batch.spikes, bytes_)) return false;
  const std::size_t before = result.spikes.size();
  result.spikes.resize(before + spikes);
  if (spikes > 0) std::memcpy(result.spikes.data() + before, bytes_.data(), spikes * sizeof(NeuronIndex));
  std::uint32_t begin = 0;
  for (std::uint32_t end : batch.tick_ends) {
    result.spike_counts.push_back(end - begin);
    tick_counts_.push_back(end - begin);
    live_ += end - begin;
    begin = end;
  }
  while (tick_counts_.size() > longest_age_) {
    live_ -= tick_counts_.front();
    tick_counts_.pop_front();
  }
  now_ = batch.first + batch.ticks;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - batch.submitted).count() / batch.ticks;
  seconds_per_tick_ = seconds_per_tick_ == 0 ? seconds : (3 * seconds_per_tick_ + seconds) / 4;
  spikes_per_tick_ = std::max(static_cast<double>(spikes) / batch.ticks, 0.9 * spikes_per_tick_);
  return true;
}

// Brings all stamps up to date, long before ticks of 32 bits come round to them again.
void WebGpuCore::settle(Tick now) {
  TickUniform tick;
  tick.now = low(now);
  const std::uint32_t place = 2 * FLUX_BATCH;
  device_.write(ticks_buffer_, std::uint64_t{place} * FLUX_UNIFORM_STRIDE, std::as_bytes(std::span(&tick, 1)));
  device_.dispatch(kernels_.settle_neurons, settle_neurons_group_, place, workgroups_);
  for (GroupId group : settle_groups_) device_.dispatch(kernels_.settle_table, group, place, workgroups_);
  device_.submit();
}

}  // namespace flux::webgpu
