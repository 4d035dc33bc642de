// What a node of the tree stands for: bodies, prototypes with what they extend, groups; with all changes applied.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "circuit/circuit.h"
#include "findings.h"

namespace flux {

// An override or a removal on its way: its target is relative to the circuit it has reached.
struct Change {
  Override override;  // of a removal only target and place
  bool is_removal = false;
};

// The changes that an instance or heir makes, with the place of removals.
std::vector<Change> list_changes(const Changes& changes, TextPlace place);

// The copies of a node that overrides and removals name, its own and those from outside.
std::set<std::uint32_t> named_copies(const SubcircuitNode& node, const std::vector<Change>& pending);

// A circuit ready to be placed: each of circuit.organs stands among circuit.circuits too, as a circuit of its neurons.
class ReadyBody {
 public:
  explicit ReadyBody(const Circuit& body);

  Circuit circuit;
  std::vector<std::vector<Change>> pending;  // for what is inside circuits[i], from outside, outermost last
  std::unordered_set<std::string> removed;   // ids and aliases of what was removed
  bool is_generated = false;                 // a generator made it: what names something that is not in it does nothing

  // To be called after changes of what the circuit holds.
  void forget_index() { indexed_ = false; }

  // Adds what an heir has. Local numbers of both stay right.
  void append(const ReadyBody& heir);

  // Places in circuit.neurons and circuit.circuits, from an index made at the first question.
  std::optional<std::uint32_t> find_neuron(const std::string& id);
  std::optional<std::uint32_t> find_alias(const std::string& alias);
  std::optional<std::uint32_t> find_circuit(const std::string& id);
  const std::vector<NeuronIndex>& first_of_node();

 private:
  void make_index();

  bool indexed_ = false;
  std::unordered_map<std::string, std::uint32_t> neurons_, aliases_, circuits_;
  std::vector<NeuronIndex> first_of_node_;
};

// Applies changes in order: to what is in the body itself at once, to what is deeper by leaving them pending. A target that is not there
// is a warning; a value that does not fit is an error. `owner` names the body in messages.
void apply_changes(ReadyBody& body, std::span<const Change> changes, const std::string& owner, Findings& findings);

// "leg[2]/flexor" as "leg[2]" and "flexor"; without a slash the second is empty.
struct SplitPath {
  std::string_view head, rest;
};
SplitPath split_path(std::string_view path);

// Finds bodies by name. Everything is made once and shared while it is unchanged.
class Bodies {
 public:
  // `root` and `findings` must outlive it.
  Bodies(const Circuit& root, Findings& findings) : root_(root), findings_(findings), prototypes_(root.prototypes.size()) {}

  // The body of copy `copy` of a node. `pending` are the changes from outside it; `path` names it in messages. Null when it has none that
  // is sound; that is reported.
  std::shared_ptr<ReadyBody> of(const SubcircuitNode& node, const std::vector<Change>& pending, std::uint32_t copy,
                                const std::string& path);

  bool has_used(const Prototype& prototype) const {
    return prototypes_[static_cast<std::size_t>(&prototype - root_.prototypes.data())] != nullptr;
  }
  bool has_used(const Group& group) const { return groups_.contains(group.name); }

 private:
  std::shared_ptr<ReadyBody> source(const SubcircuitNode& node, const std::string& path);
  std::shared_ptr<ReadyBody> prototype(const PrototypeName& name, const std::string& path, TextPlace place);
  std::shared_ptr<ReadyBody> make_prototype(const Prototype& prototype);
  std::shared_ptr<ReadyBody> generated(const SubcircuitNode& node, const std::string& path);
  std::shared_ptr<ReadyBody> group(const std::string& name, const std::string& path, TextPlace place);

  const Circuit& root_;
  Findings& findings_;
  std::vector<std::shared_ptr<ReadyBody>> prototypes_;
  std::unordered_map<std::string, std::shared_ptr<ReadyBody>> groups_;
  std::vector<const Prototype*> extending_;  // from the first asked for to what it extends, and so on
};

}  // namespace flux
