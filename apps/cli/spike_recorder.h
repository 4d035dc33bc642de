// What becomes of the spikes of a run: a table, a picture, or both.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "flux.h"
#include "output_file.h"
#include "raster.h"

namespace flux::cli {

// Writes tick,neuron lines as the spikes come.
class SpikeTable {
 public:
  // Without labels, neurons are named as they fire. `network` must outlive it.
  SpikeTable(const std::string& path, const Network& network, const std::vector<std::string>& labels);
  void add(Tick tick, std::span<const NeuronIndex> neurons);
  void finish();
  const std::string& path() const { return file_.path(); }

 private:
  OutputFile file_;
  const Network& network_;
  std::vector<std::string> names_;  // as CSV fields
  std::string text_;                // not yet written
};

// Keeps the spikes and draws them at the end.
class SpikePicture {
 public:
  SpikePicture(const std::string& path, const Network& network, const std::vector<std::string>& labels);
  void add(Tick tick, std::span<const NeuronIndex> neurons);
  // Draws everything up to the tick before `end`.
  void finish(Tick end);
  // Spikes beyond what a picture can show; they are left out.
  std::uint64_t dropped() const { return dropped_; }
  const std::string& path() const { return file_.path(); }

 private:
  OutputFile file_;
  RasterData raster_;
  std::uint64_t dropped_ = 0;
};

// More neurons than this are not all named at once, nor drawn.
inline constexpr std::uint32_t FLUX_MOST_LABELS = 1u << 24;
// Paths of all neurons, by index.
std::vector<std::string> neuron_labels(const Network& network);

}  // namespace flux::cli
