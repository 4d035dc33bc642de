// Small circuits built in code, and the cores every test of the model runs them on.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "flux.h"

namespace flux::test {

// A core and a thread count; results must be the same for all.
struct CoreChoice {
  const char* name;
  CoreKind kind;
  std::uint32_t threads;
};

inline constexpr CoreChoice FLUX_REFERENCE{"reference", CoreKind::reference, 1};
inline constexpr CoreChoice FLUX_ALL_CORES[] = {FLUX_REFERENCE, {"cpu_1_thread", CoreKind::cpu, 1}, {"cpu_2_threads", CoreKind::cpu, 2}};

inline void PrintTo(const CoreChoice& core, std::ostream* out) { *out << core.name; }

// Builds circuits a line at a time. Neurons are named n0, n1, ... in the order they are added.
class CircuitBuilder {
 public:
  NeuronIndex neuron(const NeuronProperties& properties = {});
  void synapse(NeuronIndex source, NeuronIndex target, const SynapseProperties& properties = {}, std::int16_t long_term = 0);

  Circuit circuit;
};

// Properties that differ from the defaults, with thresholds that a test did not set made to fit: min <= threshold <= max.
NeuronProperties neuron_with(std::uint8_t threshold);
NeuronProperties counting_neuron(std::uint8_t threshold);  // no leak
SynapseProperties direct(std::int8_t weight, std::uint16_t length = 1);
SynapseProperties modulator(std::int8_t weight, std::uint16_t length = 1);
SynapseProperties electric(std::int8_t weight = 1, std::uint16_t length = 1);

// A network of the circuit that keeps all its spikes. Fails the test, and exits it, when the circuit is refused.
class Recorder {
 public:
  Recorder(const Circuit& circuit, const CoreChoice& core, std::uint64_t seed);
  Recorder(const Circuit& circuit, const CoreChoice& core) : Recorder(circuit, core, circuit.settings.seed) {}
  Recorder(Recorder&&) = delete;

  Network& net() { return network_; }
  void step(Tick ticks = 1) { network_.step(ticks); }
  void run_to(Tick tick) { network_.step(tick - network_.now()); }  // so that `tick` is the next to be computed
  NeuronState state(NeuronIndex neuron) const { return network_.state(neuron); }

  const std::vector<Spike>& spikes() const { return spikes_; }
  std::vector<Tick> spikes_of(NeuronIndex neuron) const;
  // Spikes of a neuron in the ticks from..to-1.
  std::size_t count(NeuronIndex neuron, Tick from, Tick to) const;

  // Stimuli of the next tick.
  void fire(NeuronIndex neuron);
  void stimulate(NeuronIndex neuron, std::int32_t value);
  void modulate(NeuronIndex neuron, std::int32_t value);

 private:
  Network network_;
  std::vector<Spike> spikes_;
};

// The one synapse from source to target.
SynapseView synapse_between(const Network& network, NeuronIndex source, NeuronIndex target);

// A random network in which every feature of the model is in use.
Circuit random_circuit(std::uint64_t seed, std::uint32_t neurons, std::uint32_t synapses);
// Stimuli of one tick for it, the same for the same seed.
void stimulate_at_random(Network& network, std::uint64_t seed, std::uint32_t stimuli);

}  // namespace flux::test
