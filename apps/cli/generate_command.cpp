// flux generate: a circuit made from a few settings.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "arguments.h"
#include "circuit/generators.h"
#include "commands.h"
#include "failure.h"
#include "file/circuit_text.h"
#include "file/flx.h"
#include "output_file.h"
#include "terminal.h"
#include "text.h"

namespace flux::cli {
namespace {

constexpr std::size_t FLUX_GAP = 2;  // columns between those of a table

struct GenerateArguments {
  std::string name;
  std::vector<std::string> settings;
  std::uint64_t seed = 1;
  std::string out;
  bool list = false;
  bool help_settings = false;
};

GeneratorSettings split_settings(const std::vector<std::string>& words) {
  GeneratorSettings settings;
  for (const std::string& word : words) {
    const std::size_t sign = word.find('=');
    if (sign == std::string::npos || sign == 0)
      throw CLI::ValidationError(fmt::format("--set {}: write a setting as name=value, as in neurons=100", word));
    if (!settings.emplace(word.substr(0, sign), word.substr(sign + 1)).second)
      throw CLI::ValidationError(fmt::format("--set {}: this setting is given twice", word));
  }
  return settings;
}

const Generator& generator_named(const std::string& name) {
  if (const Generator* generator = find_generator(name)) return *generator;
  std::vector<std::string> names;
  for (const Generator& generator : generators()) names.emplace_back(generator.name);
  const auto similar = closest(name, names);
  throw Failure(fmt::format("there is no generator '{}'; {}", name,
                            similar ? fmt::format("did you mean {}?", *similar) : fmt::format("there are {}", fmt::join(names, ", "))));
}

// Rows of cells in columns as wide as their widest cell; the last column is wrapped to the terminal.
void print_table(const std::vector<std::vector<std::string>>& rows, const Palette& palette) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::size_t indent = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) indent += widths[i] + FLUX_GAP;
  const std::size_t columns = static_cast<std::size_t>(terminal_size(stdout).columns);
  const std::size_t last_width = columns > indent + 20 ? columns - indent : 60;
  for (const auto& row : rows) {
    const bool is_head = &row == rows.data();
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      const std::string cell = pad_to(row[i], widths[i] + FLUX_GAP);
      fmt::print("{}", is_head ? palette.dim(cell) : i == 0 ? palette.accent(cell) : cell);
    }
    const std::vector<std::string> lines = wrapped(row.back(), last_width);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      fmt::print("{}{}\n", std::string(i == 0 ? 0 : indent, ' '), is_head ? palette.dim(lines[i]) : lines[i]);
    }
  }
}

void print_generators() {
  std::vector<std::vector<std::string>> rows = {{"name", "what it makes"}};
  for (const Generator& generator : generators()) rows.push_back({std::string(generator.name), std::string(generator.description)});
  print_table(rows, Palette(stdout));
  fmt::print("\nflux generate NAME --help-settings tells what can be set.\n");
}

void print_settings(const Generator& generator) {
  const Palette palette(stdout);
  fmt::print("{}\n", palette.bright(generator.title));
  for (const std::string& line : wrapped(generator.description, static_cast<std::size_t>(terminal_size(stdout).columns))) {
    fmt::print("{}\n", line);
  }
  fmt::print("\n");
  std::vector<std::vector<std::string>> rows = {{"setting", "range", "default", "meaning"}};
  for (const GeneratorSetting& setting : generator.settings) {
    rows.push_back({std::string(setting.name), setting.range_text(), setting.text_of(setting.when_absent),
                    fmt::format("{}: {}", setting.title, setting.description)});
  }
  print_table(rows, palette);
}

void write_circuit(const std::string& path, const Circuit& circuit) {
  if (path.ends_with(".flx")) return ok_or_fail(write_flx(path, circuit));
  OutputFile out(path);
  out.write(write_circuit_text(circuit));
  out.finish();
}

void generate_circuit(const GenerateArguments& arguments) {
  if (arguments.list) return print_generators();
  if (arguments.name.empty()) throw CLI::ValidationError("say which generator; flux generate --list names them");
  const Generator& generator = generator_named(arguments.name);
  if (arguments.help_settings) return print_settings(generator);
  if (arguments.out.empty()) throw CLI::ValidationError("say where to write it: -o OUT.json, or -o - for standard output");
  const Circuit circuit = value_or_fail(generate(generator.name, split_settings(arguments.settings), arguments.seed));
  write_circuit(arguments.out, circuit);
  if (arguments.out == "-") return;
  std::uint64_t neurons = 0;
  for (const NeuronNode& node : circuit.neurons) neurons += node.size();
  fmt::print("{}: {} of {}\n", arguments.out, circuit.title, counted(neurons, "neuron"));
}

}  // namespace

void add_generate_command(CLI::App& app) {
  auto arguments = std::make_shared<GenerateArguments>();
  CLI::App* command = app.add_subcommand("generate", "Make a circuit from a few settings: rings, sheets, rhythms, ...");
  command->add_option("NAME", arguments->name, "which generator");
  command->add_option("--set", arguments->settings, "a setting, as name=value; may be repeated")->allow_extra_args(false);
  command->add_option("--seed", arguments->seed, "of what is drawn at random")->capture_default_str();
  command->add_option("-o,--out", arguments->out, "where to write: .json for text, .flx for binary, - for standard output");
  command->add_flag("--list", arguments->list, "tell which generators there are");
  command->add_flag("--help-settings", arguments->help_settings, "tell what can be set");
  command->footer(R"(Examples:
  flux generate --list
  flux generate ring --help-settings
  flux generate ring --set neurons=64 -o ring.json
  flux generate pattern --set phases=6 --set spikes=3 -o gait.json && flux run gait.json --watch)");
  command->callback([arguments] { generate_circuit(*arguments); });
}

}  // namespace flux::cli
