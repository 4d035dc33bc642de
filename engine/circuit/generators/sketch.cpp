#include "sketch.h"

#include <cassert>

namespace flux {

SettingValues::SettingValues(std::span<const GeneratorSetting> settings) : settings_(settings) {
  for (const GeneratorSetting& setting : settings) values_.push_back(setting.when_absent);
}

std::int64_t SettingValues::operator[](std::string_view name) const {
  for (std::size_t i = 0; i < settings_.size(); ++i) {
    if (settings_[i].name == name) return values_[i];
  }
  assert(false);
  return 0;
}

std::string SettingValues::text() const {
  std::string text;
  for (std::size_t i = 0; i < settings_.size(); ++i) {
    if (i > 0) text += ", ";
    (text += settings_[i].name) += " " + settings_[i].text_of(values_[i]);
  }
  return text;
}

void Sketch::input(Node node, std::string alias, std::string description) {
  circuit_.neurons[node].input_alias = std::move(alias);
  circuit_.neurons[node].input_description = std::move(description);
}

void Sketch::output(Node node, std::string alias, std::string description) {
  circuit_.neurons[node].output_alias = std::move(alias);
  circuit_.neurons[node].output_description = std::move(description);
}

Fiber& Sketch::fiber(std::vector<Node> from, std::vector<Node> to, FiberRule rule, std::int32_t weight, std::int32_t length) {
  Fiber& fiber = circuit_.fibers.emplace_back();
  fiber.sources = std::move(from);
  fiber.targets = std::move(to);
  fiber.rule = rule;
  fiber.weight = {weight, weight};
  fiber.length = {length, length};
  return fiber;
}

Fiber& Sketch::kernel(Node from, Node to, bool wrap) {
  Fiber& fiber = circuit_.fibers.emplace_back();
  fiber.sources = {from};
  fiber.targets = {to};
  fiber.rule = FiberRule::kernel;
  fiber.wrap = wrap;
  return fiber;
}

void Sketch::synapse(NeuronIndex from, NeuronIndex to, SynapseType type, std::int64_t weight, std::int64_t length) {
  SynapseNode& synapse = circuit_.synapses.emplace_back();
  synapse.source = from;
  synapse.target = to;
  synapse.properties.type = type;
  synapse.properties.weight = static_cast<std::int8_t>(weight);
  synapse.properties.length = static_cast<std::uint16_t>(length);
}

Sketch::Node Sketch::add(std::string id, std::uint32_t count, std::uint32_t width, const NeuronProperties& properties, Position position) {
  NeuronNode& node = circuit_.neurons.emplace_back();
  node.id = std::move(id);
  node.count = count;
  node.width = width;
  node.properties = properties;
  node.position = position;
  first_.push_back(neurons_);
  neurons_ += node.size();
  return static_cast<Node>(circuit_.neurons.size() - 1);
}

}  // namespace flux
