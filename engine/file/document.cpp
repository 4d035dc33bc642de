#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/array.h"
#include "circuit/flatten.h"
#include "circuit/names.h"
#include "file/circuit_text.h"
#include "file/flx.h"
#include "file/saved_file.h"
#include "flx_parts.h"

namespace flux {
namespace {

constexpr std::string_view FLUX_FLX_BEGINNING = "FLX";

std::string_view text_of(const std::shared_ptr<std::byte>& memory, std::size_t size) {
  return {reinterpret_cast<const char*>(memory.get()), size};
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
  auto circuit = parse_circuit_text({reinterpret_cast<const char*>(bytes.value().data()), bytes.value().size()}, name + ":circuit");
  if (!circuit) return circuit.error();
  const std::uint32_t neuron_count = first_neurons(circuit.value()).back();
  return OpenedFlx{file, std::move(circuit).value(), neuron_count};
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

Result<Document> read_memory(std::shared_ptr<std::byte> memory, std::size_t size, const std::string& name, ReadSynapses synapses) {
  if (size == 0) return Error{"the file is empty", name, "give a circuit file"};
  const std::string_view text = text_of(memory, size);
  if (text.starts_with(FLUX_FLX_BEGINNING)) return read_flx(std::move(memory), size, name, synapses);
  auto circuit = parse_circuit_text(text, name);
  if (!circuit) return circuit.error();
  Document document;
  document.circuit = std::move(circuit).value();
  return document;
}

Diagnostic about_file(Diagnostic::Severity severity, const std::string& path, const Error& error) {
  return {severity, error.where.empty() ? path : error.where, 0, 0, error.what, error.fix};
}

std::vector<Diagnostic> check_flx(std::shared_ptr<std::byte> memory, std::size_t size, const std::string& path) {
  constexpr auto FLUX_ERROR = Diagnostic::Severity::error, FLUX_WARNING = Diagnostic::Severity::warning;
  auto opened = open_flx(std::move(memory), size, path);
  if (!opened) return {about_file(FLUX_ERROR, path, opened.error())};
  OpenedFlx& flx = opened.value();
  std::vector<Diagnostic> diagnostics;
  auto synapses = read_synapse_parts(flx.file, flx.neuron_count);
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
    const std::string element = describe_element(flx.circuit, finding);
    diagnostics.push_back({finding.is_error ? FLUX_ERROR : FLUX_WARNING, path, 0, 0,
                           element.empty() ? finding.what : element + ": " + finding.what, finding.fix});
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
  return read_memory(mapped.value().bytes, mapped.value().size, path, synapses);
}

Result<Document> read_document_bytes(std::string_view bytes, const std::string& name) {
  auto memory = allocate_zeroed(bytes.size());
  if (!memory && !bytes.empty()) return Error{"memory ran out", name, "use a smaller file"};
  if (!bytes.empty()) std::memcpy(memory.get(), bytes.data(), bytes.size());
  return read_memory(std::move(memory), bytes.size(), name, ReadSynapses::now);
}

Status read_synapses(Document& document) {
  if (!document.unread_synapses) return {};
  const FlxContainer& file = document.unread_synapses->file;
  auto synapses = read_synapse_parts(file, first_neurons(document.circuit).back());
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
  return inspect_circuit_text(text, path).diagnostics;
}

Status write_flx(const std::string& path, const Circuit& circuit, const Graph* compiled, const NetworkState* state) {
  if (Status status = refuse_errors(circuit); !status) return status;
  const std::uint32_t neuron_count = first_neurons(circuit).back();
  if (compiled != nullptr && (compiled->edited() || compiled->neuron_count() != neuron_count)) {
    return Error{"the compiled graph is not that of the circuit", path, "make it flat again before it is saved"};
  }
  if (state != nullptr && state->level.size() != neuron_count) {
    return Error{"the state is not that of the circuit", path, "save it with the circuit it belongs to"};
  }
  const std::string text = write_circuit_text(circuit, TextSynapses::left_out);
  FlxWriter writer;
  writer.add("circuit", std::as_bytes(std::span(text.data(), text.size())), FLUX_FLX_MUST_UNDERSTAND);
  add_synapse_parts(writer, circuit.synapses);
  if (compiled != nullptr) add_graph_parts(writer, *compiled);
  if (state != nullptr) add_state_parts(writer, *state);
  return writer.write(path);
}

Status write_text(const std::string& path, const Circuit& circuit) {
  if (Status status = refuse_errors(circuit); !status) return status;
  return save_file(path, write_circuit_text(circuit));
}

}  // namespace flux
