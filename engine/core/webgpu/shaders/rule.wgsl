// The arithmetic of the model: every function equals the one of its name in core/rule.h, and a test compares them. Constants, structures and
// their packing stand in front of this text, generated from the C++ ones (layout.cpp).

// All drifts are over by then, so longer times count as this many ticks, and rate times ticks fits 32 bits.
const LONGEST_DRIFT = 65535u;

fn drift_ticks(ticks: u32) -> i32 { return i32(min(ticks, LONGEST_DRIFT)); }

fn decay(value: i32, amount: i32) -> i32 {
  let magnitude = max(0, abs(value) - amount);
  return select(magnitude, -magnitude, value < 0);
}

fn rest_threshold(p: Properties) -> i32 {
  return 256 * select(p.threshold, p.min_threshold, p.potentiation_rate > 0);
}

fn drift_threshold(threshold: i32, p: Properties, ticks: u32) -> i32 {
  let floor_threshold = rest_threshold(p);
  if (threshold <= floor_threshold) { return threshold; }
  return max(floor_threshold, threshold - max(1, p.potentiation_rate) * drift_ticks(ticks));
}

fn advance(neuron: Neuron, p: Properties, ticks: u32) -> Neuron {
  var n = neuron;
  let dt = drift_ticks(ticks);
  n.level = decay(n.level, p.leak * dt);
  n.modulation = decay(n.modulation, p.modulation_leak * dt);
  n.threshold = drift_threshold(n.threshold, p, ticks);
  n.refractory_left = max(0, n.refractory_left - dt);
  return n;
}

fn effective_threshold(threshold: i32, modulation: i32, p: Properties) -> i32 {
  var effective = threshold >> 4u;
  if ((p.modulation_targets & MODULATES_THRESHOLD) != 0) { effective -= (effective * modulation) >> 16u; }
  return clamp(effective, 16, LEVEL_MAX);
}

fn own_interval(p: Properties, burst_left: i32) -> u32 {
  let soonest = u32(p.refractory_period) + 1u;
  if (burst_left > 0) { return soonest; }
  return select(0u, max(u32(p.auto_firing_rate), soonest), p.auto_firing_rate > 0);
}

fn restarted_interval(n: Neuron, p: Properties) -> u32 {
  return select(0u, max(u32(p.auto_firing_rate), u32(n.refractory_left)), p.auto_firing_rate > 0);
}

// Whether its own timer runs.
fn has_own_spike(n: Neuron, p: Properties) -> bool { return n.burst_left > 0 || p.auto_firing_rate > 0; }

fn fire(neuron: Neuron, p: Properties, train: i32) -> Neuron {
  var n = neuron;
  n.level = 0;
  n.refractory_left = p.refractory_period;
  n.threshold = max(n.threshold, p.threshold * 256);
  n.burst_left = train;
  return n;
}

fn fire_by_itself(n: Neuron, p: Properties) -> Neuron { return fire(n, p, max(0, n.burst_left - 1)); }

fn train_length(p: Properties, overshoot: i32) -> i32 { return min(255, (overshoot * p.bursting_rate) >> 14u); }

fn habituate(neuron: Neuron, p: Properties, direct: i32) -> Neuron {
  var n = neuron;
  if (p.habituation_rate == 0 || 2 * direct <= p.threshold) { return n; }
  let raised = n.threshold + p.habituation_rate * (direct - p.threshold / 2);
  n.threshold = max(n.threshold, min(p.max_threshold * 256, raised));
  return n;
}

struct Received {
  neuron: Neuron,
  fires: bool,
}

// `direct` and `modulator` may be of any size: they are clamped here, once.
fn receive(neuron: Neuron, p: Properties, direct_sum: i32, modulator_sum: i32, electric: i32, blocked: bool, noise: i32) -> Received {
  var n = neuron;
  let direct = clamp(direct_sum, -STIMULUS_MAX, STIMULUS_MAX);
  if (blocked) { return Received(habituate(n, p, direct), false); }
  if (p.modulation_leak > 0) {
    let modulator = clamp(modulator_sum, -MODULATOR_MAX, MODULATOR_MAX);
    n.modulation = clamp(n.modulation + 256 * modulator, -MODULATION_MAX, MODULATION_MAX);
  }
  let potential = clamp(n.level + 16 * direct, -LEVEL_MAX, POTENTIAL_MAX);
  let threshold = clamp(effective_threshold(n.threshold, n.modulation, p) + noise, 16, LEVEL_MAX);
  if (electric > 0 || (direct > 0 && potential >= threshold)) {
    return Received(fire(n, p, train_length(p, max(0, potential - threshold))), true);
  }
  n.level = min(potential, LEVEL_MAX);
  return Received(n, false);
}

fn fit(neuron: Neuron, p: Properties) -> Neuron {
  var n = neuron;
  n.threshold = clamp(n.threshold, rest_threshold(p), p.max_threshold * 256);
  if (p.modulation_leak == 0) { n.modulation = 0; }
  if (p.bursting_rate == 0) { n.burst_left = 0; }
  return n;
}

// --- Learning

fn effective_weight(base: i32, short_term: i32, long_term: i32) -> i32 {
  let learned = (short_term + long_term) >> 8u;
  if (base >= 0) { return clamp(base + learned, 0, 127); }
  return -clamp(-base + learned, 0, 128);
}

// 64 bits, the lower 32 first, shifted to the left; 0 from 64 on.
fn shift_left(bits: vec2<u32>, by: u32) -> vec2<u32> {
  if (by == 0u) { return bits; }
  if (by < 32u) { return vec2<u32>(bits.x << by, (bits.y << by) | (bits.x >> (32u - by))); }
  if (by < 64u) { return vec2<u32>(0u, bits.x << (by - 32u)); }
  return vec2<u32>(0u, 0u);
}

fn learning_gate(modulation: i32, p: Properties) -> i32 {
  return select(0, modulation, (p.modulation_targets & MODULATES_LEARNING) != 0);
}

// What one pairing adds to the short-term part.
fn pair_change(pairing_sum: i32, stm_rate: i32, gate: i32) -> i32 {
  let change = pairing_sum * stm_rate;
  return change + ((change * gate) >> 15u);
}

struct Learned {
  short_term: i32,
  long_term: i32,
}

fn consolidate(learned: Learned, ltm_rate: i32, gate: i32) -> Learned {
  let part = learned.short_term * ltm_rate / 256;
  let moved = part * gate / 32768;
  let spent = select(-moved, moved, gate >= 0);
  return Learned(learned.short_term - spent, clamp(learned.long_term + moved, -LEARNED_MAX, LEARNED_MAX));
}

fn unpack_learned(word: u32) -> Learned { return Learned(extractBits(i32(word), 0u, 16u), i32(word) >> 16u); }
fn pack_learned(learned: Learned) -> u32 { return (u32(learned.short_term) & 0xffffu) | (u32(learned.long_term) << 16u); }

// --- Randomness by place: 64-bit numbers as two words, the lower first

fn multiply_high(a: u32, b: u32) -> u32 {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let other = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (middle >> 16u) + (other >> 16u);
}

fn multiply(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  return vec2<u32>(a.x * b.x, multiply_high(a.x, b.x) + a.x * b.y + a.y * b.x);
}

fn add_64(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2<u32>(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn shift_right(a: vec2<u32>, by: u32) -> vec2<u32> { return vec2<u32>((a.x >> by) | (a.y << (32u - by)), a.y >> by); }  // by 1..31

fn mix64(value: vec2<u32>) -> vec2<u32> {
  var x = add_64(value, vec2<u32>(0x7f4a7c15u, 0x9e3779b9u));
  x = multiply(x ^ shift_right(x, 30u), vec2<u32>(0x1ce4e5b9u, 0xbf58476du));
  x = multiply(x ^ shift_right(x, 27u), vec2<u32>(0x133111ebu, 0x94d049bbu));
  return x ^ shift_right(x, 31u);
}

fn random_bits(seed: vec2<u32>, a: vec2<u32>, b: vec2<u32>) -> vec2<u32> { return mix64(mix64(mix64(seed) ^ a) ^ b); }

fn random_below(bits: vec2<u32>, bound: u32) -> u32 { return multiply_high(bits.y, bound); }

fn threshold_noise(seed: vec2<u32>, levels: u32, neuron: u32, tick: vec2<u32>) -> i32 {
  if (levels == 0u) { return 0; }
  let bits = random_bits(seed ^ NOISE_STREAM, vec2<u32>(neuron, 0u), tick);
  return i32(random_below(bits, 32u * levels + 1u)) - i32(16u * levels);
}

fn departure_jitter(seed: vec2<u32>, jitter: u32, source: u32, tick: vec2<u32>) -> u32 {
  if (jitter == 0u) { return 0u; }
  return random_below(random_bits(seed ^ JITTER_STREAM, vec2<u32>(source, 0u), tick), jitter + 1u);
}
