#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <unordered_map>

#include "graph/graph.h"
#include "row_encoder.h"

namespace flux {

namespace {

// The index of a set of properties, added when it is new.
Result<std::uint16_t> intern_type(std::vector<NeuronProperties>& types, const NeuronProperties& properties) {
  if (Status status = check_properties(properties); !status) return status.error();
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i] == properties) return static_cast<std::uint16_t>(i);
  }
  if (types.size() == FLUX_MAX_TYPES) {
    return Error{fmt::format("more than {} different sets of neuron properties", FLUX_MAX_TYPES), "",
                 "let more neurons share their properties"};
  }
  types.push_back(properties);
  return static_cast<std::uint16_t>(types.size() - 1);
}

// The largest magnitude the weight can have: a plastic one may come to be anything of its sign.
std::int64_t strongest(const SynapseProperties& p) { return p.plastic() ? 128 : std::abs(static_cast<int>(p.weight)); }

// Room for one more element; grows by half so that adding neurons one by one stays cheap.
template <class T>
bool grow(Array<T>& column, std::uint64_t used) {
  if (used < column.size()) return true;
  return column.resize(used + used / 2 + 64);
}

}  // namespace

Graph Graph::clone() const {
  Graph copy = *this;
  (void)copy.columns_.type_of.resize(columns_.type_of.size());  // into memory of its own
  (void)copy.columns_.row_of.resize(columns_.row_of.size());
  (void)copy.columns_.instance_slots.resize(columns_.instance_slots.size());
  return copy;
}

std::uint64_t Graph::most_neurons() const {
  return is_plain() ? std::min<std::uint64_t>(FLUX_MAX_NEURONS, std::uint64_t{1} << lag_shift()) : FLUX_MAX_ALL_NEURONS;
}

Result<NeuronIndex> Graph::add_neuron(const NeuronProperties& properties) {
  const NeuronIndex neuron = neuron_count();
  if (neuron >= most_neurons()) {
    return Error{fmt::format("no room for more than {} neurons in this network while it runs", neuron), "", "save it and open it again"};
  }
  auto type = intern_type(columns_.types, properties);
  if (!type) return type.error();
  if (!is_plain()) return append_neuron(type.value());
  if (!grow(columns_.type_of, neuron) || !grow(columns_.row_of, neuron)) return Error{"memory ran out", "", "free memory and try again"};
  columns_.type_of[neuron] = type.value();
  columns_.row_of[neuron] = FLUX_NO_ROW;
  ++columns_.neuron_count;
  if (!removed_.empty()) removed_.push_back(false);
  edited_ = true;
  return neuron;
}

Status Graph::set_properties(NeuronIndex neuron, const NeuronProperties& properties) {
  assert(exists(neuron));
  auto type = intern_type(columns_.types, properties);
  if (!type) return type.error();
  const auto slot = own_slot(neuron);
  if (!slot) return slot.error();
  columns_.type_of[slot.value()] = type.value();
  edited_ = true;
  return {};
}

void Graph::remove_neuron(NeuronIndex neuron) {
  assert(exists(neuron) && row_of(neuron) == FLUX_NO_ROW);
  if (removed_.empty()) removed_.resize(neuron_count(), false);
  removed_[neuron] = true;
  ++removed_count_;
  edited_ = true;
}

// Adds (+1) or takes away (-1) what the row counts for.
void Graph::count_row(NeuronIndex source, int sign) {
  const auto step = static_cast<std::uint64_t>(static_cast<std::int64_t>(sign));
  for (const RowSynapse& synapse : row(source)) {
    synapse_count_ += step;
    if (synapse.properties.plastic()) plastic_count_ += step;
  }
}

// Rows that instances share go on for the others.
void Graph::count_waste(NeuronIndex source) {
  const std::uint64_t row = row_of(source);
  if (row == FLUX_NO_ROW || (!is_plain() && row < columns_.words.size())) return;
  wasted_words_ += row_end(source) - row;
  for (const RowSynapse& synapse : this->row(source)) {
    if (synapse.properties.plastic())
      wasted_learned_ += synapse.learned == synapse.learned_sublist + 1 ? 2 : 1;  // the first: its sublist's
  }
}

bool Graph::is_wasteful() const {
  constexpr std::uint64_t FLUX_ALWAYS_FINE = std::uint64_t{1} << 20;  // words
  const auto is_most = [](std::uint64_t wasted, std::uint64_t all) { return wasted > FLUX_ALWAYS_FINE && wasted > all - wasted; };
  return is_most(wasted_words_, columns_.words.size() + arena_.size()) || is_most(wasted_learned_, columns_.learned_words);
}

// The bounds only grow, so that whoever sizes its arithmetic by them stays right and an edit costs by its row. The bound on inflow of a
// plain graph is counted anew, over all rows, before it is allowed to leave 16 bits.
void Graph::widen_bounds(NeuronIndex source) {
  std::unordered_map<NeuronIndex, std::int64_t> inflow;  // most that this row can bring to each target
  for (const RowSynapse& synapse : row(source)) {
    const SynapseProperties& p = synapse.properties;
    has_type_[static_cast<std::size_t>(p.type)] = true;
    longest_delta_ = std::max(longest_delta_, synapse.visit);
    longest_length_ = std::max<std::uint64_t>(longest_length_, p.length);
    if (p.type == SynapseType::direct) inflow[synapse.target] += strongest(p);
  }
  std::int64_t most = 0;
  for (const auto& [target, sum] : inflow) most = std::max(most, sum);
  const bool fitted = fits_16_bits();
  inflow_bound_ += most;
  if (!fitted || fits_16_bits() || !is_plain()) return;  // counting anew would take a look at every instance
  std::vector<std::int64_t> positive(neuron_count()), negative(neuron_count());
  for (NeuronIndex neuron = 0; neuron < neuron_count(); ++neuron) {
    for (const RowSynapse& synapse : row(neuron)) {
      if (synapse.properties.type != SynapseType::direct) continue;
      (synapse.properties.weight >= 0 ? positive : negative)[synapse.target] += strongest(synapse.properties);
    }
  }
  inflow_bound_ = std::max(*std::max_element(positive.begin(), positive.end()), *std::max_element(negative.begin(), negative.end()));
}

Status Graph::replace_row(NeuronIndex source, std::span<const SynapseSpec> synapses) {
  assert(exists(source));
  for (const SynapseSpec& synapse : synapses) {
    if (Status status = check_properties(synapse.properties); !status) return status;
    assert(exists(synapse.target));
  }
  const std::uint64_t offset = columns_.words.size() + arena_.size();
  std::uint64_t learned = columns_.learned_words;
  const auto slot = own_slot(source);
  if (!slot) return slot.error();
  RowEncoder encoder({delay_group(), lag_shift(), is_plain()});
  std::vector<InitialLongTerm> unused;  // the core keeps what was learned; it asks row() where it belongs now
  const std::size_t arena_before = arena_.size();
  encoder.encode({source}, synapses, arena_, learned, unused);
  if (learned > UINT32_MAX) {
    arena_.resize(arena_before);
    return Error{"no room for more learned weights in this network while it runs", "", "save it and open it again"};
  }
  count_row(source, -1);
  count_waste(source);
  columns_.learned_words = learned;
  columns_.row_of[slot.value()] = synapses.empty() ? FLUX_NO_ROW : offset;
  count_row(source, +1);
  edited_ = true;
  widen_bounds(source);
  return {};
}

}  // namespace flux
