// Taking, giving and editing the state of the cpu core.
#include <algorithm>
#include <cassert>
#include <cstdlib>

#include "cpu_core.h"

namespace flux {

using kernels::FLUX_BLOCK;

namespace {

// Grows an array to at least `needed` elements, with room to spare once it has any. Where memory is short the process cannot go on
// anyway: the arrays are a few bytes per neuron of a graph that fits.
template <class T>
void grow(Array<T>& array, std::uint64_t needed) {
  if (array.size() >= needed) return;
  if (!array.resize(array.size() == 0 ? needed : needed + needed / 4)) std::abort();
}

}  // namespace

void CpuCore::fit_arrays() {
  const std::uint64_t blocks = (std::uint64_t{graph_->neuron_count()} + FLUX_BLOCK - 1) / FLUX_BLOCK;
  const std::uint64_t neurons = blocks * FLUX_BLOCK;
  grow(state_.level, neurons);
  grow(state_.refractory_left, neurons);
  bool rich = graph_->settings().threshold_noise > 0, timers = false;
  for (const NeuronProperties& p : graph_->types()) {
    rich = rich || !is_simple(p);
    timers = timers || p.auto_firing_rate > 0 || p.bursting_rate > 0;
  }
  if (rich || state_.stamp.size() > 0) {
    grow(state_.threshold, neurons);
    grow(state_.modulation, neurons);
    grow(state_.stamp, neurons);
    grow(state_.burst_left, neurons);
  }
  if (timers || state_.own_spike.size() > 0) {
    grow(state_.own_spike, neurons);
    grow(state_.own_entry, neurons);
    timers_.reach(now_, 65536 + 256);
  }
  if (graph_->plastic_count() > 0) {
    grow(state_.history, neurons);
    grow(state_.history_stamp, neurons);
  }
  grow(state_.learned, graph_->learned_words());
  for (std::size_t i = state_.simple_types.size(); i < graph_->types().size(); ++i) {
    const NeuronProperties& p = graph_->types()[i];
    state_.simple_types.push_back({static_cast<std::int16_t>(p.threshold * 16), p.leak, p.refractory_period});
  }
  std::uint64_t block = state_.block_kind.size();
  if (block >= blocks) return;
  if (block == 0) {  // later they grow by little
    state_.block_kind.reserve(blocks);
    state_.block_stamp.reserve(blocks);
  }
  state_.block_kind.resize(blocks, BlockKind::uniform);
  state_.block_stamp.resize(blocks, stamp_of(now_ - 1));
  for (; block < blocks; ++block) classify(static_cast<std::uint32_t>(block));
}

// Sets the kind of a block from its neurons' types; brings its times from one form into the other where that changes.
void CpuCore::classify(std::uint32_t block) {
  const NeuronIndex first = block * FLUX_BLOCK;
  const NeuronIndex end = std::min(first + FLUX_BLOCK, graph_->neuron_count());
  BlockKind kind = graph_->settings().threshold_noise > 0 ? BlockKind::rich : BlockKind::uniform;
  std::uint16_t types[FLUX_BLOCK];
  graph_->types_of(first, types);
  for (NeuronIndex n = first; n < end && kind != BlockKind::rich; ++n) {
    const std::uint16_t type = types[n - first];
    if (!is_simple(graph_->types()[type])) {
      kind = BlockKind::rich;
    } else if (type != types[0]) {
      kind = BlockKind::mixed;
    }
  }
  const BlockKind before = state_.block_kind[block];
  const Tick last = now_ - 1;
  if (kind == BlockKind::rich && before != BlockKind::rich) {
    advance_block(block, last);
    for (NeuronIndex n = first; n < first + FLUX_BLOCK; ++n) {
      state_.stamp[n] = stamp_of(last);
      if (n < end) state_.threshold[n] = static_cast<std::uint16_t>(graph_->properties(n).threshold * 256);
    }
  } else if (kind != BlockKind::rich && before == BlockKind::rich) {
    for (NeuronIndex n = first; n < end; ++n) set_neuron(n, neuron_at(n, last), last);
    state_.block_stamp[block] = stamp_of(last);
  }
  state_.block_kind[block] = kind;
}

// All neurons at rest. Memory that is zero anyway is not touched: it has no page until something reaches it.
void CpuCore::init_neurons() {
  std::uint16_t types[FLUX_BLOCK];
  for (std::uint32_t block = 0; block < state_.block_kind.size(); ++block) {
    const NeuronIndex first = block * FLUX_BLOCK;
    const NeuronIndex count = std::min(FLUX_BLOCK, graph_->neuron_count() - first);
    graph_->types_of(first, types);
    for (NeuronIndex i = 0; i < count; ++i) {
      const bool at_zero = state_.block_kind[block] != BlockKind::rich && graph_->types()[types[i]].auto_firing_rate == 0;
      if (!at_zero) init_neuron(first + i);
    }
  }
}

void CpuCore::init_neuron(NeuronIndex neuron) {
  if (!graph_->exists(neuron)) return;
  const NeuronProperties& p = graph_->properties(neuron);
  advance_block(neuron / FLUX_BLOCK, now_ - 1);
  set_neuron(neuron, rule::initial(p), now_ - 1);
  if (p.auto_firing_rate > 0) plan_own_spike(neuron, now_ + p.auto_firing_rate);
}

// Brings a simple block to the end of tick t.
void CpuCore::advance_block(std::uint32_t block, Tick t) {
  const Tick dt = ticks_since(state_.block_stamp[block], t);
  if (state_.block_kind[block] == BlockKind::rich || dt == 0) return;
  const NeuronIndex first = block * FLUX_BLOCK;
  const NeuronIndex end = std::min(first + FLUX_BLOCK, graph_->neuron_count());
  for (NeuronIndex n = first; n < end; ++n) {
    state_.level[n] = static_cast<std::int16_t>(rule::decay(state_.level[n], graph_->properties(n).leak * dt));
    state_.refractory_left[n] = static_cast<std::uint8_t>(std::max<Tick>(0, state_.refractory_left[n] - dt));
  }
  state_.block_stamp[block] = stamp_of(t);
}

rule::Neuron CpuCore::neuron_at(NeuronIndex neuron, Tick t) const {
  const NeuronProperties& p = graph_->properties(neuron);
  rule::Neuron value = rule::initial(p);
  value.level = state_.level[neuron];
  value.refractory_left = state_.refractory_left[neuron];
  std::uint32_t stamp = state_.block_stamp[neuron / FLUX_BLOCK];
  if (state_.rich(neuron)) {
    value.threshold = state_.threshold[neuron];
    value.modulation = state_.modulation[neuron];
    value.burst_left = state_.burst_left[neuron];
    stamp = state_.stamp[neuron];
  }
  rule::advance(value, p, ticks_since(stamp, t));
  return value;
}

// The block of a simple neuron must stand at tick t.
void CpuCore::set_neuron(NeuronIndex neuron, const rule::Neuron& value, Tick t) {
  state_.level[neuron] = static_cast<std::int16_t>(value.level);
  state_.refractory_left[neuron] = static_cast<std::uint8_t>(value.refractory_left);
  if (state_.stamp.size() == 0) return;
  state_.threshold[neuron] = static_cast<std::uint16_t>(value.threshold);
  state_.modulation[neuron] = static_cast<std::int16_t>(value.modulation);
  state_.burst_left[neuron] = static_cast<std::uint8_t>(value.burst_left);
  state_.stamp[neuron] = stamp_of(t);
}

Tick CpuCore::own_spike_of(NeuronIndex neuron, Tick t) const {
  const std::uint32_t own = state_.own_spike.size() > 0 ? state_.own_spike[neuron] : 0;
  return own == 0 ? -1 : t + static_cast<Tick>((own - 1 - stamp_of(t)) & 0x7fffffffu);
}

bool CpuCore::take_sample(NeuronIndex neuron, NeuronSample& sample) {
  const Tick own = own_spike_of(neuron, now_);
  sample = {neuron_at(neuron, now_ - 1), own < 0 ? 0 : static_cast<std::uint32_t>(own - now_ + 1)};
  return true;
}

bool CpuCore::take_learned(NeuronIndex source, std::vector<LearnedWeight>& learned) {
  learned.clear();
  for (const RowSynapse& synapse : graph_->row(source)) {
    if (!synapse.properties.plastic()) continue;
    const Tick dt = ticks_since(state_.learned[synapse.learned_sublist] >> 1, now_ - 1);
    const rule::Learned value = learned_of(state_.learned[synapse.learned]);
    learned.push_back({static_cast<std::int16_t>(rule::decay(value.short_term, synapse.properties.restoration_rate * dt)),
                       static_cast<std::int16_t>(value.long_term)});
  }
  return true;
}

// Of a simple neuron without a timer: whether nothing of what reached it is left.
bool CpuCore::is_at_rest(NeuronIndex neuron) const {
  return state_.level[neuron] == 0 && state_.refractory_left[neuron] == 0 && !state_.rich(neuron) &&
         (state_.own_spike.size() == 0 || state_.own_spike[neuron] == 0);
}

bool CpuCore::take_state(NetworkState& state) {
  state = {};
  state.now = now_;
  const std::size_t neurons = graph_->neuron_count();
  state.level.resize(neurons);
  state.threshold.resize(neurons);
  state.modulation.resize(neurons);
  state.refractory_left.resize(neurons);
  state.burst_left.resize(neurons);
  state.own_spike_in.resize(neurons);
  state.history.resize(neurons);
  std::vector<LearnedWeight> learned;
  std::uint16_t types[FLUX_BLOCK];
  for (NeuronIndex n = 0; n < neurons; ++n) {
    if (n % FLUX_BLOCK == 0) graph_->types_of(n, types);
    if (!graph_->exists(n)) continue;
    if (graph_->plastic_count() > 0) {
      state.history[n] = state_.history_at(n, now_);
      take_learned(n, learned);
      state.learned.insert(state.learned.end(), learned.begin(), learned.end());
    }
    const NeuronProperties& p = graph_->types()[types[n % FLUX_BLOCK]];
    if (is_at_rest(n)) {  // most of a large network
      state.threshold[n] = static_cast<std::uint16_t>(p.threshold * 256);
      continue;
    }
    NeuronSample sample;
    take_sample(n, sample);
    state.level[n] = static_cast<std::int16_t>(sample.neuron.level);
    state.threshold[n] = static_cast<std::uint16_t>(sample.neuron.threshold);
    state.modulation[n] = static_cast<std::int16_t>(sample.neuron.modulation);
    state.refractory_left[n] = static_cast<std::uint8_t>(sample.neuron.refractory_left);
    state.burst_left[n] = static_cast<std::uint8_t>(sample.neuron.burst_left);
    state.own_spike_in[n] = sample.own_spike_in;
  }
  for (const auto& worker : workers_) worker->collect_departures(now_, state.departures);
  std::sort(state.departures.begin(), state.departures.end());
  return true;
}

Status CpuCore::load_state(const NetworkState& state) {
  if (Status status = check_state(*graph_, state); !status) return status;
  now_ = state.now;
  const Tick last = now_ - 1;
  timers_.clear();
  for (auto& worker : workers_) worker->clear();
  std::fill(state_.own_entry.span().begin(), state_.own_entry.span().end(), 0u);
  std::fill(state_.own_spike.span().begin(), state_.own_spike.span().end(), 0u);
  std::fill(state_.block_stamp.begin(), state_.block_stamp.end(), stamp_of(last));
  std::size_t learned = 0;
  for (NeuronIndex n = 0; n < graph_->neuron_count(); ++n) {
    set_neuron(n, {state.level[n], state.threshold[n], state.modulation[n], state.refractory_left[n], state.burst_left[n]}, last);
    if (state.own_spike_in[n] > 0) plan_own_spike(n, last + state.own_spike_in[n]);
    if (graph_->plastic_count() == 0) continue;
    state_.history[n] = state.history[n];
    state_.history_stamp[n] = stamp_of(last);
    std::size_t count = 0;
    for (const RowSynapse& synapse : graph_->row(n)) count += synapse.properties.plastic() ? 1 : 0;
    set_learned(n, std::span(state.learned).subspan(learned, count));
    learned += count;
  }
  for (const Departure& departure : state.departures) worker_of(departure.source).resume(departure.source, departure.tick, now_);
  return {};
}

// Sets the learned parts of a source's plastic synapses, true for the last tick.
void CpuCore::set_learned(NeuronIndex source, std::span<const LearnedWeight> learned) {
  auto next = learned.begin();
  for (const RowSynapse& synapse : graph_->row(source)) {
    if (!synapse.properties.plastic()) continue;
    if (synapse.learned == synapse.learned_sublist + 1) state_.learned[synapse.learned_sublist] = stamp_of(now_ - 1) << 1;
    state_.learned[synapse.learned] = word_of({next->short_term, next->long_term});
    if (next->short_term != 0) worker_of(source).register_consolidation(synapse.sublist, source);
    ++next;
  }
}

// Stamps tell ticks apart for 2^30 ticks; a round through the canonical state makes all of them new.
void CpuCore::renew_stamps() {
  NetworkState state;
  (void)take_state(state);
  const Status loaded = load_state(state);
  assert(loaded.ok());
  (void)loaded;
}

std::uint64_t CpuCore::state_bytes() const {
  std::uint64_t bytes = state_.level.bytes() + state_.refractory_left.bytes() + state_.threshold.bytes() + state_.modulation.bytes() +
                        state_.stamp.bytes() + state_.burst_left.bytes() + state_.own_spike.bytes() + state_.own_entry.bytes() +
                        state_.history.bytes() + state_.history_stamp.bytes() + state_.learned.bytes() + pair_gate_.bytes() +
                        state_.block_kind.capacity() * (sizeof(BlockKind) + sizeof(std::uint32_t)) + timers_.bytes();
  for (const auto& worker : workers_) bytes += worker->bytes();
  return bytes;
}

// --- Edits ------------------------------------------------------------------------------------------------------------------------

// What every edit ends with: arrays and workers take the graph's new shape.
void CpuCore::finish_edit() {
  fit_arrays();
  for (auto& worker : workers_) worker->fit(now_);
}

Result<NeuronIndex> CpuCore::add_neuron(const NeuronProperties& properties) {
  auto neuron = graph_->add_neuron(properties);
  if (!neuron) return neuron;
  finish_edit();
  classify(neuron.value() / FLUX_BLOCK);
  init_neuron(neuron.value());
  return neuron;
}

Status CpuCore::set_properties(NeuronIndex neuron, const NeuronProperties& properties) {
  const Tick last = now_ - 1;
  const NeuronProperties before = graph_->properties(neuron);
  const std::uint32_t block = neuron / FLUX_BLOCK;
  advance_block(block, last);
  rule::Neuron value = neuron_at(neuron, last);
  if (Status status = graph_->set_properties(neuron, properties); !status) return status;
  finish_edit();
  classify(block);
  const bool had_train = value.burst_left > 0;
  rule::fit(value, properties);
  set_neuron(neuron, value, last);
  const bool has_train = value.burst_left > 0;
  if (had_train ? has_train : before.auto_firing_rate == properties.auto_firing_rate) return {};
  state_.own_spike[neuron] = 0;
  const std::uint32_t wait = rule::restarted_interval(value, properties);
  if (wait > 0) plan_own_spike(neuron, now_ + wait);
  return {};
}

void CpuCore::remove_neuron(NeuronIndex neuron) {
  graph_->remove_neuron(neuron);
  advance_block(neuron / FLUX_BLOCK, now_ - 1);
  set_neuron(neuron, rule::initial(graph_->properties(neuron)), now_ - 1);
  if (state_.own_spike.size() > 0) state_.own_spike[neuron] = 0;
  if (neuron < state_.history.size()) state_.history[neuron] = 0;  // it does not grow while no synapse is plastic
}

Status CpuCore::replace_row(NeuronIndex source, std::span<const SynapseSpec> synapses, std::span<const LearnedWeight> learned) {
  const std::vector<Tick> departures = worker_of(source).withdraw(source, now_);
  const bool learned_before = graph_->plastic_count() > 0;
  const Status status = graph_->replace_row(source, synapses);
  if (status.ok()) {
    finish_edit();
    set_learned(source, in_row_order(synapses, learned));
    if (learned_before != (graph_->plastic_count() > 0)) {  // a history begins, or is forgotten
      std::fill(state_.history.span().begin(), state_.history.span().end(), std::uint64_t{0});
    }
  }
  for (Tick departure : departures) worker_of(source).resume(source, departure, now_);
  return status;
}

Status CpuCore::move_neuron(NeuronIndex from, NeuronIndex to, std::span<const SynapseSpec> synapses,
                            std::span<const LearnedWeight> learned) {
  if (Status status = replace_row(to, synapses, learned); !status) return status;
  const std::vector<Tick> departures = worker_of(from).withdraw(from, now_);
  (void)replace_row(from, {}, {});  // an empty row always fits
  for (Tick departure : departures) worker_of(to).resume(to, departure, now_);
  const Tick last = now_ - 1;
  for (const NeuronIndex neuron : {from, to}) advance_block(neuron / FLUX_BLOCK, last);
  set_neuron(to, neuron_at(from, last), last);
  if (state_.own_spike.size() > 0) {
    const Tick own = own_spike_of(from, now_);
    state_.own_spike[from] = state_.own_spike[to] = 0;
    if (own >= 0) plan_own_spike(to, own);
  }
  if (graph_->plastic_count() > 0) {
    state_.history[to] = state_.history_at(from, now_);
    state_.history_stamp[to] = stamp_of(last);
  }
  return {};
}

}  // namespace flux
