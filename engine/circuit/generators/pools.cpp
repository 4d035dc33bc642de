// Pools of randomly connected neurons.
#include <algorithm>

#include "makers.h"

namespace flux {
namespace {

constexpr std::uint32_t FLUX_POOL_WIDTH = 40;  // columns in which a pool is drawn, where it fills them

std::uint32_t width_for(std::uint32_t count) { return count % FLUX_POOL_WIDTH == 0 ? FLUX_POOL_WIDTH : 0; }

// --- Reservoir --------------------------------------------------------------------------------------------------------------------

constexpr GeneratorSetting FLUX_RESERVOIR_SETTINGS[] = {
    {"neurons", "neurons in the pool", SettingType::integer, 50, 1'000'000, 1000, "excitatory and inhibitory together"},
    {"inhibitory", "inhibitory neurons, %", SettingType::integer, 10, 50, 20, "the brake that keeps echoes from growing"},
    {"inputs", "input neurons", SettingType::integer, 1, 1000, 2, "each reaches a share of the excitatory neurons of its own"},
    {"share", "reached by an input, %", SettingType::integer, 1, 50, 15, "of the excitatory neurons, over 40 ticks"},
    {"fanout", "synapses of a neuron", SettingType::integer, 10, 80, 20, "onto others of the pool; weights shrink as it grows"},
};

void make_reservoir(const SettingValues& values, Sketch& sketch) {
  const auto neurons = values.as<std::uint32_t>("neurons"), inputs = values.as<std::uint32_t>("inputs");
  const auto fanout = values.as<std::uint32_t>("fanout");
  const std::uint32_t brakes =
      std::max(1u, static_cast<std::uint32_t>(std::uint64_t{neurons} * values.as<std::uint32_t>("inhibitory") / 100));
  const auto input = sketch.population("input", inputs, 0, {}, {0, 0});
  const auto pool = sketch.population("pool", neurons - brakes, width_for(neurons - brakes), neuron_type(80, 20, 5), {200, 0});
  const auto brake = sketch.population("brake", brakes, width_for(brakes), neuron_type(60, 20, 3), {200, 300});
  sketch.input(input, "input", "what stirs the pool");
  sketch.output(pool, "echo", "what a reader listens to");

  // What reaches a neuron stays the same in sum, whatever the fanout.
  const auto scaled = [&](std::int32_t weight) { return weight * 20 / static_cast<std::int32_t>(fanout); };
  Fiber& in = sketch.fiber({input}, {pool}, FiberRule::random_fanout, 0, 0);
  in.fanout = std::max(1u, static_cast<std::uint32_t>(std::uint64_t{neurons - brakes} * values.as<std::uint32_t>("share") / 100));
  in.weight = {80, 127};
  in.length = {1, 40};
  Fiber& excite = sketch.fiber({pool}, {pool, brake}, FiberRule::random_fanout, 0, 0);
  excite.fanout = fanout;
  excite.weight = {scaled(5), scaled(30)};
  excite.length = {1, 16};
  Fiber& calm = sketch.fiber({brake}, {pool, brake}, FiberRule::random_fanout, 0, 0);
  calm.fanout = fanout;
  calm.weight = {scaled(-60), scaled(-20)};
  calm.length = {1, 8};
}

// --- Balanced ---------------------------------------------------------------------------------------------------------------------

constexpr GeneratorSetting FLUX_BALANCED_SETTINGS[] = {
    {"neurons", "neurons", SettingType::integer, 1000, 1'000'000, 1000, "four fifths excitatory, one fifth inhibitory"},
    {"rate", "spikes a second of a neuron", SettingType::integer, 8, 40, 10, "what it settles near, within a third, at a tick of 1 ms"},
};

constexpr std::int64_t FLUX_EXCITERS = 80, FLUX_CALMERS = 20;         // mean number of synapses onto a neuron from either kind
constexpr std::int64_t FLUX_EXCITATION = 12, FLUX_INHIBITION = -120;  // levels; inhibition outweighs excitation five to two
constexpr std::int64_t FLUX_DRIVE_PERIOD = 20;                        // ticks between the spikes of a driver

// Drivers onto ten neurons, so that these settle near `rate` spikes a second. Measured: the drive that is needed grows with the square of
// the rate.
std::int64_t drivers_onto_ten(std::int64_t rate) { return rate * rate / 5 + 10; }

void make_balanced(const SettingValues& values, Sketch& sketch) {
  const auto neurons = values.as<std::uint32_t>("neurons");
  const std::uint32_t calmers = neurons / 5, exciters = neurons - calmers, drivers = neurons / 10;
  NeuronProperties driver = neuron_type(100, 20, 5);
  driver.auto_firing_rate = FLUX_DRIVE_PERIOD;
  const auto drive = sketch.population("drive", drivers, width_for(drivers), driver, {0, 0});
  const auto excite = sketch.population("excite", exciters, width_for(exciters), neuron_type(80, 20, 3), {200, 0});
  const auto calm = sketch.population("calm", calmers, width_for(calmers), neuron_type(80, 20, 3), {200, 300});
  sketch.input(excite, "input", "stimuli on top of the drive");
  sketch.output(excite, "output", "irregular spikes");

  // Each source of a fiber makes the same number of synapses; what matters is the mean number onto a target.
  const auto random = [&](Sketch::Node from, std::uint32_t sources, std::int64_t onto_ten, std::int64_t weight, Range length) {
    Fiber& fiber = sketch.fiber({from}, {excite, calm}, FiberRule::random_fanout, static_cast<std::int32_t>(weight), 1);
    fiber.fanout = static_cast<std::uint32_t>(onto_ten * neurons / (10 * std::int64_t{sources}));
    fiber.length = length;
  };
  random(drive, drivers, drivers_onto_ten(values["rate"]), FLUX_EXCITATION, {1, FLUX_DRIVE_PERIOD});
  random(excite, exciters, 10 * FLUX_EXCITERS, FLUX_EXCITATION, {1, 16});
  random(calm, calmers, 10 * FLUX_CALMERS, FLUX_INHIBITION, {1, 6});
}

}  // namespace

const Maker FLUX_RESERVOIR = {
    {"reservoir", "Reservoir",
     "A pool of randomly connected neurons in which every input echoes for a while, so that its activity at any time says much about the "
     "recent past. Silent until something comes in.",
     FLUX_RESERVOIR_SETTINGS},
    make_reservoir};

const Maker FLUX_BALANCED = {
    {"balanced", "Random balanced network",
     "Excitatory and inhibitory neurons whose effects nearly cancel: each fires at irregular times, all of them at about the same rate, "
     "though what drives them is regular.",
     FLUX_BALANCED_SETTINGS},
    make_balanced};

}  // namespace flux
