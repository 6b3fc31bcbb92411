#pragma once

#include <cstdint>
#include <string>

#include "splitlane/instance/instance.hpp"

namespace splitlane::benchmark {

/// An instance whose memory is the difficulty, and what is known of it.
struct MemoryPuzzle {
  Instance instance;
  std::string kind;
};

/// 20 to 200 clients on 2 to 20 helpers, packed beforehand to 90 to 100 %: equal or unlike capacities, everybody
/// everywhere or with a reach of some helpers, one demand a client or another on each helper.
MemoryPuzzle planted_packing(std::uint64_t seed);

/// No packing exists: full helpers and 1 MB more; even demands on odd capacities; one client too many of more than a
/// third each; some helpers' own clients one MB too large in all; full helpers, two of which no sum of demands fills.
MemoryPuzzle impossible_packing(std::uint64_t seed);

}  // namespace splitlane::benchmark
