// What makes the parts of a tree unsound, each seen for itself. Whether they fit together is found out by elaborating.
#include <cmath>
#include <cstdlib>
#include <set>
#include <unordered_set>

#include "check_circuit.h"
#include "circuit/elaborate.h"
#include "circuit/environment.h"
#include "circuit/identifier.h"
#include "circuit/repeated.h"
#include "circuit/schema.h"
#include "fmt/format.h"

namespace flux {
namespace {

using Element = Finding::Element;

constexpr std::string_view FLUX_NAME_FIX = "give it a short name of letters, digits and spaces";
constexpr std::string_view FLUX_TEXT_FIX = "save it as UTF-8 without control characters";

bool is_value(const OverrideValue& value) {
  if (const auto* real = std::get_if<double>(&value)) return std::isfinite(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return is_utf8(*text);
  return true;
}

class TreeCheck {
 public:
  explicit TreeCheck(Findings& findings) : findings_(findings) {}

  void run(const Circuit& root) {
    root_ = &root;
    check_body(root, "", {}, is_flat(root) ? CircuitRole::whole : CircuitRole::in_tree, 0);
    findings_.enter(root, "");
    check_names_of(root.prototypes, Element::prototype,
                   [](const Prototype& prototype) { return std::pair(prototype.name.name, prototype.name.version); });
    check_names_of(root.groups, Element::group, [](const Group& group) { return std::pair(group.name, 0u); });
    for (std::size_t i = 0; i < root.prototypes.size(); ++i) check_prototype(root, i);
    for (const Group& group : root.groups) check_inner_body(group.body, fmt::format("group \"{}\"", group.name), group.place, 1);
    findings_.enter(root, "");
    check_environment(root.environment);
    for (const std::string& library : root.libraries) {
      if (!library.empty() && is_comment_text(library)) continue;
      findings_.error(Element::circuit, 0, "the name of a library is empty or not plain UTF-8 text", "name a file or a folder");
    }
  }

 private:
  template <class Node, class NameOf>
  void check_names_of(const std::vector<Node>& nodes, Element element, const NameOf& name_of) {
    std::set<decltype(name_of(nodes.front()))> names;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (const auto problem = identifier_problem(name_of(nodes[i]).first)) {
        findings_.error(element, i, fmt::format("the name {}", *problem), std::string(FLUX_NAME_FIX));
      } else if (is_own(nodes[i]) && !names.insert(name_of(nodes[i])).second) {
        findings_.error(element, i, "its name is used twice", "give it another name or version");
      }
      if (!is_comment_text(nodes[i].comment)) {
        findings_.error(element, i, "its comment is not plain UTF-8 text", std::string(FLUX_TEXT_FIX));
      }
    }
  }
  static bool is_own(const Prototype& prototype) { return prototype.library.empty(); }
  static bool is_own(const Group&) { return true; }

  void check_prototype(const Circuit& root, std::size_t index) {
    const Prototype& prototype = root.prototypes[index];
    findings_.enter(root, "");
    check_changes(Element::prototype, index, prototype.changes);
    if (prototype.extends.name.empty() && !prototype.changes.empty()) {
      findings_.error(Element::prototype, index, "it changes something but extends nothing",
                      "name what it extends, or write it so at once");
    }
    check_inner_body(prototype.body, fmt::format("prototype \"{}\"", prototype.name.name), prototype.place, 1);
  }

  void check_inner_body(const Circuit& body, const std::string& owner, TextPlace place, std::uint32_t depth) {
    findings_.enter(body, owner, place);
    if (!body.prototypes.empty() || !body.groups.empty() || !body.libraries.empty() || body.settings != NetworkSettings{} ||
        !body.environment.empty() || !body.comment.empty()) {
      findings_.error(Element::circuit, 0,
                      "settings, environment, prototypes, groups, libraries and a head comment belong to the root circuit",
                      "move them there");
    }
    check_body(body, owner, place, CircuitRole::in_tree, depth);
  }

  void check_body(const Circuit& circuit, const std::string& owner, TextPlace place, CircuitRole role, std::uint32_t depth) {
    findings_.enter(circuit, owner, place);
    find_errors(circuit, role, findings_);
    check_ids(circuit);
    for (const std::string& path : circuit.paths) {
      if (path.empty() || !is_utf8(path) || path.size() > FLUX_MAX_PATH) {
        findings_.error(Element::circuit, 0, "a path is empty, too long or not UTF-8", "name neurons inside circuits like \"leg/hip\"");
      }
    }
    for (std::size_t i = 0; i < circuit.comments.size(); ++i) check_comment(circuit.comments[i], i);
    for (std::size_t i = 0; i < circuit.organs.size(); ++i) check_organ(circuit, i, owner);
    for (std::size_t i = 0; i < circuit.circuits.size() && !findings_.full(); ++i) check_subcircuit(circuit, i, owner, depth);
  }

  void check_ids(const Circuit& circuit) {
    if (circuit.organs.empty() && circuit.circuits.empty()) return;
    std::unordered_set<std::string_view> ids;
    for (const NeuronNode& node : circuit.neurons) ids.insert(node.id);
    const auto check_id = [&](Element element, std::size_t index, const std::string& id) {
      if (const auto problem = identifier_problem(id)) {
        findings_.error(element, index, fmt::format("the id {}", *problem), std::string(FLUX_NAME_FIX));
      } else if (!ids.insert(id).second) {
        findings_.error(element, index, fmt::format("the id \"{}\" is used twice", id),
                        "give each neuron, organ and circuit an id of its own");
      }
    };
    for (std::size_t i = 0; i < circuit.organs.size(); ++i) check_id(Element::organ, i, circuit.organs[i].id);
    for (std::size_t i = 0; i < circuit.circuits.size(); ++i) check_id(Element::subcircuit, i, circuit.circuits[i].id);
  }

  void check_environment(const Environment& environment) {
    if (environment.size() > FLUX_MAX_VARIABLES) {
      findings_.error(Element::circuit, 0,
                      fmt::format("{} environment variables are more than the limit of {}", environment.size(), FLUX_MAX_VARIABLES),
                      "keep fewer");
    }
    for (const auto& [name, value] : environment) {
      if (const auto problem = variable_name_problem(name)) {
        findings_.error(Element::circuit, 0, fmt::format("the name of the environment variable \"{}\" {}", name, *problem),
                        "name it with letters, digits and _, like SPEED");
      }
      if (const auto problem = variable_value_problem(value)) {
        findings_.error(Element::circuit, 0, fmt::format("the value of the environment variable \"{}\" {}", name, *problem),
                        "give it a number or a short text");
      }
    }
  }

  void warn_of_variable(Element element, std::size_t index, std::string_view name) {
    findings_.warning(element, index, fmt::format("there is no environment variable \"{}\"; the setting stays \"${}\"", name, name),
                      "add it under \"environment\", or write \"$$\" for a plain $");
  }

  template <class Node>
  void check_drawing(Element element, std::size_t index, const Node& node) {
    if (!is_on_canvas(node.position, node.extent)) {
      findings_.error(element, index, "its position or size is not a finite number", "place it again");
    }
    if (!is_comment_text(node.comment)) {
      findings_.error(element, index, "its comment is not plain UTF-8 text", std::string(FLUX_TEXT_FIX));
    }
  }

  void check_comment(const CanvasComment& comment, std::size_t index) {
    check_drawing(Element::comment, index, comment);
    bool sound = is_utf8(comment.author) && is_utf8(comment.text);
    for (const CanvasComment::Reply& reply : comment.thread) sound &= is_utf8(reply.author) && is_utf8(reply.text);
    if (!sound) findings_.error(Element::comment, index, "it is not plain UTF-8 text", std::string(FLUX_TEXT_FIX));
  }

  void check_organ(const Circuit& circuit, std::size_t index, const std::string& owner) {
    const OrganNode& organ = circuit.organs[index];
    findings_.enter(circuit, owner);
    check_drawing(Element::organ, index, organ);
    if (!is_utf8(organ.type) || !is_utf8(organ.settings)) {
      findings_.error(Element::organ, index, "its type or settings are not plain UTF-8 text", std::string(FLUX_TEXT_FIX));
    }
    for (const std::string& name : effective_settings(organ.settings, root_->environment).missing) {
      warn_of_variable(Element::organ, index, name);
    }
    Circuit neurons;
    neurons.neurons = organ.inputs;
    neurons.neurons.insert(neurons.neurons.end(), organ.outputs.begin(), organ.outputs.end());
    findings_.enter(neurons, inside(owner, organ.id));
    find_errors(neurons, CircuitRole::in_tree, findings_);
    findings_.enter(circuit, owner);
  }

  void check_subcircuit(const Circuit& circuit, std::size_t index, const std::string& owner, std::uint32_t depth) {
    const SubcircuitNode& node = circuit.circuits[index];
    findings_.enter(circuit, owner);
    check_drawing(Element::subcircuit, index, node);
    check_changes(Element::subcircuit, index, node.changes);
    if (node.repeat) {
      check_repeat(index, node);
    } else if (node.count > FLUX_MAX_INSTANCES) {
      findings_.error(Element::subcircuit, index, fmt::format("{} copies are more than the limit of {}", node.count, FLUX_MAX_INSTANCES),
                      "make fewer");
    }
    if (!has_one_source(node)) {
      findings_.error(Element::subcircuit, index, "it must have one of a body, a prototype, a group and a generator", "remove the others");
    } else if (node.body) {
      if (depth == FLUX_MAX_CIRCUIT_DEPTH) {
        return findings_.error(Element::subcircuit, index, fmt::format("circuits are nested more than {} deep", FLUX_MAX_CIRCUIT_DEPTH),
                               "nest them less");
      }
      check_inner_body(*node.body, inside(owner, node.id), node.place, depth + 1);
    }
  }

  void check_repeat(std::size_t index, const SubcircuitNode& node) {
    const Repeat& repeat = *node.repeat;
    const bool is_sheet = repeat.layout == Repeat::Layout::grid || repeat.layout == Repeat::Layout::hexagonal;
    const auto refuse = [&](std::string what, std::string fix) {
      findings_.error(Element::subcircuit, index, std::move(what), std::move(fix));
    };
    if (node.count == 0 || node.count > FLUX_MAX_REPEATED) {
      return refuse(fmt::format("{} instances are outside 1..{}", node.count, FLUX_MAX_REPEATED), "repeat it less often");
    }
    if (!fills_rows(repeat, node.count)) {
      return refuse("its instances do not fill the rows of its layout",
                    "give a sheet a width and height (an even height to a hexagonal one that is wrapped), a line or ring a count");
    }
    for (const NeighbourFiber& fiber : repeat.neighbours) {
      bool sound = !fiber.kernel.empty() && is_utf8(fiber.source) && is_utf8(fiber.target) && !fiber.source.empty() &&
                   !fiber.target.empty() && fiber.properties.type <= SynapseType::electric && is_comment_text(fiber.comment);
      for (const KernelOffset& offset : fiber.kernel) {
        sound &= std::abs(offset.dx) <= FLUX_MAX_NEIGHBOUR && std::abs(offset.dy) <= (is_sheet ? FLUX_MAX_NEIGHBOUR : 0) &&
                 offset.weight >= FLUX_MIN_WEIGHT && offset.weight <= FLUX_MAX_WEIGHT && offset.length >= FLUX_MIN_LENGTH &&
                 offset.length <= FLUX_MAX_LENGTH;
      }
      if (!sound) {
        refuse(
            "a neighbour fiber has no ends, or offsets that are out of range",
            fmt::format("name two neurons, and offsets of at most {} columns and rows (in a line or ring, no rows)", FLUX_MAX_NEIGHBOUR));
      }
    }
  }

  static bool has_one_source(const SubcircuitNode& node) {
    const auto is = [&](SubcircuitNode::Source source) { return node.source == source; };
    return static_cast<bool>(node.body) == is(SubcircuitNode::Source::body) &&
           !node.prototype.name.empty() == is(SubcircuitNode::Source::prototype) &&
           !node.group.empty() == is(SubcircuitNode::Source::group) &&
           !node.generator.name.empty() == is(SubcircuitNode::Source::generator) &&
           (node.prototype.version == 0 || !node.prototype.name.empty());
  }

  void check_changes(Element element, std::size_t index, const Changes& changes) {
    bool sound = true;
    std::set<std::pair<std::string_view, std::string_view>> targets;
    for (const Override& override : changes.overrides) {
      sound &= is_utf8(override.target) && is_utf8(override.property) && is_value(override.value) && !override.target.empty() &&
               !override.property.empty() && override.property.find('.') == std::string::npos;
      const auto* text = std::get_if<std::string>(&override.value);
      const auto variable = text != nullptr && override.target.ends_with(".settings") ? named_variable(*text) : std::nullopt;
      if (variable && !root_->environment.contains(*variable)) warn_of_variable(element, index, *variable);
      if (!targets.emplace(override.target, override.property).second) {
        findings_.error(element, index, fmt::format("\"{}.{}\" is overridden twice", override.target, override.property),
                        "keep one of them");
      }
    }
    for (const std::string& path : changes.removes) sound &= is_utf8(path) && !path.empty();
    if (!sound) findings_.error(element, index, "it changes something without a name", "name what is changed like \"hip.threshold\"");
  }

  // `owner` is the path of a circuit, or names a prototype or group.
  static std::string inside(const std::string& owner, const std::string& id) {
    return owner.empty() ? id : owner + (owner.ends_with('"') ? ": " : "/") + id;
  }

  Findings& findings_;
  const Circuit* root_ = nullptr;  // while it is being checked
};

}  // namespace

bool is_comment_text(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') return false;
  }
  return is_utf8(text);
}

bool is_on_canvas(const std::optional<Position>& position, const std::optional<Position>& extent) {
  const auto is_finite = [](const std::optional<Position>& p) { return !p || (std::isfinite(p->x) && std::isfinite(p->y)); };
  return is_finite(position) && is_finite(extent);
}

void check_tree(const Circuit& root, Findings& findings) { TreeCheck(findings).run(root); }

}  // namespace flux
