#pragma once

#include <span>
#include <vector>

#include "schedule/exact/preemptive_lane.hpp"
#include "splitlane/schedule/exact.hpp"

namespace splitlane {

/// What `decide_lane` and `optimal_lane` are made of, for a caller that asks about many sets of services: reusing one
/// object avoids nearly all allocations. Not to be shared between threads.
class LaneOracle {
 public:
  using Verdict = LaneDecision::Verdict;

  /// Makes `services` the set that the other functions are about. Keeps a copy.
  void start(std::span<const Service> services, const SwitchRule& rule, bool preemptive);
  /// As `decide_lane`; `parameters.preemptive` is what `start` was told.
  Verdict decide(Time makespan, const ExactLaneParameters& parameters);
  /// What cheap bounds prove, `limit` at most.
  Time lower_bound(Time limit);

  /// The best lane so far: after kFeasible no longer than the makespan asked for.
  const Lane& lane() const { return preemptive_.lane(); }
  Time makespan() const { return preemptive_.makespan(); }
  /// After kInfeasible, when asked for: of the plain services.
  const LaneProof& proof() const { return preemptive_.proof(); }

 private:
  std::vector<Service> services_;
  std::vector<Service> plain_;
  SwitchRule rule_;
  PreemptiveLane preemptive_;
};

}  // namespace splitlane
