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
#pragma once

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
inline constexpr std::uint32_t FLUX_MAX_TYPES = 1u << 16;                  // distinct NeuronProperties
inline constexpr std::uint32_t FLUX_SUBLIST_MAX = 4095;                    // synapses; longer ones are split
inline constexpr std::uint32_t FLUX_LEARNING_WINDOW = 32;                  // ticks after a crossing at which its pairing closes
inline constexpr std::uint64_t FLUX_NO_ROW = ~std::uint64_t{0};            // row of a neuron without synapses

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

// The arrays of a graph, as they lie in a compiled file. See docs/file-format.md.
struct GraphColumns {
  std::uint32_t neuron_count = 0;
  std::uint32_t delay_group = 1;               // ticks whose static direct synapses share a sublist; a power of two up to 16
  std::uint32_t lag_shift = FLUX_TARGET_BITS;  // where `lag` stands in a synapse's word
  std::uint64_t learned_words = 0;
  NetworkSettings settings;
  std::vector<NeuronProperties> types;
  Array<std::uint16_t> type_of;  // per neuron: index into types
  Array<std::uint64_t> row_of;   // per neuron: offset of its row in words, or FLUX_NO_ROW
  Array<Word> words;
  Array<InitialLongTerm> long_term;
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

  std::uint32_t neuron_count() const { return columns_.neuron_count; }  // removed ones included
  const NetworkSettings& settings() const { return columns_.settings; }
  std::uint32_t delay_group() const { return columns_.delay_group; }
  std::uint32_t lag_shift() const { return columns_.lag_shift; }  // also log2 of the stride of a row of accumulators
  std::uint64_t learned_words() const { return columns_.learned_words; }
  std::uint64_t synapse_count() const { return synapse_count_; }
  std::uint64_t plastic_count() const { return plastic_count_; }
  std::uint64_t bytes() const;  // of connections, types and rows

  std::span<const NeuronProperties> types() const { return columns_.types; }
  std::uint16_t type_of(NeuronIndex neuron) const { return columns_.type_of[neuron]; }
  const NeuronProperties& properties(NeuronIndex neuron) const { return columns_.types[columns_.type_of[neuron]]; }
  bool exists(NeuronIndex neuron) const { return neuron < neuron_count() && (removed_.empty() || !removed_[neuron]); }
  std::span<const std::uint16_t> type_column() const { return columns_.type_of.span().first(neuron_count()); }
  std::span<const std::uint64_t> row_column() const { return columns_.row_of.span().first(neuron_count()); }
  std::span<const InitialLongTerm> initial_long_term() const { return columns_.long_term.span(); }

  // Offset of a neuron's row, or FLUX_NO_ROW.
  std::uint64_t row_of(NeuronIndex neuron) const { return columns_.row_of[neuron]; }
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
  // Appends a neuron without synapses. Fails at FLUX_MAX_NEURONS, or where lag_shift() leaves no room.
  Result<NeuronIndex> add_neuron(const NeuronProperties& properties);
  Status set_properties(NeuronIndex neuron, const NeuronProperties& properties);
  // The neuron stops existing; its row must have been emptied, and synapses onto it removed, before.
  void remove_neuron(NeuronIndex neuron);
  // Replaces the row of a source. Plastic synapses get new words in the learned state; row() tells which.
  Status replace_row(NeuronIndex source, std::span<const SynapseSpec> synapses);

 private:
  explicit Graph(GraphColumns columns) : columns_(std::move(columns)) {}
  Status check_columns() const;
  Status scan_rows();
  Status scan_row(NeuronIndex source, std::uint64_t& unscanned, std::span<std::int32_t> excitation, std::span<std::int32_t> inhibition);
  void count_row(NeuronIndex source, int sign);
  void widen_bounds(NeuronIndex source);

  GraphColumns columns_;
  std::vector<Word> arena_;  // rows that were edited; offsets continue those of columns_.words
  std::vector<bool> removed_;
  bool edited_ = false;
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

// Makes a graph in one pass: all neurons, then the rows.
class GraphBuilder {
 public:
  GraphBuilder(const NetworkSettings& settings, const GraphHints& hints);

  Status add_neurons(const NeuronProperties& properties, std::uint32_t count = 1);
  // The synapses of a source, in any order. Each source at most once, all neurons known by then. Not kept after the call.
  Status append_row(NeuronIndex source, std::span<const SynapseSpec> synapses);
  Result<Graph> finish();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace flux
