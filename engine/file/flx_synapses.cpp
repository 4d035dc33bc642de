#include <algorithm>
#include <cstring>

#include "circuit/names.h"
#include "circuit/schema.h"
#include "flx_parts.h"
#include "fmt/format.h"

namespace flux {
namespace {

constexpr std::string_view FLUX_SOURCE = "synapse.source", FLUX_TARGET = "synapse.target", FLUX_COMMENT = "synapse.comment";

// A column of one property; left out of the file when all synapses have the default.
template <class T>
struct Column {
  std::string_view tag;
  T (*get)(const SynapseNode&);
  void (*set)(SynapseNode&, T);
};

constexpr Column<std::uint8_t> FLUX_TYPE = {"synapse.type",
                                            [](const SynapseNode& s) { return static_cast<std::uint8_t>(s.properties.type); },
                                            [](SynapseNode& s, std::uint8_t v) { s.properties.type = static_cast<SynapseType>(v); }};
constexpr Column<std::int8_t> FLUX_WEIGHT = {"synapse.weight", [](const SynapseNode& s) { return s.properties.weight; },
                                             [](SynapseNode& s, std::int8_t v) { s.properties.weight = v; }};
constexpr Column<std::uint16_t> FLUX_LENGTH = {"synapse.length", [](const SynapseNode& s) { return s.properties.length; },
                                               [](SynapseNode& s, std::uint16_t v) { s.properties.length = v; }};
constexpr Column<std::uint8_t> FLUX_STM = {"synapse.stm", [](const SynapseNode& s) { return s.properties.stm_rate; },
                                           [](SynapseNode& s, std::uint8_t v) { s.properties.stm_rate = v; }};
constexpr Column<std::uint8_t> FLUX_LTM = {"synapse.ltm", [](const SynapseNode& s) { return s.properties.ltm_rate; },
                                           [](SynapseNode& s, std::uint8_t v) { s.properties.ltm_rate = v; }};
constexpr Column<std::uint8_t> FLUX_RESTORE = {"synapse.restore", [](const SynapseNode& s) { return s.properties.restoration_rate; },
                                               [](SynapseNode& s, std::uint8_t v) { s.properties.restoration_rate = v; }};
constexpr Column<std::int16_t> FLUX_LONG_TERM = {"synapse.longterm", [](const SynapseNode& s) { return s.long_term; },
                                                 [](SynapseNode& s, std::int16_t v) { s.long_term = v; }};

template <class T>
void add_column(FlxWriter& writer, const Column<T>& column, const std::vector<SynapseNode>& synapses) {
  const T when_absent = column.get(SynapseNode{});
  const auto differs = [&](const SynapseNode& synapse) { return column.get(synapse) != when_absent; };
  if (std::none_of(synapses.begin(), synapses.end(), differs)) return;
  std::vector<T> values(synapses.size());
  std::transform(synapses.begin(), synapses.end(), values.begin(), column.get);
  writer.add_owned(column.tag, std::move(values), FLUX_FLX_MUST_UNDERSTAND);
}

template <class T>
Status read_column(const FlxContainer& file, const Column<T>& column, std::vector<SynapseNode>& synapses) {
  const auto values = column_of<const T>(file, column.tag, synapses.size());
  if (!values) return values.error();
  for (std::size_t i = 0; i < values.value().size(); ++i) column.set(synapses[i], values.value()[i]);
  return {};
}

// Comments are few: records of the synapse's number and the comment's size, both 32 bits, and its bytes.
void add_comments(FlxWriter& writer, const std::vector<SynapseNode>& synapses) {
  std::vector<char> records;
  const auto append_number = [&](std::size_t number) {
    const auto word = static_cast<std::uint32_t>(number);
    const char* bytes = reinterpret_cast<const char*>(&word);
    records.insert(records.end(), bytes, bytes + sizeof word);
  };
  for (std::size_t i = 0; i < synapses.size(); ++i) {
    if (synapses[i].comment.empty()) continue;
    append_number(i);
    append_number(synapses[i].comment.size());
    records.insert(records.end(), synapses[i].comment.begin(), synapses[i].comment.end());
  }
  if (!records.empty()) writer.add_owned(FLUX_COMMENT, std::move(records), FLUX_FLX_MUST_UNDERSTAND);
}

Status read_comments(const FlxContainer& file, std::vector<SynapseNode>& synapses) {
  const auto part = column_of<const char>(file, FLUX_COMMENT);
  if (!part) return part.error();
  std::string_view records(part.value().data(), part.value().size());
  while (!records.empty()) {
    std::uint32_t head[2];
    if (records.size() < sizeof head) return file.damaged("the last comment of a synapse is cut off");
    std::memcpy(head, records.data(), sizeof head);
    records.remove_prefix(sizeof head);
    if (head[0] >= synapses.size() || head[1] > records.size()) return file.damaged("a comment belongs to no synapse, or is cut off");
    synapses[head[0]].comment = records.substr(0, head[1]);
    records.remove_prefix(head[1]);
  }
  return {};
}

Status check_ranges(const FlxContainer& file, const std::vector<SynapseNode>& synapses, const Circuit& circuit) {
  const NeuronIndex neurons = first_neurons(circuit).back();
  const auto is_end = [&](NeuronIndex end) { return is_path(end) ? end - FLUX_FIRST_PATH < circuit.paths.size() : end < neurons; };
  for (std::size_t i = 0; i < synapses.size(); ++i) {
    const SynapseNode& synapse = synapses[i];
    if (!is_end(synapse.source) || !is_end(synapse.target) || synapse.properties.type > SynapseType::electric ||
        synapse.properties.length == 0 || std::abs(int{synapse.long_term}) > FLUX_MAX_LONG_TERM) {
      return file.damaged(fmt::format("synapse {} has a value out of range", i));
    }
  }
  return {};
}

}  // namespace

bool has_synapse_parts(const FlxContainer& file) { return file.find(FLUX_SOURCE) != nullptr; }

void add_synapse_parts(FlxWriter& writer, const std::vector<SynapseNode>& synapses) {
  if (synapses.empty()) return;
  std::vector<std::uint32_t> ends(synapses.size());
  std::transform(synapses.begin(), synapses.end(), ends.begin(), [](const SynapseNode& s) { return s.source; });
  writer.add_owned(FLUX_SOURCE, ends, FLUX_FLX_MUST_UNDERSTAND);
  std::transform(synapses.begin(), synapses.end(), ends.begin(), [](const SynapseNode& s) { return s.target; });
  writer.add_owned(FLUX_TARGET, std::move(ends), FLUX_FLX_MUST_UNDERSTAND);
  add_column(writer, FLUX_TYPE, synapses);
  add_column(writer, FLUX_WEIGHT, synapses);
  add_column(writer, FLUX_LENGTH, synapses);
  add_column(writer, FLUX_STM, synapses);
  add_column(writer, FLUX_LTM, synapses);
  add_column(writer, FLUX_RESTORE, synapses);
  add_column(writer, FLUX_LONG_TERM, synapses);
  add_comments(writer, synapses);
}

Result<std::vector<SynapseNode>> read_synapse_parts(const FlxContainer& file, const Circuit& circuit) {
  std::vector<SynapseNode> synapses;
  const auto sources = column_of<const std::uint32_t>(file, FLUX_SOURCE);
  if (!sources) return sources.error();
  const auto targets = column_of<const std::uint32_t>(file, FLUX_TARGET);
  if (!targets) return targets.error();
  if (sources.value().size() != targets.value().size()) return file.damaged("the synapses have not as many sources as targets");
  synapses.resize(sources.value().size());
  for (std::size_t i = 0; i < synapses.size(); ++i) {
    synapses[i].source = sources.value()[i];
    synapses[i].target = targets.value()[i];
  }
  if (Status status = read_column(file, FLUX_TYPE, synapses); !status) return status.error();
  if (Status status = read_column(file, FLUX_WEIGHT, synapses); !status) return status.error();
  if (Status status = read_column(file, FLUX_LENGTH, synapses); !status) return status.error();
  if (Status status = read_column(file, FLUX_STM, synapses); !status) return status.error();
  if (Status status = read_column(file, FLUX_LTM, synapses); !status) return status.error();
  if (Status status = read_column(file, FLUX_RESTORE, synapses); !status) return status.error();
  if (Status status = read_column(file, FLUX_LONG_TERM, synapses); !status) return status.error();
  if (Status status = read_comments(file, synapses); !status) return status.error();
  if (Status status = check_ranges(file, synapses, circuit); !status) return status.error();
  return synapses;
}

}  // namespace flux
