#pragma once

#include <cstdint>
#include <string>

#include "splitlane/execution/followed_plan.hpp"
#include "splitlane/instance/instance.hpp"
#include "training/emulation/emulated_fleet.hpp"
#include "training/simulation/simulated_cluster.hpp"

namespace splitlane::training {

/// Small seeded generator (splitmix64), alike on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t bits = (state_ += 0x9e3779b97f4a7c15U);
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
    return bits ^ (bits >> 31);
  }
  /// An integer in [lowest, highest].
  std::int64_t between(std::int64_t lowest, std::int64_t highest) {
    return lowest + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(highest - lowest + 1));
  }
  bool percent(int chance) { return between(0, 99) < chance; }

 private:
  std::uint64_t state_;
};

/// A small training, drawn at random: 1 to 4 helpers and 2 to 8 clients, durations of 1 to 150 ms, helpers with room
/// for their own clients and perhaps for more.
struct HostileScenario {
  Instance instance;
  FollowedPlan plan;
  std::int32_t layers = 6;
  std::int64_t rounds = 1;
};

HostileScenario hostile_scenario(Dice& dice);

/// Faults of a cluster while it trains, drawn at random. Returns when the last of them is over.
Time add_faults(Dice& dice, const HostileScenario& scenario, bool only_helpers, SimulatedCluster& cluster);

}  // namespace splitlane::training
