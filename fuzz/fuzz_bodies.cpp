#include "fuzz_bodies.h"

#include <string>

#include "circuit/elaborate.h"
#include "circuit/flatten.h"
#include "edit/editable_circuit.h"
#include "edit/operation.h"
#include "file/circuit_text.h"
#include "file/edge_import.h"
#include "file/flx.h"
#include "require.h"
#include "reseal_flx.h"

namespace flux::fuzz {
namespace {

constexpr std::uint64_t FLUX_SMALL_NETWORK = 1'000'000;  // pairs of neurons; larger ones are not made flat here

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

namespace {

constexpr const char* FLUX_EDITED = R"({"flux": 1,
  "prototypes": [{"name": "leg", "neurons": [{"id": "hip", "inputAlias": "step"}, {"id": "flexor"}], "synapses": [{"from": "hip", "to": "flexor"}]},
    {"name": "hind", "extends": "leg", "set": {"hip.leak": 3}, "neurons": [{"id": "pusher"}], "synapses": [{"from": "hip", "to": "pusher"}]}],
  "groups": [{"name": "eye", "neurons": [{"id": "pixel", "count": 4}]}],
  "neurons": [{"id": "a", "autoFiringRate": 50}, {"id": "pool", "count": 3}, {"id": "b"}],
  "organs": [{"id": "motor", "type": "wheel", "inputs": [{"id": "turn"}]}],
  "circuits": [{"id": "front", "count": 2, "prototype": "leg", "set": {"flexor.threshold": 50, "[1]/hip > flexor.weight": 100}},
    {"id": "back", "prototype": "hind"}, {"id": "left", "group": "eye"},
    {"id": "body", "neurons": [{"id": "spine"}], "circuits": [{"id": "limb", "prototype": "leg"}], "synapses": [{"from": "spine", "to": "limb/hip"}]}],
  "synapses": [{"from": "a", "to": "front[1]/step"}, {"from": "pool[2]", "to": "b"}, {"from": "body/limb/hip", "to": "body/spine"}],
  "fibers": [{"from": ["left/pixel", "pool"], "to": ["front[*]/hip"], "rule": "fanout", "fanout": 2}],
  "comments": [{"text": "here"}]
})";

bool apply_and_take_back(const std::vector<Operation>& operations) {
  static const Circuit start = parse_circuit_text(FLUX_EDITED, "edited").value();
  EditableCircuit document(start);
  const std::uint64_t before = hash_document(document.circuit());
  auto change = document.apply(operations);
  if (change) {
    if (check_errors(document.circuit()).empty()) {
      const std::string text = write_circuit_text(document.circuit());
      const auto back = parse_circuit_text(text, "again");
      require(back.ok() && write_circuit_text(back.value()) == text, "an edited circuit survives being written and read");
    }
    document.undo(change.value());
  } else {
    require_useful(change.error());
  }
  require(hash_document(document.circuit()) == before, "what was refused or taken back leaves nothing behind");
  return change.ok();
}

bool try_message(const Result<std::vector<Operation>>& read) {
  if (!read) {
    require_useful(read.error());
    return false;
  }
  const std::string text = write_operations(read.value());
  const auto again = read_operations(text, "again");
  require(again.ok() && write_operations(again.value()) == text, "operations survive being written and read");
  const auto unpacked = unpack_operations(pack_operations(read.value()), "again");
  require(unpacked.ok() && write_operations(unpacked.value()) == text, "operations survive being packed");
  (void)apply_and_take_back(read.value());
  return true;
}

}  // namespace

bool try_operations(std::string_view bytes) {
  if (!is_packed(bytes)) return try_message(read_operations(bytes, "fuzz"));
  const bool accepted = try_message(unpack_operations(bytes, "fuzz"));
  constexpr std::size_t frame = 32;
  if (accepted || bytes.size() < frame) return accepted;
  return try_message(read_operations(bytes.substr(frame), "fuzz"));
}

}  // namespace flux::fuzz
