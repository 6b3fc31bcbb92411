#pragma once

#include <cstddef>
#include <vector>

#include "milp/milp.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane::ilp {

/// Problem 1 of the paper, (1) to (11), as an integer program with a binary for every task and slot of one time unit,
/// over the horizon T of Sec. III. An option takes the place of the paper's pair of client and helper.
///
/// What differs from the print: z is 0 before r + p + l + l', which (2) leaves open (docs/paper.md#what-is-wrong-in-it,
/// 4); (2) reads its sums off columns of their own, so that it has O(T) terms and not O(T^2); and what the print does
/// not have, tasks of length 0, training locally, switch costs of both kinds and plans without preemption, which need a
/// column for every start.
class SlotProgram {
 public:
  /// Throws Stopped once `stop` is reached: with switch costs building alone can take long.
  SlotProgram(const Instance& instance, bool preemptive, const StopCondition& stop);

  /// Binaries that the program of an instance has. O(options).
  static std::size_t size_of(const Instance& instance);
  /// About how many terms (and rows without any) the program has on account of switch costs of either kind: what of it
  /// grows with the square of the slots. O(options).
  static double switch_terms_of(const Instance& instance);

  Milp::Result solve() const;
  Schedule schedule_of(const std::vector<double>& values) const;

 private:
  /// One task of one option: a binary a slot from `first` on, and where needed its sums and starts.
  struct TaskColumns {
    Time first = 0;
    std::size_t work = 0;    ///< column of slot `first`
    std::size_t done = 0;    ///< column of the work done before slot `first`; only of forward tasks
    std::size_t starts = 0;  ///< only with starts
    Time count = 0;          ///< slots that have columns
  };
  struct OptionColumns {
    std::size_t chosen = 0;  ///< y
    std::size_t forward_end = 0;
    TaskColumns forward;
    TaskColumns backward;
  };

  void add_option(OptionIndex option);
  TaskColumns add_task(std::size_t chosen, Time work, Time first, bool needs_sums);
  void add_starts(std::size_t chosen, TaskColumns& task);
  void add_precedence(OptionIndex option, const OptionColumns& columns);
  void add_charged_precedence(OptionIndex option, const OptionColumns& columns);
  void add_completion(ClientIndex client, OptionIndex option, const OptionColumns& columns);
  void add_assignment_rows();
  void add_lane_rows();
  void add_gap_rows(HelperIndex helper);
  /// Terms for the charge of all runs of a task, at so much a run.
  void add_runs(std::size_t row, const TaskColumns& task, Time each);

  template <class Visit>
  void for_each_task(HelperIndex helper, Visit visit) const;

  const Instance& instance_;
  StopCondition stop_;
  bool preemptive_;
  bool has_starts_;
  Time horizon_;
  Milp program_;
  std::size_t makespan_ = 0;
  std::vector<std::size_t> backward_end_;  ///< phi, by client
  std::vector<std::size_t> completion_;    ///< the row of (9) and (10), by client
  std::vector<OptionColumns> options_;
};

}  // namespace splitlane::ilp
