// One thread's share of delivery and learning: the spikes under way of its sources, and accumulators of its own that the evaluation sums
// with those of the others. Sources are dealt out by index, so that all work on one row stays with one worker.
#pragma once

#include <cstdint>
#include <vector>

#include "base/array.h"
#include "core/core.h"
#include "cpu_state.h"
#include "timing_wheel.h"

// Rows of accumulators: the sums for tick t stand in row t modulo the graph's delay group.

namespace flux {

// A spike on its way: its source and where in the table it goes on. From the low end: `source_bits` of the source, then the offset.
struct Visit {
  std::uint64_t word;
  static constexpr std::uint64_t FLUX_TAIL = std::uint64_t{1} << 63;     // the row is done; its last group is still taking effect
  static constexpr std::uint64_t FLUX_CLOSING = std::uint64_t{1} << 62;  // an entry for the closes of this spike's pairings is planned
  static constexpr std::uint64_t FLUX_FLAGS = FLUX_TAIL | FLUX_CLOSING;

  Visit tail() const { return {word | FLUX_TAIL}; }
  Visit closing() const { return {word | FLUX_CLOSING}; }
  bool is_closing() const { return (word & FLUX_CLOSING) != 0; }
  bool is_tail() const { return (word & FLUX_TAIL) != 0; }
  std::uint32_t phase() const { return static_cast<std::uint32_t>(word) & 127u; }  // the source's turn for consolidation
};

// How the bits of a visit are shared out: a plain graph has up to 2^24 neurons and large tables, another many neurons and small tables.
class VisitLayout {
 public:
  explicit VisitLayout(const Graph& graph) : source_bits_(graph.is_plain() ? FLUX_TARGET_BITS : 32) {}

  Visit make(std::uint64_t offset, NeuronIndex source) const { return {offset << source_bits_ | source}; }
  Visit at(Visit visit, std::uint64_t offset) const {
    return {(visit.word & (source_mask() | Visit::FLUX_FLAGS)) | offset << source_bits_};
  }
  std::uint64_t offset(Visit visit) const { return (visit.word & ~Visit::FLUX_FLAGS) >> source_bits_; }
  NeuronIndex source(Visit visit) const { return static_cast<NeuronIndex>(visit.word & source_mask()); }

 private:
  std::uint64_t source_mask() const { return (std::uint64_t{1} << source_bits_) - 1; }

  std::uint32_t source_bits_;
};

// The accumulators of one kind that are not on the hot path: 32 bits a neuron, and the list of those that were reached.
struct SparseSums {
  Array<std::int32_t> sum;           // per neuron
  std::vector<NeuronIndex> reached;  // may name a neuron twice; a zero sum means it was cancelled or already read

  void add(NeuronIndex neuron, std::int32_t value) {
    if (sum[neuron] == 0) reached.push_back(neuron);
    sum[neuron] += value;
  }
};

class Worker {
 public:
  Worker(const Graph& graph, CpuState& state);

  // Makes room after edits: more neurons, longer delays, wider sums, new types of synapses.
  void fit(Tick now);

  // A spike leaves `source` at `departure`.
  void depart(NeuronIndex source, Tick departure);
  // Same, for a spike that left before `now` and whose effects up to `now` - 1 have been had.
  void resume(NeuronIndex source, Tick departure, Tick now);
  // Takes back all spikes of this source that are under way, and its row's turns for consolidation; returns when the spikes left.
  std::vector<Tick> withdraw(NeuronIndex source, Tick now);
  // All spikes under way.
  void collect_departures(Tick now, std::vector<Departure>& departures) const;
  void clear();

  // Fetches what is planned for `t`; events_due() and pairings_due() then estimate the synapses that will be crossed or learn.
  void prepare(Tick t);
  std::uint64_t events_due() const { return (arriving_.size() + closing_.size()) * mean_sublist_; }
  std::uint64_t pairings_due() const { return closing_.size() * mean_sublist_; }
  // Learning that falls on t, then delivery of what arrives at t. `dense`: blocks are not marked, all of them will be looked at.
  // `pair_gate`: see kernels.h, or null: computed where needed.
  void learn(Tick t, const std::int32_t* pair_gate);
  void deliver(Tick t, bool dense);

  // --- For the evaluation -----------------------------------------------------------------------------------------------------------
  // Which row of accumulators belongs to a tick.
  std::uint64_t row_begin(Tick t) const { return (static_cast<std::uint64_t>(t) & (group_ - 1)) << lag_shift_; }
  std::int16_t* direct_16(Tick t) { return direct_16_.data() + row_begin(t); }
  std::int32_t* direct_32(Tick t) { return direct_32_.data() + row_begin(t); }
  // Adds to a neuron's direct sum of tick t and marks its block.
  void add_direct(Tick t, NeuronIndex neuron, std::int32_t value);
  // The same for a value of any size, unless the sum of all workers could then leave its range: false, and nothing done.
  bool try_add_direct(Tick t, NeuronIndex neuron, std::int32_t value);
  std::int64_t take_direct(Tick t, NeuronIndex neuron);
  void prefetch_direct(Tick t, std::uint64_t neuron, std::uint64_t count) const;
  // The blocks marked for t; `dense_row` says that unmarked ones may hold sums too.
  std::vector<std::uint32_t>& marked_blocks(Tick t) { return marked_[static_cast<std::uint64_t>(t) & (group_ - 1)].blocks; }
  bool dense_row(Tick t) const { return marked_[static_cast<std::uint64_t>(t) & (group_ - 1)].dense; }
  void clear_marks(Tick t);
  SparseSums& modulator() { return modulator_; }
  SparseSums& electric() { return electric_; }
  void register_consolidation(std::uint64_t sublist, NeuronIndex source);
  std::uint64_t bytes() const;

 private:
  struct Marks {
    std::vector<std::uint8_t> is_marked;  // per block
    std::vector<std::uint32_t> blocks;
    bool dense = false;
  };

  void touch_visits(std::size_t begin, std::size_t end) const;
  template <class Sum, bool Grouped, bool Marking>
  void deliver_visits(Tick t);
  template <class Sum, bool Grouped, bool Marking>
  void deliver_static(Tick t, const Word* synapses, std::uint32_t count, std::int64_t base);
  void deliver_other(Tick t, NeuronIndex source, std::uint64_t offset, const Sublist& sublist, bool marking);
  void close(Tick t, Visit visit, const std::int32_t* pair_gate);
  void close_sublist(Tick t, Visit visit, const Sublist& sublist, const std::int32_t* pair_gate);
  // The next plastic sublist after another in the row of `source`, and how many ticks later it is visited; delta 0 and offset
  // FLUX_NO_ROW when there is none.
  struct Next {
    std::uint64_t offset;
    Tick delta;
  };
  Next next_plastic(Sublist sublist, NeuronIndex source) const;
  void consolidate(Tick t);
  void resume_closes(NeuronIndex source, Tick departure, Tick now);
  void contribute(NeuronIndex source, Tick departure, Tick now, int sign);
  void widen();
  void mark(Tick t, NeuronIndex neuron);

  const Graph& graph_;
  CpuState& state_;
  VisitLayout layout_;
  std::uint64_t group_;
  std::uint32_t lag_shift_;
  Word target_mask_;
  std::uint64_t mean_sublist_ = 1;  // synapses, for estimates

  TimingWheel<Visit> visits_;
  TimingWheel<Visit> closes_;                      // plastic sublists whose pairing window closes
  std::vector<Visit> arriving_, closing_;          // of the tick under way
  std::vector<std::vector<Visit>> consolidating_;  // per phase: plastic sublists with something to consolidate
  std::vector<std::int32_t> weights_;              // of one plastic sublist

  bool wide_ = false;              // 32-bit direct sums
  Array<std::int16_t> direct_16_;  // group_ rows of a sum per neuron
  Array<std::int32_t> direct_32_;
  std::vector<Marks> marked_;  // per row of accumulators
  SparseSums modulator_, electric_;
};

}  // namespace flux
