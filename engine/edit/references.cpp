#include "references.h"

#include <algorithm>

#include "circuit/elaborate.h"
#include "circuit/generators.h"
#include "circuit/identifier.h"
#include "circuit/structure.h"

namespace flux {
namespace {

constexpr std::string_view FLUX_BETWEEN_ENDS = " > ";
constexpr std::string_view FLUX_BETWEEN_NODES = ", ";
constexpr std::string_view FLUX_SETTINGS = ".settings";

struct Parts {
  std::string_view head, rest;
  bool has_rest = false;
};
Parts split(std::string_view path) {
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return {path, {}, false};
  return {path.substr(0, slash), path.substr(slash + 1), true};
}

// "leg[2]" or "leg[*]" as "leg" and "[2]".
struct Numbered {
  std::string_view id, number;
};
Numbered split_number(std::string_view name) {
  const std::size_t open = name.ends_with(']') ? name.rfind('[') : std::string_view::npos;
  return open == std::string_view::npos ? Numbered{name, {}} : Numbered{name.substr(0, open), name.substr(open)};
}

std::vector<std::string_view> split_by(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at = text.find(separator); at != std::string_view::npos; at = text.find(separator)) {
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  parts.push_back(text);
  return parts;
}

}  // namespace

const BodyIndex& References::index(const Circuit& body) {
  const auto made = made_.find(&body);
  if (made != made_.end()) return made->second->index;
  return document_.index(const_cast<Circuit&>(body));
}

References::Chain References::chain_of_prototype(const PrototypeName& name) {
  Chain chain;
  const Circuit& root = document_.circuit();
  PrototypeName next = name;
  while (!next.name.empty() && chain.size() <= FLUX_MAX_CIRCUIT_DEPTH) {
    const auto found = find_prototype(root, next);
    if (!found) break;
    chain.push_back(&root.prototypes[*found].body);
    next = root.prototypes[*found].extends;
  }
  return chain;
}

References::Chain References::chain_of(const Circuit& body) {
  for (const Prototype& prototype : document_.circuit().prototypes) {
    if (&prototype.body != &body) continue;
    Chain chain{&body};
    const Chain base = chain_of_prototype(prototype.extends);
    chain.insert(chain.end(), base.begin(), base.end());
    return chain;
  }
  return {&body};
}

References::Chain References::chain_of(const SubcircuitNode& node) {
  if (node.body) return {&*node.body};
  if (node.source == SubcircuitNode::Source::prototype) return chain_of_prototype(node.prototype);
  if (node.source == SubcircuitNode::Source::generator) return {&generated(node)};
  for (const Group& group : document_.circuit().groups) {
    if (group.name == node.group) return {&group.body};
  }
  return {};
}

const Circuit& References::generated(const SubcircuitNode& node) {
  std::unique_ptr<Generated>& made = generated_[&node];
  if (!made) {
    auto body = body_of(node.generator);
    made = std::make_unique<Generated>(body ? std::move(body).value() : Circuit{});
    made_.emplace(&made->body, made.get());
  }
  return made->body;
}

bool References::is_known(const Chain& chain, std::string_view name) {
  return std::any_of(chain.begin(), chain.end(), [&](const Circuit* body) { return index(*body).find(std::string(name)).has_value(); });
}

References::Chain References::chain_inside(const Chain& chain, std::string_view name) {
  for (const Circuit* body : chain) {
    const auto node = index(*body).find(std::string(name));
    if (node && node->list == ElementList::circuits) return chain_of(body->circuits[node->place]);
    if (node) return {};
  }
  return {};
}

std::optional<std::string> References::rename_in(const Chain& chain, std::string_view path, const Rename& rename, std::uint32_t depth) {
  if (depth > FLUX_MAX_CIRCUIT_DEPTH) return std::nullopt;
  const Parts parts = split(path);
  const Numbered name = split_number(parts.head);
  const auto with_rest = [&](std::string changed) {
    if (parts.has_rest) (changed += '/') += parts.rest;
    return changed;
  };
  for (const Circuit* body : chain) {
    const auto node = index(*body).find(std::string(name.id));
    const auto alias = node || parts.has_rest ? std::nullopt : index(*body).find_alias(std::string(name.id));
    if (!node && !alias) continue;
    const BodyIndex::Node found = node ? *node : BodyIndex::Node{ElementList::neurons, *alias};
    if (body == owner_ && found.list == target_.list && found.place == target_.place) {
      const auto indexed = split_indexed_name(parts.head);
      const auto changed = rename(name.id, indexed ? std::optional(indexed->index) : std::nullopt);
      if (!changed) return std::nullopt;
      if (changed->empty()) return parts.has_rest ? std::optional(std::string(parts.rest)) : std::nullopt;
      return with_rest(*changed + std::string(name.number));
    }
    if (!parts.has_rest || found.list != ElementList::circuits) return std::nullopt;
    const auto inside = rename_in(chain_of(body->circuits[found.place]), parts.rest, rename, depth + 1);
    return inside ? std::optional(std::string(parts.head) + '/' + *inside) : std::nullopt;
  }
  return std::nullopt;
}

bool References::leads_somewhere(const Chain& chain, std::string_view path, bool of_fiber, std::uint32_t depth) {
  if (depth > FLUX_MAX_CIRCUIT_DEPTH) return false;
  const Parts parts = split(path);
  const Numbered name = split_number(parts.head);
  const auto indexed = split_indexed_name(parts.head);
  const auto has_number = [&](std::uint32_t count) { return indexed ? indexed->index < count : name.number.empty() == (count == 0); };
  for (const Circuit* body : chain) {
    const auto node = index(*body).find(std::string(name.id));
    if (parts.has_rest) {
      if (node && node->list == ElementList::organs) return true;
      if (!node || node->list != ElementList::circuits) continue;
      const SubcircuitNode& circuit = body->circuits[node->place];
      return has_number(circuit.count) && leads_somewhere(chain_of(circuit), parts.rest, of_fiber, depth + 1);
    }
    const bool is_neuron = node && node->list == ElementList::neurons;
    const auto place = is_neuron ? std::optional(node->place) : index(*body).find_alias(std::string(name.id));
    if (place) return (of_fiber && !indexed) || has_number(body->neurons[*place].count);
  }
  return false;
}

bool References::leads_somewhere(const std::string& path, const Circuit& from, bool of_fiber) {
  return leads_somewhere(chain_of(from), path, of_fiber, 0);
}

std::optional<std::string> References::renamed(const std::string& path, const Circuit& from, const Rename& rename) {
  return rename_in(chain_of(from), path, rename, 0);
}

// "hip > flexor", "a, b > c", or "knee/hip > flexor" where the connection stands in "knee".
std::optional<std::string> References::rename_ends(const Chain& chain, const std::string& ends, const Rename& rename, std::uint32_t depth) {
  if (depth > FLUX_MAX_CIRCUIT_DEPTH) return std::nullopt;
  bool all_known = true, any = false;
  std::string changed;
  for (const std::string_view side : split_by(ends, FLUX_BETWEEN_ENDS)) {
    if (!changed.empty()) changed += FLUX_BETWEEN_ENDS;
    bool first = true;
    for (const std::string_view node : split_by(side, FLUX_BETWEEN_NODES)) {
      if (!first) changed += FLUX_BETWEEN_NODES;
      first = false;
      all_known &= is_known(chain, split_number(split(node).head).id);
      const auto renamed = rename_in(chain, node, rename, depth);
      any |= renamed.has_value();
      changed += renamed ? *renamed : std::string(node);
    }
  }
  if (all_known) return any ? std::optional(changed) : std::nullopt;
  const Parts parts = split(ends);
  if (!parts.has_rest) return std::nullopt;
  const Numbered name = split_number(parts.head);
  const auto inside = rename_ends(chain_inside(chain, name.id), std::string(parts.rest), rename, depth + 1);
  const auto head = rename_in(chain, parts.head, rename, depth);
  if (!inside && !head) return std::nullopt;
  return (head ? *head : std::string(parts.head)) + '/' + (inside ? *inside : std::string(parts.rest));
}

std::optional<std::string> References::rename_target(const Chain& chain, const std::string& target, const Rename& rename) {
  if (target.starts_with('[')) {  // of one copy
    const Parts parts = split(target);
    const auto inside = parts.has_rest ? rename_target(chain, std::string(parts.rest), rename) : std::nullopt;
    return inside ? std::optional(std::string(parts.head) + '/' + *inside) : std::nullopt;
  }
  if (target.find(FLUX_BETWEEN_ENDS) != std::string::npos) return rename_ends(chain, target, rename, 0);
  if (target.ends_with(FLUX_SETTINGS)) {  // of an organ
    const auto organ = rename_in(chain, target.substr(0, target.size() - FLUX_SETTINGS.size()), rename, 0);
    return organ ? std::optional(*organ + std::string(FLUX_SETTINGS)) : std::nullopt;
  }
  return rename_in(chain, target, rename, 0);
}

std::optional<std::string> References::renamed_target(const std::string& target, const SubcircuitNode& node, const Rename& rename) {
  return rename_target(chain_of(node), target, rename);
}

std::optional<std::string> References::renamed_target(const std::string& target, const PrototypeName& extended, const Rename& rename) {
  return rename_target(chain_of_prototype(extended), target, rename);
}

}  // namespace flux
