// The vectorised inner loops of the cpu core, compiled for every instruction set of the processor family and chosen at run time.
#pragma once

#include <cstdint>

#include "graph/graph.h"

namespace flux::kernels {

inline constexpr std::uint32_t FLUX_BLOCK = 64;  // neurons evaluated together

// Neurons that only leak, integrate, fire and rest ("simple" ones): all that the dense sweep needs of their properties.
struct SimpleType {
  std::int16_t threshold;  // 1/16 level
  std::int16_t leak;       // 1/16 level per tick
  std::int16_t refractory_period;
  std::int16_t unused = 0;
};

// The state of one block of simple neurons and what reaches it in this tick.
struct SimpleBlock {
  std::int16_t* level;            // [64] 1/16 level
  std::uint8_t* refractory_left;  // [64] ticks, counted from the tick the block was advanced to
  std::int16_t* direct;           // [64] sums of direct stimuli, within +-2047
  const std::uint16_t* type_of;   // [64] into types
  const SimpleType* types;
  bool uniform;      // all have the type of the first
  std::uint32_t dt;  // >= 1 ticks since the block was advanced
};

// Advances the block by dt ticks, adds the sums, lets those at their threshold fire. Bit i of the result: neuron i fired.
std::uint64_t evaluate_simple_block(const SimpleBlock& block);

// Sums the accumulators of `count` workers for the 64 neurons at `offset`, clamps to +-2047 and zeroes them. False: all sums are zero.
bool gather_direct_16(std::int16_t* const* rows, std::uint32_t count, std::uint64_t offset, std::int16_t* direct);
bool gather_direct_32(std::int32_t* const* rows, std::uint32_t count, std::uint64_t offset, std::int16_t* direct);

// Effective weights of a plastic sublist: `faded` is restoration_rate * ticks since the short-term parts were true, at most 65535.
void effective_weights(const Word* synapses, const Word* learned, std::uint32_t count, std::int32_t faded, std::int32_t* weights);

// Closes the pairing windows of a plastic sublist. pair_gate[target bits of a synapse] holds the pairing sum (low 16 bits) and the gate
// (high 16 bits).
void close_pairings(const Word* synapses, Word* learned, std::uint32_t count, Word target_mask, std::int32_t faded, std::int32_t stm_rate,
                    const std::int32_t* pair_gate);

// Name of the instruction set in use.
const char* target_name();

}  // namespace flux::kernels
