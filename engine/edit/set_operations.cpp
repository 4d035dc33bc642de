// set and override: properties as the text form names them.
#include <algorithm>
#include <array>
#include <unordered_map>

#include "circuit/structure.h"
#include "file/circuit_text.h"
#include "file/object_reader.h"
#include "fmt/format.h"
#include "graph/graph.h"
#include "references.h"
#include "run_operation.h"

namespace flux {
namespace {

constexpr std::array<std::string_view, 4> FLUX_SETTINGS = {"seed", "tick", "thresholdNoise", "delayJitter"};
constexpr std::array<std::string_view, 3> FLUX_HEADER = {"title", "description", "reusable"};
constexpr std::array<std::string_view, 6> FLUX_LISTS_INSIDE = {"neurons", "organs", "circuits", "synapses", "fibers", "comments"};

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct Member {
  std::string_view key;
  JsonValue value;
};

std::vector<Member> members_of(const JsonValue& object) {
  std::vector<Member> members;
  std::optional<JsonValue> key;
  for (const JsonValue value : object.children()) {
    if (key) {
      members.push_back({key->string(), value});
      key.reset();
    } else {
      key = value;
    }
  }
  return members;
}

// An object in the text, or why it is none.
Status parse_object(JsonTree& tree, std::string_view text, const Site& site) {
  const auto problem = tree.parse(text);
  if (problem) return Error{problem->what, site.where("properties"), problem->fix};
  if (tree.root().kind() == JsonKind::object) return {};
  return Error{"the properties must be an object", site.where(), "write them as {\"threshold\": 60}"};
}

Error wrong_property(const Site& site, std::string_view key, std::string fix) {
  return Error{fmt::format("\"{}\" cannot be set here", key), site.where(), std::move(fix)};
}

Step replace_step(const std::string& in, ElementList list) {
  Step step;
  step.kind = Step::Kind::replace;
  step.list = list;
  step.in = in;
  return step;
}

// --- Elements ---------------------------------------------------------------------------------------------------------------------

Status refuse_foreign_keys(const Site& site, ElementList list, const JsonValue& patch) {
  for (const Member& member : members_of(patch)) {
    if (member.key == "id" || member.key == "name" || member.key == "version") {
      if (member.key == "version" && list == ElementList::circuits) continue;  // of the prototype
      return wrong_property(site, member.key, "use the operation \"rename\"");
    }
    const bool has_body = list == ElementList::circuits || list == ElementList::prototypes || list == ElementList::groups;
    if (has_body && (is_one_of(FLUX_LISTS_INSIDE, member.key) || is_one_of(FLUX_HEADER, member.key))) {
      return wrong_property(site, member.key, "it belongs to the circuit inside: name that with \"in\"");
    }
  }
  return {};
}

// Connections to neurons that a smaller population does not have any more.
void remove_ends_beyond(const Site& site, std::uint32_t place, std::uint32_t size) {
  const NeuronIndex first = site.index().first()[place];
  const NeuronIndex end = first + site.body.neurons[place].size();
  EndFilter filter;
  filter.neuron = [=](NeuronIndex neuron) { return neuron >= first + size && neuron < end; };
  remove_connections(site, filter);
  References references(site.document, &site.body, {ElementList::neurons, place});
  std::vector<std::pair<std::string, Circuit*>> bodies;
  for_each_body(const_cast<Circuit&>(site.document.circuit()), [&](const std::string& in, Circuit& body) {
    if (!body.paths.empty()) bodies.emplace_back(in, &body);
  });
  for (const auto& [in, body] : bodies) {
    EndFilter by_path;
    by_path.synapse_path = [&references, size, from = body](const std::string& path) {
      const auto is_beyond = [size](std::string_view name, std::optional<std::uint32_t> number) {
        return number.value_or(0) >= size ? std::optional<std::string>(name) : std::nullopt;
      };
      return references.renamed(path, *from, is_beyond).has_value();
    };
    remove_connections({site.document, in, *body, false}, by_path);
  }
}

// What is attached by an alias follows when it is called otherwise, and goes by the id when there is none any more.
void follow_alias(const Site& site, std::uint32_t place, const std::string& before, const NeuronNode& after) {
  if (before.empty() || before == after.input_alias || before == after.output_alias) return;
  const NeuronNode& node = site.body.neurons[place];
  const bool was_input = before == node.input_alias;
  const std::string& now = was_input ? after.input_alias : after.output_alias;
  const std::string& name = now.empty() ? node.id : now;
  rename_references(site, {ElementList::neurons, place}, [&](std::string_view called, std::optional<std::uint32_t>) {
    return called == before && called != node.id ? std::optional(name) : std::nullopt;
  });
}

Status set_neuron(const Site& site, std::uint32_t place, Element element) {
  const NeuronNode& given = *std::get_if<NeuronNode>(&element);
  if (Status status = check_aliases(site, given, place); !status) return status;
  const NeuronNode& now = site.body.neurons[place];
  const std::uint64_t neurons = std::uint64_t{site.index().first().back()} - now.size() + given.size();
  if (neurons > FLUX_MAX_NEURONS) {
    return Error{fmt::format("{} neurons are more than the limit of {}", neurons, FLUX_MAX_NEURONS), site.where(),
                 "make populations smaller"};
  }
  follow_alias(site, place, now.input_alias, given);
  if (now.output_alias != now.input_alias) follow_alias(site, place, now.output_alias, given);
  if (given.size() < now.size()) remove_ends_beyond(site, place, given.size());
  take_replace(site, ElementList::neurons, place, std::move(element));
  return {};
}

Status set_subcircuit(const Site& site, std::uint32_t place, Element element) {
  const SubcircuitNode& given = *std::get_if<SubcircuitNode>(&element);
  const SubcircuitNode& now = site.body.circuits[place];
  const bool has_body = now.source == SubcircuitNode::Source::body, gets_body = given.source == SubcircuitNode::Source::body;
  if (gets_body && !has_body) {
    return Error{"without its prototype, group or generator the circuit would be empty", site.where(now.id),
                 "use the operation \"detach\" to keep what is in it"};
  }
  take_replace(site, ElementList::circuits, place, std::move(element), has_body && !gets_body);
  return {};
}

Status set_element(const Site& site, ElementPlace place, const JsonValue& patch) {
  if (Status status = refuse_foreign_keys(site, place.list, patch); !status) return status;
  const std::string text = write_element(site.body, place.list, place.place, site.index().first(), ElementBody::left_out);
  JsonTree now;
  if (const auto problem = now.parse(text)) return Error{problem->what, site.where(), problem->fix};
  auto element = read_for(site, place.list, merged_members(now.root(), patch));
  if (!element) return element.error();
  if (place.list == ElementList::neurons) return set_neuron(site, place.place, std::move(element).value());
  if (place.list == ElementList::circuits) return set_subcircuit(site, place.place, std::move(element).value());
  take_replace(site, place.list, place.place, std::move(element).value());
  return {};
}

// --- A circuit itself -------------------------------------------------------------------------------------------------------------

std::string object_of(const std::vector<Member>& members, const auto& takes) {
  std::string text;
  for (const Member& member : members) {
    if (!takes(member.key)) continue;
    text += text.empty() ? "" : ", ";
    append_json_string(text, member.key);
    (text += ": ") += canonical_json(member.value);
  }
  return "{" + text + "}";
}

// The root's environment with variables set, or taken away where they are null; null as a whole takes all away.
std::string merged_environment(const JsonValue& now, const JsonValue& patch) {
  if (patch.kind() != JsonKind::object) return canonical_json(patch);
  JsonTree none;
  (void)none.parse("{}");
  JsonValue before = none.root();
  for (const Member& member : members_of(now)) {
    if (member.key == "environment") before = member.value;
  }
  return merged_members(before, patch);
}

// Reads the header anew with other members. The text is that of a circuit without lists.
Status set_header(const Site& site, const std::vector<Member>& members, bool is_root) {
  Circuit bare;
  bare.title = site.body.title;
  bare.description = site.body.description;
  bare.reusable = site.body.reusable;
  bare.settings = site.body.settings;
  bare.environment = site.body.environment;
  bare.libraries = site.body.libraries;
  const std::string text = write_circuit_text(bare);
  JsonTree now, patch, settings, settings_patch;
  if (const auto problem = now.parse(text)) return Error{problem->what, site.where(), problem->fix};
  std::string header =
      object_of(members, [&](std::string_view key) { return is_one_of(FLUX_HEADER, key) || (is_root && key == "libraries"); });
  for (const Member& member : members) {
    if (member.key != "environment") continue;
    header.pop_back();
    header += (header.size() > 1 ? ", " : "") + ("\"environment\": " + merged_environment(now.root(), member.value)) + "}";
  }
  const std::string dynamics = object_of(members, [&](std::string_view key) { return is_root && is_one_of(FLUX_SETTINGS, key); });
  if (const auto problem = patch.parse(header)) return Error{problem->what, site.where(), problem->fix};
  if (const auto problem = settings_patch.parse(dynamics)) return Error{problem->what, site.where(), problem->fix};
  std::string now_settings = "{}";
  for (const Member& member : members_of(now.root())) {
    if (member.key == "settings") now_settings = canonical_json(member.value);
  }
  if (const auto problem = settings.parse(now_settings)) return Error{problem->what, site.where(), problem->fix};
  const std::string settings_member = "{\"settings\": " + merged_members(settings.root(), settings_patch.root()) + "}";
  JsonTree with_settings, changed;
  if (const auto problem = with_settings.parse(settings_member)) return Error{problem->what, site.where(), problem->fix};
  const std::string first = merged_members(now.root(), patch.root());
  if (const auto problem = changed.parse(first)) return Error{problem->what, site.where(), problem->fix};
  const auto circuit = parse_circuit_text(merged_members(changed.root(), with_settings.root()), "properties");
  if (!circuit) return Error{circuit.error().what, site.where(circuit.error().where), circuit.error().fix};

  Step step;
  step.kind = Step::Kind::header;
  step.in = site.in;
  const Circuit& read = circuit.value();
  step.header = {read.title, read.description, read.reusable, read.settings, read.environment, read.libraries, site.body.comment};
  for (const Member& member : members) {
    if (is_root && member.key == "//" && member.value.kind() != JsonKind::object) {
      step.header.comment = member.value.kind() == JsonKind::string ? std::string(member.value.string()) : "";
    }
  }
  site.document.take(std::move(step));
  return {};
}

Status set_whole(const Site& site, const JsonValue& patch) {
  const bool is_root = &site.body == &site.document.circuit();
  const std::vector<Member> members = members_of(patch);
  const auto owner = owner_of(site);
  const auto is_of_owner = [&](std::string_view key) {
    if (!owner) return false;
    return key == "//" ||
           (owner->list == ElementList::prototypes && (key == "extends" || key == "extendsVersion" || key == "remove" || key == "set"));
  };
  bool header = false, of_owner = false;
  for (const Member& member : members) {
    const bool is_header =
        is_one_of(FLUX_HEADER, member.key) || (is_root && (is_one_of(FLUX_SETTINGS, member.key) || member.key == "libraries" ||
                                                           member.key == "environment" || member.key == "//"));
    if (!is_header && !is_of_owner(member.key)) return wrong_property(site, member.key, "docs/operations.md lists what a circuit has");
    header |= is_header;
    of_owner |= !is_header;
  }
  if (of_owner) {
    JsonTree tree;
    const std::string text = object_of(members, is_of_owner);
    if (Status status = parse_object(tree, text, site); !status) return status;
    const auto root = site_of(site.document, "");
    if (Status status = set_element(root.value(), *owner, tree.root()); !status) return status;
  }
  return header ? set_header(site, members, is_root) : Status();
}

}  // namespace

std::optional<ElementPlace> owner_of(const Site& site) {
  const Circuit& root = site.document.circuit();
  for (std::uint32_t i = 0; i < root.prototypes.size(); ++i) {
    if (&root.prototypes[i].body == &site.body) return ElementPlace{ElementList::prototypes, i};
  }
  for (std::uint32_t i = 0; i < root.groups.size(); ++i) {
    if (&root.groups[i].body == &site.body) return ElementPlace{ElementList::groups, i};
  }
  return std::nullopt;
}

std::string merged_members(const JsonValue& object, const JsonValue& patch) {
  const std::vector<Member> changes = members_of(patch);
  std::string text;
  const auto add = [&](std::string_view key, const JsonValue& value) {
    text += text.empty() ? "" : ", ";
    append_json_string(text, key);
    (text += ": ") += canonical_json(value);
  };
  std::vector<bool> used(changes.size(), false);
  for (const Member& member : members_of(object)) {
    const auto change = std::find_if(changes.begin(), changes.end(), [&](const Member& some) { return some.key == member.key; });
    if (change == changes.end()) {
      add(member.key, member.value);
      continue;
    }
    used[static_cast<std::size_t>(change - changes.begin())] = true;
    if (change->value.kind() != JsonKind::null) add(member.key, change->value);
  }
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!used[i] && changes[i].value.kind() != JsonKind::null) add(changes[i].key, changes[i].value);
  }
  return "{" + text + "}";
}

void rename_references(const Site& site, BodyIndex::Node node, const References::Rename& rename) {
  References references(site.document, &site.body, node);
  std::vector<std::pair<std::string, Circuit*>> bodies;
  Circuit& root = const_cast<Circuit&>(site.document.circuit());
  for_each_body(root, [&](const std::string& in, Circuit& body) { bodies.emplace_back(in, &body); });
  const auto rename_changes = [&](Changes& changes, const auto& renamed) {
    bool any = false;
    for (Override& override : changes.overrides) {
      if (auto target = renamed(override.target)) override.target = *target, any = true;
    }
    for (std::string& path : changes.removes) {
      if (auto target = renamed(path)) path = *target, any = true;
    }
    return any;
  };
  std::vector<Step> steps;  // taken when all is found out, since names are looked up as they are now
  for (const auto& [in, body] : bodies) {
    std::unordered_map<std::uint32_t, std::uint32_t> paths;
    const std::size_t known = body->paths.size();
    for (std::uint32_t i = 0; i < known; ++i) {
      const auto renamed = references.renamed(body->paths[i], *body, rename);
      if (renamed) paths.emplace(FLUX_FIRST_PATH + i, site.document.index(*body).path_number(*body, *renamed));
    }
    Step synapses = replace_step(in, ElementList::synapses), fibers = replace_step(in, ElementList::fibers);
    const auto follow = [&](std::uint32_t& end) {
      const auto changed = paths.find(end);
      if (changed == paths.end()) return false;
      end = changed->second;
      return true;
    };
    for (std::uint32_t i = 0; !paths.empty() && i < body->synapses.size(); ++i) {
      const SynapseNode& now = body->synapses[i];
      if (!paths.contains(now.source) && !paths.contains(now.target)) continue;
      SynapseNode synapse = now;
      follow(synapse.source);
      follow(synapse.target);
      synapses.places.push_back(i);
      synapses.elements.emplace_back(std::move(synapse));
    }
    for (std::uint32_t i = 0; !paths.empty() && i < body->fibers.size(); ++i) {
      Fiber fiber = body->fibers[i];
      bool any = false;
      for (std::uint32_t& end : fiber.sources) any |= follow(end);
      for (std::uint32_t& end : fiber.targets) any |= follow(end);
      if (!any) continue;
      fibers.places.push_back(i);
      fibers.elements.emplace_back(std::move(fiber));
    }
    Step circuits = replace_step(in, ElementList::circuits);
    for (std::uint32_t i = 0; i < body->circuits.size(); ++i) {
      const SubcircuitNode& now = body->circuits[i];
      if (now.changes.empty()) continue;
      Changes changes = now.changes;
      if (!rename_changes(changes, [&](const std::string& target) { return references.renamed_target(target, now, rename); })) continue;
      SubcircuitNode changed = bare_copy(now);
      changed.changes = std::move(changes);
      circuits.places.push_back(i);
      circuits.elements.emplace_back(std::move(changed));
    }
    for (Step* step : {&synapses, &fibers, &circuits}) {
      if (!step->places.empty()) steps.push_back(std::move(*step));
    }
  }
  Step prototypes = replace_step("", ElementList::prototypes);
  for (std::uint32_t i = 0; i < root.prototypes.size(); ++i) {
    const Prototype& now = root.prototypes[i];
    Changes changes = now.changes;
    if (changes.empty() || !now.library.empty()) continue;
    if (!rename_changes(changes, [&](const std::string& target) { return references.renamed_target(target, now.extends, rename); }))
      continue;
    Prototype changed;
    changed.name = now.name;
    changed.extends = now.extends;
    changed.changes = std::move(changes);
    changed.comment = now.comment;
    prototypes.places.push_back(i);
    prototypes.elements.emplace_back(std::move(changed));
  }
  if (!prototypes.places.empty()) steps.push_back(std::move(prototypes));
  for (Step& step : steps) site.document.take(std::move(step));
}

Status run_set(EditableCircuit& document, const Operation& operation) {
  const auto site = site_of(document, operation.in);
  if (!site) return site.error();
  JsonTree patch;
  if (Status status = parse_object(patch, operation.value, site.value()); !status) return status;
  if (operation.node.empty() && !operation.list) return set_whole(site.value(), patch.root());
  const auto element = find_element(site.value(), operation);
  if (!element) return element.error();
  return set_element(site.value(), element.value(), patch.root());
}

// Overrides are set one by one: the node's "set" with these members in place of those of the same name.
Status run_override(EditableCircuit& document, const Operation& operation) {
  const auto site = site_of(document, operation.in);
  if (!site) return site.error();
  std::optional<ElementPlace> place;
  if (operation.node.empty()) {
    place = owner_of(site.value());
    if (!place || place->list != ElementList::prototypes) {
      return Error{"nothing here has overrides", site.value().where(), "name an instance with \"node\", or a prototype with \"in\""};
    }
  } else {
    const auto node = find_node(site.value(), operation.node);
    if (!node) return node.error();
    if (node.value().list != ElementList::circuits) {
      return Error{fmt::format("\"{}\" is no circuit", operation.node), site.value().where(), "set its properties instead"};
    }
    place = ElementPlace{node.value().list, node.value().place};
  }
  const auto owner = operation.node.empty() ? site_of(document, "") : site;
  const Site& at = owner.value();
  JsonTree changes, now;
  if (Status status = parse_object(changes, operation.value, at); !status) return status;
  const std::string text = write_element(at.body, place->list, place->place, at.index().first(), ElementBody::left_out);
  if (const auto problem = now.parse(text)) return Error{problem->what, at.where(), problem->fix};
  JsonTree empty;
  (void)empty.parse("{}");
  JsonValue before = empty.root();
  for (const Member& member : members_of(now.root())) {
    if (member.key == "set") before = member.value;
  }
  const std::string merged = merged_members(before, changes.root());
  JsonTree patch;
  (void)patch.parse(merged == "{}" ? "{\"set\": null}" : "{\"set\": " + merged + "}");
  return set_element(at, *place, patch.root());
}

}  // namespace flux
