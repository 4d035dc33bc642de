#include "drawing.h"

namespace flux {
namespace {

bool is_drawing(const NeuronNode& now, const NeuronNode& next) {
  return now.id == next.id && now.count == next.count && now.width == next.width && now.properties == next.properties &&
         now.input_alias == next.input_alias && now.output_alias == next.output_alias;
}

bool is_drawing(const OrganNode& now, const OrganNode& next) {
  return now.id == next.id && now.inputs == next.inputs && now.outputs == next.outputs;
}

bool is_drawing(const SubcircuitNode& now, const SubcircuitNode& next) {
  return now.id == next.id && now.count == next.count && now.source == next.source && now.prototype == next.prototype &&
         now.group == next.group && now.generator == next.generator && now.repeat == next.repeat && now.changes == next.changes;
}

bool is_drawing(const Prototype& now, const Prototype& next) {
  return now.name == next.name && now.extends == next.extends && now.changes == next.changes;
}

bool is_drawing(const Group& now, const Group& next) { return now.name == next.name; }

template <class Node>
bool all_are_drawing(const std::vector<Node>& list, const Step& step) {
  if (step.with_body) return false;
  for (std::size_t i = 0; i < step.places.size(); ++i) {
    if (!is_drawing(list[step.places[i]], *std::get_if<Node>(&step.elements[i]))) return false;
  }
  return true;
}

}  // namespace

bool is_drawing(const Circuit& body, const Step& step) {
  if (step.kind == Step::Kind::header) return step.header.settings == body.settings;
  if (step.kind == Step::Kind::move || step.list == ElementList::comments) return true;
  if (step.kind != Step::Kind::replace) return false;
  switch (step.list) {
    case ElementList::neurons:
      return all_are_drawing(body.neurons, step);
    case ElementList::organs:
      return all_are_drawing(body.organs, step);
    case ElementList::circuits:
      return all_are_drawing(body.circuits, step);
    case ElementList::prototypes:
      return all_are_drawing(body.prototypes, step);
    case ElementList::groups:
      return all_are_drawing(body.groups, step);
    default:
      return false;
  }
}

}  // namespace flux
