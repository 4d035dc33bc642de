// What is to happen at which future tick. A wheel of slots, one per tick up to the farthest that anything is planned ahead; the entries
// of a slot lie in chunks from a pool, so that a tick allocates nothing once the pool has its size and memory follows what is planned.
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>
#include <memory>
#include <vector>

#include "graph/properties.h"

namespace flux {

template <class Entry>
class TimingWheel {
 public:
  // Room for entries up to `ahead` ticks after the current one.
  explicit TimingWheel(std::uint64_t ahead = 1) : slots_(std::bit_ceil(ahead + 2)) {}

  std::uint64_t span() const { return slots_.size(); }

  void push(Tick tick, Entry entry) {
    Slot& slot = slot_of(tick);
    if (slot.last == FLUX_NONE || chunk(slot.last).count == Chunk::FLUX_CAPACITY) append_chunk(slot);
    Chunk& last = chunk(slot.last);
    last.entries[last.count++] = entry;
  }

  // Moves what is planned for `tick` to `entries` (replacing them).
  void take(Tick tick, std::vector<Entry>& entries) {
    entries.clear();
    Slot& slot = slot_of(tick);
    std::size_t count = 0;
    for (std::uint32_t at = slot.first; at != FLUX_NONE; at = chunk(at).next) count += chunk(at).count;
    if (count > entries.capacity()) entries.reserve(count + count / 16);  // not the double: this is memory per neuron
    for (std::uint32_t at = slot.first; at != FLUX_NONE;) {
      Chunk& taken = chunk(at);
      entries.insert(entries.end(), taken.entries, taken.entries + taken.count);
      const std::uint32_t next = taken.next;
      taken.next = free_;
      free_ = at;
      at = next;
    }
    slot = {};
  }

  // Calls visit(tick, entry) for all that is planned from `now` on.
  template <class Visit>
  void for_each(Tick now, Visit visit) const {
    for (std::uint64_t i = 0; i < slots_.size(); ++i) {
      const Tick tick = now + static_cast<Tick>(i);
      for (std::uint32_t at = slots_[static_cast<std::uint64_t>(tick) & (slots_.size() - 1)].first; at != FLUX_NONE; at = chunk(at).next) {
        for (std::uint32_t k = 0; k < chunk(at).count; ++k) visit(tick, chunk(at).entries[k]);
      }
    }
  }

  // Calls visit(tick, entry) for all that is planned from `now` on; those for which it returns false are taken out.
  template <class Visit>
  void filter(Tick now, Visit visit) {
    for (std::uint64_t i = 0; i < slots_.size(); ++i) {
      const Tick tick = now + static_cast<Tick>(i);
      for (std::uint32_t at = slot_of(tick).first; at != FLUX_NONE; at = chunk(at).next) {
        Chunk& filtered = chunk(at);
        std::uint32_t kept = 0;
        for (std::uint32_t k = 0; k < filtered.count; ++k) {
          if (visit(tick, filtered.entries[k])) filtered.entries[kept++] = filtered.entries[k];
        }
        filtered.count = kept;
      }
    }
  }

  // Makes room for entries up to `ahead` ticks after `now`; keeps what is planned.
  void reach(Tick now, std::uint64_t ahead) {
    if (ahead + 1 < slots_.size()) return;
    TimingWheel larger(ahead);
    for_each(now, [&](Tick tick, Entry entry) { larger.push(tick, entry); });
    *this = std::move(larger);
  }

  void clear() {
    pages_.clear();
    chunk_count_ = 0;
    free_ = FLUX_NONE;
    for (Slot& slot : slots_) slot = {};
  }

  std::uint64_t bytes() const { return slots_.size() * sizeof(Slot) + pages_.size() * FLUX_PAGE * sizeof(Chunk); }

 private:
  static constexpr std::uint32_t FLUX_NONE = ~0u;
  static constexpr std::uint32_t FLUX_PAGE = 4;  // chunks
  struct Chunk {
    static constexpr std::uint32_t FLUX_CAPACITY = (256 - 8) / sizeof(Entry);
    Entry entries[FLUX_CAPACITY];
    std::uint32_t count = 0;
    std::uint32_t next = FLUX_NONE;
  };
  struct Slot {
    std::uint32_t first = FLUX_NONE, last = FLUX_NONE;
  };

  Chunk& chunk(std::uint32_t index) { return pages_[index / FLUX_PAGE][index % FLUX_PAGE]; }
  const Chunk& chunk(std::uint32_t index) const { return pages_[index / FLUX_PAGE][index % FLUX_PAGE]; }
  Slot& slot_of(Tick tick) { return slots_[static_cast<std::uint64_t>(tick) & (slots_.size() - 1)]; }

  void append_chunk(Slot& slot) {
    std::uint32_t added = free_;
    if (added == FLUX_NONE) {
      if (chunk_count_ == pages_.size() * FLUX_PAGE) pages_.push_back(std::make_unique<Chunk[]>(FLUX_PAGE));
      added = chunk_count_++;
    } else {
      free_ = chunk(added).next;
    }
    chunk(added).count = 0;
    chunk(added).next = FLUX_NONE;
    (slot.last == FLUX_NONE ? slot.first : chunk(slot.last).next) = added;
    slot.last = added;
  }

  std::vector<Slot> slots_;                      // a power of two
  std::vector<std::unique_ptr<Chunk[]>> pages_;  // FLUX_PAGE chunks each, so that the pool grows by little
  std::uint32_t chunk_count_ = 0;                // handed out so far
  std::uint32_t free_ = FLUX_NONE;               // head of the list of unused chunks
};

}  // namespace flux
