#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <map>
#include <tuple>

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
  std::vector<std::uint16_t> type_of;  // per slot
  std::uint64_t neuron_count = 0;
  std::uint64_t word_count = 0;
  Array<Word> words;  // grows by doubling; word_count are in use
  std::vector<Word> row;
  std::vector<InitialLongTerm> long_term;
  bool rows_begun = false;

  // Repeated circuits.
  struct Variants {
    std::vector<std::uint32_t> first_slot;     // per variant
    std::vector<std::uint32_t> learned_words;  // per variant: of its shared rows so far
    std::vector<std::uint64_t> own_rows;       // per neuron of an instance: place of its first in own_rows, or FLUX_NO_ROW
  };
  std::vector<Region> regions;
  std::vector<Variants> variants;  // per region
  std::vector<std::uint32_t> instance_slots;
  std::vector<std::uint64_t> own_rows;
  struct OwnLearned {  // a word that holds an index, to be counted from the first of an instance
    std::uint64_t word;
    std::uint32_t region, instance;
  };
  std::vector<OwnLearned> own_learned;

  Result<std::uint16_t> intern(const NeuronProperties& properties) {
    if (columns.types.size() == FLUX_MAX_TYPES && !type_index.contains(properties)) {
      return Error{fmt::format("more than {} different sets of neuron properties", FLUX_MAX_TYPES), "",
                   "let more neurons share their properties"};
    }
    const auto [entry, is_new] = type_index.try_emplace(properties, static_cast<std::uint16_t>(columns.types.size()));
    if (is_new) columns.types.push_back(properties);
    return entry->second;
  }

  void begin_region(std::uint32_t stride) {
    Region region;
    region.first = static_cast<NeuronIndex>(neuron_count);
    region.stride = stride;
    region.slot = static_cast<std::uint32_t>(type_of.size());
    region.instance = static_cast<std::uint32_t>(instance_slots.size());
    regions.push_back(region);
    variants.emplace_back();
  }

  std::uint32_t region_of(NeuronIndex neuron) const {
    const auto after =
        std::upper_bound(regions.begin(), regions.end(), neuron, [](NeuronIndex n, const Region& region) { return n < region.first; });
    return static_cast<std::uint32_t>(after - regions.begin()) - 1;
  }

  void begin_rows() {
    rows_begun = true;
    columns.neuron_count = static_cast<std::uint32_t>(neuron_count);
    columns.row_of = Array<std::uint64_t>(type_of.size());
    for (auto& offset : columns.row_of.span()) offset = FLUX_NO_ROW;
    if (!regions.empty()) {
      columns.delay_group = 1;
      encoder = RowEncoder({1, FLUX_TARGET_BITS, false});
      for (const Variants& of_region : variants) {
        for (const std::uint32_t slot : of_region.first_slot) {
          for (std::size_t i = 0; i < of_region.own_rows.size(); ++i) {
            if (of_region.own_rows[i] != FLUX_NO_ROW) columns.row_of[slot + i] = FLUX_OWN_ROWS | of_region.own_rows[i];
          }
        }
      }
      return;
    }
    if (columns.neuron_count > (FLUX_MAX_NEURONS >> std::countr_zero(columns.delay_group))) columns.delay_group = 1;
    columns.lag_shift = choose_lag_shift(columns.delay_group, columns.neuron_count);
    encoder = RowEncoder({columns.delay_group, columns.lag_shift});
  }

  // Remembers the plastic sublists of the row being appended, which is that of a single instance.
  void note_learned(std::uint32_t region, std::uint32_t instance) {
    for (std::uint64_t at = 0; at < row.size();) {
      const auto header = SublistHeader::decode(row[at]);
      if (header.plastic) own_learned.push_back({word_count + at + 2, region, instance});
      at += header.is_far() ? 2 : header.prefix() + header.count;
    }
  }

  // Gives the learned words of instances their place behind those of single rows.
  Status finish_regions() {
    for (std::size_t r = 0; r < regions.size(); ++r) {
      Region& region = regions[r];
      if (region.stride == 0) continue;
      region.learned_stride = *std::max_element(variants[r].learned_words.begin(), variants[r].learned_words.end());
      region.learned = static_cast<std::uint32_t>(columns.learned_words);
      const std::uint64_t end = r + 1 < regions.size() ? regions[r + 1].first : neuron_count;
      columns.learned_words += (end - region.first) / region.stride * region.learned_stride;
      if (columns.learned_words > UINT32_MAX) {
        return Error{"more than 4,294,967,295 words of learned weights", "", "make fewer synapses plastic, or repeat less often"};
      }
    }
    for (const OwnLearned& own : own_learned) {
      words[own.word] -= regions[own.region].learned + own.instance * regions[own.region].learned_stride;
    }
    columns.regions = regions;
    columns.slot_count = static_cast<std::uint32_t>(type_of.size());
    columns.instance_count = static_cast<std::uint32_t>(instance_slots.size());
    columns.instance_slots = Array<std::uint32_t>(instance_slots.size());
    columns.own_rows = Array<std::uint64_t>(own_rows.size());
    if (columns.instance_slots.size() != instance_slots.size() || columns.own_rows.size() != own_rows.size()) {
      return Error{"memory ran out", "", "use a smaller network or a machine with more memory"};
    }
    std::copy(instance_slots.begin(), instance_slots.end(), columns.instance_slots.data());
    std::copy(own_rows.begin(), own_rows.end(), columns.own_rows.data());
    std::sort(columns.shared_long_term.begin(), columns.shared_long_term.end(),
              [](const SharedLongTerm& a, const SharedLongTerm& b) { return std::tie(a.slot, a.learned) < std::tie(b.slot, b.learned); });
    return {};
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
  Impl& impl = *impl_;
  assert(!impl.rows_begun);
  if (count > FLUX_MAX_NEURONS || impl.type_of.size() + count > FLUX_MAX_NEURONS || impl.neuron_count + count > FLUX_MAX_ALL_NEURONS) {
    return Error{fmt::format("more than {} neurons", FLUX_MAX_NEURONS), "", "split the network or make it smaller"};
  }
  const auto type = impl.intern(properties);
  if (!type) return type.error();
  if (!impl.regions.empty() && impl.regions.back().stride != 0) impl.begin_region(0);
  impl.type_of.insert(impl.type_of.end(), count, type.value());
  impl.neuron_count += count;
  return {};
}

Status GraphBuilder::add_repeated(const Repeated& repeated) {
  Impl& impl = *impl_;
  assert(!impl.rows_begun && !repeated.variants.empty() && !repeated.variants.front().empty());
  const std::uint64_t stride = repeated.variants.front().size();
  const std::uint64_t instances = repeated.variant_of.size();
  const std::uint64_t slots = stride * repeated.variants.size();
  if (stride > FLUX_MAX_NEURONS || impl.neuron_count + stride * instances > FLUX_MAX_ALL_NEURONS) {
    return Error{fmt::format("more than {} neurons in repeated circuits", FLUX_MAX_ALL_NEURONS), "", "repeat them less often"};
  }
  if (impl.type_of.size() + slots > UINT32_MAX || impl.instance_slots.size() + instances > UINT32_MAX) {
    return Error{"too many instances differ from the others", "", "override fewer of them"};
  }
  if (impl.regions.empty() && impl.neuron_count > 0) {
    impl.regions.emplace_back();
    impl.variants.emplace_back();
  }
  impl.begin_region(static_cast<std::uint32_t>(stride));
  Impl::Variants& variants = impl.variants.back();
  for (const auto& variant : repeated.variants) {
    assert(variant.size() == stride);
    variants.first_slot.push_back(static_cast<std::uint32_t>(impl.type_of.size()));
    for (const NeuronProperties& properties : variant) {
      const auto type = impl.intern(properties);
      if (!type) return type.error();
      impl.type_of.push_back(type.value());
    }
  }
  variants.learned_words.resize(repeated.variants.size());
  variants.own_rows.resize(stride, FLUX_NO_ROW);
  for (const std::uint32_t neuron : repeated.own_rows) {
    variants.own_rows[neuron] = impl.own_rows.size();
    impl.own_rows.resize(impl.own_rows.size() + instances, FLUX_NO_ROW);
  }
  impl.instance_slots.reserve(impl.instance_slots.size() + instances);
  for (const std::uint32_t variant : repeated.variant_of) impl.instance_slots.push_back(variants.first_slot[variant]);
  impl.neuron_count += stride * instances;
  return {};
}

Status GraphBuilder::append_row(NeuronIndex source, std::span<const SynapseSpec> synapses) {
  Impl& impl = *impl_;
  if (!impl.rows_begun) impl.begin_rows();
  assert(source < impl.neuron_count);
  if (synapses.empty()) return {};
  GraphColumns& columns = impl.columns;
  // Where the offset of the row goes, and what its learned words count from.
  std::uint64_t* offset = nullptr;
  RowOwner owner{source};
  std::uint64_t learned = columns.learned_words;
  std::uint32_t* shared_learned = nullptr;
  std::uint32_t slot = 0, region_number = 0, instance = 0;
  if (impl.regions.empty()) {
    offset = &columns.row_of[source];
  } else {
    region_number = impl.region_of(source);
    const Region& region = impl.regions[region_number];
    Impl::Variants& variants = impl.variants[region_number];
    const std::uint32_t place = source - region.first;
    if (region.stride == 0) {
      offset = &columns.row_of[region.slot + place];
    } else {
      instance = place / region.stride;
      slot = impl.instance_slots[region.instance + instance];
      const std::uint64_t own = variants.own_rows[place % region.stride];
      offset = own == FLUX_NO_ROW ? &columns.row_of[slot + place % region.stride] : &impl.own_rows[own + instance];
      if (own == FLUX_NO_ROW) {
        shared_learned = &variants.learned_words[(slot - variants.first_slot.front()) / region.stride];
        learned = *shared_learned;
        owner.first = region.first;
        owner.end = region_number + 1 < impl.regions.size() ? impl.regions[region_number + 1].first : columns.neuron_count;
      }
    }
  }
  assert(*offset == FLUX_NO_ROW);
  const bool is_own = !impl.regions.empty() && impl.regions[region_number].stride != 0 && shared_learned == nullptr;
  impl.row.clear();
  std::vector<InitialLongTerm> shared_long_term;
  impl.encoder.encode(owner, synapses, impl.row, learned, shared_learned != nullptr ? shared_long_term : impl.long_term);
  if (learned > UINT32_MAX) return Error{"more than 4,294,967,295 words of learned weights", "", "make fewer synapses plastic"};
  if (shared_learned != nullptr) {
    *shared_learned = static_cast<std::uint32_t>(learned);
    for (const InitialLongTerm& entry : shared_long_term) columns.shared_long_term.push_back({slot, entry.learned, entry.value});
  } else {
    columns.learned_words = learned;
  }
  if (!impl.reserve(impl.word_count + impl.row.size())) {
    return Error{fmt::format("memory ran out at {} MB of synapses", impl.word_count * sizeof(Word) / 1000000), "",
                 "use fewer synapses or a machine with more memory"};
  }
  *offset = impl.word_count;
  std::copy(impl.row.begin(), impl.row.end(), impl.words.data() + impl.word_count);
  if (is_own) impl.note_learned(region_number, instance);
  impl.word_count += impl.row.size();
  return {};
}

void GraphBuilder::share_rows(NeuronIndex first, std::uint32_t variant, std::uint32_t with_variant) {
  Impl& impl = *impl_;
  if (!impl.rows_begun) impl.begin_rows();
  const std::uint32_t number = impl.region_of(first);
  Impl::Variants& variants = impl.variants[number];
  const std::uint32_t to = variants.first_slot[variant], from = variants.first_slot[with_variant];
  for (std::uint32_t i = 0; i < impl.regions[number].stride; ++i) impl.columns.row_of[to + i] = impl.columns.row_of[from + i];
  variants.learned_words[variant] = variants.learned_words[with_variant];
  auto& long_term = impl.columns.shared_long_term;
  const std::size_t count = long_term.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (long_term[i].slot == from) long_term.push_back({to, long_term[i].learned, long_term[i].value});
  }
}

Result<Graph> GraphBuilder::finish() {
  Impl& impl = *impl_;
  if (!impl.rows_begun) impl.begin_rows();
  if (Status status = impl.finish_regions(); !status) return status.error();
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
  if (columns.regions.empty()) return Graph::from_columns(std::move(columns));
  Graph graph(std::move(columns));
  graph.shared_slots_ = graph.columns_.slot_count;
  graph.scan_shared();
  return graph;
}

}  // namespace flux
