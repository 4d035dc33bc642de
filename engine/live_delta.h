// What the steps of an operation mean for the running network: worked out while they are taken, put in when all of them were.
//
// The direct way: neurons, synapses and fibers of circuits that stand in the tree once, unchanged by those around them, become edits of
// single neurons and rows. Everything else is left to the general way: the network is made anew and the state carried over. Both lead to
// the same network.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "edit/editable_circuit.h"
#include "network_change.h"

namespace flux {

class LiveDelta final : public StepWatcher {
 public:
  LiveDelta(EditableCircuit& document, Network::Impl& network) : document_(document), network_(network) {}

  void before(const Circuit& body, const Step& step) override;
  void after(const Circuit& body, const Step& taken) override;

  // The edits, in order; nothing when the direct way does not do. `revive`: what synapses that come back had learned.
  std::optional<std::vector<Input>> inputs(const std::vector<LostWeight>& revive);

 private:
  // A circuit that stands in the tree once.
  struct Place {
    std::string prefix;  // of the paths inside it
    std::uint64_t seed;
  };

  const Place* place_of(const std::string& in);
  std::optional<Place> find_place(const std::string& in) const;
  std::optional<Names::Run> find_node(const std::string& path) const;
  std::optional<NeuronIndex> find_neuron(const std::string& path) const;

  void neurons_before(const Circuit& body, const Step& step, const Place& place);
  void neurons_after(const Circuit& body, const Step& taken, const Place& place);
  void replace_neuron(const NeuronNode& now, const NeuronNode& next, const Place& place);
  void count_connections(const Circuit& body, const Step& step, const Place& place, bool removes);
  void count_synapse(const Circuit& body, const SynapseNode& synapse, const Place& place, bool removes);
  void count_fiber(const Circuit& body, std::uint32_t number, const Place& place, bool removes);
  std::optional<NeuronIndex> end_of(const Circuit& body, NeuronIndex end, const Place& place);
  std::optional<std::uint32_t> side_node(const Circuit& body, std::uint32_t node, const Place& place, Circuit& alone,
                                         std::vector<NeuronIndex>& first);

  EditableCircuit& document_;
  Network::Impl& network_;
  bool general_ = false;
  std::map<std::string, std::optional<Place>> places_;
  NetworkChange change_;
  std::unordered_map<std::string, std::optional<Names::Run>> staged_;  // nodes whose name changes
  bool aliases_changed_ = false;
  std::uint64_t synapses_ = 0;
};

}  // namespace flux
