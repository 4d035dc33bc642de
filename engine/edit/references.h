// Which paths and overrides of a tree name a node.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "body_index.h"
#include "circuit/circuit.h"
#include "edit/editable_circuit.h"

namespace flux {

class References {
 public:
  References(EditableCircuit& document, const Circuit* owner, BodyIndex::Node target)
      : document_(document), owner_(owner), target_(target) {}

  // Whether a path names what a connection can lead to: a neuron, or of a fiber a population too. Of what organs hold all are taken to be
  // there.
  bool leads_somewhere(const std::string& path, const Circuit& from, bool of_fiber);

  // What a path is to become; nothing to leave it. An empty name takes the part away, with what stands between it and the next. `name`: the
  // part of the path that names the target, without numbers; `number`: of a neuron of a population, if it ends so.
  using Rename = std::function<std::optional<std::string>(std::string_view name, std::optional<std::uint32_t> number)>;

  // The path with the part that names the target renamed; nothing when it does not name the target.
  std::optional<std::string> renamed(const std::string& path, const Circuit& from, const Rename& rename);
  // The same for the target of an override in the circuits `from`, of which the first holds what the others are extended by.
  std::optional<std::string> renamed_target(const std::string& target, const SubcircuitNode& node, const Rename& rename);
  std::optional<std::string> renamed_target(const std::string& target, const PrototypeName& extended, const Rename& rename);

 private:
  using Chain = std::vector<const Circuit*>;  // a circuit and those it extends

  Chain chain_of(const Circuit& body);
  Chain chain_of(const SubcircuitNode& node);
  Chain chain_of_prototype(const PrototypeName& name);
  std::optional<std::string> rename_in(const Chain& chain, std::string_view path, const Rename& rename, std::uint32_t depth);
  std::optional<std::string> rename_ends(const Chain& chain, const std::string& ends, const Rename& rename, std::uint32_t depth);
  std::optional<std::string> rename_target(const Chain& chain, const std::string& target, const Rename& rename);
  bool leads_somewhere(const Chain& chain, std::string_view path, bool of_fiber, std::uint32_t depth);
  bool is_known(const Chain& chain, std::string_view name);
  Chain chain_inside(const Chain& chain, std::string_view name);
  const BodyIndex& index(const Circuit& body);
  // What a generator puts into a node.
  const Circuit& generated(const SubcircuitNode& node);

  struct Generated {
    explicit Generated(Circuit made) : body(std::move(made)), index(body) {}
    Circuit body;
    BodyIndex index;
  };

  EditableCircuit& document_;
  const Circuit* owner_;
  BodyIndex::Node target_;
  std::unordered_map<const SubcircuitNode*, std::unique_ptr<Generated>> generated_;
  std::unordered_map<const Circuit*, const Generated*> made_;  // the same by their bodies
};

}  // namespace flux
