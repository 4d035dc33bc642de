// The built-in generators: their settings and what makes a circuit of them.
#pragma once

#include <span>
#include <string_view>

#include "circuit/generators.h"
#include "sketch.h"

namespace flux {

struct Maker {
  Generator generator;
  void (*make)(const SettingValues& values, Sketch& sketch);
};

// pools.cpp
extern const Maker FLUX_RESERVOIR, FLUX_BALANCED;
// layers.cpp
extern const Maker FLUX_LAYER, FLUX_STACK;
// sheets.cpp
extern const Maker FLUX_RING, FLUX_SHEET;
// rhythms.cpp
extern const Maker FLUX_PATTERN;
// choices.cpp
extern const Maker FLUX_WINNER;

}  // namespace flux
