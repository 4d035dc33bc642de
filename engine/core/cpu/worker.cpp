#include "worker.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>

namespace flux {

namespace {

constexpr Word FLUX_FIELD_MASK = (1u << FLUX_TARGET_BITS) - 1;
constexpr std::uint32_t FLUX_CACHE_LINE = 64 / sizeof(Word);
constexpr std::size_t FLUX_PREFETCH = 8;          // visits ahead whose synapses are fetched; their headers are fetched twice as far ahead
constexpr std::uint32_t FLUX_FADE_LIMIT = 65535;  // more than any short-term part

#if defined(__wasm__)
constexpr bool FLUX_HAS_PREFETCH = false;
#else
constexpr bool FLUX_HAS_PREFETCH = true;
#endif

void prefetch([[maybe_unused]] const void* address) {
  if constexpr (FLUX_HAS_PREFETCH) __builtin_prefetch(address);
}

// A load whose value nobody needs: the processor goes on while it waits for the memory.
void touch(const Word* word) { asm volatile("" ::"r"(*word)); }

std::int32_t weight_of(Word word) { return static_cast<std::int32_t>(word) >> 24; }

std::int32_t faded_by(Word rates, std::uint32_t stamp, Tick t) {
  const Tick faded = static_cast<Tick>((rates >> 16) & 0xffu) * ticks_since(stamp, t);
  return static_cast<std::int32_t>(std::min<Tick>(faded, FLUX_FADE_LIMIT));
}

// Mean number of synapses of a sublist, from a few rows spread over the graph.
std::uint64_t sample_mean_sublist(const Graph& graph) {
  constexpr NeuronIndex FLUX_SAMPLES = 64;
  std::uint64_t sublists = 0, synapses = 0;
  const NeuronIndex step = std::max<NeuronIndex>(1, graph.neuron_count() / FLUX_SAMPLES);
  for (NeuronIndex source = 0; source < graph.neuron_count(); source += step) {
    std::uint64_t at = graph.row_of(source);
    for (bool more = at != FLUX_NO_ROW; more;) {
      const Sublist sublist = graph.sublist(at, source);
      ++sublists;
      synapses += sublist.header.count;
      at = sublist.end;
      more = sublist.header.more;
    }
  }
  return sublists == 0 ? 1 : std::max<std::uint64_t>(1, synapses / sublists);
}

}  // namespace

Worker::Worker(const Graph& graph, CpuState& state)
    : graph_(graph),
      state_(state),
      layout_(graph),
      group_(graph.delay_group()),
      lag_shift_(graph.lag_shift()),
      target_mask_(static_cast<Word>((std::uint64_t{1} << graph.lag_shift()) - 1)),
      mean_sublist_(sample_mean_sublist(graph)),
      marked_(group_) {
  consolidating_.resize(rule::FLUX_CONSOLIDATION_PERIOD);
  fit(0);
}

void Worker::fit(Tick now) {
  const std::uint64_t ahead = graph_.longest_delta() + graph_.settings().delay_jitter + group_;
  visits_.reach(now, ahead);
  if (graph_.plastic_count() > 0) closes_.reach(now, graph_.longest_length() + FLUX_LEARNING_WINDOW);
  const std::uint64_t blocks = (graph_.neuron_count() + kernels::FLUX_BLOCK - 1) / kernels::FLUX_BLOCK;
  // One row per tick of a group; with room for whole blocks. Grouped rows stand a fixed stride apart, which leaves room for growth.
  const std::uint64_t sums = group_ > 1 ? group_ << lag_shift_ : blocks * kernels::FLUX_BLOCK;
  if (!wide_ && !graph_.fits_16_bits()) widen();
  if (wide_ ? direct_32_.size() < sums : direct_16_.size() < sums) {
    const std::uint64_t grown = group_ > 1 ? sums : sums + sums / 4;
    const bool resized = wide_ ? direct_32_.resize(grown) : direct_16_.resize(grown);
    if (!resized) std::abort();  // as any memory that runs out in a core
  }
  for (Marks& marks : marked_) marks.is_marked.resize(blocks);
  if (graph_.has_type(SynapseType::modulator) && modulator_.sum.size() < graph_.neuron_count()) {
    (void)modulator_.sum.resize(graph_.neuron_count() + graph_.neuron_count() / 4 + 64);
  }
  if (graph_.has_type(SynapseType::electric) && electric_.sum.size() < graph_.neuron_count()) {
    (void)electric_.sum.resize(graph_.neuron_count() + graph_.neuron_count() / 4 + 64);
  }
}

void Worker::widen() {
  direct_32_ = Array<std::int32_t>(direct_16_.size());
  if (direct_32_.size() != direct_16_.size()) std::abort();
  for (std::size_t i = 0; i < direct_16_.size(); ++i) direct_32_[i] = direct_16_[i];
  direct_16_ = {};
  wide_ = true;
}

void Worker::clear() {
  visits_.clear();
  closes_.clear();
  std::fill(direct_16_.span().begin(), direct_16_.span().end(), std::int16_t{0});
  std::fill(direct_32_.span().begin(), direct_32_.span().end(), 0);
  for (SparseSums* sums : {&modulator_, &electric_}) {
    std::fill(sums->sum.span().begin(), sums->sum.span().end(), 0);
    sums->reached.clear();
  }
  for (auto& sublists : consolidating_) sublists.clear();
  for (Marks& marks : marked_) {
    std::fill(marks.is_marked.begin(), marks.is_marked.end(), std::uint8_t{0});
    marks.blocks.clear();
    marks.dense = false;
  }
}

// --- Spikes under way -------------------------------------------------------------------------------------------------------------

void Worker::depart(NeuronIndex source, Tick departure) {
  const std::uint64_t row = graph_.row_of(source);
  if (row == FLUX_NO_ROW) return;
  visits_.push(departure + SublistHeader::decode(*graph_.words(row)).delta, layout_.make(row, source));
}

// Adds (sign +1) or takes back (-1) what a spike that left at `departure` has brought to ticks from `now` on.
void Worker::contribute(NeuronIndex source, Tick departure, Tick now, int sign) {
  if (group_ == 1) return;
  for (const RowSynapse& synapse : graph_.row(source)) {
    if (synapse.properties.type != SynapseType::direct || synapse.properties.plastic()) continue;
    const Tick effect = departure + synapse.properties.length;
    if (departure + static_cast<Tick>(synapse.visit) < now && effect >= now)
      add_direct(effect, synapse.target, sign * synapse.properties.weight);
  }
}

void Worker::resume(NeuronIndex source, Tick departure, Tick now) {
  std::uint64_t at = graph_.row_of(source);
  if (at == FLUX_NO_ROW || departure + static_cast<Tick>(graph_.horizon(source)) < now) return;
  contribute(source, departure, now, +1);
  resume_closes(source, departure, now);
  Visit visit = layout_.make(at, source);
  Tick tick = departure;
  while (true) {
    const Sublist sublist = graph_.sublist(at, source);
    tick += sublist.header.delta;
    if (tick >= now) return visits_.push(tick, layout_.at(visit, at));
    if (sublist.header.plastic) visit = visit.closing();
    if (!sublist.header.more) break;
    at = sublist.end;
  }
  const Tick end = tick + static_cast<Tick>(group_) - 1;
  if (group_ > 1 && end >= now) visits_.push(end, layout_.at(visit, at).tail());
}

// If a plastic sublist was visited before `now`, the entry for closes stands at the first one that closes from `now` on.
void Worker::resume_closes(NeuronIndex source, Tick departure, Tick now) {
  const std::uint64_t row = graph_.row_of(source);
  Tick tick = departure + SublistHeader::decode(*graph_.words(row)).delta;
  bool crossed = false;
  const auto passed = [&](const SublistHeader& header) {
    crossed = crossed || (header.plastic && tick < now);
    return !header.plastic || tick + Tick{FLUX_LEARNING_WINDOW} < now;
  };
  for (std::uint64_t at = row; at != FLUX_NO_ROW;) {
    if (!passed(graph_.sublist(at, source).header)) {
      if (crossed) closes_.push(tick + FLUX_LEARNING_WINDOW, layout_.make(at, source));
      return;
    }
    const Next next = next_plastic(graph_.sublist(at, source), source);
    tick += next.delta;
    at = next.offset;
  }
}

Worker::Next Worker::next_plastic(Sublist sublist, NeuronIndex source) const {
  Tick delta = 0;
  while (sublist.header.more) {
    const std::uint64_t offset = sublist.end;
    sublist = graph_.sublist(offset, source);
    delta += sublist.header.delta;
    if (sublist.header.plastic) return {offset, delta};
  }
  return {FLUX_NO_ROW, 0};
}

namespace {

// An entry of a wheel, traced back to the spike it belongs to.
struct Planned {
  Departure departure;
  std::uint64_t what;  // tells entries of one spike apart: offset * 4 + kind
  friend auto operator<=>(const Planned&, const Planned&) = default;
};

enum class Plan : std::uint8_t { visit, tail, close };

// Ticks by which an entry lies after the visit of its sublist.
Tick ticks_after_visit(Plan plan, std::uint64_t group) {
  return plan == Plan::visit ? 0 : plan == Plan::tail ? static_cast<Tick>(group) - 1 : Tick{FLUX_LEARNING_WINDOW};
}

// With jitter a source may have several spikes that left at the same tick: as many as there are entries of one kind.
std::vector<Departure> departures_of(std::vector<Planned> planned) {
  std::sort(planned.begin(), planned.end());
  std::vector<Departure> departures;
  for (std::size_t begin = 0; begin < planned.size();) {
    std::size_t most = 0, end = begin;
    while (end < planned.size() && planned[end].departure == planned[begin].departure) {
      std::size_t same = end;
      while (same < planned.size() && planned[same] == planned[end]) ++same;
      most = std::max(most, same - end);
      end = same;
    }
    departures.insert(departures.end(), most, planned[begin].departure);
    begin = end;
  }
  return departures;
}

// Ticks from a spike to its visit of the sublist at `offset`.
Tick ticks_to(const Graph& graph, NeuronIndex source, std::uint64_t offset) {
  Tick ticks = 0;
  for (std::uint64_t at = graph.row_of(source);;) {
    const Sublist sublist = graph.sublist(at, source);
    ticks += sublist.header.delta;
    if (at == offset) return ticks;
    assert(sublist.header.more);
    at = sublist.end;
  }
}

Planned trace_back(const Graph& graph, NeuronIndex source, Tick tick, std::uint64_t offset, Plan plan) {
  const Tick departure = tick - ticks_after_visit(plan, graph.delay_group()) - ticks_to(graph, source, offset);
  return {{departure, source}, offset << 2 | static_cast<std::uint64_t>(plan)};
}

}  // namespace

std::vector<Tick> Worker::withdraw(NeuronIndex source, Tick now) {
  if (graph_.row_of(source) == FLUX_NO_ROW) return {};
  const auto is_own = [&](Visit visit) { return layout_.source(visit) == source; };
  std::erase_if(consolidating_[source & 127u], is_own);
  std::vector<Planned> planned;
  const auto take = [&](Tick tick, Visit visit, Plan plan) {
    if (!is_own(visit)) return true;
    planned.push_back(trace_back(graph_, source, tick, layout_.offset(visit), plan));
    return false;
  };
  visits_.filter(now, [&](Tick tick, Visit visit) { return take(tick, visit, visit.is_tail() ? Plan::tail : Plan::visit); });
  closes_.filter(now, [&](Tick tick, Visit visit) { return take(tick, visit, Plan::close); });
  const Tick horizon = static_cast<Tick>(graph_.horizon(source));
  std::vector<Tick> departures;
  for (const Departure& departure : departures_of(std::move(planned))) {
    if (departure.tick + horizon < now) continue;
    contribute(source, departure.tick, now, -1);
    departures.push_back(departure.tick);
  }
  return departures;
}

void Worker::collect_departures(Tick now, std::vector<Departure>& departures) const {
  std::vector<Planned> planned;
  const auto add = [&](Tick tick, Visit visit, Plan plan) {
    planned.push_back(trace_back(graph_, layout_.source(visit), tick, layout_.offset(visit), plan));
  };
  visits_.for_each(now, [&](Tick tick, Visit visit) { add(tick, visit, visit.is_tail() ? Plan::tail : Plan::visit); });
  closes_.for_each(now, [&](Tick tick, Visit visit) { add(tick, visit, Plan::close); });
  for (const Departure& departure : departures_of(std::move(planned))) {
    if (departure.tick + static_cast<Tick>(graph_.horizon(departure.source)) >= now) departures.push_back(departure);
  }
}

void Worker::prepare(Tick t) {
  visits_.take(t, arriving_);
  closes_.take(t, closing_);
}

// --- Learning ---------------------------------------------------------------------------------------------------------------------

void Worker::learn(Tick t, const std::int32_t* pair_gate) {
  if (state_.learned.size() == 0) return;
  consolidate(t);
  for (std::size_t i = 0; i < closing_.size(); ++i) {
    if (i + FLUX_PREFETCH < closing_.size()) {
      const Word* ahead = graph_.words(layout_.offset(closing_[i + FLUX_PREFETCH]));
      prefetch(ahead);
      prefetch(ahead + 16);
    }
    if (i + FLUX_PREFETCH / 2 < closing_.size()) {
      const Visit visit = closing_[i + FLUX_PREFETCH / 2];
      const Sublist ahead = graph_.sublist(layout_.offset(visit), layout_.source(visit));
      const Word* learned = state_.learned.data() + graph_.learned_index(layout_.source(visit), layout_.offset(visit), ahead);
      for (std::uint32_t k = 0; k <= ahead.header.count + 1; k += 16) {
        prefetch(ahead.words + k);
        prefetch(learned + k);
      }
    }
    close(t, closing_[i], pair_gate);
  }
}

// Closes what closes at t and plans the next close of the same spike.
void Worker::close(Tick t, Visit visit, const std::int32_t* pair_gate) {
  const NeuronIndex source = layout_.source(visit);
  while (true) {
    const Sublist sublist = graph_.sublist(layout_.offset(visit), source);
    close_sublist(t, visit, sublist, pair_gate);
    const Next next = next_plastic(sublist, source);
    if (next.offset == FLUX_NO_ROW) return;
    visit = layout_.at(visit, next.offset);
    if (next.delta > 0) return closes_.push(t + next.delta, visit);
  }
}

void Worker::close_sublist(Tick t, Visit visit, const Sublist& sublist, const std::int32_t* pair_gate) {
  const SublistHeader& header = sublist.header;
  const Word* synapses = sublist.synapses();
  const Word rates = sublist.words[1];
  Word* learned = state_.learned.data() + graph_.learned_index(layout_.source(visit), layout_.offset(visit), sublist);
  const std::int32_t faded = faded_by(rates, learned[0] >> 1, t);
  const std::int32_t stm_rate = rates & 0xffu;
  if (pair_gate != nullptr) {
    kernels::close_pairings(synapses, learned + 1, header.count, target_mask_, faded, stm_rate, pair_gate + sublist.base);
  } else {
    for (std::uint32_t i = 0; i < header.count; ++i) {
      const auto target = static_cast<NeuronIndex>(sublist.base + (synapses[i] & target_mask_ & FLUX_FIELD_MASK));
      const NeuronProperties& p = graph_.properties(target);
      rule::Learned weight = learned_of(learned[1 + i]);
      const std::int32_t gate = rule::learning_gate(state_.modulation_at(target, p, t), p);
      weight.short_term = rule::pair(rule::decay(weight.short_term, faded), rule::pairing(state_.history_at(target, t)), stm_rate, gate);
      learned[1 + i] = word_of(weight);
    }
  }
  const bool waits = (learned[0] & 1u) != 0;
  const bool consolidates = ((rates >> 8) & 0xffu) != 0;
  learned[0] = stamp_of(t) << 1 | static_cast<Word>(waits || consolidates);
  if (consolidates && !waits) consolidating_[visit.phase()].push_back(layout_.make(layout_.offset(visit), layout_.source(visit)));
}

void Worker::register_consolidation(std::uint64_t offset, NeuronIndex source) {
  const Sublist sublist = graph_.sublist(offset, source);
  Word& first = state_.learned[graph_.learned_index(source, offset, sublist)];
  if (((sublist.words[1] >> 8) & 0xffu) == 0 || (first & 1u) != 0) return;
  first |= 1u;
  consolidating_[source & 127u].push_back(layout_.make(offset, source));
}

void Worker::consolidate(Tick t) {
  const auto phase =
      static_cast<std::size_t>((rule::FLUX_CONSOLIDATION_PERIOD - t % rule::FLUX_CONSOLIDATION_PERIOD) % rule::FLUX_CONSOLIDATION_PERIOD);
  std::vector<Visit>& waiting = consolidating_[phase];
  std::size_t kept = 0;
  for (const Visit visit : waiting) {
    const NeuronIndex source = layout_.source(visit);
    const Sublist sublist = graph_.sublist(layout_.offset(visit), source);
    const Word rates = sublist.words[1];
    Word* learned = state_.learned.data() + graph_.learned_index(source, layout_.offset(visit), sublist);
    const std::int32_t faded = faded_by(rates, learned[0] >> 1, t);
    bool left = false;
    for (std::uint32_t i = 0; i < sublist.header.count; ++i) {
      const auto target = static_cast<NeuronIndex>(sublist.base + (sublist.synapses()[i] & target_mask_ & FLUX_FIELD_MASK));
      const NeuronProperties& p = graph_.properties(target);
      rule::Learned weight = learned_of(learned[1 + i]);
      weight.short_term = rule::decay(weight.short_term, faded);
      weight = rule::consolidate(weight, (rates >> 8) & 0xffu, rule::learning_gate(state_.modulation_at(target, p, t), p));
      left = left || weight.short_term != 0;
      learned[1 + i] = word_of(weight);
    }
    learned[0] = stamp_of(t) << 1 | static_cast<Word>(left);
    if (left) waiting[kept++] = visit;
  }
  waiting.resize(kept);
}

// --- Delivery ---------------------------------------------------------------------------------------------------------------------

void Worker::mark(Tick t, NeuronIndex neuron) {
  Marks& marks = marked_[static_cast<std::uint64_t>(t) & (group_ - 1)];
  const std::uint32_t block = neuron / kernels::FLUX_BLOCK;
  if (marks.is_marked[block] != 0) return;
  marks.is_marked[block] = 1;
  if (marks.blocks.size() == marks.blocks.capacity()) {  // never more than there are blocks: this is memory per neuron
    marks.blocks.reserve(std::min(marks.is_marked.size(), marks.blocks.size() * 3 / 2 + 16));
  }
  marks.blocks.push_back(block);
}

void Worker::clear_marks(Tick t) {
  Marks& marks = marked_[static_cast<std::uint64_t>(t) & (group_ - 1)];
  for (std::uint32_t block : marks.blocks) marks.is_marked[block] = 0;
  marks.blocks.clear();
  marks.dense = false;
}

void Worker::add_direct(Tick t, NeuronIndex neuron, std::int32_t value) {
  if (wide_) {
    direct_32(t)[neuron] += value;
  } else {
    direct_16(t)[neuron] = static_cast<std::int16_t>(direct_16(t)[neuron] + value);
  }
  mark(t, neuron);
}

void Worker::prefetch_direct(Tick t, std::uint64_t neuron, std::uint64_t count) const {
  const std::uint64_t at = row_begin(t) + neuron;
  if (wide_) {
    for (std::uint64_t i = 0; i < count; i += 16) prefetch(direct_32_.data() + at + i);
  } else {
    for (std::uint64_t i = 0; i < count; i += 32) prefetch(direct_16_.data() + at + i);
  }
}

bool Worker::try_add_direct(Tick t, NeuronIndex neuron, std::int32_t value) {
  // What synapses bring, here and at the other workers, stays within the graph's bound: the rest of the range is free.
  const std::int64_t room = (wide_ ? INT32_MAX : INT16_MAX) - graph_.inflow_bound();
  const std::int64_t sum = std::int64_t{wide_ ? direct_32(t)[neuron] : direct_16(t)[neuron]} + value;
  if (sum > room || sum < -room) return false;
  add_direct(t, neuron, value);
  return true;
}

std::int64_t Worker::take_direct(Tick t, NeuronIndex neuron) {
  if (wide_) return std::exchange(direct_32(t)[neuron], 0);
  return std::exchange(direct_16(t)[neuron], std::int16_t{0});
}

void Worker::deliver(Tick t, bool dense) {
  if (dense) {
    for (Marks& marks : marked_) marks.dense = true;  // lags reach into the rows of the ticks to come
  }
  const bool grouped = group_ > 1;
  if (wide_) {
    grouped ? (dense ? deliver_visits<std::int32_t, true, false>(t) : deliver_visits<std::int32_t, true, true>(t))
            : (dense ? deliver_visits<std::int32_t, false, false>(t) : deliver_visits<std::int32_t, false, true>(t));
  } else {
    grouped ? (dense ? deliver_visits<std::int16_t, true, false>(t) : deliver_visits<std::int16_t, true, true>(t))
            : (dense ? deliver_visits<std::int16_t, false, false>(t) : deliver_visits<std::int16_t, false, true>(t));
  }
}

template <class Sum, bool Grouped, bool Marking>
void Worker::deliver_static(Tick t, const Word* synapses, std::uint32_t count, std::int64_t base) {
  Sum* sums;
  if constexpr (sizeof(Sum) == 4) {
    sums = direct_32_.data();
  } else {
    sums = direct_16_.data();
  }
  [[maybe_unused]] Sum* const origin = sums + base;  // may lie before the sums; targets lead back among them
  [[maybe_unused]] const auto row = static_cast<Word>(row_begin(t));
  const Word mask = Grouped ? static_cast<Word>((group_ << lag_shift_) - 1) : FLUX_FIELD_MASK;
  const auto add = [&](Word word) {
    if constexpr (Grouped) {                   // only plain graphs are: base is 0
      const Word index = (word + row) & mask;  // the weight above the field does not reach below it
      sums[index] = static_cast<Sum>(sums[index] + weight_of(word));
      if constexpr (Marking) mark(t + static_cast<Tick>((word & FLUX_FIELD_MASK) >> lag_shift_), index & target_mask_);
    } else {
      const Word index = word & mask;
      origin[index] = static_cast<Sum>(origin[index] + weight_of(word));
      if constexpr (Marking) mark(t, static_cast<NeuronIndex>(base + index));
    }
  };
  const Word* const end = synapses + count;
  // Two words at a time: half the loads.
  for (; synapses + 8 <= end; synapses += 8) {
    std::uint64_t pairs[4];
    std::memcpy(pairs, synapses, sizeof pairs);
    for (const std::uint64_t pair : pairs) {
      add(static_cast<Word>(pair));
      add(static_cast<Word>(pair >> 32));
    }
  }
  for (; synapses < end; ++synapses) add(*synapses);
}

// Everything but static direct synapses.
void Worker::deliver_other(Tick t, NeuronIndex source, std::uint64_t offset, const Sublist& sublist, bool marking) {
  const SublistHeader& header = sublist.header;
  const Word* synapses = sublist.synapses();
  weights_.resize(header.count);
  if (header.plastic) {
    const Word* learned = state_.learned.data() + graph_.learned_index(source, offset, sublist);
    kernels::effective_weights(synapses, learned + 1, header.count, faded_by(sublist.words[1], learned[0] >> 1, t), weights_.data());
  } else {
    for (std::uint32_t i = 0; i < header.count; ++i) weights_[i] = weight_of(synapses[i]);
  }
  const Word mask = target_mask_ & FLUX_FIELD_MASK;
  const auto target = [&](std::uint32_t i) { return static_cast<NeuronIndex>(sublist.base + (synapses[i] & mask)); };
  if (header.type != SynapseType::direct) {
    SparseSums& sums = header.type == SynapseType::modulator ? modulator_ : electric_;
    for (std::uint32_t i = 0; i < header.count; ++i) sums.add(target(i), weights_[i]);
    return;
  }
  if (marking) {
    for (std::uint32_t i = 0; i < header.count; ++i) add_direct(t, target(i), weights_[i]);
  } else if (wide_) {
    std::int32_t* sums = direct_32(t);
    for (std::uint32_t i = 0; i < header.count; ++i) sums[target(i)] += weights_[i];
  } else {
    std::int16_t* sums = direct_16(t);
    for (std::uint32_t i = 0; i < header.count; ++i) {
      std::int16_t& sum = sums[target(i)];
      sum = static_cast<std::int16_t>(sum + weights_[i]);
    }
  }
}

// Fetches the beginnings of the rows of some visits, where there is no instruction to prefetch: all together, so that the waits overlap;
// the processor itself fetches what follows.
void Worker::touch_visits(std::size_t begin, std::size_t end) const {
  for (std::size_t i = begin; i < end; ++i) touch(graph_.words(layout_.offset(arriving_[i])));
  for (std::size_t i = begin; i < end; ++i) {
    const Word* row = graph_.words(layout_.offset(arriving_[i]));
    const std::uint32_t last = std::min(SublistHeader::decode(*row).count, 2 * FLUX_CACHE_LINE);
    for (std::uint32_t k = FLUX_CACHE_LINE; k <= last; k += FLUX_CACHE_LINE) touch(row + k);
  }
}

template <class Sum, bool Grouped, bool Marking>
void Worker::deliver_visits(Tick t) {
  const std::size_t visits = arriving_.size();
  for (std::size_t i = 0; i < visits; ++i) {
    if constexpr (!FLUX_HAS_PREFETCH) {
      if (i % FLUX_PREFETCH == 0) touch_visits(i + FLUX_PREFETCH, std::min(i + 2 * FLUX_PREFETCH, visits));
    }
    if (i + 2 * FLUX_PREFETCH < visits) prefetch(graph_.words(layout_.offset(arriving_[i + 2 * FLUX_PREFETCH])));
    if (i + FLUX_PREFETCH < visits) {
      const std::uint64_t offset = layout_.offset(arriving_[i + FLUX_PREFETCH]);
      const Word* ahead = graph_.words(offset);
      const auto header = SublistHeader::decode(*ahead);
      for (std::uint32_t k = 0; k <= header.count; k += 16) prefetch(ahead + k);
      if (header.plastic) {
        const NeuronIndex source = layout_.source(arriving_[i + FLUX_PREFETCH]);
        const Word* learned = state_.learned.data() + graph_.learned_index(source, offset, graph_.sublist(offset, source));
        for (std::uint32_t k = 0; k <= header.count; k += 16) prefetch(learned + k);
      }
    }
    if (arriving_[i].is_tail()) continue;
    Visit visit = arriving_[i];
    const NeuronIndex source = layout_.source(visit);
    const std::int64_t near = graph_.near_base(source);
    std::uint64_t offset = layout_.offset(visit);
    while (true) {
      const Word* prefix = graph_.words(offset);
      auto header = SublistHeader::decode(*prefix);
      std::uint64_t end = offset + header.prefix() + header.count;
      if (header.type == SynapseType::direct && !header.plastic) {
        deliver_static<Sum, Grouped, Marking>(t, prefix + 1, header.count, near);
      } else {
        const Sublist sublist = graph_.sublist(offset, source);
        header = sublist.header;
        end = sublist.end;
        if (header.type == SynapseType::direct && !header.plastic) {
          deliver_static<Sum, Grouped, Marking>(t, sublist.synapses(), header.count, sublist.base);
        } else {
          deliver_other(t, source, offset, sublist, Marking);
        }
        if (header.plastic && !visit.is_closing()) {
          closes_.push(t + FLUX_LEARNING_WINDOW, layout_.at(visit, offset));
          visit = visit.closing();
        }
      }
      if (!header.more) {
        if (Grouped) visits_.push(t + static_cast<Tick>(group_) - 1, layout_.at(visit, offset).tail());
        break;
      }
      offset = end;
      const std::uint32_t delta = SublistHeader::decode(*graph_.words(offset)).delta;
      if (delta != 0) {
        visits_.push(t + delta, layout_.at(visit, offset));
        break;
      }
    }
  }
}

std::uint64_t Worker::bytes() const {
  std::uint64_t bytes = visits_.bytes() + closes_.bytes() + modulator_.sum.bytes() + electric_.sum.bytes() +
                        (arriving_.capacity() + closing_.capacity()) * sizeof(Visit);
  const std::uint64_t row = graph_.neuron_count();  // of the rows only the part in use has memory behind it
  bytes += group_ * row * (wide_ ? sizeof(std::int32_t) : sizeof(std::int16_t));
  for (const Marks& marks : marked_) bytes += marks.is_marked.capacity() + marks.blocks.capacity() * sizeof(std::uint32_t);
  return bytes;
}

}  // namespace flux
