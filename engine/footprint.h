// Where in the tree the steps of a change may have changed the network.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "circuit/tree_part.h"
#include "edit/editable_circuit.h"

namespace flux {

// Watches steps, in either direction; what stands at other places before or after them is found all the same.
class Footprint final : public StepWatcher {
 public:
  explicit Footprint(EditableCircuit& document) : document_(document) {}

  void before(const Circuit& body, const Step& step) override;
  void after(const Circuit&, const Step&) override {}

  // Whether it reaches everywhere: the seed, or noise.
  bool is_everywhere() const { return everywhere_; }
  const TreePart& part() const { return part_; }

 private:
  // The circuits that `in` names, at all places of the tree.
  std::vector<TreePart*> places_of(const std::string& in);
  void select_inside(const std::string& in, const std::string& id);
  void select_copies(const std::string& in, const SubcircuitNode& now, const SubcircuitNode& next);
  void circuits_before(const Circuit& body, const Step& step);
  void sources_before(const Circuit& body, const Step& step);
  bool is_changed_from_outside(const std::string& in) const;

  EditableCircuit& document_;
  TreePart part_;
  bool everywhere_ = false;
  std::map<std::string, std::vector<TreePart*>> places_;  // by `in`, until the tree changes
};

}  // namespace flux
