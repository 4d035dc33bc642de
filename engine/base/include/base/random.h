// Counter-based randomness: a number is a hash of where it is used, never the next of a shared sequence, so that order, threads and
// machines cannot change it.
#pragma once

#include <cstdint>

namespace flux {

// SplitMix64's finalizer (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): a bijection of 64 bits.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// 64 random bits for the place (a, b) under a seed.
constexpr std::uint64_t random_bits(std::uint64_t seed, std::uint64_t a, std::uint64_t b) { return mix64(mix64(mix64(seed) ^ a) ^ b); }

// A whole number in 0..bound-1 from the upper 32 of 64 random bits (Lemire's multiply-shift); bound 1..2^32.
constexpr std::uint64_t random_below(std::uint64_t bits, std::uint64_t bound) { return ((bits >> 32) * bound) >> 32; }

}  // namespace flux
