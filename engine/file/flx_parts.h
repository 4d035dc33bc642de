// The parts of a .flx file: their names and what lies in them. Each pair of functions writes and reads one group.
#pragma once

#include <string_view>

#include "circuit/circuit.h"
#include "file/flx.h"
#include "flx_container.h"
#include "graph/graph.h"
#include "graph/state.h"

namespace flux {

struct StoredSynapses {
  FlxContainer file;
};

// Names of all parts this program knows.
std::span<const std::string_view> flx_part_names();

void add_synapse_parts(FlxWriter& writer, const std::vector<SynapseNode>& synapses);
// Every end is a neuron or path of the circuit, every value in its range.
Result<std::vector<SynapseNode>> read_synapse_parts(const FlxContainer& file, const Circuit& circuit);
bool has_synapse_parts(const FlxContainer& file);

void add_graph_parts(FlxWriter& writer, const Graph& graph);
// The arrays stay in the file's memory. Fails when the graph was made from another circuit, or does not hold together.
Result<Graph> read_graph_parts(const FlxContainer& file, std::uint32_t neuron_count, const NetworkSettings& settings);
bool has_graph_parts(const FlxContainer& file);

void add_state_parts(FlxWriter& writer, const NetworkState& state);
Result<NetworkState> read_state_parts(const FlxContainer& file, std::uint32_t neuron_count);
bool has_state_parts(const FlxContainer& file);

// A part as elements of type T, empty where the file has no such part. Fails when its size is no multiple of an element.
template <class T>
Result<std::span<T>> column_of(const FlxContainer& file, std::string_view tag) {
  const FlxPart* part = file.find(tag);
  if (part == nullptr) return std::span<T>{};
  if (part->size % sizeof(T) != 0) return file.damaged("part \"" + std::string(tag) + "\" ends within an element");
  const auto bytes = file.bytes(*part);
  if (!bytes) return bytes.error();
  return std::span<T>(reinterpret_cast<T*>(bytes.value().data()), part->size / sizeof(T));
}

// The same where all elements are there or none, which means `count` zeros or defaults.
template <class T>
Result<std::span<T>> column_of(const FlxContainer& file, std::string_view tag, std::size_t count) {
  auto column = column_of<T>(file, tag);
  if (column && !column.value().empty() && column.value().size() != count) {
    return file.damaged("part \"" + std::string(tag) + "\" has " + std::to_string(column.value().size()) + " elements instead of " +
                        std::to_string(count));
  }
  return column;
}

}  // namespace flux
