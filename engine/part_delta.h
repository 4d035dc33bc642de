// What an edit of the tree means for the running network where it is no edit of single elements: the part of the tree that it may have
// changed, elaborated by itself before and after, and the differences of the two.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "circuit/tree_part.h"
#include "editor_placing.h"
#include "network_change.h"

namespace flux {

class PartDelta {
 public:
  // All must outlive it. `paths` translates those after to those before.
  PartDelta(const ElaboratedPart& before, const ElaboratedPart& after, const PathsBefore& paths, const Network::Impl& network)
      : before_(before), after_(after), paths_(paths), network_(network) {}

  // Nothing where the network has to be made anew.
  std::optional<NetworkChange> run();
  // The neuron that a path names afterwards.
  std::optional<NeuronIndex> find(const std::string& path) const;

 private:
  bool place_before();
  bool place_after();
  bool order_renames();
  bool resize(std::size_t node, std::size_t before);
  void compare_properties();
  void compare_synapses();
  bool compare_fibers();

  const ElaboratedPart& before_;
  const ElaboratedPart& after_;
  const PathsBefore& paths_;
  const Network::Impl& network_;
  std::vector<NeuronIndex> first_before_, first_after_;  // in the network, per node
  std::vector<std::size_t> goes_on_for_;                 // per node after: its node before, or FLUX_NONE
  std::unordered_map<std::string_view, std::size_t> nodes_before_, nodes_after_;
  std::vector<input::ResizeNode> resized_;
  NetworkChange change_;
};

}  // namespace flux
