// Random networks with every feature in use, and the comparison of cores on them, field by field, with edits and with snapshots moved
// between cores during the run.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/core.h"

namespace flux::test {

struct RandomNetwork {
  NetworkSettings settings;
  std::uint32_t delay_group = 1;
  std::vector<NeuronProperties> neurons;
  std::vector<std::vector<SynapseSpec>> rows;
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  int below(int bound) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(bound)); }
  int between(int low, int high) { return low + below(high - low + 1); }
  bool chance(int percent) { return below(100) < percent; }

 private:
  std::mt19937_64 engine_;
};

// `plain`: only what the cpu core's vectorised sweep handles.
NeuronProperties random_neuron(Random& random, bool plain);
SynapseSpec random_synapse(Random& random, std::uint32_t neurons, bool plain);
RandomNetwork random_network(std::uint64_t seed);
std::shared_ptr<Graph> build(const RandomNetwork& network);

// The first field that differs, for a message that helps; empty: none.
std::string difference(const NetworkState& want, const NetworkState& got);

// collect() and take_*() until they are done; a core that fails meanwhile fails the test.
void finish(Core& core, PeriodResult& result);
NetworkState state_of(Core& core);

struct RunningCore {
  std::string name;
  std::unique_ptr<Core> core;
};
// Runs cores of one network side by side and compares them with the first. Stimuli and edits are those of `seed`; returns the number of
// spikes. Stops at the first difference.
std::uint64_t run_side_by_side(std::vector<RunningCore>& cores, std::uint64_t seed, Tick ticks);

struct Contestant {
  std::string name;
  std::function<std::unique_ptr<Core>(std::shared_ptr<Graph>)> make;
};

// Runs the reference and all others side by side on random network `seed`; returns the number of spikes. Stops at the first difference.
std::uint64_t compare_cores(std::uint64_t seed, const std::vector<Contestant>& others, Tick ticks);

}  // namespace flux::test
