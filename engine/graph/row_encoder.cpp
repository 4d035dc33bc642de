#include "row_encoder.h"

#include <algorithm>
#include <cassert>

namespace flux {

namespace {

// Layout of Item::key: visit in 32-47, type 30-31, plastic 29, rates 0-23.
std::uint64_t visit_of(std::uint64_t key) { return key >> 32; }
SynapseType type_of(std::uint64_t key) { return static_cast<SynapseType>((key >> 30) & 3u); }
bool plastic_of(std::uint64_t key) { return ((key >> 29) & 1u) != 0; }
Word rates_of(std::uint64_t key) { return static_cast<Word>(key & 0xffffffu); }

// Layout of Item::payload: field (plain: lag and target, else the target) in 32-63, weight + 128 in 16-23, long-term part + 32768 in 0-15.
// `origin` is what the word's target counts from.
Word word_of(std::uint64_t payload, NeuronIndex origin) {
  const auto weight = static_cast<std::int32_t>((payload >> 16) & 0xffu) - 128;
  return (static_cast<Word>(payload >> 32) - origin) | static_cast<Word>(weight) << 24;
}
NeuronIndex target_of(std::uint64_t payload) { return static_cast<NeuronIndex>(payload >> 32); }
std::int32_t long_term_of(std::uint64_t payload) { return static_cast<std::int32_t>(payload & 0xffffu) - 32768; }

constexpr std::uint32_t FLUX_MAX_BUCKETS = 1024;  // visits of a row that are sorted by counting

}  // namespace

RowEncoder::Item RowEncoder::item_of(const SynapseSpec& synapse) const {
  const SynapseProperties& p = synapse.properties;
  assert(p.length >= 1);
  const bool grouped = p.type == SynapseType::direct && !p.plastic();
  const std::uint32_t group = grouped ? layout_.delay_group : 1u;
  const std::uint32_t visit = (p.length - 1u) / group * group + 1u;
  const std::uint32_t lag = p.length - visit;
  const Word rates = p.plastic() ? static_cast<Word>(p.stm_rate | p.ltm_rate << 8 | p.restoration_rate << 16) : 0u;
  const std::uint64_t field = layout_.plain ? static_cast<std::uint64_t>(lag) << layout_.lag_shift | synapse.target : synapse.target;
  const int long_term = p.plastic() ? synapse.long_term : 0;
  return {static_cast<std::uint64_t>(visit) << 32 | static_cast<std::uint64_t>(p.type) << 30 |
              static_cast<std::uint64_t>(p.plastic()) << 29 | rates,
          field << 32 | static_cast<std::uint64_t>(p.weight + 128) << 16 | static_cast<std::uint64_t>(long_term + 32768)};
}

// Fills sorted_ with the items in the order of key, then payload. Visits are few in most rows: they are told apart by counting.
void RowEncoder::sort_items(std::span<const SynapseSpec> synapses) {
  items_.clear();
  std::uint64_t last_visit = 0;
  for (const SynapseSpec& synapse : synapses) {
    items_.push_back(item_of(synapse));
    last_visit = std::max(last_visit, visit_of(items_.back().key));
  }
  const auto by_key_and_payload = [](const Item& a, const Item& b) { return a.key != b.key ? a.key < b.key : a.payload < b.payload; };
  if (last_visit >= FLUX_MAX_BUCKETS) {
    sorted_ = items_;
    std::sort(sorted_.begin(), sorted_.end(), by_key_and_payload);
    return;
  }
  bucket_end_.assign(last_visit + 2, 0);
  for (const Item& item : items_) ++bucket_end_[visit_of(item.key) + 1];
  for (std::size_t i = 1; i < bucket_end_.size(); ++i) bucket_end_[i] += bucket_end_[i - 1];
  sorted_.resize(items_.size());
  for (const Item& item : items_) sorted_[bucket_end_[visit_of(item.key)]++] = item;  // now the end of its bucket
  std::uint32_t begin = 0;
  for (std::size_t i = 0; i + 1 < bucket_end_.size(); ++i) {
    std::sort(sorted_.begin() + begin, sorted_.begin() + bucket_end_[i], by_key_and_payload);
    begin = bucket_end_[i];
  }
}

RowEncoder::Base RowEncoder::base_of(const RowOwner& owner, const Item& item) const {
  if (layout_.plain) return {Base::Kind::plain};
  const NeuronIndex target = target_of(item.payload);
  if (target < owner.first || target >= owner.end) return {Base::Kind::absolute, target};
  const std::int64_t distance = std::int64_t{target} - owner.source;
  const bool is_near = distance >= -std::int64_t{FLUX_NEAR} && distance < std::int64_t{FLUX_NEAR};
  return is_near ? Base{Base::Kind::near} : Base{Base::Kind::far, target};
}

// Whether an item with a target not below those before it may stand in the same sublist.
bool RowEncoder::continues(const RowOwner& owner, const Base& base, const Item& item) const {
  const Base own = base_of(owner, item);
  return own.kind == base.kind && own.first - base.first < FLUX_MAX_NEURONS;
}

void RowEncoder::emit(const RowOwner& owner, const Base& base, std::span<const Item> sublist, std::uint32_t delta, bool more,
                      std::vector<Word>& words, std::uint64_t& learned_words, std::vector<InitialLongTerm>& long_term) const {
  const std::uint64_t key = sublist.front().key;
  NeuronIndex origin = base.kind == Base::Kind::near ? owner.source - FLUX_NEAR : 0;
  if (base.kind == Base::Kind::far || base.kind == Base::Kind::absolute) {
    const bool absolute = base.kind == Base::Kind::absolute;
    origin = base.first;
    words.push_back(SublistHeader{absolute ? 1u : 0u, delta, SublistHeader::FLUX_FAR, false, true}.encode());
    words.push_back(absolute ? origin : origin - owner.source);
    delta = 0;
  }
  words.push_back(SublistHeader{static_cast<std::uint32_t>(sublist.size()), delta, type_of(key), plastic_of(key), more}.encode());
  if (plastic_of(key)) {
    words.push_back(rates_of(key));
    words.push_back(static_cast<Word>(learned_words));
    for (std::size_t i = 0; i < sublist.size(); ++i) {
      const std::int32_t value = long_term_of(sublist[i].payload);
      if (value != 0) long_term.push_back({static_cast<std::uint32_t>(learned_words + 1 + i), value});
    }
    learned_words += 1 + sublist.size();
  }
  for (const Item& item : sublist) words.push_back(word_of(item.payload, origin));
}

void RowEncoder::encode(const RowOwner& owner, std::span<const SynapseSpec> synapses, std::vector<Word>& words,
                        std::uint64_t& learned_words, std::vector<InitialLongTerm>& long_term) {
  if (synapses.empty()) return;
  sort_items(synapses);
  const std::span<const Item> items(sorted_);
  std::uint64_t visited = 0;  // ticks after the spike
  for (std::size_t begin = 0; begin < items.size();) {
    const Base base = base_of(owner, items[begin]);
    std::size_t end = begin + 1;
    while (end < items.size() && items[end].key == items[begin].key && end - begin < FLUX_SUBLIST_MAX &&
           (layout_.plain || continues(owner, base, items[end]))) {
      ++end;
    }
    const std::uint64_t visit = visit_of(items[begin].key);
    emit(owner, base, items.subspan(begin, end - begin), static_cast<std::uint32_t>(visit - visited), end < items.size(), words,
         learned_words, long_term);
    visited = visit;
    begin = end;
  }
}

}  // namespace flux
