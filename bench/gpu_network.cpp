#include "gpu_network.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "base/random.h"
#include "core/rule.h"

namespace flux::bench {

namespace {

constexpr std::uint32_t FLUX_LENGTHS = 16;  // ticks: 1..16
constexpr std::uint64_t FLUX_PHASE_STREAM = 0x510e527fade682d1u;

bool is_inhibitory(const GpuNetworkOptions& options, NeuronIndex neuron) { return neuron >= options.neurons / 5 * 4; }

// Calls share(first, end) on all processors, for equal parts of 0..count-1.
template <class Share>
void in_parallel(std::uint32_t count, const Share& share) {
  const std::uint64_t threads = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> team;
  for (std::uint64_t i = 0; i < threads; ++i) {
    team.emplace_back(share, static_cast<std::uint32_t>(count * i / threads), static_cast<std::uint32_t>(count * (i + 1) / threads));
  }
  for (std::thread& thread : team) thread.join();
}

// Every row has the same sizes, so each has a place known beforehand.
struct Layout {
  std::uint32_t counts[FLUX_LENGTHS];  // synapses of each length
  std::uint32_t sublists = 0;
  std::uint64_t static_words = 0, plastic_words = 0, learned_words = 0;

  explicit Layout(std::uint32_t fanout) {
    for (std::uint32_t i = 0; i < FLUX_LENGTHS; ++i) {
      counts[i] = fanout / FLUX_LENGTHS + (i < fanout % FLUX_LENGTHS ? 1 : 0);
      sublists += counts[i] > 0 ? 1 : 0;
    }
    static_words = fanout + sublists;
    plastic_words = fanout + 3 * std::uint64_t{sublists};
    learned_words = fanout + sublists;
  }
};

void write_row(const GpuNetworkOptions& options, const Layout& layout, NeuronIndex source, bool plastic, Word* word,
               std::uint64_t learned) {
  std::uint32_t k = 0;
  for (std::uint32_t i = 0; i < layout.sublists; ++i) {
    const std::uint32_t count = layout.counts[i];
    *word++ = SublistHeader{count, 1, SynapseType::direct, plastic, i + 1 < layout.sublists}.encode();
    if (plastic) {
      *word++ = 4u | 1u << 16;  // stm_rate 4, restoration_rate 1
      *word++ = static_cast<Word>(learned);
      learned += 1 + count;
    }
    for (std::uint32_t s = 0; s < count; ++s, ++k) {
      const std::uint64_t bits = mix64((std::uint64_t{source} << 32 | k) ^ options.seed << 60);
      const auto draw = static_cast<std::int32_t>(bits & 0xffu);
      const std::int32_t weight = is_inhibitory(options, source) ? -4 - draw % 5 : 1 + draw % 2;  // -6 against 1.5 on average
      word[s] = static_cast<Word>(weight) << 24 | static_cast<Word>(random_below(bits, options.neurons));
    }
    std::sort(word, word + count, [](Word a, Word b) { return (a & 0xffffffu) < (b & 0xffffffu); });
    word += count;
  }
}

}  // namespace

Result<std::shared_ptr<Graph>> build_gpu_network(const GpuNetworkOptions& options) {
  const Layout layout(options.fanout);
  if (layout.counts[0] > FLUX_SUBLIST_MAX) return Error{"too many synapses of a length", "", "choose a smaller fanout"};
  GraphColumns columns;
  columns.neuron_count = options.neurons;
  NeuronProperties properties;
  properties.leak = 100;
  properties.refractory_period = 2;
  properties.auto_firing_rate = static_cast<std::uint16_t>(std::max(1u, 1000 / options.rate));
  columns.types = {properties};
  columns.type_of = Array<std::uint16_t>(options.neurons);
  columns.row_of = Array<std::uint64_t>(options.neurons);
  const std::uint64_t plastic_rows = options.plastic ? options.neurons / 5 * 4 : 0;
  columns.learned_words = plastic_rows * layout.learned_words;
  const std::uint64_t words = plastic_rows * layout.plastic_words + (options.neurons - plastic_rows) * layout.static_words;
  columns.words = Array<Word>(words);
  if (columns.words.size() != words || columns.row_of.size() != options.neurons || columns.type_of.size() != options.neurons) {
    return Error{"memory ran out", "", "choose a smaller network"};
  }
  in_parallel(options.neurons, [&](std::uint32_t first, std::uint32_t end) {
    for (NeuronIndex source = first; source < end; ++source) {
      const bool plastic = source < plastic_rows;
      const std::uint64_t offset =
          plastic ? source * layout.plastic_words : plastic_rows * layout.plastic_words + (source - plastic_rows) * layout.static_words;
      columns.row_of[source] = offset;
      write_row(options, layout, source, plastic, columns.words.data() + offset, source * layout.learned_words);
    }
  });
  auto graph = Graph::from_columns(std::move(columns));
  if (!graph) return graph.error();
  return std::make_shared<Graph>(std::move(graph).value());
}

NetworkState phased_state(const Graph& graph, const GpuNetworkOptions& options) {
  NetworkState state;
  const std::size_t neurons = graph.neuron_count();
  const NeuronProperties& p = graph.properties(0);
  state.level.resize(neurons);
  state.threshold.resize(neurons, static_cast<std::uint16_t>(p.threshold * 256));
  state.modulation.resize(neurons);
  state.refractory_left.resize(neurons);
  state.burst_left.resize(neurons);
  state.history.resize(neurons);
  state.learned.resize(graph.plastic_count());
  for (std::uint64_t n = 0; n < neurons; ++n) {
    state.own_spike_in.push_back(
        1 + static_cast<std::uint32_t>(random_below(random_bits(options.seed ^ FLUX_PHASE_STREAM, n, 0), p.auto_firing_rate)));
  }
  return state;
}

}  // namespace flux::bench
