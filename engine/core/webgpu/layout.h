// What the host and the kernels must agree on: constants, and structures with the places of their fields. WGSL's side of all of it is
// generated from here, so the two cannot drift apart.
#pragma once

#include <cstdint>
#include <string>

#include "core/rule.h"
#include "graph/graph.h"

namespace flux::webgpu {

inline constexpr std::uint32_t FLUX_THREADS = 256;                   // of a workgroup that delivers or evaluates
inline constexpr std::uint32_t FLUX_BLOCK = 2 * FLUX_THREADS;        // neurons that are evaluated together, two a thread
inline constexpr std::uint32_t FLUX_PIECE = 64;                      // sublists that a workgroup looks up at a time
inline constexpr std::uint32_t FLUX_PARTS = 4;                       // of the synapse table that the delivery kernel is given at once
inline constexpr std::uint32_t FLUX_SMALL_GROUP = 64;                // threads of all other workgroups
inline constexpr std::uint32_t FLUX_RUNS = 32;                       // runs of successive ages at which spikes reach something
inline constexpr std::uint32_t FLUX_BATCH = 256;                     // ticks of one submission, at most
inline constexpr std::uint32_t FLUX_FORGOTTEN = 0xffffffffu;         // entry of the log that reaches nothing any more
inline constexpr std::uint32_t FLUX_DENSE = 0x80000000u;             // in CONTROL_ACTIVE: all blocks are to be evaluated
inline constexpr std::uint32_t FLUX_TABLE_HEADER = 16 + FLUX_BATCH;  // words before the first row of a part of the table

// Words of the buffer `control`.
enum Control : std::uint32_t {
  control_head = 0,                                 // spikes in the log so far, modulo 2^32
  control_batch_head = 1,                           // the same when the batch began
  control_tick_head = 16,                           // the same when each tick of the batch began
  control_active = control_tick_head + FLUX_BATCH,  // per tick of the batch: how many blocks are listed to be evaluated
  control_ring = control_active + FLUX_BATCH,       // head at the beginning of each of the last ticks, by tick & ring_mask
};                                                  // then, per block: flags, tick of the next own spike, list of those to be evaluated

// A neuron's state, true for tick `stamp`.
struct GpuNeuron {
  std::int16_t level;            // 1/16 level
  std::uint16_t threshold;       // 1/256 level
  std::int16_t modulation;       // 1/256 level
  std::uint8_t refractory_left;  // ticks
  std::uint8_t burst_left;       // spikes
  std::uint32_t stamp;           // tick modulo 2^32
  std::uint32_t own_spike;       // tick modulo 2^32 at which it fires by itself, where burst_left or its auto-firing rate says that it does
};
static_assert(sizeof(GpuNeuron) == 16);
static_assert(sizeof(NeuronProperties) == 12);  // four words a type, the last unused

// A neuron's spikes of the last 64 ticks. Bit 0: it fired at `stamp`.
struct GpuHistory {
  std::uint64_t bits = 0;
  std::uint32_t stamp = 0;
  std::uint32_t unused = 0;
};
static_assert(sizeof(GpuHistory) == 16);

struct GpuRow {
  std::uint32_t first = 0;     // word in its part of the table
  std::uint32_t sublists = 0;  // | part << 24
};

struct GpuStimulus {
  std::uint32_t neuron;  // | kind << 24
  std::int32_t value;
};

// Constants of a network, as the kernels see them; all words.
struct NetworkUniform {
  std::uint32_t neurons = 0;
  std::uint32_t capacity = 0;  // neurons there is room for; a multiple of FLUX_BLOCK
  std::uint32_t blocks = 0;
  std::uint32_t log_mask = 0;                                  // entries of the log, a power of two, less 1
  std::uint32_t ring_mask = 0;                                 // ticks in control's ring, a power of two, less 1
  std::uint32_t flags_at = 0, next_own_at = 0, active_at = 0;  // words in control
  std::uint32_t extras_at = 0;  // word in sums: three sums a neuron, for stimuli, modulators, electric synapses
  std::uint32_t types_at = 0;   // word in types
  std::uint32_t seed_low = 0, seed_high = 0;
  std::uint32_t threshold_noise = 0, delay_jitter = 0;
  std::uint32_t first_visit = 0;   // ticks after a spike: the soonest that any sublist is reached
  std::uint32_t dense_visits = 0;  // more spikes under way than this: all blocks are evaluated
  std::uint32_t runs = 0, pair_runs = 0;
  std::uint32_t consolidates = 0;  // 1: some synapse has an ltm_rate
  std::uint32_t padding[1] = {};
  std::uint32_t run_ages[FLUX_RUNS][4] = {};       // first and last age of each run at which spikes deliver
  std::uint32_t pair_run_ages[FLUX_RUNS][4] = {};  // the same for pairings
  std::int32_t kernel[16][4] = {};                 // rule::FLUX_KERNEL
};
static_assert(sizeof(NetworkUniform) % 16 == 0);

struct TickUniform {
  std::uint32_t now = 0, now_high = 0;            // the tick, 64 bits
  std::uint32_t slot = 0;                         // its place in the batch
  std::uint32_t first_stimulus = 0, stimuli = 0;  // in the batch's list
  std::uint32_t probes = 0;
  std::uint32_t neuron = 0, a = 0, b = 0;  // of an edit; a: ticks of the batch otherwise
  std::uint32_t padding[3] = {};
};
static_assert(sizeof(TickUniform) % 16 == 0 && sizeof(TickUniform) <= 256);

// What a kernel is compiled for.
struct KernelOptions {
  bool packed = false;       // two sums of 16 bits share a word
  bool plastic = false;      // there are plastic synapses
  bool only_direct = false;  // there are no modulators and no electric synapses
};

// WGSL that stands in front of every kernel: the constants, the structures, their packing.
std::string wgsl_prelude(const KernelOptions& options);

// Text of shaders/NAME.wgsl, embedded when this was built.
const char* wgsl_source(const char* name);

}  // namespace flux::webgpu
