#include "network_change.h"

#include <algorithm>

#include "graph/graph.h"

namespace flux {

namespace {

// Takes `removed` out of the synapses of a row. False when one of them is not there.
bool take_out(std::vector<SynapseSpec>& row, const std::vector<SynapseSpec>& removed) {
  if (removed.empty()) return true;
  std::map<std::pair<NeuronIndex, SynapseProperties>, std::uint32_t> counts;
  for (const SynapseSpec& synapse : removed) ++counts[{synapse.target, synapse.properties}];
  std::size_t taken = 0;
  // From the end: of synapses alike in everything the first go on.
  for (std::size_t i = row.size(); i-- > 0;) {
    const auto count = counts.find({row[i].target, row[i].properties});
    if (count == counts.end() || count->second == 0) continue;
    --count->second;
    ++taken;
    row.erase(row.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return taken == removed.size();
}

}  // namespace

std::optional<std::vector<Input>> NetworkChange::inputs(const Graph& graph, const std::vector<LostWeight>& revive, const Find& find) && {
  if (graph.neuron_count() + std::uint64_t{new_neurons} > graph.most_neurons()) return std::nullopt;
  std::map<NeuronIndex, input::RevivedWeights> revived;
  for (const LostWeight& weight : revive) {
    const auto source = find(weight.source), target = find(weight.target);
    if (source && target) revived[*source].add(*target, weight.properties, weight.learned);
  }
  std::vector<Input> inputs = std::move(nodes);
  const std::size_t first_row = inputs.size();
  const auto shared_moved = moved.empty() ? nullptr : std::make_shared<const input::MovedNeurons>(moved);
  std::map<NeuronIndex, NeuronIndex> goes_on_for;
  for (const auto& [from, to] : moved) {
    goes_on_for[to] = from;
    Row& before = rows[from];
    Row& after = rows[to];
    if (!before.added.empty() || !after.removed.empty()) return std::nullopt;
    after.removed = std::move(before.removed);
    rows.erase(from);
  }
  for (const auto& [source, change] : rows) {
    input::ReplaceRow replaced;
    replaced.source = source;
    const auto known_by = goes_on_for.find(source);
    replaced.goes_on_for = known_by == goes_on_for.end() ? source : known_by->second;
    replaced.moved = shared_moved;
    if (replaced.goes_on_for < graph.neuron_count()) {
      for (const RowSynapse& synapse : graph.row(replaced.goes_on_for)) {
        replaced.synapses.push_back({synapse.target, synapse.properties, 0});
      }
    }
    if (!take_out(replaced.synapses, change.removed)) return std::nullopt;
    replaced.synapses.insert(replaced.synapses.end(), change.added.begin(), change.added.end());
    if (const auto known = revived.find(source); known != revived.end()) replaced.revived = std::move(known->second);
    inputs.emplace_back(std::move(replaced));
  }
  // Where the last plastic synapses go and others come, spikes stay remembered.
  std::stable_partition(inputs.begin() + static_cast<std::ptrdiff_t>(first_row), inputs.end(), [](const Input& input) {
    const auto& synapses = std::get<input::ReplaceRow>(input).synapses;
    return std::any_of(synapses.begin(), synapses.end(), [](const SynapseSpec& synapse) { return synapse.properties.plastic(); });
  });
  for (std::string& path : drops) inputs.emplace_back(input::DropNode{std::move(path)});
  for (const input::DropRun& run : freed) inputs.emplace_back(run);
  return inputs;
}

}  // namespace flux
