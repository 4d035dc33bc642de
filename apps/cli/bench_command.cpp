// flux bench: how fast and how small, against the ceiling of this machine in the same run.
#include <bench/bench.h>
#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "failure.h"

namespace flux::cli {
namespace {

void print_progress(const std::string& text) {
  if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "{}...\n", text);
}

std::string readable(double value) {
  if (value == static_cast<double>(static_cast<long long>(value))) return fmt::format("{}", static_cast<long long>(value));
  return fmt::format("{:.{}f}", value, value < 10 ? 3 : value < 100 ? 2 : 1);
}

void print_report(const Result<bench::Report>& report, bool json) {
  if (!report) throw Failure(report.error());
  if (json) {
    nlohmann::ordered_json object;
    for (const bench::Figure& figure : report.value()) object[figure.name] = figure.value;
    fmt::print("{}\n", object.dump(2));
    return;
  }
  for (const bench::Figure& figure : report.value()) fmt::print("{:<38} {:>12} {}\n", figure.text, readable(figure.value), figure.unit);
}

// Adds a benchmark with its options and --json.
template <class Options>
CLI::App* add_benchmark(CLI::App& bench, const std::string& name, const std::string& text, const std::shared_ptr<Options>& options,
                        Result<bench::Report> (*measure)(const Options&, const bench::Progress&)) {
  CLI::App* command = bench.add_subcommand(name, text);
  auto json = std::make_shared<bool>(false);
  command->add_option("--neurons", options->neurons, "how many neurons")->capture_default_str()->type_name("N");
  command->add_option("--fanout", options->fanout, "synapses per neuron")->capture_default_str()->type_name("K");
  command->add_flag("--json", *json, "print JSON");
  command->callback([options, json, measure] { print_report(measure(*options, print_progress), *json); });
  return command;
}

}  // namespace

void add_bench_command(CLI::App& app) {
  CLI::App* bench = app.add_subcommand("bench", "Measure this machine and FLUX on it");
  bench->require_subcommand(1);
  bench->footer(R"(Examples:
  flux bench delivery --neurons 100000 --fanout 1000 --threads 2
  flux bench delivery --plastic
  flux bench gpu --neurons 1000000 --fanout 1000
  flux bench quiet --neurons 1000000 --fanout 100
  flux bench storage
  flux bench edit
  flux bench structure
  flux bench repeat)");

  auto delivery = std::make_shared<bench::DeliveryOptions>();
  CLI::App* delivering = add_benchmark(*bench, "delivery", "Synaptic events per second of a busy network, beside a bare arrival loop",
                                       delivery, bench::delivery);
  delivering->add_option("--threads", delivery->threads, "threads of both")
      ->capture_default_str()
      ->check(CLI::Range(1, 64))
      ->type_name("T");
  delivering->add_flag("--plastic", delivery->plastic, "all excitatory-to-excitatory synapses learn");
  delivering->add_option("--rate", delivery->rate, "spikes per second and neuron the drive aims at")
      ->capture_default_str()
      ->check(CLI::Range(1, 500))
      ->type_name("HZ");
  delivering->add_option("--seconds", delivery->seconds, "time of each measurement")
      ->capture_default_str()
      ->check(CLI::Range(0.05, 600.0))
      ->type_name("S");
  delivering->add_option("--rounds", delivery->rounds, "turns of network and bare loop; medians are printed")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  delivering->add_option("--delay-group", delivery->delay_group, "ticks whose synapses share a sublist (0: as the engine chooses)")
      ->check(CLI::IsMember({0, 1, 2, 4, 8, 16}))
      ->type_name("G");

  auto gpu = std::make_shared<bench::GpuOptions>();
  CLI::App* on_gpu =
      add_benchmark(*bench, "gpu", "Synaptic events per second on a GPU, kernel by kernel, beside what it can do at most", gpu, bench::gpu);
  on_gpu->add_flag("--plastic", gpu->plastic, "all synapses of excitatory neurons learn");
  on_gpu->add_option("--rate", gpu->rate, "spikes per second and neuron")
      ->capture_default_str()
      ->check(CLI::Range(1, 333))
      ->type_name("HZ");
  on_gpu->add_option("--seconds", gpu->seconds, "time of measuring")->capture_default_str()->check(CLI::Range(0.05, 600.0))->type_name("S");
  on_gpu->add_option("--check", gpu->check, "first compare the spikes of so many ticks with those of the cpu core")
      ->check(CLI::Range(1, 100000))
      ->type_name("TICKS");
  on_gpu->add_option("--device", gpu->device, "which GPU: its number or a part of its name, see flux devices")->type_name("GPU");

  auto quiet = std::make_shared<bench::QuietOptions>();
  add_benchmark(*bench, "quiet", "Time for one second of a silent, or nearly silent, network", quiet, bench::quiet)
      ->add_option("--spikes", quiet->spikes_per_second, "stimulated spikes per second in the whole network")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000000))
      ->type_name("N");

  auto storage = std::make_shared<bench::StorageOptions>();
  add_benchmark(*bench, "storage", "Time to build a large network, to save it and to open it again", storage, bench::storage)
      ->add_option("--folder", storage->folder, "where to put the file meanwhile")
      ->capture_default_str()
      ->type_name("DIR");

  auto edit = std::make_shared<bench::EditOptions>();
  add_benchmark(*bench, "edit", "Time to add a synapse to a large running network", edit, bench::edit)
      ->add_option("--edits", edit->edits, "how many")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000000))
      ->type_name("N");

  auto structure = std::make_shared<bench::StructureOptions>();
  CLI::App* structuring = add_benchmark(*bench, "structure", "Time to edit prototypes, groups and the structure of a large running network",
                                        structure, bench::structure);
  structuring->add_option("--instances", structure->instances, "copies of the prototype")
      ->capture_default_str()
      ->check(CLI::Range(6, 100000))
      ->type_name("N");
  structuring->add_option("--repeats", structure->repeats, "how often each is done")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000))
      ->type_name("N");

  auto repeat = std::make_shared<bench::RepeatOptions>();
  CLI::App* repeating = add_benchmark(*bench, "repeat", "Time and memory for a million instances of a prototype, and a wave through them",
                                      repeat, bench::repeat);
  repeating->add_option("--side", repeat->side, "instances along each side of the sheet")
      ->capture_default_str()
      ->check(CLI::Range(1, 30000))
      ->type_name("N");
  repeating->add_option("--ticks", repeat->ticks, "length of the run")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000000))
      ->type_name("N");
}

}  // namespace flux::cli
