// Random trees of circuits, and what they stand for worked out by names: each body is expanded to a list of neurons and connections called
// by their paths, inner ones first, and changes are applied to that list. Written apart from the engine, which goes the other way.
#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "circuit/circuit.h"
#include "circuit/generators.h"
#include "circuit/names.h"
#include "circuit/seeds.h"
#include "circuit/structure.h"

namespace flux::test {

struct NamedSynapse {
  std::string from, to;  // a neuron, of a population with its number
  SynapseProperties properties;
  std::string scope;  // path of the circuit that it is written in, with a slash at the end; the root's is empty
  friend auto operator<=>(const NamedSynapse&, const NamedSynapse&) = default;
};

struct NamedFiber {
  std::vector<std::string> from, to;  // nodes
  std::uint64_t seed = 0;
  std::int32_t weight = 0;
  std::string scope;  // as of a synapse
  Fiber shape;        // its rule; not compared

  auto key() const { return std::tie(from, to, seed, weight, scope); }
  friend bool operator<(const NamedFiber& a, const NamedFiber& b) { return a.key() < b.key(); }
  friend bool operator==(const NamedFiber& a, const NamedFiber& b) { return a.key() == b.key(); }
};

struct Expansion {
  std::map<std::string, NeuronNode> neurons;  // by path; of each only count and properties
  std::vector<NamedSynapse> synapses;
  std::vector<NamedFiber> fibers;
};

inline std::vector<std::string> components(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

inline std::string without_number(const std::string& name) { return name.substr(0, name.find('[')); }

// Whether a path lies at or below what a pattern names; "leg" and "leg[*]" stand for all copies.
inline bool lies_at(const std::string& path, const std::string& pattern) {
  const auto parts = components(path), wanted = components(pattern);
  if (wanted.size() > parts.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool all = wanted[i].find('[') == std::string::npos || wanted[i].ends_with("[*]");
    if (all ? without_number(parts[i]) != without_number(wanted[i]) : parts[i] != wanted[i]) return false;
  }
  return true;
}

class NaiveExpander {
 public:
  explicit NaiveExpander(const Circuit& root) : root_(root) {}

  Expansion root() const { return body(root_); }

  Expansion body(const Circuit& circuit) const {
    Expansion result;
    add(circuit, result);
    return result;
  }

  Expansion prototype(const Prototype& prototype) const {
    Expansion result;
    for (const Prototype& base : root_.prototypes) {
      if (base.name.name == prototype.extends.name) result = this->prototype(base);
    }
    change(result, prototype.changes, "");
    add(prototype.body, result);
    return result;
  }

  Expansion source(const SubcircuitNode& node) const {
    if (node.body) return body(*node.body);
    if (node.source == SubcircuitNode::Source::generator) return generated(node.generator);
    for (const Prototype& prototype : root_.prototypes) {
      if (node.source == SubcircuitNode::Source::prototype && prototype.name == node.prototype) return this->prototype(prototype);
    }
    for (const Group& group : root_.groups) {
      if (group.name == node.group) return body(group.body);
    }
    return {};
  }

  // As `flux generate` makes it, its fibers with the seeds they have in a circuit that runs by itself.
  Expansion generated(const GeneratorRule& rule) const {
    GeneratorSettings settings;
    for (const GeneratorValue& value : rule.settings) settings[value.name] = std::to_string(std::get<std::int64_t>(value.value));
    Circuit made = generate(rule.name, settings, *rule.seed).value();
    for (std::size_t i = 0; i < made.fibers.size(); ++i) {
      made.fibers[i].seed = fiber_seed(made.settings.seed, static_cast<std::uint32_t>(i));
    }
    return body(made);
  }

 private:
  void add(const Circuit& circuit, Expansion& result) const {
    for (const NeuronNode& node : circuit.neurons) {
      NeuronNode bare;
      bare.count = node.count;
      bare.properties = node.properties;
      result.neurons[node.id] = bare;
    }
    for (const SubcircuitNode& node : circuit.circuits) {
      for (std::uint32_t copy = 0; copy < node.copies(); ++copy) {
        Expansion inside = source(node);
        change(inside, node.changes, "[" + std::to_string(copy) + "]/");
        merge(inside, node.count == 0 ? node.id + "/" : node.id + "[" + std::to_string(copy) + "]/", result);
      }
    }
    const auto first = first_neurons(circuit);
    for (const SynapseNode& s : circuit.synapses) {
      result.synapses.push_back({end_path(circuit, first, s.source), end_path(circuit, first, s.target), s.properties, ""});
    }
    for (const Fiber& fiber : circuit.fibers) {
      result.fibers.push_back(
          {side(circuit, fiber.sources, result), side(circuit, fiber.targets, result), *fiber.seed, fiber.weight.low, "", fiber});
    }
  }

  static std::vector<std::string> side(const Circuit& circuit, const std::vector<std::uint32_t>& nodes, const Expansion& result) {
    std::vector<std::string> names;
    for (const std::uint32_t node : nodes) {
      const std::string pattern = side_path(circuit, node);
      if (pattern.find('*') == std::string::npos) {
        names.push_back(pattern);
        continue;
      }
      std::vector<std::string> matches;
      for (const auto& [path, neuron] : result.neurons) {
        if (components(path).size() == components(pattern).size() && lies_at(path, pattern)) matches.push_back(path);
      }
      // Copies have numbers of one digit here, so that the alphabet orders them.
      std::sort(matches.begin(), matches.end());
      names.insert(names.end(), matches.begin(), matches.end());
    }
    return names;
  }

  static void merge(const Expansion& inside, const std::string& prefix, Expansion& result) {
    for (const auto& [path, node] : inside.neurons) result.neurons[prefix + path] = node;
    for (const NamedSynapse& s : inside.synapses)
      result.synapses.push_back({prefix + s.from, prefix + s.to, s.properties, prefix + s.scope});
    for (NamedFiber fiber : inside.fibers) {
      for (std::string& name : fiber.from) name = prefix + name;
      for (std::string& name : fiber.to) name = prefix + name;
      fiber.scope = prefix + fiber.scope;
      result.fibers.push_back(fiber);
    }
  }

  // `copy`: with what changes of this copy alone begin.
  static void change(Expansion& expansion, const Changes& changes, const std::string& copy) {
    for (std::string path : changes.removes) {
      if (!path.starts_with('[')) {
        remove(expansion, path);
      } else if (!copy.empty() && path.starts_with(copy)) {
        remove(expansion, path.substr(copy.size()));
      }
    }
    for (const Override& override : changes.overrides) {
      std::string target = override.target;
      if (target.starts_with('[')) {
        if (copy.empty() || !target.starts_with(copy)) continue;
        target = target.substr(copy.size());
      }
      set(expansion, target, override.property, static_cast<int>(std::get<std::int64_t>(override.value)));
    }
  }

  static void remove(Expansion& expansion, const std::string& path) {
    const auto is_gone = [&](const std::string& name) { return lies_at(name, path); };
    std::erase_if(expansion.neurons, [&](const auto& entry) { return is_gone(entry.first); });
    std::erase_if(expansion.synapses, [&](const NamedSynapse& s) { return is_gone(s.from) || is_gone(s.to); });
    for (NamedFiber& fiber : expansion.fibers) {
      std::erase_if(fiber.from, is_gone);
      std::erase_if(fiber.to, is_gone);
    }
    std::erase_if(expansion.fibers, [](const NamedFiber& fiber) { return fiber.from.empty() || fiber.to.empty(); });
  }

  static void set(Expansion& expansion, const std::string& target, const std::string& property, int value) {
    const std::size_t between = target.find(" > ");
    if (between != std::string::npos) {
      const std::size_t slash = target.rfind('/', between);
      const std::string scope = slash == std::string::npos ? "" : target.substr(0, slash + 1);
      const std::string ends = target.substr(scope.size());
      for (NamedSynapse& s : expansion.synapses) {
        if (!same_path(s.scope, scope)) continue;
        if (s.from.substr(s.scope.size()) + " > " + s.to.substr(s.scope.size()) == ends) {
          s.properties.weight = static_cast<std::int8_t>(value);
        }
      }
      for (NamedFiber& fiber : expansion.fibers) {
        if (fiber.from.size() != 1 || fiber.to.size() != 1 || !same_path(fiber.scope, scope)) continue;
        if (fiber.from[0].substr(fiber.scope.size()) + " > " + fiber.to[0].substr(fiber.scope.size()) == ends) fiber.weight = value;
      }
      return;
    }
    for (auto& [path, node] : expansion.neurons) {
      if (components(path).size() != components(target).size() || !lies_at(path, target)) continue;
      NeuronProperties& p = node.properties;
      if (property == "threshold") {
        if (p.min_threshold == p.threshold) p.min_threshold = static_cast<std::uint8_t>(value);
        if (p.max_threshold == p.threshold) p.max_threshold = static_cast<std::uint8_t>(value);
        p.threshold = static_cast<std::uint8_t>(value);
      }
      if (property == "leak") p.leak = static_cast<std::uint8_t>(value);
    }
  }

  static bool same_path(const std::string& path, const std::string& pattern) {
    return components(path).size() == components(pattern).size() && lies_at(path, pattern);
  }

  const Circuit& root_;
};

class RandomTree {
 public:
  explicit RandomTree(std::uint32_t seed) : random_(seed) {}

  // Every prototype may hold and extend earlier ones, so that the tree is as deep as there are prototypes.
  Circuit make() {
    root_.settings.seed = random_();
    for (int i = 0; i < 5; ++i) {
      Prototype prototype;
      prototype.name = {"p" + std::to_string(i), static_cast<std::uint32_t>(number(0, 1) * 3)};
      if (i > 0 && number(0, 2) == 0) {
        const Prototype& base = root_.prototypes[static_cast<std::size_t>(number(0, i - 1))];
        prototype.extends = base.name;
        prototype.changes = changes(NaiveExpander(root_).prototype(base), 0);
      }
      fill(prototype.body, "p" + std::to_string(i));
      root_.prototypes.push_back(prototype);
      connect(root_.prototypes.back().body, NaiveExpander(root_).prototype(root_.prototypes.back()));
      if (i == 2) add_group();
    }
    fill(root_, "r");
    connect(root_, NaiveExpander(root_).root());
    return root_;
  }

 private:
  int number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  void add_group() {
    Group group;
    group.name = "g";
    fill(group.body, "g");
    root_.groups.push_back(group);
    connect(root_.groups.back().body, NaiveExpander(root_).body(root_.groups.back().body));
  }

  // Neurons and circuits, named so that heirs do not repeat a name.
  void fill(Circuit& circuit, const std::string& prefix) {
    for (int i = number(1, 3); i > 0; --i) {
      NeuronNode node;
      node.id = prefix + "n" + std::to_string(i);
      node.count = static_cast<std::uint32_t>(std::max(0, number(-2, 4)));
      node.properties.threshold = node.properties.min_threshold = node.properties.max_threshold = static_cast<std::uint8_t>(number(20, 60));
      node.properties.auto_firing_rate = static_cast<std::uint16_t>(number(0, 1) * number(5, 40));
      circuit.neurons.push_back(node);
    }
    if (root_.prototypes.empty()) return;
    for (int i = number(1, 2); i > 0; --i) {
      SubcircuitNode node;
      node.id = prefix + "c" + std::to_string(i);
      node.count = static_cast<std::uint32_t>(std::max(0, number(-2, 3)));
      if (!root_.groups.empty() && number(0, 3) == 0) {
        node.source = SubcircuitNode::Source::group;
        node.group = "g";
      } else if (number(0, 4) == 0) {
        node.source = SubcircuitNode::Source::generator;
        if (number(0, 1) == 0) {
          node.generator = {"winner", {{"choices", std::int64_t{number(2, 4)}}, {"hold", std::int64_t{number(0, 3)}}}, random_()};
        } else {
          node.generator = {"pattern", {{"phases", std::int64_t{number(2, 3)}}}, random_()};
        }
      } else if (number(0, 4) == 0) {
        Circuit body;
        NeuronNode neuron;
        neuron.id = "inner";
        body.neurons = {neuron};
        node.body = body;
      } else {
        node.source = SubcircuitNode::Source::prototype;
        const bool latest = number(0, 1) == 0;
        const int last = static_cast<int>(root_.prototypes.size()) - 1;
        node.prototype = root_.prototypes[static_cast<std::size_t>(latest ? last : number(0, last))].name;
      }
      node.changes = changes(NaiveExpander(root_).source(node), node.count);
      circuit.circuits.push_back(node);
    }
  }

  std::string any_neuron(const Expansion& expansion) {
    auto entry = expansion.neurons.begin();
    std::advance(entry, number(0, static_cast<int>(expansion.neurons.size()) - 1));
    return entry->first;
  }

  Changes changes(const Expansion& inside, std::uint32_t copies) {
    Changes changes;
    if (inside.neurons.empty()) return changes;
    std::map<std::pair<std::string, std::string>, int> set;
    const auto maybe_of_copy = [&](const std::string& target) {
      return copies > 0 && number(0, 1) == 0 ? "[" + std::to_string(number(0, static_cast<int>(copies) - 1)) + "]/" + target : target;
    };
    for (int i = number(0, 3); i > 0; --i) {
      std::string target = any_neuron(inside);
      if (number(0, 2) == 0) target = without_numbers(target);
      set[{maybe_of_copy(target), number(0, 1) == 0 ? "threshold" : "leak"}] = number(10, 60);
    }
    if (!inside.synapses.empty() && number(0, 1) == 0) {
      const NamedSynapse& s = inside.synapses[static_cast<std::size_t>(number(0, static_cast<int>(inside.synapses.size()) - 1))];
      // Deeper ones could be taken for a connection of this circuit that leads into the other.
      const bool is_own = s.scope.empty() && (s.from + s.to).find('/') == std::string::npos;
      if (is_own) set[{maybe_of_copy(s.from + " > " + s.to), "weight"}] = number(-30, 30);
    }
    if (number(0, 4) == 0) set[{"ghost/neuron", "leak"}] = 1;
    for (const auto& [name, value] : set) changes.overrides.push_back({name.first, name.second, std::int64_t{value}, {}});
    if (number(0, 2) == 0) changes.removes.push_back(any_neuron(inside));
    return changes;
  }

  static std::string without_numbers(const std::string& path) {
    std::string text;
    for (const std::string& part : components(path)) text += (text.empty() ? "" : "/") + without_number(part);
    return text;
  }

  void connect(Circuit& circuit, const Expansion& all) {
    if (all.neurons.empty()) return;
    for (int i = number(1, 6); i > 0; --i) {
      SynapseNode synapse;
      synapse.source = end(circuit, all);
      synapse.target = end(circuit, all);
      synapse.properties.weight = static_cast<std::int8_t>(number(-20, 60));
      synapse.properties.length = static_cast<std::uint16_t>(number(1, 20));
      circuit.synapses.push_back(synapse);
    }
    for (int i = number(0, 2); i > 0; --i) {
      Fiber fiber;
      fiber.sources = {side(circuit, any_neuron(all))};
      fiber.targets = {side(circuit, any_neuron(all))};
      fiber.rule = FiberRule::random_fanout;
      fiber.fanout = 2;
      fiber.allow_self = true;
      fiber.weight = {number(-20, 40), 0};
      fiber.weight.high = fiber.weight.low;
      fiber.seed = random_();
      circuit.fibers.push_back(fiber);
    }
  }

  NeuronIndex end(Circuit& circuit, const Expansion& all) {
    std::string path = any_neuron(all);
    const std::uint32_t count = all.neurons.at(path).count;
    const std::uint32_t k = count == 0 ? 0 : static_cast<std::uint32_t>(number(0, static_cast<int>(count) - 1));
    const auto first = first_neurons(circuit);
    for (std::size_t i = 0; i < circuit.neurons.size(); ++i) {
      if (circuit.neurons[i].id == path) return first[i] + k;
    }
    if (count > 0) path += "[" + std::to_string(k) + "]";
    return add_path(circuit, path);
  }

  std::uint32_t side(Circuit& circuit, std::string path) {
    for (std::uint32_t i = 0; i < circuit.neurons.size(); ++i) {
      if (circuit.neurons[i].id == path) return i;
    }
    const std::size_t open = path.find('[');
    if (open != std::string::npos && number(0, 1) == 0) path.replace(open, path.find(']') - open, "[*");
    return add_path(circuit, path);
  }

  std::mt19937 random_;
  Circuit root_;
};

}  // namespace flux::test
