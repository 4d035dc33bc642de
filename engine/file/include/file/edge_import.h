// Connectomes as people have them: a table of synapses, optionally one of neurons, as CSV. Makes a circuit and tells what it did.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "circuit/circuit.h"

namespace flux {

enum class CsvHeader : std::uint8_t { detect, present, absent };
enum class Duplicates : std::uint8_t { merge, keep };  // merge: counts of rows alike in from, to, type and delay are summed
enum class SelfConnections : std::uint8_t { keep, drop };

// A column is named by its header, or by its number from 1. Empty: found by its usual names ("from", "source", "pre", ...), and in a
// table without header by its place: from, to, weight.
struct EdgeImportOptions {
  std::string synapses_name = "synapses.csv";  // for messages
  std::string neurons_name = "neurons.csv";

  std::string from, to;
  std::string weight;  // number of contacts, or a weight; absent: 1
  std::string type;    // absent: direct
  std::string delay;   // ticks; absent: `length`
  CsvHeader header = CsvHeader::detect;

  std::string neuron_id;  // in the table of neurons; absent: "id", "name", or the first
  CsvHeader neuron_header = CsvHeader::detect;

  // A word in the type column and the synapse type it stands for; before the usual ones ("chemical" direct, "electrical" electric, ...).
  std::vector<std::pair<std::string, SynapseType>> type_map;
  // Sources whose `inhibitory_column` (in the table of neurons) has one of these words make negative direct synapses. Where a cell has
  // several, separated by spaces, slashes or the like, one is enough.
  std::string inhibitory_column;
  std::vector<std::string> inhibitory_values;

  std::string scale = "1";    // decimal number; weight = round(count * scale), computed exactly, ends rounded away from 0
  std::uint16_t length = 10;  // ticks, where there is no delay column
  NeuronProperties neuron;    // of every neuron
  Duplicates duplicates = Duplicates::merge;
  SelfConnections self_connections = SelfConnections::keep;
  bool add_missing = false;  // neurons named by synapses only: add them instead of refusing; always so without a table of neurons
  std::string title;
};

struct EdgeImportReport {
  std::uint64_t rows = 0;  // of synapses, header and empty lines not counted
  std::uint64_t neurons = 0;
  std::uint64_t added_neurons = 0;     // not in the table of neurons
  std::uint64_t isolated_neurons = 0;  // without any synapse
  std::uint64_t synapses = 0;
  std::uint64_t by_type[3] = {};       // by SynapseType
  std::uint64_t inhibitory = 0;        // synapses with a weight below 0
  std::uint64_t merged = 0;            // rows that went into the synapse of an earlier row
  std::uint64_t self_connections = 0;  // synapses from a neuron to itself, kept or dropped
  bool self_connections_dropped = false;
  std::uint64_t clamped = 0;                           // weights beyond -128..127
  std::uint64_t rounded_to_zero = 0;                   // synapses with a weight of 0
  std::uint64_t rounded_delays = 0;                    // rows whose delay was no whole number of ticks
  std::int32_t lowest_weight = 0, highest_weight = 0;  // after clamping
  std::string columns;                                 // which columns were used for what

  // Several lines for a person, each ended by \n.
  std::string text() const;
};

struct EdgeImportResult {
  Circuit circuit;
  EdgeImportReport report;
};

Result<EdgeImportResult> import_edges(std::string_view synapses_csv, std::optional<std::string_view> neurons_csv,
                                      const EdgeImportOptions& options);

}  // namespace flux
