// Reads single elements of the text form: what is said of a neuron, synapse, fiber ... in one object.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

#include "circuit/circuit.h"
#include "file/object_reader.h"

namespace flux {

class ElementReader {
 public:
  explicit ElementReader(ProblemList& problems) : problems_(problems) {}

  NetworkSettings settings(const JsonValue& value);
  Environment environment(const JsonValue& value);
  NeuronNode neuron(const JsonValue& value);
  CanvasComment comment(const JsonValue& value);
  // All but the ends; the object is left unfinished.
  void synapse(ObjectReader& object, SynapseNode& synapse);
  void fiber(ObjectReader& object, Fiber& fiber);
  // "repeat" of a circuit; `count` becomes the number of instances. Its list of neighbours is left to be read.
  Repeat repeat(const JsonValue& value, std::uint32_t& count, std::optional<JsonValue>& neighbours);
  NeighbourFiber neighbour(const JsonValue& value);
  // "generator", "settings" and "seed" of a circuit.
  GeneratorRule generator(ObjectReader& object);
  // "remove" and "set".
  Changes changes(ObjectReader& object);

  // Whether a value is a list; otherwise a report.
  bool is_list(const JsonValue& value, std::string_view key);

 private:
  void read_override(const JsonValue& key, const JsonValue& value, Changes& changes);
  static std::optional<OverrideValue> override_value(const JsonValue& value);
  void read_type(ObjectReader& object, SynapseProperties& properties);
  void read_rule(ObjectReader& object, Fiber& fiber);
  void read_fanout(ObjectReader& object, Fiber& fiber);
  void read_probability(ObjectReader& object, Fiber& fiber);
  void read_distance(ObjectReader& object, Fiber& fiber);
  void read_kernel(ObjectReader& object, Fiber& fiber);
  std::vector<KernelOffset> read_kernel_list(ObjectReader& object);
  std::optional<KernelOffset> read_kernel_offset(ObjectReader& object, const JsonValue& value);
  void refuse_members(ObjectReader& object, std::initializer_list<std::string_view> keys, std::string_view rule);

  ProblemList& problems_;
};

}  // namespace flux
