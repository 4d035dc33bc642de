#include "spike_recorder.h"

#include <fmt/format.h>

#include <iterator>
#include <limits>

#include "text.h"

namespace flux::cli {
namespace {

constexpr std::size_t FLUX_MOST_MARKS = 50'000'000;  // of a picture: 400 MB
constexpr std::size_t FLUX_TEXT_BLOCK = 1 << 16;     // bytes gathered before they are written

}  // namespace

std::vector<std::string> neuron_labels(const Network& network) {
  std::vector<std::string> labels;
  labels.reserve(network.size());
  for (NeuronIndex neuron = 0; neuron < network.size(); ++neuron) labels.push_back(network.exists(neuron) ? network.path(neuron) : "");
  return labels;
}

SpikeTable::SpikeTable(const std::string& path, const Network& network, const std::vector<std::string>& labels)
    : file_(path), network_(network) {
  names_.reserve(labels.size());
  for (const std::string& label : labels) names_.push_back(csv_field(label));
  file_.write("tick,neuron\n");
}

void SpikeTable::add(Tick tick, std::span<const NeuronIndex> neurons) {
  for (const NeuronIndex neuron : neurons) {
    fmt::format_to(std::back_inserter(text_), "{},{}\n", tick, names_.empty() ? csv_field(network_.path(neuron)) : names_[neuron]);
  }
  if (text_.size() < FLUX_TEXT_BLOCK) return;
  file_.write(text_);
  text_.clear();
}

void SpikeTable::finish() {
  file_.write(text_);
  text_.clear();
  file_.finish();
}

SpikePicture::SpikePicture(const std::string& path, const Network& network, const std::vector<std::string>& labels) : file_(path) {
  raster_.title = network.title();
  raster_.first = network.now();
  raster_.tick_microseconds = network.settings().tick_microseconds;
  raster_.labels = labels;
}

void SpikePicture::add(Tick tick, std::span<const NeuronIndex> neurons) {
  const Tick offset = tick - raster_.first;
  if (raster_.marks.size() + neurons.size() > FLUX_MOST_MARKS || offset > std::numeric_limits<std::uint32_t>::max()) {
    dropped_ += neurons.size();
    return;
  }
  for (const NeuronIndex neuron : neurons) raster_.marks.push_back({static_cast<std::uint32_t>(offset), neuron});
}

void SpikePicture::finish(Tick end) {
  raster_.end = end;
  file_.write(draw_svg(raster_, {}));
  file_.finish();
}

}  // namespace flux::cli
