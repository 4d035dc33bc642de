// The commands of the shell, one per file. Each adds its subcommand to the application; its callback does the work and throws a
// Failure when it cannot.
#pragma once

#include <CLI/App.hpp>

namespace flux::cli {

void add_run_command(CLI::App& app);
void add_check_command(CLI::App& app);
void add_info_command(CLI::App& app);
void add_convert_command(CLI::App& app);
void add_hash_command(CLI::App& app);
void add_plot_command(CLI::App& app);
void add_import_command(CLI::App& app);
void add_generate_command(CLI::App& app);
void add_studio_command(CLI::App& app);
void add_edit_command(CLI::App& app);
void add_diff_command(CLI::App& app);
void add_devices_command(CLI::App& app);
void add_why_command(CLI::App& app);
void add_bench_command(CLI::App& app);

}  // namespace flux::cli
