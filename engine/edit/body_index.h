// Where the nodes of one circuit of the tree stand, so that an operation need not search for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "circuit/circuit.h"
#include "edit/step.h"

namespace flux {

class BodyIndex {
 public:
  struct Node {
    ElementList list;  // neurons, organs or circuits
    std::uint32_t place;
  };

  explicit BodyIndex(const Circuit& body);

  std::optional<Node> find(const std::string& id) const;
  std::optional<std::uint32_t> find_alias(const std::string& alias) const;  // place of the neuron
  const std::vector<NeuronIndex>& first() const { return first_; }          // first_neurons() of the body
  // Number of a path as an end of a connection; the path is added to the body when it is new.
  std::uint32_t path_number(Circuit& body, const std::string& path);
  // Node of a neuron of the body.
  std::uint32_t node_of(NeuronIndex neuron) const;

  // Follows a step that the body has just taken. False when it takes less time to make the index anew.
  bool follow(const Circuit& body, const Step& taken);

 private:
  void add(const NeuronNode& node, std::uint32_t place);
  void forget(const NeuronNode& node, std::uint32_t place);

  std::unordered_map<std::string, Node> nodes_;
  std::unordered_map<std::string, std::uint32_t> aliases_;
  std::unordered_map<std::string, std::uint32_t> paths_;
  std::vector<NeuronIndex> first_;
};

}  // namespace flux
