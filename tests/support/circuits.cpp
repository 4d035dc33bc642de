#include "support/circuits.h"

#include <algorithm>
#include <cstdlib>

#include "base/random.h"

namespace flux::test {

NeuronIndex CircuitBuilder::neuron(const NeuronProperties& properties) {
  NeuronNode node;
  node.id = "n" + std::to_string(circuit.neurons.size());
  node.properties = properties;
  circuit.neurons.push_back(node);
  return static_cast<NeuronIndex>(circuit.neurons.size() - 1);
}

void CircuitBuilder::synapse(NeuronIndex source, NeuronIndex target, const SynapseProperties& properties, std::int16_t long_term) {
  SynapseNode node;
  node.source = source;
  node.target = target;
  node.properties = properties;
  node.long_term = long_term;
  circuit.synapses.push_back(node);
}

NeuronProperties neuron_with(std::uint8_t threshold) {
  NeuronProperties p;
  p.threshold = p.min_threshold = p.max_threshold = threshold;
  return p;
}

NeuronProperties counting_neuron(std::uint8_t threshold) {
  NeuronProperties p = neuron_with(threshold);
  p.leak = 0;
  return p;
}

namespace {

SynapseProperties synapse_of(SynapseType type, std::int8_t weight, std::uint16_t length) {
  SynapseProperties p;
  p.type = type;
  p.weight = weight;
  p.length = length;
  return p;
}

// The network of a circuit that a test takes to be in order.
Network must_init(const Circuit& circuit, const CoreChoice& core, std::uint64_t seed) {
  NetworkOptions options;
  options.core = core.kind;
  options.threads = core.threads;
  options.seed = seed;
  Result<Network> network = Network::init(circuit, options);
  if (!network) {
    ADD_FAILURE() << "the circuit was refused: " << network.error().message();
    std::abort();
  }
  return std::move(network).value();
}

}  // namespace

SynapseProperties direct(std::int8_t weight, std::uint16_t length) { return synapse_of(SynapseType::direct, weight, length); }
SynapseProperties modulator(std::int8_t weight, std::uint16_t length) { return synapse_of(SynapseType::modulator, weight, length); }
SynapseProperties electric(std::int8_t weight, std::uint16_t length) { return synapse_of(SynapseType::electric, weight, length); }

Recorder::Recorder(const Circuit& circuit, const CoreChoice& core, std::uint64_t seed) : network_(must_init(circuit, core, seed)) {
  network_.on_fire([this](Tick tick, std::span<const NeuronIndex> neurons) {
    for (const NeuronIndex neuron : neurons) spikes_.push_back({tick, neuron});
  });
}

std::vector<Tick> Recorder::spikes_of(NeuronIndex neuron) const {
  std::vector<Tick> ticks;
  for (const Spike& spike : spikes_) {
    if (spike.neuron == neuron) ticks.push_back(spike.tick);
  }
  return ticks;
}

std::size_t Recorder::count(NeuronIndex neuron, Tick from, Tick to) const {
  return static_cast<std::size_t>(std::count_if(
      spikes_.begin(), spikes_.end(), [&](const Spike& spike) { return spike.neuron == neuron && spike.tick >= from && spike.tick < to; }));
}

void Recorder::fire(NeuronIndex neuron) { ASSERT_TRUE(network_.fire(neuron).ok()); }
void Recorder::stimulate(NeuronIndex neuron, std::int32_t value) { ASSERT_TRUE(network_.summation(neuron, value).ok()); }
void Recorder::modulate(NeuronIndex neuron, std::int32_t value) { ASSERT_TRUE(network_.modulate(neuron, value).ok()); }

SynapseView synapse_between(const Network& network, NeuronIndex source, NeuronIndex target) {
  std::vector<SynapseView> found;
  for (const SynapseView& synapse : network.efferents(source)) {
    if (synapse.target == target) found.push_back(synapse);
  }
  EXPECT_EQ(found.size(), 1u) << "synapses from " << source << " to " << target;
  return found.empty() ? SynapseView{} : found.front();
}

namespace {

// A sequence of random numbers for building test networks.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed) {}
  template <class T>
  T between(std::int64_t low, std::int64_t high) {
    return static_cast<T>(
        low + static_cast<std::int64_t>(random_below(random_bits(seed_, 0, count_++), static_cast<std::uint64_t>(high - low + 1))));
  }
  bool chance(std::int64_t one_in) { return between<std::int64_t>(1, one_in) == 1; }
  // A rate that is often off, as in real circuits.
  std::uint8_t rate(std::int64_t one_in) { return chance(one_in) ? between<std::uint8_t>(1, 255) : std::uint8_t{0}; }

 private:
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
};

NeuronProperties random_neuron(Dice& dice) {
  NeuronProperties p;
  p.threshold = dice.between<std::uint8_t>(1, 255);
  p.min_threshold = dice.between<std::uint8_t>(1, p.threshold);
  p.max_threshold = dice.between<std::uint8_t>(p.threshold, 255);
  p.leak = dice.between<std::uint8_t>(0, 60);
  p.refractory_period = dice.between<std::uint8_t>(0, 12);
  p.habituation_rate = dice.rate(3);
  p.potentiation_rate = dice.rate(3);
  p.modulation_leak = dice.rate(2);
  p.bursting_rate = dice.rate(3);
  p.modulation_targets = dice.between<std::uint8_t>(0, 3);
  p.auto_firing_rate = dice.chance(6) ? dice.between<std::uint16_t>(1, 90) : std::uint16_t{0};
  return p;
}

SynapseProperties random_synapse(Dice& dice) {
  SynapseProperties p;
  p.type = dice.chance(4) ? SynapseType::modulator : dice.chance(12) ? SynapseType::electric : SynapseType::direct;
  p.weight = dice.between<std::int8_t>(-70, 127);
  p.length = dice.chance(8) ? dice.between<std::uint16_t>(1, 400) : dice.between<std::uint16_t>(1, 20);
  if (dice.chance(3)) {
    p.stm_rate = dice.between<std::uint8_t>(1, 255);
    p.ltm_rate = dice.rate(2);
    p.restoration_rate = dice.rate(2);
  }
  return p;
}

}  // namespace

Circuit random_circuit(std::uint64_t seed, std::uint32_t neurons, std::uint32_t synapses) {
  Dice dice(seed);
  CircuitBuilder builder;
  builder.circuit.settings.seed = seed;
  builder.circuit.settings.threshold_noise = dice.chance(2) ? dice.between<std::uint8_t>(1, 20) : std::uint8_t{0};
  builder.circuit.settings.delay_jitter = dice.chance(2) ? dice.between<std::uint8_t>(1, 9) : std::uint8_t{0};
  for (std::uint32_t n = 0; n < neurons; ++n) builder.neuron(random_neuron(dice));
  for (std::uint32_t s = 0; s < synapses; ++s) {
    const auto source = dice.between<NeuronIndex>(0, neurons - 1);
    const auto target = dice.between<NeuronIndex>(0, neurons - 1);
    const SynapseProperties properties = random_synapse(dice);
    builder.synapse(source, target, properties, properties.plastic() ? dice.between<std::int16_t>(-9000, 9000) : std::int16_t{0});
  }
  return builder.circuit;
}

void stimulate_at_random(Network& network, std::uint64_t seed, std::uint32_t stimuli) {
  Dice dice(mix64(seed) + static_cast<std::uint64_t>(network.now()));
  for (std::uint32_t i = 0; i < stimuli; ++i) {
    const auto neuron = dice.between<NeuronIndex>(0, network.size() - 1);
    const auto value = dice.between<std::int32_t>(-90, 200);
    const Status status = dice.chance(8)   ? network.fire(neuron)
                          : dice.chance(4) ? network.modulate(neuron, value)
                                           : network.summation(neuron, value);
    ASSERT_TRUE(status.ok()) << status.error().message();
  }
}

}  // namespace flux::test
