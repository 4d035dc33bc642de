#include "text_raster.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "text.h"

namespace flux::cli {
namespace {

constexpr int FLUX_MOST_LABEL = 14;  // characters

void append_braille(std::string& text, std::uint8_t dots) {
  const unsigned code = 0x2800U + dots;
  text += static_cast<char>(0xE0U | (code >> 12U));
  text += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
  text += static_cast<char>(0x80U | (code & 0x3FU));
}

}  // namespace

DotCanvas::DotCanvas(int columns, int lines)
    : columns_(std::max(1, columns)),
      lines_(std::max(1, lines)),
      cells_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(lines_)) {}

std::size_t DotCanvas::place(int column, int line) const {
  return static_cast<std::size_t>(line) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column);
}

void DotCanvas::set(int x, int y) {
  static constexpr std::uint8_t FLUX_DOTS[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
  if (x < 0 || y < 0 || x >= dots_wide() || y >= dots_high()) return;
  std::uint8_t& cell = cells_[place(x / 2, y / 4)];
  cell = static_cast<std::uint8_t>(cell | FLUX_DOTS[y % 4][x % 2]);
}

std::string DotCanvas::line(int line) const {
  std::string text;
  for (int column = 0; column < columns_; ++column) {
    const std::uint8_t dots = cells_[place(column, line)];
    if (dots == 0) {
      text += ' ';
    } else {
      append_braille(text, dots);
    }
  }
  return text;
}

RowLayout::RowLayout(const std::vector<std::string>& labels, int most_lines) {
  const std::uint64_t rows = labels.size();
  const auto most = static_cast<std::uint64_t>(std::max(1, most_lines));
  lines_ = static_cast<int>(std::clamp<std::uint64_t>(rows, 1, most));
  labels_.resize(static_cast<std::size_t>(lines_));
  const bool thin = rows > most;
  std::vector<LabelBand> bands = label_bands(labels, thin);
  // Wide bands first: where two want the same line, the one with more rows gets it.
  std::stable_sort(bands.begin(), bands.end(), [](const LabelBand& a, const LabelBand& b) { return a.rows > b.rows; });
  std::size_t widest = 7;
  for (const LabelBand& band : bands) {
    const std::uint64_t line =
        (band.first_row + (band.rows - 1) / 2) * static_cast<std::uint64_t>(lines_) / std::max<std::uint64_t>(1, rows);
    std::string& place = labels_[line];
    if (!place.empty()) continue;
    place = cut_to(band.text, FLUX_MOST_LABEL);
    widest = std::max(widest, width_of(place));
  }
  label_width_ = static_cast<int>(widest);
}

void RowLayout::mark(DotCanvas& canvas, int x, std::uint64_t row, std::uint64_t rows) const {
  const std::uint64_t dots = static_cast<std::uint64_t>(lines_) * 4;
  const auto top = static_cast<int>(row * dots / rows);
  const auto bottom = static_cast<int>((row + 1) * dots / rows);
  // A row of four dots or more leaves its last one free, so that neighbours stay apart.
  const int last = bottom - top >= 4 ? bottom - 1 : std::max(bottom, top + 1);
  for (int y = top; y < last; ++y) canvas.set(x, y);
}

RowSample::RowSample(std::uint64_t marks, std::uint64_t rows, const DotCanvas& canvas) {
  const auto wide = static_cast<std::uint64_t>(canvas.dots_wide()), high = static_cast<std::uint64_t>(canvas.dots_high());
  while (marks > wide * high * stride_ / 3 && stride_ * 2 * high <= rows) stride_ *= 2;
}

std::vector<std::string> block_chart(const std::vector<double>& values, int lines) {
  static constexpr std::array FLUX_BLOCKS = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::vector<std::string> chart(static_cast<std::size_t>(lines));
  for (const double value : values) {
    const int eighths = value <= 0 ? 0 : std::clamp(static_cast<int>(std::lround(value * lines * 8)), 1, lines * 8);
    for (int line = 0; line < lines; ++line) {
      const int filled = std::clamp(eighths - (lines - 1 - line) * 8, 0, 8);
      chart[static_cast<std::size_t>(line)] += FLUX_BLOCKS[static_cast<std::size_t>(filled)];
    }
  }
  return chart;
}

std::string text_axis(double start, double span, int columns) {
  std::string axis(static_cast<std::size_t>(columns), ' ');
  const double step = axis_step(span, std::max(1.0, columns / 14.0));
  std::size_t free_from = 0;
  for (double mark = std::ceil(std::max(0.0, start) / step - 1e-9); mark * step < start + span; ++mark) {
    const auto column = static_cast<std::size_t>(std::lround((mark * step - start) / span * columns));
    const std::string time = axis_time(mark * step, step);
    if (column < free_from || column + time.size() > axis.size()) continue;
    axis.replace(column, time.size(), time);
    free_from = column + time.size() + 2;
  }
  return axis;
}

std::string draw_text(const RasterData& raster, const TerminalSize& size, const Palette& palette) {
  constexpr int FLUX_CHART_LINES = 2;
  const RowLayout layout(raster.labels, size.lines - FLUX_CHART_LINES - 1);
  const auto gutter = static_cast<std::size_t>(layout.label_width());
  const int columns = std::max(8, size.columns - layout.label_width() - 3);
  DotCanvas canvas(columns, layout.lines());
  const auto dots = static_cast<std::uint64_t>(canvas.dots_wide());
  const RowSample sample(raster.marks.size(), raster.labels.size(), canvas);
  for (const RasterMark& mark : raster.marks) {
    const std::uint64_t x = mark.tick * dots / static_cast<std::uint64_t>(raster.ticks());
    if (sample.shows(mark.row)) layout.mark(canvas, static_cast<int>(x), mark.row, raster.labels.size());
  }

  std::string text;
  for (int line = 0; line < layout.lines(); ++line)
    text += fmt::format("{} {} {}\n", palette.dim(pad_to(layout.label(line), gutter, true)), palette.faint("│"),
                        palette.accent(canvas.line(line)));
  std::vector<double> rates = rate_histogram(raster, static_cast<std::size_t>(columns));
  const double highest = *std::max_element(rates.begin(), rates.end());
  for (double& rate : rates) rate /= highest > 0 ? highest : 1;
  const std::vector<std::string> chart = block_chart(rates, FLUX_CHART_LINES);
  for (std::size_t line = 0; line < chart.size(); ++line) {
    const std::string label = line == 0 ? hertz_text(highest) : "";
    text += fmt::format("{} {} {}\n", palette.dim(pad_to(label, gutter, true)), palette.faint("│"), palette.accent(chart[line]));
  }
  const double start = seconds_of(raster.first, raster.tick_microseconds);
  const double span = seconds_of(raster.ticks(), raster.tick_microseconds);
  text += fmt::format("{} {} {}\n", std::string(gutter, ' '), palette.faint("╵"), palette.dim(text_axis(start, span, columns)));
  return text;
}

}  // namespace flux::cli
