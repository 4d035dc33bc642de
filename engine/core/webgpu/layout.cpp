#include "layout.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstring>
#include <iterator>
#include <span>
#include <type_traits>

namespace flux::webgpu {

namespace {

// A field of a C++ structure.
struct Field {
  const char* name;
  std::size_t offset, bytes;
  bool is_signed;
};
#define FLUX_FIELD(type, field) \
  Field { #field, offsetof(type, field), sizeof(type::field), std::is_signed_v < decltype(type::field)> }

const Field FLUX_NEURON_FIELDS[] = {FLUX_FIELD(GpuNeuron, level),      FLUX_FIELD(GpuNeuron, threshold),
                                    FLUX_FIELD(GpuNeuron, modulation), FLUX_FIELD(GpuNeuron, refractory_left),
                                    FLUX_FIELD(GpuNeuron, burst_left), FLUX_FIELD(GpuNeuron, stamp),
                                    FLUX_FIELD(GpuNeuron, own_spike)};

const Field FLUX_PROPERTY_FIELDS[] = {FLUX_FIELD(NeuronProperties, threshold),         FLUX_FIELD(NeuronProperties, min_threshold),
                                      FLUX_FIELD(NeuronProperties, max_threshold),     FLUX_FIELD(NeuronProperties, leak),
                                      FLUX_FIELD(NeuronProperties, refractory_period), FLUX_FIELD(NeuronProperties, habituation_rate),
                                      FLUX_FIELD(NeuronProperties, potentiation_rate), FLUX_FIELD(NeuronProperties, modulation_leak),
                                      FLUX_FIELD(NeuronProperties, bursting_rate),     FLUX_FIELD(NeuronProperties, modulation_targets),
                                      FLUX_FIELD(NeuronProperties, auto_firing_rate)};

const Field FLUX_NETWORK_FIELDS[] = {
    FLUX_FIELD(NetworkUniform, neurons),         FLUX_FIELD(NetworkUniform, capacity),     FLUX_FIELD(NetworkUniform, blocks),
    FLUX_FIELD(NetworkUniform, log_mask),        FLUX_FIELD(NetworkUniform, ring_mask),    FLUX_FIELD(NetworkUniform, flags_at),
    FLUX_FIELD(NetworkUniform, next_own_at),     FLUX_FIELD(NetworkUniform, active_at),    FLUX_FIELD(NetworkUniform, extras_at),
    FLUX_FIELD(NetworkUniform, types_at),        FLUX_FIELD(NetworkUniform, seed_low),     FLUX_FIELD(NetworkUniform, seed_high),
    FLUX_FIELD(NetworkUniform, threshold_noise), FLUX_FIELD(NetworkUniform, delay_jitter), FLUX_FIELD(NetworkUniform, first_visit),
    FLUX_FIELD(NetworkUniform, dense_visits),    FLUX_FIELD(NetworkUniform, runs),         FLUX_FIELD(NetworkUniform, pair_runs),
    FLUX_FIELD(NetworkUniform, consolidates),    FLUX_FIELD(NetworkUniform, run_ages),     FLUX_FIELD(NetworkUniform, pair_run_ages),
    FLUX_FIELD(NetworkUniform, kernel)};

const Field FLUX_TICK_FIELDS[] = {FLUX_FIELD(TickUniform, now),     FLUX_FIELD(TickUniform, now_high),
                                  FLUX_FIELD(TickUniform, slot),    FLUX_FIELD(TickUniform, first_stimulus),
                                  FLUX_FIELD(TickUniform, stimuli), FLUX_FIELD(TickUniform, probes),
                                  FLUX_FIELD(TickUniform, neuron),  FLUX_FIELD(TickUniform, a),
                                  FLUX_FIELD(TickUniform, b)};

// "u32" for whole words without sign; smaller fields become i32.
const char* scalar_of(const Field& field) { return field.bytes == 4 && !field.is_signed ? "u32" : "i32"; }

// A structure that is packed into four words, and the two functions between them.
std::string packed_structure(const char* name, const char* suffix, std::span<const Field> fields) {
  std::string members, unpacked, words[4];
  for (const Field& field : fields) {
    const std::size_t word = field.offset / 4, shift = field.offset % 4 * 8, bits = field.bytes * 8;
    members += fmt::format("  {}: {},\n", field.name, scalar_of(field));
    if (bits == 32) {
      unpacked += fmt::format("words[{}], ", word);
      words[word] = fmt::format("s.{}", field.name);
      continue;
    }
    unpacked += field.is_signed ? fmt::format("extractBits(bitcast<i32>(words[{}]), {}u, {}u), ", word, shift, bits)
                                : fmt::format("i32(extractBits(words[{}], {}u, {}u)), ", word, shift, bits);
    words[word] += fmt::format("{}((u32(s.{}) & {:#x}u) << {}u)", words[word].empty() ? "" : " | ", field.name, (1u << bits) - 1, shift);
  }
  for (std::string& word : words) word = word.empty() ? "0u" : word;
  return fmt::format(
      "struct {0} {{\n{1}}}\n"
      "fn unpack_{2}(words: vec4<u32>) -> {0} {{ return {0}({3}); }}\n"
      "fn pack_{2}(s: {0}) -> vec4<u32> {{ return vec4<u32>({4}, {5}, {6}, {7}); }}\n",
      name, members, suffix, unpacked, words[0], words[1], words[2], words[3]);
}

// A structure of whole words; arrays are of four words an element.
std::string uniform_structure(const char* name, std::span<const Field> fields, std::size_t bytes) {
  std::string members;
  std::size_t at = 0, padding = 0;
  for (const Field& field : fields) {
    for (; at < field.offset; at += 4) members += fmt::format("  padding_{}: u32,\n", padding++);
    const std::string vector = fmt::format("array<vec4<{}>, {}>", std::strcmp(field.name, "kernel") == 0 ? "i32" : "u32", field.bytes / 16);
    members += fmt::format("  {}: {},\n", field.name, field.bytes == 4 ? scalar_of(field) : vector);
    at += field.bytes;
  }
  for (; at < bytes; at += 4) members += fmt::format("  padding_{}: u32,\n", padding++);
  return fmt::format("struct {} {{\n{}}}\n", name, members);
}

std::string constant(const char* name, std::int32_t value) { return fmt::format("const {}: i32 = {};\n", name, value); }
std::string constant(const char* name, std::uint32_t value) { return fmt::format("const {} = {}u;\n", name, value); }
std::string constant(const char* name, bool value) { return fmt::format("const {} = {};\n", name, value); }
std::string constant(const char* name, std::uint64_t value) {
  return fmt::format("const {} = vec2<u32>({:#x}u, {:#x}u);\n", name, value & 0xffffffffu, value >> 32);
}

}  // namespace

std::string wgsl_prelude(const KernelOptions& options) {
  return constant("LEVEL_MAX", rule::FLUX_LEVEL_MAX) + constant("POTENTIAL_MAX", rule::FLUX_POTENTIAL_MAX) +
         constant("MODULATION_MAX", rule::FLUX_MODULATION_MAX) + constant("STIMULUS_MAX", rule::FLUX_STIMULUS_MAX) +
         constant("MODULATOR_MAX", rule::FLUX_MODULATOR_MAX) + constant("LEARNED_MAX", rule::FLUX_LEARNED_MAX) +
         constant("PAIRING_MAX", rule::FLUX_PAIRING_MAX) +
         constant("CONSOLIDATION_PERIOD", static_cast<std::uint32_t>(rule::FLUX_CONSOLIDATION_PERIOD)) +
         constant("NOISE_STREAM", rule::FLUX_NOISE_STREAM) + constant("JITTER_STREAM", rule::FLUX_JITTER_STREAM) +
         constant("MODULATES_THRESHOLD", static_cast<std::int32_t>(modulates_threshold)) +
         constant("MODULATES_LEARNING", static_cast<std::int32_t>(modulates_learning)) +
         constant("LEARNING_WINDOW", static_cast<std::int32_t>(FLUX_LEARNING_WINDOW)) + constant("THREADS", FLUX_THREADS) +
         constant("BLOCK", FLUX_BLOCK) + constant("PIECE", FLUX_PIECE) + constant("PARTS", FLUX_PARTS) + constant("RUNS", FLUX_RUNS) +
         constant("FORGOTTEN", FLUX_FORGOTTEN) + constant("DENSE", FLUX_DENSE) + constant("TABLE_TASKS", FLUX_TABLE_HEADER - FLUX_BATCH) +
         constant("CONTROL_HEAD", std::uint32_t{control_head}) + constant("CONTROL_BATCH_HEAD", std::uint32_t{control_batch_head}) +
         constant("CONTROL_TICK_HEAD", std::uint32_t{control_tick_head}) + constant("CONTROL_ACTIVE", std::uint32_t{control_active}) +
         constant("CONTROL_RING", std::uint32_t{control_ring}) + constant("PACKED", options.packed) + constant("PLASTIC", options.plastic) +
         constant("ONLY_DIRECT", options.only_direct) + packed_structure("Neuron", "neuron", FLUX_NEURON_FIELDS) +
         packed_structure("Properties", "properties", FLUX_PROPERTY_FIELDS) +
         uniform_structure("Network", FLUX_NETWORK_FIELDS, sizeof(NetworkUniform)) +
         uniform_structure("TickUniform", FLUX_TICK_FIELDS, sizeof(TickUniform));
}

}  // namespace flux::webgpu
