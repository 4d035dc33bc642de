#include "circuit/repeated.h"

#include <algorithm>
#include <cstdlib>

namespace flux {

namespace {

bool wraps(const Repeat& repeat) { return repeat.layout == Repeat::Layout::ring || repeat.wrap; }

bool is_one_row(const Repeat& repeat) { return repeat.layout == Repeat::Layout::line || repeat.layout == Repeat::Layout::ring; }

// Of coordinate `at` of `cells`: those nearer to an edge than `reach` each have a class, all others `inner` classes in turns.
std::uint32_t class_of_axis(std::uint32_t at, std::uint32_t cells, std::uint32_t reach, std::uint32_t inner) {
  if (cells <= 2 * reach || at < reach) return at;
  if (at >= cells - reach) return reach + inner + (at - (cells - reach));
  return reach + at % inner;
}
std::uint32_t classes_of_axis(std::uint32_t cells, std::uint32_t reach, std::uint32_t inner) {
  return cells <= 2 * reach ? cells : 2 * reach + inner;
}

}  // namespace

bool fills_rows(const Repeat& repeat, std::uint32_t instances) {
  if (instances == 0) return false;
  if (is_one_row(repeat)) return repeat.width == 0 && !repeat.wrap;
  if (repeat.width == 0 || instances % repeat.width != 0) return false;
  return repeat.layout != Repeat::Layout::hexagonal || !repeat.wrap || instances / repeat.width % 2 == 0;
}

Lattice::Lattice(const Repeat& repeat, std::uint32_t instances)
    : layout_(repeat.layout),
      wraps_(wraps(repeat)),
      width_(is_one_row(repeat) ? instances : repeat.width),
      height_(is_one_row(repeat) ? 1 : instances / repeat.width) {
  for (const NeighbourFiber& fiber : repeat.neighbours) {
    for (const KernelOffset& offset : fiber.kernel) {
      const auto rows = static_cast<std::uint32_t>(std::abs(offset.dy));
      const std::uint32_t shift = layout_ == Repeat::Layout::hexagonal ? (rows + 1) / 2 : 0;
      reach_x_ = std::max(reach_x_, static_cast<std::uint32_t>(std::abs(offset.dx)) + shift);
      reach_y_ = std::max(reach_y_, rows);
    }
  }
}

std::optional<std::uint32_t> Lattice::neighbour(std::uint32_t instance, std::int32_t dx, std::int32_t dy) const {
  const auto column = static_cast<std::int64_t>(instance % width_), row = static_cast<std::int64_t>(instance / width_);
  std::int64_t x = column + dx, y = row + dy;
  if (layout_ == Repeat::Layout::hexagonal) {
    // Each row lies half a step further to the right than the one above, less a whole step in every second.
    const auto halves = [](std::int64_t r) { return (r - (r & 1)) / 2; };
    x += halves(y) - halves(row);
  }
  if (wraps_) {
    x = (x % width_ + width_) % width_;
    y = (y % height_ + height_) % height_;
  }
  if (x < 0 || y < 0 || x >= width_ || y >= height_) return std::nullopt;
  return static_cast<std::uint32_t>(y * width_ + x);
}

std::uint32_t Lattice::class_of(std::uint32_t instance) const {
  const std::uint32_t inner_rows = layout_ == Repeat::Layout::hexagonal ? 2 : 1;
  return class_of_axis(instance / width_, height_, reach_y_, inner_rows) * column_classes() +
         class_of_axis(instance % width_, width_, reach_x_, 1);
}

std::uint32_t Lattice::column_classes() const { return classes_of_axis(width_, reach_x_, 1); }
std::uint32_t Lattice::row_classes() const { return classes_of_axis(height_, reach_y_, layout_ == Repeat::Layout::hexagonal ? 2 : 1); }

void append_neighbours(const Lattice& lattice, const std::vector<PlacedNeighbours>& neighbours, const std::vector<NeuronIndex>& first,
                       std::vector<SynapseNode>& synapses) {
  for (const PlacedNeighbours& fiber : neighbours) {
    for (std::uint32_t instance = 0; instance < lattice.instances(); ++instance) {
      for (const KernelOffset& offset : fiber.kernel) {
        const auto neighbour = lattice.neighbour(instance, offset.dx, offset.dy);
        if (!neighbour) continue;
        SynapseNode synapse;
        synapse.properties = fiber.properties;
        synapse.properties.weight = static_cast<std::int8_t>(offset.weight);
        synapse.properties.length = static_cast<std::uint16_t>(offset.length);
        fiber.for_each_pair([&](std::uint32_t source, std::uint32_t target) {
          synapse.source = first[instance] + source;
          synapse.target = first[*neighbour] + target;
          synapses.push_back(synapse);
        });
      }
    }
  }
}

bool have_same_neurons(const Circuit& a, const Circuit& b) {
  return std::equal(a.neurons.begin(), a.neurons.end(), b.neurons.begin(), b.neurons.end(),
                    [](const NeuronNode& x, const NeuronNode& y) { return x.id == y.id && x.count == y.count; });
}

SideNode side_node(const Circuit& circuit, std::uint32_t number) {
  if (is_path(number)) {
    const RepeatedSide& side = circuit.repeated_sides[number - FLUX_FIRST_PATH];
    return {side.size(), side.width, side.properties};
  }
  const NeuronNode& node = circuit.neurons[number];
  return {node.size(), node.width, node.properties};
}

std::uint64_t neurons_in(const Circuit& circuit, const std::vector<std::uint32_t>& side) {
  std::uint64_t total = 0;
  for (const std::uint32_t node : side) total += side_node(circuit, node).size;
  return total;
}

}  // namespace flux
