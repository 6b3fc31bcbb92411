#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/wide_key.hpp"
#include "methods/exact/column_table.hpp"
#include "schedule/exact/lane_oracle.hpp"
#include "schedule/list_schedule.hpp"
#include "splitlane/schedule/exact.hpp"

namespace splitlane::exact {

/// Answers whether a set of columns fits its helper by some makespan, and remembers. Sets of interchangeable helpers
/// share an answer. A set that fits by C fits by every later C, one that does not fit by C fits by no earlier one.
class LaneCache {
 public:
  using Verdict = LaneDecision::Verdict;
  static constexpr std::uint64_t kNodeLimit = 20'000;

  LaneCache(const ColumnTable& columns, bool preemptive, const StopCondition& stop);

  /// `set`: columns of one helper, at most one a client, in any order. Memory is not looked at.
  Verdict decide(std::span<const ColumnIndex> set, Time makespan, std::uint64_t node_limit = kNodeLimit);

  /// End of a quick schedule (coupled Jackson; list schedule without preemption) of these columns on their helper.
  Time quick_end(std::span<const ColumnIndex> set);

  /// A schedule that ends by `makespan`, for a set that `decide` called feasible.
  Lane lane(std::span<const ColumnIndex> set, Time makespan);
  /// The proof for a set that `decide` called infeasible; service k is set[k].
  LaneProof proof(std::span<const ColumnIndex> set, Time makespan);

  bool preemptive() const { return preemptive_; }
  /// Whether some set with switch costs and preemption stayed undecided although `decide` was not told to hurry.
  bool has_given_up() const { return has_given_up_; }

 private:
  struct Known {
    Time infeasible_until = -1;  ///< proven for every makespan up to this
    Time feasible_from = 0;      ///< known for this makespan and later
    Time undecided = -1;         ///< makespan at which the search gave up
    std::uint64_t nodes = 0;     ///< its node limit then
  };

  /// Exclusive or of random numbers of the members.
  WideKey key_of(std::span<const ColumnIndex> set) const;
  const SwitchRule& gather(std::span<const ColumnIndex> set);
  ExactLaneParameters parameters(std::uint64_t node_limit, bool want_proof) const;

  const ColumnTable& columns_;
  bool preemptive_;
  bool has_given_up_ = false;
  StopCondition stop_;
  std::vector<WideKey> keys_;                              ///< by column
  std::unordered_map<WideKey, Known, WideKeyHash> known_;  // looked up only, so its order decides nothing
  std::vector<Service> services_;
  std::vector<Time> priority_;
  SwitchRule rule_;
  ListScheduler scheduler_;
  LaneOracle oracle_;
};

}  // namespace splitlane::exact
