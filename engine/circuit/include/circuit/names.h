// From the name of a neuron ("motor", "pool[12]", or an alias) to its index in the flat list, and back.
#pragma once

#include <cstdint>
#include <memory>
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
  std::string input_alias(NeuronIndex neuron) const;
  std::string output_alias(NeuronIndex neuron) const;

  std::uint32_t size() const { return size_; }

  // The neurons of a node, population or single, by its path; nothing for an alias.
  struct Run {
    NeuronIndex first;
    std::uint32_t count;  // as in NeuronNode
    std::uint32_t size() const { return count == 0 ? 1 : count; }
  };
  std::optional<Run> find_node(const std::string& path) const;
  // The same, also inside a repeated circuit that is not written out.
  std::optional<Run> find_run(const std::string& path) const;
  // The path of every node that still has one, with its neurons, by rising index.
  template <class Visit>
  void for_each_node(const Visit& visit) const {
    for (const Node& node : nodes_) {
      const auto entry = node_by_id_.find(node.id);
      if (entry != node_by_id_.end() && &nodes_[entry->second] == &node) visit(node.id, Run{node.first, node.count});
    }
  }

  // Appends a node at index size(). Returns false, changing nothing, when the id is taken.
  bool add(const NeuronNode& node);
  // Gives a node another path and other aliases. Returns false, changing nothing, when there is none, or the new path is taken.
  bool rename(const std::string& path, const NeuronNode& node);
  // Gives a node another number of neurons, as in NeuronNode: those from index size() on where `moves`, else the first of those it had.
  // Returns false, changing nothing, when there is no such node, or it has fewer than it is to keep.
  bool resize(const std::string& path, std::uint32_t count, bool moves);
  // Neurons that no node names any more were removed from the network; their indices stay unused.
  void remove_run(NeuronIndex first, std::uint32_t count);
  // Forgets a node whose neurons were removed from the network.
  void remove_node(const std::string& path);
  // Forgets the names of a neuron that was removed from the network; its index stays unused.
  void remove(NeuronIndex neuron);

 private:
  struct Node {
    NeuronIndex first;
    std::uint32_t count;  // as in NeuronNode
    std::string id, input_alias, output_alias;
    // A repeated circuit that is not written out: names inside an instance, all of them together `count` neurons.
    std::shared_ptr<const Names> inside;
  };
  const Node& node_of(NeuronIndex neuron) const;
  // "eye[3]/" for the instance of a repeated circuit that a neuron belongs to.
  static std::string instance_path(const Node& node, NeuronIndex neuron);
  // Calls visit(names inside the instance, index of its first neuron, name inside it) for each way to read the name.
  template <class Visit>
  void for_each_instance(std::string_view name, const Visit& visit) const;
  std::optional<NeuronIndex> find_in_instance(std::string_view name) const;
  void append(const NeuronNode& node);
  void add_aliases(std::uint32_t place);
  void forget_names(std::uint32_t place);
  std::optional<NeuronIndex> find_in(const std::unordered_map<std::string, std::uint32_t>& nodes, const std::string& name) const;

  std::vector<Node> nodes_;  // by rising `first`
  std::unordered_map<std::string, std::uint32_t> node_by_id_;
  std::unordered_map<std::string, std::uint32_t> node_by_alias_;
  std::unordered_set<NeuronIndex> removed_;
  std::uint32_t size_ = 0;
};

}  // namespace flux
