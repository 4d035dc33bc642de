// Spikes over time as a picture: an SVG in the colours of FLUX, or text for the terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "graph/properties.h"
#include "terminal.h"

namespace flux::cli {

struct RasterMark {
  std::uint32_t tick;  // counted from RasterData::first
  std::uint32_t row;
};

struct RasterData {
  std::string title;
  Tick first = 0;  // the picture shows first..end-1
  Tick end = 1;
  std::uint32_t tick_microseconds = 1000;
  std::vector<std::string> labels;  // of the rows, from the top; "pool[0]", "pool[1]", ... are shown as one band where rows are thin
  std::vector<RasterMark> marks;    // in order of ticks

  Tick ticks() const { return end > first ? end - first : 1; }
};

struct SvgSize {
  int width = 1200;  // pixels
  int height = 0;    // 0: as many as the rows deserve
};

std::string draw_svg(const RasterData& raster, const SvgSize& size);
// `size` counts characters; the picture fills it.
std::string draw_text(const RasterData& raster, const TerminalSize& size, const Palette& palette);

// The part of a path that a population shares: "pool" of "pool[7]", else the whole.
std::string_view population_of(std::string_view label);

// Rows that are labelled as one: a population, or a single neuron.
struct LabelBand {
  std::string text;
  std::size_t first_row;
  std::size_t rows;
};
// One band per population when `by_population`, else one per row.
std::vector<LabelBand> label_bands(const std::vector<std::string>& labels, bool by_population);

// The time between two marks of an axis of `ticks`, so that about `marks` of them fit: 1, 2 or 5 times a power of ten.
double axis_step(double span, double marks);
// Model time with the precision that `step` (both in seconds) asks for: "120 ms", "1.5 s".
std::string axis_time(double seconds, double step);

// Spikes per neuron and second in each of `bins` equal parts of the raster.
std::vector<double> rate_histogram(const RasterData& raster, std::size_t bins);

}  // namespace flux::cli
