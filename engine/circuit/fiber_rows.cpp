#include "fiber_rows.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/random.h"
#include "circuit/repeated.h"

namespace flux {
namespace {

// Which of several independent numbers is drawn for the same place; part of the file format.
constexpr std::uint64_t FLUX_STREAM_FIBER_SEED = 0x6669626572;  // "fiber"
constexpr std::uint64_t FLUX_STREAM_PROPERTIES = 0x70726f7073;  // "props"
constexpr std::uint64_t FLUX_SATURATED = std::uint64_t{1} << 63;
constexpr std::uint32_t FLUX_PAIRS_PER_BLOCK = 64;

std::uint64_t row_key(std::uint64_t seed, std::uint32_t place) { return mix64(mix64(seed) ^ place); }

std::uint64_t saturating_product(std::uint64_t a, std::uint64_t b) {
  if (a != 0 && b > FLUX_SATURATED / a) return FLUX_SATURATED;
  return a * b;
}

// Probability as a multiple of 2^-32, 0..2^32. Exact: the product only moves the exponent.
std::uint64_t probability_threshold(double probability) { return static_cast<std::uint64_t>(std::floor(probability * 4294967296.0 + 0.5)); }

std::int32_t drawn_from(const Range& range, std::uint64_t bits) {
  const auto span = static_cast<std::uint64_t>(range.high - range.low) + 1;
  return range.low + static_cast<std::int32_t>(random_below(bits, span));
}

}  // namespace

std::uint64_t fiber_synapses(const Circuit& circuit, const Fiber& fiber) {
  const std::uint64_t sources = neurons_in(circuit, fiber.sources);
  const std::uint64_t targets = neurons_in(circuit, fiber.targets);
  switch (fiber.rule) {
    case FiberRule::one_to_one:
      return std::min(sources, targets);
    case FiberRule::all_to_all:
      return saturating_product(sources, targets);
    case FiberRule::random_fanout:
      return saturating_product(sources, fiber.fanout);
    case FiberRule::random_probability: {
      const std::uint64_t pairs = saturating_product(sources, targets);
      const std::uint64_t threshold = probability_threshold(fiber.probability);
      return saturating_product(pairs >> 32, threshold) + (((pairs & 0xffffffffu) * threshold) >> 32);
    }
    case FiberRule::distance: {
      if (fiber.fanout > 0) return saturating_product(sources, fiber.fanout);
      const auto from = grid_of(circuit, fiber.sources), to = grid_of(circuit, fiber.targets);
      if (!from || !to) return 0;
      return saturating_product(sources, expected_near(*from, *to, fiber, probability_threshold(fiber.probability)));
    }
    case FiberRule::kernel:
      return saturating_product(sources, fiber.kernel.size());
  }
  return 0;
}

FiberRows::FiberRows(const Circuit& circuit, std::uint32_t fiber, const std::vector<NeuronIndex>& first_of_node)
    : fiber_(circuit.fibers[fiber]),
      seed_(fiber_.seed ? *fiber_.seed : random_bits(circuit.settings.seed, FLUX_STREAM_FIBER_SEED, fiber_.number.value_or(fiber))),
      threshold_(probability_threshold(fiber_.probability)),
      draws_properties_(fiber_.weight.low != fiber_.weight.high || fiber_.length.low != fiber_.length.high),
      source_grid_(grid_of(circuit, fiber_.sources).value_or(Grid{})),
      target_grid_(grid_of(circuit, fiber_.targets).value_or(Grid{})) {
  for (const std::uint32_t node : fiber_.targets) {
    for_each_run(circuit, first_of_node, node, [this](NeuronIndex first, std::uint32_t count) {
      if (!runs_.empty() && runs_.back().neuron + runs_.back().count == first) {
        runs_.back().count += count;
      } else {
        runs_.push_back({target_count_, first, count});
      }
      target_count_ += count;
    });
  }
  runs_by_neuron_ = runs_;
  std::sort(runs_by_neuron_.begin(), runs_by_neuron_.end(), [](const Run& a, const Run& b) { return a.neuron < b.neuron; });
}

void FiberRows::append(std::uint32_t place, NeuronIndex source, std::vector<SynapseSpec>& row) const {
  if (fiber_.rule == FiberRule::random_fanout) return append_fanout(place, source, row);
  if (fiber_.rule == FiberRule::random_probability) return append_probability(place, source, row);
  if (fiber_.rule == FiberRule::kernel) return append_kernel(place, source, row);
  if (fiber_.rule == FiberRule::distance) {
    return fiber_.fanout > 0 ? append_near_fanout(place, source, row) : append_near_by_chance(place, source, row);
  }

  const std::uint64_t draw_key = row_key(seed_ ^ FLUX_STREAM_PROPERTIES, place);
  const bool one = fiber_.rule == FiberRule::one_to_one;
  const std::uint32_t begin = one ? place : 0;
  const std::uint32_t end = one ? std::min(place + 1, target_count_) : target_count_;
  for (std::uint32_t k = begin; k < end; ++k) {
    const NeuronIndex target = target_at(k);
    if (target != source || fiber_.allow_self) row.push_back(synapse(draw_key, k, target));
  }
}

void FiberRows::append_fanout(std::uint32_t place, NeuronIndex source, std::vector<SynapseSpec>& row) const {
  const std::uint64_t target_key = row_key(seed_, place);
  const std::uint64_t draw_key = row_key(seed_ ^ FLUX_STREAM_PROPERTIES, place);
  // A source that is not to reach itself draws from the other targets; those behind it are numbered one lower.
  const std::uint32_t own_place = fiber_.allow_self ? target_count_ : place_of(source);
  const std::uint32_t choices = own_place < target_count_ ? target_count_ - 1 : target_count_;
  if (choices == 0) return;
  const std::size_t old_size = row.size();
  row.resize(old_size + fiber_.fanout);
  for (std::uint32_t k = 0; k < fiber_.fanout; ++k) {
    auto drawn = static_cast<std::uint32_t>(random_below(mix64(target_key ^ k), choices));
    if (drawn >= own_place) ++drawn;
    row[old_size + k] = synapse(draw_key, k, target_at(drawn));
  }
}

void FiberRows::append_probability(std::uint32_t place, NeuronIndex source, std::vector<SynapseSpec>& row) const {
  const std::uint64_t pair_key = row_key(seed_, place);
  const std::uint64_t draw_key = row_key(seed_ ^ FLUX_STREAM_PROPERTIES, place);
  for (std::uint32_t first = 0; first < target_count_; first += FLUX_PAIRS_PER_BLOCK) {
    std::uint64_t connected = connected_pairs(pair_key, first / FLUX_PAIRS_PER_BLOCK);
    for (; connected != 0; connected &= connected - 1) {
      const std::uint32_t k = first + static_cast<std::uint32_t>(std::countr_zero(connected));
      if (k >= target_count_) break;
      const NeuronIndex target = target_at(k);
      if (target != source || fiber_.allow_self) row.push_back(synapse(draw_key, k, target));
    }
  }
}

// 64 comparisons "random 32-bit number < threshold" at once, from the highest bit down: word j holds bit j of each of the 64 numbers.
// Half of the undecided ones are decided by each word, so about 8 hashes do for 64 pairs.
std::uint64_t FiberRows::connected_pairs(std::uint64_t pair_key, std::uint32_t block) const {
  if (threshold_ >> 32 != 0) return ~std::uint64_t{0};
  std::uint64_t below = 0;
  std::uint64_t undecided = ~std::uint64_t{0};
  for (std::uint32_t bit = 32; bit-- > 0 && undecided != 0;) {
    const std::uint64_t word = mix64(pair_key ^ (std::uint64_t{block} * 32 + bit));
    if ((threshold_ >> bit & 1) != 0) {
      below |= undecided & ~word;
      undecided &= word;
    } else {
      undecided &= ~word;
    }
  }
  return below;
}

void FiberRows::append_near_by_chance(std::uint32_t place, NeuronIndex source, std::vector<SynapseSpec>& row) const {
  const std::uint64_t pair_key = row_key(seed_, place);
  const std::uint64_t draw_key = row_key(seed_ ^ FLUX_STREAM_PROPERTIES, place);
  visit_near(source_grid_, target_grid_, place, fiber_.radius, fiber_.wrap, [&](std::uint32_t k, std::uint64_t close) {
    if (mix64(pair_key ^ k) >> 32 >= (threshold_ * close) >> FLUX_CLOSENESS_BITS) return;
    const NeuronIndex target = target_at(k);
    if (target != source || fiber_.allow_self) row.push_back(synapse(draw_key, k, target));
  });
}

void FiberRows::append_near_fanout(std::uint32_t place, NeuronIndex source, std::vector<SynapseSpec>& row) const {
  const std::uint64_t target_key = row_key(seed_, place);
  const std::uint64_t draw_key = row_key(seed_ ^ FLUX_STREAM_PROPERTIES, place);
  struct Candidate {
    std::uint64_t up_to;  // sum of the closeness of this and all candidates before it
    NeuronIndex target;
  };
  std::vector<Candidate> candidates;
  std::uint64_t total = 0;
  visit_near(source_grid_, target_grid_, place, fiber_.radius, fiber_.wrap, [&](std::uint32_t k, std::uint64_t close) {
    const NeuronIndex target = target_at(k);
    if (target != source || fiber_.allow_self) candidates.push_back({total += close, target});
  });
  if (candidates.empty()) return;
  for (std::uint32_t k = 0; k < fiber_.fanout; ++k) {
    const std::uint64_t drawn = random_below(mix64(target_key ^ k), total);
    const auto hit = std::upper_bound(candidates.begin(), candidates.end(), drawn,
                                      [](std::uint64_t value, const Candidate& candidate) { return value < candidate.up_to; });
    row.push_back(synapse(draw_key, k, hit->target));
  }
}

void FiberRows::append_kernel(std::uint32_t place, NeuronIndex source, std::vector<SynapseSpec>& row) const {
  const Axis x(place % source_grid_.width, source_grid_.width, target_grid_.width, fiber_.wrap);
  const Axis y(place / source_grid_.width, source_grid_.height, target_grid_.height, fiber_.wrap);
  for (const KernelOffset& offset : fiber_.kernel) {
    const auto column = x.cell(offset.dx), line = y.cell(offset.dy);
    if (!column || !line) continue;
    const NeuronIndex target = target_at(*line * target_grid_.width + *column);
    if (target == source && !fiber_.allow_self) continue;
    SynapseSpec spec{target, fiber_.properties, 0};
    spec.properties.weight = static_cast<std::int8_t>(offset.weight);
    spec.properties.length = static_cast<std::uint16_t>(offset.length);
    row.push_back(spec);
  }
}

SynapseSpec FiberRows::synapse(std::uint64_t draw_key, std::uint32_t counter, NeuronIndex target) const {
  SynapseSpec spec{target, fiber_.properties, 0};
  const std::uint64_t bits = draws_properties_ ? mix64(draw_key ^ counter) : 0;
  spec.properties.weight = static_cast<std::int8_t>(drawn_from(fiber_.weight, bits));
  spec.properties.length = static_cast<std::uint16_t>(drawn_from(fiber_.length, bits << 32));
  return spec;
}

NeuronIndex FiberRows::target_at(std::uint32_t place) const {
  if (runs_.size() == 1) return runs_.front().neuron + place;
  const auto after = std::upper_bound(runs_.begin(), runs_.end(), place, [](std::uint32_t p, const Run& run) { return p < run.place; });
  const Run& run = *(after - 1);
  return run.neuron + (place - run.place);
}

std::uint32_t FiberRows::place_of(NeuronIndex neuron) const {
  const auto after = std::upper_bound(runs_by_neuron_.begin(), runs_by_neuron_.end(), neuron,
                                      [](NeuronIndex n, const Run& run) { return n < run.neuron; });
  if (after == runs_by_neuron_.begin()) return target_count_;
  const Run& run = *(after - 1);
  return neuron - run.neuron < run.count ? run.place + (neuron - run.neuron) : target_count_;
}

}  // namespace flux
