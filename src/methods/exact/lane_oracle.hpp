#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "schedule/list_schedule.hpp"
#include "splitlane/schedule/exact.hpp"

namespace splitlane::exact {

/// Answers whether a set of columns fits its helper by some makespan, and remembers. Sets of interchangeable helpers share
/// an answer. A set that fits by C fits by every later C, one that does not fit by C fits by no earlier one.
class LaneOracle {
 public:
  using Verdict = LaneDecision::Verdict;

  LaneOracle(const ColumnTable& columns, bool preemptive, const StopCondition& stop);

  /// `set`: columns of one helper, at most one a client. Sorts it. Memory is not looked at.
  Verdict decide(std::vector<ColumnIndex>& set, Time makespan, std::uint64_t node_limit = 20'000);

  /// End of a quick schedule (coupled Jackson; list schedule without preemption) of these columns on their helper.
  Time quick_end(std::span<const ColumnIndex> set);

  /// A schedule that ends by `makespan`, for a set that `decide` called feasible.
  Lane lane(std::span<const ColumnIndex> set, Time makespan);
  /// The proof for a set that `decide` called infeasible; service k is set[k].
  LaneProof proof(std::span<const ColumnIndex> set, Time makespan);

  bool preemptive() const { return preemptive_; }

 private:
  struct Known {
    Time infeasible_until = -1;  ///< proven for every makespan up to this
    Time feasible_from;          ///< known for this makespan and later
  };
  struct Hash {
    std::size_t operator()(const std::vector<ColumnIndex>& set) const;
  };

  const SwitchRule& gather(std::span<const ColumnIndex> set);
  ExactLaneParameters parameters(std::uint64_t node_limit, bool want_proof) const;

  const ColumnTable& columns_;
  bool preemptive_;
  StopCondition stop_;
  std::unordered_map<std::vector<ColumnIndex>, Known, Hash> known_;  // looked up only, so its order decides nothing
  std::vector<Service> services_;
  std::vector<Time> priority_;
  SwitchRule rule_;
  ListScheduler scheduler_;
  std::vector<ColumnIndex> key_;
};

}  // namespace splitlane::exact
