#include "synapse_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>

namespace flux::webgpu {

// A sublist as the device has it: the synapses of one length among those of a graph's sublist.
struct DeviceSublist {
  std::uint32_t visit;
  SublistHeader header;
  const Word* prefix;  // of the graph's sublist
  std::int64_t base;   // what its targets count from; the device has absolute ones
  std::uint32_t lag;   // of the synapses that belong here
  std::uint32_t count;

  const Word* synapses() const { return prefix + header.prefix(); }
  std::uint64_t words() const { return header.plastic ? FLUX_PLASTIC_PREFIX + 2 * std::uint64_t{count} : count; }
  static constexpr std::uint32_t FLUX_PLASTIC_PREFIX = 4;  // words: synapses, rates, stamp, claims
};

namespace {

using Sublist = DeviceSublist;
constexpr std::uint32_t FLUX_PLASTIC_PREFIX = DeviceSublist::FLUX_PLASTIC_PREFIX;

constexpr Word FLUX_FIELD_MASK = (1u << FLUX_TARGET_BITS) - 1;
constexpr Word FLUX_WEIGHT_MASK = ~FLUX_FIELD_MASK;
constexpr std::uint64_t FLUX_MOST_PARTS = 255;                      // a row names its part in 8 bits
constexpr std::uint64_t FLUX_PART_WORDS = std::uint64_t{1} << 29;   // 2 GiB: what the largest GPUs bind
constexpr std::uint64_t FLUX_SPARE_WORDS = std::uint64_t{1} << 18;  // for rows that edits will move
constexpr std::size_t FLUX_CHUNK_WORDS = std::size_t{4} << 20;      // rows are handed to the device in pieces of about this size

// Rising visits; those of one visit in the order of the graph's row.
void list_sublists(const Graph& graph, NeuronIndex source, std::vector<Sublist>& sublists) {
  sublists.clear();
  std::uint64_t at = graph.row_of(source);
  std::uint32_t visit = 0;
  bool in_order = true;
  const auto add = [&](const Sublist& sublist) {
    in_order = in_order && (sublists.empty() || sublists.back().visit <= sublist.visit);
    sublists.push_back(sublist);
  };
  for (bool more = at != FLUX_NO_ROW; more;) {
    const flux::Sublist found = graph.sublist(at, source);
    const SublistHeader& header = found.header;
    visit += header.delta;
    const bool grouped = header.type == SynapseType::direct && !header.plastic && graph.delay_group() > 1;
    if (!grouped) {
      add({visit, header, found.words, found.base, 0, header.count});
    } else {
      std::uint32_t counts[16] = {};
      for (std::uint32_t i = 0; i < header.count; ++i) ++counts[(found.words[1 + i] & FLUX_FIELD_MASK) >> graph.lag_shift()];
      for (std::uint32_t lag = 0; lag < graph.delay_group(); ++lag) {
        if (counts[lag] > 0) add({visit + lag, header, found.words, found.base, lag, counts[lag]});
      }
    }
    at = found.end;
    more = header.more;
  }
  if (in_order) return;
  std::stable_sort(sublists.begin(), sublists.end(), [](const Sublist& a, const Sublist& b) { return a.visit < b.visit; });
}

std::uint64_t words_of(std::span<const Sublist> sublists) {
  std::uint64_t words = 2 * sublists.size();
  for (const Sublist& sublist : sublists) words += sublist.words();
  return words;
}

// Appends a row. `learned` is advanced by the plastic synapses of the row.
void append_row(const Graph& graph, std::span<const Sublist> sublists, std::span<const LearnedWeight>& learned, Tick last,
                std::vector<Word>& words) {
  const std::size_t row = words.size();
  words.resize(row + 2 * sublists.size());
  const Word target_mask = static_cast<Word>((std::uint64_t{1} << graph.lag_shift()) - 1) & FLUX_FIELD_MASK;
  for (std::size_t i = 0; i < sublists.size(); ++i) {
    const Sublist& sublist = sublists[i];
    words[row + 2 * i] = sublist.visit | sublist.count << 16 | static_cast<Word>(sublist.header.type) << 28 |
                         static_cast<Word>(sublist.header.plastic) << 30;
    words[row + 2 * i + 1] = static_cast<Word>(words.size() - row);
    if (sublist.header.plastic) {
      words.insert(words.end(), {sublist.count, sublist.prefix[1], static_cast<Word>(last), 0});
    }
    const Word* synapse = sublist.synapses();
    const bool as_it_is = sublist.base == 0 && graph.delay_group() == 1;
    if (as_it_is) {
      words.insert(words.end(), synapse, synapse + sublist.count);
    } else {
      for (std::uint32_t k = 0; k < sublist.header.count; ++k) {
        const bool belongs = sublist.count == sublist.header.count || (synapse[k] & FLUX_FIELD_MASK) >> graph.lag_shift() == sublist.lag;
        if (belongs) words.push_back((synapse[k] & FLUX_WEIGHT_MASK) | static_cast<Word>(sublist.base + (synapse[k] & target_mask)));
      }
    }
    if (!sublist.header.plastic) continue;
    for (std::uint32_t k = 0; k < sublist.count; ++k) {
      words.push_back(static_cast<Word>(static_cast<std::uint16_t>(learned[k].short_term)) |
                      static_cast<Word>(static_cast<std::uint16_t>(learned[k].long_term)) << 16);
    }
    learned = learned.subspan(sublist.count);
  }
}

std::uint64_t plastic_sublists(std::span<const Sublist> sublists) {
  return static_cast<std::uint64_t>(std::count_if(sublists.begin(), sublists.end(), [](const Sublist& s) { return s.header.plastic; }));
}

}  // namespace

SynapseTable::~SynapseTable() {
  for (const Part& part : parts_) device_.destroy_buffer(part.buffer);
}

std::uint64_t SynapseTable::largest_part() const {
  return std::min({device_.info().binding_bytes / sizeof(Word), device_.info().buffer_bytes / sizeof(Word), FLUX_PART_WORDS}) &
         ~std::uint64_t{3};
}

Status SynapseTable::add_part(std::uint64_t words) {
  if (words > largest_part()) {
    return Error{fmt::format("a row of {} MB does not fit into one of this GPU's buffers", words * sizeof(Word) / 1000000), "",
                 "use the cpu core"};
  }
  if (parts_.size() == FLUX_MOST_PARTS) {
    return Error{fmt::format("the synapses need more than {} of this GPU's buffers", FLUX_MOST_PARTS), "", "use the cpu core"};
  }
  Part& part = parts_.emplace_back();
  part.capacity = words;
  part.used = FLUX_TABLE_HEADER;
  part.buffer = device_.create_buffer(words * sizeof(Word));
  const Word number = static_cast<Word>(parts_.size() - 1);
  device_.write(part.buffer, 0, std::as_bytes(std::span(&number, 1)));
  return {};
}

Status SynapseTable::build(const Graph& graph, std::span<const LearnedWeight> learned, Tick last) {
  rows_.assign(graph.neuron_count(), {});
  std::vector<Sublist> sublists;
  // How many words go into each part.
  std::vector<std::uint64_t> part_words = {FLUX_TABLE_HEADER};
  for (NeuronIndex source = 0; source < graph.neuron_count(); ++source) {
    if (graph.row_of(source) == FLUX_NO_ROW) continue;
    list_sublists(graph, source, sublists);
    const std::uint64_t words = words_of(sublists);
    if (part_words.back() + words > largest_part()) part_words.push_back(FLUX_TABLE_HEADER);
    part_words.back() += words;
  }
  part_words.back() = std::max(part_words.back(), std::min(largest_part(), part_words.back() + part_words.back() / 8 + FLUX_SPARE_WORDS));
  std::vector<Word> chunk;
  NeuronIndex source = 0;
  for (std::size_t p = 0; p < part_words.size(); ++p) {
    if (Status status = add_part(part_words[p]); !status) return status;
    Part& part = parts_.back();
    chunk.clear();
    const auto hand_over = [&] {
      device_.write(part.buffer, (part.used - chunk.size()) * sizeof(Word), std::as_bytes(std::span(chunk)));
      chunk.clear();
    };
    for (; source < graph.neuron_count(); ++source) {
      if (graph.row_of(source) == FLUX_NO_ROW) continue;
      list_sublists(graph, source, sublists);
      const std::uint64_t words = words_of(sublists);
      if (part.used + words > part.capacity || (p + 1 < part_words.size() && part.used + words > part_words[p])) break;
      rows_[source] = {static_cast<std::uint32_t>(part.used), static_cast<std::uint32_t>(sublists.size() | p << 24)};
      append_row(graph, sublists, learned, last, chunk);
      part.used += words;
      note(sublists, part);
      if (chunk.size() >= FLUX_CHUNK_WORDS) hand_over();
    }
    hand_over();
  }
  assert(source == graph.neuron_count());
  return device_.status();
}

void SynapseTable::write_learned(const Graph& graph, std::span<const LearnedWeight> learned, Tick last) {
  std::vector<Sublist> sublists;
  std::vector<Word> row;
  for (NeuronIndex source = 0; source < graph.neuron_count() && !learned.empty(); ++source) {
    list_sublists(graph, source, sublists);
    if (plastic_sublists(sublists) == 0) continue;
    row.clear();
    append_row(graph, sublists, learned, last, row);
    device_.write(part(rows_[source].sublists >> 24), std::uint64_t{rows_[source].first} * sizeof(Word), std::as_bytes(std::span(row)));
  }
}

Status SynapseTable::replace_row(const Graph& graph, NeuronIndex source, std::span<const LearnedWeight> learned, Tick last) {
  rows_[source] = {};
  std::vector<Sublist> sublists;
  list_sublists(graph, source, sublists);
  if (sublists.empty()) return {};
  const std::uint64_t words = words_of(sublists);
  if (parts_.back().used + words > parts_.back().capacity) {
    const std::uint64_t larger =
        std::max(FLUX_TABLE_HEADER + words, std::min(largest_part(), FLUX_SPARE_WORDS + parts_.back().capacity / 8));
    if (Status status = add_part(larger); !status) return status;
  }
  Part& part = parts_.back();
  std::vector<Word> row;
  append_row(graph, sublists, learned, last, row);
  device_.write(part.buffer, part.used * sizeof(Word), std::as_bytes(std::span(row)));
  rows_[source] = {static_cast<std::uint32_t>(part.used), static_cast<std::uint32_t>(sublists.size() | (parts_.size() - 1) << 24)};
  part.used += words;
  note(sublists, part);
  return {};
}

void SynapseTable::note(std::span<const DeviceSublist> sublists, Part& part) {
  part.plastic_sublists += plastic_sublists(sublists);
  sublists_ += sublists.size();
  for (const Sublist& sublist : sublists) {
    synapses_ += sublist.count;
    consolidates_ = consolidates_ || (sublist.header.plastic && (sublist.prefix[1] & 0xff00u) != 0);
    const bool is_new = !visits_[sublist.visit] || (sublist.header.plastic && !plastic_visits_[sublist.visit]);
    if (!is_new) continue;
    ++visits_version_;
    visits_[sublist.visit] = true;
    if (sublist.header.plastic) plastic_visits_[sublist.visit] = true;
  }
}

std::uint64_t SynapseTable::most_plastic_sublists() const {
  std::uint64_t most = 0;
  for (const Part& part : parts_) most = std::max(most, part.plastic_sublists);
  return most;
}

std::uint64_t SynapseTable::bytes() const {
  std::uint64_t bytes = rows_.capacity() * sizeof(GpuRow);
  for (const Part& part : parts_) bytes += part.capacity * sizeof(Word);
  return bytes;
}

std::uint64_t SynapseTable::row_words(const Graph& graph, NeuronIndex source) {
  std::vector<Sublist> sublists;
  list_sublists(graph, source, sublists);
  return words_of(sublists);
}

void SynapseTable::read_learned(std::span<const Word> row, std::uint32_t sublists, Tick last, std::vector<LearnedWeight>& learned) {
  for (std::uint32_t i = 0; i < sublists; ++i) {
    if ((row[2 * i] >> 30 & 1u) == 0) continue;
    const Word* prefix = row.data() + row[2 * i + 1];
    const std::uint32_t count = prefix[0];
    const Tick fade = static_cast<Tick>(prefix[1] >> 16 & 0xffu) * static_cast<std::uint32_t>(static_cast<std::uint32_t>(last) - prefix[2]);
    for (const Word* word = prefix + FLUX_PLASTIC_PREFIX + count; word != prefix + FLUX_PLASTIC_PREFIX + 2 * count; ++word) {
      const std::int32_t short_term = rule::decay(static_cast<std::int16_t>(*word & 0xffffu), fade);
      learned.push_back({static_cast<std::int16_t>(short_term), static_cast<std::int16_t>(*word >> 16)});
    }
  }
}

}  // namespace flux::webgpu
