#include "take_step.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "circuit/names.h"

namespace flux {
namespace {

template <class T>
std::vector<T>& list_of(Circuit& body) {
  if constexpr (std::is_same_v<T, NeuronNode>) {
    return body.neurons;
  } else if constexpr (std::is_same_v<T, OrganNode>) {
    return body.organs;
  } else if constexpr (std::is_same_v<T, SubcircuitNode>) {
    return body.circuits;
  } else if constexpr (std::is_same_v<T, SynapseNode>) {
    return body.synapses;
  } else if constexpr (std::is_same_v<T, Fiber>) {
    return body.fibers;
  } else if constexpr (std::is_same_v<T, CanvasComment>) {
    return body.comments;
  } else if constexpr (std::is_same_v<T, Prototype>) {
    return body.prototypes;
  } else {
    return body.groups;
  }
}

// Gives neurons of the circuit other numbers: by node, and by place in its flat list. Costs a look at every connection.
class Renumbering {
 public:
  // `new_place`: per node; `first`, `new_first`: its first neuron before and after.
  Renumbering(std::vector<std::uint32_t> new_place, std::vector<NeuronIndex> first, std::vector<NeuronIndex> new_first)
      : new_place_(std::move(new_place)), first_(std::move(first)), new_first_(std::move(new_first)) {}

  void run(Circuit& body) const {
    for (SynapseNode& synapse : body.synapses) {
      renumber(synapse.source);
      renumber(synapse.target);
    }
    for (Fiber& fiber : body.fibers) {
      for (std::uint32_t& node : fiber.sources) node = is_path(node) ? node : new_place_[node];
      for (std::uint32_t& node : fiber.targets) node = is_path(node) ? node : new_place_[node];
    }
  }

 private:
  void renumber(NeuronIndex& end) const {
    if (is_path(end)) return;
    const auto after = std::upper_bound(first_.begin(), first_.end(), end);
    const auto node = static_cast<std::size_t>(after - first_.begin()) - 1;
    end = new_first_[node] + (end - first_[node]);
  }

  std::vector<std::uint32_t> new_place_;
  std::vector<NeuronIndex> first_, new_first_;
};

// Runs `change` on the list of neurons. new_place[i]: where node i stands after it, ~0 where it is gone.
template <class Change>
void change_neurons(Circuit& body, const std::vector<std::uint32_t>& new_place, const Change& change) {
  std::vector<NeuronIndex> first = first_neurons(body);
  first.pop_back();
  change();
  const std::vector<NeuronIndex> after = first_neurons(body);
  bool same = true;
  std::vector<NeuronIndex> new_first(new_place.size(), 0);
  for (std::size_t i = 0; i < new_place.size(); ++i) {
    if (new_place[i] == ~0u) continue;
    new_first[i] = after[new_place[i]];
    same &= new_place[i] == i && new_first[i] == first[i];
  }
  if (!same) Renumbering(new_place, std::move(first), std::move(new_first)).run(body);
}

template <class T>
void insert(std::vector<T>& list, Step& step) {
  if (step.places.front() == list.size()) {
    for (Element& element : step.elements) list.push_back(std::move(*std::get_if<T>(&element)));
    return step.elements.clear();
  }
  std::vector<T> merged;
  merged.reserve(list.size() + step.places.size());
  std::size_t old = 0, next = 0;
  while (merged.size() < list.size() + step.places.size()) {
    const bool is_new = next < step.places.size() && step.places[next] == merged.size();
    merged.push_back(is_new ? std::move(*std::get_if<T>(&step.elements[next++])) : std::move(list[old++]));
  }
  list = std::move(merged);
  step.elements.clear();
}

template <class T>
void erase(std::vector<T>& list, Step& step) {
  step.elements.clear();
  step.elements.reserve(step.places.size());
  std::size_t kept = step.places.front(), next = 0;
  for (std::size_t i = kept; i < list.size(); ++i) {
    if (next < step.places.size() && step.places[next] == i) {
      step.elements.emplace_back(std::move(list[i]));
      ++next;
    } else {
      list[kept++] = std::move(list[i]);
    }
  }
  assert(next == step.places.size());
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(kept), list.end());
}

template <class T>
void replace(std::vector<T>& list, Step& step) {
  for (std::size_t i = 0; i < step.places.size(); ++i) {
    T& now = list[step.places[i]];
    T& given = *std::get_if<T>(&step.elements[i]);
    std::swap(now, given);
    if constexpr (requires { now.body; }) {
      if (!step.with_body) std::swap(now.body, given.body);
    }
  }
}

template <class T>
void move(std::vector<T>& list, Step& step) {
  const auto from = list.begin() + step.places[0], to = list.begin() + step.places[1];
  if (from < to) {
    std::rotate(from, from + 1, to + 1);
  } else {
    std::rotate(to, from, from + 1);
  }
  std::swap(step.places[0], step.places[1]);
}

std::vector<std::uint32_t> places_after(const Circuit& body, const Step& step) {
  const std::size_t count = body.neurons.size();
  std::vector<std::uint32_t> after(count);
  std::size_t next = 0;
  std::uint32_t at = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    after[i] = i;
    if (step.kind == Step::Kind::insert) {
      while (next < step.places.size() && step.places[next] == at) ++next, ++at;
      after[i] = at++;
    } else if (step.kind == Step::Kind::erase) {
      const bool gone = next < step.places.size() && step.places[next] == i;
      next += gone ? 1 : 0;
      after[i] = gone ? ~0u : at++;
    } else if (step.kind == Step::Kind::move) {
      const std::uint32_t from = step.places[0], to = step.places[1];
      if (i == from) after[i] = to;
      if (from < to && i > from && i <= to) --after[i];
      if (to < from && i >= to && i < from) ++after[i];
    }
  }
  return after;
}

// Adding to and taking from the end gives no other neuron another number.
bool keeps_numbers(const Circuit& body, const Step& step) {
  if (step.list != ElementList::neurons || step.kind == Step::Kind::header) return true;
  if (step.kind == Step::Kind::insert) return step.places.front() == body.neurons.size();
  if (step.kind == Step::Kind::erase) return step.places.front() + step.places.size() == body.neurons.size();
  if (step.kind == Step::Kind::move) return false;
  for (std::size_t i = 0; i < step.places.size(); ++i) {
    if (std::get_if<NeuronNode>(&step.elements[i])->size() != body.neurons[step.places[i]].size()) return false;
  }
  return true;
}

template <class T>
void change(Circuit& body, Step& step) {
  std::vector<T>& list = list_of<T>(body);
  switch (step.kind) {
    case Step::Kind::insert:
      insert(list, step);
      step.kind = Step::Kind::erase;
      break;
    case Step::Kind::erase:
      erase(list, step);
      step.kind = Step::Kind::insert;
      break;
    case Step::Kind::replace:
      replace(list, step);
      break;
    case Step::Kind::move:
      move(list, step);
      break;
    case Step::Kind::header:
      break;
  }
}

void change_list(Circuit& body, Step& step) {
  switch (step.list) {
    case ElementList::neurons:
      return change<NeuronNode>(body, step);
    case ElementList::organs:
      return change<OrganNode>(body, step);
    case ElementList::circuits:
      return change<SubcircuitNode>(body, step);
    case ElementList::synapses:
      return change<SynapseNode>(body, step);
    case ElementList::fibers:
      return change<Fiber>(body, step);
    case ElementList::comments:
      return change<CanvasComment>(body, step);
    case ElementList::prototypes:
      return change<Prototype>(body, step);
    case ElementList::groups:
      return change<Group>(body, step);
  }
}

void swap_header(Circuit& body, CircuitHeader& header) {
  std::swap(body.title, header.title);
  std::swap(body.description, header.description);
  std::swap(body.reusable, header.reusable);
  std::swap(body.settings, header.settings);
  std::swap(body.environment, header.environment);
  std::swap(body.libraries, header.libraries);
  std::swap(body.comment, header.comment);
}

}  // namespace

void take_step(Circuit& body, Step& step) {
  if (step.kind == Step::Kind::header) return swap_header(body, step.header);
  if (step.places.empty()) return;
  if (keeps_numbers(body, step)) return change_list(body, step);
  const std::vector<std::uint32_t> after = places_after(body, step);
  change_neurons(body, after, [&] { change_list(body, step); });
}

}  // namespace flux
