// Layers, alone and one behind the other.
#include "fmt/format.h"
#include "makers.h"

namespace flux {
namespace {

// --- Layer ------------------------------------------------------------------------------------------------------------------------

constexpr GeneratorSetting FLUX_LAYER_SETTINGS[] = {
    {"columns", "columns", SettingType::integer, 1, 1000, 8, "cells in a row"},
    {"rows", "rows", SettingType::integer, 1, 1000, 8, "rows of cells"},
    {"inputs", "input neurons", SettingType::integer, 1, 10'000, 16, "connected to the cells at random"},
    {"probability", "connected, %", SettingType::integer, 1, 100, 25, "of the pairs of an input and a cell"},
    {"weight", "weight of an input, levels", SettingType::integer, 1, 127, 60, "the threshold of a cell is 100"},
    {"lateral", "inhibition of neighbours, levels", SettingType::integer, 0, 128, 20, "from each cell to those within 2 steps"},
};

void make_layer(const SettingValues& values, Sketch& sketch) {
  const auto columns = values.as<std::uint32_t>("columns"), rows = values.as<std::uint32_t>("rows");
  const auto input = sketch.population("input", values.as<std::uint32_t>("inputs"), 0, {}, {0, 0});
  const auto cells = sketch.population("cell", columns * rows, columns, neuron_type(100, 40, 5), {0, 100});
  sketch.input(input, "input", "what the cells look for combinations of");
  sketch.output(cells, "cell", "cells that found theirs");

  Fiber& in = sketch.fiber({input}, {cells}, FiberRule::random_probability, values.as<std::int32_t>("weight"), 2);
  in.probability = static_cast<double>(values["probability"]) / 100;
  if (values["lateral"] == 0) return;
  Fiber& lateral = sketch.fiber({cells}, {cells}, FiberRule::distance, -values.as<std::int32_t>("lateral"), 1);
  lateral.radius = 2;
  lateral.probability = 1;
}

// --- Stack ------------------------------------------------------------------------------------------------------------------------

constexpr GeneratorSetting FLUX_STACK_SETTINGS[] = {
    {"layers", "layers", SettingType::integer, 2, 1000, 5, "the first is the input, the last the output"},
    {"neurons", "neurons in a layer", SettingType::integer, 20, 100'000, 100, "in each"},
    {"fanout", "synapses of a neuron", SettingType::integer, 20, 200, 30, "onto the next layer; weights shrink as it grows"},
    {"delay", "delay from layer to layer, ticks", SettingType::integer, 1, 1000, 5, "length of the synapses"},
};

constexpr std::int64_t FLUX_STACK_THRESHOLD = 100;  // levels; a volley of a whole layer brings 2.4 times as much

void make_stack(const SettingValues& values, Sketch& sketch) {
  const auto layers = values.as<std::uint32_t>("layers"), neurons = values.as<std::uint32_t>("neurons");
  const auto fanout = values.as<std::uint32_t>("fanout");
  std::uint32_t previous = 0;
  for (std::uint32_t k = 0; k < layers; ++k) {
    const auto layer = sketch.population(fmt::format("layer_{}", k), neurons, 0, neuron_type(FLUX_STACK_THRESHOLD, 80, 5), {0, 60.0 * k});
    if (k == 0) sketch.input(layer, "input", "fire them together: a volley");
    if (k + 1 == layers) sketch.output(layer, "output", "where a volley arrives");
    if (k > 0) {
      const auto weight = static_cast<std::int32_t>(FLUX_STACK_THRESHOLD * 12 / 5 / fanout);
      sketch.fiber({previous}, {layer}, FiberRule::random_fanout, weight, values.as<std::int32_t>("delay")).fanout = fanout;
    }
    previous = layer;
  }
}

}  // namespace

const Maker FLUX_LAYER = {
    {"layer", "Layer",
     "A sheet of cells, each of which sees some of the inputs and fires when two of them or more come together; cells that fire quieten "
     "their neighbours.",
     FLUX_LAYER_SETTINGS},
    make_layer};

const Maker FLUX_STACK = {
    {"stack", "Feed-forward stack",
     "Layers one behind the other. A volley of a whole layer runs through to the last without spreading in time; a weak one dies out.",
     FLUX_STACK_SETTINGS},
    make_stack};

}  // namespace flux
