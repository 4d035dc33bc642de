#include "graph/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cassert>

namespace flux {

namespace {

Error broken(std::string what) {
  return Error{"the graph does not hold together: " + std::move(what), "", "make it again from its circuit"};
}

// Calls visit(header, offset, ticks after the spike) for each sublist of a row.
template <class Visit>
void for_each_sublist(const Graph& graph, std::uint64_t row, Visit visit) {
  if (row == FLUX_NO_ROW) return;
  std::uint64_t ticks = 0;
  for (bool more = true; more;) {
    const auto header = SublistHeader::decode(*graph.words(row));
    ticks += header.delta;
    visit(header, row, ticks);
    row += header.prefix() + header.count;
    more = header.more;
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
  if (Status status = graph.check_columns(); !status) return status.error();
  if (Status status = graph.scan_rows(); !status) return status.error();
  return graph;
}

Status Graph::check_columns() const {
  const GraphColumns& c = columns_;
  const std::uint32_t group = c.delay_group;
  if (!std::has_single_bit(group) || group > 16) return broken(fmt::format("delay group {}", group));
  const auto lag_bits = static_cast<std::uint32_t>(std::countr_zero(group));
  if (c.lag_shift + lag_bits > FLUX_TARGET_BITS || (group == 1 && c.lag_shift != FLUX_TARGET_BITS)) {
    return broken(fmt::format("lag shift {}", c.lag_shift));
  }
  if (c.neuron_count > FLUX_MAX_NEURONS || c.neuron_count > (std::uint64_t{1} << c.lag_shift)) {
    return broken(fmt::format("{} neurons", c.neuron_count));
  }
  if (c.type_of.size() != c.neuron_count || c.row_of.size() != c.neuron_count) return broken("columns of different sizes");
  if (c.types.size() > FLUX_MAX_TYPES) return broken("too many types");
  for (const NeuronProperties& type : c.types) {
    if (Status status = check_properties(type); !status) return status;
  }
  for (std::uint16_t type : c.type_of.span()) {
    if (type >= c.types.size()) return broken(fmt::format("type {} of {}", type, c.types.size()));
  }
  if (c.learned_words > UINT32_MAX) return broken("too many learned weights");
  for (const InitialLongTerm& entry : c.long_term.span()) {
    if (entry.learned >= c.learned_words || entry.value < INT16_MIN || entry.value > INT16_MAX)
      return broken("a learned weight out of range");
  }
  return {};
}

Status Graph::scan_rows() {
  Array<std::int32_t> excitation(neuron_count()), inhibition(neuron_count());
  if (excitation.size() != neuron_count() || inhibition.size() != neuron_count()) {
    return Error{"memory ran out", "", "use a smaller network or a machine with more memory"};
  }
  std::uint64_t unscanned = columns_.words.size();  // rows do not overlap: hostile ones could take hours otherwise
  for (NeuronIndex source = 0; source < neuron_count(); ++source) {
    if (Status status = scan_row(source, unscanned, excitation.span(), inhibition.span()); !status) return status;
  }
  inflow_bound_ = 0;
  for (NeuronIndex target = 0; target < neuron_count(); ++target) {
    inflow_bound_ = std::max<std::int64_t>({inflow_bound_, excitation[target], inhibition[target]});
  }
  return {};
}

// Checks a compiled row word by word and adds what it can bring to each target.
Status Graph::scan_row(NeuronIndex source, std::uint64_t& unscanned, std::span<std::int32_t> excitation,
                       std::span<std::int32_t> inhibition) {
  std::uint64_t at = row_of(source);
  if (at == FLUX_NO_ROW) return {};
  const std::uint64_t end = columns_.words.size();
  const Word* words = columns_.words.data();
  const Word target_mask = static_cast<Word>((std::uint64_t{1} << lag_shift()) - 1);
  std::uint64_t ticks = 0;
  for (bool more = true; more;) {
    if (at >= end) return broken(fmt::format("the row of neuron {} leaves the table", source));
    const auto header = SublistHeader::decode(words[at]);
    ticks += header.delta;
    more = header.more;
    if (header.count == 0 || header.type > SynapseType::electric || end - at < header.prefix() + header.count || ticks == 0 ||
        ticks > 65535) {
      return broken(fmt::format("the row of neuron {}", source));
    }
    if (header.prefix() + header.count > unscanned) return broken(fmt::format("the row of neuron {} overlaps another", source));
    unscanned -= header.prefix() + header.count;
    const bool grouped = header.type == SynapseType::direct && !header.plastic;
    if (grouped && (ticks - 1) % delay_group() != 0) return broken(fmt::format("a delay in the row of neuron {}", source));
    if (header.plastic) {
      const std::uint64_t learned = words[at + 2];
      if ((words[at + 1] >> 24) != 0 || (words[at + 1] & 0xffu) == 0 || learned + 1 + header.count > learned_words()) {
        return broken(fmt::format("a plastic synapse of neuron {}", source));
      }
      plastic_count_ += header.count;
    }
    const Word field_mask = (1u << FLUX_TARGET_BITS) - 1;
    bool out_of_range = false;
    for (const Word* word = words + at + header.prefix(); word != words + at + header.prefix() + header.count; ++word) {
      const NeuronIndex target = *word & target_mask & field_mask;
      const std::uint32_t lag = (*word & field_mask) >> lag_shift();
      if (target >= neuron_count() || lag >= (grouped ? delay_group() : 1u)) {
        out_of_range = true;
        break;
      }
      if (header.type != SynapseType::direct) continue;
      const std::int32_t weight = static_cast<std::int32_t>(*word) >> 24;
      // A plastic weight may come to be anything of its sign.
      excitation[target] += header.plastic ? (weight >= 0 ? 127 : 0) : std::max(weight, 0);
      inhibition[target] += header.plastic ? (weight < 0 ? 128 : 0) : std::max(-weight, 0);
    }
    if (out_of_range) return broken(fmt::format("a synapse of neuron {} has no target", source));
    has_type_[static_cast<std::size_t>(header.type)] = true;
    synapse_count_ += header.count;
    longest_delta_ = std::max<std::uint64_t>(longest_delta_, header.delta);
    longest_length_ = std::max<std::uint64_t>(longest_length_, ticks + (grouped ? delay_group() - 1 : 0));
    at += header.prefix() + header.count;
  }
  return {};
}

std::uint64_t Graph::bytes() const {
  return columns_.words.bytes() + arena_.size() * sizeof(Word) + columns_.type_of.bytes() + columns_.row_of.bytes() +
         columns_.types.size() * sizeof(NeuronProperties) + columns_.long_term.bytes();
}

std::vector<RowSynapse> Graph::row(NeuronIndex source) const {
  std::vector<RowSynapse> synapses;
  const Word field_mask = (1u << FLUX_TARGET_BITS) - 1;
  for_each_sublist(*this, row_of(source), [&](const SublistHeader& header, std::uint64_t offset, std::uint64_t ticks) {
    const Word* prefix = words(offset);
    const Word* first = prefix + header.prefix();
    for (std::uint32_t i = 0; i < header.count; ++i) {
      const Word field = first[i] & field_mask;
      const std::uint32_t lag = field >> lag_shift();
      RowSynapse synapse{};
      synapse.target = field & static_cast<Word>((std::uint64_t{1} << lag_shift()) - 1);
      synapse.visit = ticks;
      synapse.sublist = offset;
      synapse.properties.type = header.type;
      synapse.properties.weight = static_cast<std::int8_t>(static_cast<std::int32_t>(first[i]) >> 24);
      synapse.properties.length = static_cast<std::uint16_t>(ticks + lag);
      if (header.plastic) {
        synapse.properties.stm_rate = static_cast<std::uint8_t>(prefix[1]);
        synapse.properties.ltm_rate = static_cast<std::uint8_t>(prefix[1] >> 8);
        synapse.properties.restoration_rate = static_cast<std::uint8_t>(prefix[1] >> 16);
        synapse.learned_sublist = prefix[2];
        synapse.learned = synapse.learned_sublist + 1 + i;
      }
      synapses.push_back(synapse);
    }
  });
  return synapses;
}

std::uint64_t Graph::row_end(NeuronIndex source) const {
  std::uint64_t end = FLUX_NO_ROW;
  for_each_sublist(*this, row_of(source), [&](const SublistHeader& header, std::uint64_t offset, std::uint64_t) {
    end = offset + header.prefix() + header.count;
  });
  return end;
}

std::uint64_t Graph::horizon(NeuronIndex source) const {
  std::uint64_t longest = 0;
  for_each_sublist(*this, row_of(source), [&](const SublistHeader& header, std::uint64_t offset, std::uint64_t ticks) {
    std::uint64_t reach = ticks + (header.plastic ? FLUX_LEARNING_WINDOW : 0);
    if (header.type == SynapseType::direct && !header.plastic && delay_group() > 1) {
      const Word* word = words(offset) + header.prefix();
      for (std::uint32_t i = 0; i < header.count; ++i) {
        reach = std::max<std::uint64_t>(reach, ticks + ((word[i] & ((1u << FLUX_TARGET_BITS) - 1)) >> lag_shift()));
      }
    }
    longest = std::max(longest, reach);
  });
  return longest;
}

}  // namespace flux
