// Rhythms.
#include "makers.h"

namespace flux {
namespace {

constexpr GeneratorSetting FLUX_PATTERN_SETTINGS[] = {
    {"phases", "phases", SettingType::integer, 2, 64, 2, "neurons that take turns"},
    {"spikes", "spikes in a phase", SettingType::integer, 1, 30, 5, "before the next takes over"},
    {"interval", "ticks between spikes", SettingType::integer, 5, 1000, 10, "a cycle takes phases * spikes * interval ticks"},
    {"arousalLeak", "how fast arousal fades, 1/256 level a tick", SettingType::integer, 1, 255, 16, "of 127 levels; 16: in two seconds"},
};

constexpr std::int64_t FLUX_STEP = 8;  // levels by which a spike fills the counter of its phase

// All phases are driven alike. The active one silences the others with each spike and fills its counter, which, when full, silences it and
// fires the next one, in time with the drive.
void make_pattern(const SettingValues& values, Sketch& sketch) {
  const auto phases = values.as<std::uint32_t>("phases");
  const std::int64_t interval = values["interval"];
  NeuronProperties clock = neuron_type(100, 20, 2);
  clock.auto_firing_rate = static_cast<std::uint16_t>(interval);
  NeuronProperties counting = neuron_type(FLUX_STEP * values["spikes"] - FLUX_STEP / 2, 0, 0);
  counting.modulation_leak = values.as<std::uint8_t>("arousalLeak");
  counting.modulation_targets = modulates_threshold;

  const auto drive = sketch.neuron("drive", clock, {0, 100});
  const auto arousal = sketch.neuron("arousal", {}, {0, 200});
  const auto calm = sketch.neuron("calm", {}, {0, 300});
  const auto phase = sketch.population("phase", phases, 0, neuron_type(60, 16, 2), {200, 100});
  const auto counter = sketch.population("counter", phases, 0, counting, {200, 200});
  sketch.input(arousal, "arousal", "quickens the rhythm");
  sketch.input(calm, "calm", "slows the rhythm");
  sketch.output(phase, "phase", "one after the other");

  sketch.fiber({phase}, {phase}, FiberRule::all_to_all, -128, 1);
  sketch.fiber({phase}, {counter}, FiberRule::one_to_one, FLUX_STEP, 1);
  sketch.fiber({counter}, {phase}, FiberRule::one_to_one, -128, 2);  // after its refractory period
  sketch.fiber({arousal}, {counter}, FiberRule::all_to_all, 127, 1).properties.type = SynapseType::modulator;
  sketch.fiber({calm}, {counter}, FiberRule::all_to_all, -127, 1).properties.type = SynapseType::modulator;
  // The first phase hears the drive a tick before the others, and so begins.
  const auto lag = [](std::uint32_t k) { return k == 0 ? 1 : 2; };
  for (std::uint32_t k = 0; k < phases; ++k) {
    const std::uint32_t next = (k + 1) % phases;
    sketch.synapse(sketch.at(drive), sketch.at(phase, k), SynapseType::direct, 70, lag(k));
    sketch.synapse(sketch.at(counter, k), sketch.at(phase, next), SynapseType::electric, 1, interval + lag(next) - lag(k) - 1);
  }
}

}  // namespace

const Maker FLUX_PATTERN = {{"pattern", "Central pattern generator",
                             "Neurons that take turns, the kernel of walking, swimming and breathing: each fires a train of spikes, then "
                             "hands over to the next, in a cycle "
                             "of phases * spikes * interval ticks. `arousal` shortens the trains, `calm` lengthens them.",
                             FLUX_PATTERN_SETTINGS},
                            make_pattern};

}  // namespace flux
