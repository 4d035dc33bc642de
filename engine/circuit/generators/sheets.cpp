// Neurons that talk to their neighbours.
#include <array>

#include "makers.h"

namespace flux {
namespace {

// --- Ring -------------------------------------------------------------------------------------------------------------------------

constexpr GeneratorSetting FLUX_RING_SETTINGS[] = {
    {"neurons", "neurons on the ring", SettingType::integer, 24, 1'000'000, 32, "directions that it tells apart"},
    {"inhibition", "inhibition, levels", SettingType::integer, 30, 60, 45, "what keeps the bump narrow"},
};

void make_ring(const SettingValues& values, Sketch& sketch) {
  const auto neurons = values.as<std::uint32_t>("neurons");
  const auto ring = sketch.population("ring", neurons, 0, neuron_type(60, 60, 3), {0, 0});
  const auto calm = sketch.neuron("calm", neuron_type(40, 40, 2), {0, 150});
  sketch.input(ring, "cue", "stimulate four neighbours a few times: the bump goes there");
  sketch.output(ring, "bump", "the neurons of the bump fire");

  sketch.kernel(ring, ring, true).kernel = {{-1, 0, 50, 7}, {1, 0, 50, 7}, {-2, 0, 30, 8}, {2, 0, 30, 8}, {-3, 0, 10, 9}, {3, 0, 10, 9}};
  sketch.fiber({ring}, {calm}, FiberRule::all_to_all, 9, 3);
  sketch.fiber({calm}, {ring}, FiberRule::all_to_all, -values.as<std::int32_t>("inhibition"), 3);
}

// --- Sheet ------------------------------------------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 2> FLUX_EDGES = {"clip", "wrap"};
constexpr std::array<std::string_view, 2> FLUX_NEIGHBOURS = {"four", "eight"};

constexpr GeneratorSetting FLUX_SHEET_SETTINGS[] = {
    {"columns", "columns", SettingType::integer, 3, 4000, 24, "cells in a row"},
    {"rows", "rows", SettingType::integer, 3, 4000, 16, "rows of cells"},
    {"neighbours", "neighbours of a cell", SettingType::choice, 0, 1, 0, "four share an edge with it, eight a corner as well",
     FLUX_NEIGHBOURS},
    {"edges", "edges of the sheet", SettingType::choice, 0, 1, 0, "wrapped, opposite edges are neighbours", FLUX_EDGES},
    {"delay", "delay from cell to cell, ticks", SettingType::integer, 1, 100, 3, "length of the synapses"},
};

void make_sheet(const SettingValues& values, Sketch& sketch) {
  const auto columns = values.as<std::uint32_t>("columns"), rows = values.as<std::uint32_t>("rows");
  const auto delay = values.as<std::int32_t>("delay");
  constexpr std::int32_t weight = 100;
  // Deaf until the answer of the cells it woke has passed, so that waves only go forward.
  const auto sheet = sketch.population("cell", columns * rows, columns, neuron_type(80, 80, 2 * delay + 2), {0, 0});
  sketch.input(sheet, "touch", "fire one: a wave goes out from it");
  sketch.output(sheet, "cell", "each fires once as a wave passes");

  Fiber& near = sketch.kernel(sheet, sheet, values["edges"] == 1);
  for (std::int32_t dy = -1; dy <= 1; ++dy) {
    for (std::int32_t dx = -1; dx <= 1; ++dx) {
      const bool shares_edge = (dx == 0) != (dy == 0), shares_corner = dx != 0 && dy != 0;
      if (shares_edge || (shares_corner && values["neighbours"] == 1)) near.kernel.push_back({dx, dy, weight, delay});
    }
  }
}

}  // namespace

const Maker FLUX_RING = {{"ring", "Ring",
                          "Neurons on a ring excite their neighbours and, through `calm`, inhibit all. The ring holds one bump of activity "
                          "wherever a cue last put it: "
                          "a memory of a direction.",
                          FLUX_RING_SETTINGS},
                         make_ring};

const Maker FLUX_SHEET = {{"sheet", "Sheet",
                           "A grid of cells that wake their neighbours. A touch sends out a wave, which passes each cell once; where waves "
                           "meet they put each other out.",
                           FLUX_SHEET_SETTINGS},
                          make_sheet};

}  // namespace flux
