#include "graph/state.h"

#include <bit>

#ifndef XXH_INLINE_ALL
#define XXH_INLINE_ALL
#endif
#include <xxhash.h>

namespace flux {

static_assert(std::endian::native == std::endian::little, "the hash is defined over little-endian bytes");

namespace {

template <class T>
void update(XXH3_state_t* hash, const std::vector<T>& values) {
  const std::uint64_t count = values.size();
  XXH3_64bits_update(hash, &count, sizeof count);
  XXH3_64bits_update(hash, values.data(), values.size() * sizeof(T));
}

}  // namespace

std::uint64_t hash_state(const NetworkState& state) {
  XXH3_state_t hash;
  XXH3_64bits_reset(&hash);
  XXH3_64bits_update(&hash, &state.now, sizeof state.now);
  update(&hash, state.level);
  update(&hash, state.threshold);
  update(&hash, state.modulation);
  update(&hash, state.refractory_left);
  update(&hash, state.burst_left);
  update(&hash, state.own_spike_in);
  update(&hash, state.history);
  static_assert(sizeof(Departure) == 16 && sizeof(LearnedWeight) == 4);
  std::vector<std::uint64_t> departures;  // without the padding of the structure
  departures.reserve(2 * state.departures.size());
  for (const Departure& departure : state.departures) {
    departures.push_back(static_cast<std::uint64_t>(departure.tick));
    departures.push_back(departure.source);
  }
  update(&hash, departures);
  update(&hash, state.learned);
  return XXH3_64bits_digest(&hash);
}

}  // namespace flux
