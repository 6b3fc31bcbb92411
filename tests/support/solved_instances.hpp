#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "support/exhaustive.hpp"
#include "support/random_instance.hpp"

namespace splitlane::test {

struct SolvedInstance {
  std::uint64_t seed = 0;
  Instance instance;
  Time optimum = 0;
};

/// Small random instances that have a plan, with the best of all assignments, each scheduled exhaustively. Every second
/// has switch costs, which make that slow: three clients there.
inline std::vector<SolvedInstance> solved_instances(std::uint64_t seeds) {
  InstanceShape shape;
  shape.most_helpers = 3;
  shape.longest = 4;
  shape.largest_switch_cost = 2;
  std::vector<SolvedInstance> solved;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    shape.switch_cost_percent = seed % 2 == 0 ? 100 : 0;
    shape.most_clients = seed % 2 == 0 ? 3 : 4;
    Instance instance = random_instance(seed, shape);
    const std::optional<Time> optimum = exhaustive_optimum(instance);
    if (optimum) solved.push_back({seed, std::move(instance), *optimum});
  }
  return solved;
}

}  // namespace splitlane::test
