#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory_resource>
#include <optional>
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
  static constexpr std::size_t kMostKnown = 8'000'000;  ///< some 0.5 GB

  /// Forgets all when more than `most_known` sets are known.
  LaneCache(const ColumnTable& columns, bool preemptive, const StopCondition& stop,
            std::size_t most_known = kMostKnown);

  /// `set`: columns of one helper, at most one a client, in any order. Memory is not looked at.
  Verdict decide(std::span<const ColumnIndex> set, Time makespan, std::uint64_t node_limit = kNodeLimit);

  /// What is known without looking further.
  std::optional<Verdict> known(std::span<const ColumnIndex> set, Time makespan) const;
  /// For a set that a window refutes.
  void note_infeasible(std::span<const ColumnIndex> set, Time makespan);

  /// End of a quick schedule (coupled Jackson; list schedule without preemption) of these columns on their helper.
  Time quick_end(std::span<const ColumnIndex> set);

  /// A schedule that ends by `makespan`, for a set that `decide` called feasible.
  Lane lane(std::span<const ColumnIndex> set, Time makespan);
  /// The proof for a set that `decide` called infeasible; service k is set[k]. Throws Stopped.
  LaneProof proof(std::span<const ColumnIndex> set, Time makespan);

  /// From now on this condition ends the search for an answer.
  void heed(const StopCondition& stop) { stop_ = stop; }
  /// When searches that use the answers have to end.
  const StopCondition& stop() const { return stop_; }

  bool preemptive() const { return preemptive_; }
  /// Whether some set with switch costs and preemption stayed undecided although `decide` was not told to hurry.
  bool has_given_up() const { return has_given_up_; }

 private:
  static constexpr Time kNever = std::numeric_limits<Time>::max();

  struct Known {
    Time infeasible_until = -1;   ///< proven for every makespan up to this
    Time feasible_from = kNever;  ///< known for this makespan and later
    Time undecided = -1;          ///< makespan at which the search gave up
    std::uint64_t nodes = 0;      ///< its node limit then
  };

  using KnownSets = std::pmr::unordered_map<WideKey, Known, WideKeyHash>;

  void forget();
  Known& known_of(std::span<const ColumnIndex> set);
  /// Exclusive or of random numbers of the members.
  WideKey key_of(std::span<const ColumnIndex> set) const;
  const SwitchRule& gather(std::span<const ColumnIndex> set);
  ExactLaneParameters parameters(std::uint64_t node_limit, bool want_proof) const;

  const ColumnTable& columns_;
  bool preemptive_;
  bool has_given_up_ = false;
  StopCondition stop_;
  std::vector<WideKey> keys_;  ///< by column
  std::size_t most_known_;
  /// Of the map, which lies in it and is never destroyed: giving back millions of nodes one by one takes seconds.
  std::pmr::monotonic_buffer_resource memory_;
  KnownSets* known_;  // looked up only, so its order decides nothing
  std::vector<Service> services_;
  std::vector<Time> priority_;
  SwitchRule rule_;
  ListScheduler scheduler_;
  LaneOracle oracle_;
};

}  // namespace splitlane::exact
