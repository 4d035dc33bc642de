// What a generator writes into: a circuit under construction, and the values of its settings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "circuit/circuit.h"
#include "circuit/generators.h"

namespace flux {

// A value in range for each setting of a generator.
class SettingValues {
 public:
  explicit SettingValues(std::span<const GeneratorSetting> settings);

  std::int64_t operator[](std::string_view name) const;  // asserts that there is such a setting
  template <class Integer>
  Integer as(std::string_view name) const {
    return static_cast<Integer>((*this)[name]);
  }
  void set(std::size_t setting, std::int64_t value) { values_[setting] = value; }
  // "neurons 32, seed 7": all of them, as a person writes them.
  std::string text() const;

 private:
  std::span<const GeneratorSetting> settings_;
  std::vector<std::int64_t> values_;
};

constexpr NeuronProperties neuron_type(std::int64_t threshold, std::int64_t leak, std::int64_t refractory_period) {
  NeuronProperties properties;
  properties.threshold = properties.min_threshold = properties.max_threshold = static_cast<std::uint8_t>(threshold);
  properties.leak = static_cast<std::uint8_t>(leak);
  properties.refractory_period = static_cast<std::uint8_t>(refractory_period);
  return properties;
}

class Sketch {
 public:
  using Node = std::uint32_t;  // index in Circuit::neurons

  Node neuron(std::string id, const NeuronProperties& properties, Position position) {
    return add(std::move(id), 0, 0, properties, position);
  }
  // `width` neurons to a row; 0: all in one.
  Node population(std::string id, std::uint32_t count, std::uint32_t width, const NeuronProperties& properties, Position position) {
    return add(std::move(id), count, width, properties, position);
  }
  void input(Node node, std::string alias, std::string description);
  void output(Node node, std::string alias, std::string description);

  // A constant weight and length, to be changed in what is returned before the next call.
  Fiber& fiber(std::vector<Node> from, std::vector<Node> to, FiberRule rule, std::int32_t weight, std::int32_t length);
  Fiber& kernel(Node from, Node to, bool wrap);  // without offsets yet
  void synapse(NeuronIndex from, NeuronIndex to, SynapseType type, std::int64_t weight, std::int64_t length);
  NeuronIndex at(Node node, std::uint32_t k = 0) const { return first_[node] + k; }
  void comment(Node node, std::string text) { circuit_.neurons[node].comment = std::move(text); }

  Circuit take() { return std::move(circuit_); }

 private:
  Node add(std::string id, std::uint32_t count, std::uint32_t width, const NeuronProperties& properties, Position position);

  Circuit circuit_;
  std::vector<NeuronIndex> first_;  // per node
  NeuronIndex neurons_ = 0;
};

}  // namespace flux
