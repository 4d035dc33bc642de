#include "circuit/fiber_synapses.h"

#include "fiber_rows.h"

namespace flux {

void for_each_row(const Circuit& circuit, std::uint32_t fiber, const std::vector<NeuronIndex>& first,
                  const std::function<void(NeuronIndex, std::span<const SynapseSpec>)>& visit) {
  const FiberRows rows(circuit, fiber, first);
  std::vector<SynapseSpec> row;
  std::uint32_t place = 0;
  for (const std::uint32_t node : circuit.fibers[fiber].sources) {
    for (std::uint32_t k = 0; k < circuit.neurons[node].size(); ++k) {
      row.clear();
      rows.append(place++, first[node] + k, row);
      visit(first[node] + k, row);
    }
  }
}

std::uint64_t count_synapses(const Circuit& circuit, const Fiber& fiber) { return fiber_synapses(circuit, fiber); }

}  // namespace flux
