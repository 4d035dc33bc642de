#include "cpu_core.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace flux {

using kernels::FLUX_BLOCK;

namespace {

constexpr std::uint64_t FLUX_DENSE_DIVISOR = 8;        // dense from neurons / 8 synaptic events on: marking costs more than sweeping then
constexpr std::uint64_t FLUX_PARALLEL_EVENTS = 20000;  // fewer are done before the other threads have woken up

constexpr std::size_t FLUX_PARALLEL_SPIKES = 2000;
constexpr std::size_t FLUX_BLOCKS_AHEAD = 6;  // marked blocks whose memory is fetched while others are evaluated

}  // namespace

std::unique_ptr<Core> make_cpu_core(std::shared_ptr<Graph> graph, const CpuOptions& options) {
  return std::make_unique<CpuCore>(std::move(graph), options);
}

const char* cpu_core_target() { return kernels::target_name(); }

CpuCore::CpuCore(std::shared_ptr<Graph> graph, const CpuOptions& options)
    : Core(std::move(graph)), team_(std::clamp(options.threads, 1u, 64u)), timers_(1), fired_(team_.size()) {
  fit_arrays();
  for (std::uint32_t i = 0; i < team_.size(); ++i) workers_.push_back(std::make_unique<Worker>(*graph_, state_));
  init_neurons();
  graph_->for_each_long_term([this](std::uint32_t learned, std::int32_t value) { state_.learned[learned] = word_of({0, value}); });
}

bool CpuCore::collect(PeriodResult& result) {
  result.spike_counts.clear();
  result.spikes.clear();
  result.samples.clear();
  std::size_t next = 0;
  for (Tick i = 0; i < period_.ticks; ++i) {
    const std::size_t begin = next;
    while (next < period_.stimuli.size() && period_.stimuli[next].tick == now_) ++next;
    const std::size_t before = result.spikes.size();
    tick(now_, period_.stimuli.subspan(begin, next - begin), result.spikes);
    ++now_;
    result.spike_counts.push_back(static_cast<std::uint32_t>(result.spikes.size() - before));
    for (NeuronIndex probe : period_.probes) {
      NeuronSample sample;
      take_sample(probe, sample);
      result.samples.push_back(sample);
    }
  }
  period_ = {};
  return true;
}

void CpuCore::tick(Tick t, std::span<const Stimulus> stimuli, std::vector<NeuronIndex>& spikes) {
  if ((t & ((Tick{1} << 29) - 1)) == 0 && t > 0) renew_stamps();
  const std::size_t before = spikes.size();
  std::uint64_t events = 0;
  for (auto& worker : workers_) {
    worker->prepare(t);
    events += worker->events_due();
  }
  const bool dense = events >= graph_->neuron_count() / FLUX_DENSE_DIVISOR && events > FLUX_BLOCK;
  learn_and_deliver(t, dense, events);
  gather_stimuli(t, stimuli);
  gather_specials(t);
  evaluate_specials(t, spikes);
  evaluate_blocks(t, dense, spikes);
  fire_forced(t, spikes);
  const std::span<NeuronIndex> fired(spikes.begin() + static_cast<std::ptrdiff_t>(before), spikes.end());
  if (!std::is_sorted(fired.begin(), fired.end())) std::sort(fired.begin(), fired.end());
  commit(t, fired);
}

void CpuCore::learn_and_deliver(Tick t, bool dense, std::uint64_t events) {
  std::uint64_t pairings = 0;
  for (auto& worker : workers_) pairings += worker->pairings_due();
  const std::int32_t* gates = pair_gates(t, pairings);
  const auto share = [&](std::uint32_t member) {
    workers_[member]->learn(t, gates);
    workers_[member]->deliver(t, dense);
  };
  if (dense && events >= FLUX_PARALLEL_EVENTS) return team_.run(share);
  for (std::uint32_t member = 0; member < team_.size(); ++member) share(member);
}

// Pairing sums and gates of all neurons, when so many pairings are due that computing each neuron's once is cheaper; else null.
const std::int32_t* CpuCore::pair_gates(Tick t, std::uint64_t due) {
  const NeuronIndex neurons = graph_->neuron_count();
  if (due == 0 || due < neurons / 4) return nullptr;
  if (pair_gate_.size() < neurons) pair_gate_ = Array<std::int32_t>(neurons + neurons / 4);
  if (pair_gate_.size() < neurons) return nullptr;
  for (NeuronIndex n = 0; n < neurons; ++n) {
    const NeuronProperties& p = graph_->properties(n);
    const std::int32_t gate = rule::learning_gate(state_.modulation_at(n, p, t), p);
    const std::int32_t sum = rule::pairing(state_.history_at(n, t));
    pair_gate_[n] = static_cast<std::int32_t>(static_cast<std::uint32_t>(gate) << 16 | (static_cast<std::uint32_t>(sum) & 0xffffu));
  }
  return pair_gate_.data();
}

// --- Gather -----------------------------------------------------------------------------------------------------------------------

void CpuCore::gather_stimuli(Tick t, std::span<const Stimulus> stimuli) {
  specials_.clear();
  direct_stimuli_.clear();
  for (const Stimulus& stimulus : stimuli) {
    if (!graph_->exists(stimulus.neuron)) continue;
    switch (stimulus.kind) {
      case Stimulus::Kind::direct:
        direct_stimuli_.push_back(stimulus);
        break;
      case Stimulus::Kind::modulate:
        specials_.push_back({stimulus.neuron, false, stimulus.value, 0});
        break;
      case Stimulus::Kind::fire:
        specials_.push_back({stimulus.neuron, false, 0, 1});
        break;
    }
  }
  if (!direct_stimuli_.empty()) gather_direct(t, direct_stimuli_);
}

// Adds external direct stimuli to the sums, as long as those cannot overflow.
void CpuCore::gather_direct(Tick t, std::vector<Stimulus>& direct) {
  constexpr std::size_t FLUX_AHEAD = 16;  // stimuli whose sums are fetched meanwhile
  std::size_t left = 0;
  for (std::size_t i = 0; i < direct.size(); ++i) {
    if (i + FLUX_AHEAD < direct.size()) workers_[0]->prefetch_direct(t, direct[i + FLUX_AHEAD].neuron, 1);
    if (!workers_[0]->try_add_direct(t, direct[i].neuron, direct[i].value)) direct[left++] = direct[i];
  }
  direct.resize(left);
  if (left > 0) gather_large(t, direct);
}

// The others may be of any size: the total of a neuron is clamped here, once, as the evaluation would.
void CpuCore::gather_large(Tick t, std::vector<Stimulus>& direct) {
  std::sort(direct.begin(), direct.end(), [](const Stimulus& a, const Stimulus& b) { return a.neuron < b.neuron; });
  for (std::size_t begin = 0; begin < direct.size();) {
    const NeuronIndex neuron = direct[begin].neuron;
    std::int64_t sum = take_direct(t, neuron);
    std::size_t end = begin;
    for (; end < direct.size() && direct[end].neuron == neuron; ++end) sum += direct[end].value;
    const std::int64_t limit = rule::FLUX_STIMULUS_MAX;
    workers_[0]->add_direct(t, neuron, static_cast<std::int32_t>(std::clamp(sum, -limit, limit)));
    begin = end;
  }
}

std::int64_t CpuCore::take_direct(Tick t, NeuronIndex neuron) {
  std::int64_t sum = 0;
  for (auto& worker : workers_) sum += worker->take_direct(t, neuron);
  return sum;
}

// Completes specials_ with own timers and with modulatory and electric sums: one element a neuron, rising.
void CpuCore::gather_specials(Tick t) {
  timers_.take(t, due_);
  for (NeuronIndex neuron : due_) {
    const std::uint32_t entry = stamp_of(t) + 1;
    if (state_.own_entry[neuron] != entry) continue;  // another entry took its place
    state_.own_entry[neuron] = 0;
    const Tick own = own_spike_of(neuron, t);
    if (own == t) specials_.push_back({neuron, true, 0, 0});
    if (own > t) plan_own_spike(neuron, own);
  }
  for (auto& worker : workers_) {
    for (NeuronIndex neuron : worker->modulator().reached) {
      specials_.push_back({neuron, false, std::exchange(worker->modulator().sum[neuron], 0), 0});
    }
    worker->modulator().reached.clear();
    for (NeuronIndex neuron : worker->electric().reached) {
      specials_.push_back({neuron, false, 0, std::exchange(worker->electric().sum[neuron], 0)});
    }
    worker->electric().reached.clear();
  }
  if (specials_.size() < 2) return;
  std::sort(specials_.begin(), specials_.end(), [](const Special& a, const Special& b) { return a.neuron < b.neuron; });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < specials_.size(); ++i) {
    Special& last = specials_[kept];
    if (specials_[i].neuron != last.neuron) {
      specials_[++kept] = specials_[i];
      continue;
    }
    last.own_timer = last.own_timer || specials_[i].own_timer;
    last.modulator += specials_[i].modulator;
    last.electric += specials_[i].electric;
  }
  specials_.resize(kept + 1);
}

// --- Evaluate ---------------------------------------------------------------------------------------------------------------------

// Rich neurons are done with here. A simple one either fires for certain (own timer, or electric stimulus while not refractory) and then
// takes nothing else, or is left to its block.
void CpuCore::evaluate_specials(Tick t, std::vector<NeuronIndex>& spikes) {
  forced_.clear();
  for (const Special& special : specials_) {
    if (state_.rich(special.neuron)) {
      const rule::Stimuli stimuli{take_direct(t, special.neuron), special.modulator, special.electric};
      if (evaluate_rich(t, special.neuron, stimuli, special.own_timer)) spikes.push_back(special.neuron);
      continue;
    }
    const bool blocked = state_.refractory_left[special.neuron] >= ticks_since(state_.block_stamp[special.neuron / FLUX_BLOCK], t);
    if (!special.own_timer && (special.electric <= 0 || blocked)) continue;
    (void)take_direct(t, special.neuron);
    forced_.push_back(special.neuron);
  }
}

bool CpuCore::evaluate_rich(Tick t, NeuronIndex neuron, const rule::Stimuli& stimuli, bool own_timer) {
  if (!own_timer && !stimuli.any()) return false;
  const NeuronProperties& p = graph_->properties(neuron);
  const bool blocked = state_.refractory_left[neuron] >= ticks_since(state_.stamp[neuron], t);
  rule::Neuron value = neuron_at(neuron, t);
  bool fired = true;
  if (own_timer) {
    rule::fire_by_itself(value, p);
  } else {
    fired = rule::receive(value, p, stimuli, blocked, rule::threshold_noise(graph_->settings(), neuron, t));
  }
  set_neuron(neuron, value, t);
  return fired;
}

void CpuCore::evaluate_blocks(Tick t, bool dense, std::vector<NeuronIndex>& spikes) {
  bool dense_row = false;
  for (auto& worker : workers_) dense_row = dense_row || worker->dense_row(t);
  const auto workers = static_cast<std::uint32_t>(workers_.size());
  if (!dense_row) {
    for (std::uint32_t w = 0; w < workers; ++w) {
      const std::vector<std::uint32_t>& marked = workers_[w]->marked_blocks(t);
      for (std::size_t i = 0; i < marked.size(); ++i) {
        if (i + FLUX_BLOCKS_AHEAD < marked.size()) prefetch_block(t, marked[i + FLUX_BLOCKS_AHEAD]);
        evaluate_block(t, marked[i], workers, spikes);
      }
    }
  } else {
    const auto blocks = static_cast<std::uint32_t>(state_.block_kind.size());
    const auto share = [&](std::uint32_t member) {
      fired_[member].clear();
      const auto begin = static_cast<std::uint32_t>(std::uint64_t{blocks} * member / team_.size());
      const auto end = static_cast<std::uint32_t>(std::uint64_t{blocks} * (member + 1) / team_.size());
      for (std::uint32_t block = begin; block < end; ++block) evaluate_block(t, block, workers, fired_[member]);
    };
    if (dense && graph_->neuron_count() >= FLUX_PARALLEL_EVENTS) {
      team_.run(share);
    } else {
      for (std::uint32_t member = 0; member < team_.size(); ++member) share(member);
    }
    for (const auto& fired : fired_) spikes.insert(spikes.end(), fired.begin(), fired.end());
  }
  for (auto& worker : workers_) worker->clear_marks(t);
}

// Marked blocks lie all over a large network: without this, each would wait for memory several times over.
void CpuCore::prefetch_block(Tick t, std::uint32_t block) {
  const std::uint64_t first = std::uint64_t{block} * FLUX_BLOCK;
  __builtin_prefetch(&state_.block_stamp[block]);
  __builtin_prefetch(&state_.block_kind[block]);
  __builtin_prefetch(state_.refractory_left.data() + first);
  __builtin_prefetch(state_.level.data() + first);
  __builtin_prefetch(state_.level.data() + first + FLUX_BLOCK / 2);
  if (graph_->is_plain()) __builtin_prefetch(graph_->type_column().data() + first);
  workers_[0]->prefetch_direct(t, first, FLUX_BLOCK);
}

void CpuCore::evaluate_block(Tick t, std::uint32_t block, std::uint32_t workers, std::vector<NeuronIndex>& spikes) {
  constexpr std::uint32_t FLUX_MOST_WORKERS = 64;
  alignas(64) std::int16_t direct[FLUX_BLOCK];
  const std::uint64_t first = std::uint64_t{block} * FLUX_BLOCK;
  bool any;
  if (graph_->fits_16_bits()) {
    std::int16_t* rows[FLUX_MOST_WORKERS];
    for (std::uint32_t w = 0; w < workers; ++w) rows[w] = workers_[w]->direct_16(t);
    any = kernels::gather_direct_16(rows, workers, first, direct);
  } else {
    std::int32_t* rows[FLUX_MOST_WORKERS];
    for (std::uint32_t w = 0; w < workers; ++w) rows[w] = workers_[w]->direct_32(t);
    any = kernels::gather_direct_32(rows, workers, first, direct);
  }
  if (!any) return;
  if (state_.block_kind[block] == BlockKind::rich) {
    for (std::uint32_t i = 0; i < FLUX_BLOCK; ++i) {
      const auto neuron = static_cast<NeuronIndex>(first + i);
      if (direct[i] != 0 && evaluate_rich(t, neuron, {direct[i], 0, 0}, false)) spikes.push_back(neuron);
    }
    return;
  }
  // Types stand in the graph's column, but where they are shared, or the last block is short.
  const bool in_column = graph_->is_plain() && first + FLUX_BLOCK <= graph_->neuron_count();
  std::uint16_t types[FLUX_BLOCK];
  if (!in_column) graph_->types_of(static_cast<NeuronIndex>(first), types);
  const kernels::SimpleBlock simple{state_.level.data() + first,
                                    state_.refractory_left.data() + first,
                                    direct,
                                    in_column ? graph_->type_column().data() + first : types,
                                    state_.simple_types.data(),
                                    state_.block_kind[block] == BlockKind::uniform,
                                    static_cast<std::uint32_t>(ticks_since(state_.block_stamp[block], t))};
  state_.block_stamp[block] = stamp_of(t);
  for (std::uint64_t fired = kernels::evaluate_simple_block(simple); fired != 0; fired &= fired - 1) {
    spikes.push_back(static_cast<NeuronIndex>(first + static_cast<std::uint64_t>(std::countr_zero(fired))));
  }
}

void CpuCore::fire_forced(Tick t, std::vector<NeuronIndex>& spikes) {
  for (NeuronIndex neuron : forced_) {
    advance_block(neuron / FLUX_BLOCK, t);
    state_.level[neuron] = 0;
    state_.refractory_left[neuron] = graph_->properties(neuron).refractory_period;
    spikes.push_back(neuron);
  }
}

// --- Commit -----------------------------------------------------------------------------------------------------------------------

void CpuCore::commit(Tick t, std::span<const NeuronIndex> spikes) {
  const auto share = [&](std::uint32_t member) { depart(t, spikes, member); };
  if (spikes.size() >= FLUX_PARALLEL_SPIKES) {
    team_.run(share);
  } else {
    for (std::uint32_t member = 0; member < team_.size(); ++member) share(member);
  }
  if (state_.own_spike.size() == 0) return;
  for (NeuronIndex neuron : spikes) {
    const std::int32_t train = state_.burst_left.size() > 0 ? state_.burst_left[neuron] : 0;
    const std::uint32_t interval = rule::own_interval(graph_->properties(neuron), train);
    state_.own_spike[neuron] = 0;
    if (interval > 0) plan_own_spike(neuron, t + interval);
  }
}

// Sends one worker's share of the spikes on their way and notes them in the histories.
void CpuCore::depart(Tick t, std::span<const NeuronIndex> spikes, std::uint32_t member) {
  const bool is_plain = graph_->is_plain();  // else rows are few, and near
  const std::span<const std::uint64_t> rows = is_plain ? graph_->row_column() : std::span<const std::uint64_t>{};
  const bool learns = graph_->plastic_count() > 0;
  for (std::size_t i = 0; i < spikes.size(); ++i) {
#if defined(__wasm__)
    if (is_plain && i % 8 == 0) {
      for (std::size_t k = i + 8; k < std::min(i + 16, spikes.size()); ++k) {
        if (rows[spikes[k]] != FLUX_NO_ROW) asm volatile("" ::"r"(*graph_->words(rows[spikes[k]])));
      }
    }
#endif
    if (is_plain && i + 16 < spikes.size()) __builtin_prefetch(&rows[spikes[i + 16]]);
    const NeuronIndex neuron = spikes[i];
    if (neuron % team_.size() != member) continue;
    if (is_plain && i + 8 < spikes.size() && rows[spikes[i + 8]] != FLUX_NO_ROW) __builtin_prefetch(graph_->words(rows[spikes[i + 8]]));
    if (learns) {
      const Tick shift = ticks_since(state_.history_stamp[neuron], t);
      state_.history[neuron] = (shift < 64 ? state_.history[neuron] << shift : 0) | 1u;
      state_.history_stamp[neuron] = stamp_of(t);
    }
    workers_[member]->depart(neuron, t + rule::departure_jitter(graph_->settings(), neuron, t));
  }
}

// Notes when the neuron fires by itself next. It has one entry in the wheel that counts, at that tick or before.
void CpuCore::plan_own_spike(NeuronIndex neuron, Tick at) {
  state_.own_spike[neuron] = stamp_of(at) + 1;
  const std::uint32_t entry = state_.own_entry[neuron];
  if (entry != 0 && ticks_since(entry - 1, at) < (Tick{1} << 30)) return;  // the entry comes first and will look again
  timers_.push(at, neuron);
  state_.own_entry[neuron] = stamp_of(at) + 1;
}

}  // namespace flux
