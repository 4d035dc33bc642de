#include "watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "text.h"

namespace flux::cli {
namespace {

using namespace std::chrono_literals;

constexpr int FLUX_CHART_LINES = 2;
constexpr int FLUX_OTHER_LINES = FLUX_CHART_LINES + 5;  // head, foot, axis and two empty lines
constexpr double FLUX_WINDOW_SECONDS = 1;               // of model time
constexpr int FLUX_MOST_DOTS = 2048;                    // across the widest terminal
constexpr double FLUX_STEP_BACK_SECONDS = 0.025;
constexpr double FLUX_SLOWEST = 1.0 / 1024, FLUX_FASTEST = 1024;

// `left` and `right` at the two ends of a line; the left gives way when there is no room.
std::string spread(std::string_view left, std::string_view right, int columns) {
  const std::size_t room = static_cast<std::size_t>(std::max(0, columns));
  const std::string ending = cut_to(right, room);
  const std::size_t rest = room - width_of(ending);
  return pad_to(left, rest) + ending;
}

}  // namespace

Watch::Watch(Network& network, const std::vector<std::string>& labels, bool rewinds)
    : network_(network),
      labels_(labels),
      shown_(std::min(labels.size(), FLUX_MOST_SHOWN)),
      start_(network.now()),
      tick_seconds_(seconds_of(1, network.settings().tick_microseconds)),
      rewinds_(rewinds),
      palette_(stdout) {
  if (rewinds_) network_.record();
  moments_.resize(static_cast<std::size_t>(2 * FLUX_WINDOW_SECONDS / tick_seconds_) + FLUX_MOST_DOTS);
}

void Watch::add(Tick tick, std::span<const NeuronIndex> neurons) {
  Moment& moment = moments_[static_cast<std::size_t>(tick) % moments_.size()];
  moment.tick = tick;
  moment.spikes = static_cast<std::uint32_t>(neurons.size());
  moment.fired.reset();
  for (const std::uint64_t neuron : neurons) {
    const std::uint64_t row = neuron * shown_ / labels_.size();
    const bool is_first_of_row = neuron == 0 || (neuron - 1) * shown_ / labels_.size() != row;
    if (is_first_of_row) moment.fired.set(row);
  }
  spikes_ += neurons.size();
}

const Watch::Moment* Watch::moment(Tick tick) const {
  if (tick < start_) return nullptr;
  const Moment& moment = moments_[static_cast<std::size_t>(tick) % moments_.size()];
  return moment.tick == tick ? &moment : nullptr;
}

bool Watch::obey(char key, Runner& runner) {
  const double speed = runner.speed() == 0 ? FLUX_FASTEST : runner.speed();
  switch (key) {
    case 'q':
    case 'Q':
      return false;
    case ' ':
      runner.set_paused(!runner.paused());
      break;
    case '+':
    case '=':
      runner.set_speed(std::min(speed * 2, FLUX_FASTEST));
      break;
    case '-':
      runner.set_speed(std::max(speed / 2, FLUX_SLOWEST));
      break;
    case ',':
    case 'D':  // the last byte of the left arrow
      go_back(runner);
      break;
    case '.':
    case 'C':  // the right one
      runner.set_paused(true);
      runner.step();
      break;
    default:
      break;
  }
  return true;
}

void Watch::go_back(Runner& runner) {
  if (!rewinds_) return;
  runner.set_paused(true);
  const Tick now = network_.now();
  const Tick remembered = network_.recorded_to() - static_cast<Tick>(moments_.size());  // what the raster can still show
  const Tick step = std::llround(FLUX_STEP_BACK_SECONDS / tick_seconds_);
  const Tick target = std::max({network_.recorded_from(), remembered, now - step});
  if (!network_.seek(target).ok()) return;
  for (Tick tick = target; tick < now; ++tick) {
    if (const Moment* seen = moment(tick)) spikes_ -= seen->spikes;
  }
}

bool Watch::update(Runner& runner) {
  for (char key = screen_.key(); key != 0; key = screen_.key()) {
    if (!obey(key, runner)) return false;
  }
  const auto clock = std::chrono::steady_clock::now();
  if (clock < next_frame_) return true;
  next_frame_ = clock + 40ms;
  screen_.show(frame(runner, terminal_size(stdout)));
  return true;
}

std::string Watch::head(const Runner& runner, int columns) const {
  const double seconds = static_cast<double>(network_.now()) * tick_seconds_;
  const std::string pace = runner.paused() ? "paused" : factor_text(runner.recent_factor()) + " real time";
  const std::string right = fmt::format("{:.3f} s   {} ", seconds, pace);
  const std::string title = network_.title().empty() ? "flux" : network_.title();
  const int room = columns - 3 - static_cast<int>(width_of(right)) - 2;
  return fmt::format(" {} {}  {}", palette_.accent("●"), palette_.bright(pad_to(title, static_cast<std::size_t>(std::max(0, room)))),
                     right);
}

std::string Watch::foot(const Runner& runner, int columns) const {
  const double seconds = static_cast<double>(runner.ticks_run()) * tick_seconds_;
  const std::string facts = fmt::format(" {} neurons   {} spikes   {}", grouped(labels_.size()), grouped(spikes_),
                                        hertz_text(rate_hz(spikes_, labels_.size(), seconds)));
  const std::string step = columns < 96 ? "" : rewinds_ ? ", . back, on   " : ". step   ";
  const std::string keys = columns >= 78 ? "space pause   " + step + "+ - speed   q quit " : "q quit ";
  return palette_.dim(spread(facts, keys, columns));
}

Watch::Window Watch::window(int columns) const {
  const Tick dots = std::min<Tick>(columns * 2, FLUX_MOST_DOTS);
  const Tick ticks = std::llround(FLUX_WINDOW_SECONDS / tick_seconds_);
  const Tick ticks_per_dot = std::max<Tick>(1, (ticks + dots / 2) / dots);
  const Tick last_dot = std::max<Tick>(0, network_.now() - 1) / ticks_per_dot;
  return {ticks_per_dot, last_dot - dots + 1, dots};
}

void Watch::draw_spikes(const Window& window, const RowLayout& layout, DotCanvas& canvas) const {
  std::uint64_t marks = 0;
  for (Tick tick = window.first_tick(); tick < network_.now(); ++tick) {
    if (const Moment* seen = moment(tick)) marks += seen->fired.count();
  }
  const RowSample sample(marks, shown_, canvas);
  for (Tick tick = window.first_tick(); tick < network_.now(); ++tick) {
    const Moment* seen = moment(tick);
    if (seen == nullptr) continue;
    const auto x = static_cast<int>(tick / window.ticks_per_dot - window.first_dot);
    for (std::size_t row = seen->fired._Find_first(); row < shown_; row = seen->fired._Find_next(row)) {
      if (sample.shows(row)) layout.mark(canvas, x, row, shown_);
    }
  }
}

std::vector<double> Watch::rates(const Window& window) const {
  std::vector<double> rates(static_cast<std::size_t>(window.dots / 2), 0.0);
  for (Tick tick = window.first_tick(); tick < network_.now(); ++tick) {
    const Moment* seen = moment(tick);
    if (seen != nullptr) rates[static_cast<std::size_t>((tick / window.ticks_per_dot - window.first_dot) / 2)] += seen->spikes;
  }
  const double seconds = 2 * static_cast<double>(window.ticks_per_dot) * tick_seconds_;
  for (double& rate : rates) rate /= seconds * static_cast<double>(std::max<std::size_t>(1, labels_.size()));
  return rates;
}

std::string Watch::frame(const Runner& runner, TerminalSize size) const {
  const RowLayout layout(labels_, std::max(1, size.lines - FLUX_OTHER_LINES));
  const int columns = std::clamp<int>(size.columns - layout.label_width() - 5, 4, FLUX_MOST_DOTS / 2);
  const Window shown = window(columns);
  DotCanvas canvas(columns, layout.lines());
  draw_spikes(shown, layout, canvas);
  std::vector<double> chart_values = rates(shown);
  const double highest = *std::max_element(chart_values.begin(), chart_values.end());
  for (double& value : chart_values) value /= highest > 0 ? highest : 1;

  const auto row = [&](const std::string& label, const std::string& content) {
    return fmt::format(" {} {} {}\n", palette_.dim(pad_to(label, static_cast<std::size_t>(layout.label_width()), true)),
                       palette_.faint("│"), content);
  };
  std::string text = head(runner, size.columns) + "\n\n";
  for (int line = 0; line < layout.lines(); ++line) text += row(layout.label(line), palette_.accent(canvas.line(line)));
  const std::vector<std::string> chart = block_chart(chart_values, FLUX_CHART_LINES);
  for (std::size_t line = 0; line < chart.size(); ++line) {
    text += row(line == 0 && highest > 0 ? hertz_text(highest) : "", palette_.accent(chart[line]));
  }
  const double start = static_cast<double>(shown.first_tick()) * tick_seconds_;
  const double span = static_cast<double>(shown.dots * shown.ticks_per_dot) * tick_seconds_;
  text += row("", palette_.dim(text_axis(start, span, columns)));
  return text + "\n" + foot(runner, size.columns);
}

}  // namespace flux::cli
