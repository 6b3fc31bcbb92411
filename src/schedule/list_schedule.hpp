#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "execution/virtual_lane.hpp"
#include "splitlane/execution/dispatcher.hpp"
#include "splitlane/plan/service.hpp"
#include "splitlane/schedule/schedule.hpp"

namespace splitlane {

/// Position of a task in arrays with two entries per service: forward of service k at 2k, backward at 2k + 1.
using TaskIndex = std::uint32_t;
inline TaskIndex task_index(std::size_t service, Task task) {
  return static_cast<TaskIndex>(2 * service + (task == Task::kBackward ? 1 : 0));
}
inline TaskIndex task_at(const LaneSegment& segment) { return task_index(segment.service, segment.task); }
inline Task task_of(TaskIndex task) { return task % 2 == 0 ? Task::kForward : Task::kBackward; }

/// Event simulation of one lane under a priority list: whenever a segment may start, the most urgent available task
/// runs, until it ends or an arrival beats its priority by more than the margin. Reusable, so that a search which
/// simulates many lists allocates nothing. One run costs O(n log n) and depends on no horizon.
class ListScheduler {
 public:
  /// `priority` has one entry per task (see task_index), larger = more urgent; ties go to the lower index.
  /// An arrival preempts when its priority exceeds the running task's by more than `preemption_margin`.
  /// Returns the makespan; `completions` and `lane` describe the run until the next one.
  Time run(std::span<const Service> services, const SwitchRule& rule, std::span<const Time> priority,
           Time preemption_margin);
  /// The same without preemption, the task that became available first going first.
  Time run_in_order_of_readiness(std::span<const Service> services, const SwitchRule& rule);

  /// End of each task on the lane (of a task of length 0: the instant it became available).
  std::span<const Time> completions() const { return completion_; }
  const Lane& lane() const { return lane_; }

 private:
  friend class VirtualLane<ListScheduler>;

  Time simulate();
  void finish(TaskIndex task, Time end);
  void record(TaskIndex task, Time start, Time end);

  // What VirtualLane asks of the tasks; they may be paused at any instant.
  void arrive(TaskIndex task, Time now);
  bool has_ready() const { return dispatcher_.has_ready(); }
  TaskIndex start(Time /*now*/) { return dispatcher_.start(); }
  bool beaten() const { return dispatcher_.beaten(); }
  Time work_left(TaskIndex task) const { return remaining_[task]; }
  Time pause_point(TaskIndex /*task*/, Time /*start*/, Time now) const { return now; }
  void ran(TaskIndex task, Time start, Time end, bool ended);

  std::span<const Service> services_;
  SwitchRule rule_;
  std::span<const Time> priority_;
  bool readiness_order_ = false;
  Time margin_ = 0;

  Dispatcher dispatcher_;
  VirtualLane<ListScheduler> clock_;
  std::vector<Time> remaining_;
  std::vector<Time> runs_;
  std::vector<Time> completion_;
  Lane lane_;
  Time makespan_ = 0;
};

/// Static tails of all tasks (docs/how_it_works.md#schedules): forward turnaround + backward + tail, backward tail.
std::vector<Time> static_tails(std::span<const Service> services);

/// The margin of coupled Jackson: a preemption costs one restart of the newcomer and one of the interrupted task.
inline Time worthwhile_margin(const SwitchRule& rule) { return 2 * rule.cost; }

}  // namespace splitlane
