#pragma once

#include <cstdint>
#include <random>

namespace splitlane {

/// The engine is fixed by the C++ standard; its distributions are not, so numbers are drawn by our own arithmetic and
/// one seed gives one sequence everywhere.
using RandomEngine = std::mt19937_64;

/// Uniform in [0, count), count >= 1, by rejection (no modulo bias).
inline std::uint64_t random_below(RandomEngine& engine, std::uint64_t count) {
  const std::uint64_t rejected = (std::uint64_t{0} - count) % count;  // 2^64 mod count
  std::uint64_t draw = engine();
  while (draw < rejected) draw = engine();
  return draw % count;
}

/// Uniform in [0, 1), from the top 53 bits.
inline double random_unit(RandomEngine& engine) { return static_cast<double>(engine() >> 11) * 0x1.0p-53; }

}  // namespace splitlane
