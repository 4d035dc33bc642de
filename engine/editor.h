// A document that is edited while it runs: the tree of circuits as a person wrote it, the log of what was done to it, and the network.
// docs/operations.md lists the operations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "circuit/circuit.h"
#include "edit/operation.h"
#include "flux.h"

namespace flux {

// What an operation, or going back and forth in time, did to what a program shows.
struct Applied {
  std::vector<std::string> views;    // `in` of each circuit whose own content changed: "", "leg", "/prototypes/leg"
  std::vector<std::string> created;  // ids of nodes that were added
  std::string label;                 // of the undo step: the kind of its first operation
  bool network = false;              // whether more than drawing and texts changed
  bool made_anew = false;            // the whole network was made anew from the document, at the cost of opening it
  // Empty: every neuron has the index it had, new ones come behind them. Else the new index of each, or ~0 where it is gone. Subscriptions
  // follow by themselves.
  std::vector<NeuronIndex> moved;
};

class Editor {
 public:
  Editor(Editor&&) noexcept;
  Editor& operator=(Editor&&) noexcept;
  ~Editor();

  static Result<Editor> make(Circuit circuit, const NetworkOptions& options = {});
  // A document of either form; a state in it is continued. `name` is for messages.
  static Result<Editor> open_bytes(std::string_view bytes, const std::string& name, const NetworkOptions& options = {});
  static Result<Editor> open(const std::string& path, const NetworkOptions& options = {});

  // To run, stimulate, watch and record. Its own edits, circuit() and save() must not be used: they know nothing of the document.
  Network& network();
  // As it was written and edited. Learned weights are those it began with; document() has those there are now.
  const Circuit& circuit();
  std::uint64_t hash();  // hash_document() of it: costs by its size

  // Applies operations between two ticks, as one undo step: all of them or none. Where `merge` is not empty and that of the step before,
  // both become one undo step: a slider being dragged.
  Result<Applied> apply(std::span<const Operation> operations, std::string_view merge = {});
  // Takes back the last step, or does it again. What was learned meanwhile stays, but for synapses that go; those that come back know what
  // they had learned.
  Result<Applied> undo();
  Result<Applied> redo();
  std::size_t undo_depth();
  std::size_t redo_depth();
  // What undo() would do, as operations that scripts and peers speak: applied to the document as it is now, they give that of before.
  // Synapses that come back that way begin with what they were written with. Costs by the size of the document.
  Result<std::vector<Operation>> undo_operations();
  std::string undo_label();  // of the step that undo() would take back; empty when there is none
  std::string redo_label();

  // Network::seek, with the document as it was then. Afterwards undo() goes on from what had been done by then.
  Result<Applied> seek(Tick t);
  // To be called after the network has run while it is being recorded: edits of a past that is being replayed reach the document.
  Applied follow();

  // The text of a circuit that holds these nodes, the connections among them, and the prototypes and groups they need: what "paste" takes.
  Result<std::string> copy(const std::string& in, std::span<const std::string> ids);

  // The document with the learned long-term parts of synapses that stand in it once. `left_out` becomes the number of long-term parts that
  // it has no place for: those of fibers, and of what stands in several copies. flx() keeps them in the state.
  Circuit document(std::uint64_t* left_out = nullptr);
  // The document in the text form.
  std::string text();
  // As a .flx file, with the state, so that opening it goes on bit for bit. Only noise and consolidation, which go by index, take other
  // turns where edits gave neurons other indices than the document would: unless it is settled.
  Result<std::string> flx();
  // Gives neurons the indices that they have when the document is opened. Costs as much as opening it; nothing where they have them.
  Result<Applied> settle();
  // Writes either form, text where the name does not end in ".flx"; see write_flx().
  Status save(const std::string& path);

 private:
  struct Impl;
  explicit Editor(std::unique_ptr<Impl> impl);
  static Result<Editor> from_document(Document&& document, const NetworkOptions& options);
  std::unique_ptr<Impl> impl_;
};

}  // namespace flux
