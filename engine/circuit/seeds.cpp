#include "circuit/seeds.h"

#include "base/random.h"

namespace flux {
namespace {

constexpr std::uint64_t FLUX_FIBER_KEY = 0x6669626572;      // "fiber"
constexpr std::uint64_t FLUX_CIRCUIT_KEY = 0x636972637569;  // "circui"

// FNV-1a (Fowler, Noll, Vo), 64 bits: the same for a name on every machine.
std::uint64_t hash_name(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

}  // namespace

std::uint64_t circuit_seed(std::uint64_t around, std::string_view name) { return random_bits(around, FLUX_CIRCUIT_KEY, hash_name(name)); }
std::uint64_t fiber_seed(std::uint64_t circuit, std::uint32_t number) { return random_bits(circuit, FLUX_FIBER_KEY, number); }

}  // namespace flux
