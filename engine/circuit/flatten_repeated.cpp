#include "flatten_repeated.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "circuit/repeated.h"
#include "rows.h"

namespace flux {

namespace {

// One repeated circuit on its way into the graph. Its instances fall into variants: those with the same overrides, at a like place among
// their neighbours, and each instance from which single connections lead.
class RepeatedRows {
 public:
  RepeatedRows(const Circuit& circuit, std::uint32_t node, const Rows& outside)
      : circuit_(circuit),
        placed_(*circuit.neurons[node].repeated),
        first_(outside.first_of_node(node)),
        outside_(outside),
        has_own_row_(placed_.stride, false) {
    for (const Circuit& variant : placed_.variants) inside_.emplace_back(variant);
    for (const Rows::RepeatedSource& part : outside.repeated_sources(node)) sort_out(node, part);
    const NeuronIndex end = first_ + placed_.stride * placed_.lattice.instances();
    outside.explicit_synapses().for_each_source([&](NeuronIndex source) {
      if (source >= first_ && source < end) singled_out_.insert((source - first_) / placed_.stride);
    });
    make_variants();
  }

  Status add_neurons(GraphBuilder& builder) const {
    Repeated repeated;
    repeated.variant_of = variant_of_;
    for (const Variant& variant : variants_) {
      std::vector<NeuronProperties>& neurons = repeated.variants.emplace_back();
      for (const NeuronNode& node : placed_.variants[variant.of_placed].neurons) {
        neurons.insert(neurons.end(), node.size(), node.properties);
      }
    }
    for (std::uint32_t neuron = 0; neuron < placed_.stride; ++neuron) {
      if (has_own_row_[neuron]) repeated.own_rows.push_back(neuron);
    }
    return builder.add_repeated(repeated);
  }

  Status append_rows(GraphBuilder& builder) const {
    std::vector<SynapseSpec> row;
    for (std::uint32_t v = 0; v < variants_.size(); ++v) {
      const Variant& variant = variants_[v];
      if (variant.rows_as < v) {
        builder.share_rows(first_, v, variant.rows_as);
        continue;
      }
      for (std::uint32_t neuron = 0; neuron < placed_.stride; ++neuron) {
        if (has_own_row_[neuron]) continue;
        if (Status status = append_row(builder, variant.first, neuron, row); !status) return status;
      }
    }
    for (std::uint32_t neuron = 0; neuron < placed_.stride; ++neuron) {
      if (!has_own_row_[neuron]) continue;
      for (std::uint32_t instance = 0; instance < variant_of_.size(); ++instance) {
        if (Status status = append_row(builder, instance, neuron, row); !status) return status;
      }
    }
    return {};
  }

 private:
  struct Variant {
    std::uint32_t of_placed;  // in placed_.variants
    std::uint32_t first;      // instance
    std::uint32_t rows_as;    // the variant that has the same rows, itself if there is none before it
  };

  // Where the sources of a fiber from outside lie: all instances alike, one by one, or in a single instance.
  void sort_out(std::uint32_t node, const Rows::RepeatedSource& part) {
    const Fiber& fiber = circuit_.fibers[part.fiber];
    const bool leads_back = std::any_of(fiber.targets.begin(), fiber.targets.end(), [&](std::uint32_t target) {
      return is_path(target) && circuit_.repeated_sides[target - FLUX_FIRST_PATH].node == node;
    });
    const bool is_constant =
        fiber.rule == FiberRule::all_to_all && fiber.weight.low == fiber.weight.high && fiber.length.low == fiber.length.high;
    if (part.side.instances < placed_.lattice.instances()) {
      for (std::uint32_t i = 0; i < part.side.instances; ++i) singled_out_.insert(part.side.instance + i);
    } else if (leads_back || !is_constant) {
      std::fill_n(has_own_row_.begin() + part.side.first, part.side.count, true);
    }
  }

  void make_variants() {
    const std::uint32_t instances = placed_.lattice.instances();
    variant_of_.reserve(instances);
    using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;  // variant as placed, class of place, singled out
    std::map<Key, std::uint32_t> known;
    std::map<std::uint32_t, std::uint32_t> wired_alike;                 // by class: a variant whose circuit has the common connections
    std::vector<std::uint32_t> common(placed_.lattice.classes(), ~0u);  // variants of the most frequent kind, by class
    for (std::uint32_t i = 0; i < instances; ++i) {
      const std::uint32_t place = placed_.lattice.class_of(i);
      const std::uint32_t of_placed = placed_.variant(i);
      const bool is_single = singled_out_.contains(i);
      if (of_placed == 0 && !is_single && common[place] != ~0u) {
        variant_of_.push_back(common[place]);
        continue;
      }
      const auto number = static_cast<std::uint32_t>(variants_.size());
      const auto [entry, is_new] = known.try_emplace(Key{of_placed, place, is_single ? i + 1 : 0}, number);
      variant_of_.push_back(entry->second);
      if (!is_new) continue;
      std::uint32_t rows_as = number;
      if (!is_single && same_connections(placed_.variants[of_placed], placed_.variants[0])) {
        rows_as = wired_alike.try_emplace(place, number).first->second;
      }
      variants_.push_back({of_placed, i, rows_as});
      if (of_placed == 0 && !is_single) common[place] = number;
    }
  }

  static bool same_connections(const Circuit& a, const Circuit& b) { return a.synapses == b.synapses && a.fibers == b.fibers; }

  Status append_row(GraphBuilder& builder, std::uint32_t instance, std::uint32_t neuron, std::vector<SynapseSpec>& row) const {
    row.clear();
    const NeuronIndex base = first_ + instance * placed_.stride;
    inside_[placed_.variant(instance)].append(neuron, row);
    for (SynapseSpec& synapse : row) synapse.target += base;
    for (const PlacedNeighbours& fiber : placed_.neighbours) {
      if (neuron - fiber.source.first >= fiber.source.count) continue;
      for (const KernelOffset& offset : fiber.kernel) {
        const auto neighbour = placed_.lattice.neighbour(instance, offset.dx, offset.dy);
        if (!neighbour) continue;
        SynapseSpec spec{0, fiber.properties, 0};
        spec.properties.weight = static_cast<std::int8_t>(offset.weight);
        spec.properties.length = static_cast<std::uint16_t>(offset.length);
        fiber.for_each_pair([&](std::uint32_t source, std::uint32_t target) {
          if (source != neuron) return;
          spec.target = first_ + *neighbour * placed_.stride + target;
          row.push_back(spec);
        });
      }
    }
    outside_.append(base + neuron, row);
    return builder.append_row(base + neuron, row);
  }

  const Circuit& circuit_;
  const PlacedRepeat& placed_;
  const NeuronIndex first_;
  const Rows& outside_;
  std::vector<Rows> inside_;             // per variant as placed
  std::vector<bool> has_own_row_;        // per neuron of an instance
  std::set<std::uint32_t> singled_out_;  // instances that single connections lead from
  std::vector<Variant> variants_;
  std::vector<std::uint32_t> variant_of_;  // per instance
};

}  // namespace

Result<Graph> flatten_repeated(const Circuit& plain) {
  const Rows rows(plain);
  std::vector<std::unique_ptr<RepeatedRows>> repeated(plain.neurons.size());
  GraphHints hints;
  GraphBuilder builder(plain.settings, hints);
  for (std::uint32_t n = 0; n < plain.neurons.size(); ++n) {
    const NeuronNode& node = plain.neurons[n];
    if (node.repeated) repeated[n] = std::make_unique<RepeatedRows>(plain, n, rows);
    const Status status = node.repeated ? repeated[n]->add_neurons(builder) : builder.add_neurons(node.properties, node.size());
    if (!status) return status.error();
  }
  std::vector<SynapseSpec> row;
  for (std::uint32_t n = 0; n < plain.neurons.size(); ++n) {
    if (repeated[n]) {
      if (Status status = repeated[n]->append_rows(builder); !status) return status.error();
      continue;
    }
    const NeuronIndex first = rows.first_of_node(n);
    for (NeuronIndex source = first; source < first + plain.neurons[n].size(); ++source) {
      row.clear();
      rows.append(source, row);
      if (Status status = builder.append_row(source, row); !status) return status.error();
    }
  }
  return builder.finish();
}

}  // namespace flux
