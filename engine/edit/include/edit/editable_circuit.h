// A tree of circuits under edit. Operations change it in place, at a cost that goes with the change; each change can be taken back exactly.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "circuit/circuit.h"
#include "edit/operation.h"
#include "edit/step.h"

namespace flux {

class BodyIndex;

// What an operation, or several together, did. The steps are kept as inverses.
struct DocumentChange {
  std::vector<Step> steps;           // in the order in which they were taken
  std::vector<Moved> moved;          // likewise; what has another path now
  std::vector<std::string> created;  // ids of nodes that were added to the circuit an operation named

  bool empty() const { return steps.empty(); }
};

// Told of every step, before and after; the circuit is the one the step is about.
class StepWatcher {
 public:
  virtual ~StepWatcher() = default;
  virtual void before(const Circuit& body, const Step& step) = 0;
  virtual void after(const Circuit& body, const Step& taken) = 0;  // `taken` has become the inverse
};

class EditableCircuit {
 public:
  explicit EditableCircuit(Circuit root);
  EditableCircuit(EditableCircuit&&) noexcept;
  EditableCircuit& operator=(EditableCircuit&&) noexcept;
  ~EditableCircuit();

  const Circuit& circuit() const { return *root_; }

  // Applies operations as one: all or none. Errors name the operation ("operation 2") and the place in the tree. What can only be told of
  // the whole tree (a path that leads nowhere, a prototype that contains itself, limits) is not found out here: check() does.
  Result<DocumentChange> apply(std::span<const Operation> operations, StepWatcher* watcher = nullptr);
  // Takes a change back, or does it again; the change can then be turned the other way again. Changes must be taken back in the reverse
  // order of that in which they were made.
  void undo(DocumentChange& change, StepWatcher* watcher = nullptr);
  void redo(DocumentChange& change, StepWatcher* watcher = nullptr);

  // The node of an own neuron of a circuit of the tree, by place, and its number in that node.
  std::pair<std::uint32_t, std::uint32_t> neuron_of(const Circuit& body, NeuronIndex neuron);

  // --- For operations -------------------------------------------------------------------------------------------------------------
  // The circuit that `in` names.
  Result<Circuit*> body(std::string_view in);
  BodyIndex& index(Circuit& body);
  // Takes a step at once; it is part of the change under way.
  void take(Step step);
  void moved(std::string in, std::string from, std::string to) { change_.moved.push_back({std::move(in), std::move(from), std::move(to)}); }
  void created(std::string id) { change_.created.push_back(std::move(id)); }
  Status run(const Operation& operation);

 private:
  void take_back(std::size_t steps, StepWatcher* watcher);
  void turn(Step& step, StepWatcher* watcher);
  void forget(const Circuit& body);
  void forget_bodies(const Step& step, Circuit& body);

  std::unique_ptr<Circuit> root_;  // on the heap: its address is a key
  std::unordered_map<const Circuit*, std::unique_ptr<BodyIndex>> indices_;
  DocumentChange change_;  // under way
  StepWatcher* watcher_ = nullptr;
};

// 64-bit hash (XXH3) of the canonical text: equal for documents that a person would call the same, comments and positions included.
std::uint64_t hash_document(const Circuit& circuit);

// The `in` of a prototype's body.
std::string place_of(const Prototype& prototype, const Circuit& root);
// Calls visit(in, body) for the root, every circuit with a body inside it, and those of its own prototypes and groups.
void for_each_body(Circuit& root, const std::function<void(const std::string& in, Circuit& body)>& visit);

}  // namespace flux
