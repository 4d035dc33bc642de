#include "findings.h"

#include <algorithm>
#include <iterator>

#include "fmt/format.h"

namespace flux {
namespace {

struct About {
  std::string name;
  TextPlace place;
};

About element_of(const Circuit& circuit, Finding::Element element, std::size_t index) {
  switch (element) {
    case Finding::Element::neuron:
      return {fmt::format("neuron \"{}\"", circuit.neurons[index].id), circuit.neurons[index].place};
    case Finding::Element::synapse:
      return {fmt::format("synapse {}", index), circuit.synapses[index].place};
    case Finding::Element::fiber:
      return {fmt::format("fiber {}", index), circuit.fibers[index].place};
    case Finding::Element::organ:
      return {fmt::format("organ \"{}\"", circuit.organs[index].id), circuit.organs[index].place};
    case Finding::Element::subcircuit:
      return {fmt::format("circuit \"{}\"", circuit.circuits[index].id), circuit.circuits[index].place};
    case Finding::Element::comment:
      return {fmt::format("comment {}", index), circuit.comments[index].place};
    case Finding::Element::prototype:
      return {fmt::format("prototype \"{}\"", circuit.prototypes[index].name.name), circuit.prototypes[index].place};
    case Finding::Element::group:
      return {fmt::format("group \"{}\"", circuit.groups[index].name), circuit.groups[index].place};
    case Finding::Element::circuit:
      break;
  }
  return {};
}

}  // namespace

bool Findings::is_told(const Finding& finding) {
  return finding.place.offset != 0 && !told_.emplace(finding.place.offset, finding.what).second;
}

// An error takes the place of a warning when the list is full.
void Findings::keep(Finding finding) {
  if (list_.size() >= FLUX_MAX_FINDINGS) {
    if (!finding.is_error || full()) return;
    const auto warning = std::find_if(list_.rbegin(), list_.rend(), [](const Finding& some) { return !some.is_error; });
    list_.erase(std::next(warning).base());
  }
  errors_ += finding.is_error ? 1 : 0;
  list_.push_back(std::move(finding));
}

void Findings::add(Finding finding) {
  if (!is_told(finding)) keep(std::move(finding));
}

void Findings::lost(Finding finding) {
  if (!is_told(finding) && lost_++ < FLUX_SHOWN) keep(std::move(finding));
}

std::vector<Finding> Findings::take() {
  if (lost_ > FLUX_SHOWN) {
    keep({false,
          Element::circuit,
          0,
          fmt::format("{} more connections lead nowhere or fit only in part; they are kept", lost_ - FLUX_SHOWN),
          "choose other settings of the generator, or delete them",
          "",
          {}});
  }
  return std::move(list_);
}

void Findings::add_about(bool is_error, Element element, std::size_t index, std::string what, std::string fix) {
  About about = element_of(*circuit_, element, index);
  if (about.place.offset == 0) about.place = place_;
  if (!owner_.empty()) about.name = about.name.empty() ? owner_ : owner_ + ": " + about.name;
  add({is_error, element, static_cast<std::uint32_t>(index), std::move(what), std::move(fix), std::move(about.name), about.place});
}

void Findings::gone(const std::string& owner, const Override& change) {
  const bool is_removal = change.property.empty();
  add({false, Element::subcircuit, 0,
       is_removal
           ? fmt::format("\"{}\", which is to be removed, is not there", change.target)
           : fmt::format("the target of the override \"{}.{}\" is not there; it is kept but does nothing", change.target, change.property),
       "name something that is there, or delete it", owner, change.place});
}

}  // namespace flux
