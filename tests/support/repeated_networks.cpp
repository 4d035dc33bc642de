#include "support/repeated_networks.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace flux::test {

RepeatedNetwork random_repeated(std::uint64_t seed) {
  Random random(seed);
  RepeatedNetwork network;
  RandomNetwork& all = network.written_out;
  const bool plain = random.chance(30);
  all.settings.seed = seed;
  if (random.chance(20)) all.settings.delay_jitter = static_cast<std::uint8_t>(random.below(12));
  if (!plain && random.chance(20)) all.settings.threshold_noise = static_cast<std::uint8_t>(random.below(30));
  for (int p = 0; p < 5; ++p) {
    RepeatedNetwork::Part& part = network.parts.emplace_back();
    part.first = static_cast<NeuronIndex>(all.neurons.size());
    const bool repeats = p % 2 == 1;
    const int stride = repeats ? random.between(1, 17) : random.below(12);
    const int variants = repeats ? random.between(1, 4) : 1;
    for (int v = 0; v < variants; ++v) {
      auto& variant = part.repeated.variants.emplace_back();
      for (int k = 0; k < stride; ++k) variant.push_back(random_neuron(random, plain || random.chance(30)));
    }
    for (int i = repeats ? random.between(variants, 12) : 0; i > 0; --i) {
      part.repeated.variant_of.push_back(static_cast<std::uint32_t>(i <= variants ? i - 1 : random.below(variants)));
    }
    if (!repeats) all.neurons.insert(all.neurons.end(), part.repeated.variants[0].begin(), part.repeated.variants[0].end());
    for (int k = 0; repeats && k < stride; ++k) {
      if (random.chance(10)) part.repeated.own_rows.push_back(static_cast<std::uint32_t>(k));
    }
    for (const std::uint32_t v : part.repeated.variant_of) {
      all.neurons.insert(all.neurons.end(), part.repeated.variants[v].begin(), part.repeated.variants[v].end());
    }
  }
  const auto neurons = static_cast<std::uint32_t>(all.neurons.size());
  const auto random_row = [&] {
    std::vector<SynapseSpec> row;
    for (int k = random.chance(10) ? 0 : random.below(24); k > 0; --k) row.push_back(random_synapse(random, neurons, plain));
    return row;
  };
  all.rows.resize(neurons);
  for (const RepeatedNetwork::Part& part : network.parts) {
    const auto stride = static_cast<std::uint32_t>(part.repeated.variants[0].size());
    const auto instances = static_cast<std::uint32_t>(part.repeated.variant_of.size());
    if (instances == 0) {
      for (std::uint32_t k = 0; k < stride; ++k) all.rows[part.first + k] = random_row();
      continue;
    }
    const NeuronIndex end = part.first + stride * instances;
    for (std::uint32_t v = 0; v < part.repeated.variants.size(); ++v) {
      for (std::uint32_t k = 0; k < stride; ++k) {
        const bool own = std::count(part.repeated.own_rows.begin(), part.repeated.own_rows.end(), k) > 0;
        std::vector<NeuronIndex> sources;
        for (std::uint32_t i = 0; i < instances; ++i) {
          if (part.repeated.variant_of[i] == v) sources.push_back(part.first + i * stride + k);
        }
        if (own) {
          for (const NeuronIndex source : sources) all.rows[source] = random_row();
          continue;
        }
        const auto is_inside = [&](std::int64_t target) { return target >= part.first && target < end; };
        std::vector<SynapseSpec> row = random_row();
        std::erase_if(row, [&](const SynapseSpec& synapse) {  // what would lead out of the instances for one of them
          return is_inside(synapse.target) && std::any_of(sources.begin(), sources.end(), [&](NeuronIndex source) {
                   return !is_inside(std::int64_t{synapse.target} - sources[0] + source);
                 });
        });
        for (const NeuronIndex source : sources) {
          all.rows[source] = row;
          for (SynapseSpec& synapse : all.rows[source]) synapse.target += is_inside(synapse.target) ? source - sources[0] : 0;
        }
      }
    }
  }
  return network;
}

std::shared_ptr<Graph> build(const RepeatedNetwork& network) {
  GraphBuilder builder(network.written_out.settings, {});
  for (const RepeatedNetwork::Part& part : network.parts) {
    if (!part.repeated.variant_of.empty()) {
      EXPECT_TRUE(builder.add_repeated(part.repeated).ok());
      continue;
    }
    for (const NeuronProperties& p : part.repeated.variants[0]) EXPECT_TRUE(builder.add_neurons(p).ok());
  }
  for (const RepeatedNetwork::Part& part : network.parts) {
    const auto stride = static_cast<std::uint32_t>(part.repeated.variants[0].size());
    const auto& variant_of = part.repeated.variant_of;
    const auto own = [&](std::uint32_t k) { return std::count(part.repeated.own_rows.begin(), part.repeated.own_rows.end(), k) > 0; };
    for (std::uint32_t i = 0; i < std::max<std::size_t>(1, variant_of.size()); ++i) {
      const bool is_first =
          i >= variant_of.size() || std::find(variant_of.begin(), variant_of.end(), variant_of[i]) - variant_of.begin() == i;
      for (std::uint32_t k = 0; k < stride; ++k) {
        const NeuronIndex source = part.first + i * stride + k;
        if (!is_first && !own(k)) continue;
        EXPECT_TRUE(builder.append_row(source, network.written_out.rows[source]).ok());
      }
    }
  }
  auto graph = builder.finish();
  EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : graph.error().message());
  return std::make_shared<Graph>(std::move(graph).value());
}

}  // namespace flux::test
