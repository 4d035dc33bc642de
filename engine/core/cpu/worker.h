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

// A spike on its way: where in the table it goes on, and the source's turn for consolidation.
struct Visit {
  std::uint64_t word;
  static constexpr std::uint64_t FLUX_OFFSET_MASK = (std::uint64_t{1} << 40) - 1;
  static constexpr std::uint64_t FLUX_TAIL = std::uint64_t{1} << 63;     // the row is done; its last group is still taking effect
  static constexpr std::uint64_t FLUX_CLOSING = std::uint64_t{1} << 62;  // an entry for the closes of this spike's pairings is planned

  static Visit make(std::uint64_t offset, NeuronIndex source) { return {offset | (std::uint64_t{source} & 127u) << 40}; }
  Visit at(std::uint64_t offset) const { return {(word & ~FLUX_OFFSET_MASK) | offset}; }
  Visit tail() const { return {word | FLUX_TAIL}; }
  Visit closing() const { return {word | FLUX_CLOSING}; }
  bool is_closing() const { return (word & FLUX_CLOSING) != 0; }
  std::uint64_t offset() const { return word & FLUX_OFFSET_MASK; }
  bool is_tail() const { return (word & FLUX_TAIL) != 0; }
  std::uint32_t phase() const { return static_cast<std::uint32_t>(word >> 40) & 127u; }
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
  // All spikes under way; `row_owner` is sorted by the offset of the row.
  struct RowOwner {
    std::uint64_t row;
    NeuronIndex source;
  };
  void collect_departures(Tick now, std::span<const RowOwner> row_owner, std::vector<Departure>& departures) const;
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

  template <class Sum, bool Grouped, bool Marking>
  void deliver_visits(Tick t);
  template <class Sum, bool Grouped, bool Marking>
  void deliver_static(Tick t, const Word* synapses, std::uint32_t count);
  void deliver_other(Tick t, const SublistHeader& header, const Word* prefix, bool marking);
  void close(Tick t, Visit visit, const std::int32_t* pair_gate);
  void close_sublist(Tick t, Visit visit, const std::int32_t* pair_gate);
  // The next plastic sublist after the one at `offset` in its row, and how many ticks later it is visited; delta 0 and offset
  // FLUX_NO_ROW when there is none.
  struct Next {
    std::uint64_t offset;
    Tick delta;
  };
  Next next_plastic(std::uint64_t offset) const;
  void consolidate(Tick t);
  void resume_closes(NeuronIndex source, Tick departure, Tick now);
  void contribute(NeuronIndex source, Tick departure, Tick now, int sign);
  void widen();
  void mark(Tick t, NeuronIndex neuron);

  const Graph& graph_;
  CpuState& state_;
  std::uint64_t group_;
  std::uint32_t lag_shift_;
  Word target_mask_;
  std::uint64_t mean_sublist_ = 1;  // synapses, for estimates

  TimingWheel<Visit> visits_;
  TimingWheel<Visit> closes_;                              // plastic sublists whose pairing window closes
  std::vector<Visit> arriving_, closing_;                  // of the tick under way
  std::vector<std::vector<std::uint64_t>> consolidating_;  // per phase: offsets of plastic sublists with something to consolidate
  std::vector<std::int32_t> weights_;                      // of one plastic sublist

  bool wide_ = false;              // 32-bit direct sums
  Array<std::int16_t> direct_16_;  // group_ rows of a sum per neuron
  Array<std::int32_t> direct_32_;
  std::vector<Marks> marked_;  // per row of accumulators
  SparseSums modulator_, electric_;
};

}  // namespace flux
