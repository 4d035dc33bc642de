// flux edit: operations applied to a circuit.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "arguments.h"
#include "circuit/flatten.h"
#include "commands.h"
#include "edit/diff.h"
#include "edit/editable_circuit.h"
#include "editor.h"
#include "failure.h"
#include "file/flx.h"
#include "output_file.h"
#include "text.h"

namespace flux::cli {
namespace {

struct EditArguments {
  std::string circuit, operations, out, inverse;
  bool quiet = false;
};

std::string read_all(const std::string& path) {
  require_input_file(path);
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) throw Failure(fmt::format("{}: reading failed; try again", path));
  return bytes;
}

// Without a state there is nothing that has to run: the document alone is edited.
void edit_document(const EditArguments& arguments, const std::vector<Operation>& operations, Circuit circuit) {
  EditableCircuit document(std::move(circuit));
  const auto change = document.apply(operations);
  if (!change) throw Failure(fmt::format("{}: {}", arguments.operations, change.error().message()));
  if (const Status status = refuse_errors(document.circuit()); !status) {
    throw Failure(fmt::format("{}: the circuit would not be sound: {}", arguments.operations, status.error().message()));
  }
  ok_or_fail(arguments.out.ends_with(".flx") ? write_flx(arguments.out, document.circuit())
                                             : write_text(arguments.out, document.circuit()));
}

// What takes the operations back.
std::string inverse_of(const EditArguments& arguments, const std::vector<Operation>& operations, const Circuit& before) {
  EditableCircuit document(before);
  const auto change = document.apply(operations);
  if (!change) throw Failure(fmt::format("{}: {}", arguments.operations, change.error().message()));
  const auto differences = value_or_fail(diff(document.circuit(), before));
  std::vector<Operation> inverse;
  inverse.reserve(differences.size());
  for (const Difference& difference : differences) inverse.push_back(difference.operation);
  return write_operations(inverse);
}

void edit(const EditArguments& arguments) {
  if (!arguments.out.ends_with(".flx") && !arguments.out.ends_with(".json") && !arguments.out.ends_with(".jsonc")) {
    throw CLI::ValidationError(fmt::format("{}: the form is told by the ending; write .json for text or .flx for binary", arguments.out));
  }
  for (const std::string& input : {arguments.circuit, arguments.operations, arguments.out}) require_other_file(arguments.inverse, input);
  require_input_file(arguments.circuit);
  const std::string message = read_all(arguments.operations);
  const auto operations =
      value_or_fail(is_packed(message) ? unpack_operations(message, arguments.operations) : read_operations(message, arguments.operations));
  Document document = opened_or_fail(read_document(arguments.circuit), arguments.circuit);
  std::optional<OutputFile> inverse;
  if (!arguments.inverse.empty()) {
    inverse.emplace(arguments.inverse);
    inverse->write(inverse_of(arguments, operations, document.circuit));
  }
  if (document.state && arguments.out.ends_with(".flx")) {
    Editor editor = value_or_fail(Editor::open(arguments.circuit));
    const auto applied = editor.apply(operations);
    if (!applied) throw Failure(fmt::format("{}: {}", arguments.operations, applied.error().message()));
    ok_or_fail(editor.save(arguments.out));
  } else {
    edit_document(arguments, operations, std::move(document.circuit));
  }
  if (inverse) inverse->finish();
  if (!arguments.quiet) fmt::print("{} applied, {} written\n", counted(operations.size(), "operation"), printable(arguments.out));
}

}  // namespace

void add_edit_command(CLI::App& app) {
  auto arguments = std::make_shared<EditArguments>();
  CLI::App* command = app.add_subcommand("edit", "Apply operations to a circuit, all of them or none");
  command->add_option("FILE", arguments->circuit, "a circuit, text or .flx")->required();
  command->add_option("OPERATIONS", arguments->operations, "operations, as text or packed; docs/operations.md lists them")->required();
  command->add_option("-o,--out", arguments->out, "where to write: .json for text, .flx for binary; may be FILE itself")->required();
  command->add_option("--inverse", arguments->inverse, "write the operations that take these back")->type_name("BACK.json");
  command->add_flag("-q,--quiet", arguments->quiet, "say nothing when all is well");
  command->footer(R"(A state saved in FILE goes on in a .flx: the operations are applied to the network as it was saved.

Examples:
  flux edit examples/reflex_arc.json changes.json -o my_reflex.json
  flux diff old.json new.json --json > changes.json && flux edit old.json changes.json -o same_as_new.json
  flux edit running.flx changes.json -o changed.flx
  flux edit a.json changes.json -o b.json --inverse back.json && flux edit b.json back.json -o a_again.json

  changes.json: {"fluxOperations": 1, "operations": [
    {"op": "set", "node": "skin", "properties": {"threshold": 40}},
    {"op": "add", "list": "synapses", "value": {"from": "skin", "to": "flexor", "weight": 90}}]})");
  command->callback([arguments] { edit(*arguments); });
}

}  // namespace flux::cli
