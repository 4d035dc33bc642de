#include "editor_placing.h"

#include <fmt/format.h>

#include "circuit/elaborate.h"
#include "circuit/structure.h"

namespace flux {
namespace {

class PlaceFinder {
 public:
  PlaceFinder(const Circuit& root, const Circuit* wanted) : root_(root), wanted_(wanted) {}

  std::vector<std::string> run() {
    visit(root_, "", 0);
    return std::move(places_);
  }

 private:
  void visit(const Circuit& body, const std::string& prefix, std::uint32_t depth) {
    if (&body == wanted_) places_.push_back(prefix);
    if (depth > FLUX_MAX_CIRCUIT_DEPTH) return;
    for (const SubcircuitNode& node : body.circuits) {
      for (std::uint32_t copy = 0; copy < node.copies() && visited_ < FLUX_MAX_INSTANCES; ++copy, ++visited_) {
        visit_source(node, prefix + (node.count == 0 ? node.id : fmt::format("{}[{}]", node.id, copy)) + '/', depth + 1);
      }
    }
  }

  void visit_source(const SubcircuitNode& node, const std::string& prefix, std::uint32_t depth) {
    if (node.body) return visit(*node.body, prefix, depth);
    if (node.source == SubcircuitNode::Source::group) {
      for (const Group& group : root_.groups) {
        if (group.name == node.group) visit(group.body, prefix, depth);
      }
      return;
    }
    PrototypeName name = node.prototype;
    for (std::uint32_t i = 0; !name.name.empty() && i <= FLUX_MAX_CIRCUIT_DEPTH; ++i) {  // what it extends stands there too
      const auto found = find_prototype(root_, name);
      if (!found) return;
      visit(root_.prototypes[*found].body, prefix, depth);
      name = root_.prototypes[*found].extends;
    }
  }

  const Circuit& root_;
  const Circuit* wanted_;
  std::uint64_t visited_ = 0;
  std::vector<std::string> places_;
};

bool lies_at(const std::string& path, const std::string& prefix) {
  if (!path.starts_with(prefix)) return false;
  return path.size() == prefix.size() || path[prefix.size()] == '/' || path[prefix.size()] == '[';
}

}  // namespace

std::vector<std::string> places_in_tree(EditableCircuit& document, const std::string& in) {
  const auto body = document.body(in);
  return body ? PlaceFinder(document.circuit(), body.value()).run() : std::vector<std::string>();
}

PathsBefore::PathsBefore(EditableCircuit& document, const std::vector<Moved>& moved) {
  for (auto move = moved.rbegin(); move != moved.rend(); ++move) {
    for (const std::string& place : places_in_tree(document, move->in)) prefixes_.push_back({place + move->to, place + move->from});
  }
}

std::string PathsBefore::of(const std::string& path) const {
  std::string before = path;
  for (const Prefix& prefix : prefixes_) {
    if (lies_at(before, prefix.now)) {
      before = prefix.before + before.substr(prefix.now.size());
    } else if (lies_at(before, prefix.before)) {
      return {};  // what stands there now came after what stood there had left
    }
  }
  return before;
}

std::vector<NeuronIndex> composed(std::vector<NeuronIndex> first, const std::vector<NeuronIndex>& second) {
  if (first.empty()) return second;
  if (second.empty()) return first;
  for (NeuronIndex& n : first) n = n < second.size() ? second[n] : ~NeuronIndex{0};
  return first;
}

}  // namespace flux
