// Random circuits that use every field of circuit.h and that check() has no errors for.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "circuit/circuit.h"
#include "circuit/names.h"

namespace flux::test {

class RandomCircuit {
 public:
  explicit RandomCircuit(std::uint32_t seed) : random_(seed) {}

  Circuit make() {
    Circuit circuit;
    circuit.title = maybe_text();
    circuit.description = maybe_text();
    circuit.comment = maybe_comment();
    if (coin()) circuit.settings.seed = (std::uint64_t{random_()} << 32) | random_();
    if (coin()) circuit.settings.tick_microseconds = static_cast<std::uint32_t>(number(100, 10000));
    if (coin()) circuit.settings.threshold_noise = static_cast<std::uint8_t>(number(0, 255));
    if (coin()) circuit.settings.delay_jitter = static_cast<std::uint8_t>(number(0, 255));
    const int nodes = number(1, 12);
    for (int i = 0; i < nodes; ++i) circuit.neurons.push_back(neuron(i));
    const auto neurons = static_cast<int>(first_neurons(circuit).back());
    for (int i = number(0, 30); i > 0; --i) circuit.synapses.push_back(synapse(neurons));
    for (int i = number(0, 4); i > 0; --i) circuit.fibers.push_back(fiber(circuit));
    return circuit;
  }

 private:
  int number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool coin() { return number(0, 1) == 1; }
  std::uint8_t rate() { return static_cast<std::uint8_t>(coin() ? 0 : number(0, 255)); }

  std::string text() {
    static const std::vector<std::string> pieces = {"a", "Z",  " ", "7",    "\"", "\\",   "\n", "\t", "\x01",
                                                    "/", "//", "é", "мозг", "𝄞",  "\x7f", "{",  "]"};
    std::string result;
    for (int i = number(1, 12); i > 0; --i) result += pieces[static_cast<std::size_t>(number(0, static_cast<int>(pieces.size()) - 1))];
    return result;
  }
  std::string maybe_text() { return coin() ? text() : std::string(); }

  std::string maybe_comment() {
    static const std::vector<std::string> pieces = {"skin", " ", "\n", "\n\n", "\t", "//", "/* */", "\"", "é", "{", "}"};
    std::string result;
    if (number(0, 3) > 0) return result;
    for (int i = number(1, 6); i > 0; --i) result += pieces[static_cast<std::size_t>(number(0, static_cast<int>(pieces.size()) - 1))];
    return result;
  }

  std::string identifier(const char* kind, int i) {
    static const std::vector<std::string> ends = {"", "a", " b", "é", "-1", ".x", ",;:", "'", "\\", "мотор"};
    return kind + std::to_string(i) + ends[static_cast<std::size_t>(number(0, static_cast<int>(ends.size()) - 1))];
  }

  double coordinate() {
    switch (number(0, 3)) {
      case 0:
        return number(-1000, 1000);
      case 1:
        return number(-100000, 100000) / 1000.0;
      case 2:
        return std::uniform_real_distribution<double>(-1e-9, 1e-9)(random_);
      default:
        return std::uniform_real_distribution<double>(-1e300, 1e300)(random_);
    }
  }

  NeuronNode neuron(int i) {
    NeuronNode node;
    node.id = identifier("n", i);
    node.count = static_cast<std::uint32_t>(coin() ? 0 : number(1, 20));
    if (node.count > 0 && coin()) node.width = node.count % 2 == 0 ? node.count / 2 : node.count;
    NeuronProperties& p = node.properties;
    if (coin()) p.threshold = p.min_threshold = p.max_threshold = static_cast<std::uint8_t>(number(1, 255));
    if (coin()) p.min_threshold = static_cast<std::uint8_t>(number(1, p.threshold));
    if (coin()) p.max_threshold = static_cast<std::uint8_t>(number(p.threshold, 255));
    if (coin()) p.leak = rate();
    if (coin()) p.refractory_period = rate();
    p.habituation_rate = rate();
    p.potentiation_rate = rate();
    p.modulation_leak = rate();
    p.bursting_rate = rate();
    p.modulation_targets = static_cast<std::uint8_t>(number(0, 3));
    if (coin()) p.auto_firing_rate = static_cast<std::uint16_t>(number(0, 65535));
    if (coin()) node.input_alias = identifier("in", i);
    if (coin()) node.output_alias = identifier("out", i);
    node.input_description = maybe_text();
    node.output_description = maybe_text();
    if (coin()) node.position = Position{coordinate(), coordinate()};
    node.comment = maybe_comment();
    return node;
  }

  void set_learning(SynapseProperties& p) {
    p.type = static_cast<SynapseType>(number(0, 2));
    p.stm_rate = rate();
    p.ltm_rate = rate();
    p.restoration_rate = rate();
  }

  SynapseNode synapse(int neurons) {
    SynapseNode synapse;
    synapse.source = static_cast<NeuronIndex>(number(0, neurons - 1));
    synapse.target = static_cast<NeuronIndex>(number(0, neurons - 1));
    set_learning(synapse.properties);
    if (coin()) synapse.properties.weight = static_cast<std::int8_t>(number(-128, 127));
    if (coin()) synapse.properties.length = static_cast<std::uint16_t>(number(1, coin() ? 65535 : 16));
    if (synapse.properties.plastic() && coin()) synapse.long_term = static_cast<std::int16_t>(number(-32512, 32512));
    synapse.comment = maybe_comment();
    return synapse;
  }

  std::vector<std::uint32_t> side(const Circuit& circuit) {
    std::vector<std::uint32_t> nodes;
    for (std::uint32_t i = 0; i < circuit.neurons.size(); ++i) {
      if (number(0, 2) == 0) nodes.push_back(i);
    }
    if (nodes.empty()) nodes.push_back(0);
    std::shuffle(nodes.begin(), nodes.end(), random_);
    return nodes;
  }

  Fiber fiber(const Circuit& circuit) {
    Fiber fiber;
    fiber.sources = side(circuit);
    fiber.targets = side(circuit);
    fiber.rule = static_cast<FiberRule>(number(0, 5));
    if (fiber.rule == FiberRule::one_to_one) fiber.targets = fiber.sources;
    if (fiber.rule == FiberRule::random_fanout) fiber.fanout = static_cast<std::uint32_t>(number(1, 40));
    if (fiber.rule == FiberRule::random_probability) fiber.probability = std::uniform_real_distribution<double>(0, 1)(random_);
    if (fiber.rule == FiberRule::distance || fiber.rule == FiberRule::kernel) set_grid_rule(fiber);
    fiber.allow_self = coin();
    set_learning(fiber.properties);
    const int weight = number(-128, 127), length = number(1, 65535);
    const bool drawn = fiber.rule != FiberRule::kernel;
    if (drawn && coin()) fiber.weight = {weight, number(weight, 127)};
    if (drawn && coin()) fiber.length = {length, number(length, 65535)};
    if (coin()) fiber.seed = (std::uint64_t{random_()} << 32) | random_();
    fiber.comment = maybe_comment();
    return fiber;
  }

  void set_grid_rule(Fiber& fiber) {
    fiber.sources.resize(1);  // the nodes of a side must have the same width
    fiber.targets.resize(1);
    fiber.wrap = coin();
    if (fiber.rule == FiberRule::kernel) {
      for (int i = number(1, 6); i > 0; --i) fiber.kernel.push_back({number(-3, 3), number(-3, 3), number(-128, 127), number(1, 65535)});
      return;
    }
    fiber.radius = static_cast<std::uint32_t>(number(1, 5));
    if (coin()) {
      fiber.fanout = static_cast<std::uint32_t>(number(1, 40));
    } else {
      fiber.probability = std::uniform_real_distribution<double>(0, 1)(random_);
    }
  }

  std::mt19937 random_;
};

}  // namespace flux::test
