// flux import edges: a connectome from tables, as a circuit.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "arguments.h"
#include "commands.h"
#include "failure.h"
#include "file/edge_import.h"
#include "file/flx.h"
#include "text.h"

namespace flux::cli {
namespace {

struct ImportArguments {
  std::string synapses, neurons, output;
  std::string header = "detect", duplicates = "merge", self_connections = "keep";
  std::vector<std::string> type_map;
  std::string inhibitory;
  int threshold = 127, leak = 20, refractory = 5;
  EdgeImportOptions options;
};

std::string read_file(const std::string& path) {
  require_input_file(path);
  std::ifstream input(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(input)), std::istreambuf_iterator<char>());
  if (input.bad()) throw Failure(fmt::format("{}: the file cannot be read to its end; check the disk", path));
  return text;
}

// "left=right", both not empty.
std::pair<std::string, std::string> split_assignment(const std::string& text, const char* option, const char* form) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == text.size())
    throw CLI::ValidationError(fmt::format("{}: '{}' should look like {}", option, text, form));
  return {text.substr(0, equals), text.substr(equals + 1)};
}

SynapseType synapse_type(const std::string& name) {
  if (name == "direct") return SynapseType::direct;
  if (name == "modulator") return SynapseType::modulator;
  if (name == "electric") return SynapseType::electric;
  throw CLI::ValidationError(fmt::format("--map-type: unknown synapse type '{}'; the types are direct, modulator and electric", name));
}

EdgeImportOptions import_options(const ImportArguments& arguments) {
  EdgeImportOptions options = arguments.options;
  options.synapses_name = arguments.synapses;
  options.neurons_name = arguments.neurons;
  options.header = arguments.header == "yes" ? CsvHeader::present : arguments.header == "no" ? CsvHeader::absent : CsvHeader::detect;
  options.duplicates = arguments.duplicates == "keep" ? Duplicates::keep : Duplicates::merge;
  options.self_connections = arguments.self_connections == "drop" ? SelfConnections::drop : SelfConnections::keep;
  for (const std::string& mapping : arguments.type_map) {
    const auto [word, type] = split_assignment(mapping, "--map-type", "electrical=electric");
    options.type_map.emplace_back(word, synapse_type(type));
  }
  if (!arguments.inhibitory.empty()) {
    const auto [column, values] = split_assignment(arguments.inhibitory, "--inhibitory", "neurotransmitters=GABA");
    options.inhibitory_column = column;
    options.inhibitory_values = split_csv_line(values);
  }
  const auto level = static_cast<std::uint8_t>(arguments.threshold);
  options.neuron.threshold = options.neuron.min_threshold = options.neuron.max_threshold = level;
  options.neuron.leak = static_cast<std::uint8_t>(arguments.leak);
  options.neuron.refractory_period = static_cast<std::uint8_t>(arguments.refractory);
  return options;
}

void import_and_write(const ImportArguments& arguments) {
  const bool to_text = arguments.output.ends_with(".json") || arguments.output.ends_with(".jsonc");
  if (!to_text && !arguments.output.ends_with(".flx"))
    throw CLI::ValidationError(
        fmt::format("{}: the form is told by the ending; write .flx for binary or .json for text", arguments.output));
  if (!arguments.inhibitory.empty() && arguments.neurons.empty())
    throw CLI::ValidationError("--inhibitory names a column of the table of neurons; give it with --neurons");
  if (!arguments.options.neuron_id.empty() && arguments.neurons.empty())
    throw CLI::ValidationError("--id names a column of the table of neurons; give it with --neurons");
  require_other_file(arguments.output, arguments.synapses);
  require_other_file(arguments.output, arguments.neurons);
  const EdgeImportOptions options = import_options(arguments);
  const std::string synapses = read_file(arguments.synapses);
  std::optional<std::string> neurons;
  if (!arguments.neurons.empty()) neurons = read_file(arguments.neurons);
  const EdgeImportResult result = value_or_fail(import_edges(synapses, neurons, options));
  ok_or_fail(to_text ? write_text(arguments.output, result.circuit) : write_flx(arguments.output, result.circuit));
  fmt::print("{}wrote {}\n", result.report.text(), arguments.output);
}

void add_column_options(CLI::App& edges, ImportArguments& arguments) {
  EdgeImportOptions& options = arguments.options;
  edges.add_option("--from", options.from, "column of the source")->type_name("COL");
  edges.add_option("--to", options.to, "column of the target")->type_name("COL");
  edges.add_option("--weight", options.weight, "column of the weight or the number of contacts")->type_name("COL");
  edges.add_option("--type", options.type, "column of the synapse type (without it all are direct)")->type_name("COL");
  edges.add_option("--delay", options.delay, "column of the delay, in ticks")->type_name("COL");
  edges.add_option("--id", options.neuron_id, "column of the id in the table of neurons")->type_name("COL");
  edges.add_option("--header", arguments.header, "whether the first line of the synapses names the columns: yes, no, detect (default)")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"yes", "no", "detect"}));
}

void add_meaning_options(CLI::App& edges, ImportArguments& arguments) {
  EdgeImportOptions& options = arguments.options;
  edges.add_option("--scale", options.scale, "weight = count * scale, rounded (default 1)")->type_name("X");
  edges.add_option("--length", options.length, "delay in ticks where no column tells it (default 10)")
      ->type_name("TICKS")
      ->check(CLI::Range(1, 65535));
  edges.add_option("--map-type", arguments.type_map, "what a word in the type column means: electrical=electric")
      ->type_name("WORD=TYPE")
      ->take_all();
  edges.add_option("--inhibitory", arguments.inhibitory, "sources that inhibit: a column of the neurons and its values")
      ->type_name("COL=VALUE[,VALUE]");
  edges.add_option("--duplicates", arguments.duplicates, "rows alike: merge (counts are summed, default) or keep")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"merge", "keep"}));
  edges.add_option("--self", arguments.self_connections, "connections of a neuron to itself: keep (default) or drop")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"keep", "drop"}));
  edges.add_flag("--add-missing", options.add_missing, "add neurons that only the synapses name");
  edges.add_option("--threshold", arguments.threshold, "of every neuron (default 127)")->type_name("LEVEL")->check(CLI::Range(1, 255));
  edges.add_option("--leak", arguments.leak, "of every neuron, 1/16 level per tick (default 20)")
      ->type_name("RATE")
      ->check(CLI::Range(0, 255));
  edges.add_option("--refractory", arguments.refractory, "of every neuron (default 5)")->type_name("TICKS")->check(CLI::Range(0, 255));
  edges.add_option("--title", options.title, "of the circuit")->type_name("TEXT");
}

}  // namespace

void add_import_command(CLI::App& app) {
  auto arguments = std::make_shared<ImportArguments>();
  CLI::App* import = app.add_subcommand("import", "Make a circuit from data of other kinds");
  import->require_subcommand(1);
  CLI::App* edges = import->add_subcommand("edges", "Import a connectome from tables of synapses and neurons");
  edges->add_option("SYNAPSES", arguments->synapses, "a table with a line per connection")->required()->type_name("CSV");
  edges->add_option("--neurons", arguments->neurons, "a table with a line per neuron")->type_name("NEURONS.csv");
  edges->add_option("-o,--output", arguments->output, "where to write the circuit (.flx, or .json for text)")
      ->required()
      ->type_name("OUT.flx");
  add_column_options(*edges, *arguments);
  add_meaning_options(*edges, *arguments);
  edges->footer(R"(Columns are named by their header or by their number from 1; without options
the usual names (from, to, count, type, ...) are found.

Examples:
  flux import edges synapses.csv -o worm.flx
  flux import edges synapses.csv --neurons cells.csv --scale 12 --inhibitory neurotransmitters=GABA -o worm.flx
  flux import edges pairs.txt --header no --from 1 --to 2 --weight 3 -o net.json)");
  import->footer(edges->get_footer());
  edges->callback([arguments] { import_and_write(*arguments); });
}

}  // namespace flux::cli
