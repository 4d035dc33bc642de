// flux: the shell of the engine.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include "arguments.h"
#include "commands.h"
#include "failure.h"
#include "terminal.h"

namespace flux::cli {
namespace {

constexpr const char* FLUX_VERSION_TEXT = "flux " FLUX_VERSION;

void print_error(const std::string& command, std::string_view message) {
  // Not fmt::print, which throws where standard error is gone, as it is with a closed terminal.
  std::fputs(fmt::format("{} {}\n", Palette(stderr).error(command + ":"), message).c_str(), stderr);
}

// The command that was being read: the deepest subcommand named on the command line.
const CLI::App& deepest_command(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

std::string full_name(const CLI::App& command) {
  return command.get_parent() == nullptr ? command.get_name() : full_name(*command.get_parent()) + " " + command.get_name();
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> subcommand_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* subcommand : command.get_subcommands([](const CLI::App*) { return true; })) names.push_back(subcommand->get_name());
  return names;
}

// What is wrong with a word that nothing on the command line asked for.
std::string unexpected_word(const CLI::App& command, const std::string& word) {
  const bool is_option = word.starts_with("-");
  const std::vector<std::string> known = is_option ? option_names(command) : subcommand_names(command);
  const char* kind = is_option ? "option" : known.empty() ? "argument" : "command";
  const std::string name = is_option ? word.substr(0, word.find('=')) : word;
  const auto similar = closest(name, known);
  return fmt::format("{} {} '{}'{}", known.empty() ? "unexpected" : "unknown", kind, name,
                     similar ? fmt::format("; did you mean {}?", *similar) : "");
}

int report_usage(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = deepest_command(app);
  const std::vector<std::string> left = command.remaining(true);
  std::string message = error.what();
  if (!left.empty()) {
    message = unexpected_word(command, left.front());
  } else if (message.starts_with("A subcommand is required")) {
    message = fmt::format("say which command; the commands are {}", fmt::join(subcommand_names(command), ", "));
  }
  print_error(full_name(command), message);
  std::fputs(fmt::format("Try '{} --help'.\n", full_name(command)).c_str(), stderr);
  return exit_usage;
}

constexpr const char* FLUX_EXAMPLES = R"(Examples:
  flux run examples/reservoir.json --watch
  flux run examples/reservoir.json --for 2s --record spikes.csv --svg raster.svg
  flux check my_circuit.json
  flux run --help

Exit status: 0 fine, 1 the input or the run failed, 2 the command line was not understood.)";

void describe(CLI::App& app) {
  app.set_version_flag("--version", FLUX_VERSION_TEXT);
  app.get_formatter()->column_width(34);
  app.get_formatter()->label("OPTIONS", "options");
  app.footer(FLUX_EXAMPLES);
  app.require_subcommand(1);
  add_run_command(app);
  add_check_command(app);
  add_info_command(app);
  add_convert_command(app);
  add_hash_command(app);
  add_plot_command(app);
  add_import_command(app);
  add_generate_command(app);
  add_why_command(app);
  add_studio_command(app);
  add_edit_command(app);
  add_diff_command(app);
  add_devices_command(app);
#ifdef FLUX_WITH_BENCH
  add_bench_command(app);
#endif
}

// An empty value is mostly a variable of the caller's script that was never set; to ignore it could lose a recording.
void refuse_empty_values(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    if (option->get_items_expected_min() == 0 || option->check_lname("title")) continue;
    option->check([](const std::string& value) { return value.empty() ? std::string("must not be empty") : std::string(); });
  }
  for (CLI::App* subcommand : command.get_subcommands([](const CLI::App*) { return true; })) refuse_empty_values(*subcommand);
}

int run_shell(int argc, char** argv) {
  CLI::App app("FLUX: artificial nervous systems, spike for spike the same everywhere", "flux");
  describe(app);
  refuse_empty_values(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked_for_help) {
    return app.exit(asked_for_help);
  } catch (const CLI::ParseError& error) {
    return report_usage(app, error);
  } catch (const Failure& failure) {
    print_error(full_name(deepest_command(app)), failure.what());
    return exit_failed;
  } catch (const std::bad_alloc&) {
    print_error(full_name(deepest_command(app)), "there is not enough memory for this; flux info tells what a circuit needs");
    return exit_failed;
  } catch (const std::exception& error) {
    print_error(full_name(deepest_command(app)), error.what());
    return exit_failed;
  }
  return exit_fine;
}

// A stream that the caller closed would otherwise be the next file opened, and text for the terminal end up in it.
void open_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", O_RDWR) != stream) std::abort();
  }
}

// Whether all that was printed has arrived.
bool flush_standard_output() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return true;
  if (errno != EPIPE) print_error("flux", fmt::format("standard output cannot be written: {}", std::strerror(errno)));
  return false;
}

}  // namespace
}  // namespace flux::cli

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that left, and a limit to the size of files, show as failed writes
  std::signal(SIGXFSZ, SIG_IGN);
  flux::cli::open_standard_streams();
  const int status = flux::cli::run_shell(argc, argv);
  return status == flux::cli::exit_fine && !flux::cli::flush_standard_output() ? flux::cli::exit_failed : status;
}
