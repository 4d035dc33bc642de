// Repeated circuits after elaborating: what their instances have in common, and where each lies.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "circuit/circuit.h"

namespace flux {

inline constexpr std::uint32_t FLUX_MAX_REPEATED = 1u << 30;              // instances of a repeated circuit
inline constexpr std::uint64_t FLUX_MAX_PLACED_NEURONS = (1u << 31) - 1;  // with those of repeated circuits
inline constexpr std::int32_t FLUX_MAX_NEIGHBOUR = 32;                    // columns or rows between neighbours
// Neurons from which on a repeated circuit shares its tables; smaller ones are placed one by one. Never changes what is computed.
inline constexpr std::uint64_t FLUX_SHARE_FROM = 1u << 16;
inline constexpr std::uint64_t FLUX_NEVER_SHARE = ~std::uint64_t{0};

// Whether so many instances make whole rows of a layout, and an even number of them where it has to be.
bool fills_rows(const Repeat& repeat, std::uint32_t instances);

// Where instances lie; they fill their rows.
class Lattice {
 public:
  Lattice(const Repeat& repeat, std::uint32_t instances);

  std::uint32_t instances() const { return width_ * height_; }
  // The instance at an offset, if there is one.
  std::optional<std::uint32_t> neighbour(std::uint32_t instance, std::int32_t dx, std::int32_t dy) const;
  // Instances of one class have all their neighbours, by the offsets of the repeated circuit, at the same distances in the list.
  std::uint32_t class_of(std::uint32_t instance) const;
  std::uint32_t classes() const { return column_classes() * row_classes(); }

 private:
  std::uint32_t column_classes() const;
  std::uint32_t row_classes() const;

  Repeat::Layout layout_;
  bool wraps_;
  std::uint32_t width_, height_;
  std::uint32_t reach_x_ = 0, reach_y_ = 0;  // most columns and rows to a neighbour
};

struct PlacedNeighbours {
  struct End {
    std::uint32_t first, count;  // neurons of an instance
  };
  End source, target;
  std::vector<KernelOffset> kernel;
  SynapseProperties properties;

  // Calls visit(neuron of the source's instance, neuron of the target's instance) for each pair.
  template <class Visit>
  void for_each_pair(Visit visit) const {
    const std::uint32_t pairs = source.count == target.count ? source.count : source.count * target.count;
    for (std::uint32_t i = 0; i < pairs; ++i) {
      const bool one_to_one = source.count == target.count;
      visit(source.first + (one_to_one ? i : i / target.count), target.first + (one_to_one ? i : i % target.count));
    }
  }
};

// A repeated circuit whose instances are not written out.
struct PlacedRepeat {
  Lattice lattice;
  std::uint32_t stride = 0;                           // neurons of an instance
  std::vector<Circuit> variants;                      // plain circuits of an instance, ids from its own on; one node list
  std::map<std::uint32_t, std::uint32_t> variant_of;  // of the instances that are not of variant 0
  std::vector<PlacedNeighbours> neighbours;

  std::uint32_t variant(std::uint32_t instance) const {
    const auto own = variant_of.find(instance);
    return own == variant_of.end() ? 0 : own->second;
  }
};

// Adds the neighbour fibers of instances that are written out; `first` has the first neuron of each.
void append_neighbours(const Lattice& lattice, const std::vector<PlacedNeighbours>& neighbours, const std::vector<NeuronIndex>& first,
                       std::vector<SynapseNode>& synapses);

// Whether two plain circuits have the same nodes, whatever these are set to.
bool have_same_neurons(const Circuit& a, const Circuit& b);

// What stands on the side of a fiber in an elaborated circuit: a node, or one inside repeated circuits.
struct SideNode {
  std::uint64_t size;
  std::uint32_t width;
  const NeuronProperties& properties;
};
SideNode side_node(const Circuit& circuit, std::uint32_t number);

// Neurons of a side.
std::uint64_t neurons_in(const Circuit& circuit, const std::vector<std::uint32_t>& side);

// Calls visit(first neuron, count) for the neurons of a side's node, in order, as far as they are consecutive.
template <class Visit>
void for_each_run(const Circuit& circuit, const std::vector<NeuronIndex>& first_of_node, std::uint32_t number, Visit visit) {
  if (!is_path(number)) return visit(first_of_node[number], circuit.neurons[number].size());
  const RepeatedSide& side = circuit.repeated_sides[number - FLUX_FIRST_PATH];
  const std::uint32_t stride = circuit.neurons[side.node].repeated->stride;
  for (std::uint32_t i = side.instance; i < side.instance + side.instances; ++i) {
    visit(first_of_node[side.node] + i * stride + side.first, side.count);
  }
}

}  // namespace flux
