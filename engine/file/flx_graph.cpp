#include <cstring>

#include "flx_parts.h"

namespace flux {
namespace {

// Part "graph".
struct GraphHead {
  std::uint64_t origin;  // flx_origin() of the circuit it was made from
  std::uint32_t neuron_count;
  std::uint32_t delay_group;
  std::uint32_t lag_shift;
  std::uint32_t tick_microseconds;
  std::uint64_t seed;
  std::uint8_t threshold_noise;
  std::uint8_t delay_jitter;
  std::uint8_t reserved[6];
  std::uint64_t learned_words;
};
static_assert(sizeof(GraphHead) == 48);

// Elements of the columns lie in the file as they lie in memory.
static_assert(sizeof(NeuronProperties) == 12 && offsetof(NeuronProperties, modulation_targets) == 9 &&
              offsetof(NeuronProperties, auto_firing_rate) == 10);
static_assert(sizeof(InitialLongTerm) == 8);

template <class T>
Result<Array<T>> mapped_column(const FlxContainer& file, std::string_view tag) {
  const auto column = column_of<T>(file, tag);
  if (!column) return column.error();
  return Array<T>(file.memory(), column.value().data(), column.value().size());
}

Error stale(const FlxContainer& file) {
  return {"the compiled graph was made from another circuit", file.name(), "save the file again to renew it"};
}

}  // namespace

bool has_graph_parts(const FlxContainer& file) { return file.find("graph") != nullptr; }

void add_graph_parts(FlxWriter& writer, const Graph& graph) {
  const GraphColumns& columns = graph.columns();
  GraphHead head{};
  head.origin = writer.origin();
  head.neuron_count = columns.neuron_count;
  head.delay_group = columns.delay_group;
  head.lag_shift = columns.lag_shift;
  head.tick_microseconds = columns.settings.tick_microseconds;
  head.seed = columns.settings.seed;
  head.threshold_noise = columns.settings.threshold_noise;
  head.delay_jitter = columns.settings.delay_jitter;
  head.learned_words = columns.learned_words;
  writer.add_owned("graph", std::vector<GraphHead>{head});
  writer.add_column<NeuronProperties>("graph.types", columns.types);
  writer.add_column("graph.type_of", columns.type_of.span());
  writer.add_column("graph.rows", columns.row_of.span());
  writer.add_column("graph.words", columns.words.span());
  writer.add_column("graph.longterm", columns.long_term.span());
}

Result<Graph> read_graph_parts(const FlxContainer& file, std::uint32_t neuron_count, const NetworkSettings& settings) {
  const auto heads = column_of<const GraphHead>(file, "graph");
  if (!heads) return heads.error();
  if (heads.value().size() != 1) return file.damaged("part \"graph\" has the wrong size");
  const GraphHead& head = heads.value().front();
  if (head.origin != flx_origin(file.parts()) || head.neuron_count != neuron_count) return stale(file);

  GraphColumns columns;
  columns.neuron_count = head.neuron_count;
  columns.delay_group = head.delay_group;
  columns.lag_shift = head.lag_shift;
  columns.learned_words = head.learned_words;
  columns.settings = {head.tick_microseconds, head.seed, head.threshold_noise, head.delay_jitter};
  if (columns.settings != settings) return stale(file);
  const auto types = column_of<const NeuronProperties>(file, "graph.types");
  if (!types) return types.error();
  columns.types.assign(types.value().begin(), types.value().end());
  auto type_of = mapped_column<std::uint16_t>(file, "graph.type_of");
  if (!type_of) return type_of.error();
  columns.type_of = std::move(type_of).value();
  auto rows = mapped_column<std::uint64_t>(file, "graph.rows");
  if (!rows) return rows.error();
  columns.row_of = std::move(rows).value();
  auto words = mapped_column<Word>(file, "graph.words");
  if (!words) return words.error();
  columns.words = std::move(words).value();
  auto long_term = mapped_column<InitialLongTerm>(file, "graph.longterm");
  if (!long_term) return long_term.error();
  columns.long_term = std::move(long_term).value();
  return Graph::from_columns(std::move(columns));
}

}  // namespace flux
