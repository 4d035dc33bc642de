// What is behind Editor.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "edit/editable_circuit.h"
#include "editor.h"
#include "editor_placing.h"
#include "live_delta.h"
#include "network_impl.h"

namespace flux {

// A change of the document, and what synapses that it takes away know.
struct Record {
  DocumentChange change;
  std::vector<LostWeight> lost_by_doing, lost_by_undoing;
};

// One step of undo: records in order. A list that grows at its head, so that every moment of the log has its own.
struct UndoStep {
  std::vector<std::shared_ptr<Record>> records;
  std::string label, merge;
  std::shared_ptr<const UndoStep> before;
  std::size_t depth = 1;
};
using Steps = std::shared_ptr<const UndoStep>;

struct Stacks {
  Steps undo, redo;
};

// What was done to the document, and when in terms of the network's edits.
struct LogEntry {
  std::shared_ptr<Record> record;
  bool forward;
  std::uint64_t edits;  // of the network, in effect with this one
  Stacks stacks;        // after it
};

struct Editor::Impl {
  Impl(Circuit circuit, Network running) : document(std::move(circuit)), network(std::move(running)) {}

  EditableCircuit document;
  Network network;
  Stacks stacks;
  // Only while the network is recorded:
  std::vector<LogEntry> log;
  std::size_t position = 0;  // entries of the log that the document has
  Stacks at_start;           // before the first entry

  Network::Impl& running() { return *network.impl_; }

  Result<Applied> apply(std::span<const Operation> operations, std::string_view merge);
  Result<Applied> turn(bool forward);
  // Puts what the document's change means into the network. The document must have it already.
  Status carry_out(LiveDelta& delta, DocumentChange& change, bool forward, const std::vector<LostWeight>& revive, Applied& applied);
  std::optional<std::vector<Input>> part_inputs(DocumentChange& change, bool forward, const std::vector<Moved>& moved,
                                                const std::vector<LostWeight>& revive);
  void name_as_before(const std::vector<Input>& inputs);
  // Where neurons are after edits among which were these; empty where all stayed.
  std::vector<NeuronIndex> moved_by(const std::vector<Input>& inputs, std::uint32_t size_before);
  // What becomes of the network when it is made anew from the document.
  void append_origins(const NeuronNode& node, const PathsBefore& before, std::vector<NeuronIndex>& origin);
  Result<input::Transplant> plan_transplant(const std::vector<Moved>& moved);
  Status go_on_with(input::Transplant transplant, Applied& applied);
  Status transplant(const std::vector<Moved>& moved, const std::vector<LostWeight>& revive, Applied& applied);
  void note(std::shared_ptr<Record> record, bool forward);
  Applied follow();
};

}  // namespace flux
