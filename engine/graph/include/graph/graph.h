// The neuron graph: the flat list of all neurons' types and connections, as arrays of small integers. It holds structure only; what
// changes as time passes is in the cores (state.h has its canonical form).
//
// Synapses stand in one row per source. A row is a sequence of sublists in the order in which a spike reaches them:
//
//   header  : count (bits 0-11), ticks since the visit before (12-27), type (28-29), plastic (30), another sublist follows (31)
//   [rates] : plastic only: stm_rate | ltm_rate << 8 | restoration_rate << 16
//   [learned]: plastic only: index of the sublist's first word in the cores' learned state
//   count x : weight << 24 | lag << lag_shift | target
//
// Static direct synapses whose lengths fall into the same group of `delay_group` ticks share a sublist: a spike visits it once, and `lag`
// says how many ticks later than the visit the synapse's effect comes. All other synapses are visited exactly when they take effect.
//
// In a plain graph each neuron has a type and a row of its own. Where a circuit is repeated, its instances share theirs: neuron -> slot ->
// type and row. A shared row must mean the same for every instance, so in such a graph `target` counts from 2^23 neurons before the
// source, and a plastic sublist's `learned` from the first learned word of the instance. Targets farther away, or outside the repeated
// circuits, stand in sublists of their own, each after a far entry:
//
//   far     : 1 where the base is absolute, 0 where it is added to the source (bits 0-11), ticks (12-27), type 3, more (31)
//   base    : what the sublist's targets count from; sums are modulo 2^32
//   header of the sublist, with 0 ticks, and so on
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/array.h"
#include "base/result.h"
#include "graph/properties.h"

namespace flux {

using Word = std::uint32_t;

inline constexpr std::uint32_t FLUX_TARGET_BITS = 24;                      // lag and target share them
inline constexpr std::uint32_t FLUX_MAX_NEURONS = 1u << FLUX_TARGET_BITS;  // individually connected ones
inline constexpr std::uint64_t FLUX_MAX_ALL_NEURONS = 0xffffff00u;         // with those of repeated circuits
inline constexpr std::uint32_t FLUX_NEAR =
    1u << (FLUX_TARGET_BITS - 1);                                // neurons either way that a synapse's word reaches without a far entry
inline constexpr std::uint32_t FLUX_MAX_TYPES = 1u << 16;        // distinct NeuronProperties
inline constexpr std::uint32_t FLUX_SUBLIST_MAX = 4095;          // synapses; longer ones are split
inline constexpr std::uint32_t FLUX_LEARNING_WINDOW = 32;        // ticks after a crossing at which its pairing closes
inline constexpr std::uint64_t FLUX_NO_ROW = ~std::uint64_t{0};  // row of a neuron without synapses
inline constexpr std::uint64_t FLUX_OWN_ROWS = std::uint64_t{1} << 63;  // in row_of: each instance has a row of its own

struct SublistHeader {
  std::uint32_t count;
  std::uint32_t delta;
  SynapseType type;
  bool plastic;
  bool more;

  static constexpr SublistHeader decode(Word word) {
    return {word & 0xfffu, (word >> 12) & 0xffffu, static_cast<SynapseType>((word >> 28) & 3u), ((word >> 30) & 1u) != 0,
            (word >> 31) != 0};
  }
  constexpr Word encode() const {
    return count | delta << 12 | static_cast<Word>(type) << 28 | static_cast<Word>(plastic) << 30 | static_cast<Word>(more) << 31;
  }
  // Words from the header to the first synapse, header included.
  constexpr std::uint32_t prefix() const { return plastic ? 3u : 1u; }
  // A far entry: `count` says whether its base is absolute.
  static constexpr auto FLUX_FAR = static_cast<SynapseType>(3);
  constexpr bool is_far() const { return type == FLUX_FAR; }
};

// A sublist where it stands in the row of a source.
struct Sublist {
  SublistHeader header;  // delta includes that of a far entry
  const Word* words;     // from the header on
  std::uint64_t end;     // offset of what follows
  std::int64_t base;     // a synapse's target is base + its target bits

  const Word* synapses() const { return words + header.prefix(); }
};

// A synapse as it is put in and read out.
struct SynapseSpec {
  NeuronIndex target = 0;
  SynapseProperties properties;
  std::int16_t long_term = 0;  // learned part at the start, 1/256 weight
};

// One synapse of a row, read out.
struct RowSynapse {
  NeuronIndex target;
  SynapseProperties properties;
  std::uint64_t visit;            // ticks after the spike at which the sublist is visited
  std::uint64_t sublist;          // offset of the sublist's header
  std::uint64_t learned;          // index of its word in the learned state; only when plastic
  std::uint64_t learned_sublist;  // index of its sublist's first word there; only when plastic
};

// The initial long-term part of a plastic synapse.
struct InitialLongTerm {
  std::uint32_t learned;  // index of its word in the learned state
  std::int32_t value;     // 1/256 weight
};

// The initial long-term part of a plastic synapse in a shared row.
struct SharedLongTerm {
  std::uint32_t slot;     // the first of the instances' that have it
  std::uint32_t learned;  // counted from the first word of the instance
  std::int32_t value;     // 1/256 weight
};

// Neurons whose slots are found alike. Its last neuron stands before the first of the next region.
struct Region {
  NeuronIndex first = 0;
  std::uint32_t stride = 0;          // neurons of an instance; 0: there are no instances, each neuron has a slot of its own
  std::uint32_t slot = 0;            // stride 0: of the first neuron
  std::uint32_t instance = 0;        // place of the first instance in instance_slots
  std::uint32_t learned_stride = 0;  // learned words of an instance's shared rows
  std::uint32_t learned = 0;         // the first of them
};

// The arrays of a graph; those of a plain one as they lie in a compiled file. See docs/file-format.md.
struct GraphColumns {
  std::uint32_t neuron_count = 0;
  std::uint32_t delay_group = 1;               // ticks whose static direct synapses share a sublist; a power of two up to 16
  std::uint32_t lag_shift = FLUX_TARGET_BITS;  // where `lag` stands in a synapse's word
  std::uint64_t learned_words = 0;
  NetworkSettings settings;
  std::vector<NeuronProperties> types;
  Array<std::uint16_t> type_of;  // per slot: index into types
  Array<std::uint64_t> row_of;   // per slot: offset of its row in words, or FLUX_NO_ROW, or FLUX_OWN_ROWS | place of the first in own_rows
  Array<Word> words;
  Array<InitialLongTerm> long_term;

  // Only where circuits are repeated; else slot k is that of neuron k.
  std::vector<Region> regions;  // by rising first
  std::uint32_t slot_count = 0;
  Array<std::uint32_t> instance_slots;  // per instance: slot of its first neuron
  std::uint32_t instance_count = 0;
  Array<std::uint64_t> own_rows;  // per instance of a region, for each of its neurons that has rows of its own: offset, or FLUX_NO_ROW
  std::vector<SharedLongTerm> shared_long_term;  // by rising slot
};

// Whether the values lie in the ranges of docs/model.md and fit together.
Status check_properties(const NeuronProperties& properties);
Status check_properties(const SynapseProperties& properties);

class Graph {
 public:
  // Checks every index and size before it is used; refuses what does not hold together.
  static Result<Graph> from_columns(GraphColumns columns);
  const GraphColumns& columns() const { return columns_; }  // without edits; edited() must be false
  bool edited() const { return edited_; }

  // Whether every neuron has a slot of its own and rows hold plain targets: true unless circuits are repeated.
  bool is_plain() const { return columns_.regions.empty(); }
  // The same network as a plain graph, without edits. Fails where it has more than FLUX_MAX_NEURONS neurons.
  Result<Graph> expanded() const;
  // The same neurons and rows, without what replaced rows left behind. Only of a plain graph.
  Result<Graph> compacted() const;
  // Whether replaced rows take more memory than those there are, and more than a few megabytes.
  bool is_wasteful() const;

  std::uint32_t neuron_count() const { return columns_.neuron_count; }  // removed ones included
  const NetworkSettings& settings() const { return columns_.settings; }
  std::uint32_t delay_group() const { return columns_.delay_group; }
  std::uint32_t lag_shift() const { return columns_.lag_shift; }  // also log2 of the stride of a row of accumulators
  std::uint64_t learned_words() const { return columns_.learned_words; }
  std::uint64_t synapse_count() const { return synapse_count_; }
  std::uint64_t plastic_count() const { return plastic_count_; }
  std::uint64_t bytes() const;         // of connections, types and rows
  std::uint64_t own_bytes() const;     // of those that a clone() does not share
  std::uint64_t most_neurons() const;  // that it can come to have by edits
  std::uint32_t removed_count() const { return removed_count_; }

  std::span<const NeuronProperties> types() const { return columns_.types; }
  std::uint16_t type_of(NeuronIndex neuron) const { return columns_.type_of[slot_of(neuron)]; }
  const NeuronProperties& properties(NeuronIndex neuron) const { return columns_.types[type_of(neuron)]; }
  // Types of consecutive neurons; those past the last are 0.
  void types_of(NeuronIndex first, std::span<std::uint16_t> types) const;
  bool exists(NeuronIndex neuron) const { return neuron < neuron_count() && (removed_.empty() || !removed_[neuron]); }
  // Per neuron; only of a plain graph.
  std::span<const std::uint16_t> type_column() const { return columns_.type_of.span().first(neuron_count()); }
  std::span<const std::uint64_t> row_column() const { return columns_.row_of.span().first(neuron_count()); }
  std::span<const InitialLongTerm> initial_long_term() const { return columns_.long_term.span(); }  // less those of shared rows
  // Calls visit(index in the learned state, value) for all there are.
  template <class Visit>
  void for_each_long_term(Visit visit) const;

  // Where a neuron's type and row stand.
  std::uint32_t slot_of(NeuronIndex neuron) const { return is_plain() ? neuron : find_slot(neuron); }
  // Offset of a neuron's row, or FLUX_NO_ROW.
  std::uint64_t row_of(NeuronIndex neuron) const { return is_plain() ? columns_.row_of[neuron] : find_row(neuron); }
  // Index in the learned state of the first word of a plastic sublist, which stands at `offset` in the row of `source`.
  std::uint32_t learned_index(NeuronIndex source, std::uint64_t offset, const Sublist& sublist) const {
    return sublist.words[2] + (is_plain() ? 0 : find_learned_base(source, offset));
  }
  // The sublist, or far entry and sublist, at an offset in the row of `source`.
  Sublist sublist(std::uint64_t offset, NeuronIndex source) const;
  // What the targets of a sublist that follows no far entry count from.
  std::int64_t near_base(NeuronIndex source) const { return is_plain() ? 0 : std::int64_t{source} - FLUX_NEAR; }
  // Bits of a synapse's word that hold the target.
  Word target_mask() const { return static_cast<Word>((std::uint64_t{1} << lag_shift()) - 1); }
  // The words from an offset on. Edited rows live in an arena behind the compiled ones.
  const Word* words(std::uint64_t offset) const {
    return offset < columns_.words.size() ? columns_.words.data() + offset : arena_.data() + (offset - columns_.words.size());
  }
  // The compiled words alone, for loops that want no branch; valid for all offsets while there are no edits.
  const Word* compiled_words() const { return columns_.words.data(); }
  std::uint64_t compiled_word_count() const { return columns_.words.size(); }

  // All synapses of a source in the order of its row; the order is a function of the set of synapses alone.
  std::vector<RowSynapse> row(NeuronIndex source) const;
  // One past the last word of a neuron's row, or FLUX_NO_ROW.
  std::uint64_t row_end(NeuronIndex source) const;
  // Ticks after a spike for which the row still needs to know of it: the longest effect, or the close of the last pairing.
  std::uint64_t horizon(NeuronIndex source) const;

  // --- Bounds that cores choose their arithmetic by; they hold for every later edit that went through the functions below ----------
  bool has_type(SynapseType type) const { return has_type_[static_cast<std::size_t>(type)]; }
  std::int64_t inflow_bound() const { return inflow_bound_; }
  bool fits_16_bits() const { return inflow_bound_ <= 32767; }      // of the sum that direct synapses can bring to one neuron in one tick
  std::uint64_t longest_delta() const { return longest_delta_; }    // largest gap, in ticks, between two visits of a row
  std::uint64_t longest_length() const { return longest_length_; }  // of any synapse, in ticks

  // A graph that can be edited apart from this one; the compiled words are shared.
  Graph clone() const;

  // --- Edits ------------------------------------------------------------------------------------------------------------------------
  // Appends a neuron without synapses. Fails at the limits above, or where lag_shift() leaves no room.
  Result<NeuronIndex> add_neuron(const NeuronProperties& properties);
  Status set_properties(NeuronIndex neuron, const NeuronProperties& properties);
  // The neuron stops existing; its row must have been emptied, and synapses onto it removed, before.
  void remove_neuron(NeuronIndex neuron);
  // Replaces the row of a source. Plastic synapses get new words in the learned state; row() tells which.
  Status replace_row(NeuronIndex source, std::span<const SynapseSpec> synapses);

 private:
  explicit Graph(GraphColumns columns) : columns_(std::move(columns)) {}
  friend class GraphBuilder;
  const Region& region_of(NeuronIndex neuron) const;
  std::uint32_t find_slot(NeuronIndex neuron) const;
  std::uint64_t find_row(NeuronIndex neuron) const;
  std::uint32_t find_learned_base(NeuronIndex source, std::uint64_t offset) const;
  // The slot of a neuron for writing: an instance that shares its slots gets a copy first. Fails when memory runs out.
  Result<std::uint32_t> own_slot(NeuronIndex neuron);
  Result<NeuronIndex> append_neuron(std::uint16_t type);
  void scan_shared();
  Status check_columns() const;
  Result<Graph> rewritten() const;
  void count_row(NeuronIndex source, int sign);
  void count_waste(NeuronIndex source);
  void widen_bounds(NeuronIndex source);

  GraphColumns columns_;
  std::vector<Word> arena_;  // rows that were edited; offsets continue those of columns_.words
  std::vector<bool> removed_;
  std::uint32_t removed_count_ = 0;
  std::uint64_t wasted_words_ = 0, wasted_learned_ = 0;  // of replaced rows
  bool edited_ = false;
  std::uint32_t shared_slots_ = 0;  // slots from here on belong to one instance each
  std::uint64_t synapse_count_ = 0;
  std::uint64_t plastic_count_ = 0;
  bool has_type_[3] = {};
  std::int64_t inflow_bound_ = 0;  // of the sums of positive and of negative direct weights onto one neuron
  std::uint64_t longest_delta_ = 0;
  std::uint64_t longest_length_ = 0;
};

// What is known of a network before its first row is: the graph's layout is chosen by it.
struct GraphHints {
  std::uint64_t neurons = 0;
  std::uint64_t synapses = 0;
  std::uint32_t distinct_lengths = 1;  // of the synapses of a typical source
  std::uint32_t delay_group = 0;       // 0: chosen by the others; else 1, 2, 4 .. 16
};

// Instances of a circuit that share what they have in common. Those of one variant are alike in all neurons and connections.
struct Repeated {
  std::vector<std::vector<NeuronProperties>> variants;  // the neurons of an instance of each; all of one size, none empty
  std::vector<std::uint32_t> variant_of;                // per instance; each variant has one
  std::vector<std::uint32_t> own_rows;                  // neurons of an instance whose rows differ between instances of a variant
};

// Makes a graph in one pass: all neurons, then the rows.
class GraphBuilder {
 public:
  GraphBuilder(const NetworkSettings& settings, const GraphHints& hints);

  Status add_neurons(const NeuronProperties& properties, std::uint32_t count = 1);
  // Appends the instances one after the other. The graph will not be plain.
  Status add_repeated(const Repeated& repeated);
  // The synapses of a source, in any order. Each source at most once, all neurons known by then. Not kept after the call.
  // The row of an instance is that of all instances of its variant: give those of the first instance of each. Its targets in the same
  // stretch of instances are meant relative to the source, all others are the same neurons for all. Neurons in `own_rows` are given for
  // every instance.
  Status append_row(NeuronIndex source, std::span<const SynapseSpec> synapses);
  // All instances of a variant of the repeated circuit at `first` (its first neuron) have the rows of another variant.
  void share_rows(NeuronIndex first, std::uint32_t variant, std::uint32_t with_variant);
  Result<Graph> finish();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

inline Sublist Graph::sublist(std::uint64_t offset, NeuronIndex source) const {
  const Word* at = words(offset);
  SublistHeader header = SublistHeader::decode(*at);
  std::int64_t base = near_base(source);
  if (header.is_far()) {
    const std::uint32_t delta = header.delta;
    base = static_cast<NeuronIndex>(at[1] + (header.count != 0 ? 0 : source));
    at += 2;
    offset += 2;
    header = SublistHeader::decode(*at);
    header.delta = delta;
  }
  return {header, at, offset + header.prefix() + header.count, base};
}

template <class Visit>
void Graph::for_each_long_term(Visit visit) const {
  for (const InitialLongTerm& entry : columns_.long_term.span()) visit(entry.learned, entry.value);
  if (columns_.shared_long_term.empty()) return;
  const auto by_slot = [](const SharedLongTerm& entry, std::uint32_t slot) { return entry.slot < slot; };
  for (std::size_t r = 0; r < columns_.regions.size(); ++r) {
    const Region& region = columns_.regions[r];
    if (region.stride == 0) continue;
    const std::uint32_t end = r + 1 < columns_.regions.size() ? columns_.regions[r + 1].first : neuron_count();
    for (std::uint32_t i = 0; i < (end - region.first) / region.stride; ++i) {
      const std::uint32_t slot = columns_.instance_slots[region.instance + i];
      const auto& all = columns_.shared_long_term;
      for (auto entry = std::lower_bound(all.begin(), all.end(), slot, by_slot); entry != all.end() && entry->slot == slot; ++entry) {
        visit(region.learned + i * region.learned_stride + entry->learned, entry->value);
      }
    }
  }
}

}  // namespace flux
