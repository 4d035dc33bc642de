// The canonical state in and out, and edits.
#include <algorithm>
#include <cassert>
#include <cstring>
#include <unordered_map>

#include "webgpu_core.h"

namespace flux::webgpu {

namespace {

std::uint32_t low(Tick t) { return static_cast<std::uint32_t>(static_cast<std::uint64_t>(t)); }

template <class T>
std::vector<T> values_of(std::span<const std::byte> bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

}  // namespace

Status WebGpuCore::status() const {
  if (!trouble_) return trouble_;
  return device_.status();
}

std::optional<GpuState> WebGpuCore::gpu_state() const {
  if (device_.number() == 0) return std::nullopt;
  return GpuState{device_.number(), neurons_, types_, network_.types_at, now_ - 1};
}

std::uint64_t WebGpuCore::state_bytes() const {
  const std::uint64_t neuron =
      sizeof(GpuNeuron) + 2 + 3 * sizeof(std::int32_t) + (options_.packed ? 2 : 4) + (options_.plastic ? sizeof(GpuHistory) : 0);
  std::uint64_t bytes = network_.capacity * neuron + table_.bytes() + 2 * (std::uint64_t{network_.log_mask} + 1) * sizeof(std::uint32_t);
  for (const Lane& lane : lanes_) bytes += (lane.fired_capacity + lane.ordered_capacity) * sizeof(NeuronIndex);
  return bytes;
}

NetworkState WebGpuCore::initial_state() const {
  NetworkState state;
  for (NeuronIndex n = 0; n < graph_->neuron_count(); ++n) {
    const NeuronProperties& p = graph_->properties(n);
    const rule::Neuron neuron = graph_->exists(n) ? rule::initial(p) : rule::Neuron{};
    state.level.push_back(0);
    state.threshold.push_back(static_cast<std::uint16_t>(neuron.threshold));
    state.own_spike_in.push_back(graph_->exists(n) && p.auto_firing_rate > 0 ? p.auto_firing_rate + 1u : 0u);
  }
  state.modulation.resize(state.level.size());
  state.refractory_left.resize(state.level.size());
  state.burst_left.resize(state.level.size());
  state.history.resize(state.level.size());
  state.learned.resize(graph_->plastic_count());
  std::unordered_map<std::uint64_t, std::int16_t> long_term;
  graph_->for_each_long_term([&](std::uint32_t index, std::int32_t value) { long_term[index] = static_cast<std::int16_t>(value); });
  if (long_term.empty()) return state;
  auto learned = state.learned.begin();
  for (NeuronIndex n = 0; n < graph_->neuron_count(); ++n) {
    for (const RowSynapse& synapse : graph_->row(n)) {
      if (!synapse.properties.plastic()) continue;
      const auto found = long_term.find(synapse.learned);
      if (found != long_term.end()) learned->long_term = found->second;
      ++learned;
    }
  }
  return state;
}

// All but the learned parts; `now_`, the log and the control buffer become those of the state.
void WebGpuCore::write_state(const NetworkState& state) {
  now_ = state.now;
  const std::uint32_t last = low(now_ - 1);
  std::vector<GpuNeuron> neurons(state.level.size());
  for (std::size_t n = 0; n < neurons.size(); ++n) {
    neurons[n] = {state.level[n], state.threshold[n],          state.modulation[n], state.refractory_left[n], state.burst_left[n],
                  last,           last + state.own_spike_in[n]};
  }
  write(neurons_, 0, std::span<const GpuNeuron>(neurons));
  if (options_.plastic) {
    std::vector<GpuHistory> history(state.history.size());
    for (std::size_t n = 0; n < history.size(); ++n) history[n] = {state.history[n], last, 0};
    write(history_, 0, std::span<const GpuHistory>(history));
  }
  write_departures(state.departures);
}

void WebGpuCore::write_departures(const std::vector<Departure>& departures) {
  live_ = 0;
  head_ = 0;
  tick_counts_.assign(longest_age_, 0);
  reserve_log(departures.size() + 1);
  const std::size_t entries = std::size_t{network_.log_mask} + 1;
  std::vector<std::uint32_t> log(2 * entries);
  for (const Departure& departure : departures) {
    const Tick tick = std::min(departure.tick, now_ - 1);  // of the spike; what leaves later is late
    const auto late = static_cast<std::uint32_t>(departure.tick - tick);
    log[head_] = departure.source | late << 24;
    log[entries + head_] = low(tick);
    ++head_;
    ++tick_counts_[tick_counts_.size() - static_cast<std::size_t>(now_ - tick)];
  }
  live_ = head_;
  write(log_, 0, std::span<const std::uint32_t>(log));
  write_control();
}

Status WebGpuCore::load_state(const NetworkState& state) {
  if (Status status = check_state(*graph_, state); !status) return status;
  const auto twice = std::adjacent_find(state.departures.begin(), state.departures.end());
  double_departures_ = double_departures_ || twice != state.departures.end();
  if (!state.departures.empty()) {
    const Tick latest = state.departures.back().tick - (state.now - 1);
    extra_jitter_ = std::max(extra_jitter_, static_cast<std::uint32_t>(std::max<Tick>(0, latest)));
  }
  now_ = state.now;
  fit_to_graph();
  write_state(state);
  if (!state.learned.empty()) table_.write_learned(*graph_, state.learned, now_ - 1);
  return {};
}

// --- Reading -------------------------------------------------------------------------------------------------------------------------

// Sources, then ticks, of all spikes under way, from the oldest on.
void WebGpuCore::read_log(std::vector<ReadId>& reads) {
  const std::uint64_t entries = std::uint64_t{network_.log_mask} + 1;
  for (std::uint64_t half = 0; half < 2; ++half) {
    std::uint32_t at = head_ - static_cast<std::uint32_t>(live_);
    for (std::uint64_t left = live_; left > 0;) {
      const std::uint64_t from = at & network_.log_mask;
      const std::uint64_t count = std::min(left, entries - from);
      reads.push_back(device_.read(log_, (half * entries + from) * sizeof(std::uint32_t), count * sizeof(std::uint32_t)));
      at += static_cast<std::uint32_t>(count);
      left -= count;
    }
  }
}

NeuronSample WebGpuCore::sample_of(const GpuNeuron& value, NeuronIndex index) const {
  const NeuronProperties& p = graph_->properties(index);
  rule::Neuron neuron{value.level, value.threshold, value.modulation, value.refractory_left, value.burst_left};
  const std::uint32_t last = low(now_ - 1);
  rule::advance(neuron, p, last - value.stamp);
  const bool has_own_spike = neuron.burst_left > 0 || p.auto_firing_rate > 0;
  return {neuron, has_own_spike ? value.own_spike - last : 0};
}

bool WebGpuCore::take_state(NetworkState& state) {
  const std::size_t count = graph_->neuron_count();
  if (!state_read_) {
    StateRead& read = state_read_.emplace();
    read.reads.push_back(device_.read(neurons_, 0, count * sizeof(GpuNeuron)));
    read.reads.push_back(device_.read(history_, 0, options_.plastic ? count * sizeof(GpuHistory) : 0));
    read_log(read.reads);
    read.log_reads = read.reads.size() - 2;
    for (std::size_t part = 0; options_.plastic && part < table_.part_count(); ++part) {
      read.reads.push_back(device_.read(table_.part(part), 0, table_.used_bytes(part)));
    }
    device_.submit();
  }
  StateRead& read = *state_read_;
  device_.poll();
  while (read.bytes.size() < read.reads.size()) {
    std::vector<std::byte> bytes;
    if (!device_.take(read.reads[read.bytes.size()], bytes)) return false;
    read.bytes.push_back(std::move(bytes));
  }
  state = {};
  state.now = now_;
  const auto neurons = values_of<GpuNeuron>(read.bytes[0]);
  const auto history = values_of<GpuHistory>(read.bytes[1]);
  std::vector<std::vector<Word>> parts;
  for (std::size_t i = 2 + read.log_reads; i < read.bytes.size(); ++i) parts.push_back(values_of<Word>(read.bytes[i]));
  for (NeuronIndex n = 0; n < count; ++n) {
    const NeuronSample sample = graph_->exists(n) ? sample_of(neurons[n], n) : NeuronSample{};
    state.level.push_back(static_cast<std::int16_t>(sample.neuron.level));
    state.threshold.push_back(static_cast<std::uint16_t>(sample.neuron.threshold));
    state.modulation.push_back(static_cast<std::int16_t>(sample.neuron.modulation));
    state.refractory_left.push_back(static_cast<std::uint8_t>(sample.neuron.refractory_left));
    state.burst_left.push_back(static_cast<std::uint8_t>(sample.neuron.burst_left));
    state.own_spike_in.push_back(sample.own_spike_in);
    const std::uint32_t shift = options_.plastic ? low(now_ - 1) - history[n].stamp : 64;
    state.history.push_back(shift < 64 && graph_->exists(n) ? history[n].bits << shift : 0);
    const GpuRow& row = table_.rows()[n];
    if (!parts.empty() && (row.sublists & 0xffffffu) > 0) {
      const std::vector<Word>& part = parts[row.sublists >> 24];
      SynapseTable::read_learned(std::span(part).subspan(row.first), row.sublists & 0xffffffu, now_ - 1, state.learned);
    }
  }
  std::vector<std::uint32_t> log;
  for (std::size_t i = 2; i < 2 + read.log_reads; ++i) {
    const auto words = values_of<std::uint32_t>(read.bytes[i]);
    log.insert(log.end(), words.begin(), words.end());
  }
  for (std::size_t i = 0; i < log.size() / 2; ++i) {
    if (log[i] == FLUX_FORGOTTEN) continue;
    const NeuronIndex source = log[i] & 0xffffffu;
    const Tick departure = now_ - static_cast<Tick>(low(now_) - log[log.size() / 2 + i]) + static_cast<Tick>(log[i] >> 24);
    if (graph_->row_of(source) == FLUX_NO_ROW || departure + static_cast<Tick>(graph_->horizon(source)) < now_) continue;
    state.departures.push_back({departure, source});
  }
  std::sort(state.departures.begin(), state.departures.end());
  state_read_.reset();
  return true;
}

bool WebGpuCore::take_sample(NeuronIndex neuron, NeuronSample& sample) {
  std::vector<NeuronSample> samples;
  if (!take_samples(neuron, 1, samples)) return false;
  sample = samples[0];
  return true;
}

bool WebGpuCore::take_samples(NeuronIndex first, std::uint32_t count, std::vector<NeuronSample>& samples) {
  samples.clear();
  if (count == 0) return true;
  const std::pair key(first, count);
  if (samples_read_.read == 0 || samples_read_.key != key) {
    device_.drop(samples_read_.read);
    samples_read_ = {key, device_.read(neurons_, std::uint64_t{first} * sizeof(GpuNeuron), std::uint64_t{count} * sizeof(GpuNeuron))};
    device_.submit();
  }
  device_.poll();
  if (!device_.take(samples_read_.read, bytes_)) return false;
  samples_read_.read = 0;
  const auto neurons = values_of<GpuNeuron>(bytes_);
  for (std::uint32_t i = 0; i < count; ++i) {
    samples.push_back(graph_->exists(first + i) ? sample_of(neurons[i], first + i) : NeuronSample());
  }
  return true;
}

bool WebGpuCore::take_learned(NeuronIndex source, std::vector<LearnedWeight>& learned) {
  const GpuRow& row = table_.rows()[source];
  learned.clear();
  if (!options_.plastic || (row.sublists & 0xffffffu) == 0) return true;
  if (learned_read_.read == 0 || learned_read_.key != source) {
    device_.drop(learned_read_.read);
    const BufferId part = table_.part(row.sublists >> 24);
    const std::uint64_t words = SynapseTable::row_words(*graph_, source);
    learned_read_ = {source, device_.read(part, std::uint64_t{row.first} * sizeof(Word), words * sizeof(Word))};
    device_.submit();
  }
  device_.poll();
  if (!device_.take(learned_read_.read, bytes_)) return false;
  learned_read_.read = 0;
  SynapseTable::read_learned(values_of<Word>(bytes_), row.sublists & 0xffffffu, now_ - 1, learned);
  return true;
}

// --- Edits ---------------------------------------------------------------------------------------------------------------------------

void WebGpuCore::run_once(PipelineId pipeline, std::initializer_list<BufferId> buffers, const TickUniform& tick, std::uint32_t workgroups) {
  constexpr std::uint32_t FLUX_EDIT_PLACE = 2 * FLUX_BATCH;
  if (!network_written_) write_network();
  write(ticks_buffer_, std::uint64_t{FLUX_EDIT_PLACE} * FLUX_UNIFORM_STRIDE, tick);
  const GroupId group = device_.create_group(pipeline, std::span(buffers.begin(), buffers.size()));
  device_.dispatch(pipeline, group, FLUX_EDIT_PLACE, workgroups);
  device_.submit();
  device_.destroy_group(group);
}

// Its block will be looked at in the next tick.
void WebGpuCore::write_neuron(NeuronIndex neuron, const GpuNeuron& value) {
  write(neurons_, std::uint64_t{neuron} * sizeof(GpuNeuron), value);
  write(control_, (network_.next_own_at + neuron / FLUX_BLOCK) * sizeof(std::uint32_t), low(now_));
}

Result<NeuronIndex> WebGpuCore::add_neuron(const NeuronProperties& properties) {
  if (graph_->neuron_count() + 1 >= FLUX_MAX_NEURONS || graph_->types().size() >= FLUX_MAX_TYPES - 2) {
    return Error{"more neurons or types than the webgpu core can name", "", "use the cpu core"};
  }
  if (graph_->neuron_count() + 1 >= most_neurons()) return Error{"more neurons than this GPU's buffers hold", "", "use the cpu core"};
  auto neuron = graph_->add_neuron(properties);
  if (!neuron) return neuron;
  table_.add_neuron();
  fit_to_graph();
  count_refractory_period(neuron.value(), +1);
  write_type(neuron.value());
  write(rows_, std::uint64_t{neuron.value()} * sizeof(GpuRow), GpuRow{});
  GpuNeuron value{};
  value.threshold = static_cast<std::uint16_t>(rule::initial(properties).threshold);
  value.stamp = low(now_ - 1);
  value.own_spike = low(now_) + properties.auto_firing_rate;
  write_neuron(neuron.value(), value);
  return neuron;
}

Status WebGpuCore::set_properties(NeuronIndex neuron, const NeuronProperties& properties) {
  if (graph_->types().size() >= FLUX_MAX_TYPES - 2) return Error{"more types than the webgpu core can name", "", "use the cpu core"};
  TickUniform tick;
  tick.now = low(now_);
  tick.neuron = neuron;
  tick.a = device_type(neuron);
  count_refractory_period(neuron, -1);
  const Status status = graph_->set_properties(neuron, properties);
  count_refractory_period(neuron, +1);
  if (!status) return status;
  tick.b = device_type(neuron);
  write_type(neuron);
  run_once(kernels_.refit, {network_buffer_, ticks_buffer_, neurons_, types_}, tick, 1);
  write(control_, (network_.next_own_at + neuron / FLUX_BLOCK) * sizeof(std::uint32_t), low(now_));
  return {};
}

void WebGpuCore::remove_neuron(NeuronIndex neuron) {
  count_refractory_period(neuron, -1);
  graph_->remove_neuron(neuron);
  write_type(neuron);
  write_neuron(neuron, {});
}

void WebGpuCore::forget_departures(NeuronIndex source, std::int64_t limit) {
  TickUniform tick;
  tick.now = low(now_);
  tick.neuron = source;
  tick.a = static_cast<std::uint32_t>(static_cast<std::int32_t>(limit));
  tick.b = longest_age_;
  if (live_ > 0) run_once(kernels_.forget, {network_buffer_, ticks_buffer_, log_, control_}, tick, workgroups_);
}

Status WebGpuCore::replace_row(NeuronIndex source, std::span<const SynapseSpec> synapses, std::span<const LearnedWeight> learned) {
  constexpr std::int64_t FLUX_FORGET_ALL = -1000;  // below every age: spikes leave at most 255 ticks late
  const auto horizon = [&] {
    return graph_->row_of(source) == FLUX_NO_ROW ? FLUX_FORGET_ALL : static_cast<std::int64_t>(graph_->horizon(source));
  };
  const std::int64_t before = horizon();
  const bool learned_before = graph_->plastic_count() > 0;
  if (Status status = graph_->replace_row(source, synapses); !status) return status;
  forget_departures(source, std::min(before, horizon()));
  if (Status status = table_.replace_row(*graph_, source, in_row_order(synapses, learned), now_ - 1); !status) trouble_ = status;
  write(rows_, std::uint64_t{source} * sizeof(GpuRow), table_.rows()[source]);
  fit_to_graph();
  if (learned_before != (graph_->plastic_count() > 0) && options_.plastic) {  // a history begins
    const std::vector<GpuHistory> empty(network_.capacity);
    write(history_, 0, std::span<const GpuHistory>(empty));
  }
  return {};
}

}  // namespace flux::webgpu
