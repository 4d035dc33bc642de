// The state of a network carried over to another graph.
#pragma once

#include <vector>

#include "core/core.h"
#include "history.h"
#include "network_impl.h"

namespace flux {

// The state that a network with the graph `to`, whose own state at the start is `initial`, goes on from: neurons, spikes under way and
// learned weights are those of what they go on for. What is lost is told.
NetworkState transplanted(const input::Transplant& transplant, const Graph& from, const Names& names, const NetworkState& state,
                          const Graph& to, NetworkState initial, std::vector<LostWeight>& lost);

}  // namespace flux
