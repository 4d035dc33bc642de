// What `flux bench` measures. Every figure of speed comes with the ceiling of the machine, measured in the same run in turns with it:
// machines are shared, so a ratio says more than a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/properties.h"

namespace flux::bench {

// One line of a report.
struct Figure {
  std::string name;  // for JSON, snake_case
  std::string text;  // for people
  double value = 0;
  std::string unit;
};
using Report = std::vector<Figure>;
// Called with what is being done; may be empty.
using Progress = std::function<void(const std::string&)>;

struct DeliveryOptions {
  std::uint32_t neurons = 10000;
  std::uint32_t fanout = 1000;  // synapses per neuron, random targets, weights of their own, lengths 1..16
  std::uint32_t threads = 1;
  bool plastic = false;           // all excitatory-to-excitatory synapses learn
  std::uint32_t rate = 15;        // spikes per second and neuron that the drive aims at
  double seconds = 2;             // of measuring, per round
  std::uint32_t rounds = 5;       // turns of network and bare loop; medians are reported
  std::uint32_t delay_group = 0;  // 0: as the engine chooses
  std::uint64_t seed = 1;
};
// Synaptic events per second, whole ticks included, and the bare arrival loop at the same size.
Result<Report> delivery(const DeliveryOptions& options, const Progress& progress);

struct GpuOptions {
  std::uint32_t neurons = 100000;
  std::uint32_t fanout = 1000;  // synapses per neuron, random targets, weights of their own, lengths 1..16
  std::uint32_t rate = 10;      // spikes per second and neuron
  bool plastic = false;         // all synapses of excitatory neurons learn
  double seconds = 2;           // of measuring
  Tick check = 0;               // ticks whose spikes are compared with those of the cpu core
  std::string device;           // as flux devices names it; empty: the first
  std::uint64_t seed = 1;
};
// Synaptic events per second on a GPU, whole ticks included; the time of each kernel, and what the device reaches at most.
Result<Report> gpu(const GpuOptions& options, const Progress& progress);

struct QuietOptions {
  std::uint32_t neurons = 1000000;
  std::uint32_t fanout = 100;
  std::uint32_t spikes_per_second = 0;  // of the whole network, by stimuli
  std::uint32_t rounds = 5;
};
// Time for one second of model time of a silent or nearly silent network.
Result<Report> quiet(const QuietOptions& options, const Progress& progress);

struct StorageOptions {
  std::uint32_t neurons = 100000;
  std::uint32_t fanout = 1000;
  std::string folder = ".";  // where the file is written; it is removed afterwards
};
// Time to build a network from its circuit, to save it compiled, and to open it again.
Result<Report> storage(const StorageOptions& options, const Progress& progress);

struct EditOptions {
  std::uint32_t neurons = 1000000;
  std::uint32_t fanout = 100;
  std::uint32_t edits = 1000;
};
// Time to add a synapse to a running network, between two ticks: to the network alone, and as an operation on the document it runs.
Result<Report> edit(const EditOptions& options, const Progress& progress);

struct StructureOptions {
  std::uint32_t neurons = 1000;  // of the prototype
  std::uint32_t fanout = 100;
  std::uint32_t instances = 1000;
  std::uint32_t repeats = 5;
};
// Time of operations on prototypes, groups, copies and the structure of a document that runs, and of taking them back.
Result<Report> structure(const StructureOptions& options, const Progress& progress);

struct RepeatOptions {
  std::uint32_t neurons = 100;  // of the prototype
  std::uint32_t fanout = 100;
  std::uint32_t side = 1000;  // instances along each side of the sheet
  std::uint32_t ticks = 500;
};
// Time and memory to make a sheet of instances of one prototype, and the speed of a wave through it.
Result<Report> repeat(const RepeatOptions& options, const Progress& progress);

}  // namespace flux::bench
