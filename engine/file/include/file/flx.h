// Circuit files: the text form and the binary container .flx, told apart by content. docs/file-format.md describes both.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "circuit/circuit.h"
#include "file/diagnostic.h"
#include "graph/graph.h"
#include "graph/state.h"

namespace flux {

struct StoredSynapses;  // explicit synapses that still lie in the file

struct Document {
  Circuit circuit;
  std::optional<Graph> compiled;      // present when the file has one that belongs to the circuit
  std::optional<NetworkState> state;  // where a run was saved
  bool is_binary = false;

  // Set when reading the explicit synapses was put off: circuit.synapses is empty until read_synapses().
  std::shared_ptr<const StoredSynapses> unread_synapses;
};

// When a file with a compiled graph has its explicit synapses read: they take longer than all the rest, and running needs them not.
enum class ReadSynapses : std::uint8_t { now, when_asked_for };

// Text or binary. With when_asked_for, a document without a compiled graph is complete all the same.
Result<Document> read_document(const std::string& path, ReadSynapses synapses = ReadSynapses::now);
// The same of bytes in memory; `name` is for messages. `bytes` need not outlive the document.
Result<Document> read_document_bytes(std::string_view bytes, const std::string& name);
// Completes a document whose synapses are unread; does nothing to another.
Status read_synapses(Document& document);

// Everything wrong or doubtful in a file of either form: of the text with line and column, of a binary file with the element's name.
std::vector<Diagnostic> check_document(const std::string& path);

// Both write aside, sync and rename: a failed save leaves the old file as it was. They refuse a circuit that check() has errors for.
// `compiled` must be of this circuit and unedited, `state` of a network of this circuit; either may be null.
Status write_flx(const std::string& path, const Circuit& circuit, const Graph* compiled = nullptr, const NetworkState* state = nullptr);
Status write_text(const std::string& path, const Circuit& circuit);
// What write_flx() writes.
Result<std::string> flx_bytes(const Circuit& circuit, const Graph* compiled = nullptr, const NetworkState* state = nullptr);

}  // namespace flux
