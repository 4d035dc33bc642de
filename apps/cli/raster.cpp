#include "raster.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "text.h"

namespace flux::cli {

std::string_view population_of(std::string_view label) {
  const std::size_t bracket = label.ends_with(']') ? label.rfind('[') : std::string_view::npos;
  return label.substr(0, bracket);
}

std::vector<LabelBand> label_bands(const std::vector<std::string>& labels, bool by_population) {
  std::vector<LabelBand> bands;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const std::string_view population = population_of(labels[row]);
    const bool continues = by_population && !bands.empty() && population.size() != labels[row].size() && bands.back().text == population;
    if (continues) {
      ++bands.back().rows;
    } else {
      bands.push_back({by_population ? std::string(population) : labels[row], row, 1});
    }
  }
  return bands;
}

double axis_step(double span, double marks) {
  const double raw = span / std::max(1.0, marks);
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double multiple : {1.0, 2.0, 5.0}) {
    if (multiple * power >= raw * 0.999) return multiple * power;
  }
  return 10 * power;
}

std::string axis_time(double seconds, double step) {
  seconds = std::max(0.0, seconds);  // no "-0"
  if (step < 0.1) return fmt::format("{:.{}f} ms", seconds * 1e3, step < 0.001 ? 1 : 0);
  return fmt::format("{:.{}f} s", seconds, step < 1 ? 1 : 0);
}

std::vector<double> rate_histogram(const RasterData& raster, std::size_t bins) {
  std::vector<double> rates(bins, 0.0);
  const auto bin_of = [&](std::uint64_t tick) { return tick * bins / static_cast<std::uint64_t>(raster.ticks()); };
  for (const RasterMark& mark : raster.marks) rates[std::min<std::size_t>(bin_of(mark.tick), bins - 1)] += 1;
  const double bin_seconds = seconds_of(raster.ticks(), raster.tick_microseconds) / static_cast<double>(bins);
  const double neurons = static_cast<double>(std::max<std::size_t>(1, raster.labels.size()));
  for (double& rate : rates) rate /= bin_seconds * neurons;
  return rates;
}

}  // namespace flux::cli
