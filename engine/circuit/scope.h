// What elaborating keeps of each circuit it has placed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bodies.h"
#include "circuit/repeated.h"

namespace flux {

class Elaborator;

// The instances of a repeated circuit.
struct RepeatedScope {
  std::shared_ptr<Elaborator> inside;  // an instance
  std::vector<PlacedNeighbours> neighbours;
  std::uint32_t node = 0;  // in the flat circuit, when their tables are shared
  bool is_shared = false;
};

inline constexpr std::uint32_t FLUX_NO_SCOPE = ~std::uint32_t{0};

// The copies of a circuit of a body.
struct PlacedCopies {
  std::vector<std::uint32_t> scopes;        // per copy; FLUX_NO_SCOPE: not placed yet
  std::set<std::uint32_t> named;            // those that changes name: each has a body of its own
  std::shared_ptr<ReadyBody> common;        // of the others, once one of them was placed
  std::shared_ptr<RepeatedScope> repeated;  // null unless they are instances of a repeated circuit

  bool is_shared() const { return repeated && repeated->is_shared; }
};

// A circuit placed at a path of the tree.
struct Scope {
  std::uint32_t number = 0;  // among the placed ones
  std::shared_ptr<ReadyBody> body;
  std::string path;         // with a slash at the end; of the root empty
  std::uint64_t seed = 0;   // of its fibers without one of their own
  bool is_written = false;  // all its neurons stand in the flat circuit, from here on:
  std::uint32_t first_node = 0;
  NeuronIndex first_neuron = 0;
  std::vector<PlacedCopies> copies{};  // per circuit of the body
};

// What a path of a connection names.
struct Target {
  std::uint32_t node;   // in the flat circuit
  NeuronIndex neuron;   // the first, or the one that is named
  std::uint32_t count;  // of the population, 0: a single neuron
  bool is_one_of_many = false;
  std::optional<RepeatedSide> side = std::nullopt;  // inside a repeated circuit whose tables are shared
  bool is_generated = false;                        // a generator made its circuit
};

// A path being followed, for messages.
struct Search {
  const std::string* path;
  const std::string& element;
  TextPlace place;
  bool takes_many;
  const Scope* from;
};

}  // namespace flux
