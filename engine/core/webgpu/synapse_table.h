// The synapses of a graph as they lie on the GPU (shaders/table.wgsl has the layout): parts of at most one binding's size, a row wholly in
// one of them. Delay groups are taken apart: on the GPU every sublist is visited exactly when it takes effect.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "device.h"
#include "graph/graph.h"
#include "graph/state.h"
#include "layout.h"

namespace flux::webgpu {

struct DeviceSublist;

class SynapseTable {
 public:
  explicit SynapseTable(Device& device) : device_(device) {}
  ~SynapseTable();
  SynapseTable(const SynapseTable&) = delete;
  SynapseTable& operator=(const SynapseTable&) = delete;

  // Copies all rows to the device. `learned`: of all plastic synapses, by source, then in the order of the row; true for tick `last`.
  Status build(const Graph& graph, std::span<const LearnedWeight> learned, Tick last);
  // Writes what plastic synapses have learned over what they had.
  void write_learned(const Graph& graph, std::span<const LearnedWeight> learned, Tick last);
  // The row of a source changed; its place may, and a part may have been added.
  Status replace_row(const Graph& graph, NeuronIndex source, std::span<const LearnedWeight> learned, Tick last);
  void add_neuron() { rows_.push_back({}); }

  std::span<const GpuRow> rows() const { return rows_; }
  std::size_t part_count() const { return parts_.size(); }
  BufferId part(std::size_t i) const { return parts_[i].buffer; }
  std::uint64_t used_bytes(std::size_t part) const { return parts_[part].used * sizeof(Word); }
  // Plastic sublists of the part that has most of them.
  std::uint64_t most_plastic_sublists() const;
  std::uint64_t bytes() const;

  // Ticks after a spike at which some row has a sublist, or had one; [0] is not used.
  const std::vector<bool>& visits() const { return visits_; }
  const std::vector<bool>& plastic_visits() const { return plastic_visits_; }
  std::uint64_t visits_version() const { return visits_version_; }  // grows with each new one
  bool consolidates() const { return consolidates_; }               // whether some synapse has an ltm_rate, or had one
  // Synapses of a sublist on average, 1 or more.
  std::uint64_t mean_sublist() const { return std::max<std::uint64_t>(1, sublists_ == 0 ? 1 : synapses_ / sublists_); }

  // Words of a row on the device.
  static std::uint64_t row_words(const Graph& graph, NeuronIndex source);
  // Appends what the plastic synapses of a row have learned, faded to `last`, in the row's order. `row`: its words, read from the device.
  static void read_learned(std::span<const Word> row, std::uint32_t sublists, Tick last, std::vector<LearnedWeight>& learned);

 private:
  struct Part {
    BufferId buffer = 0;
    std::uint64_t used = 0;      // words
    std::uint64_t capacity = 0;  // words
    std::uint64_t plastic_sublists = 0;
  };

  Status add_part(std::uint64_t words);
  void note(std::span<const DeviceSublist> sublists, Part& part);
  std::uint64_t largest_part() const;  // words

  Device& device_;
  std::vector<Part> parts_;
  std::vector<GpuRow> rows_;
  std::vector<bool> visits_ = std::vector<bool>(65536), plastic_visits_ = std::vector<bool>(65536);
  bool consolidates_ = false;
  std::uint64_t sublists_ = 0, synapses_ = 0, visits_version_ = 0;
};

}  // namespace flux::webgpu
