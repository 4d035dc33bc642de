// A circuit as a person writes it: neurons with names, synapses, fibers. What the text form says and nothing more; flatten.h makes the
// flat graph from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/properties.h"

namespace flux {

struct Position {
  double x = 0, y = 0;  // canvas units; never part of the dynamics
  friend bool operator==(const Position&, const Position&) = default;
};

// One neuron, or a population of `count` alike neurons id[0]..id[count-1].
struct NeuronNode {
  std::string id;           // unique in its circuit
  std::uint32_t count = 0;  // 0: a single neuron, reached as "id"; n > 0: a population, reached as "id[k]"
  std::uint32_t width = 0;  // of a population laid out as a grid: neurons in a row, a divisor of count; 0: all in one row
  NeuronProperties properties;
  std::string input_alias, input_description;
  std::string output_alias, output_description;
  std::optional<Position> position;
  std::string comment;  // the lines of // before it in the text form, without slashes, joined by \n

  std::uint32_t size() const { return count == 0 ? 1 : count; }
  friend bool operator==(const NeuronNode&, const NeuronNode&) = default;
};

// A single synapse between two neurons of the circuit, by their place in the flat order (nodes in order, populations expanded).
struct SynapseNode {
  NeuronIndex source = 0;
  NeuronIndex target = 0;
  SynapseProperties properties;
  std::int16_t long_term = 0;  // learned part that persists, 1/256 weight; 0 unless plastic
  std::string comment;

  friend bool operator==(const SynapseNode&, const SynapseNode&) = default;
};

// A whole number that is constant (low == high) or drawn evenly from low..high for each synapse.
struct Range {
  std::int32_t low = 0, high = 0;
  friend bool operator==(const Range&, const Range&) = default;
};

enum class FiberRule : std::uint8_t {
  one_to_one,          // k-th source to k-th target; both sides have the same size
  all_to_all,          // every pair
  random_probability,  // every pair with probability `probability` / 2^32
  random_fanout,       // each source draws `fanout` targets, repeats allowed
  distance,  // on grids: pairs up to `radius` cells apart, the likelier the closer; by `fanout` where it is set, else by `probability`
  kernel,    // on grids: each source to the targets at the offsets of `kernel`
};

inline constexpr std::uint32_t FLUX_MAX_RADIUS = 32767;   // cells: squares of distances fit 64 bits
inline constexpr std::int32_t FLUX_MAX_OFFSET = 1 << 24;  // columns or rows

// One synapse of each source of a kernel fiber: columns and rows from the source to its target, and what the synapse is like.
struct KernelOffset {
  std::int32_t dx = 0, dy = 0;
  std::int32_t weight = 20;
  std::int32_t length = 10;
  friend bool operator==(const KernelOffset&, const KernelOffset&) = default;
};

// Many synapses made in one gesture and kept as a rule.
struct Fiber {
  std::vector<std::uint32_t> sources;  // indices of NeuronNodes
  std::vector<std::uint32_t> targets;
  FiberRule rule = FiberRule::all_to_all;
  std::uint32_t radius = 0;  // distance: cells of the targets' grid, the farthest that are connected
  std::uint32_t fanout = 0;  // random_fanout, distance: synapses per source
  double probability = 0;    // random_probability, distance (of a pair at the same place): 0..1, rounded to a multiple of 2^-32
  std::vector<KernelOffset> kernel;
  bool wrap = false;             // distance, kernel: whether each edge of the grid borders on the opposite one
  bool allow_self = false;       // whether a neuron may be connected to itself
  SynapseProperties properties;  // weight and length are replaced by the ranges below, or by the kernel's
  Range weight{20, 20};
  Range length{10, 10};
  std::optional<std::uint64_t> seed;  // absent: derived from the network's seed and the fiber's place in the list
  std::string comment;

  friend bool operator==(const Fiber&, const Fiber&) = default;
};

struct Circuit {
  std::string title;
  std::string description;  // Markdown
  NetworkSettings settings;
  std::vector<NeuronNode> neurons;
  std::vector<SynapseNode> synapses;
  std::vector<Fiber> fibers;
  std::string comment;  // comment lines at the head of the text form

  friend bool operator==(const Circuit&, const Circuit&) = default;
};

}  // namespace flux
