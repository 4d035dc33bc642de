#include "graph/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cassert>

#include "row_scan.h"

namespace flux {

namespace {

// Calls visit(sublist, offset, ticks after the spike) for each sublist of a source's row.
template <class Visit>
void for_each_sublist(const Graph& graph, NeuronIndex source, Visit visit) {
  std::uint64_t ticks = 0;
  std::uint64_t at = graph.row_of(source);
  for (bool more = at != FLUX_NO_ROW; more;) {
    const Sublist sublist = graph.sublist(at, source);
    ticks += sublist.header.delta;
    visit(sublist, at, ticks);
    at = sublist.end;
    more = sublist.header.more;
  }
}

}  // namespace

Status check_properties(const NeuronProperties& p) {
  if (p.threshold < 1) return Error{"threshold is 0", "", "choose 1..255"};
  if (p.min_threshold < 1 || p.min_threshold > p.threshold) {
    return Error{fmt::format("minThreshold is {}", p.min_threshold), "", fmt::format("choose 1..{} (at most the threshold)", p.threshold)};
  }
  if (p.max_threshold < p.threshold) {
    return Error{fmt::format("maxThreshold is {}", p.max_threshold), "",
                 fmt::format("choose {}..255 (at least the threshold)", p.threshold)};
  }
  if (p.modulation_targets > (modulates_threshold | modulates_learning)) {
    return Error{"unknown target of modulation", "", "choose threshold, learning or both"};
  }
  return {};
}

Status check_properties(const SynapseProperties& p) {
  if (p.type > SynapseType::electric) return Error{"unknown type of synapse", "", "choose direct, modulator or electric"};
  if (p.length < 1) return Error{"length is 0", "", "choose 1..65535 ticks"};
  return {};
}

Result<Graph> Graph::from_columns(GraphColumns columns) {
  Graph graph(std::move(columns));
  if (!graph.is_plain()) return broken_graph("it has repeated circuits");  // they are made by GraphBuilder alone
  if (Status status = graph.check_columns(); !status) return status.error();
  const auto sums = scan_rows(graph.columns_, graph.target_mask());
  if (!sums) return sums.error();
  graph.synapse_count_ = sums.value().synapses;
  graph.plastic_count_ = sums.value().plastic;
  std::copy_n(sums.value().has_type, 3, graph.has_type_);
  graph.inflow_bound_ = sums.value().inflow_bound;
  graph.longest_delta_ = sums.value().longest_delta;
  graph.longest_length_ = sums.value().longest_length;
  return graph;
}

Status Graph::check_columns() const {
  const GraphColumns& c = columns_;
  const std::uint32_t group = c.delay_group;
  if (!std::has_single_bit(group) || group > 16) return broken_graph(fmt::format("delay group {}", group));
  const auto lag_bits = static_cast<std::uint32_t>(std::countr_zero(group));
  if (c.lag_shift + lag_bits > FLUX_TARGET_BITS || (group == 1 && c.lag_shift != FLUX_TARGET_BITS)) {
    return broken_graph(fmt::format("lag shift {}", c.lag_shift));
  }
  if (c.neuron_count > FLUX_MAX_NEURONS || c.neuron_count > (std::uint64_t{1} << c.lag_shift)) {
    return broken_graph(fmt::format("{} neurons", c.neuron_count));
  }
  if (c.type_of.size() != c.neuron_count || c.row_of.size() != c.neuron_count) return broken_graph("columns of different sizes");
  if (c.types.size() > FLUX_MAX_TYPES) return broken_graph("too many types");
  for (const NeuronProperties& type : c.types) {
    if (Status status = check_properties(type); !status) return status;
  }
  for (std::uint16_t type : c.type_of.span()) {
    if (type >= c.types.size()) return broken_graph(fmt::format("type {} of {}", type, c.types.size()));
  }
  if (c.learned_words > UINT32_MAX) return broken_graph("too many learned weights");
  for (const InitialLongTerm& entry : c.long_term.span()) {
    if (entry.learned >= c.learned_words || entry.value < INT16_MIN || entry.value > INT16_MAX)
      return broken_graph("a learned weight out of range");
  }
  return {};
}

std::uint64_t Graph::bytes() const {
  return columns_.words.bytes() + arena_.size() * sizeof(Word) + columns_.type_of.bytes() + columns_.row_of.bytes() +
         columns_.types.size() * sizeof(NeuronProperties) + columns_.long_term.bytes() + columns_.instance_slots.bytes() +
         columns_.own_rows.bytes() + columns_.shared_long_term.size() * sizeof(SharedLongTerm);
}

std::uint64_t Graph::own_bytes() const {
  return arena_.size() * sizeof(Word) + columns_.type_of.bytes() + columns_.row_of.bytes() + columns_.instance_slots.bytes();
}

std::vector<RowSynapse> Graph::row(NeuronIndex source) const {
  std::vector<RowSynapse> synapses;
  const Word field_mask = (1u << FLUX_TARGET_BITS) - 1;
  for_each_sublist(*this, source, [&](const Sublist& sublist, std::uint64_t offset, std::uint64_t ticks) {
    const SublistHeader& header = sublist.header;
    const Word* first = sublist.synapses();
    const std::uint64_t learned = header.plastic ? learned_index(source, offset, sublist) : 0;
    for (std::uint32_t i = 0; i < header.count; ++i) {
      const Word field = first[i] & field_mask;
      const std::uint32_t lag = field >> lag_shift();
      RowSynapse synapse{};
      synapse.target = static_cast<NeuronIndex>(sublist.base + (field & target_mask()));
      synapse.visit = ticks;
      synapse.sublist = offset;
      synapse.properties.type = header.type;
      synapse.properties.weight = static_cast<std::int8_t>(static_cast<std::int32_t>(first[i]) >> 24);
      synapse.properties.length = static_cast<std::uint16_t>(ticks + lag);
      if (header.plastic) {
        synapse.properties.stm_rate = static_cast<std::uint8_t>(sublist.words[1]);
        synapse.properties.ltm_rate = static_cast<std::uint8_t>(sublist.words[1] >> 8);
        synapse.properties.restoration_rate = static_cast<std::uint8_t>(sublist.words[1] >> 16);
        synapse.learned_sublist = learned;
        synapse.learned = learned + 1 + i;
      }
      synapses.push_back(synapse);
    }
  });
  return synapses;
}

std::uint64_t Graph::row_end(NeuronIndex source) const {
  std::uint64_t end = FLUX_NO_ROW;
  for_each_sublist(*this, source, [&](const Sublist& sublist, std::uint64_t, std::uint64_t) { end = sublist.end; });
  return end;
}

std::uint64_t Graph::horizon(NeuronIndex source) const {
  std::uint64_t longest = 0;
  for_each_sublist(*this, source, [&](const Sublist& sublist, std::uint64_t, std::uint64_t ticks) {
    const SublistHeader& header = sublist.header;
    std::uint64_t reach = ticks + (header.plastic ? FLUX_LEARNING_WINDOW : 0);
    if (header.type == SynapseType::direct && !header.plastic && delay_group() > 1) {
      const Word* word = sublist.synapses();
      for (std::uint32_t i = 0; i < header.count; ++i) {
        reach = std::max<std::uint64_t>(reach, ticks + ((word[i] & ((1u << FLUX_TARGET_BITS) - 1)) >> lag_shift()));
      }
    }
    longest = std::max(longest, reach);
  });
  return longest;
}

}  // namespace flux
