// Looking at and changing the structure of a tree of circuits. The functions that change it leave their argument as it is and give the
// changed tree. A node is named by the ids from the root to it through bodies ("body/leg"), without numbers of copies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "circuit/circuit.h"

namespace flux {

// Whether the synapses of a fiber depend on its seed.
bool draws(const Fiber& fiber);

// The number of a path in circuit.paths as an end of a synapse or fiber; the path is added when it is new.
std::uint32_t add_path(Circuit& circuit, std::string_view path);

// Place of a prototype in root.prototypes. Without a version: the highest; those of the root's own come before those of libraries, and
// earlier ones before later ones.
std::optional<std::size_t> find_prototype(const Circuit& root, const PrototypeName& name);
// "leg" in quotes, with its version if it has one.
std::string describe(const PrototypeName& name);

// Gives the node a body of its own: that of its prototype or group as it is now, with the node's changes applied. It follows neither any
// more. Changes of deeper circuits become changes of the nodes inside the body. Copies that differ stay so.
Result<Circuit> detach(const Circuit& root, std::string_view node);

// The same for a node that stands anywhere in the tree.
Result<SubcircuitNode> detached(const Circuit& root, const SubcircuitNode& node);

// Moves the body of a node, with what it takes from elsewhere, into a new prototype, and makes the node an instance of it.
Result<Circuit> make_prototype(const Circuit& root, std::string_view node, const PrototypeName& name);

// Makes the node a linked copy of a group. The group is made from the node when there is none of this name; otherwise the node takes over
// what the group has and its own body is gone.
Result<Circuit> join_group(const Circuit& root, std::string_view node, const std::string& group);
// The node keeps the present state of the group it was in as a body of its own.
Result<Circuit> leave_group(const Circuit& root, std::string_view node);

}  // namespace flux
