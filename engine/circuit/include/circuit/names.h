// From the name of a neuron ("motor", "pool[12]", or an alias) to its index in the flat list, and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "circuit/circuit.h"

namespace flux {

// Index in the flat list of the first neuron of each node; one more element: the number of neurons, which must be below 2^32.
std::vector<NeuronIndex> first_neurons(const Circuit& circuit);

// An end of a synapse as the text form writes it: "id", "id[k]", or a path. `first` is first_neurons(circuit).
std::string end_path(const Circuit& circuit, const std::vector<NeuronIndex>& first, NeuronIndex end);
// A node of a fiber's side, likewise.
const std::string& side_path(const Circuit& circuit, std::uint32_t node);

class Names {
 public:
  Names() = default;
  explicit Names(const Circuit& circuit);

  // Index of the neuron with this path or alias, if there is one. Paths win over aliases. A neuron of a population with an alias is
  // found as "alias[k]".
  std::optional<NeuronIndex> find(std::string_view path_or_alias) const;
  // Path of a neuron: "id" or "id[k]". `neuron` < size(). A removed neuron keeps its path, so that what it did can still be told.
  std::string path(NeuronIndex neuron) const;
  // Input or output alias of a neuron, empty when it has none.
  std::string_view input_alias(NeuronIndex neuron) const;
  std::string_view output_alias(NeuronIndex neuron) const;

  std::uint32_t size() const { return size_; }

  // Appends a single neuron at index size(). Returns false, changing nothing, when the id is taken.
  bool add(const NeuronNode& node);
  // Forgets the names of a neuron that was removed from the network; its index stays unused.
  void remove(NeuronIndex neuron);

 private:
  struct Node {
    NeuronIndex first;
    std::uint32_t count;  // as in NeuronNode
    std::string id, input_alias, output_alias;
  };
  const Node& node_of(NeuronIndex neuron) const;
  void append(const NeuronNode& node);
  std::optional<NeuronIndex> find_in(const std::unordered_map<std::string, std::uint32_t>& nodes, const std::string& name) const;

  std::vector<Node> nodes_;  // by rising `first`
  std::unordered_map<std::string, std::uint32_t> node_by_id_;
  std::unordered_map<std::string, std::uint32_t> node_by_alias_;
  std::unordered_set<NeuronIndex> removed_;
  std::uint32_t size_ = 0;
};

}  // namespace flux
