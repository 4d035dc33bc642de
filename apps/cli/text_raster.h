// A raster in characters: each cell of the terminal holds 2 x 4 dots of Braille.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "raster.h"
#include "terminal.h"

namespace flux::cli {

class DotCanvas {
 public:
  DotCanvas(int columns, int lines);
  void set(int x, int y);  // dots; ignored outside
  int dots_wide() const { return columns_ * 2; }
  int dots_high() const { return lines_ * 4; }
  std::string line(int line) const;

 private:
  std::size_t place(int column, int line) const;

  int columns_, lines_;
  std::vector<std::uint8_t> cells_;
};

// How `rows` rows of a raster share `lines` lines of text, and which of them are labelled.
class RowLayout {
 public:
  RowLayout(const std::vector<std::string>& labels, int most_lines);
  int lines() const { return lines_; }
  int label_width() const { return label_width_; }
  const std::string& label(int line) const { return labels_[static_cast<std::size_t>(line)]; }
  // Sets the dots of a spike of row `row` out of `rows` in dot column `x`.
  void mark(DotCanvas& canvas, int x, std::uint64_t row, std::uint64_t rows) const;

 private:
  int lines_;
  int label_width_;
  std::vector<std::string> labels_;  // one per line
};

// Too many spikes make a canvas one solid block. Then only the spikes of evenly chosen rows are shown, so many that the canvas stays
// readable, but at least one for each row of dots.
class RowSample {
 public:
  // `marks` spikes of `rows` rows want to be shown on `canvas`.
  RowSample(std::uint64_t marks, std::uint64_t rows, const DotCanvas& canvas);
  bool shows(std::uint64_t row) const { return row % stride_ == 0; }

 private:
  std::uint64_t stride_ = 1;
};

// A row of blocks, 0..1 each, eight steps high per line; `lines` lines from the top.
std::vector<std::string> block_chart(const std::vector<double>& values, int lines);

// The axis under a raster of `columns` characters that begins at `start` seconds: marks with their times.
std::string text_axis(double start, double span, int columns);

}  // namespace flux::cli
