#include "random_network.h"

namespace flux::bench {

namespace {

constexpr std::uint64_t FLUX_DRIVE_STREAM = 0x3c6ef372fe94f82bu;
constexpr std::int32_t FLUX_FIRING_DOSE = 200;  // levels; above any threshold of this network, recurrent input aside

bool is_inhibitory(const RandomNetworkOptions& options, NeuronIndex neuron) { return neuron >= options.neurons / 5 * 4; }

}  // namespace

RandomSynapse random_synapse(const RandomNetworkOptions& options, NeuronIndex source, std::uint32_t k) {
  const std::uint64_t bits = random_bits(options.seed, source, k);
  const auto target = static_cast<NeuronIndex>(random_below(bits, options.neurons));
  const auto draw = static_cast<std::int32_t>((bits >> 8) & 0xffu);
  const std::int32_t weight = is_inhibitory(options, source) ? -4 - draw % 5 : 1 + draw % 2;  // -6 against 1.5 on average
  return {target, weight, 1 + static_cast<std::uint32_t>(bits & (FLUX_LONGEST - 1))};
}

Result<std::shared_ptr<Graph>> build_random_network(const RandomNetworkOptions& options) {
  GraphHints hints;
  hints.neurons = options.neurons;
  hints.synapses = std::uint64_t{options.neurons} * options.fanout;
  hints.distinct_lengths = FLUX_LONGEST;
  hints.delay_group = options.delay_group;
  GraphBuilder builder(NetworkSettings{}, hints);
  NeuronProperties properties;
  properties.leak = 100;  // 6.25 levels a tick: what the network sends itself stays below threshold for the most part
  properties.refractory_period = 2;
  if (Status status = builder.add_neurons(properties, options.neurons); !status) return status.error();
  std::vector<SynapseSpec> row(options.fanout);
  for (NeuronIndex source = 0; source < options.neurons; ++source) {
    for (std::uint32_t k = 0; k < options.fanout; ++k) {
      const RandomSynapse synapse = random_synapse(options, source, k);
      SynapseProperties p;
      p.weight = static_cast<std::int8_t>(synapse.weight);
      p.length = static_cast<std::uint16_t>(synapse.length);
      if (options.plastic && !is_inhibitory(options, source) && !is_inhibitory(options, synapse.target)) {
        p.stm_rate = 4;
        p.restoration_rate = 1;
      }
      row[k] = {synapse.target, p, 0};
    }
    if (Status status = builder.append_row(source, row); !status) return status.error();
  }
  auto graph = builder.finish();
  if (!graph) return graph.error();
  return std::make_shared<Graph>(std::move(graph).value());
}

void append_drive(std::uint64_t seed, Tick t, std::uint32_t neurons, std::uint32_t rate, std::vector<Stimulus>& stimuli) {
  // Thousandths of a stimulus that are left over in one tick come in another.
  const std::uint64_t thousandths = std::uint64_t{neurons} * rate;
  const std::uint64_t tick = static_cast<std::uint64_t>(t);
  const std::uint64_t count = thousandths * (tick + 1) / 1000 - thousandths * tick / 1000;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto neuron = static_cast<NeuronIndex>(random_below(random_bits(seed ^ FLUX_DRIVE_STREAM, tick, i), neurons));
    stimuli.push_back({t, neuron, Stimulus::Kind::direct, FLUX_FIRING_DOSE});
  }
}

}  // namespace flux::bench
