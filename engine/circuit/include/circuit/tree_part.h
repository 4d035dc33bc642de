// A part of what a tree of circuits stands for, elaborated by itself: what an edit may have changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "circuit/circuit.h"

namespace flux {

// Circuits of a tree, by where they stand: for each circuit whether it is selected, and the same of those inside it.
struct TreePart {
  struct Copies;

  bool itself = false;                                                 // its own neurons and connections
  bool whole = false;                                                  // and all that is inside it
  std::map<std::string, std::unique_ptr<Copies>, std::less<>> inside;  // by id

  TreePart();
  TreePart(TreePart&&) noexcept;
  TreePart& operator=(TreePart&&) noexcept;
  ~TreePart();

  Copies& at(const std::string& id);
  bool empty() const { return !itself && !whole && inside.empty(); }
};

// What is selected in all copies of a node, or in the node where it stands for one, and in single copies besides.
struct TreePart::Copies {
  TreePart every;
  std::map<std::uint32_t, TreePart> one;
};

struct ElaboratedPart {
  // A plain circuit. Its fibers all have seeds.
  Circuit circuit;
  // Its first so many nodes are those of the part; behind them stand others that connections from and to the part name.
  std::size_t inside = 0;
  // Whether it has instances of a repeated circuit without the others: they must keep the neurons that all have.
  bool has_single_instances = false;
};

// The neurons of a part of the tree, with all connections from and to them, as elaborate() would have them among others. What is not there
// is left out. Nothing where something is wrong with it, where it has all instances of a repeated circuit of `share_from` neurons or more,
// or more than `most` nodes, synapses and fibers.
std::optional<ElaboratedPart> elaborate_part(const Circuit& root, const TreePart& part, std::uint64_t share_from, std::uint64_t most);
// Whether all bodies of a tree, each seen for itself, are sound, and prototypes and groups that it does not use. Costs by the size of the
// text, not by that of the network.
bool bodies_are_sound(const Circuit& root);

}  // namespace flux
