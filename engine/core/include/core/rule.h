// The arithmetic of the model, written once for scalars. docs/model.md is the norm and explains every formula; the names are its names.
// The reference core is made of these functions alone; the cpu core uses them wherever it is not vectorised.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/random.h"
#include "graph/graph.h"
#include "graph/properties.h"

namespace flux::rule {

inline constexpr std::int32_t FLUX_LEVEL_MAX = 4080;        // 1/16 level: 255 levels either way
inline constexpr std::int32_t FLUX_POTENTIAL_MAX = 32767;   // 1/16 level: what one tick can raise a level to before it is compared
inline constexpr std::int32_t FLUX_MODULATION_MAX = 32512;  // 1/256 level: 127 levels either way
inline constexpr std::int32_t FLUX_STIMULUS_MAX = 2047;     // levels: direct stimuli of one tick
inline constexpr std::int32_t FLUX_MODULATOR_MAX = 127;     // levels: modulatory stimuli of one tick
inline constexpr std::int32_t FLUX_LEARNED_MAX = 32512;     // 1/256 weight
inline constexpr std::int32_t FLUX_PAIRING_MAX = 127;
inline constexpr Tick FLUX_CONSOLIDATION_PERIOD = 128;                    // ticks; a source's turn comes when (tick + source) is a multiple
inline constexpr std::uint64_t FLUX_JITTER_STREAM = 0x6a09e667f3bcc908u;  // apart from each other and from fibers
inline constexpr std::uint64_t FLUX_NOISE_STREAM = 0xbb67ae8584caa73bu;

// STDP window: change per pairing by the target's spike `lag` ticks after the crossing, at [lag + 32], lag -32..31.
// round(32 exp(-lag / 10)) from 0 on, -round(28 exp(lag / 14)) before: causal pairs strengthen, others weaken, the area of weakening
// is the larger, so that unrelated firing does not grow weights. (Bi & Poo 1998; Song, Miller & Abbott 2000.)
inline constexpr std::array<std::int8_t, 64> FLUX_KERNEL = {-3, -3,  -3,  -4,  -4,  -4,  -4,  -5,  -5,  -5,  -6,  -6,  -7,  -7,  -8,  -8,
                                                            -9, -10, -10, -11, -12, -13, -14, -15, -16, -17, -18, -20, -21, -23, -24, -26,
                                                            32, 29,  26,  24,  21,  19,  18,  16,  14,  13,  12,  11,  10,  9,   8,   7,
                                                            6,  6,   5,   5,   4,   4,   4,   3,   3,   3,   2,   2,   2,   2,   2,   1};

// The neuron's part of NetworkState, widened.
struct Neuron {
  std::int32_t level = 0;            // 1/16 level
  std::int32_t threshold = 0;        // 1/256 level
  std::int32_t modulation = 0;       // 1/256 level
  std::int32_t refractory_left = 0;  // ticks after the last one it was advanced to
  std::int32_t burst_left = 0;       // spikes
  friend bool operator==(const Neuron&, const Neuron&) = default;
};

// The sums of all that reaches a neuron in one tick, not yet clamped.
struct Stimuli {
  std::int64_t direct = 0;
  std::int64_t modulator = 0;
  std::int64_t electric = 0;
  bool any() const { return direct != 0 || modulator != 0 || electric > 0; }
};

// `value` moved towards zero by `amount`, not past it.
constexpr std::int32_t decay(std::int32_t value, std::int64_t amount) {
  const std::int64_t magnitude = std::max<std::int64_t>(0, (value < 0 ? -std::int64_t{value} : value) - amount);
  return static_cast<std::int32_t>(value < 0 ? -magnitude : magnitude);
}

inline Neuron initial(const NeuronProperties& p) {
  Neuron neuron;
  neuron.threshold = p.threshold * 256;
  return neuron;
}

// Where the threshold of a neuron left alone ends up, in 1/256 level.
constexpr std::int32_t rest_threshold(const NeuronProperties& p) { return (p.potentiation_rate > 0 ? p.min_threshold : p.threshold) * 256; }

// What it keeps of its state when its properties change: the threshold moves into its new range; a neuron that can no longer burst ends
// its train.
inline void fit(Neuron& neuron, const NeuronProperties& p) {
  neuron.threshold = std::clamp(neuron.threshold, rest_threshold(p), p.max_threshold * 256);
  if (p.modulation_leak == 0) neuron.modulation = 0;
  if (p.bursting_rate == 0) neuron.burst_left = 0;
}

// Ticks from now to the own spike of a neuron whose timer starts anew, for it is new, or its auto-firing rate or train was changed; 0 =
// none.
constexpr std::uint32_t restarted_interval(const Neuron& neuron, const NeuronProperties& p) {
  return p.auto_firing_rate > 0 ? std::max<std::uint32_t>(p.auto_firing_rate, static_cast<std::uint32_t>(neuron.refractory_left)) : 0;
}

constexpr std::int32_t drift_threshold(std::int32_t threshold, const NeuronProperties& p, Tick dt) {
  const std::int32_t rate = std::max<std::int32_t>(1, p.potentiation_rate);
  const std::int32_t floor = rest_threshold(p);
  if (threshold <= floor) return threshold;
  return static_cast<std::int32_t>(std::max<std::int64_t>(floor, threshold - rate * dt));
}

// All drifts of dt >= 0 ticks in one step.
inline void advance(Neuron& neuron, const NeuronProperties& p, Tick dt) {
  neuron.level = decay(neuron.level, p.leak * dt);
  neuron.modulation = decay(neuron.modulation, p.modulation_leak * dt);
  neuron.threshold = drift_threshold(neuron.threshold, p, dt);
  neuron.refractory_left = static_cast<std::int32_t>(std::max<std::int64_t>(0, neuron.refractory_left - dt));
}

// What the level is compared with, in 1/16 level, noise aside.
constexpr std::int32_t effective_threshold(std::int32_t threshold, std::int32_t modulation, const NeuronProperties& p) {
  std::int32_t effective = threshold >> 4;
  if ((p.modulation_targets & modulates_threshold) != 0) effective -= (effective * modulation) >> 16;
  return std::clamp(effective, 16, FLUX_LEVEL_MAX);
}

inline std::int32_t threshold_noise(const NetworkSettings& settings, NeuronIndex neuron, Tick t) {
  const std::uint32_t n = settings.threshold_noise;
  if (n == 0) return 0;
  const std::uint64_t bits = random_bits(settings.seed ^ FLUX_NOISE_STREAM, neuron, static_cast<std::uint64_t>(t));
  return static_cast<std::int32_t>(random_below(bits, std::uint64_t{32} * n + 1)) - static_cast<std::int32_t>(16 * n);
}

// Ticks by which a spike of `source` at tick t leaves late.
inline Tick departure_jitter(const NetworkSettings& settings, NeuronIndex source, Tick t) {
  if (settings.delay_jitter == 0) return 0;
  const std::uint64_t bits = random_bits(settings.seed ^ FLUX_JITTER_STREAM, source, static_cast<std::uint64_t>(t));
  return static_cast<Tick>(random_below(bits, std::uint64_t{settings.delay_jitter} + 1));
}

// Ticks from a spike to the one the neuron makes next by itself; 0 = none.
constexpr std::uint32_t own_interval(const NeuronProperties& p, std::int32_t burst_left) {
  const std::uint32_t soonest = p.refractory_period + 1u;
  if (burst_left > 0) return soonest;
  return p.auto_firing_rate > 0 ? std::max<std::uint32_t>(p.auto_firing_rate, soonest) : 0;
}

// Empties the neuron after a spike. `train` is how many more spikes follow by themselves.
inline void fire(Neuron& neuron, const NeuronProperties& p, std::int32_t train) {
  neuron.level = 0;
  neuron.refractory_left = p.refractory_period;
  neuron.threshold = std::max<std::int32_t>(neuron.threshold, p.threshold * 256);
  neuron.burst_left = train;
}

constexpr std::int32_t train_length(const NeuronProperties& p, std::int32_t overshoot) {
  return std::min<std::int32_t>(255, static_cast<std::int32_t>((std::int64_t{overshoot} * p.bursting_rate) >> 14));
}

// Its own timer is due: it fires, and what arrives in this tick is absorbed.
inline void fire_by_itself(Neuron& neuron, const NeuronProperties& p) { fire(neuron, p, std::max(0, neuron.burst_left - 1)); }

inline void habituate(Neuron& neuron, const NeuronProperties& p, std::int32_t direct) {
  if (p.habituation_rate == 0 || 2 * direct <= p.threshold) return;
  const std::int32_t raised = neuron.threshold + p.habituation_rate * (direct - p.threshold / 2);
  neuron.threshold = std::max(neuron.threshold, std::min(p.max_threshold * 256, raised));
}

// Stimuli reach a neuron that was advanced to tick t and whose own timer is not due. `blocked`: it was refractory in this tick. `noise`
// is threshold_noise(). Returns whether it fires.
inline bool receive(Neuron& neuron, const NeuronProperties& p, const Stimuli& stimuli, bool blocked, std::int32_t noise) {
  const auto direct = static_cast<std::int32_t>(std::clamp<std::int64_t>(stimuli.direct, -FLUX_STIMULUS_MAX, FLUX_STIMULUS_MAX));
  if (blocked) {
    habituate(neuron, p, direct);
    return false;
  }
  if (p.modulation_leak > 0) {
    const auto modulator = static_cast<std::int32_t>(std::clamp<std::int64_t>(stimuli.modulator, -FLUX_MODULATOR_MAX, FLUX_MODULATOR_MAX));
    neuron.modulation = std::clamp(neuron.modulation + 256 * modulator, -FLUX_MODULATION_MAX, FLUX_MODULATION_MAX);
  }
  const std::int32_t potential = std::clamp(neuron.level + 16 * direct, -FLUX_LEVEL_MAX, FLUX_POTENTIAL_MAX);
  const std::int32_t threshold = std::clamp(effective_threshold(neuron.threshold, neuron.modulation, p) + noise, 16, FLUX_LEVEL_MAX);
  if (stimuli.electric > 0 || (direct > 0 && potential >= threshold)) {
    fire(neuron, p, train_length(p, std::max(0, potential - threshold)));
    return true;
  }
  neuron.level = std::min(potential, FLUX_LEVEL_MAX);
  return false;
}

// --- Learning -------------------------------------------------------------------------------------------------------------------

constexpr std::int32_t effective_weight(std::int32_t base, std::int32_t short_term, std::int32_t long_term) {
  const std::int32_t learned = (short_term + long_term) >> 8;
  return base >= 0 ? std::clamp(base + learned, 0, 127) : -std::clamp(-base + learned, 0, 128);
}

// Sum of the kernel over a target's spikes; bit k of `history` is a spike k + 1 ticks before the tick in which the window closes.
constexpr std::int32_t pairing(std::uint64_t history) {
  std::int32_t sum = 0;
  for (; history != 0; history &= history - 1) sum += FLUX_KERNEL[63u - static_cast<unsigned>(std::countr_zero(history))];
  return std::clamp(sum, -FLUX_PAIRING_MAX, FLUX_PAIRING_MAX);
}

// The target's modulation as far as it acts on learning.
constexpr std::int32_t learning_gate(std::int32_t modulation, const NeuronProperties& target) {
  return (target.modulation_targets & modulates_learning) != 0 ? modulation : 0;
}

// Short-term part after the close of a pairing window; `gate` is learning_gate().
constexpr std::int32_t pair(std::int32_t short_term, std::int32_t pairing_sum, std::int32_t stm_rate, std::int32_t gate) {
  std::int32_t change = pairing_sum * stm_rate;
  change += (change * gate) >> 15;
  return std::clamp(short_term + change, -FLUX_LEARNED_MAX, FLUX_LEARNED_MAX);
}

struct Learned {
  std::int32_t short_term, long_term;  // 1/256 weight
};

// One step of consolidation: modulation moves a part of the short-term change into the long-term one, or undoes it when negative.
constexpr Learned consolidate(Learned learned, std::int32_t ltm_rate, std::int32_t gate) {
  const std::int32_t part = learned.short_term * ltm_rate / 256;
  const std::int32_t moved = part * gate / 32768;
  const std::int32_t spent = gate >= 0 ? moved : -moved;
  return {learned.short_term - spent, std::clamp(learned.long_term + moved, -FLUX_LEARNED_MAX, FLUX_LEARNED_MAX)};
}

}  // namespace flux::rule
