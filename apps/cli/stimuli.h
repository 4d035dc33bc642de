// Stimuli from a file with the columns tick,neuron,kind,value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "flux.h"

namespace flux::cli {

enum class StimulusKind : std::uint8_t { direct, modulate, fire };

struct Stimulus {
  Tick tick = 0;
  NeuronIndex neuron = 0;
  StimulusKind kind = StimulusKind::direct;
  std::int32_t value = 0;
};

class Stimuli {
 public:
  Stimuli() = default;
  // Reads and checks the whole file; errors name its line.
  Stimuli(const std::string& path, const Network& network);

  // Tick of the next stimulus, or a tick that never comes.
  Tick next_tick() const;
  // Hands over what takes effect in the tick that the network computes next.
  void apply(Network& network);
  // Stimuli that have not been handed over.
  std::size_t left() const { return stimuli_.size() - next_; }

 private:
  std::vector<Stimulus> stimuli_;  // by rising tick
  std::size_t next_ = 0;
};

}  // namespace flux::cli
