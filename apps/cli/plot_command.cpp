// flux plot: a picture of a recording.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>
#include <unordered_map>

#include "arguments.h"
#include "commands.h"
#include "failure.h"
#include "output_file.h"
#include "raster.h"
#include "spike_recorder.h"
#include "table_file.h"
#include "text.h"

namespace flux::cli {
namespace {

struct PlotArguments {
  std::string spikes, output, circuit, title, order = "name", from, to;
  std::vector<std::string> neurons;  // patterns
  int width = 1200, height = 0;
};

struct Recording {
  std::vector<std::string> names;  // in order of their first spike, or of the circuit
  std::vector<std::pair<Tick, std::uint32_t>> spikes;
  std::string title;
  std::uint32_t tick_microseconds = 1000;
};

// Whether `name` is what `pattern` says; * stands for anything.
bool matches(std::string_view pattern, std::string_view name) {
  std::size_t at = 0, star = std::string_view::npos;  // places in the pattern: to be compared next, of the last *
  std::size_t taken = 0;                              // where in the name what that * stands for ends
  for (std::size_t i = 0; i < name.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      taken = i;
    } else if (at < pattern.size() && pattern[at] == name[i]) {
      ++at;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      i = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

bool wanted(const std::vector<std::string>& patterns, std::string_view name) {
  return patterns.empty() || std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
           return matches(pattern, name) || matches(pattern, population_of(name));
         });
}

// "pool[2]" comes before "pool[10]".
bool natural_less(std::string_view a, std::string_view b) {
  const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const auto run = [&](std::string_view text, std::size_t& at) {
        while (at < text.size() && text[at] == '0') ++at;
        const std::size_t first = at;
        while (at < text.size() && is_digit(text[at])) ++at;
        return text.substr(first, at - first);
      };
      const std::string_view left = run(a, i), right = run(b, j);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
    } else if (a[i] != b[j]) {
      return a[i] < b[j];
    } else {
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

Recording read_recording(const PlotArguments& arguments) {
  Recording recording;
  TableFile table(arguments.spikes, "tick,neuron");
  if (!arguments.circuit.empty()) {
    const Network network = open_network(arguments.circuit, {});
    if (network.size() > FLUX_MOST_LABELS) {
      throw Failure(fmt::format("{}: {} neurons are too many to draw; leave --circuit out to draw those that fire", arguments.circuit,
                                grouped(network.size())));
    }
    recording.names = neuron_labels(network);
    recording.title = network.title();
    recording.tick_microseconds = network.settings().tick_microseconds;
  }
  std::unordered_map<std::string, std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < recording.names.size(); ++i) numbers.emplace(recording.names[i], i);
  std::vector<std::string> fields;
  while (table.next(fields)) {
    const Tick tick = table.whole_number(fields[0], "tick", 0, std::int64_t{1} << 50);
    if (!recording.spikes.empty() && tick < recording.spikes.back().first)
      table.fail("the ticks must not fall; sort the file by its first column");
    const auto [place, is_new] = numbers.emplace(fields[1], static_cast<std::uint32_t>(recording.names.size()));
    if (is_new && !arguments.circuit.empty())
      table.fail(fmt::format("{} has no neuron '{}'; plot with the circuit that was run", arguments.circuit, fields[1]));
    if (is_new) recording.names.push_back(fields[1]);
    recording.spikes.emplace_back(tick, place->second);
  }
  return recording;
}

// Numbers of the neurons to show, from the top.
std::vector<std::uint32_t> chosen_rows(const Recording& recording, const PlotArguments& arguments) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < recording.names.size(); ++i) {
    if (wanted(arguments.neurons, recording.names[i])) rows.push_back(i);
  }
  if (arguments.order == "rate") {
    std::vector<std::uint64_t> counts(recording.names.size());
    for (const auto& spike : recording.spikes) ++counts[spike.second];
    std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return counts[a] > counts[b]; });
  } else if (arguments.order == "name" && arguments.circuit.empty()) {
    std::sort(rows.begin(), rows.end(),
              [&](std::uint32_t a, std::uint32_t b) { return natural_less(recording.names[a], recording.names[b]); });
  }
  return rows;
}

// A recording begins at tick 0 unless its first spike comes so late that it must be a run that was continued.
Tick first_tick(const Recording& recording) {
  if (recording.spikes.empty()) return 0;
  const Tick first = recording.spikes.front().first;
  return first > recording.spikes.back().first / 2 ? first : 0;
}

RasterData raster_of(const Recording& recording, const PlotArguments& arguments) {
  const auto ticks_or = [&](const std::string& text, Tick otherwise) {
    return text.empty() ? otherwise : text == "0" ? 0 : parse_duration(text).to_ticks(recording.tick_microseconds);
  };
  RasterData raster;
  raster.title = !arguments.title.empty() ? arguments.title : !recording.title.empty() ? recording.title : arguments.spikes;
  raster.tick_microseconds = recording.tick_microseconds;
  raster.first = ticks_or(arguments.from, first_tick(recording));
  raster.end = ticks_or(arguments.to, recording.spikes.empty() ? raster.first + 1 : recording.spikes.back().first + 1);
  if (raster.end <= raster.first)
    throw Failure(
        fmt::format("{}: there is nothing between ticks {} and {}; check --from and --to", arguments.spikes, raster.first, raster.end));
  if (raster.ticks() > std::numeric_limits<std::uint32_t>::max())
    throw Failure(
        fmt::format("{}: {} ticks are more than a picture can hold; choose a part with --from and --to", arguments.spikes, raster.ticks()));
  std::vector<std::uint32_t> row_of(recording.names.size(), std::numeric_limits<std::uint32_t>::max());
  for (const std::uint32_t neuron : chosen_rows(recording, arguments)) {
    row_of[neuron] = static_cast<std::uint32_t>(raster.labels.size());
    raster.labels.push_back(recording.names[neuron]);
  }
  for (const auto& [tick, neuron] : recording.spikes) {
    if (tick < raster.first || tick >= raster.end || row_of[neuron] == std::numeric_limits<std::uint32_t>::max()) continue;
    raster.marks.push_back({static_cast<std::uint32_t>(tick - raster.first), row_of[neuron]});
  }
  return raster;
}

void plot(const PlotArguments& arguments) {
  require_other_file(arguments.output, arguments.spikes);
  require_other_file(arguments.output, arguments.circuit);
  const RasterData raster = raster_of(read_recording(arguments), arguments);
  if (raster.labels.empty()) {
    throw Failure(arguments.neurons.empty()
                      ? fmt::format("{}: there are no spikes in it", arguments.spikes)
                      : fmt::format("{}: no neuron that spiked fits --neurons; * stands for anything", arguments.spikes));
  }
  if (arguments.output.empty()) {
    const TerminalSize size = terminal_size(stdout);
    fmt::print("{}", draw_text(raster, {size.columns, size.lines - 2}, Palette(stdout)));
    return;
  }
  OutputFile file(arguments.output);
  file.write(draw_svg(raster, {arguments.width, arguments.height}));
  file.finish();
}

}  // namespace

void add_plot_command(CLI::App& app) {
  auto arguments = std::make_shared<PlotArguments>();
  CLI::App* command = app.add_subcommand("plot", "Draw recorded spikes, as SVG or in the terminal");
  command->add_option("SPIKES", arguments->spikes, "a recording: tick,neuron")->required()->type_name("CSV");
  command->add_option("-o,--output", arguments->output, "where to draw; without it, the terminal")->type_name("RASTER.svg");
  command->add_option("--circuit", arguments->circuit, "take title, tick, order and silent neurons from it")->type_name("FILE");
  command->add_option("--neurons", arguments->neurons, "only these, by commas: names, populations, * for anything")
      ->type_name("NAMES")
      ->delimiter(',');
  command->add_option("--order", arguments->order, "rows by name (or as in the circuit), first (spike), or rate")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"name", "first", "rate"}));
  command->add_option("--from", arguments->from, "first moment to show")->type_name("TIME");
  command->add_option("--to", arguments->to, "moment to end before")->type_name("TIME");
  command->add_option("--title", arguments->title, "instead of the file's name")->type_name("TEXT");
  command->add_option("--width", arguments->width, "of the SVG, pixels (default 1200)")->type_name("W")->check(CLI::Range(300, 20000));
  command->add_option("--height", arguments->height, "of the SVG, pixels (default: what the rows need)")
      ->type_name("H")
      ->check(CLI::Range(240, 20000));
  command->footer(R"(Examples:
  flux plot spikes.csv
  flux plot spikes.csv -o raster.svg --title "First steps"
  flux plot spikes.csv -o raster.svg --circuit examples/reservoir.json
  flux plot spikes.csv -o motor.svg --neurons "DA*,VA*" --from 200ms --to 1s)");
  command->callback([arguments] {
    for (const std::string& time : {arguments->from, arguments->to})
      if (!time.empty() && time != "0") parse_duration(time);
    plot(*arguments);
  });
}

}  // namespace flux::cli
