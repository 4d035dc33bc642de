// The parts of check() and what they share.
#pragma once

#include <optional>
#include <string_view>

#include "circuit/circuit.h"
#include "findings.h"

namespace flux {

enum class CircuitRole : std::uint8_t {
  whole,    // a flat circuit that runs
  in_tree,  // one of a tree; its connections may lead into others, which elaborating finds out
  placed,   // a tree made flat: names are paths, and were checked in the tree
};

// check.cpp: neurons, synapses, fibers, and whether they fit into memory.
void find_errors(const Circuit& circuit, CircuitRole role, Findings& findings);
// check_tree.cpp: the same for a root and all circuits inside it, with what only trees have.
void check_tree(const Circuit& root, Findings& findings);

// UTF-8 without control characters but line breaks and tabs.
bool is_comment_text(std::string_view text);
bool is_on_canvas(const std::optional<Position>& position, const std::optional<Position>& extent);

}  // namespace flux
