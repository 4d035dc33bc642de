#include "fuzz_bodies.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "circuit/elaborate.h"
#include "circuit/flatten.h"
#include "file/circuit_text.h"
#include "file/edge_import.h"
#include "file/flx.h"
#include "reseal_flx.h"

namespace flux::fuzz {
namespace {

constexpr std::uint64_t FLUX_SMALL_NETWORK = 1'000'000;  // pairs of neurons; larger ones are not made flat here

void require(bool truth, const char* what) {
  if (truth) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

void require_useful(const Error& error) { require(!error.what.empty(), "an error says what is wrong"); }

bool is_small(const Circuit& tree) {
  const auto placed = elaborate(tree);
  require(placed.ok(), "a tree without errors can be elaborated");
  const Circuit& circuit = placed.value();
  const auto side = [&](const std::vector<std::uint32_t>& nodes) {
    std::uint64_t total = 0;
    for (const std::uint32_t node : nodes) total += circuit.neurons[node].size();
    return total;
  };
  std::uint64_t neurons = 0, work = circuit.synapses.size();
  for (const NeuronNode& node : circuit.neurons) neurons += node.size();
  for (const Fiber& fiber : circuit.fibers) work += side(fiber.sources) * (side(fiber.targets) + fiber.fanout + fiber.kernel.size());
  return neurons + work < FLUX_SMALL_NETWORK;
}

void require_sound(const Circuit& circuit) {
  require(check_errors(circuit).empty(), "a circuit that was read has no errors");
  const std::string text = write_circuit_text(circuit);
  const auto back = parse_circuit_text(text, "again");
  require(back.ok(), "a written circuit can be read");
  require(back.value() == circuit, "a circuit survives being written and read");
  require(write_circuit_text(back.value()) == text, "the canonical text is one");
  if (is_small(circuit)) require(flatten(circuit).ok(), "a small circuit without errors can be made flat");
}

bool try_flx_bytes(std::string_view bytes) {
  const auto document = read_document_bytes(bytes, "fuzz.flx");
  if (!document) {
    require_useful(document.error());
    return false;
  }
  require_sound(document.value().circuit);
  return true;
}

}  // namespace

bool try_text(std::string_view bytes) {
  const auto circuit = parse_circuit_text(bytes, "fuzz.json");
  const InspectedText inspected = inspect_circuit_text(bytes, "fuzz.json");
  require(circuit.ok() == inspected.circuit.has_value(), "both ways of reading agree");
  for (const Diagnostic& diagnostic : inspected.diagnostics)
    require(diagnostic.line > 0 && diagnostic.column > 0, "a problem has its place");
  if (!circuit) {
    require_useful(circuit.error());
    return false;
  }
  require_sound(circuit.value());
  return true;
}

bool try_flx(std::string_view bytes) {
  const bool as_it_is = try_flx_bytes(bytes);
  return try_flx_bytes(resealed(std::string(bytes))) || as_it_is;
}

bool try_edges(std::string_view bytes) {
  if (bytes.empty()) return false;
  const auto flags = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  EdgeImportOptions options;
  options.header = static_cast<CsvHeader>((flags & 3u) % 3);
  options.duplicates = (flags & 4u) != 0 ? Duplicates::keep : Duplicates::merge;
  options.self_connections = (flags & 8u) != 0 ? SelfConnections::drop : SelfConnections::keep;
  options.add_missing = (flags & 16u) != 0;
  if ((flags & 32u) != 0) options.scale = "-0.37";
  const std::size_t split = bytes.find('\x1e');
  std::optional<std::string_view> neurons;
  if (split != std::string_view::npos) neurons = bytes.substr(split + 1);
  if (neurons && (flags & 64u) != 0) {
    options.inhibitory_column = "2";
    options.inhibitory_values = {"GABA"};
  }
  const auto result = import_edges(bytes.substr(0, split), neurons, options);
  if (!result) {
    require_useful(result.error());
    return false;
  }
  const EdgeImportReport& report = result.value().report;
  require(report.synapses == result.value().circuit.synapses.size(), "the report counts the synapses");
  require(report.neurons == result.value().circuit.neurons.size(), "the report counts the neurons");
  require(!report.text().empty(), "the report says something");
  require_sound(result.value().circuit);
  return true;
}

}  // namespace flux::fuzz
