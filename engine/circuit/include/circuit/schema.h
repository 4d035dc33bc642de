// The names, ranges and defaults of the properties of a circuit: for the text form, overrides and generators.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "graph/properties.h"

namespace flux {

inline constexpr int FLUX_TEXT_VERSION = 1;

// A whole number in an object of the text that is a member of `Object`.
template <class Object>
struct IntegerField {
  std::string_view key;
  std::int64_t low, high;
  std::int64_t (*get)(const Object&);
  void (*set)(Object&, std::int64_t);
  std::int64_t (*when_absent)(const Object&);  // may look at fields before it in the table
};

template <class Object, auto Member>
constexpr IntegerField<Object> integer_field(std::string_view key, std::int64_t low, std::int64_t high) {
  return {key,
          low,
          high,
          [](const Object& object) -> std::int64_t { return object.*Member; },
          [](Object& object, std::int64_t value) { object.*Member = static_cast<std::decay_t<decltype(object.*Member)>>(value); },
          [](const Object&) -> std::int64_t { return Object{}.*Member; }};
}

template <auto Member>
constexpr IntegerField<NeuronProperties> threshold_bound(std::string_view key) {
  auto field = integer_field<NeuronProperties, Member>(key, 1, 255);
  field.when_absent = [](const NeuronProperties& properties) -> std::int64_t { return properties.threshold; };
  return field;
}

inline constexpr std::array FLUX_NEURON_FIELDS = {
    integer_field<NeuronProperties, &NeuronProperties::threshold>("threshold", 1, 255),
    threshold_bound<&NeuronProperties::min_threshold>("minThreshold"),
    threshold_bound<&NeuronProperties::max_threshold>("maxThreshold"),
    integer_field<NeuronProperties, &NeuronProperties::leak>("leak", 0, 255),
    integer_field<NeuronProperties, &NeuronProperties::refractory_period>("refractoryPeriod", 0, 255),
    integer_field<NeuronProperties, &NeuronProperties::habituation_rate>("habituationRate", 0, 255),
    integer_field<NeuronProperties, &NeuronProperties::potentiation_rate>("potentiationRate", 0, 255),
    integer_field<NeuronProperties, &NeuronProperties::modulation_leak>("modulationLeak", 0, 255),
    integer_field<NeuronProperties, &NeuronProperties::bursting_rate>("burstingRate", 0, 255),
    integer_field<NeuronProperties, &NeuronProperties::auto_firing_rate>("autoFiringRate", 0, 65535),
};

inline constexpr std::array FLUX_LEARNING_FIELDS = {
    integer_field<SynapseProperties, &SynapseProperties::stm_rate>("stmRate", 0, 255),
    integer_field<SynapseProperties, &SynapseProperties::ltm_rate>("ltmRate", 0, 255),
    integer_field<SynapseProperties, &SynapseProperties::restoration_rate>("restorationRate", 0, 255),
};

inline constexpr std::int64_t FLUX_MIN_WEIGHT = -128, FLUX_MAX_WEIGHT = 127;
inline constexpr std::int64_t FLUX_MIN_LENGTH = 1, FLUX_MAX_LENGTH = 65535;
inline constexpr std::int64_t FLUX_MAX_LONG_TERM = 32512;

// Weight and length of a single synapse; a fiber has ranges in their place.
inline constexpr std::array FLUX_SYNAPSE_FIELDS = {
    integer_field<SynapseProperties, &SynapseProperties::weight>("weight", FLUX_MIN_WEIGHT, FLUX_MAX_WEIGHT),
    integer_field<SynapseProperties, &SynapseProperties::length>("length", FLUX_MIN_LENGTH, FLUX_MAX_LENGTH),
};

inline constexpr std::array FLUX_NOISE_FIELDS = {
    integer_field<NetworkSettings, &NetworkSettings::threshold_noise>("thresholdNoise", 0, 255),
    integer_field<NetworkSettings, &NetworkSettings::delay_jitter>("delayJitter", 0, 255),
};

// Words of a choice, in the order of the values they stand for.
inline constexpr std::array<std::string_view, 3> FLUX_SYNAPSE_TYPES = {"direct", "modulator", "electric"};
inline constexpr std::array<std::string_view, 6> FLUX_FIBER_RULES = {"one-to-one", "all-to-all", "probability",
                                                                     "fanout",     "distance",   "kernel"};
inline constexpr std::array<std::string_view, 4> FLUX_LAYOUTS = {"line", "ring", "grid", "hexagonal"};
inline constexpr std::array<std::string_view, 4> FLUX_MODULATES = {"none", "threshold", "learning", "both"};

}  // namespace flux
