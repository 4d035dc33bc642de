// Circuits as the studio shows them, in JSON: studio/engine/src/types.ts declares the shapes.
#pragma once

#include <string_view>

#include "circuit/circuit.h"
#include "core/explain.h"
#include "flux.h"
#include "json_writer.h"

namespace flux {

// CircuitView of the circuit at `path` (circuit/placed.h) of the document that `network` was made from.
Status write_view(JsonWriter& json, const Circuit& root, const Network& network, std::string_view path);
// OutlineNode of the document: all that it says itself; instances and linked copies have no children here.
void write_outline(JsonWriter& json, const Circuit& root);
// Library: prototypes, groups and generators to choose from.
void write_library(JsonWriter& json, const Circuit& root);
// NeuronDetails.
void write_neuron(JsonWriter& json, const Network& network, NeuronIndex neuron);
// A list of Problems: the warnings about a document.
void write_warnings(JsonWriter& json, const Circuit& root);

// Why.
void write_explanation(JsonWriter& json, const Explanation& explanation, NeuronIndex neuron, Tick tick);

void write_problem(JsonWriter& json, const Error& error);
void write_synapse(JsonWriter& json, const SynapseView& synapse);

}  // namespace flux
