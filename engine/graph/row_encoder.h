// From a set of synapses to the words of a row; see graph.h for the encoding.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/graph.h"

namespace flux {

struct RowLayout {
  std::uint32_t delay_group = 1;
  std::uint32_t lag_shift = FLUX_TARGET_BITS;
  bool plain = true;  // as Graph::is_plain(); else delay_group is 1
};

// Whose row it is, and which of its targets (first..end-1) it means relative to the source. Only looked at where the layout is not plain.
struct RowOwner {
  NeuronIndex source = 0;
  NeuronIndex first = 0;
  NeuronIndex end = ~NeuronIndex{0};
};

// Encodes rows one after the other; keeps its working memory between them.
class RowEncoder {
 public:
  explicit RowEncoder(const RowLayout& layout) : layout_(layout) {}

  // Appends the row of these synapses to `words`; its plastic sublists take words from `learned_words` on, which is advanced. Initial
  // long-term parts that are not zero are appended to `long_term`. Nothing is appended for an empty set.
  void encode(const RowOwner& owner, std::span<const SynapseSpec> synapses, std::vector<Word>& words, std::uint64_t& learned_words,
              std::vector<InitialLongTerm>& long_term);

 private:
  struct Item {
    std::uint64_t key;      // visit | type | plastic | rates: equal keys share a sublist
    std::uint64_t payload;  // target order first, then weight, then long-term part
  };
  Item item_of(const SynapseSpec& synapse) const;
  void sort_items(std::span<const SynapseSpec> synapses);
  // What the targets of a sublist count from.
  struct Base {
    enum class Kind : std::uint8_t { plain, near, far, absolute } kind;
    NeuronIndex first = 0;  // far, absolute: the lowest target
    friend bool operator==(const Base&, const Base&) = default;
  };
  Base base_of(const RowOwner& owner, const Item& item) const;
  bool continues(const RowOwner& owner, const Base& base, const Item& item) const;
  void emit(const RowOwner& owner, const Base& base, std::span<const Item> sublist, std::uint32_t delta, bool more,
            std::vector<Word>& words, std::uint64_t& learned_words, std::vector<InitialLongTerm>& long_term) const;

  RowLayout layout_;
  std::vector<Item> items_, sorted_;
  std::vector<std::uint32_t> bucket_end_;
};

}  // namespace flux
