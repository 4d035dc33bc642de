// Neurons laid out in rows, as the fiber rules distance and kernel see them. Whole numbers throughout, so that every machine finds the
// same neighbours. docs/file-format.md is the norm.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "circuit/circuit.h"

namespace flux {

inline constexpr std::int64_t FLUX_CELL = 256;            // distances are in 1/256 of the step from one cell to the next
inline constexpr std::uint32_t FLUX_CLOSENESS_BITS = 16;  // closeness is in 1/2^16

// The neurons of one side of a fiber by place: place k lies in column k % width and row k / width.
struct Grid {
  std::uint32_t width = 1;
  std::uint32_t height = 1;
  friend bool operator==(const Grid&, const Grid&) = default;
};

// The grid of a side, which has at least one neuron; nodes without a width make one row. Nothing when the widths of its nodes differ.
std::optional<Grid> grid_of(const Circuit& circuit, const std::vector<std::uint32_t>& nodes);

// One axis of the grid of the targets, seen from a source that lies over it: both grids cover the same ground.
class Axis {
 public:
  Axis(std::uint32_t source_cell, std::uint32_t source_cells, std::uint32_t target_cells, bool wrap)
      : cells_(target_cells), wrap_(wrap), at_((2 * std::int64_t{source_cell} + 1) * target_cells * (FLUX_CELL / 2) / source_cells) {}

  // The cells `radius` steps to either side, as far as there are any: offsets from the cell under the source. Where the axis is wrapped,
  // each cell once.
  std::int64_t lowest(std::uint32_t radius) const { return -std::min<std::int64_t>(radius, wrap_ ? (cells_ - 1) / 2 : under()); }
  std::int64_t highest(std::uint32_t radius) const { return std::min<std::int64_t>(radius, wrap_ ? cells_ / 2 : cells_ - 1 - under()); }

  // The cell at an offset, if there is one.
  std::optional<std::uint32_t> cell(std::int64_t offset) const {
    const std::int64_t cell = under() + offset;
    if (cell >= 0 && cell < cells_) return static_cast<std::uint32_t>(cell);
    if (!wrap_) return std::nullopt;
    return static_cast<std::uint32_t>((cell % cells_ + cells_) % cells_);
  }

  // From the source to the middle of the cell at an offset, in 1/256 cell.
  std::int64_t distance(std::int64_t offset) const { return (under() + offset) * FLUX_CELL + FLUX_CELL / 2 - at_; }

 private:
  std::int64_t under() const { return at_ / FLUX_CELL; }

  std::int64_t cells_;
  bool wrap_;
  std::int64_t at_;  // where the source lies, in 1/256 cell from the edge
};

// How close two neurons are, 2^16 at the same place, falling as (1 - d^2 / (radius + 1)^2)^2 to 0 beyond the radius: a bell without a root.
// `square` is the distance squared, in (1/256 cell)^2.
constexpr std::uint64_t closeness(std::uint64_t square, std::uint32_t radius) {
  const std::uint64_t edge = FLUX_CELL * (std::uint64_t{radius} + 1);
  if (square >= edge * edge) return 0;
  const std::uint64_t inside = ((edge * edge - square) << FLUX_CLOSENESS_BITS) / (edge * edge);
  return inside * inside >> FLUX_CLOSENESS_BITS;
}

// Calls visit(place of the target, closeness) for each target within the radius, row by row.
template <class Visit>
void visit_near(const Grid& sources, const Grid& targets, std::uint32_t place, std::uint32_t radius, bool wrap, const Visit& visit) {
  const Axis x(place % sources.width, sources.width, targets.width, wrap);
  const Axis y(place / sources.width, sources.height, targets.height, wrap);
  for (std::int64_t dy = y.lowest(radius); dy <= y.highest(radius); ++dy) {
    const std::uint32_t row = *y.cell(dy) * targets.width;
    const std::int64_t down = y.distance(dy);
    for (std::int64_t dx = x.lowest(radius); dx <= x.highest(radius); ++dx) {
      const std::int64_t across = x.distance(dx);
      const std::uint64_t close = closeness(static_cast<std::uint64_t>(across * across + down * down), radius);
      if (close > 0) visit(row + *x.cell(dx), close);
    }
  }
}

// Most targets that one source of a distance fiber can reach.
std::uint64_t most_near(const Grid& targets, std::uint32_t radius);
// Expected number of synapses of a source in the middle of a distance fiber of this probability (in 1/2^32).
std::uint64_t expected_near(const Grid& sources, const Grid& targets, const Fiber& fiber, std::uint64_t probability);

}  // namespace flux
