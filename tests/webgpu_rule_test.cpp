// The arithmetic of rule.wgsl equals that of core/rule.h, function by function, on a million random cases that have the extremes in them.
#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "core/rule.h"
#include "webgpu/device.h"
#include "webgpu/layout.h"

namespace flux::webgpu {
namespace {

constexpr std::uint32_t FLUX_CASES = 131072;  // of a round
constexpr int FLUX_ROUNDS = 8;

// What goes into all functions of one case, as the kernel reads it: 26 words.
struct Case {
  GpuNeuron neuron;
  NeuronProperties properties;
  std::uint32_t unused;
  std::uint32_t ticks;
  std::int32_t direct, modulator, electric, blocked, noise;
  std::int32_t burst, overshoot, weight, pairing_sum;
  std::int32_t short_term, long_term;
  std::uint32_t rates;  // stm_rate, ltm_rate, jitter, levels of noise, a byte each
  std::uint32_t place;
  std::uint64_t seed, when;
};
static_assert(sizeof(Case) == 26 * 4);

// What comes out: 64 words, in the order in which both sides write them.
constexpr std::size_t FLUX_RESULT_WORDS = 64;
using Results = std::vector<std::uint32_t>;

const char* const FLUX_TEST_KERNEL = R"(
@group(0) @binding(0) var<uniform> count: vec4<u32>;
@group(0) @binding(1) var<storage, read> cases: array<u32>;
@group(0) @binding(2) var<storage, read_write> results: array<u32>;

var<private> at: u32;
fn put(value: u32) { results[at] = value; at++; }
fn put_signed(value: i32) { put(bitcast<u32>(value)); }
fn put_64(value: vec2<u32>) { put(value.x); put(value.y); }
fn put_neuron(neuron: Neuron) {
  let words = pack_neuron(neuron);
  put(words.x); put(words.y); put(words.z); put(words.w);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= count.x) { return; }
  let c = id.x * 26u;
  at = id.x * 64u;
  let n = unpack_neuron(vec4<u32>(cases[c], cases[c + 1u], cases[c + 2u], cases[c + 3u]));
  let p = unpack_properties(vec4<u32>(cases[c + 4u], cases[c + 5u], cases[c + 6u], cases[c + 7u]));
  let ticks = cases[c + 8u];
  let direct = bitcast<i32>(cases[c + 9u]);
  let noise = bitcast<i32>(cases[c + 13u]);
  let learned = Learned(bitcast<i32>(cases[c + 18u]), bitcast<i32>(cases[c + 19u]));
  let rates = cases[c + 20u];
  let place = cases[c + 21u];
  let seed = vec2<u32>(cases[c + 22u], cases[c + 23u]);
  let when = vec2<u32>(cases[c + 24u], cases[c + 25u]);
  put_neuron(n);
  put_neuron(advance(n, p, ticks));
  put_signed(effective_threshold(n.threshold, n.modulation, p));
  put(own_interval(p, bitcast<i32>(cases[c + 14u])));
  put(restarted_interval(n, p));
  put_signed(train_length(p, bitcast<i32>(cases[c + 15u])));
  put_neuron(fire_by_itself(n, p));
  put_neuron(fit(n, p));
  let received = receive(n, p, direct, bitcast<i32>(cases[c + 10u]), bitcast<i32>(cases[c + 11u]), cases[c + 12u] != 0u, noise);
  put_neuron(received.neuron);
  put(u32(received.fires));
  put_signed(effective_weight(bitcast<i32>(cases[c + 16u]), learned.short_term, learned.long_term));
  let gate = learning_gate(n.modulation, p);
  put_signed(gate);
  put_signed(pair_change(bitcast<i32>(cases[c + 17u]), i32(rates & 0xffu), gate));
  let moved = consolidate(learned, i32((rates >> 8u) & 0xffu), gate);
  put_signed(moved.short_term);
  put_signed(moved.long_term);
  let unpacked = unpack_learned(pack_learned(learned));
  put_signed(unpacked.short_term);
  put_signed(unpacked.long_term);
  put_64(mix64(seed));
  put_64(random_bits(seed, vec2<u32>(place, 0u), when));
  put(random_below(random_bits(seed, vec2<u32>(place, 0u), when), place));
  put_signed(threshold_noise(seed, rates >> 24u, place, when));
  put(departure_jitter(seed, (rates >> 16u) & 0xffu, place, when));
  put_64(shift_left(seed, place & 127u));
  put_64(shift_right(seed, 1u + place % 31u));
  put_64(multiply(seed, when));
  put_64(add_64(seed, when));
}
)";

GpuNeuron packed(const rule::Neuron& n, const GpuNeuron& of) {
  return {static_cast<std::int16_t>(n.level),
          static_cast<std::uint16_t>(n.threshold),
          static_cast<std::int16_t>(n.modulation),
          static_cast<std::uint8_t>(n.refractory_left),
          static_cast<std::uint8_t>(n.burst_left),
          of.stamp,
          of.own_spike};
}

// The same on the processor, with the functions of the model.
void expect(const Case& c, Results& results) {
  const std::size_t begin = results.size();
  const auto put = [&](auto value) { results.push_back(static_cast<std::uint32_t>(value)); };
  const auto put_64 = [&](std::uint64_t value) { put(value), put(value >> 32); };
  const auto put_neuron = [&](const rule::Neuron& n) {
    std::uint32_t words[4];
    const GpuNeuron neuron = packed(n, c.neuron);
    std::memcpy(words, &neuron, sizeof(words));
    for (const std::uint32_t word : words) put(word);
  };
  const NeuronProperties& p = c.properties;
  const rule::Neuron n{c.neuron.level, c.neuron.threshold, c.neuron.modulation, c.neuron.refractory_left, c.neuron.burst_left};
  const auto changed = [&](const auto& change) {
    rule::Neuron copy = n;
    change(copy);
    put_neuron(copy);
  };
  NetworkSettings settings;
  settings.seed = c.seed;
  settings.threshold_noise = static_cast<std::uint8_t>(c.rates >> 24);
  settings.delay_jitter = static_cast<std::uint8_t>(c.rates >> 16);
  put_neuron(n);
  changed([&](rule::Neuron& copy) { rule::advance(copy, p, c.ticks); });
  put(rule::effective_threshold(n.threshold, n.modulation, p));
  put(rule::own_interval(p, c.burst));
  put(rule::restarted_interval(n, p));
  put(rule::train_length(p, c.overshoot));
  changed([&](rule::Neuron& copy) { rule::fire_by_itself(copy, p); });
  changed([&](rule::Neuron& copy) { rule::fit(copy, p); });
  bool fires = false;
  changed([&](rule::Neuron& copy) { fires = rule::receive(copy, p, {c.direct, c.modulator, c.electric}, c.blocked != 0, c.noise); });
  put(fires);
  put(rule::effective_weight(c.weight, c.short_term, c.long_term));
  const std::int32_t gate = rule::learning_gate(n.modulation, p);
  put(gate);
  // rule::pair adds the change to a part and clamps it; from 0, and within the bounds, it is the change.
  const std::int32_t change = c.pairing_sum * static_cast<std::int32_t>(c.rates & 0xff);
  put(change + ((change * gate) >> 15));
  EXPECT_EQ(rule::pair(0, c.pairing_sum, static_cast<std::int32_t>(c.rates & 0xff), gate),
            std::clamp(static_cast<std::int32_t>(results.back()), -rule::FLUX_LEARNED_MAX, rule::FLUX_LEARNED_MAX));
  const rule::Learned moved = rule::consolidate({c.short_term, c.long_term}, static_cast<std::int32_t>(c.rates >> 8 & 0xff), gate);
  put(moved.short_term);
  put(moved.long_term);
  put(c.short_term);
  put(c.long_term);
  put_64(mix64(c.seed));
  const std::uint64_t bits = random_bits(c.seed, c.place, c.when);
  put_64(bits);
  put(random_below(bits, c.place));
  put(rule::threshold_noise(settings, c.place, static_cast<Tick>(c.when)));
  put(rule::departure_jitter(settings, c.place, static_cast<Tick>(c.when)));
  const unsigned by = c.place & 127u;
  put_64(by < 64 ? c.seed << by : 0);
  put_64(c.seed >> (1 + c.place % 31));
  put_64(c.seed * c.when);
  put_64(c.seed + c.when);
  results.resize(begin + FLUX_RESULT_WORDS);
}

class RandomCases {
 public:
  Case next() {
    Case c{};
    c.properties.threshold = byte(1);
    c.properties.min_threshold = static_cast<std::uint8_t>(between(1, c.properties.threshold));
    c.properties.max_threshold = static_cast<std::uint8_t>(between(c.properties.threshold, 255));
    c.properties.leak = byte(0);
    c.properties.refractory_period = byte(0);
    c.properties.habituation_rate = byte(0);
    c.properties.potentiation_rate = byte(0);
    c.properties.modulation_leak = byte(0);
    c.properties.bursting_rate = byte(0);
    c.properties.modulation_targets = static_cast<std::uint8_t>(between(0, 3));
    c.properties.auto_firing_rate = static_cast<std::uint16_t>(between(0, 65535));
    // Within what a state can hold (check_state.cpp).
    c.neuron.level = static_cast<std::int16_t>(between(-rule::FLUX_LEVEL_MAX, rule::FLUX_LEVEL_MAX));
    c.neuron.threshold = static_cast<std::uint16_t>(between(rule::rest_threshold(c.properties), c.properties.max_threshold * 256));
    c.neuron.modulation = static_cast<std::int16_t>(between(-rule::FLUX_MODULATION_MAX, rule::FLUX_MODULATION_MAX));
    c.neuron.refractory_left = byte(0);
    c.neuron.burst_left = byte(0);
    c.neuron.stamp = word();
    c.neuron.own_spike = word();
    c.ticks = static_cast<std::uint32_t>(chance(80) ? between(0, 300) : static_cast<std::int64_t>(word()));
    c.direct = sum();
    c.modulator = sum();
    c.electric = chance(80) ? 0 : sum();
    c.blocked = chance(30) ? 1 : 0;
    c.noise = static_cast<std::int32_t>(between(-4080, 4080));
    c.burst = byte(0);
    c.overshoot = static_cast<std::int32_t>(between(0, rule::FLUX_POTENTIAL_MAX));
    c.weight = static_cast<std::int32_t>(between(-128, 127));
    c.pairing_sum = static_cast<std::int32_t>(between(-rule::FLUX_PAIRING_MAX, rule::FLUX_PAIRING_MAX));
    c.short_term = static_cast<std::int32_t>(between(-rule::FLUX_LEARNED_MAX, rule::FLUX_LEARNED_MAX));
    c.long_term = static_cast<std::int32_t>(between(-rule::FLUX_LEARNED_MAX, rule::FLUX_LEARNED_MAX));
    c.rates = word();
    c.place = word();
    c.seed = engine_();
    c.when = engine_() >> between(1, 63);
    return c;
  }

 private:
  bool chance(int percent) { return static_cast<int>(engine_() % 100) < percent; }
  std::uint32_t word() { return static_cast<std::uint32_t>(engine_()); }
  // One in eight is the lowest, one in eight the highest.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    const std::uint64_t bits = engine_();
    if (bits >> 61 == 0) return low;
    if (bits >> 61 == 1) return high;
    return low + static_cast<std::int64_t>((bits & 0x1fffffffffffffffu) % static_cast<std::uint64_t>(high - low + 1));
  }
  std::uint8_t byte(int least) { return static_cast<std::uint8_t>(between(least, 255)); }
  std::int32_t sum() { return static_cast<std::int32_t>(chance(70) ? between(-2100, 2100) : between(-(1 << 30), 1 << 30)); }

  std::mt19937_64 engine_{2026};
};

TEST(WebGpuRule, EqualsTheModelOnAMillionCases) {
  auto opened = open_device("");
  ASSERT_TRUE(opened.ok()) << opened.error().message();
  Device& device = *opened.value();
  const std::string source = wgsl_prelude({}) + wgsl_source("rule") + FLUX_TEST_KERNEL;
  const Access bindings[] = {Access::uniform, Access::read, Access::read_write};
  const PipelineId kernel = device.create_pipeline("rule", source, bindings);
  const BufferId buffers[] = {device.create_buffer(16, true), device.create_buffer(FLUX_CASES * sizeof(Case)),
                              device.create_buffer(FLUX_CASES * FLUX_RESULT_WORDS * 4)};
  const std::uint32_t count[4] = {FLUX_CASES};
  device.write(buffers[0], 0, std::as_bytes(std::span(count)));
  const GroupId group = device.create_group(kernel, buffers);
  RandomCases random;
  for (int round = 0; round < FLUX_ROUNDS; ++round) {
    std::vector<Case> cases(FLUX_CASES);
    Results want;
    want.reserve(FLUX_CASES * FLUX_RESULT_WORDS);
    for (Case& c : cases) expect(c = random.next(), want);
    device.write(buffers[1], 0, std::as_bytes(std::span(cases)));
    device.dispatch(kernel, group, 0, FLUX_CASES / 64);
    const ReadId read = device.read(buffers[2], 0, FLUX_CASES * FLUX_RESULT_WORDS * 4);
    device.submit();
    std::vector<std::byte> bytes;
    while (!device.take(read, bytes)) {
      const Status status = device.status();
      ASSERT_TRUE(status.ok()) << status.error().message();
      device.poll();
    }
    Results got(bytes.size() / 4);
    std::memcpy(got.data(), bytes.data(), bytes.size());
    ASSERT_EQ(got.size(), want.size());
    const auto differs = std::mismatch(want.begin(), want.end(), got.begin());
    if (differs.first == want.end()) continue;
    const auto place = static_cast<std::size_t>(differs.first - want.begin());
    FAIL() << "round " << round << ", case " << place / FLUX_RESULT_WORDS << ", word " << place % FLUX_RESULT_WORDS << ": "
           << static_cast<std::int32_t>(*differs.second) << " instead of " << static_cast<std::int32_t>(*differs.first);
  }
}

}  // namespace
}  // namespace flux::webgpu
