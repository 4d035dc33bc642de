#include "learned.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>

#include "circuit/names.h"

namespace flux {
namespace {

constexpr std::size_t FLUX_MAX_SAMPLED_SOURCES = 64;  // of a fiber

class LearnedReader {
 public:
  LearnedReader(const PlacedCircuit& placed, const Network& network)
      : placed_(placed), circuit_(placed.circuit), network_(network), first_(first_neurons(circuit_)) {}

  std::vector<std::int32_t> read() {
    std::vector<std::int32_t> parts;
    parts.reserve(circuit_.synapses.size() + circuit_.fibers.size());
    for (const SynapseNode& synapse : circuit_.synapses) parts.push_back(synapse.properties.plastic() ? of_synapse(synapse) : 0);
    for (const Fiber& fiber : circuit_.fibers) parts.push_back(fiber.properties.plastic() ? of_fiber(fiber) : 0);
    return parts;
  }

 private:
  std::optional<NeuronIndex> find(const std::string& path) const { return network_.find(placed_.prefix + path); }

  const std::vector<SynapseView>& efferents(NeuronIndex source) {
    const auto known = efferents_.find(source);
    return known != efferents_.end() ? known->second : efferents_[source] = network_.efferents(source);
  }

  static std::int32_t learned(const SynapseView& view) { return view.short_term + view.long_term; }

  // Synapses alike in both ends and properties stand in the same order in the circuit as in the row.
  std::int32_t of_synapse(const SynapseNode& synapse) {
    const auto source = find(end_path(circuit_, first_, synapse.source)), target = find(end_path(circuit_, first_, synapse.target));
    if (!source || !target) return 0;
    std::uint32_t alike = alike_[{*source, *target, synapse.properties}]++;
    for (const SynapseView& view : efferents(*source)) {
      if (view.target == *target && view.properties == synapse.properties && alike-- == 0) return learned(view);
    }
    return 0;
  }

  // Neurons of a side, as ranges of the flat list. Paths into circuits lead to single neurons or populations.
  std::vector<std::pair<NeuronIndex, std::uint32_t>> ranges(const std::vector<std::uint32_t>& side) const {
    std::vector<std::pair<NeuronIndex, std::uint32_t>> ranges;
    for (const std::uint32_t node : side) {
      const std::string& path = side_path(circuit_, node);
      if (const auto single = find(path)) {
        ranges.emplace_back(*single, 1);
      } else if (const auto first = find(path + "[0]"); first && !is_path(node)) {
        ranges.emplace_back(*first, circuit_.neurons[node].size());
      }
    }
    return ranges;
  }

  std::int32_t of_fiber(const Fiber& fiber) {
    const auto sources = ranges(fiber.sources), targets = ranges(fiber.targets);
    std::size_t neurons = 0;
    for (const auto& [first, count] : sources) neurons += count;
    const std::size_t stride = std::max<std::size_t>(1, neurons / FLUX_MAX_SAMPLED_SOURCES);
    std::int64_t sum = 0, count = 0;
    std::size_t number = 0;
    for (const auto& [first, size] : sources) {
      for (NeuronIndex source = first; source < first + size; ++source) {
        if (number++ % stride != 0) continue;
        for (const SynapseView& view : efferents(source)) {
          const bool is_inside = std::any_of(targets.begin(), targets.end(), [&](const auto& range) {
            return view.target >= range.first && view.target - range.first < range.second;
          });
          if (!is_inside || view.properties.type != fiber.properties.type || !view.properties.plastic()) continue;
          sum += learned(view);
          ++count;
        }
      }
    }
    return count == 0 ? 0 : static_cast<std::int32_t>(sum / count);
  }

  const PlacedCircuit& placed_;
  const Circuit& circuit_;
  const Network& network_;
  const std::vector<NeuronIndex> first_;
  std::unordered_map<NeuronIndex, std::vector<SynapseView>> efferents_;
  std::map<std::tuple<NeuronIndex, NeuronIndex, SynapseProperties>, std::uint32_t> alike_;
};

}  // namespace

std::vector<std::int32_t> learned_parts(const PlacedCircuit& placed, const Network& network) {
  return LearnedReader(placed, network).read();
}

}  // namespace flux
