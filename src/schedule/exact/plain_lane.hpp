#pragma once

#include <span>

#include "schedule/exact/completion_tree.hpp"
#include "schedule/exact/coupling_bound.hpp"
#include "schedule/exact/list_search.hpp"
#include "schedule/exact/order_tree.hpp"
#include "schedule/exact/static_bound.hpp"
#include "splitlane/schedule/exact.hpp"

namespace splitlane {

/// Decides makespans of services without switch cost: bounds and list schedules from cheap to dear, then branch and
/// bound. Reusable.
class PlainLane {
 public:
  using Verdict = LaneDecision::Verdict;

  PlainLane() = default;
  PlainLane(const PlainLane&) = delete;
  PlainLane& operator=(const PlainLane&) = delete;

  /// Prepares a set of services, which must outlive the decisions about it.
  void start(std::span<const Service> services, bool preemptive);
  Verdict decide(Time makespan, const ExactLaneParameters& parameters);
  /// The static bound, raised as far as propagation at the root refutes makespans below `limit`.
  Time lower_bound(Time limit, const StopCondition& stop);
  /// The best schedule so far.
  Time makespan() const { return list_.makespan(); }
  const Lane& lane() const { return list_.lane(); }
  /// After kInfeasible, when asked for.
  const LaneProof& proof() const { return proof_; }

 private:
  bool has_room_for_tree() const;
  Verdict decide_large(Time makespan, const ExactLaneParameters& parameters);
  Verdict search_tree(std::uint64_t node_limit, const ExactLaneParameters& parameters);
  bool is_refuted_by_coupling(Time makespan, bool want_proof);

  std::span<const Service> services_;
  Time longest_idle_path_ = 0;  // of the services without work, which no window sees
  StaticBound static_bound_;
  ListSearch list_;
  CompletionTree completion_tree_;
  OrderTree order_tree_;
  LaneTree* tree_ = &completion_tree_;
  CouplingBound coupling_;
  LaneProof proof_;
};

}  // namespace splitlane
