// What the draws of a tree go by. docs/file-format.md is the norm.
#pragma once

#include <cstdint>
#include <string_view>

namespace flux {

// Seed of a circuit from that of the circuit around it; `name`: its id, of a copy with its number ("leg[2]").
std::uint64_t circuit_seed(std::uint64_t around, std::string_view name);
// Seed of a fiber without one of its own, in a circuit of this seed.
std::uint64_t fiber_seed(std::uint64_t circuit, std::uint32_t number);

}  // namespace flux
