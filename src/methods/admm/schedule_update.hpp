#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "methods/admm/forward_pairs.hpp"
#include "methods/admm/program_budget.hpp"
#include "milp/milp.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::admm {

/// What line 2 of Algorithm 1 found: n_k slots of work for every pair, and the largest completion time.
struct ScheduleUpdateResult {
  std::vector<Time> work;
  Time completion = 0;   ///< max_j c^f_j, with the tails of the assignment that was given
  double objective = 0;  ///< the augmented Lagrangian (16)
  bool is_least = true;  ///< proven; false where the budget ended the search
};

/// Line 2 of Algorithm 1, exactly and without a time index (docs/paper.md#the-w-update-without-a-time-index): minimises
/// (16) over the schedules (1), (12) to (15), (20) for a fixed assignment and fixed duals. Since the assignment is
/// fixed, all work of a client has one deadline, so that work n fits by C exactly if every window does:
///   sum of n_k over the pairs of a helper with r_k >= s and L_k >= L  <=  max(0, C - L - s).
/// C is a variable of an integer program; where the right side bends inside the range of C, its chord stands for it,
/// and the range is split at the bend when the chord was used. Windows are added as they are violated. Where a program
/// is too large for the budget, or takes too much of it, the best work found stands in for the least: at first all work
/// of every client at one helper, by a few simple rules.
class ScheduleUpdate {
 public:
  ScheduleUpdate(const ForwardPairs& pairs, std::size_t helper_count);

  /// `chosen`: y by pair. `duals`: lambda by pair. nullopt when `stop` ended it. O(an integer program per window), at
  /// most `budget`; O(pairs log pairs) where that permits none.
  std::optional<ScheduleUpdateResult> solve(const std::vector<bool>& chosen, std::span<const double> duals,
                                            double penalty, ProgramBudget& budget, const StopCondition& stop);

 private:
  struct Window {
    std::size_t helper;
    Time head;
    Time tail;
    bool operator==(const Window&) const = default;
  };
  struct Range {
    Time first;
    Time last;
  };

  void set_costs(const std::vector<bool>& chosen, std::span<const double> duals, double penalty);
  void offer(const std::vector<Time>& work);
  void offer_simple_choice(int rule, const std::vector<bool>& chosen);
  /// Splits or closes one range of C; false when stopped.
  bool explore(Range range, ProgramBudget& budget, const StopCondition& stop);
  Milp program(Range range) const;
  void add_share_rows(Milp& program, Range range) const;
  void add_window_row(Milp& program, const Window& window, Range range) const;
  /// nullopt when the values are no schedule's: a library's word is not enough.
  std::optional<std::vector<Time>> work_of(const std::vector<double>& values) const;
  /// Of the work on all helpers.
  Time completion_of(const std::vector<Time>& work) const;
  std::vector<Window> windows_violated(const std::vector<Time>& work, Time completion) const;
  Time first_completion() const;
  Time last_completion() const;
  Time tail_of(const ForwardPair& pair) const { return tails_[pair.client]; }

  const ForwardPairs& pairs_;
  std::vector<std::vector<std::size_t>> pairs_of_helper_;  ///< by release, latest first
  std::vector<Time> tails_;                                ///< L by client
  std::vector<double> cost_;                               ///< of one slot of work, by pair
  double constant_ = 0;                                    ///< of the objective
  double least_ = 0;                                       ///< the objective without C, at least
  std::vector<Window> windows_;
  std::vector<Range> open_;
  ScheduleUpdateResult best_;
};

}  // namespace splitlane::admm
