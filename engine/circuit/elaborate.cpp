#include "circuit/elaborate.h"

#include <algorithm>

#include "base/random.h"
#include "bodies.h"
#include "circuit/identifier.h"
#include "circuit/names.h"
#include "circuit/structure.h"
#include "elaborator.h"
#include "fmt/format.h"
#include "graph/graph.h"

namespace flux {
namespace {

constexpr std::uint64_t FLUX_FIBER_KEY = 0x6669626572;      // "fiber"
constexpr std::uint64_t FLUX_CIRCUIT_KEY = 0x636972637569;  // "circui"

// FNV-1a (Fowler, Noll, Vo), 64 bits: the same for a name on every machine.
std::uint64_t hash_name(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

// A circuit placed at a path of the tree.
struct Scope {
  std::shared_ptr<ReadyBody> body;
  std::string path;        // with a slash at the end; of the root empty
  std::uint64_t seed = 0;  // of its fibers without one of their own
  std::uint32_t first_node = 0;
  NeuronIndex first_neuron = 0;
  std::vector<std::vector<std::uint32_t>> copies;  // per circuit of the body: the scopes of its copies
};

// What a path of a connection names.
struct Target {
  std::uint32_t node;  // in the flat circuit
  NeuronIndex neuron;  // the first, or the one that is named
  bool is_one_of_many = false;
};

class Elaborator {
 public:
  Elaborator(const Circuit& root, Findings& findings) : root_(root), findings_(findings), bodies_(root, findings) {
    flat_.title = root.title;
    flat_.description = root.description;
    flat_.reusable = root.reusable;
    flat_.settings = root.settings;
    flat_.comment = root.comment;
  }

  Circuit run() {
    place(std::make_shared<ReadyBody>(root_), "", root_.settings.seed, 0);
    connect_all();
    return std::move(flat_);
  }

  // Places the prototypes and groups of the root's own that nothing has used yet, only to see what is wrong with them.
  void try_unused() {
    Circuit trial;
    for (const Prototype& prototype : root_.prototypes) {
      if (!prototype.library.empty() || bodies_.has_used(prototype)) continue;
      SubcircuitNode node;
      node.id = "prototype " + describe(prototype.name);
      node.source = SubcircuitNode::Source::prototype;
      node.prototype = prototype.name;
      node.place = prototype.place;
      trial.circuits.push_back(std::move(node));
    }
    for (const Group& group : root_.groups) {
      if (bodies_.has_used(group)) continue;
      SubcircuitNode node;
      node.id = fmt::format("group \"{}\"", group.name);
      node.source = SubcircuitNode::Source::group;
      node.group = group.name;
      node.place = group.place;
      trial.circuits.push_back(std::move(node));
    }
    flat_ = {};
    scopes_.clear();
    neurons_ = 0;
    place(std::make_shared<ReadyBody>(trial), "", 0, 0);
    connect_all();
  }

 private:
  using Element = Finding::Element;

  void error(Element element, std::string what, std::string fix, std::string where, TextPlace place) {
    findings_.add({true, element, 0, std::move(what), std::move(fix), std::move(where), place});
  }

  // Refuses the whole: going on would only repeat the same error, or take all memory.
  void stop(std::string what, const std::string& fix, const Scope& scope, TextPlace place) {
    error(Element::subcircuit, std::move(what), fix, where(scope), place);
    stopped_ = true;
  }

  static std::string where(const Scope& scope) { return scope.path.empty() ? "" : scope.path.substr(0, scope.path.size() - 1); }
  static std::string where(const Scope& scope, std::string_view element) {
    return scope.path.empty() ? std::string(element) : fmt::format("{}: {}", where(scope), element);
  }

  // --- Placing ------------------------------------------------------------------------------------------------------------------

  std::uint32_t place(std::shared_ptr<ReadyBody> body, std::string path, std::uint64_t seed, std::uint32_t depth) {
    const auto number = static_cast<std::uint32_t>(scopes_.size());
    scopes_.push_back({std::move(body), std::move(path), seed, static_cast<std::uint32_t>(flat_.neurons.size()), neurons_, {}});
    const std::shared_ptr<ReadyBody> kept = scopes_[number].body;
    place_neurons(scopes_[number]);
    std::vector<std::vector<std::uint32_t>> copies(kept->circuit.circuits.size());
    for (std::uint32_t i = 0; i < kept->circuit.circuits.size() && !stopped_; ++i) {
      const SubcircuitNode& node = kept->circuit.circuits[i];
      for (std::uint32_t copy = 0; copy < node.copies() && !stopped_; ++copy) place_copy(number, i, copy, depth + 1, copies[i]);
    }
    scopes_[number].copies = std::move(copies);
    return number;
  }

  void place_neurons(const Scope& scope) {
    const Circuit& circuit = scope.body->circuit;
    elements_ += circuit.neurons.size() + circuit.synapses.size() + circuit.fibers.size();
    for (const NeuronNode& node : circuit.neurons) {
      path_bytes_ += 3 * scope.path.size() + node.id.size() + node.input_alias.size() + node.output_alias.size();
      neurons_in_all_ += node.size();
    }
    if (scopes_.size() > FLUX_MAX_INSTANCES) {
      return stop(fmt::format("more than {} circuits are placed", FLUX_MAX_INSTANCES), "use fewer copies", scope, {});
    }
    if (neurons_in_all_ > FLUX_MAX_NEURONS) {
      return stop(fmt::format("the circuits have more than {} neurons together", FLUX_MAX_NEURONS), "use fewer copies", scope, {});
    }
    if (elements_ > FLUX_MAX_ELEMENTS || path_bytes_ > FLUX_MAX_PATH_BYTES || scope.path.size() + FLUX_MAX_IDENTIFIER > FLUX_MAX_PATH) {
      return stop(fmt::format("the circuits have more than {} elements together, or paths that are too long", FLUX_MAX_ELEMENTS),
                  "use fewer copies, populations instead of single neurons, or shorter ids", scope, {});
    }
    for (const NeuronNode& node : circuit.neurons) {
      NeuronNode placed = node;
      placed.id = scope.path + node.id;
      if (!node.input_alias.empty()) placed.input_alias = scope.path + node.input_alias;
      if (!node.output_alias.empty()) placed.output_alias = scope.path + node.output_alias;
      flat_.neurons.push_back(std::move(placed));
      neurons_ += node.size();
    }
  }

  void place_copy(std::uint32_t parent, std::uint32_t circuit, std::uint32_t copy, std::uint32_t depth,
                  std::vector<std::uint32_t>& copies) {
    const std::shared_ptr<ReadyBody> outer = scopes_[parent].body;
    const SubcircuitNode& node = outer->circuit.circuits[circuit];
    const std::string name = node.count == 0 ? node.id : fmt::format("{}[{}]", node.id, copy);
    const std::string path = scopes_[parent].path + name;
    if (depth > FLUX_MAX_CIRCUIT_DEPTH) {
      return stop(fmt::format("circuits are nested more than {} deep", FLUX_MAX_CIRCUIT_DEPTH), "nest them less", scopes_[parent],
                  node.place);
    }
    const std::string source = source_of(node);
    if (!source.empty() && std::find(open_.begin(), open_.end(), source) != open_.end()) {
      error(Element::subcircuit, fmt::format("the {} contains itself: {} > {}", source, fmt::join(open_, " > "), source),
            "take it out of itself", path, node.place);
      stopped_ = true;
      return;
    }
    std::shared_ptr<ReadyBody> body = body_of_copy(*outer, circuit, copy, path, copies);
    if (!body) return stop_quietly();
    if (!source.empty()) open_.push_back(source);
    const std::uint64_t seed = random_bits(scopes_[parent].seed, FLUX_CIRCUIT_KEY, hash_name(name));
    copies.push_back(place(std::move(body), path + "/", seed, depth));
    if (!source.empty()) open_.pop_back();
  }

  // Copies without changes of their own share the body of the first.
  std::shared_ptr<ReadyBody> body_of_copy(ReadyBody& outer, std::uint32_t circuit, std::uint32_t copy, const std::string& path,
                                          const std::vector<std::uint32_t>& copies) {
    const SubcircuitNode& node = outer.circuit.circuits[circuit];
    const std::vector<Change>& pending = outer.pending[circuit];
    const auto names_copies = [](const std::string& target) { return target.starts_with('['); };
    const bool differs = std::any_of(pending.begin(), pending.end(), [&](const Change& c) { return names_copies(c.override.target); }) ||
                         std::any_of(node.changes.overrides.begin(), node.changes.overrides.end(),
                                     [&](const Override& o) { return names_copies(o.target); }) ||
                         std::any_of(node.changes.removes.begin(), node.changes.removes.end(), names_copies);
    if (!copies.empty() && !differs) return scopes_[copies.front()].body;
    return bodies_.of(node, pending, copy, path);
  }

  static std::string source_of(const SubcircuitNode& node) {
    if (node.source == SubcircuitNode::Source::prototype) return "prototype " + describe(node.prototype);
    if (node.source == SubcircuitNode::Source::group) return fmt::format("group \"{}\"", node.group);
    return {};
  }

  void stop_quietly() { stopped_ = true; }

  // --- Connecting ---------------------------------------------------------------------------------------------------------------

  void connect_all() {
    for (std::uint32_t scope = 0; scope < scopes_.size() && !stopped_; ++scope) connect(scope);
  }

  void connect(std::uint32_t number) {
    const std::shared_ptr<ReadyBody> body = scopes_[number].body;
    const Circuit& circuit = body->circuit;
    for (std::size_t i = 0; i < circuit.synapses.size() && !findings_.full(); ++i) connect_synapse(scopes_[number], i);
    for (std::size_t i = 0; i < circuit.fibers.size() && !findings_.full(); ++i) connect_fiber(scopes_[number], i);
  }

  void connect_synapse(const Scope& scope, std::size_t index) {
    SynapseNode synapse = scope.body->circuit.synapses[index];
    const std::string name = fmt::format("synapse {}", index);
    const auto source = end_of(scope, synapse.source, name, synapse.place);
    const auto target = end_of(scope, synapse.target, name, synapse.place);
    if (!source || !target) return;
    synapse.source = *source;
    synapse.target = *target;
    flat_.synapses.push_back(std::move(synapse));
  }

  // The neuron at one end; nothing when it was removed, or after an error.
  std::optional<NeuronIndex> end_of(const Scope& scope, NeuronIndex end, const std::string& name, TextPlace place) {
    if (!is_path(end)) return scope.first_neuron + end;
    const std::string& path = scope.body->circuit.paths[end - FLUX_FIRST_PATH];
    found_.clear();
    if (!find(scope, path, {&path, name, place, false, &scope})) return std::nullopt;
    const Target& target = found_.front();
    const NeuronNode& node = flat_.neurons[target.node];
    if (node.count == 0 || target.is_one_of_many) return target.neuron;
    error(Element::synapse, fmt::format("\"{}\" is a population of {} neurons", path, node.count),
          fmt::format("name one of them, \"{}[0]\" to \"{}[{}]\", or use a fiber", path, path, node.count - 1), where(scope, name), place);
    return std::nullopt;
  }

  void connect_fiber(const Scope& scope, std::size_t index) {
    Fiber fiber = scope.body->circuit.fibers[index];
    const std::string name = fmt::format("fiber {}", index);
    if (!side_of(scope, fiber.sources, name, fiber.place) || !side_of(scope, fiber.targets, name, fiber.place)) return;
    // That of the root is derived from its number in the list when the network is made flat.
    if (!fiber.seed && !scope.path.empty()) fiber.seed = random_bits(scope.seed, FLUX_FIBER_KEY, index);
    flat_.fibers.push_back(std::move(fiber));
  }

  // Replaces the nodes of a side by those of the flat circuit. False when none is left, or after an error.
  bool side_of(const Scope& scope, std::vector<std::uint32_t>& side, const std::string& name, TextPlace place) {
    std::vector<std::uint32_t> nodes;
    bool sound = true;
    for (const std::uint32_t node : side) {
      if (!is_path(node)) {
        nodes.push_back(scope.first_node + node);
        continue;
      }
      const std::string& path = scope.body->circuit.paths[node - FLUX_FIRST_PATH];
      found_.clear();
      const std::size_t before = findings_.size();
      find(scope, path, {&path, name, place, true, &scope});
      for (const Target& target : found_) {
        nodes.push_back(target.node);
        if (!target.is_one_of_many) continue;
        error(Element::fiber, fmt::format("\"{}\" is one neuron of a population", path), "a fiber takes whole populations",
              where(scope, name), place);
      }
      sound &= findings_.size() == before;
    }
    side = std::move(nodes);
    return sound && !side.empty();
  }

  // A path being followed, for messages.
  struct Search {
    const std::string* path;
    const std::string& element;
    TextPlace place;
    bool takes_many;
    const Scope* from;
  };

  // Adds what a path names to found_. False when nothing is there: it was removed, or an error is reported.
  bool find(const Scope& scope, std::string_view path, const Search& search) {
    const auto [head, rest] = split_path(path);
    return rest.empty() ? find_neuron(scope, std::string(head), search) : find_inside(scope, head, rest, search);
  }

  bool find_neuron(const Scope& scope, const std::string& name, const Search& search) {
    ReadyBody& body = *scope.body;
    if (const auto node = find_node(body, name)) {
      found_.push_back({scope.first_node + *node, scope.first_neuron + body.first_of_node()[*node]});
      return true;
    }
    if (const auto indexed = split_indexed_name(name)) {
      const auto node = find_node(body, std::string(indexed->base));
      if (node && indexed->index < body.circuit.neurons[*node].count) {
        found_.push_back({scope.first_node + *node, scope.first_neuron + body.first_of_node()[*node] + indexed->index, true});
        return true;
      }
    }
    const auto indexed = split_indexed_name(name);
    if (is_removed(body, name) || (indexed && is_removed(body, indexed->base))) return false;
    const bool is_circuit = body.find_circuit(indexed ? std::string(indexed->base) : name).has_value();
    return missing(search, is_circuit ? fmt::format("\"{}\" is a circuit", name) : fmt::format("there is no neuron \"{}\"", name), scope,
                   is_circuit ? fmt::format("name a neuron inside it, like \"{}/...\"", name) : "name one of its neurons or aliases");
  }

  static std::optional<std::uint32_t> find_node(ReadyBody& body, const std::string& name) {
    const auto node = body.find_neuron(name);
    return node ? node : body.find_alias(name);
  }

  static bool is_removed(const ReadyBody& body, std::string_view name) { return body.removed.contains(std::string(name)); }

  bool find_inside(const Scope& scope, std::string_view head, std::string_view rest, const Search& search) {
    const bool all = head.ends_with("[*]");
    const auto indexed = all ? std::nullopt : split_indexed_name(head);
    const std::string id(all ? head.substr(0, head.size() - 3) : indexed ? indexed->base : head);
    const auto circuit = scope.body->find_circuit(id);
    if (!circuit) {
      if (is_removed(*scope.body, id)) return false;
      return missing(search, fmt::format("there is no circuit \"{}\"", id), scope, "name one of those under \"circuits\" or \"organs\"");
    }
    const SubcircuitNode& node = scope.body->circuit.circuits[*circuit];
    const std::vector<std::uint32_t>& copies = scope.copies[*circuit];
    if (node.count == 0 && (all || indexed)) {
      return missing(search, fmt::format("\"{}\" is a single circuit", id), scope, fmt::format("write \"{}/...\"", id));
    }
    if (all && search.takes_many) {
      bool any = false;
      for (const std::uint32_t copy : copies) any |= find(scopes_[copy], rest, search);
      return any;
    }
    if (node.count == 0) return find(scopes_[copies.front()], rest, search);
    if (indexed && indexed->index < node.count) return find(scopes_[copies[indexed->index]], rest, search);
    if (indexed) {
      return missing(search, fmt::format("\"{}\" has no copy {}", id, indexed->index), scope,
                     fmt::format("it has \"{}[0]\" to \"{}[{}]\"", id, id, node.count - 1));
    }
    return missing(search, fmt::format("\"{}\" stands for {} copies", id, node.count), scope,
                   fmt::format("name one of them, like \"{}[0]/...\"{}", id,
                               search.takes_many ? fmt::format(", or all, \"{}[*]/...\"", id) : ", or use a fiber"));
  }

  bool missing(const Search& search, std::string what, const Scope& inside, std::string fix) {
    std::string text = fmt::format("\"{}\" leads nowhere: {}", *search.path, what);
    if (&inside != search.from) text += fmt::format(" in \"{}\"", where(inside));
    error(search.takes_many ? Element::fiber : Element::synapse, std::move(text), std::move(fix), where(*search.from, search.element),
          search.place);
    return false;
  }

  const Circuit& root_;
  Findings& findings_;
  Bodies bodies_;
  Circuit flat_;
  NeuronIndex neurons_ = 0;           // placed so far
  std::uint64_t neurons_in_all_ = 0;  // the same before the limit is checked
  std::uint64_t elements_ = 0, path_bytes_ = 0;
  std::vector<Scope> scopes_;
  std::vector<std::string> open_;  // prototypes and groups around the circuit being placed
  std::vector<Target> found_;
  bool stopped_ = false;
};

}  // namespace

bool is_flat(const Circuit& circuit) { return circuit.organs.empty() && circuit.circuits.empty() && circuit.paths.empty(); }

Circuit elaborate_tree(const Circuit& root, Findings& findings) {
  Elaborator elaborator(root, findings);
  Circuit flat = elaborator.run();
  if (!findings.any_error()) elaborator.try_unused();
  return flat;
}

void try_unused(const Circuit& root, Findings& findings) { Elaborator(root, findings).try_unused(); }

Result<Circuit> elaborate(Circuit circuit) {
  if (is_flat(circuit)) return circuit;
  Findings findings(circuit);
  Circuit flat = Elaborator(circuit, findings).run();
  for (const Finding& finding : findings.take()) {
    if (finding.is_error) return Error{finding.what, finding.where, finding.fix};
  }
  return flat;
}

}  // namespace flux
