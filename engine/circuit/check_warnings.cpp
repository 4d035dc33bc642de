// What a circuit without errors says that its author probably did not mean.
#include <algorithm>
#include <unordered_map>

#include "circuit/repeated.h"
#include "fiber_rows.h"
#include "findings.h"
#include "fmt/format.h"

namespace flux {
namespace {

using Element = Finding::Element;

bool learns_by_modulation(const NeuronProperties& neuron) {
  return neuron.modulation_leak > 0 && (neuron.modulation_targets & modulates_learning) != 0;
}

class WarningCheck {
 public:
  WarningCheck(const Circuit& circuit, Findings& findings)
      : circuit_(circuit), findings_(findings), first_of_node_(first_neurons(circuit)), reached_(circuit.neurons.size(), false) {}

  void run() {
    if (circuit_.neurons.empty()) findings_.warning(Element::circuit, 0, "the circuit has no neurons", "add some under \"neurons\"");
    check_synapses();
    check_fibers();
    check_neurons();
    check_aliases();
  }

 private:
  std::size_t node_of(NeuronIndex neuron) const {
    return static_cast<std::size_t>(std::upper_bound(first_of_node_.begin(), first_of_node_.end(), neuron) - first_of_node_.begin()) - 1;
  }

  void check_synapses() {
    RepeatedWarning electric(findings_, Element::synapse, "an electric synapse with a weight of 0 or less never fires its target",
                             "give it a positive weight");
    RepeatedWarning deaf(findings_, Element::synapse, "a modulator synapse onto a neuron with modulationLeak 0 does nothing",
                         "give the target a modulationLeak above 0");
    RepeatedWarning rates(findings_, Element::synapse, "ltmRate and restorationRate do nothing while stmRate is 0", "set stmRate above 0");
    RepeatedWarning unmodulated(findings_, Element::synapse,
                                "ltmRate does nothing: the target's learning is not modulated, and only modulation makes memory long-term",
                                "give the target a modulationLeak above 0 and let it modulate learning");
    for (std::size_t i = 0; i < circuit_.synapses.size(); ++i) {
      const SynapseNode& synapse = circuit_.synapses[i];
      const SynapseProperties& p = synapse.properties;
      const std::size_t node = node_of(synapse.target);
      reached_[node] = true;
      if (circuit_.neurons[node].repeated) continue;
      const NeuronProperties& target = circuit_.neurons[node].properties;
      if (p.type == SynapseType::electric && !p.plastic() && p.weight <= 0) electric.at(i);
      if (p.type == SynapseType::modulator && target.modulation_leak == 0) deaf.at(i);
      if (!p.plastic() && (p.ltm_rate > 0 || p.restoration_rate > 0)) rates.at(i);
      if (p.plastic() && p.ltm_rate > 0 && !learns_by_modulation(target)) unmodulated.at(i);
    }
  }

  void check_fibers() {
    for (std::size_t i = 0; i < circuit_.fibers.size(); ++i) {
      const Fiber& fiber = circuit_.fibers[i];
      const SynapseProperties& p = fiber.properties;
      bool deaf = false, unmodulated = false;
      for (const std::uint32_t node : fiber.targets) {
        const NeuronProperties& target = side_node(circuit_, node).properties;
        if (!is_path(node)) reached_[node] = true;
        deaf |= target.modulation_leak == 0;
        unmodulated |= !learns_by_modulation(target);
      }
      if (makes_nothing(fiber)) {
        findings_.warning(Element::fiber, i, "the fiber makes no synapses", "set allowSelf to true, or a higher probability");
      }
      if (p.type == SynapseType::electric && !p.plastic() && fiber.weight.high <= 0) {
        findings_.warning(Element::fiber, i, "electric synapses with a weight of 0 or less never fire their targets",
                          "use positive weights");
      }
      if (p.type == SynapseType::modulator && deaf) {
        findings_.warning(Element::fiber, i, "modulator synapses onto neurons with modulationLeak 0 do nothing",
                          "give the targets a modulationLeak above 0");
      }
      if (!p.plastic() && (p.ltm_rate > 0 || p.restoration_rate > 0)) {
        findings_.warning(Element::fiber, i, "ltmRate and restorationRate do nothing while stmRate is 0", "set stmRate above 0");
      }
      if (p.plastic() && p.ltm_rate > 0 && unmodulated) {
        findings_.warning(Element::fiber, i, "ltmRate does nothing onto targets whose learning is not modulated",
                          "give the targets a modulationLeak above 0 and let them modulate learning");
      }
    }
  }

  static bool makes_nothing(const Fiber& fiber) {
    if (fiber.rule == FiberRule::random_probability && fiber.probability * 4294967296.0 < 0.5) return true;
    return fiber.rule == FiberRule::one_to_one && !fiber.allow_self && fiber.sources == fiber.targets;
  }

  void check_neurons() {
    RepeatedWarning unreached(findings_, Element::neuron,
                              "nothing reaches this neuron: it has no synapse onto it, no inputAlias and no autoFiringRate",
                              "connect it, or give it an inputAlias if it is stimulated from outside");
    RepeatedWarning floor(findings_, Element::neuron, "minThreshold does nothing while potentiationRate is 0",
                          "set potentiationRate above 0");
    RepeatedWarning ceiling(findings_, Element::neuron, "maxThreshold does nothing while habituationRate is 0",
                            "set habituationRate above 0");
    RepeatedWarning fixed(findings_, Element::neuron, "habituationRate does nothing while maxThreshold equals threshold",
                          "set maxThreshold above threshold");
    for (std::size_t i = 0; i < circuit_.neurons.size(); ++i) {
      const NeuronNode& node = circuit_.neurons[i];
      const NeuronProperties& p = node.properties;
      if (node.repeated) continue;
      if (!reached_[i] && node.input_alias.empty() && p.auto_firing_rate == 0) unreached.at(i);
      if (p.min_threshold < p.threshold && p.potentiation_rate == 0) floor.at(i);
      if (p.max_threshold > p.threshold && p.habituation_rate == 0) ceiling.at(i);
      if (p.max_threshold == p.threshold && p.habituation_rate > 0) fixed.at(i);
    }
  }

  // A path wins over an alias, so an alias that is another neuron's id can never be used.
  void check_aliases() {
    std::unordered_map<std::string_view, std::size_t> node_of_id;
    for (std::size_t i = 0; i < circuit_.neurons.size(); ++i) node_of_id.emplace(circuit_.neurons[i].id, i);
    RepeatedWarning hidden(findings_, Element::neuron, "its alias is the id of another neuron, which is found instead",
                           "choose another alias");
    for (std::size_t i = 0; i < circuit_.neurons.size(); ++i) {
      const NeuronNode& node = circuit_.neurons[i];
      for (const std::string* alias : {&node.input_alias, &node.output_alias}) {
        const auto owner = node_of_id.find(*alias);
        if (owner == node_of_id.end() || owner->second == i) continue;
        hidden.at(i);
        break;
      }
    }
  }

  const Circuit& circuit_;
  Findings& findings_;
  std::vector<NeuronIndex> first_of_node_;
  std::vector<bool> reached_;  // per node
};

}  // namespace

void find_warnings(const Circuit& circuit, Findings& findings) { WarningCheck(circuit, findings).run(); }

}  // namespace flux
