// flux check: everything that is wrong or doubtful in a circuit file.
#include <fmt/format.h>

#include <memory>

#include "arguments.h"
#include "commands.h"
#include "failure.h"
#include "file/flx.h"
#include "terminal.h"
#include "text.h"

namespace flux::cli {
namespace {

void print_finding(const Diagnostic& finding, const Palette& palette) {
  const bool is_error = finding.severity == Diagnostic::Severity::error;
  fmt::print("{}: {} {}\n", palette.bright(finding.where()), is_error ? palette.error("error:") : palette.warning("warning:"),
             finding.what);
  if (!finding.fix.empty()) fmt::print("    {}\n", palette.dim(finding.fix));
}

void check_file(const std::string& path) {
  require_input_file(path);
  const Palette palette(stdout);
  std::size_t errors = 0, warnings = 0;
  for (const Diagnostic& finding : check_document(path)) {
    ++(finding.severity == Diagnostic::Severity::error ? errors : warnings);
    print_finding(finding, palette);
  }
  if (errors > 0)
    throw Failure(fmt::format("{}: {}{}", path, counted(errors, "error"), warnings > 0 ? " and " + counted(warnings, "warning") : ""));
  fmt::print("{} {}: {}\n", palette.accent("●"), path, warnings == 0 ? "fine" : counted(warnings, "warning"));
}

}  // namespace

void add_check_command(CLI::App& app) {
  auto file = std::make_shared<std::string>();
  CLI::App* check = app.add_subcommand("check", "Find errors and doubtful things in a circuit file");
  check->add_option("FILE", *file, "a circuit (text or .flx)")->required();
  check->footer(R"(Each finding is told as file:line:column, what is wrong, and what to do.
Warnings alone leave the exit status 0.

Examples:
  flux check my_circuit.json
  flux check worm.flx)");
  check->callback([file] { check_file(*file); });
}

}  // namespace flux::cli
