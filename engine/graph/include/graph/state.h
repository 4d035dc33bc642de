// The canonical state of a network between two ticks: what every core can give and take, the same bytes whichever it is. Hashes,
// snapshots and comparisons of cores are made of it.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/properties.h"

namespace flux {

// A spike under way: when it left its neuron (the spike's tick plus jitter).
struct Departure {
  Tick tick;
  NeuronIndex source;
  friend auto operator<=>(const Departure&, const Departure&) = default;
};

struct LearnedWeight {
  std::int16_t short_term;  // 1/256 weight
  std::int16_t long_term;   // 1/256 weight
  friend bool operator==(const LearnedWeight&, const LearnedWeight&) = default;
};

// Per-neuron arrays have one element for each index of the graph, removed neurons included (theirs are zero).
struct NetworkState {
  Tick now = 0;                               // the tick that comes next
  std::vector<std::int16_t> level;            // 1/16 level, after the tick before `now`
  std::vector<std::uint16_t> threshold;       // 1/256 level
  std::vector<std::int16_t> modulation;       // 1/256 level
  std::vector<std::uint8_t> refractory_left;  // ticks, counted from `now`, in which it ignores what arrives
  std::vector<std::uint8_t> burst_left;       // spikes of a train still to come
  std::vector<std::uint32_t> own_spike_in;    // 1 = fires by itself at `now`; 0 = not planned
  std::vector<std::uint64_t> history;         // bit k: fired at tick now-1-k; zero unless the graph has plastic synapses
  std::vector<Departure> departures;          // sorted; those whose source's horizon reaches `now`
  std::vector<LearnedWeight> learned;         // plastic synapses, by source, then in the order of the row; faded to `now`-1
  std::uint64_t spike_count = 0;              // since tick 0
  std::uint64_t spike_hash = 0;               // of all (tick, neuron) so far, in order

  friend bool operator==(const NetworkState&, const NetworkState&) = default;
};

// 64-bit hash (XXH3) of all that is in the state but spike_count and spike_hash; little-endian, so the same on every machine.
std::uint64_t hash_state(const NetworkState& state);

}  // namespace flux
