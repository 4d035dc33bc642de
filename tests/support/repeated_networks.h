// Random networks in which circuits are repeated, as a graph with shared tables and written out.
#pragma once

#include "support/parity.h"

namespace flux::test {

// Neurons, then two circuits repeated, with more neurons between and behind them: as the builder takes it, and written out.
struct RepeatedNetwork {
  struct Part {
    NeuronIndex first = 0;
    Repeated repeated;  // no instances: plain neurons, those of its one variant
  };
  RandomNetwork written_out;
  std::vector<Part> parts;
};

RepeatedNetwork random_repeated(std::uint64_t seed);
// With shared tables.
std::shared_ptr<Graph> build(const RepeatedNetwork& network);

}  // namespace flux::test
