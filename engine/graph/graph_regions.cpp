// Graphs in which circuits are repeated: whose slots are whose, and what the shared rows add up to.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <unordered_map>

#include "graph/graph.h"

namespace flux {

namespace {

// Most that can arrive at one neuron in one tick, by sign; both are magnitudes.
struct Inflow {
  std::int64_t excitation = 0, inhibition = 0;

  void add(const SublistHeader& header, Word word, std::int64_t times) {
    const std::int32_t weight = static_cast<std::int32_t>(word) >> 24;
    // A plastic weight may come to be anything of its sign.
    if (weight >= 0) excitation += times * (header.plastic ? 127 : weight);
    if (weight < 0) inhibition += times * (header.plastic ? 128 : -weight);
  }
  void add(const Inflow& other) {
    excitation += other.excitation;
    inhibition += other.inhibition;
  }
  void raise_to(const Inflow& other) {
    excitation = std::max(excitation, other.excitation);
    inhibition = std::max(inhibition, other.inhibition);
  }
  std::int64_t most() const { return std::max(excitation, inhibition); }
};

struct InflowAt {
  NeuronIndex target;
  Inflow inflow;
};

}  // namespace

const Region& Graph::region_of(NeuronIndex neuron) const {
  const auto after = std::upper_bound(columns_.regions.begin(), columns_.regions.end(), neuron,
                                      [](NeuronIndex n, const Region& region) { return n < region.first; });
  return *(after - 1);
}

std::uint32_t Graph::find_slot(NeuronIndex neuron) const {
  const Region& region = region_of(neuron);
  const std::uint32_t place = neuron - region.first;
  if (region.stride == 0) return region.slot + place;
  return columns_.instance_slots[region.instance + place / region.stride] + place % region.stride;
}

std::uint64_t Graph::find_row(NeuronIndex neuron) const {
  const std::uint64_t row = columns_.row_of[find_slot(neuron)];
  if (row == FLUX_NO_ROW || (row & FLUX_OWN_ROWS) == 0) return row;
  const Region& region = region_of(neuron);
  return columns_.own_rows[(row & ~FLUX_OWN_ROWS) + (neuron - region.first) / region.stride];
}

std::uint32_t Graph::find_learned_base(NeuronIndex source, std::uint64_t offset) const {
  const Region& region = region_of(source);
  if (region.stride == 0 || offset >= columns_.words.size()) return 0;
  return region.learned + (source - region.first) / region.stride * region.learned_stride;
}

void Graph::types_of(NeuronIndex first, std::span<std::uint16_t> types) const {
  const auto in_graph = static_cast<std::size_t>(std::min<std::uint64_t>(types.size(), std::uint64_t{neuron_count()} - first));
  std::fill(types.begin() + static_cast<std::ptrdiff_t>(in_graph), types.end(), std::uint16_t{0});
  for (std::size_t done = 0; done < in_graph;) {
    const NeuronIndex neuron = first + static_cast<NeuronIndex>(done);
    // As far as slots follow one another: to the end of the region or instance.
    const Region* region = is_plain() ? nullptr : &region_of(neuron);
    std::uint64_t end = neuron_count();
    if (region != nullptr && region != &columns_.regions.back()) end = (region + 1)->first;
    if (region != nullptr && region->stride != 0) {
      end = neuron + region->stride - (neuron - region->first) % region->stride;
    }
    const std::size_t count = std::min<std::size_t>(in_graph - done, end - neuron);
    const std::uint16_t* from = columns_.type_of.data() + slot_of(neuron);
    std::copy(from, from + count, types.begin() + static_cast<std::ptrdiff_t>(done));
    done += count;
  }
}

Result<std::uint32_t> Graph::own_slot(NeuronIndex neuron) {
  if (is_plain()) return neuron;
  const Region region = region_of(neuron);
  if (region.stride == 0) return region.slot + (neuron - region.first);
  const std::uint32_t number = (neuron - region.first) / region.stride;
  std::uint32_t& first = columns_.instance_slots[region.instance + number];
  const std::uint32_t place = (neuron - region.first) % region.stride;
  if (first >= shared_slots_) return first + place;
  const std::uint32_t added = columns_.slot_count;
  const std::uint64_t needed = std::uint64_t{added} + region.stride;
  const std::uint64_t room = needed + needed / 2;
  if ((columns_.type_of.size() < needed && !columns_.type_of.resize(room)) ||
      (columns_.row_of.size() < needed && !columns_.row_of.resize(room)) || needed > UINT32_MAX) {
    return Error{"memory ran out", "", "free memory and try again"};
  }
  for (std::uint32_t i = 0; i < region.stride; ++i) {
    columns_.type_of[added + i] = columns_.type_of[first + i];
    columns_.row_of[added + i] = row_of(neuron - place + i);
  }
  columns_.slot_count += region.stride;
  first = added;
  return added + place;
}

// Added neurons are instances of one neuron each, so that their slots may stand anywhere.
Result<NeuronIndex> Graph::append_neuron(std::uint16_t type) {
  const NeuronIndex neuron = neuron_count();
  const std::uint32_t slot = columns_.slot_count;
  const std::uint32_t instance = columns_.instance_count;
  const auto fits = [](auto& column, std::uint64_t used) { return used < column.size() || column.resize(used + used / 2 + 64); };
  if (!fits(columns_.type_of, slot) || !fits(columns_.row_of, slot) || !fits(columns_.instance_slots, instance)) {
    return Error{"memory ran out", "", "free memory and try again"};
  }
  const bool begins = columns_.regions.back().stride != 1 || columns_.instance_slots[columns_.regions.back().instance] < shared_slots_;
  if (begins) columns_.regions.push_back({neuron, 1, 0, instance, 0, 0});
  columns_.type_of[slot] = type;
  columns_.row_of[slot] = FLUX_NO_ROW;
  columns_.instance_slots[instance] = slot;
  ++columns_.slot_count;
  ++columns_.instance_count;
  ++columns_.neuron_count;
  if (!removed_.empty()) removed_.push_back(false);
  edited_ = true;
  return neuron;
}

// Counts and bounds. What instances give one another is the sum, over all sources and distances, of the most that any variant brings: no
// instance can get more.
void Graph::scan_shared() {
  std::vector<Inflow> inflow_of_slot(columns_.slot_count);           // of neurons with slots of their own
  std::vector<InflowAt> into_instances;                              // from outside, or by rows of single instances
  std::vector<std::vector<Inflow>> shared(columns_.regions.size());  // per neuron of an instance

  const auto scan = [&](NeuronIndex source, std::int64_t times, auto&& relative) {
    std::uint64_t ticks = 0;
    std::uint64_t at = row_of(source);
    for (bool more = at != FLUX_NO_ROW; more;) {
      const bool absolute = SublistHeader::decode(*words(at)).is_far() && SublistHeader::decode(*words(at)).count != 0;
      const Sublist sublist = this->sublist(at, source);
      const SublistHeader& header = sublist.header;
      ticks += header.delta;
      has_type_[static_cast<std::size_t>(header.type)] = true;
      synapse_count_ += static_cast<std::uint64_t>(times) * header.count;
      if (header.plastic) plastic_count_ += static_cast<std::uint64_t>(times) * header.count;
      longest_delta_ = std::max<std::uint64_t>(longest_delta_, header.delta);
      longest_length_ = std::max<std::uint64_t>(longest_length_, ticks);
      for (std::uint32_t i = 0; i < header.count && header.type == SynapseType::direct; ++i) {
        const Word word = sublist.synapses()[i];
        const auto target = static_cast<NeuronIndex>(sublist.base + (word & target_mask()));
        if (!absolute && relative(target, header, word)) continue;
        Inflow inflow;
        inflow.add(header, word, times);
        if (region_of(target).stride == 0) {
          inflow_of_slot[find_slot(target)].add(inflow);
        } else {
          into_instances.push_back({target, inflow});
        }
      }
      at = sublist.end;
      more = header.more;
    }
  };

  for (std::size_t r = 0; r < columns_.regions.size(); ++r) {
    const Region& region = columns_.regions[r];
    const NeuronIndex end = r + 1 < columns_.regions.size() ? columns_.regions[r + 1].first : neuron_count();
    if (region.stride == 0) {
      for (NeuronIndex source = region.first; source < end; ++source) scan(source, 1, [](auto&&...) { return false; });
      continue;
    }
    shared[r].resize(region.stride);
    const std::uint32_t instances = (end - region.first) / region.stride;
    std::unordered_map<std::uint32_t, std::pair<std::uint32_t, std::int64_t>> variants;  // by slot: first instance and number
    for (std::uint32_t i = 0; i < instances; ++i) {
      ++variants.try_emplace(columns_.instance_slots[region.instance + i], i, 0).first->second.second;
    }
    for (std::uint32_t place = 0; place < region.stride; ++place) {
      std::unordered_map<NeuronIndex, InflowAt> most;        // by distance modulo 2^32; the target is a neuron of an instance
      std::unordered_map<std::uint64_t, std::int64_t> rows;  // variants may share single rows: by offset, how many instances
      for (const auto& [slot, variant] : variants) {
        const std::uint64_t row = columns_.row_of[slot + place];
        if (row != FLUX_NO_ROW && (row & FLUX_OWN_ROWS) == 0) rows[row] += variant.second;
      }
      for (const auto& [slot, variant] : variants) {
        const std::uint64_t row = columns_.row_of[slot + place];
        const NeuronIndex source = region.first + variant.first * region.stride + place;
        if (row == FLUX_NO_ROW || (row & FLUX_OWN_ROWS) != 0) continue;
        const auto left = rows.find(row);
        if (left == rows.end()) continue;
        std::unordered_map<NeuronIndex, Inflow> of_row;
        scan(source, left->second, [&](NeuronIndex target, const SublistHeader& header, Word word) {
          of_row[target].add(header, word, 1);
          return true;
        });
        rows.erase(left);
        for (const auto& [target, inflow] : of_row) {
          const auto entry = most.try_emplace(target - source, InflowAt{(target - region.first) % region.stride, {}}).first;
          entry->second.inflow.raise_to(inflow);
        }
      }
      for (const auto& [distance, inflow] : most) shared[r][inflow.target].add(inflow.inflow);
      const bool own = std::any_of(variants.begin(), variants.end(), [&](const auto& variant) {
        const std::uint64_t row = columns_.row_of[variant.first + place];
        return row != FLUX_NO_ROW && (row & FLUX_OWN_ROWS) != 0;
      });
      if (!own) continue;
      for (std::uint32_t i = 0; i < instances; ++i) scan(region.first + i * region.stride + place, 1, [](auto&&...) { return false; });
    }
  }

  for (const Inflow& inflow : inflow_of_slot) inflow_bound_ = std::max(inflow_bound_, inflow.most());
  for (const auto& region : shared) {
    for (const Inflow& inflow : region) inflow_bound_ = std::max(inflow_bound_, inflow.most());
  }
  std::sort(into_instances.begin(), into_instances.end(), [](const InflowAt& a, const InflowAt& b) { return a.target < b.target; });
  for (std::size_t begin = 0; begin < into_instances.size();) {
    const NeuronIndex target = into_instances[begin].target;
    const Region& region = region_of(target);
    Inflow sum = shared[static_cast<std::size_t>(&region - columns_.regions.data())][(target - region.first) % region.stride];
    for (; begin < into_instances.size() && into_instances[begin].target == target; ++begin) sum.add(into_instances[begin].inflow);
    inflow_bound_ = std::max(inflow_bound_, sum.most());
  }
}

Result<Graph> Graph::rewritten() const {
  GraphHints hints;
  hints.neurons = neuron_count();
  hints.synapses = synapse_count();
  hints.delay_group = delay_group();  // so that rows keep their order
  GraphBuilder builder(settings(), hints);
  for (NeuronIndex n = 0; n < neuron_count(); ++n) {
    if (Status status = builder.add_neurons(properties(n)); !status) return status.error();
  }
  std::unordered_map<std::uint64_t, std::int32_t> long_term;
  for_each_long_term([&](std::uint32_t learned, std::int32_t value) { long_term[learned] = value; });
  std::vector<SynapseSpec> specs;
  for (NeuronIndex n = 0; n < neuron_count(); ++n) {
    specs.clear();
    for (const RowSynapse& synapse : row(n)) {
      const auto value = synapse.properties.plastic() ? long_term.find(static_cast<std::uint32_t>(synapse.learned)) : long_term.end();
      specs.push_back({synapse.target, synapse.properties, static_cast<std::int16_t>(value == long_term.end() ? 0 : value->second)});
    }
    if (Status status = builder.append_row(n, specs); !status) return status.error();
  }
  return builder.finish();
}

Result<Graph> Graph::expanded() const {
  if (neuron_count() > FLUX_MAX_NEURONS) {
    return Error{fmt::format("{} neurons are more than {} once repeated circuits are written out", neuron_count(), FLUX_MAX_NEURONS), "",
                 "repeat less often, or use the cpu core"};
  }
  return rewritten();
}

Result<Graph> Graph::compacted() const {
  assert(is_plain());
  auto graph = rewritten();
  if (!graph) return graph;
  graph.value().removed_ = removed_;
  graph.value().removed_count_ = removed_count_;
  graph.value().edited_ = edited_;
  return graph;
}

}  // namespace flux
