// flux hash: two numbers that are equal wherever the same run was computed.
#include <fmt/format.h>

#include <limits>
#include <memory>

#include "arguments.h"
#include "commands.h"
#include "failure.h"
#include "runner.h"
#include "stimuli.h"

namespace flux::cli {
namespace {

struct HashArguments {
  std::string file, stimuli;
  std::string duration = "1s";
  NetworkArguments network;
};

void print_hash(const HashArguments& arguments) {
  Network network = open_network(arguments.file, arguments.network);
  Runner runner(network, arguments.stimuli.empty() ? Stimuli() : Stimuli(arguments.stimuli, network));
  const Tick ticks = parse_duration(arguments.duration).to_ticks(network.settings().tick_microseconds);
  runner.run_until(network.now() + ticks);
  const NetworkHash hash = network.hash();
  fmt::print("spikes {:016x}\nstate  {:016x}\n", hash.spikes, hash.state);
}

}  // namespace

void add_hash_command(CLI::App& app) {
  auto arguments = std::make_shared<HashArguments>();
  CLI::App* hash = app.add_subcommand("hash", "Run a circuit and print the hashes of its spikes and of its state");
  hash->add_option("FILE", arguments->file, "a circuit (text or .flx), or a saved state")->required();
  hash->add_option("--for", arguments->duration, "how long, in model time (default 1s)")->type_name("TIME");
  add_network_arguments(*hash, arguments->network);
  hash->add_option("--stim", arguments->stimuli, "stimuli to give")->type_name("IN.csv");
  hash->footer(R"(Both are equal on every core, thread count and machine.

Examples:
  flux hash examples/reservoir.json --for 1s
  flux hash examples/reservoir.json --for 1s --core reference
  flux hash worm.flx --stim touch.csv --for 500ms --threads 2)");
  hash->callback([arguments] {
    parse_duration(arguments->duration);
    print_hash(*arguments);
  });
}

}  // namespace flux::cli
