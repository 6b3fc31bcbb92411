#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "splitlane/certificate/lane_proof.hpp"
#include "splitlane/plan/service.hpp"
#include "splitlane/schedule/schedule.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// How far the exact scheduler of one helper may go, and what is asked of it.
struct ExactLaneParameters {
  bool preemptive = true;
  bool want_proof = false;             ///< fill in `proof`
  std::uint64_t node_limit = 20'000;   ///< branch and bound nodes for each makespan that is tried
  std::uint64_t search_limit = 4'000;  ///< list schedules of the local search
  StopCondition stop;
};

/// Whether the services fit one helper by a given makespan.
struct LaneDecision {
  enum class Verdict : std::uint8_t { kFeasible, kInfeasible, kUnknown };
  Verdict verdict = Verdict::kUnknown;
  Lane lane;  ///< kFeasible: a schedule that ends in time
  /// kInfeasible, when asked for: of the plain services at this makespan, or kExhaustive. Empty where a service without
  /// work is late by its path alone, which no window shows (the path bound refuses such an option before any lane is
  /// built).
  LaneProof proof;
};

/// The best schedule found and what is proven.
struct LaneOptimum {
  Lane lane;
  Time makespan = 0;
  Time lower_bound = 0;  ///< == makespan unless a limit ended the search
  LaneProof proof;       ///< when asked for and lower_bound > 0: of makespan lower_bound - 1 (as in LaneDecision)
};

/// Decides exactly (docs/how_it_works.md#the-exact-scheduler): coupled Jackson and window bound, forward-backward
/// improvement, propagation, coupling bound, local search, then branch and bound with coupled EDF at every node.
/// Without preemption: list schedules, then branch and bound over the order of pairs of tasks. Helpers of more than 500
/// clients get bounds and list schedules only.
///
/// With switch costs the services are first made plain (`plain_service`). Without preemption that loses nothing. With
/// preemption it is a relaxation; where it says no more, all lanes of up to kMostExhaustiveOptions services are
/// enumerated (src/schedule/exact/exhaustive_lane.hpp), 10 states for each node of the limit and half of
/// kExhaustiveStateLimit at most: kUnknown is possible whatever the limits. Deterministic. Exponential at worst;
/// microseconds on the realistic instances of docs/how_it_works.md#how-hard-it-is. A caller that asks about many sets
/// inside the library reuses one LaneOracle (src/schedule/exact/lane_oracle.hpp).
LaneDecision decide_lane(std::span<const Service> services, const SwitchRule& rule, Time makespan,
                         const ExactLaneParameters& parameters);

/// The smallest makespan, from the lower bound upwards in growing steps, then by bisection, so the number of makespans
/// tried is logarithmic (docs/how_it_works.md#the-exact-scheduler). Once a schedule is no longer than `target` nothing
/// shorter is looked for: no makespan below `target` is searched, and `lower_bound` is what the bounds had proven by
/// then. A limit or the stop condition ends the search with the best lane and the bound so far.
LaneOptimum optimal_lane(std::span<const Service> services, const SwitchRule& rule,
                         const ExactLaneParameters& parameters, Time target = 0);

}  // namespace splitlane
