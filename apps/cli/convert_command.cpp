// flux convert: the text form of a circuit from the binary one, and back.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "arguments.h"
#include "circuit/flatten.h"
#include "commands.h"
#include "failure.h"
#include "file/flx.h"
#include "text.h"

namespace flux::cli {
namespace {

struct ConvertArguments {
  std::string in, out;
  bool compile = false;
  bool drop_state = false;
};

bool is_binary_name(const std::string& path) { return path.ends_with(".flx"); }
bool is_text_name(const std::string& path) { return path.ends_with(".json") || path.ends_with(".jsonc"); }

// What the arguments alone forbid.
void check_arguments(const ConvertArguments& arguments) {
  if (!is_binary_name(arguments.out) && !is_text_name(arguments.out))
    throw CLI::ValidationError(fmt::format("{}: the form is told by the ending; write .json for text or .flx for binary", arguments.out));
  if (arguments.compile && !is_binary_name(arguments.out))
    throw CLI::ValidationError("--compile stores the flat graph, which only a .flx file can hold");
}

// Learned long-term parts in a state that no synapse of the circuit has a place for.
std::size_t weights_left_behind(const Document& document) {
  if (!document.state) return 0;
  const auto is_learned = [](const LearnedWeight& weight) { return weight.long_term != 0; };
  const auto is_written = [](const SynapseNode& synapse) { return synapse.long_term != 0; };
  const auto learned = std::count_if(document.state->learned.begin(), document.state->learned.end(), is_learned);
  const auto written = std::count_if(document.circuit.synapses.begin(), document.circuit.synapses.end(), is_written);
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, learned - written));
}

void write_text_form(const ConvertArguments& arguments, const Document& document) {
  if (document.state && !arguments.drop_state)
    throw Failure(fmt::format("{}: holds a state saved at tick {}, and text holds none; write a .flx file, or add --drop-state",
                              arguments.in, document.state->now));
  ok_or_fail(write_text(arguments.out, document.circuit));
  if (const std::size_t lost = weights_left_behind(document); lost > 0) {
    fmt::print(stderr, "flux convert: {} stay behind with the state: text has only those of single synapses; a .flx keeps all\n",
               counted(lost, "learned weight"));
  }
}

void write_binary_form(const ConvertArguments& arguments, const Document& document) {
  std::optional<Graph> compiled = document.compiled;
  if (arguments.compile && !compiled) compiled = value_or_fail(flatten(document.circuit));
  if (compiled && !compiled->is_plain()) compiled.reset();  // a rule with small tables: made anew in less time than it would take to read
  const bool keep_state = document.state && !arguments.drop_state;
  ok_or_fail(write_flx(arguments.out, document.circuit, compiled ? &*compiled : nullptr, keep_state ? &*document.state : nullptr));
}

void convert(const ConvertArguments& arguments) {
  check_arguments(arguments);
  require_input_file(arguments.in);
  const Document document = opened_or_fail(read_document(arguments.in), arguments.in);
  if (is_text_name(arguments.out)) {
    write_text_form(arguments, document);
  } else {
    write_binary_form(arguments, document);
  }
}

}  // namespace

void add_convert_command(CLI::App& app) {
  auto arguments = std::make_shared<ConvertArguments>();
  CLI::App* command = app.add_subcommand("convert", "Turn a text circuit into a binary one, or back, without loss");
  command->add_option("IN", arguments->in, "a circuit, text or .flx (told by its content)")->required();
  command->add_option("OUT", arguments->out, "where to write: .json for text, .flx for binary")->required();
  command->add_flag("--compile", arguments->compile, "store the flat graph too: large circuits then open at once");
  command->add_flag("--drop-state", arguments->drop_state, "leave a saved state behind");
  command->footer(R"(Examples:
  flux convert my_circuit.json my_circuit.flx
  flux convert my_circuit.flx my_circuit.json
  flux convert large.json large.flx --compile)");
  command->callback([arguments] { convert(*arguments); });
}

}  // namespace flux::cli
