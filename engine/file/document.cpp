#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/array.h"
#include "circuit/elaborate.h"
#include "circuit/flatten.h"
#include "circuit/names.h"
#include "file/circuit_text.h"
#include "file/flx.h"
#include "file/json_tree.h"
#include "file/saved_file.h"
#include "flx_parts.h"
#include "fmt/format.h"
#include "text_reading.h"

namespace flux {
namespace {

constexpr std::string_view FLUX_FLX_BEGINNING = "FLX";

std::string_view text_of(const std::shared_ptr<std::byte>& memory, std::size_t size) {
  return {reinterpret_cast<const char*>(memory.get()), size};
}

// Number of neurons of the network that a circuit makes.
Result<std::uint32_t> network_size(const Circuit& circuit) {
  if (is_flat(circuit)) return first_neurons(circuit).back();
  const auto placed = elaborate(circuit, FLUX_SHARE_FROM);
  return placed ? Result<std::uint32_t>(first_neurons(placed.value()).back()) : placed.error();
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
}

// Text as it lies in a file, with its libraries.
TextReading reading_of_file(const std::string& path, TextChecks checks) {
  TextReading reading;
  reading.checks = checks;
  reading.find_prototypes = [folder = folder_of(path)](Circuit& circuit) { return find_library_prototypes(circuit, folder); };
  return reading;
}

// All of a file that is needed for a first look: the circuit without its explicit synapses.
struct OpenedFlx {
  FlxContainer file;
  Circuit circuit;
  std::uint32_t neuron_count = 0;
};

Result<OpenedFlx> open_flx(std::shared_ptr<std::byte> memory, std::size_t size, const std::string& name) {
  auto container = FlxContainer::open(std::move(memory), size, name);
  if (!container) return container.error();
  const FlxContainer& file = container.value();
  if (Status status = file.refuse_unknown(flx_part_names()); !status) return status.error();
  const FlxPart* part = file.find("circuit");
  if (part == nullptr) return file.damaged("the file has no circuit");
  const auto bytes = file.bytes(*part);
  if (!bytes) return bytes.error();
  const std::string_view text(reinterpret_cast<const char*>(bytes.value().data()), bytes.value().size());
  TextReading reading;
  reading.origin = TextOrigin::part_of_flx;
  reading.checks = TextChecks::errors;
  auto circuit = first_error_or_circuit(read_circuit_text(text, name + ":circuit", reading));
  if (!circuit) return circuit.error();
  const auto neuron_count = network_size(circuit.value());
  if (!neuron_count) return neuron_count.error();
  return OpenedFlx{file, std::move(circuit).value(), neuron_count.value()};
}

Result<Document> read_flx(std::shared_ptr<std::byte> memory, std::size_t size, const std::string& name, ReadSynapses synapses) {
  auto opened = open_flx(std::move(memory), size, name);
  if (!opened) return opened.error();
  const OpenedFlx& flx = opened.value();
  Document document;
  document.is_binary = true;
  document.circuit = std::move(opened.value().circuit);
  if (has_graph_parts(flx.file)) {
    // A compiled graph only saves time: where it is stale or damaged the circuit gives the same graph. check_document() tells.
    auto graph = read_graph_parts(flx.file, flx.neuron_count, document.circuit.settings);
    if (graph) document.compiled = std::move(graph).value();
  }
  if (has_state_parts(flx.file)) {
    auto state = read_state_parts(flx.file, flx.neuron_count);
    if (!state) return state.error();
    document.state = std::move(state).value();
  }
  if (has_synapse_parts(flx.file)) {
    document.unread_synapses = std::make_shared<StoredSynapses>(StoredSynapses{flx.file});
    if (synapses == ReadSynapses::now || !document.compiled) {
      if (Status status = read_synapses(document); !status) return status.error();
    }
  }
  return document;
}

// `has_folder`: whether `name` is the path of a file, beside which libraries may lie.
Result<Document> read_memory(std::shared_ptr<std::byte> memory, std::size_t size, const std::string& name, ReadSynapses synapses,
                             bool has_folder) {
  if (size == 0) return Error{"the file is empty", name, "give a circuit file"};
  const std::string_view text = text_of(memory, size);
  if (text.starts_with(FLUX_FLX_BEGINNING)) return read_flx(std::move(memory), size, name, synapses);
  auto circuit = has_folder ? first_error_or_circuit(read_circuit_text(text, name, reading_of_file(name, TextChecks::errors)))
                            : parse_circuit_text(text, name);
  if (!circuit) return circuit.error();
  Document document;
  document.circuit = std::move(circuit).value();
  return document;
}

Diagnostic about_file(Diagnostic::Severity severity, const std::string& path, const Error& error) {
  return {severity, error.where.empty() ? path : error.where, 0, 0, error.what, error.fix};
}

// Settings of organs that are no JSON object would make the text unreadable.
Status refuse_wrong_settings(const Circuit& circuit) {
  for (const OrganNode& organ : circuit.organs) {
    JsonTree tree;
    if (organ.settings.empty() || (!tree.parse(organ.settings) && tree.root().kind() == JsonKind::object)) continue;
    return Error{"the settings are not a JSON object", fmt::format("organ \"{}\"", organ.id), "write them as {\"name\": value}"};
  }
  for (const SubcircuitNode& node : circuit.circuits) {
    if (!node.body) continue;
    if (Status status = refuse_wrong_settings(*node.body); !status) return status;
  }
  return {};
}

Status refuse_unwritable(const Circuit& circuit) {
  if (Status status = refuse_errors(circuit); !status) return status;
  for (const Prototype& prototype : circuit.prototypes) {
    if (Status status = refuse_wrong_settings(prototype.body); !status) return status;
  }
  for (const Group& group : circuit.groups) {
    if (Status status = refuse_wrong_settings(group.body); !status) return status;
  }
  return refuse_wrong_settings(circuit);
}

std::vector<Diagnostic> check_flx(std::shared_ptr<std::byte> memory, std::size_t size, const std::string& path) {
  constexpr auto FLUX_ERROR = Diagnostic::Severity::error, FLUX_WARNING = Diagnostic::Severity::warning;
  auto opened = open_flx(std::move(memory), size, path);
  if (!opened) return {about_file(FLUX_ERROR, path, opened.error())};
  OpenedFlx& flx = opened.value();
  std::vector<Diagnostic> diagnostics;
  auto synapses = read_synapse_parts(flx.file, flx.circuit);
  if (!synapses) return {about_file(FLUX_ERROR, path, synapses.error())};
  flx.circuit.synapses = std::move(synapses).value();
  if (has_graph_parts(flx.file)) {
    const auto graph = read_graph_parts(flx.file, flx.neuron_count, flx.circuit.settings);
    if (!graph) {
      diagnostics.push_back(about_file(FLUX_WARNING, path, graph.error()));
      diagnostics.back().what += " (it is not used; the circuit is made flat anew)";
    }
  }
  if (has_state_parts(flx.file)) {
    const auto state = read_state_parts(flx.file, flx.neuron_count);
    if (!state) diagnostics.push_back(about_file(FLUX_ERROR, path, state.error()));
  }
  for (const Finding& finding : check(flx.circuit)) {
    diagnostics.push_back({finding.is_error ? FLUX_ERROR : FLUX_WARNING, path, 0, 0,
                           finding.where.empty() ? finding.what : finding.where + ": " + finding.what, finding.fix});
  }
  return diagnostics;
}

}  // namespace

std::span<const std::string_view> flx_part_names() {
  static constexpr std::string_view FLUX_NAMES[] = {
      "circuit",       "synapse.source",   "synapse.target",   "synapse.type",     "synapse.weight",  "synapse.length",
      "synapse.stm",   "synapse.ltm",      "synapse.restore",  "synapse.longterm", "synapse.comment", "graph",
      "graph.types",   "graph.type_of",    "graph.rows",       "graph.words",      "graph.longterm",  "state",
      "state.level",   "state.threshold",  "state.modulation", "state.refractory", "state.burst",     "state.own_spike",
      "state.history", "state.departures", "state.learned",
  };
  return FLUX_NAMES;
}

Result<Document> read_document(const std::string& path, ReadSynapses synapses) {
  auto mapped = map_file(path);
  if (!mapped) return mapped.error();
  return read_memory(mapped.value().bytes, mapped.value().size, path, synapses, true);
}

Result<Document> read_document_bytes(std::string_view bytes, const std::string& name) {
  auto memory = allocate_zeroed(bytes.size());
  if (!memory && !bytes.empty()) return Error{"memory ran out", name, "use a smaller file"};
  if (!bytes.empty()) std::memcpy(memory.get(), bytes.data(), bytes.size());
  return read_memory(std::move(memory), bytes.size(), name, ReadSynapses::now, false);
}

Status read_synapses(Document& document) {
  if (!document.unread_synapses) return {};
  const FlxContainer& file = document.unread_synapses->file;
  auto synapses = read_synapse_parts(file, document.circuit);
  if (!synapses) return synapses.error();
  document.circuit.synapses = std::move(synapses).value();
  if (Status status = refuse_errors(document.circuit); !status) return file.damaged(status.error().message());
  document.unread_synapses.reset();
  return {};
}

std::vector<Diagnostic> check_document(const std::string& path) {
  auto mapped = map_file(path);
  if (!mapped) return {about_file(Diagnostic::Severity::error, path, mapped.error())};
  const std::string_view text = text_of(mapped.value().bytes, mapped.value().size);
  if (text.empty()) return {{Diagnostic::Severity::error, path, 0, 0, "the file is empty", "give a circuit file"}};
  if (text.starts_with(FLUX_FLX_BEGINNING)) return check_flx(mapped.value().bytes, mapped.value().size, path);
  return read_circuit_text(text, path, reading_of_file(path, TextChecks::all)).diagnostics;
}

namespace {

// Passes the writer that holds the whole file to finish(writer). `name` is for messages.
template <class Finish>
Status with_flx_writer(const std::string& name, const Circuit& circuit, const Graph* compiled, const NetworkState* state, Finish finish) {
  if (Status status = refuse_unwritable(circuit); !status) return status;
  const auto size = network_size(circuit);
  if (!size) return size.error();
  const std::uint32_t neuron_count = size.value();
  if (compiled != nullptr && (compiled->edited() || compiled->neuron_count() != neuron_count)) {
    return Error{"the compiled graph is not that of the circuit", name, "make it flat again before it is saved"};
  }
  if (state != nullptr && state->level.size() != neuron_count) {
    return Error{"the state is not that of the circuit", name, "save it with the circuit it belongs to"};
  }
  const std::string text = write_circuit_text(circuit, TextSynapses::left_out);
  FlxWriter writer;
  writer.add("circuit", std::as_bytes(std::span(text.data(), text.size())), FLUX_FLX_MUST_UNDERSTAND);
  add_synapse_parts(writer, circuit.synapses);
  if (compiled != nullptr) add_graph_parts(writer, *compiled);
  if (state != nullptr) add_state_parts(writer, *state);
  return finish(writer);
}

}  // namespace

Status write_flx(const std::string& path, const Circuit& circuit, const Graph* compiled, const NetworkState* state) {
  return with_flx_writer(path, circuit, compiled, state, [&](FlxWriter& writer) { return writer.write(path); });
}

Result<std::string> flx_bytes(const Circuit& circuit, const Graph* compiled, const NetworkState* state) {
  std::string bytes;
  const Status status = with_flx_writer("", circuit, compiled, state, [&](FlxWriter& writer) {
    bytes = writer.bytes();
    return Status();
  });
  return status ? Result<std::string>(std::move(bytes)) : status.error();
}

Status write_text(const std::string& path, const Circuit& circuit) {
  if (Status status = refuse_unwritable(circuit); !status) return status;
  return save_file(path, write_circuit_text(circuit));
}

}  // namespace flux
