#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "bench/bench.h"
#include "circuit/flatten.h"
#include "file/flx.h"
#include "flux.h"
#include "measure.h"

namespace flux::bench {

Result<Report> storage(const StorageOptions& options, const Progress& progress) {
  const auto say = [&](const std::string& text) {
    if (progress) progress(text);
  };
  Circuit circuit;
  circuit.title = "Storage benchmark";
  NeuronNode pool;
  pool.id = "pool";
  pool.count = options.neurons;
  circuit.neurons.push_back(pool);
  Fiber fiber;
  fiber.sources = fiber.targets = {0};
  fiber.rule = FiberRule::random_fanout;
  fiber.fanout = options.fanout;
  fiber.weight = {-8, 8};
  fiber.length = {1, 16};
  circuit.fibers.push_back(fiber);
  say(fmt::format("building {} neurons x {} synapses", options.neurons, options.fanout));
  const Stopwatch build;
  auto graph = flatten(circuit);
  if (!graph) return graph.error();
  const double build_seconds = build.seconds();
  const std::string path = (std::filesystem::path(options.folder) / "flux_storage_bench.flx").string();
  say("saving");
  const Stopwatch save;
  if (Status status = write_flx(path, circuit, &graph.value(), nullptr); !status) return status.error();
  const double save_seconds = save.seconds();
  std::error_code ignored;
  const double megabytes = static_cast<double>(std::filesystem::file_size(path, ignored)) / 1e6;
  graph = Error{"", "", ""};  // its memory back
  say("opening");
  const Stopwatch open;
  auto network = Network::open(path);
  const double open_seconds = open.seconds();
  std::filesystem::remove(path, ignored);
  if (!network) return network.error();
  return Report{
      {"build_seconds", "to build from the circuit", build_seconds, "s"},
      {"save_seconds", "to save it compiled", save_seconds, "s"},
      {"open_seconds", "to open it again", open_seconds, "s"},
      {"file_megabytes", "file", megabytes, "MB"},
      {"synapses", "synapses", static_cast<double>(options.neurons) * options.fanout, ""},
      {"peak_megabytes", "peak memory", peak_megabytes(), "MB"},
  };
}

}  // namespace flux::bench
