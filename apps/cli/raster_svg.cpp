// The raster as an SVG: one path per row, in whole units of a grid that a transform stretches over the plot, so that files stay small.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "raster.h"
#include "text.h"

namespace flux::cli {
namespace {

constexpr double FLUX_TOP = 54, FLUX_RIGHT = 28, FLUX_BOTTOM = 40;  // margins, pixels
constexpr double FLUX_HISTOGRAM = 72, FLUX_HISTOGRAM_GAP = 18;
constexpr double FLUX_LABEL_PITCH = 13;   // least distance of two labels
constexpr double FLUX_GLYPH = 6.1;        // width of a letter of the labels
constexpr double FLUX_MARK = 1.3;         // least width of a spike
constexpr double FLUX_LEAST_PITCH = 0.5;  // thinner rows are drawn together

constexpr std::string_view FLUX_STYLE =
    "text{font:11px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:#8b9691}"
    ".title{font:600 15px Inter,'Segoe UI','DejaVu Sans',sans-serif;fill:#e9efec}"
    ".end{text-anchor:end}.mid{text-anchor:middle}"
    ".grid{stroke:#18201c;stroke-width:1}.edge{stroke:#26312b;stroke-width:1}"
    ".spikes{stroke:#3ddc84;fill:none}.rate{fill:#3ddc84;fill-opacity:.16;stroke:none}.line{fill:none;stroke:#3ddc84;stroke-width:1.2;"
    "stroke-linejoin:round}";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char letter : printable(text)) {
    switch (letter) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(letter) >= 0x20) out += letter;  // XML has no control characters
    }
  }
  return out;
}

class SvgRaster {
 public:
  SvgRaster(const RasterData& raster, const SvgSize& size);
  std::string draw();

 private:
  template <class... Parts>
  void put(fmt::format_string<Parts...> format, Parts&&... parts) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Parts>(parts)...);
  }
  void choose_labels();
  void draw_frame();
  void draw_axis();
  void draw_labels();
  void draw_marks();
  void draw_histogram();

  double left() const { return left_; }
  double right() const { return width_ - FLUX_RIGHT; }
  double plot_width() const { return right() - left(); }
  double plot_bottom() const { return FLUX_TOP + plot_height_; }
  double histogram_bottom() const { return plot_bottom() + FLUX_HISTOGRAM_GAP + FLUX_HISTOGRAM; }
  double pitch() const { return plot_height_ / static_cast<double>(std::max<std::size_t>(1, raster_.labels.size())); }
  double x_of(double seconds_from_first) const { return left() + plot_width() * seconds_from_first / span_; }

  const RasterData& raster_;
  double width_;
  double plot_height_;
  double left_ = 0;
  double span_;  // seconds
  std::vector<LabelBand> bands_;
  std::string out_;
};

double fitting_plot_height(std::size_t rows) {
  const double pitch = rows <= 12 ? 22 : rows <= 60 ? 14 : rows <= 300 ? 3 : 1;
  return std::clamp(static_cast<double>(rows) * pitch, 60.0, 620.0);
}

SvgRaster::SvgRaster(const RasterData& raster, const SvgSize& size) : raster_(raster), width_(size.width) {
  const double around = FLUX_TOP + FLUX_BOTTOM + FLUX_HISTOGRAM_GAP + FLUX_HISTOGRAM;
  plot_height_ = size.height == 0 ? fitting_plot_height(raster.labels.size()) : std::max(40.0, size.height - around);
  span_ = seconds_of(raster.ticks(), raster.tick_microseconds);
  choose_labels();
}

void SvgRaster::choose_labels() {
  bands_ = label_bands(raster_.labels, pitch() < FLUX_LABEL_PITCH);
  std::size_t widest = 7;
  for (const LabelBand& band : bands_) widest = std::max(widest, std::min<std::size_t>(width_of(band.text), 20));
  left_ = 28 + FLUX_GLYPH * static_cast<double>(widest) + 12;
}

void SvgRaster::draw_frame() {
  const double height = histogram_bottom() + FLUX_BOTTOM;
  put("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:g}\" height=\"{1:g}\" viewBox=\"0 0 {0:g} {1:g}\">\n<style>{2}</style>\n",
      width_, height, FLUX_STYLE);
  put("<rect width=\"{:g}\" height=\"{:g}\" rx=\"10\" fill=\"#0a0d0b\"/>\n", width_, height);
  const std::uint64_t spikes = raster_.marks.size();
  const std::string facts = fmt::format("{} neurons   {} spikes   {}", grouped(raster_.labels.size()), grouped(spikes),
                                        hertz_text(rate_hz(spikes, raster_.labels.size(), span_)));
  const auto room = static_cast<std::size_t>(std::max(8.0, (width_ - 90 - static_cast<double>(facts.size()) * 6.7) / 8.6));
  put("<circle cx=\"33\" cy=\"29\" r=\"4.5\" fill=\"#3ddc84\"/><text class=\"title\" x=\"46\" y=\"34\">{}</text>\n",
      escaped(cut_to(raster_.title.empty() ? "spikes" : raster_.title, room)));
  put("<text class=\"end\" x=\"{:g}\" y=\"33\" xml:space=\"preserve\">{}</text>\n", right(), facts);
}

void SvgRaster::draw_axis() {
  const double start = seconds_of(raster_.first, raster_.tick_microseconds);
  const double step = axis_step(span_, plot_width() / 110);
  for (double mark = std::ceil(start / step - 1e-9); mark * step <= start + span_ * 1.0000001; ++mark) {
    const double x = x_of(mark * step - start);
    put("<path class=\"grid\" d=\"M{0:.1f} {1:.1f}V{2:.1f}M{0:.1f} {3:.1f}V{4:.1f}\"/>", x, FLUX_TOP, plot_bottom(),
        plot_bottom() + FLUX_HISTOGRAM_GAP, histogram_bottom());
    put("<text class=\"mid\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", x, histogram_bottom() + 20, axis_time(mark * step, step));
  }
  put("<path class=\"edge\" d=\"M{0:.1f} {1:.1f}H{2:.1f}M{0:.1f} {3:.1f}H{2:.1f}\"/>\n", left(), plot_bottom(), right(),
      histogram_bottom());
}

// Labels that would touch the one above are left out; a lone row among thin ones gives way to a population.
void SvgRaster::draw_labels() {
  std::vector<const LabelBand*> shown;
  for (const LabelBand& band : bands_) shown.push_back(&band);
  std::stable_sort(shown.begin(), shown.end(), [](const LabelBand* a, const LabelBand* b) { return a->rows > b->rows; });
  std::vector<double> taken;
  for (const LabelBand* band : shown) {
    const double top = FLUX_TOP + static_cast<double>(band->first_row) * pitch();
    const double middle = top + static_cast<double>(band->rows) * pitch() / 2;
    const auto next = std::lower_bound(taken.begin(), taken.end(), middle);
    if (next != taken.end() && *next - middle < FLUX_LABEL_PITCH) continue;
    if (next != taken.begin() && middle - *std::prev(next) < FLUX_LABEL_PITCH) continue;
    taken.insert(next, middle);
    put("<text class=\"end\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", left() - 12, middle + 3.8, escaped(cut_to(band->text, 20)));
    if (band->rows > 1 && band->first_row > 0) put("<path class=\"edge\" d=\"M{:.1f} {:.1f}H{:.1f}\"/>", left() - 6, top, right());
  }
  put("\n");
}

void SvgRaster::draw_marks() {
  const auto ticks = static_cast<std::uint64_t>(raster_.ticks());
  const auto columns = std::min<std::uint64_t>(ticks, static_cast<std::uint64_t>(plot_width() * 2));
  const auto all_rows = static_cast<std::uint64_t>(raster_.labels.size());
  const auto rows = std::clamp<std::uint64_t>(all_rows, 1, static_cast<std::uint64_t>(plot_height_ / FLUX_LEAST_PITCH));
  const double column_width = plot_width() / static_cast<double>(columns);
  const double row_height = plot_height_ / static_cast<double>(rows);
  const auto mark_columns = static_cast<std::uint64_t>(std::max(1.0, std::round(FLUX_MARK / column_width)));

  struct Pen {
    std::string path;
    std::uint64_t from = 0, to = 0;  // columns of the stroke that is still growing
    std::uint64_t at = 0;            // column where the path ends
  };
  std::vector<Pen> pens(rows);
  // The first stroke of a row is placed, the others step on from the one before: that is shortest.
  const auto lift = [](Pen& pen, std::uint64_t row) {
    if (pen.to == pen.from) return;
    auto end = std::back_inserter(pen.path);
    if (pen.path.empty()) {
      fmt::format_to(end, "M{} {}.5h{}", pen.from, row, pen.to - pen.from);
    } else {
      fmt::format_to(end, "m{} 0h{}", pen.from - pen.at, pen.to - pen.from);
    }
    pen.at = pen.to;
  };
  for (const RasterMark& mark : raster_.marks) {
    const std::uint64_t column = mark.tick * columns / ticks;
    const std::uint64_t row = mark.row * rows / std::max<std::uint64_t>(1, all_rows);
    Pen& pen = pens[row];
    // Spikes in different columns stay apart unless their strokes would overlap.
    if (column >= pen.to || pen.from == pen.to) {
      lift(pen, row);
      pen.from = column;
    }
    pen.to = std::min(columns, column + mark_columns);
  }
  put("<g class=\"spikes\" stroke-width=\"{:.2f}\" transform=\"translate({:.1f} {:g}) scale({:.5f} {:.5f})\">\n",
      row_height >= 8   ? 0.62
      : row_height >= 2 ? 0.8
                        : std::max(1.0, 1.0 / row_height),
      left(), FLUX_TOP, column_width, row_height);
  for (std::uint64_t row = 0; row < rows; ++row) {
    lift(pens[row], row);
    if (!pens[row].path.empty()) put("<path d=\"{}\"/>\n", pens[row].path);
  }
  put("</g>\n");
}

void SvgRaster::draw_histogram() {
  const auto ticks = static_cast<std::size_t>(raster_.ticks());
  // Few spikes get few bins: a bin should hold some four of them.
  const std::size_t finest = static_cast<std::size_t>(plot_width() / 5);
  const std::size_t bins = std::min({finest, ticks, std::max<std::size_t>(40, raster_.marks.size() / 4)});
  const std::vector<double> rates = rate_histogram(raster_, bins);
  const double highest = *std::max_element(rates.begin(), rates.end());
  const double bin_width = plot_width() / static_cast<double>(bins);
  put("<text class=\"end\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", left() - 12, plot_bottom() + FLUX_HISTOGRAM_GAP + 10, hertz_text(highest));
  put("<text class=\"end\" x=\"{:.1f}\" y=\"{:.1f}\">0</text>\n", left() - 12, histogram_bottom() + 1);
  if (highest <= 0) return;
  std::string line;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const double x = left() + (static_cast<double>(bin) + 0.5) * bin_width;
    const double y = histogram_bottom() - FLUX_HISTOGRAM * 0.94 * rates[bin] / highest;
    fmt::format_to(std::back_inserter(line), "{}{:.1f} {:.1f}", bin == 0 ? "M" : " ", x, y);
  }
  put("<path class=\"rate\" d=\"{0}V{1:.1f}H{2:.1f}Z\"/><path class=\"line\" d=\"{0}\"/>\n", line, histogram_bottom(),
      left() + bin_width / 2);
}

std::string SvgRaster::draw() {
  draw_frame();
  draw_axis();
  draw_labels();
  draw_marks();
  draw_histogram();
  put("</svg>\n");
  return std::move(out_);
}

}  // namespace

std::string draw_svg(const RasterData& raster, const SvgSize& size) { return SvgRaster(raster, size).draw(); }

}  // namespace flux::cli
