#include "circuit/flatten.h"

#include <algorithm>

#include "circuit/elaborate.h"
#include "flatten_repeated.h"
#include "rows.h"

namespace flux {
namespace {

constexpr std::uint32_t FLUX_SAMPLED_SOURCES = 32;  // to estimate what a typical row is like

// Mean number of distinct lengths in the rows of sources spread evenly over the network, those without synapses left out.
std::uint32_t typical_distinct_lengths(const Rows& rows) {
  std::vector<SynapseSpec> row;
  std::vector<std::uint16_t> lengths;
  std::uint64_t distinct = 0, sampled = 0;
  const std::uint32_t samples = std::min(rows.neuron_count(), FLUX_SAMPLED_SOURCES);
  for (std::uint32_t i = 0; i < samples; ++i) {
    row.clear();
    rows.append(static_cast<NeuronIndex>(std::uint64_t{i} * rows.neuron_count() / samples), row);
    if (row.empty()) continue;
    lengths.clear();
    for (const SynapseSpec& synapse : row) lengths.push_back(synapse.properties.length);
    std::sort(lengths.begin(), lengths.end());
    distinct += static_cast<std::uint64_t>(std::unique(lengths.begin(), lengths.end()) - lengths.begin());
    ++sampled;
  }
  return sampled == 0 ? 1 : static_cast<std::uint32_t>((distinct + sampled - 1) / sampled);
}

}  // namespace

Status refuse_errors(const Circuit& circuit) {
  for (Finding& finding : check_errors(circuit)) return Error{std::move(finding.what), std::move(finding.where), std::move(finding.fix)};
  return {};
}

namespace {

Result<Graph> flatten_plain(const Circuit& circuit) {
  const Rows rows(circuit);
  GraphHints hints;
  hints.neurons = rows.neuron_count();
  hints.synapses = circuit.synapses.size();
  for (const Fiber& fiber : circuit.fibers) hints.synapses += fiber_synapses(circuit, fiber);
  hints.distinct_lengths = typical_distinct_lengths(rows);

  GraphBuilder builder(circuit.settings, hints);
  for (const NeuronNode& node : circuit.neurons) {
    if (Status status = builder.add_neurons(node.properties, node.size()); !status) return status.error();
  }
  std::vector<SynapseSpec> row;
  for (NeuronIndex source = 0; source < rows.neuron_count(); ++source) {
    row.clear();
    rows.append(source, row);
    if (row.empty()) continue;
    if (Status status = builder.append_row(source, row); !status) return status.error();
  }
  return builder.finish();
}

}  // namespace

Result<Graph> flatten_checked(const Circuit& plain) {
  const bool repeats =
      std::any_of(plain.neurons.begin(), plain.neurons.end(), [](const NeuronNode& node) { return node.repeated != nullptr; });
  return repeats ? flatten_repeated(plain) : flatten_plain(plain);
}

Result<Graph> flatten(const Circuit& circuit, std::uint64_t share_from) {
  if (is_flat(circuit)) {
    if (Status status = refuse_errors(circuit); !status) return status.error();
    return flatten_plain(circuit);
  }
  const auto plain = checked_plain(circuit, share_from);
  return plain ? flatten_checked(plain.value()) : plain.error();
}

}  // namespace flux
