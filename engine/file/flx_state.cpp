#include <algorithm>
#include <cstdlib>

#include "flx_parts.h"

namespace flux {
namespace {

// Part "state".
struct StateHead {
  std::int64_t now;
  std::uint64_t spike_count;
  std::uint64_t spike_hash;
  std::uint32_t neuron_count;
  std::uint32_t reserved;
};
static_assert(sizeof(StateHead) == 32);

struct StoredDeparture {
  std::int64_t tick;
  std::uint32_t source;
  std::uint32_t reserved;
};
static_assert(sizeof(StoredDeparture) == 16);
static_assert(sizeof(LearnedWeight) == 4);

// Ranges of docs/model.md.
constexpr int FLUX_MAX_LEVEL = 4080;                  // 1/16 level
constexpr int FLUX_MAX_STORED_THRESHOLD = 255 * 256;  // 1/256 level
constexpr int FLUX_MAX_MODULATION = 32512;            // 1/256 level, and of learned parts
constexpr std::uint32_t FLUX_MAX_OWN_SPIKE = 65536;   // ticks ahead
constexpr Tick FLUX_MAX_TICK = Tick{1} << 62;
constexpr Tick FLUX_LONGEST_AHEAD = 255;       // a departure after `now`: jitter
constexpr Tick FLUX_LONGEST_AGO = 65535 + 64;  // and before: the longest length and the close of its pairing

// Left out of the file when all are zero.
template <class T>
void add_column(FlxWriter& writer, std::string_view tag, const std::vector<T>& values) {
  if (std::any_of(values.begin(), values.end(), [](T value) { return value != 0; })) writer.add_column<T>(tag, values);
}

template <class T>
Status read_column(const FlxContainer& file, std::string_view tag, std::size_t count, std::vector<T>& values) {
  const auto column = column_of<const T>(file, tag, count);
  if (!column) return column.error();
  values.assign(column.value().begin(), column.value().end());
  values.resize(count);
  return {};
}

template <class T, class InRange>
bool all(const std::vector<T>& values, const InRange& in_range) {
  return std::all_of(values.begin(), values.end(), in_range);
}

bool in_range(const NetworkState& state, std::uint32_t neuron_count) {
  const auto within = [](int bound) { return [bound](int value) { return std::abs(value) <= bound; }; };
  return state.now >= 0 && state.now <= FLUX_MAX_TICK && all(state.level, within(FLUX_MAX_LEVEL)) &&
         all(state.threshold, within(FLUX_MAX_STORED_THRESHOLD)) && all(state.modulation, within(FLUX_MAX_MODULATION)) &&
         all(state.own_spike_in, [](std::uint32_t ticks) { return ticks <= FLUX_MAX_OWN_SPIKE; }) &&
         all(state.departures,
             [&](const Departure& departure) {
               return departure.source < neuron_count && departure.tick >= 0 && departure.tick <= state.now + FLUX_LONGEST_AHEAD &&
                      departure.tick >= state.now - FLUX_LONGEST_AGO;
             }) &&
         std::is_sorted(state.departures.begin(), state.departures.end()) && all(state.learned, [](const LearnedWeight& weight) {
           return std::abs(int{weight.short_term}) <= FLUX_MAX_MODULATION && std::abs(int{weight.long_term}) <= FLUX_MAX_MODULATION;
         });
}

}  // namespace

bool has_state_parts(const FlxContainer& file) { return file.find("state") != nullptr; }

void add_state_parts(FlxWriter& writer, const NetworkState& state) {
  const StateHead head{state.now, state.spike_count, state.spike_hash, static_cast<std::uint32_t>(state.level.size()), 0};
  writer.add_owned("state", std::vector<StateHead>{head});
  add_column(writer, "state.level", state.level);
  add_column(writer, "state.threshold", state.threshold);
  add_column(writer, "state.modulation", state.modulation);
  add_column(writer, "state.refractory", state.refractory_left);
  add_column(writer, "state.burst", state.burst_left);
  add_column(writer, "state.own_spike", state.own_spike_in);
  add_column(writer, "state.history", state.history);
  std::vector<StoredDeparture> departures;
  departures.reserve(state.departures.size());
  for (const Departure& departure : state.departures) departures.push_back({departure.tick, departure.source, 0});
  if (!departures.empty()) writer.add_owned("state.departures", std::move(departures));
  if (!state.learned.empty()) writer.add_column<LearnedWeight>("state.learned", state.learned);
}

Result<NetworkState> read_state_parts(const FlxContainer& file, std::uint32_t neuron_count) {
  const auto heads = column_of<const StateHead>(file, "state");
  if (!heads) return heads.error();
  if (heads.value().size() != 1) return file.damaged("part \"state\" has the wrong size");
  const StateHead& head = heads.value().front();
  if (head.neuron_count != neuron_count) return file.damaged("the saved state is that of another circuit");

  NetworkState state;
  state.now = head.now;
  state.spike_count = head.spike_count;
  state.spike_hash = head.spike_hash;
  if (Status status = read_column(file, "state.level", neuron_count, state.level); !status) return status.error();
  if (Status status = read_column(file, "state.threshold", neuron_count, state.threshold); !status) return status.error();
  if (Status status = read_column(file, "state.modulation", neuron_count, state.modulation); !status) return status.error();
  if (Status status = read_column(file, "state.refractory", neuron_count, state.refractory_left); !status) return status.error();
  if (Status status = read_column(file, "state.burst", neuron_count, state.burst_left); !status) return status.error();
  if (Status status = read_column(file, "state.own_spike", neuron_count, state.own_spike_in); !status) return status.error();
  if (Status status = read_column(file, "state.history", neuron_count, state.history); !status) return status.error();
  const auto departures = column_of<const StoredDeparture>(file, "state.departures");
  if (!departures) return departures.error();
  for (const StoredDeparture& departure : departures.value()) state.departures.push_back({departure.tick, departure.source});
  const auto learned = column_of<const LearnedWeight>(file, "state.learned");
  if (!learned) return learned.error();
  state.learned.assign(learned.value().begin(), learned.value().end());
  if (!in_range(state, neuron_count)) return file.damaged("the saved state has values out of range");
  return state;
}

}  // namespace flux
