#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "schedule/exact/exhaustive_lane.hpp"
#include "schedule/exact/plain_lane.hpp"
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
  Time lower_bound(Time limit, const StopCondition& stop);

  /// The best lane so far: after kFeasible no longer than the makespan asked for.
  const Lane& lane() const { return lane_; }
  Time makespan() const { return makespan_; }
  /// After kInfeasible, when asked for.
  const LaneProof& proof() const { return proof_; }

 private:
  bool is_plain() const { return rule_.cost == 0; }
  /// By how much a newcomer is more urgent before the list schedules of real lanes let it interrupt.
  std::array<Time, 3> margins() const { return {worthwhile_margin(rule_), kNeverPreempt, 0}; }
  void offer(const Lane& lane);
  void offer_with_gaps(const Lane& plain_lane);
  bool improve_real_lists(Time makespan, const ExactLaneParameters& parameters);
  bool search_real_lanes(Time makespan, const ExactLaneParameters& parameters);
  Verdict enumerate_real_lanes(Time makespan, std::uint64_t state_limit, const ExactLaneParameters& parameters);

  std::vector<Service> services_;
  std::vector<Service> plain_;
  SwitchRule rule_;
  bool preemptive_ = true;
  PlainLane plain_lane_;
  PlainLane whole_tasks_;  // with switch costs and preemption: the plain services without preemption
  bool has_whole_tasks_ = false;
  ListSearch real_list_;
  ExhaustiveLane exhaustive_;
  LaneProof proof_;
  Lane lane_;
  Lane shifted_;
  Time makespan_ = 0;
};

}  // namespace splitlane
