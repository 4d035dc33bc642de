// Edits of single neurons and rows that make the running network what its document has become.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "history.h"
#include "network_impl.h"

namespace flux {

struct NetworkChange {
  struct Row {
    std::vector<SynapseSpec> removed, added;
  };
  std::vector<Input> nodes;         // renamed, new and changed ones
  std::map<NeuronIndex, Row> rows;  // by source; of new neurons too
  std::vector<std::string> drops;   // nodes that go when their rows are empty
  std::uint32_t new_neurons = 0;
  // Neurons that others take the place of, where a node gets another number of them, and those that go then.
  input::MovedNeurons moved;
  std::vector<input::DropRun> freed;

  // The edits, in order; nothing where a synapse that is to go is not there, or there is no room. `revive`: what synapses that come back
  // had learned; `find` gives the neuron that a path names afterwards.
  using Find = std::function<std::optional<NeuronIndex>(const std::string& path)>;
  std::optional<std::vector<Input>> inputs(const Graph& graph, const std::vector<LostWeight>& revive, const Find& find) &&;
};

}  // namespace flux
