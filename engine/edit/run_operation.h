// What each operation does, in steps.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "body_index.h"
#include "edit/editable_circuit.h"
#include "file/json_tree.h"
#include "references.h"

namespace flux {

Status run_operation(EditableCircuit& document, const Operation& operation);

// Where an operation acts.
struct Site {
  EditableCircuit& document;
  std::string in;
  Circuit& body;
  bool is_heir = false;  // names may be those of what it extends

  BodyIndex& index() const { return document.index(body); }
  // "leg: neuron "hip"", for messages.
  std::string where(std::string_view element = "") const;
};
Result<Site> site_of(EditableCircuit& document, const std::string& in);

// An element by its list and place there.
struct ElementPlace {
  ElementList list;
  std::uint32_t place;
};
Result<ElementPlace> find_element(const Site& site, const Operation& operation);
// The prototype or group whose body the circuit is, by its place in the root's lists.
std::optional<ElementPlace> owner_of(const Site& site);
// A node without its body.
SubcircuitNode bare_copy(const SubcircuitNode& node);
Result<BodyIndex::Node> find_node(const Site& site, const std::string& id);
std::size_t size_of(const Circuit& body, ElementList list);

// element_operations.cpp
Status run_add(EditableCircuit& document, const Operation& operation);
Status run_remove(EditableCircuit& document, const Operation& operation);
Status run_move(EditableCircuit& document, const Operation& operation);
// set_operations.cpp
Status run_set(EditableCircuit& document, const Operation& operation);
Status run_override(EditableCircuit& document, const Operation& operation);
// rename_operations.cpp
Status run_rename(EditableCircuit& document, const Operation& operation);
// enclosing.cpp
Status run_enclose(EditableCircuit& document, const Operation& operation);
Status run_dissolve(EditableCircuit& document, const Operation& operation);
// structure_operations.cpp
Status run_detach(EditableCircuit& document, const Operation& operation);
Status run_make_prototype(EditableCircuit& document, const Operation& operation);
Status run_join_group(EditableCircuit& document, const Operation& operation);
Status run_leave_group(EditableCircuit& document, const Operation& operation);
Status run_replace(EditableCircuit& document, const Operation& operation);
// fragment.cpp
Status run_paste(EditableCircuit& document, const Operation& operation);

// --- Parts of them --------------------------------------------------------------------------------------------------------------

// Numbers the ends of a connection. Fails where a name is that of nothing in the circuit and no path.
Result<SynapseNode> number_ends(const Site& site, const NamedSynapse& named);
Result<Fiber> number_ends(const Site& site, const NamedFiber& named);
// An element as the text has it, ready to stand in the circuit.
Result<Element> read_for(const Site& site, ElementList list, std::string_view text);
// Why an element cannot be what it is, seen for itself.
Status check_element(const Site& site, const Element& element);
// Whether an id may be given to a node that is new, or that is called `now`.
Status check_new_id(const Site& site, const std::string& id, std::string_view now = "");
Status check_aliases(const Site& site, const NeuronNode& node, std::optional<std::uint32_t> own_place);

// Removes the connections of this circuit that `names` says yes to: of fibers only the nodes concerned, as long as others are left.
// Fibers behind a removed one keep the number their draws go by.
struct EndFilter {
  std::function<bool(NeuronIndex)> neuron = [](NeuronIndex) { return false; };    // own ones, of synapses
  std::function<bool(std::uint32_t)> node = [](std::uint32_t) { return false; };  // own ones, of fibers
  std::function<bool(const std::string&)> synapse_path = [](const std::string&) { return false; };
  std::function<bool(const std::string&)> fiber_path = [](const std::string&) { return false; };
};
void remove_connections(const Site& site, const EndFilter& filter);
// The same everywhere in the tree for connections that lead to a node; those of its own circuit included.
void remove_connections_to(const Site& site, BodyIndex::Node node);
// Removes the connections whose path passes through a node and leads nowhere.
void remove_dead_ends(const Site& site, BodyIndex::Node node);
// Removes fibers by place, rising.
void erase_fibers(const Site& site, std::vector<std::uint32_t> places);
// Gives the draws of these fibers, which are to stand elsewhere, the seed they have now; where the circuit stands in the tree more than
// once there is no such seed, and they will be drawn anew.
std::optional<std::uint64_t> seed_of_circuit(const Site& site);
void keep_seed(const Site& site, Fiber& fiber, std::uint32_t place);
// Numbered names: "hip", or "hip 2" where that is taken, ...
std::string free_name(const std::string& wanted, const std::function<bool(const std::string&)>& taken);
// The whole of a removal: connections first.
void remove_node(const Site& site, BodyIndex::Node node);

void take_insert(const Site& site, ElementList list, std::uint32_t at, Element element);
void take_erase(const Site& site, ElementList list, std::vector<std::uint32_t> places);
void take_replace(const Site& site, ElementList list, std::uint32_t at, Element element, bool with_body = false);

// Gives paths and overrides that name a node another form, everywhere in the tree. The node must still be as they call it.
void rename_references(const Site& site, BodyIndex::Node node, const References::Rename& rename);

// The members of `patch` in the place of those of `object`, null ones left out. Both are JSON objects.
std::string merged_members(const JsonValue& object, const JsonValue& patch);

}  // namespace flux
