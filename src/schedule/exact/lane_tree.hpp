#pragma once

#include <cstdint>
#include <span>

#include "splitlane/schedule/exact.hpp"

namespace splitlane {

/// A branch and bound that decides whether services without switch cost fit one makespan.
class LaneTree {
 public:
  using Verdict = LaneDecision::Verdict;

  LaneTree() = default;
  LaneTree(const LaneTree&) = delete;
  LaneTree& operator=(const LaneTree&) = delete;
  virtual ~LaneTree() = default;

  /// Propagates the root. kInfeasible when that refutes it; otherwise `search` may follow, several times. The services
  /// must outlive the search, and those without work must be on time.
  virtual Verdict start(std::span<const Service> services, Time makespan, bool record_proof,
                        const StopCondition& stop) = 0;
  /// Up to `node_limit` nodes, each a propagation to the fixpoint and one list schedule.
  virtual Verdict search(std::uint64_t node_limit, const StopCondition& stop) = 0;

  /// After kFeasible.
  virtual const Lane& lane() const = 0;
  virtual Time makespan() const = 0;
  /// After kInfeasible of either function, when recorded.
  virtual LaneProof proof() const = 0;

 protected:
  /// Propagation ends after so many rounds, even short of the fixpoint: rare, but two bounds can drive each other
  /// upwards in steps so small that the rounds would depend on the time unit.
  static constexpr int kMostRounds = 50;
};

}  // namespace splitlane
