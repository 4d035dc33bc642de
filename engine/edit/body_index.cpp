#include "body_index.h"

#include <algorithm>

#include "circuit/names.h"

namespace flux {

BodyIndex::BodyIndex(const Circuit& body) : first_(first_neurons(body)) {
  nodes_.reserve(body.neurons.size() + body.organs.size() + body.circuits.size());
  for (std::uint32_t i = 0; i < body.neurons.size(); ++i) add(body.neurons[i], i);
  for (std::uint32_t i = 0; i < body.organs.size(); ++i) nodes_.emplace(body.organs[i].id, Node{ElementList::organs, i});
  for (std::uint32_t i = 0; i < body.circuits.size(); ++i) nodes_.emplace(body.circuits[i].id, Node{ElementList::circuits, i});
  for (std::uint32_t i = 0; i < body.paths.size(); ++i) paths_.emplace(body.paths[i], i);
}

void BodyIndex::add(const NeuronNode& node, std::uint32_t place) {
  nodes_.emplace(node.id, Node{ElementList::neurons, place});
  if (!node.input_alias.empty()) aliases_.emplace(node.input_alias, place);
  if (!node.output_alias.empty()) aliases_.emplace(node.output_alias, place);
}

void BodyIndex::forget(const NeuronNode& node, std::uint32_t place) {
  nodes_.erase(node.id);
  for (const std::string* alias : {&node.input_alias, &node.output_alias}) {
    const auto found = aliases_.find(*alias);
    if (found != aliases_.end() && found->second == place) aliases_.erase(found);
  }
}

std::optional<BodyIndex::Node> BodyIndex::find(const std::string& id) const {
  const auto found = nodes_.find(id);
  return found == nodes_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint32_t> BodyIndex::find_alias(const std::string& alias) const {
  const auto found = aliases_.find(alias);
  return found == aliases_.end() ? std::nullopt : std::optional(found->second);
}

std::uint32_t BodyIndex::path_number(Circuit& body, const std::string& path) {
  const auto [entry, is_new] = paths_.emplace(path, static_cast<std::uint32_t>(body.paths.size()));
  if (is_new) body.paths.push_back(path);
  return FLUX_FIRST_PATH + entry->second;
}

std::uint32_t BodyIndex::node_of(NeuronIndex neuron) const {
  return static_cast<std::uint32_t>(std::upper_bound(first_.begin(), first_.end(), neuron) - first_.begin()) - 1;
}

bool BodyIndex::follow(const Circuit& body, const Step& taken) {
  switch (taken.list) {
    case ElementList::neurons:
      break;
    case ElementList::organs:
    case ElementList::circuits:
      return taken.kind == Step::Kind::header;
    default:
      return true;
  }
  switch (taken.kind) {
    case Step::Kind::header:
      return true;
    case Step::Kind::erase: {  // neurons were inserted
      const std::size_t before = body.neurons.size() - taken.places.size();
      if (taken.places.front() < before) return false;
      for (std::size_t place = before; place < body.neurons.size(); ++place) {
        add(body.neurons[place], static_cast<std::uint32_t>(place));
        first_.push_back(first_.back() + body.neurons[place].size());
      }
      return true;
    }
    case Step::Kind::insert: {  // neurons were erased
      if (taken.places.front() < body.neurons.size()) return false;
      for (std::size_t i = 0; i < taken.places.size(); ++i) forget(*std::get_if<NeuronNode>(&taken.elements[i]), taken.places[i]);
      first_.resize(body.neurons.size() + 1);
      return true;
    }
    case Step::Kind::replace: {
      bool same_sizes = true;
      for (std::size_t i = 0; i < taken.places.size(); ++i) {
        const auto& old = *std::get_if<NeuronNode>(&taken.elements[i]);
        forget(old, taken.places[i]);
        same_sizes &= old.size() == body.neurons[taken.places[i]].size();
      }
      for (const std::uint32_t place : taken.places) add(body.neurons[place], place);
      if (!same_sizes) first_ = first_neurons(body);
      return true;
    }
    case Step::Kind::move:
      return false;
  }
  return false;
}

}  // namespace flux
