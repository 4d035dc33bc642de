// What a neuron and a synapse are set to. Ranges and defaults are those of docs/model.md; all times are in ticks (1 tick = 1 ms by
// default).
#pragma once

#include <compare>
#include <cstdint>

namespace flux {

using NeuronIndex = std::uint32_t;  // place in the flat list; never reused while a network lives
using Tick = std::int64_t;          // whole number of ticks since the network was made

// Which properties of a neuron its modulation level acts on (bits of NeuronProperties::modulation_targets).
enum ModulationTarget : std::uint8_t {
  modulates_threshold = 1,
  modulates_learning = 2,
};

struct NeuronProperties {
  std::uint8_t threshold = 127;        // 1..255, level at which it fires
  std::uint8_t min_threshold = 127;    // 1..threshold, how far potentiation may lower it; by default = threshold
  std::uint8_t max_threshold = 127;    // threshold..255, how far habituation may raise it; by default = threshold
  std::uint8_t leak = 20;              // 1/16 level per tick towards 0
  std::uint8_t refractory_period = 5;  // ticks after a spike in which everything that arrives is ignored
  std::uint8_t habituation_rate = 0;   // 1/256 level of threshold per level of excess stimulus while refractory
  std::uint8_t potentiation_rate = 0;  // 1/256 level of threshold per tick without a spike
  std::uint8_t modulation_leak = 0;    // 1/256 level per tick towards balance; 0 = insensitive to modulation
  std::uint8_t bursting_rate = 0;      // extra spikes per 1024 levels of overshoot; 0 = always one spike
  std::uint8_t modulation_targets = modulates_threshold | modulates_learning;
  std::uint16_t auto_firing_rate = 0;  // ticks between spikes it makes by itself; 0 = off

  friend auto operator<=>(const NeuronProperties&, const NeuronProperties&) = default;
};

enum class SynapseType : std::uint8_t {
  direct = 0,     // changes the level
  modulator = 1,  // changes the modulation level, never fires
  electric = 2,   // fires the target, bypassing summation
};

struct SynapseProperties {
  SynapseType type = SynapseType::direct;
  std::int8_t weight = 20;            // sign: excite or inhibit
  std::uint16_t length = 10;          // 1..65535 ticks from the source's spike to its effect
  std::uint8_t stm_rate = 0;          // short-term change per pairing; 0 = static
  std::uint8_t ltm_rate = 0;          // part of the short-term change moved to the long-term one; 0 = never
  std::uint8_t restoration_rate = 0;  // 1/256 weight per tick by which the short-term part returns to 0

  bool plastic() const { return stm_rate != 0; }
  friend auto operator<=>(const SynapseProperties&, const SynapseProperties&) = default;
};

// What holds for a whole network.
struct NetworkSettings {
  std::uint32_t tick_microseconds = 1000;  // 100..10000; sets the pace of real time, no arithmetic depends on it
  std::uint64_t seed = 1;                  // of all noise and of fibers that do not name their own
  std::uint8_t threshold_noise = 0;        // levels: the threshold of each evaluation is moved by -n..+n
  std::uint8_t delay_jitter = 0;           // ticks: each spike leaves its neuron 0..n ticks late

  friend auto operator<=>(const NetworkSettings&, const NetworkSettings&) = default;
};

}  // namespace flux
