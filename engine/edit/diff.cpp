// A copy of the first document is edited until it is the second. Nodes that go, go first, since connections go with them; then nodes are
// added and set, circuit by circuit; then connections; then prototypes and groups that nothing follows any more.
#include "edit/diff.h"

#include <algorithm>
#include <deque>
#include <map>
#include <unordered_map>

#include "body_index.h"
#include "circuit/names.h"
#include "edit/editable_circuit.h"
#include "file/circuit_text.h"
#include "file/json_tree.h"
#include "fmt/format.h"

namespace flux {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::vector<std::pair<std::string, std::string>> members_of(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> members;
  JsonTree tree;
  if (tree.parse(text) || tree.root().kind() != JsonKind::object) return members;
  std::optional<JsonValue> key;
  for (const JsonValue value : tree.root().children()) {
    if (key) {
      members.emplace_back(std::string(key->string()), canonical_json(value));
      key.reset();
    } else {
      key = value;
    }
  }
  return members;
}

// The properties that make `now` what `wanted` is, and what they are now. Both are elements on one line.
struct Patch {
  std::string properties, before;
  bool empty() const { return properties.empty(); }
};
Patch patch_between(const std::string& now, const std::string& wanted) {
  Patch patch;
  const auto old_members = members_of(now), new_members = members_of(wanted);
  const auto add = [](std::string& text, const std::string& key, const std::string& value) {
    text += text.empty() ? "{" : ", ";
    text += quoted(key) + ": " + value;
  };
  const auto value_in = [](const auto& members, const std::string& key) {
    const auto found = std::find_if(members.begin(), members.end(), [&](const auto& member) { return member.first == key; });
    return found == members.end() ? std::string("null") : found->second;
  };
  for (const auto& [key, value] : old_members) {
    const std::string next = value_in(new_members, key);
    if (next == value) continue;
    add(patch.properties, key, next);
    add(patch.before, key, value);
  }
  for (const auto& [key, value] : new_members) {
    if (value_in(old_members, key) != "null") continue;
    add(patch.properties, key, value);
    add(patch.before, key, "null");
  }
  if (!patch.empty()) patch.properties += '}', patch.before += '}';
  return patch;
}

class Differ {
 public:
  Differ(const Circuit& a, const Circuit& b) : document_(a), wanted_(b) {}

  Result<std::vector<Difference>> run() {
    add_sources();
    for (const auto& [in, body] : shared_bodies()) remove_nodes(in, *body);
    // Bodies that are added or replaced come whole: what is left to compare is found anew.
    for (const auto& [in, body] : shared_bodies()) compare_nodes(in, *body);
    for (const auto& [in, body] : shared_bodies()) compare_header(in, *body);
    compare_sources();
    for (const auto& [in, body] : shared_bodies()) {
      compare_connections(in, *body, ElementList::synapses);
      compare_connections(in, *body, ElementList::fibers);
      compare_connections(in, *body, ElementList::comments);
    }
    remove_sources();
    order_sources();
    if (failed_) return *failed_;
    if (hash_document(document_.circuit()) != hash_document(wanted_)) {
      return Error{"the difference cannot be said in operations", "", "compare the texts of the two"};
    }
    return std::move(differences_);
  }

 private:
  using Bodies = std::vector<std::pair<std::string, const Circuit*>>;

  // Circuits that both documents have under the same place: those of the wanted one.
  Bodies shared_bodies() {
    Bodies bodies;
    for_each_body(const_cast<Circuit&>(wanted_), [&](const std::string& in, Circuit& body) {
      if (document_.body(in)) bodies.emplace_back(in, &body);
    });
    return bodies;
  }

  bool apply(Operation operation, std::string what, std::string before, std::string after) {
    if (failed_) return false;
    const auto done = document_.apply(std::span(&operation, 1));
    if (!done) {
      failed_ = done.error();
      return false;
    }
    differences_.push_back({std::move(operation), std::move(what), std::move(before), std::move(after)});
    return true;
  }

  static Operation operation(Operation::Kind kind, const std::string& in) {
    Operation operation;
    operation.kind = kind;
    operation.in = in;
    return operation;
  }

  Circuit& now(const std::string& in) { return *document_.body(in).value(); }
  std::string text_now(const std::string& in, ElementList list, std::size_t at, ElementBody body) {
    Circuit& circuit = now(in);
    return write_element(circuit, list, at, document_.index(circuit).first(), body);
  }

  void add(const std::string& in, ElementList list, std::size_t at, std::string text, const std::string& what) {
    Operation add = operation(Operation::Kind::add, in);
    add.list = list;
    add.at = static_cast<std::uint32_t>(at);
    add.value = std::move(text);
    const std::string after = add.value;
    apply(std::move(add), what, "", after);
  }

  void remove(const std::string& in, ElementList list, std::size_t at, const std::string& what) {
    Operation remove = operation(Operation::Kind::remove, in);
    remove.list = list;
    remove.at = static_cast<std::uint32_t>(at);
    const std::string before = text_now(in, list, at, ElementBody::left_out);
    apply(std::move(remove), what, before, "");
  }

  void move(const std::string& in, ElementList list, std::size_t from, std::size_t to, const std::string& what) {
    Operation move = operation(Operation::Kind::move, in);
    move.list = list;
    move.at = static_cast<std::uint32_t>(from);
    move.to = static_cast<std::uint32_t>(to);
    apply(std::move(move), what, fmt::format("{}", from), fmt::format("{}", to));
  }

  void set(const std::string& in, std::optional<ElementList> list, std::size_t at, const std::string& id, const Patch& patch,
           const std::string& what) {
    if (patch.empty()) return;
    Operation set = operation(Operation::Kind::set, in);
    set.node = id;
    if (id.empty() && list) {
      set.list = list;
      set.at = static_cast<std::uint32_t>(at);
    }
    set.value = patch.properties;
    apply(std::move(set), what, patch.before, patch.properties);
  }

  // --- Nodes ----------------------------------------------------------------------------------------------------------------------

  template <class T>
  static std::string name_of(const T& node) {
    constexpr const char* kind = std::is_same_v<T, NeuronNode> ? "neuron" : std::is_same_v<T, OrganNode> ? "organ" : "circuit";
    return fmt::format("{} \"{}\"", kind, node.id);
  }
  template <class T>
  static std::size_t place_of_id(const std::vector<T>& list, const std::string& id) {
    return static_cast<std::size_t>(std::find_if(list.begin(), list.end(), [&](const T& node) { return node.id == id; }) - list.begin());
  }

  // What can become the other by having its properties set.
  static bool is_same_node(const NeuronNode&, const NeuronNode&) { return true; }
  static bool is_same_node(const OrganNode&, const OrganNode&) { return true; }
  static bool is_same_node(const SubcircuitNode& a, const SubcircuitNode& b) {
    return a.source == b.source || b.source != SubcircuitNode::Source::body;
  }

  template <class T>
  void remove_from(const std::string& in, ElementList list, std::vector<T> Circuit::*nodes, const Circuit& body) {
    std::unordered_map<std::string, const T*> wanted;
    for (const T& node : body.*nodes) wanted.emplace(node.id, &node);
    std::vector<std::string> gone;
    for (const T& node : now(in).*nodes) {
      const auto found = wanted.find(node.id);
      if (found == wanted.end() || !is_same_node(node, *found->second)) gone.push_back(node.id);
    }
    for (const std::string& id : gone) {
      const T& node = (now(in).*nodes)[place_of_id(now(in).*nodes, id)];
      const std::string before = text_now(in, list, place_of_id(now(in).*nodes, id), ElementBody::left_out);
      Operation remove = operation(Operation::Kind::remove, in);
      remove.node = id;
      const std::string what = name_of(node);
      apply(std::move(remove), what, before, "");
      if (failed_) return;
    }
  }

  void remove_nodes(const std::string& in, const Circuit& body) {
    if (failed_ || !document_.body(in)) return;
    remove_from(in, ElementList::neurons, &Circuit::neurons, body);
    remove_from(in, ElementList::organs, &Circuit::organs, body);
    remove_from(in, ElementList::circuits, &Circuit::circuits, body);
  }

  template <class T>
  void compare_list(const std::string& in, ElementList list, std::vector<T> Circuit::*nodes, const Circuit& body) {
    const std::vector<NeuronIndex> first = first_neurons(body);
    const std::vector<T>& wanted = body.*nodes;
    for (std::size_t i = 0; i < wanted.size() && !failed_; ++i) {
      const std::size_t size = (now(in).*nodes).size();
      const std::size_t place = i < size && (now(in).*nodes)[i].id == wanted[i].id ? i : place_of_id(now(in).*nodes, wanted[i].id);
      if (place == size) {
        add(in, list, i, write_element(body, list, i, first), name_of(wanted[i]));
        continue;
      }
      if (place != i) move(in, list, place, i, name_of(wanted[i]));
      const std::string text = write_element(body, list, i, first, ElementBody::left_out);
      if (failed_) return;
      set(in, list, i, wanted[i].id, patch_between(text_now(in, list, i, ElementBody::left_out), text), name_of(wanted[i]));
    }
  }

  void compare_nodes(const std::string& in, const Circuit& body) {
    if (failed_ || !document_.body(in)) return;
    compare_list(in, ElementList::neurons, &Circuit::neurons, body);
    compare_list(in, ElementList::organs, &Circuit::organs, body);
    compare_list(in, ElementList::circuits, &Circuit::circuits, body);
  }

  void compare_header(const std::string& in, const Circuit& body) {
    if (failed_ || !document_.body(in)) return;
    const auto text_of = [&](const Circuit& circuit) {
      std::string text = "{\"title\": " + quoted(circuit.title) + ", \"description\": " + quoted(circuit.description) +
                         ", \"reusable\": " + (circuit.reusable ? "true" : "false");
      if (!in.empty()) return text + "}";
      Circuit bare;
      bare.settings = circuit.settings;
      bare.libraries = circuit.libraries;
      for (const auto& [key, value] : members_of(write_circuit_text(bare))) {
        if (key == "libraries") text += ", \"libraries\": " + value;
        if (key == "settings" && value.size() > 2) text += ", " + value.substr(1, value.size() - 2);
      }
      if (!circuit.comment.empty()) text += ", \"//\": " + quoted(circuit.comment);
      return text + "}";
    };
    set(in, std::nullopt, 0, "", patch_between(text_of(now(in)), text_of(body)), "the circuit");
    if (in.empty()) compare_environment(body);
  }

  // Variable by variable.
  void compare_environment(const Circuit& root) {
    const auto text_of = [](const Circuit& circuit) {
      Circuit bare;
      bare.environment = circuit.environment;
      for (const auto& [key, value] : members_of(write_circuit_text(bare))) {
        if (key == "environment") return value;
      }
      return std::string("{}");
    };
    Patch patch = patch_between(text_of(now("")), text_of(root));
    if (patch.empty()) return;
    patch.properties = "{\"environment\": " + patch.properties + "}";
    patch.before = "{\"environment\": " + patch.before + "}";
    set("", std::nullopt, 0, "", patch, "the environment");
  }

  // --- Connections ----------------------------------------------------------------------------------------------------------------

  // What tells a connection from others: its ends.
  static std::string ends_of(const Circuit& circuit, ElementList list, std::size_t at, const std::vector<NeuronIndex>& first) {
    if (list == ElementList::synapses) {
      return end_path(circuit, first, circuit.synapses[at].source) + " > " + end_path(circuit, first, circuit.synapses[at].target);
    }
    if (list == ElementList::comments) return circuit.comments[at].text;
    const auto side = [&](const std::vector<std::uint32_t>& nodes) {
      std::string text;
      for (const std::uint32_t node : nodes) (text += text.empty() ? "" : ", ") += side_path(circuit, node);
      return text;
    };
    return side(circuit.fibers[at].sources) + " > " + side(circuit.fibers[at].targets);
  }
  static std::size_t count_of(const Circuit& circuit, ElementList list) {
    return list == ElementList::synapses ? circuit.synapses.size()
           : list == ElementList::fibers ? circuit.fibers.size()
                                         : circuit.comments.size();
  }
  static const char* kind_of(ElementList list) {
    return list == ElementList::synapses ? "synapse" : list == ElementList::fibers ? "fiber" : "comment";
  }

  struct Line {
    std::string text, ends;
  };
  static std::vector<Line> lines_of(const Circuit& circuit, ElementList list, const std::vector<NeuronIndex>& first) {
    std::vector<Line> lines;
    for (std::size_t i = 0; i < count_of(circuit, list); ++i) {
      lines.push_back({write_element(circuit, list, i, first, ElementBody::left_out), ends_of(circuit, list, i, first)});
    }
    return lines;
  }

  void compare_connections(const std::string& in, const Circuit& body, ElementList list) {
    if (failed_ || !document_.body(in)) return;
    const std::vector<NeuronIndex> first = first_neurons(body);
    const std::vector<Line> wanted = lines_of(body, list, first);
    const std::vector<Line> present = lines_of(now(in), list, document_.index(now(in)).first());
    const std::vector<std::size_t> stays = matches(present, wanted);  // per wanted one
    std::vector<bool> kept(present.size(), false);
    for (const std::size_t at : stays) {
      if (at < present.size()) kept[at] = true;
    }
    const auto what = [&](const Line& line) {
      return list == ElementList::comments ? fmt::format("comment \"{}\"", line.ends.substr(0, 40))
                                           : fmt::format("{} {}", kind_of(list), line.ends);
    };
    for (std::size_t i = present.size(); i-- > 0;) {
      if (!kept[i]) remove(in, list, i, what(present[i]));
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (stays[i] == present.size()) add(in, list, i, wanted[i].text, what(wanted[i]));
    }
    for (std::size_t i = 0; i < wanted.size() && !failed_; ++i) {
      set(in, list, i, "", patch_between(text_now(in, list, i, ElementBody::left_out), wanted[i].text), what(wanted[i]));
    }
  }

  // For each wanted line the present one that stays in its place, in rising order: an equal one where there is one, else one with the same
  // ends.
  static std::vector<std::size_t> matches(const std::vector<Line>& present, const std::vector<Line>& wanted) {
    std::vector<std::size_t> match(wanted.size(), present.size());
    std::vector<bool> used(present.size(), false);
    for (const bool by_text : {true, false}) {
      std::unordered_map<std::string, std::deque<std::size_t>> places;
      for (std::size_t i = 0; i < present.size(); ++i) {
        if (!used[i]) places[by_text ? present[i].text : present[i].ends].push_back(i);
      }
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (match[i] != present.size()) continue;
        const auto found = places.find(by_text ? wanted[i].text : wanted[i].ends);
        if (found == places.end() || found->second.empty()) continue;
        match[i] = found->second.front();
        used[match[i]] = true;
        found->second.pop_front();
      }
    }
    keep_rising(match, present.size());
    return match;
  }

  // Keeps a longest rising part of the matches (Fredman 1975, patience sorting); the others go and come anew.
  static void keep_rising(std::vector<std::size_t>& match, std::size_t none) {
    std::vector<std::size_t> tops, before(match.size(), match.size());
    for (std::size_t i = 0; i < match.size(); ++i) {
      if (match[i] == none) continue;
      const auto pile = std::lower_bound(tops.begin(), tops.end(), i, [&](std::size_t a, std::size_t b) { return match[a] < match[b]; });
      if (pile != tops.begin()) before[i] = *(pile - 1);
      if (pile == tops.end()) {
        tops.push_back(i);
      } else {
        *pile = i;
      }
    }
    std::vector<bool> rises(match.size(), false);
    for (std::size_t i = tops.empty() ? match.size() : tops.back(); i < match.size(); i = before[i]) rises[i] = true;
    for (std::size_t i = 0; i < match.size(); ++i) {
      if (!rises[i]) match[i] = none;
    }
  }

  // --- Prototypes and groups ------------------------------------------------------------------------------------------------------

  template <class T>
  static auto key_of(const T& source) {
    if constexpr (std::is_same_v<T, Prototype>) {
      return std::tuple(source.library, source.name.name, source.name.version);
    } else {
      return source.name;
    }
  }
  template <class T>
  static std::string name_of_source(const T& source) {
    if constexpr (std::is_same_v<T, Prototype>) {
      return fmt::format("prototype \"{}\"", source.name.name);
    } else {
      return fmt::format("group \"{}\"", source.name);
    }
  }
  template <class T>
  static std::size_t place_of_source(const std::vector<T>& list, const T& wanted) {
    return static_cast<std::size_t>(std::find_if(list.begin(), list.end(), [&](const T& some) { return key_of(some) == key_of(wanted); }) -
                                    list.begin());
  }

  template <class T>
  void add_missing(ElementList list, std::vector<T> Circuit::*sources) {
    const std::vector<NeuronIndex> first = first_neurons(wanted_);
    for (std::size_t i = 0; i < (wanted_.*sources).size(); ++i) {
      const T& source = (wanted_.*sources)[i];
      const std::vector<T>& present = document_.circuit().*sources;
      if (place_of_source(present, source) < present.size()) continue;
      add("", list, present.size(), write_element(wanted_, list, i, first), name_of_source(source));
    }
  }
  template <class T>
  void remove_surplus(ElementList list, std::vector<T> Circuit::*sources) {
    for (std::size_t i = (document_.circuit().*sources).size(); i-- > 0 && !failed_;) {
      const T& source = (document_.circuit().*sources)[i];
      if (place_of_source(wanted_.*sources, source) == (wanted_.*sources).size()) remove("", list, i, name_of_source(source));
    }
  }
  template <class T>
  void order(ElementList list, std::vector<T> Circuit::*sources) {
    for (std::size_t i = 0; i < (wanted_.*sources).size() && !failed_; ++i) {
      const std::size_t place = place_of_source(document_.circuit().*sources, (wanted_.*sources)[i]);
      if (place != i && place < (document_.circuit().*sources).size()) move("", list, place, i, name_of_source((wanted_.*sources)[i]));
    }
  }
  // What they say of themselves beside their bodies.
  template <class T>
  void compare_source_lines(ElementList list, std::vector<T> Circuit::*sources) {
    const std::vector<NeuronIndex> first = first_neurons(wanted_);
    for (std::size_t i = 0; i < (wanted_.*sources).size() && !failed_; ++i) {
      const std::size_t place = place_of_source(document_.circuit().*sources, (wanted_.*sources)[i]);
      if (place == (document_.circuit().*sources).size()) continue;
      const std::string text = write_element(wanted_, list, i, first, ElementBody::left_out);
      set("", list, place, "", patch_between(text_now("", list, place, ElementBody::left_out), text),
          name_of_source((wanted_.*sources)[i]));
    }
  }

  void add_sources() {
    add_missing(ElementList::prototypes, &Circuit::prototypes);
    add_missing(ElementList::groups, &Circuit::groups);
  }
  void compare_sources() {
    compare_source_lines(ElementList::prototypes, &Circuit::prototypes);
    compare_source_lines(ElementList::groups, &Circuit::groups);
  }
  void remove_sources() {
    remove_surplus(ElementList::prototypes, &Circuit::prototypes);
    remove_surplus(ElementList::groups, &Circuit::groups);
  }
  void order_sources() {
    order(ElementList::prototypes, &Circuit::prototypes);
    order(ElementList::groups, &Circuit::groups);
  }

  EditableCircuit document_;
  const Circuit& wanted_;
  std::vector<Difference> differences_;
  std::optional<Error> failed_;
};

}  // namespace

Result<std::vector<Difference>> diff(const Circuit& a, const Circuit& b) { return Differ(a, b).run(); }

}  // namespace flux
