#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <map>

#include "graph/graph.h"
#include "row_encoder.h"

namespace flux {

namespace {

// Measured on a core with 1 MiB of second-level and 32 MiB of shared third-level cache (docs/benchmarks.md): grouping pays while the
// accumulators of a group stay close (small networks), or where sublists would be so short that fetching them dominates.
std::uint32_t choose_delay_group(const GraphHints& hints) {
  if (hints.delay_group != 0) return hints.delay_group;
  if (hints.neurons <= 16384) return 4;
  const std::uint64_t sublists = hints.neurons * hints.distinct_lengths;
  const bool short_sublists = hints.synapses < 32 * sublists;
  return short_sublists && hints.neurons <= (std::uint64_t{3} << 20) ? 4 : 1;
}

// log2 of the stride between the accumulators of successive lags, with room for neurons that are added while the network runs.
std::uint32_t choose_lag_shift(std::uint32_t delay_group, std::uint64_t neurons) {
  if (delay_group == 1) return FLUX_TARGET_BITS;
  const std::uint64_t room = neurons + neurons / 16 + 64;
  const auto widest = FLUX_TARGET_BITS - static_cast<std::uint32_t>(std::countr_zero(delay_group));
  return std::min(widest, std::max(16u, static_cast<std::uint32_t>(std::bit_width(room - 1))));
}

constexpr std::size_t FLUX_CHUNK_WORDS = std::size_t{1} << 20;  // rows are collected in pieces of this size

}  // namespace

struct GraphBuilder::Impl {
  GraphColumns columns;
  RowEncoder encoder{RowLayout{}};
  std::map<NeuronProperties, std::uint16_t> type_index;
  std::vector<std::uint16_t> type_of;
  std::uint64_t word_count = 0;
  Array<Word> words;  // grows by doubling; word_count are in use
  std::vector<Word> row;
  std::vector<InitialLongTerm> long_term;
  bool rows_begun = false;

  void begin_rows() {
    rows_begun = true;
    columns.neuron_count = static_cast<std::uint32_t>(type_of.size());
    columns.row_of = Array<std::uint64_t>(type_of.size());
    for (auto& offset : columns.row_of.span()) offset = FLUX_NO_ROW;
    if (columns.neuron_count > (FLUX_MAX_NEURONS >> std::countr_zero(columns.delay_group))) columns.delay_group = 1;
    columns.lag_shift = choose_lag_shift(columns.delay_group, columns.neuron_count);
    encoder = RowEncoder({columns.delay_group, columns.lag_shift});
  }

  bool reserve(std::uint64_t needed) {
    if (needed <= words.size()) return true;
    const std::uint64_t larger = std::max<std::uint64_t>({needed, words.size() + words.size() / 2, FLUX_CHUNK_WORDS});
    return words.resize(larger);
  }
};

GraphBuilder::GraphBuilder(const NetworkSettings& settings, const GraphHints& hints) : impl_(std::make_shared<Impl>()) {
  impl_->columns.settings = settings;
  impl_->columns.delay_group = choose_delay_group(hints);
  const std::uint64_t expected = hints.synapses + hints.neurons * std::min<std::uint64_t>(hints.distinct_lengths, 16);
  (void)impl_->reserve(expected);  // when that much is not to be had, append_row will say so
  impl_->type_of.reserve(hints.neurons);
}

Status GraphBuilder::add_neurons(const NeuronProperties& properties, std::uint32_t count) {
  assert(!impl_->rows_begun);
  if (count > FLUX_MAX_NEURONS - impl_->type_of.size()) {
    return Error{fmt::format("more than {} neurons", FLUX_MAX_NEURONS), "", "split the network or make it smaller"};
  }
  auto& columns = impl_->columns;
  if (columns.types.size() == FLUX_MAX_TYPES && !impl_->type_index.contains(properties)) {
    return Error{fmt::format("more than {} different sets of neuron properties", FLUX_MAX_TYPES), "",
                 "let more neurons share their properties"};
  }
  const auto [entry, is_new] = impl_->type_index.try_emplace(properties, static_cast<std::uint16_t>(columns.types.size()));
  if (is_new) columns.types.push_back(properties);
  impl_->type_of.insert(impl_->type_of.end(), count, entry->second);
  return {};
}

Status GraphBuilder::append_row(NeuronIndex source, std::span<const SynapseSpec> synapses) {
  Impl& impl = *impl_;
  if (!impl.rows_begun) impl.begin_rows();
  assert(source < impl.type_of.size() && impl.columns.row_of[source] == FLUX_NO_ROW);
  if (synapses.empty()) return {};
  impl.row.clear();
  impl.encoder.encode(synapses, impl.row, impl.columns.learned_words, impl.long_term);
  if (impl.columns.learned_words > UINT32_MAX) {
    return Error{"more than 4,294,967,295 words of learned weights", "", "make fewer synapses plastic"};
  }
  if (!impl.reserve(impl.word_count + impl.row.size())) {
    return Error{fmt::format("memory ran out at {} MB of synapses", impl.word_count * sizeof(Word) / 1000000), "",
                 "use fewer synapses or a machine with more memory"};
  }
  impl.columns.row_of[source] = impl.word_count;
  std::copy(impl.row.begin(), impl.row.end(), impl.words.data() + impl.word_count);
  impl.word_count += impl.row.size();
  return {};
}

Result<Graph> GraphBuilder::finish() {
  Impl& impl = *impl_;
  if (!impl.rows_begun) impl.begin_rows();
  GraphColumns& columns = impl.columns;
  columns.type_of = Array<std::uint16_t>(impl.type_of.size());
  columns.long_term = Array<InitialLongTerm>(impl.long_term.size());
  if (columns.type_of.size() != impl.type_of.size() || columns.long_term.size() != impl.long_term.size() ||
      columns.row_of.size() != impl.type_of.size()) {
    return Error{"memory ran out", "", "use a smaller network or a machine with more memory"};
  }
  std::copy(impl.type_of.begin(), impl.type_of.end(), columns.type_of.data());
  std::copy(impl.long_term.begin(), impl.long_term.end(), columns.long_term.data());
  columns.words = impl.words.first(impl.word_count);
  return Graph::from_columns(std::move(columns));
}

}  // namespace flux
