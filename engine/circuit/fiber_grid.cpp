#include "fiber_grid.h"

#include "circuit/repeated.h"

namespace flux {

std::optional<Grid> grid_of(const Circuit& circuit, const std::vector<std::uint32_t>& nodes) {
  const std::uint32_t width = side_node(circuit, nodes.front()).width;
  std::uint32_t count = 0;
  for (const std::uint32_t node : nodes) {
    const SideNode side = side_node(circuit, node);
    if (side.width != width) return std::nullopt;
    count += static_cast<std::uint32_t>(side.size);
  }
  if (width == 0) return Grid{count, 1};
  return Grid{width, std::max(1u, count / width)};
}

std::uint64_t most_near(const Grid& targets, std::uint32_t radius) {
  const std::uint64_t across = 2 * std::uint64_t{radius} + 1;
  return std::min<std::uint64_t>(across, targets.width) * std::min<std::uint64_t>(across, targets.height);
}

std::uint64_t expected_near(const Grid& sources, const Grid& targets, const Fiber& fiber, std::uint64_t probability) {
  std::uint64_t total = 0;
  const std::uint32_t middle = sources.height / 2 * sources.width + sources.width / 2;
  visit_near(sources, targets, middle, fiber.radius, fiber.wrap, [&](std::uint32_t, std::uint64_t close) { total += close; });
  return (total * (probability >> FLUX_CLOSENESS_BITS) >> 32) + 1;
}

}  // namespace flux
