#include "trace.h"

#include <fmt/format.h>

#include <CLI/Error.hpp>
#include <algorithm>
#include <array>
#include <string_view>

#include "failure.h"
#include "text.h"

namespace flux::cli {
namespace {

struct Field {
  std::string_view name;
  std::string (*read)(const NeuronState&);
};

// Exact decimals, in levels.
constexpr std::array FLUX_FIELDS = {
    Field{"level", [](const NeuronState& state) { return decimal(state.level, 4); }},
    Field{"threshold", [](const NeuronState& state) { return decimal(state.threshold, 8); }},
    Field{"modulation", [](const NeuronState& state) { return decimal(state.modulation, 8); }},
    Field{"effectiveThreshold", [](const NeuronState& state) { return decimal(state.effective_threshold, 4); }},
};

const Field* find_field(std::string_view name) {
  const auto* const found = std::find_if(FLUX_FIELDS.begin(), FLUX_FIELDS.end(), [&](const Field& field) { return field.name == name; });
  return found == FLUX_FIELDS.end() ? nullptr : found;
}

}  // namespace

TraceRequest parse_trace(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::size_t colon = equals == std::string::npos ? equals : text.rfind(':', equals);
  if (colon == std::string::npos || equals + 1 == text.size())
    throw CLI::ValidationError(fmt::format("'{}' is not a trace; write NEURON[,NEURON]:level,threshold,modulation=TRACE.csv", text));
  TraceRequest request{split_csv_line(text.substr(0, colon)), split_csv_line(text.substr(colon + 1, equals - colon - 1)),
                       text.substr(equals + 1)};
  for (const std::string& field : request.fields) {
    if (find_field(field) == nullptr)
      throw CLI::ValidationError(fmt::format("unknown field '{}'; a trace has level, threshold, modulation and effectiveThreshold", field));
  }
  return request;
}

Trace::Trace(const TraceRequest& request, const Network& network) : file_(request.path) {
  for (const std::string& name : request.neurons) {
    const auto neuron = network.find(name);
    if (!neuron) throw Failure(fmt::format("--trace: there is no neuron '{}'; flux info lists the paths and aliases", name));
    subjects_.push_back({*neuron, csv_field(network.path(*neuron))});
  }
  std::string header = "tick,neuron";
  for (const std::string& field : request.fields) {
    header += "," + field;
    readers_.push_back(find_field(field)->read);
  }
  file_.write(header + "\n");
}

void Trace::record(const Network& network) {
  for (const Subject& subject : subjects_) {
    const NeuronState state = network.state(subject.neuron);
    std::string line = fmt::format("{},{}", network.now() - 1, subject.name);
    for (const Reader read : readers_) line += "," + read(state);
    file_.write(line + "\n");
  }
}

}  // namespace flux::cli
