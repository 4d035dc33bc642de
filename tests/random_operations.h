// Random operations on a tree of circuits: nodes, connections, properties, names, structure. Many are refused; that is part of the test.
#pragma once

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "edit/editable_circuit.h"
#include "edit/operation.h"
#include "fmt/format.h"

namespace flux::test {

inline Operation operation_of(const std::string& text) {
  auto operations = read_operations("[" + text + "]", "test");
  if (!operations.ok()) return {};
  return operations.value().front();
}

// fmt::format, its arguments evaluated from left to right, as only braces make them: the same operations whichever compiler.
struct InOrder {
  template <class... Values>
  explicit InOrder(fmt::format_string<Values...> pattern, Values&&... values)
      : text(fmt::format(pattern, std::forward<Values>(values)...)) {}
  operator std::string() && { return std::move(text); }
  std::string text;
};

class RandomOperations {
 public:
  explicit RandomOperations(std::uint32_t seed) : random_(seed) {}

  std::string next(const Circuit& root) {
    Circuit copy = root;
    std::vector<std::pair<std::string, Circuit>> bodies;
    for_each_body(copy, [&](const std::string& in, Circuit& body) { bodies.emplace_back(in, body); });
    const auto& [in, body] = bodies[number(0, 1) == 0 ? 0 : static_cast<std::size_t>(number(0, static_cast<int>(bodies.size()) - 1))];
    const std::string where = in.empty() ? "" : fmt::format(R"("in": "{}", )", in);
    switch (number(0, 22)) {
      case 0:
      case 1:
        return InOrder{R"({{"op": "add", {}"list": "neurons", "value": {{"id": "x{}", "threshold": {}, "autoFiringRate": {}}}}})", where,
                       next_++, number(10, 90), number(0, 30)};
      case 2:
        return InOrder{R"({{"op": "add", {}"list": "neurons", "at": 0, "value": {{"id": "y{}", "count": {}, "threshold": {}}}}})", where,
                       next_++, number(1, 5), number(10, 90)};
      case 3:
      case 4:
      case 5:
        return InOrder{
            R"({{"op": "add", {}"list": "synapses", "value": {{"from": "{}", "to": "{}", "weight": {}, "length": {}, "stmRate": {}}}}})",
            where,
            end(body),
            end(body),
            number(-20, 60),
            number(1, 20),
            number(0, 2) * 20};
      case 6:
        return InOrder{
            R"({{"op": "add", {}"list": "fibers", "value": {{"from": ["{}"], "to": ["{}"], "rule": "fanout", "fanout": {}, "allowSelf": true}}}})",
            where, node(body), node(body), number(1, 3)};
      case 7:
        return InOrder{R"({{"op": "remove", {}"node": "{}"}})", where, any_node(body)};
      case 8:
        return InOrder{R"({{"op": "remove", {}"list": "{}", "at": {}}})", where, number(0, 2) == 0 ? "fibers" : "synapses", number(0, 3)};
      case 9:
        return InOrder{R"({{"op": "set", {}"node": "{}", "properties": {{"threshold": {}, "position": [{}, 2.5]}}}})", where, node(body),
                       number(10, 90), number(0, 99)};
      case 10:
        return InOrder{R"({{"op": "set", {}"list": "synapses", "at": {}, "properties": {{"weight": {}, "length": null}}}})", where,
                       number(0, 3), number(-20, 60)};
      case 11:
        return InOrder{R"({{"op": "rename", {}"node": "{}", "to": "z{}"}})", where, any_node(body), next_++};
      case 12:
        return InOrder{R"({{"op": "enclose", {}"nodes": ["{}", "{}"], "id": "box{}"}})", where, any_node(body), any_node(body), next_++};
      case 13:
        return InOrder{R"({{"op": "{}", {}"node": "{}"}})", number(0, 2) == 0 ? "detach" : "dissolve", where, circuit(body)};
      case 14:
        return InOrder{R"({{"op": "set", {}"node": "{}", "properties": {{"count": {}}}}})", where, node(body), number(1, 6)};
      case 15:
        return InOrder{R"({{"op": "set", {}"node": "{}", "properties": {{"count": {}}}}})", where, circuit(body), number(1, 4)};
      case 16:
      case 17:
        return override_of_instance(root, body, where);
      case 18:
        return InOrder{R"({{"op": "makePrototype", {}"node": "{}", "name": "made{}"}})", where, circuit(body), next_++};
      case 19:
        return InOrder{R"({{"op": "joinGroup", {}"node": "{}", "group": "{}"}})", where, circuit(body), number(0, 1) == 0 ? "g" : "h"};
      case 20:
        return InOrder{R"({{"op": "leaveGroup", {}"node": "{}"}})", where, circuit(body)};
      case 21:
        return number(0, 1) == 0
                   ? InOrder{R"({{"op": "replace", {}"node": "{}", "value": {{"neurons": [{{"id": "{}", "autoFiringRate": {}}}]}}}})",
                             where, circuit(body), node(body), number(5, 30)}
                   : InOrder{
                         R"({{"op": "add", {}"list": "circuits", "value": {{"id": "w{}", "generator": {{"name": "pattern", "seed": {}}}}}}})",
                         where, next_++, number(1, 99)};
      default:
        return number(0, 1) == 0
                   ? InOrder{R"({{"op": "override", {}"node": "{}", "changes": {{"ghost.leak": {}}}}})", where, circuit(body),
                             number(1, 50)}
                   : InOrder{R"({{"op": "set", {}"node": "{}", "properties": {{"outputAlias": "a{}"}}}})", where, node(body), next_++};
    }
  }

  // Of a neuron of the prototype's own, in one copy or in all.
  std::string override_of_instance(const Circuit& root, const Circuit& body, const std::string& where) {
    for (const SubcircuitNode& node : body.circuits) {
      if (node.source != SubcircuitNode::Source::prototype || number(0, 1) == 0) continue;
      for (const Prototype& prototype : root.prototypes) {
        if (prototype.name.name != node.prototype.name || prototype.body.neurons.empty()) continue;
        const std::string copy =
            node.count > 0 && number(0, 1) == 0 ? fmt::format("[{}]/", number(0, static_cast<int>(node.count) - 1)) : "";
        const auto [property, value] = number(0, 3) == 0 ? std::pair("count", number(1, 5)) : std::pair("threshold", number(10, 90));
        return InOrder{R"({{"op": "override", {}"node": "{}", "changes": {{"{}{}.{}": {}}}}})",
                       where,
                       node.id,
                       copy,
                       id_of(prototype.body.neurons),
                       property,
                       value};
      }
    }
    return InOrder{R"({{"op": "override", {}"node": "{}", "changes": {{"ghost.leak": {}}}}})", where, circuit(body), number(1, 50)};
  }

  int number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

 private:
  template <class T>
  std::string id_of(const std::vector<T>& list) {
    return list.empty() ? "nothing" : list[static_cast<std::size_t>(number(0, static_cast<int>(list.size()) - 1))].id;
  }
  std::string node(const Circuit& body) { return id_of(body.neurons); }
  std::string circuit(const Circuit& body) { return id_of(body.circuits); }
  std::string any_node(const Circuit& body) { return number(0, 2) == 0 ? circuit(body) : node(body); }
  std::string end(const Circuit& body) {
    if (!body.paths.empty() && number(0, 3) == 0) {
      const std::string& path = body.paths[static_cast<std::size_t>(number(0, static_cast<int>(body.paths.size()) - 1))];
      if (path.find('*') == std::string::npos) return path;
    }
    const std::string id = node(body);
    for (const NeuronNode& neuron : body.neurons) {
      if (neuron.id == id && neuron.count > 0) return InOrder{"{}[{}]", id, number(0, static_cast<int>(neuron.count) - 1)};
    }
    return id;
  }

  std::mt19937 random_;
  int next_ = 0;
};

}  // namespace flux::test
