// flux devices: the GPUs that the webgpu core can use, and what they hold.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/core.h"
#include "failure.h"
#include "terminal.h"
#include "text.h"

namespace flux::cli {
namespace {

constexpr double FLUX_SYNAPSE_BYTES = 4.3;  // on the GPU, of a network of 1,000 synapses a neuron, all included

std::string gigabytes(std::uint64_t bytes) { return bytes == 0 ? "unknown" : fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9); }

void print_json(const std::vector<GpuInfo>& gpus) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    const GpuInfo& gpu = gpus[i];
    list.push_back({{"number", i},
                    {"name", gpu.name},
                    {"driver", gpu.driver},
                    {"backend", gpu.backend},
                    {"software", gpu.software},
                    {"memoryBytes", gpu.memory_bytes},
                    {"largestBufferBytes", gpu.largest_buffer}});
  }
  fmt::print("{}\n", list.dump(2));
}

void print_list(const std::vector<GpuInfo>& gpus) {
  const Palette palette(stdout);
  const auto line = [&](std::string_view name, const std::string& value) {
    fmt::print("    {}  {}\n", palette.dim(pad_to(name, 8)), value);
  };
  fmt::print("\n");
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    const GpuInfo& gpu = gpus[i];
    fmt::print("{} {}  {}{}\n", palette.accent("●"), palette.dim(std::to_string(i)), palette.bright(gpu.name),
               gpu.software ? palette.warning("   a processor that plays a GPU: slower than the cpu core") : "");
    line("through", gpu.driver.empty() ? gpu.backend : fmt::format("{}, {}", gpu.backend, gpu.driver));
    line("memory", gigabytes(gpu.memory_bytes));
    line("buffers", fmt::format("up to {}", gigabytes(gpu.largest_buffer)));
    if (gpu.memory_bytes > 0 && !gpu.software) {
      line("holds",
           fmt::format("about {} synapses",
                       grouped(static_cast<std::uint64_t>(static_cast<double>(gpu.memory_bytes) / FLUX_SYNAPSE_BYTES / 1e8) * 100000000)));
    }
    fmt::print("\n");
  }
}

}  // namespace

void add_devices_command(CLI::App& app) {
  CLI::App* devices = app.add_subcommand("devices", "List the GPUs that can compute, and what they hold");
  auto json = std::make_shared<bool>(false);
  devices->add_flag("--json", *json, "print JSON");
  devices->footer(R"(Examples:
  flux devices
  flux run examples/reservoir.json --core webgpu --device 0)");
  devices->callback([json] {
    const auto gpus = list_gpus();
    if (!gpus) throw Failure(gpus.error());
    if (*json) return print_json(gpus.value());
    print_list(gpus.value());
  });
}

}  // namespace flux::cli
