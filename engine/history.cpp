#include "history.h"

#include <algorithm>

namespace flux {

std::optional<LearnedWeight> input::RevivedWeights::take(NeuronIndex target, const SynapseProperties& properties) {
  const auto found = weights_.find({target, properties.type});
  if (found == weights_.end() || found->second.empty()) return std::nullopt;
  std::vector<Weight>& weights = found->second;
  auto weight = std::find_if(weights.begin(), weights.end(), [&](const Weight& one) { return one.properties == properties; });
  if (weight == weights.end()) weight = weights.begin();
  const LearnedWeight learned = weight->learned;
  weights.erase(weight);
  return learned;
}

std::vector<NeuronIndex> new_indices(const input::Transplant& transplant) {
  NeuronIndex size = 0;
  for (const NeuronIndex origin : transplant.origin) {
    if (origin != FLUX_NO_NEURON) size = std::max(size, origin + 1);
  }
  std::vector<NeuronIndex> moved(size, FLUX_NO_NEURON);
  for (NeuronIndex n = 0; n < transplant.origin.size(); ++n) {
    if (transplant.origin[n] != FLUX_NO_NEURON) moved[transplant.origin[n]] = n;
  }
  return moved;
}

void History::append(Tick now, Input input) {
  if (now < furthest_ || next_ < log_.size()) {
    log_.erase(log_.begin() + static_cast<std::ptrdiff_t>(next_), log_.end());
    furthest_ = now;
    std::erase_if(keyframes_,
                  [now, this](const Keyframe& keyframe) { return keyframe.state.now > now || keyframe.log_size > log_.size(); });
  }
  log_.push_back({now, std::move(input)});
  next_ = log_.size();
}

// The graph counts where it is not that of the one before.
std::uint64_t History::bytes_of(const Keyframe& keyframe, const Keyframe* before) {
  const NetworkState& s = keyframe.state;
  constexpr std::uint64_t FLUX_NEURON_BYTES = 2 + 2 + 2 + 1 + 1 + 4 + 8;  // of a neuron in NetworkState
  const std::uint64_t graph = before != nullptr && before->graph == keyframe.graph ? 0 : keyframe.graph->own_bytes();
  return graph + s.level.size() * FLUX_NEURON_BYTES + s.departures.size() * sizeof(Departure) + s.learned.size() * sizeof(LearnedWeight);
}

void History::keep(Keyframe keyframe) {
  kept_bytes_ += bytes_of(keyframe, keyframes_.empty() ? nullptr : &keyframes_.back());
  keyframes_.push_back(std::move(keyframe));
  if (kept_bytes_ <= most_bytes_ || keyframes_.size() < 3) return;
  std::vector<Keyframe> fewer;
  for (std::size_t i = 0; i < keyframes_.size(); ++i) {
    if (i % 2 == 0 || i + 1 == keyframes_.size()) fewer.push_back(std::move(keyframes_[i]));
  }
  keyframes_ = std::move(fewer);
  ticks_between_ *= 2;
  kept_bytes_ = 0;
  for (std::size_t i = 0; i < keyframes_.size(); ++i) kept_bytes_ += bytes_of(keyframes_[i], i == 0 ? nullptr : &keyframes_[i - 1]);
}

const Keyframe& History::last_before(Tick t) const {
  const auto after = std::upper_bound(keyframes_.begin(), keyframes_.end(), t,
                                      [](Tick tick, const Keyframe& keyframe) { return tick < keyframe.state.now; });
  return *(after - 1);
}

}  // namespace flux
