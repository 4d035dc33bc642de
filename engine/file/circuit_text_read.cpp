#include <algorithm>
#include <unordered_map>

#include "circuit/elaborate.h"
#include "circuit/flatten.h"
#include "circuit/identifier.h"
#include "circuit/names.h"
#include "element_reader.h"
#include "file/circuit_text.h"
#include "file/element_text.h"
#include "suggest.h"
#include "text_reading.h"

namespace flux {
namespace {

constexpr std::size_t FLUX_MAX_NAMES_COMPARED = 10000;  // for a suggestion
constexpr std::int64_t FLUX_MAX_VERSION = 4294967295;

// The circuit being read, with what is needed to number the ends of its connections.
struct Scope {
  Circuit& circuit;
  bool is_heir;  // it may name what it takes over from another
  std::unordered_map<std::string_view, std::uint32_t> nodes;
  std::unordered_map<std::string, std::uint32_t> paths;
  std::vector<NeuronIndex> first_of_node;
};

// The lists of a circuit, as found among the members of its object.
struct BodyLists {
  std::optional<JsonValue> neurons, organs, circuits, synapses, fibers, comments;
};

// Makes the circuit of a tree. Elements are read even after a problem, so that all problems are found at once.
class CircuitReader {
 public:
  CircuitReader(const JsonTree& tree, TextOrigin origin) : tree_(tree), origin_(origin) {}

  Circuit& circuit() { return circuit_; }
  ProblemList& problems() { return problems_; }
  std::uint32_t libraries_offset() const { return libraries_offset_; }

  // The tree is one element. "//" among its members is its comment.
  TextElement read_element(ElementList list) {
    const JsonValue value = tree_.root();
    problems_.allow_comment_member(value.offset());
    TextElement element = read_one(list, value);
    const std::string comment = comment_member(value);
    std::visit(
        [&](auto& some) {
          if constexpr (requires { some.synapse; }) {
            some.synapse.comment = comment;
          } else if constexpr (requires { some.fiber; }) {
            some.fiber.comment = comment;
          } else {
            some.comment = comment;
          }
        },
        element);
    return element;
  }

  void read() {
    ObjectReader object(problems_, tree_.root(), "a circuit");
    if (tree_.root().kind() != JsonKind::object || !read_version(object)) return;
    const BodyLists lists = take_body(object, circuit_);
    if (const auto settings = object.take("settings")) circuit_.settings = elements_.settings(*settings);
    if (const auto environment = object.take("environment")) circuit_.environment = elements_.environment(*environment);
    const auto libraries = object.take("libraries");
    const auto prototypes = object.take("prototypes"), groups = object.take("groups");
    if (origin_ == TextOrigin::part_of_flx) read_strings(object, object.take("paths"), "paths", circuit_.paths);
    object.finish();

    if (libraries) libraries_offset_ = libraries->offset();
    read_strings(object, libraries, "libraries", circuit_.libraries);
    read_list(prototypes, "prototypes", circuit_.prototypes, [this](const JsonValue& value) { return read_prototype(value); });
    read_list(groups, "groups", circuit_.groups, [this](const JsonValue& value) { return read_group(value); });
    read_body(lists, circuit_, false);
    circuit_.comment = comments_outside_lists(0, tree_.text().size(), 0);
  }

 private:
  TextElement read_one(ElementList list, const JsonValue& value) {
    switch (list) {
      case ElementList::neurons:
        return elements_.neuron(value);
      case ElementList::organs:
        return read_organ(value);
      case ElementList::circuits:
        return read_subcircuit(value);
      case ElementList::synapses: {
        NamedSynapse named;
        ObjectReader object(problems_, value, "a synapse");
        if (const auto from = object.take_required("from")) named.from = object.string_of(*from, "from").value_or("");
        if (const auto to = object.take_required("to")) named.to = object.string_of(*to, "to").value_or("");
        elements_.synapse(object, named.synapse);
        object.finish();
        return named;
      }
      case ElementList::fibers: {
        NamedFiber named;
        ObjectReader object(problems_, value, "a fiber");
        named.from = take_names(object, "from");
        named.to = take_names(object, "to");
        elements_.fiber(object, named.fiber);
        object.finish();
        return named;
      }
      case ElementList::comments:
        return elements_.comment(value);
      case ElementList::prototypes:
        return read_prototype(value);
      case ElementList::groups:
        break;
    }
    return read_group(value);
  }

  // One name, or a list of them.
  std::vector<std::string> take_names(ObjectReader& object, std::string_view key) {
    std::vector<std::string> names;
    const auto value = object.take_required(key);
    if (value && value->kind() == JsonKind::array) {
      read_strings(object, value, key, names);
    } else if (value) {
      names.emplace_back(object.string_of(*value, key).value_or(""));
    }
    return names;
  }

  std::string comment_member(const JsonValue& value) {
    if (value.kind() != JsonKind::object) return {};
    std::optional<JsonValue> key;
    for (const JsonValue child : value.children()) {
      if (!key) {
        key = child;
        continue;
      }
      if (key->string() == "//") {
        if (child.kind() == JsonKind::string) return std::string(child.string());
        problems_.add(child, "a comment must be text in quotes", "");
      }
      key.reset();
    }
    return {};
  }

  bool read_version(ObjectReader& object) {
    const auto version = object.take("flux");
    if (!version) {
      problems_.add(tree_.root(), "this is not a FLUX circuit: \"flux\" is missing", "begin it with \"flux\": 1");
      return false;
    }
    if (version->kind() == JsonKind::integer && version->integer() == FLUX_TEXT_VERSION) return true;
    problems_.add(*version, "the version of this circuit is not one this program knows",
                  "\"flux\" must be 1; a higher number needs a newer program");
    return false;
  }

  void read_strings(ObjectReader& object, const std::optional<JsonValue>& list, std::string_view key, std::vector<std::string>& strings) {
    if (!list || !elements_.is_list(*list, key)) return;
    for (const JsonValue value : list->children()) {
      if (const auto text = object.string_of(value, key)) strings.emplace_back(*text);
    }
  }

  // --- Circuits -----------------------------------------------------------------------------------------------------------------

  static BodyLists take_body(ObjectReader& object, Circuit& circuit) {
    circuit.title = object.take_string("title").value_or("");
    circuit.description = object.take_string("description").value_or("");
    circuit.reusable = object.take_boolean("reusable").value_or(false);
    return {object.take("neurons"),  object.take("organs"), object.take("circuits"),
            object.take("synapses"), object.take("fibers"), object.take("comments")};
  }

  void read_body(const BodyLists& lists, Circuit& circuit, bool is_heir) {
    read_list(lists.neurons, "neurons", circuit.neurons, [this](const JsonValue& value) { return elements_.neuron(value); });
    read_list(lists.organs, "organs", circuit.organs, [this](const JsonValue& value) { return read_organ(value); });
    read_list(lists.circuits, "circuits", circuit.circuits, [this](const JsonValue& value) { return read_subcircuit(value); });
    read_list(lists.comments, "comments", circuit.comments, [this](const JsonValue& value) { return elements_.comment(value); });
    Scope scope{circuit, is_heir, {}, {}, {}};
    if (!index_names(scope, lists.neurons.value_or(tree_.root()))) return;
    read_list(lists.synapses, "synapses", circuit.synapses, [&](const JsonValue& value) { return read_synapse(scope, value); });
    read_list(lists.fibers, "fibers", circuit.fibers, [&](const JsonValue& value) { return read_fiber(scope, value); });
  }

  Prototype read_prototype(const JsonValue& value) {
    Prototype prototype;
    ObjectReader object(problems_, value, "a prototype");
    prototype.name = read_name(object, "name", "version");
    if (prototype.name.name.empty()) object.take_required("name");
    prototype.extends = read_name(object, "extends", "extendsVersion");
    prototype.changes = elements_.changes(object);
    const BodyLists lists = take_body(object, prototype.body);
    object.finish();
    read_body(lists, prototype.body, !prototype.extends.name.empty());
    return prototype;
  }

  Group read_group(const JsonValue& value) {
    Group group;
    ObjectReader object(problems_, value, "a group");
    if (object.take_required("name")) group.name = object.take_string("name").value_or("");
    const BodyLists lists = take_body(object, group.body);
    object.finish();
    read_body(lists, group.body, false);
    return group;
  }

  PrototypeName read_name(ObjectReader& object, std::string_view name_key, std::string_view version_key) {
    PrototypeName name;
    name.name = object.take_string(name_key).value_or("");
    const auto version = object.take(version_key);
    name.version = static_cast<std::uint32_t>(object.take_integer(version_key, 1, FLUX_MAX_VERSION).value_or(0));
    if (version && name.name.empty()) {
      problems_.add(*version, fmt::format("\"{}\" says nothing without \"{}\"", version_key, name_key), "remove it, or give the name");
    }
    return name;
  }

  SubcircuitNode read_subcircuit(const JsonValue& value) {
    SubcircuitNode node;
    ObjectReader object(problems_, value, "a circuit");
    if (const auto id = object.take_required("id")) node.id = object.string_of(*id, "id").value_or("");
    const auto count = object.take("count"), repeat = object.take("repeat");
    node.count = static_cast<std::uint32_t>(object.take_integer("count", 1, FLUX_MAX_INSTANCES).value_or(0));
    if (count && repeat) problems_.add(*count, "\"repeat\" says how many there are", "remove \"count\"");
    if (repeat) read_repeat(*repeat, node);
    node.prototype = read_name(object, "prototype", "version");
    const auto group = object.take("group"), generator = object.take("generator");
    node.group = object.take_string("group").value_or("");
    node.generator = elements_.generator(object);
    node.changes = elements_.changes(object);
    node.position = object.take_position("position");
    node.extent = object.take_position("size");
    if (!node.prototype.name.empty() && group) {
      problems_.add(*group, "a circuit is an instance of a prototype or a copy of a group, not both", "remove one of them");
    }
    if (generator && (group || !node.prototype.name.empty())) {
      problems_.add(*generator, "a circuit follows a generator, a prototype or a group, not several", "remove the others");
    }
    if (!node.prototype.name.empty()) {
      node.source = SubcircuitNode::Source::prototype;
      object.finish();
    } else if (!node.group.empty()) {
      node.source = SubcircuitNode::Source::group;
      object.finish();
    } else if (!node.generator.name.empty()) {
      node.source = SubcircuitNode::Source::generator;
      object.finish();
    } else {
      Circuit body;
      const BodyLists lists = take_body(object, body);
      object.finish();
      read_body(lists, body, false);
      node.body = std::move(body);
    }
    return node;
  }

  void read_repeat(const JsonValue& value, SubcircuitNode& node) {
    std::optional<JsonValue> neighbours;
    node.repeat = elements_.repeat(value, node.count, neighbours);
    read_list(neighbours, "neighbours", node.repeat->neighbours, [this](const JsonValue& fiber) { return elements_.neighbour(fiber); });
  }

  OrganNode read_organ(const JsonValue& value) {
    OrganNode organ;
    ObjectReader object(problems_, value, "an organ");
    if (const auto id = object.take_required("id")) organ.id = object.string_of(*id, "id").value_or("");
    organ.type = object.take_string("type").value_or("");
    if (const auto settings = object.take("settings")) read_organ_settings(*settings, organ);
    const auto inputs = object.take("inputs"), outputs = object.take("outputs");
    organ.position = object.take_position("position");
    organ.extent = object.take_position("size");
    object.finish();
    read_list(inputs, "inputs", organ.inputs, [this](const JsonValue& neuron) { return elements_.neuron(neuron); });
    read_list(outputs, "outputs", organ.outputs, [this](const JsonValue& neuron) { return elements_.neuron(neuron); });
    return organ;
  }

  void read_organ_settings(const JsonValue& value, OrganNode& organ) {
    if (value.kind() != JsonKind::object) {
      return problems_.add(value, fmt::format("\"settings\" must be an object, not {}", kind_name(value.kind())), "write it as {...}");
    }
    if (value.count() > 0) organ.settings = canonical_json(value);
  }

  // --- Connections --------------------------------------------------------------------------------------------------------------

  SynapseNode read_synapse(Scope& scope, const JsonValue& value) {
    SynapseNode synapse;
    ObjectReader object(problems_, value, "a synapse");
    synapse.source = read_end(scope, object, "from");
    synapse.target = read_end(scope, object, "to");
    elements_.synapse(object, synapse);
    object.finish();
    return synapse;
  }

  Fiber read_fiber(Scope& scope, const JsonValue& value) {
    Fiber fiber;
    ObjectReader object(problems_, value, "a fiber");
    fiber.sources = read_side(scope, object, "from");
    fiber.targets = read_side(scope, object, "to");
    elements_.fiber(object, fiber);
    object.finish();
    return fiber;
  }

  // One end of a synapse: "id" or "id[k]", or a path into a subcircuit.
  NeuronIndex read_end(Scope& scope, ObjectReader& object, std::string_view key) {
    const auto value = object.take_required(key);
    const auto name = value ? object.string_of(*value, key) : std::nullopt;
    if (!name) return 0;
    const auto indexed = split_indexed_name(*name);
    const auto entry = scope.nodes.find(indexed ? indexed->base : *name);
    if (entry == scope.nodes.end()) {
      if (may_be_path(scope, *name)) return path_number(scope, *name);
      report_unknown(scope, *value, indexed ? indexed->base : *name);
      return 0;
    }
    const NeuronNode& node = scope.circuit.neurons[entry->second];
    if (node.count == 0 && indexed) {
      problems_.add(*value, fmt::format("\"{}\" is a single neuron", node.id),
                    fmt::format("write \"{}\" without [{}]", node.id, indexed->index));
    } else if (node.count > 0 && !indexed) {
      problems_.add(*value, fmt::format("\"{}\" is a population of {} neurons", node.id, node.count),
                    fmt::format("name one of them, \"{}[0]\" to \"{}[{}]\", or use a fiber", node.id, node.id, node.count - 1));
    } else if (indexed && indexed->index >= node.count) {
      problems_.add(*value, fmt::format("\"{}\" has no neuron {}", node.id, indexed->index),
                    fmt::format("it has \"{}[0]\" to \"{}[{}]\"", node.id, node.id, node.count - 1));
    }
    return scope.first_of_node[entry->second] + (indexed ? indexed->index : 0);
  }

  // One side of a fiber: an id, a path, or a list of them.
  std::vector<std::uint32_t> read_side(Scope& scope, ObjectReader& object, std::string_view key) {
    std::vector<std::uint32_t> nodes;
    const auto value = object.take_required(key);
    if (!value) return nodes;
    const auto add = [&](const JsonValue& element) {
      const auto id = object.string_of(element, key);
      if (!id) return;
      const auto entry = scope.nodes.find(*id);
      if (entry != scope.nodes.end()) {
        nodes.push_back(entry->second);
      } else if (may_be_path(scope, *id)) {
        nodes.push_back(path_number(scope, *id));
      } else {
        report_unknown(scope, element, *id);
      }
    };
    if (value->kind() != JsonKind::array) {
      add(*value);
    } else {
      for (const JsonValue element : value->children()) add(element);
    }
    return nodes;
  }

  static bool may_be_path(const Scope& scope, std::string_view name) {
    return !name.empty() && (scope.is_heir || name.find('/') != std::string_view::npos);
  }

  static std::uint32_t path_number(Scope& scope, std::string_view path) {
    std::vector<std::string>& paths = scope.circuit.paths;
    const auto [entry, is_new] = scope.paths.emplace(path, static_cast<std::uint32_t>(paths.size()));
    if (is_new) paths.emplace_back(path);
    return FLUX_FIRST_PATH + entry->second;
  }

  void report_unknown(const Scope& scope, const JsonValue& value, std::string_view name) {
    std::vector<std::string_view> ids;
    const std::vector<NeuronNode>& neurons = scope.circuit.neurons;
    for (std::size_t i = 0; i < neurons.size() && i < FLUX_MAX_NAMES_COMPARED; ++i) ids.push_back(neurons[i].id);
    problems_.add(value, fmt::format("there is no neuron \"{}\"", name), did_you_mean(name, ids, "add it under \"neurons\""));
  }

  // False when there are too many neurons to number: told of their list.
  bool index_names(Scope& scope, const JsonValue& list) {
    std::uint64_t total = 0;
    const std::vector<NeuronNode>& neurons = scope.circuit.neurons;
    scope.nodes.reserve(neurons.size());
    for (std::uint32_t i = 0; i < neurons.size(); ++i) {
      scope.nodes.emplace(neurons[i].id, i);
      total += neurons[i].size();
    }
    if (total > FLUX_MAX_NEURONS) {
      problems_.add(list, fmt::format("{} neurons are more than the limit of {}", total, FLUX_MAX_NEURONS), "make populations smaller");
      return false;
    }
    scope.first_of_node = first_neurons(scope.circuit);
    for (const std::string& path : scope.circuit.paths) scope.paths.emplace(path, static_cast<std::uint32_t>(scope.paths.size()));
    return true;
  }

  // --- Lists and their comments -------------------------------------------------------------------------------------------------

  template <class Element, class ReadElement>
  void read_list(const std::optional<JsonValue>& list, std::string_view key, std::vector<Element>& elements,
                 const ReadElement& read_element) {
    if (!list || !elements_.is_list(*list, key)) return;
    elements.reserve(list->count());
    std::uint64_t comments_from = list->offset();
    const std::size_t outer_lists = lists_.size();
    for (auto it = list->children().begin(), end = list->children().end(); it != end && !problems_.full();) {
      const JsonValue value = *it;
      ++it;
      elements.push_back(read_element(value));
      elements.back().place.offset = value.offset();
      const std::uint64_t comments_end = it != end ? end_of_comments(value, *it) : list->end_offset();
      elements.back().comment = comments_outside_lists(comments_from, comments_end, outer_lists);
      lists_.resize(outer_lists);
      comments_from = comments_end;
    }
    if (!elements.empty()) lists_.push_back({list->offset(), list->end_offset()});
  }

  // Comments on the line on which an element ends belong to it, later ones to the next.
  std::uint64_t end_of_comments(const JsonValue& value, const JsonValue& next) const {
    if (value.kind() != JsonKind::object) return next.offset();
    // Not beyond the next element: a text may be one line of millions of characters.
    const std::string_view between = tree_.text().substr(value.end_offset(), next.offset() - value.end_offset());
    const std::size_t line_end = between.find('\n');
    return line_end == std::string_view::npos ? next.offset() : value.end_offset() + line_end;
  }

  // The comments in a part of the text but those that belong to elements of lists inside it, which are lists_ from `first_list` on.
  std::string comments_outside_lists(std::uint64_t from, std::uint64_t end, std::size_t first_list) {
    std::sort(lists_.begin() + static_cast<std::ptrdiff_t>(first_list), lists_.end());
    std::vector<JsonComment> comments;
    const auto add_until = [&](std::uint64_t until) {
      const auto more = tree_.comments(from, until);
      comments.insert(comments.end(), more.begin(), more.end());
    };
    for (std::size_t i = first_list; i < lists_.size(); ++i) {
      add_until(lists_[i].first);
      from = lists_[i].second;
    }
    add_until(end);
    return joined(comments);
  }

  static std::string joined(const std::vector<JsonComment>& comments) {
    std::string text;
    for (const JsonComment& comment : comments) {
      if (&comment != comments.data()) text += '\n';
      text += comment.text;
    }
    text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
    return text;
  }

  const JsonTree& tree_;
  const TextOrigin origin_;
  Circuit circuit_;
  ProblemList problems_;
  ElementReader elements_{problems_};
  std::uint32_t libraries_offset_ = 0;
  // Begin and end of each list whose elements own its comments, of those in the element being read.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> lists_;
};

}  // namespace

// What is wrong with an element of the root itself is told by its place in the text.
static bool names_a_circuit(std::string_view where) {
  if (where.find('/') != std::string_view::npos || where.find(": ") != std::string_view::npos) return true;
  const auto is_about = [&](std::string_view kind) { return where.starts_with(kind); };
  return !where.empty() && !where.ends_with('"') && !is_about("synapse ") && !is_about("fiber ") && !is_about("comment ");
}

InspectedText read_circuit_text(std::string_view text, const std::string& file_name, const TextReading& reading) {
  InspectedText result;
  TextPlaces places(text);
  const auto report = [&](Diagnostic::Severity severity, const JsonProblem& problem) {
    const TextPlaces::Place place = places.find(problem.offset);
    result.diagnostics.push_back({severity, file_name, place.line, place.column, problem.what, problem.fix});
  };
  const auto sort_by_place = [](std::vector<JsonProblem>& problems) {
    std::stable_sort(problems.begin(), problems.end(), [](const JsonProblem& a, const JsonProblem& b) { return a.offset < b.offset; });
  };

  JsonTree tree;
  if (const auto problem = tree.parse(text)) {
    report(Diagnostic::Severity::error, *problem);
    return result;
  }
  CircuitReader reader(tree, reading.origin);
  reader.read();
  if (reader.problems().any()) {
    sort_by_place(reader.problems().list());
    for (const JsonProblem& problem : reader.problems().list()) report(Diagnostic::Severity::error, problem);
    return result;
  }
  Circuit& circuit = reader.circuit();
  if (reading.find_prototypes && !circuit.libraries.empty()) {
    if (Status status = reading.find_prototypes(circuit); !status) {
      report(Diagnostic::Severity::error, {reader.libraries_offset(), status.error().message(), ""});
      return result;
    }
  }
  if (reading.checks == TextChecks::none) {
    result.circuit = std::move(circuit);
    return result;
  }

  bool sound = true;
  const std::uint32_t root_offset = tree.root().offset();
  std::vector<Finding> findings = reading.checks == TextChecks::all ? check(circuit) : check_errors(circuit);
  const auto offset_of = [&](const Finding& finding) { return finding.place.offset == 0 ? root_offset : finding.place.offset; };
  std::stable_sort(findings.begin(), findings.end(), [&](const Finding& a, const Finding& b) { return offset_of(a) < offset_of(b); });
  for (Finding& finding : findings) {
    sound &= !finding.is_error;
    const bool says_path = names_a_circuit(finding.where);
    report(finding.is_error ? Diagnostic::Severity::error : Diagnostic::Severity::warning,
           {offset_of(finding), says_path ? finding.where + ": " + finding.what : std::move(finding.what), std::move(finding.fix)});
  }
  if (sound) result.circuit = std::move(circuit);
  return result;
}

InspectedText inspect_circuit_text(std::string_view text, const std::string& file_name) { return read_circuit_text(text, file_name, {}); }

Result<Circuit> first_error_or_circuit(InspectedText&& inspected) {
  if (inspected.circuit) return *std::move(inspected.circuit);
  return inspected.diagnostics.front().to_error();
}

Result<TextElement> read_element(ElementList list, std::string_view text, const std::string& name) {
  JsonTree tree;
  auto problem = tree.parse(text);
  if (!problem) {
    CircuitReader reader(tree, TextOrigin::text_file);
    TextElement element = reader.read_element(list);
    if (!reader.problems().any()) return element;
    problem = reader.problems().list().front();
  }
  const TextPlaces::Place place = TextPlaces(text).find(problem->offset);
  return Error{problem->what, fmt::format("{}:{}:{}", name, place.line, place.column), problem->fix};
}

Result<Circuit> parse_circuit_text(std::string_view text, const std::string& file_name) {
  TextReading reading;
  reading.checks = TextChecks::errors;
  return first_error_or_circuit(read_circuit_text(text, file_name, reading));
}

}  // namespace flux
