// What the cpu core keeps per neuron and per plastic synapse. Arrays that a network does not use stay empty.
#pragma once

#include <cstdint>
#include <vector>

#include "base/array.h"
#include "core/rule.h"
#include "graph/graph.h"
#include "kernels.h"

namespace flux {

// A tick in 31 bits, as it stands in arrays; differences up to 2^30 ticks are exact (the core renews all stamps long before).
inline std::uint32_t stamp_of(Tick t) { return static_cast<std::uint32_t>(t) & 0x7fffffffu; }
inline Tick ticks_since(std::uint32_t stamp, Tick t) { return static_cast<Tick>((stamp_of(t) - stamp) & 0x7fffffffu); }

enum class BlockKind : std::uint8_t {
  uniform,  // simple neurons, all of the type of the first
  mixed,    // simple neurons
  rich,     // at least one needs more: each neuron has a time of its own
};

struct CpuState {
  // Simple blocks are advanced as a whole, to block_stamp; the neurons of rich ones each to its own stamp.
  Array<std::int16_t> level;            // 1/16 level
  Array<std::uint8_t> refractory_left;  // ticks
  std::vector<std::uint32_t> block_stamp;
  std::vector<BlockKind> block_kind;
  std::vector<kernels::SimpleType> simple_types;  // parallel to the graph's types

  // Networks with rich blocks.
  Array<std::uint16_t> threshold;  // 1/256 level
  Array<std::int16_t> modulation;  // 1/256 level
  Array<std::uint32_t> stamp;
  Array<std::uint8_t> burst_left;
  // Networks with neurons that fire by themselves: stamps of the next own spike and of the wheel's entry for it, plus 1; 0 = none.
  Array<std::uint32_t> own_spike;
  Array<std::uint32_t> own_entry;
  // Networks with plastic synapses.
  Array<std::uint64_t> history;  // bit 0: fired at the tick of history_stamp
  Array<std::uint32_t> history_stamp;
  // Per plastic sublist one word stamp << 1 | waits for consolidation, then a word per synapse: long-term part << 16 | short-term part.
  Array<Word> learned;

  bool rich(NeuronIndex neuron) const { return block_kind[neuron / kernels::FLUX_BLOCK] == BlockKind::rich; }
  std::uint64_t history_at(NeuronIndex neuron, Tick t) const {  // bit k: fired at t - 1 - k
    const Tick shift = ticks_since(history_stamp[neuron], t - 1);
    return shift < 64 ? history[neuron] << shift : 0;
  }
  std::int32_t modulation_at(NeuronIndex neuron, const NeuronProperties& p, Tick t) const {
    if (p.modulation_leak == 0 || modulation.size() == 0) return 0;
    return rule::decay(modulation[neuron], p.modulation_leak * ticks_since(stamp[neuron], t));
  }
};

inline rule::Learned learned_of(Word word) { return {static_cast<std::int16_t>(word & 0xffffu), static_cast<std::int16_t>(word >> 16)}; }
inline Word word_of(rule::Learned learned) {
  return static_cast<Word>(static_cast<std::uint16_t>(learned.short_term)) |
         static_cast<Word>(static_cast<std::uint16_t>(learned.long_term)) << 16;
}

// Whether the dense sweep can evaluate neurons of this type.
inline bool is_simple(const NeuronProperties& p) {
  return p.max_threshold == p.threshold && p.potentiation_rate == 0 && p.modulation_leak == 0 && p.bursting_rate == 0;
}

}  // namespace flux
