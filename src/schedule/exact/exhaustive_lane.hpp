#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "base/wide_key.hpp"
#include "schedule/list_schedule.hpp"
#include "splitlane/schedule/exact.hpp"

namespace splitlane {

/// Decides whether few services fit one makespan when tasks may be interrupted and every run is paid for: looks at all
/// lanes of a normal form.
///
/// Of all lanes that end in time take one with the fewest runs; of those, one with the fewest pairs (interrupted run,
/// later last run of a task), then with the fewest pairs of interrupted runs whose task with the higher number comes
/// first, then with the least sum of starts, then with the least sum of the instants that are worked. In it, with gap
/// for the idle time that `occupy` asks for before a run:
/// 1. A run starts as soon as the run before it and its task's readiness permit, or it could start sooner.
/// 2. Behind an interrupted run A the next one starts after the gap, without waiting: else A could go on and its task's
///    last run lose what A gains.
/// 3. That next run X, if ready when A started, is interrupted too and of a task with a higher number: else the two
///    could swap, for the end of an interrupted run matters to nobody. So X is mostly a task's first run, of a task
///    that became ready while A ran.
/// 4. Between A and the next run A' of its task some run starts exactly when its task is ready: else all runs between
///    the two could move one instant forward, A give its last instant to them and A' start one instant sooner. (If
///    some run between them waits, it does so for its readiness, by 1.)
/// 5. No run waits while another task could do all that is left of it before, and the gap: it would.
/// Each step makes one of the sums smaller and none in front of it larger, and neither an end nor a readiness later.
/// An end of A that 2 to 4 permit need not be an event: A ends such that a chain of whole runs behind it meets a
/// release, or the deadline of one of them. So all ends within A are tried: the number of states depends on the unit
/// of time, and the limit keeps it small. States whose windows are overloaded, and those seen before, are left out.
///
/// The verifier (check/verify/lane_enumeration.hpp) counts the same states. Reusable. Few services: up to
/// kMostServices.
class ExhaustiveLane {
 public:
  using Verdict = LaneDecision::Verdict;
  static constexpr std::size_t kMostServices = kMostExhaustiveOptions;

  /// kUnknown when it would look at more than `state_limit` states, or is stopped. The states before a lane is found
  /// are no more for an earlier makespan that this lane meets, too.
  Verdict decide(std::span<const Service> services, const SwitchRule& rule, Time makespan, std::uint64_t state_limit,
                 const StopCondition& stop);
  /// After kFeasible.
  const Lane& lane() const { return lane_; }
  /// States that the last decision looked at.
  std::uint64_t states() const { return states_; }

 private:
  struct TaskState {
    Time left = 0;      ///< work
    Time ready = 0;     ///< kNever while a backward's forward is not over
    Time runs = 0;      ///< so far
    bool owes = false;  ///< interrupted, and no run has started exactly at its readiness since
  };
  struct Window {
    Time head;
    Time deadline;
    Time work;
  };
  const Service& service_of(TaskIndex task) const { return services_[task / 2]; }
  bool is_open(TaskIndex task) const { return tasks_[task].left > 0; }
  Time latest_end(TaskIndex task) const;
  Time earliest_readiness(TaskIndex backward) const;
  void add_window(TaskIndex task);
  bool overloads_window();
  bool can_settle_debts() const;
  bool is_new();
  bool waits_in_vain(TaskIndex task, Time start) const;
  bool may_follow(TaskIndex task) const;
  Verdict look();
  Verdict extend();
  Verdict run(TaskIndex task, Time start);
  Verdict finish(TaskIndex task, Time start);
  Verdict interrupt(TaskIndex task, Time start);
  Time earliest_interruption(TaskIndex task, Time start) const;

  std::span<const Service> services_;
  Time gap_ = 0;
  Time delay_ = 0;
  Time makespan_ = 0;
  std::uint64_t state_limit_ = 0;
  std::uint64_t states_ = 0;
  StopCondition stop_;

  std::vector<TaskState> tasks_;
  Time now_ = 0;  ///< end of the last run
  TaskIndex interrupted_ = 0;
  Time interrupted_start_ = 0;
  bool is_interrupted_ = false;  ///< the last run was
  std::vector<Window> windows_;
  std::unordered_set<WideKey, WideKeyHash> seen_;  // looked up only, so its order decides nothing
  Lane lane_;
};

}  // namespace splitlane
