#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "schedule/exact/lane_tasks.hpp"

namespace splitlane {

/// Task `before` ends before task `behind` starts.
struct TaskOrder {
  TaskIndex before = 0;
  TaskIndex behind = 0;
};

/// Earliest deadline first without preemption, where no task starts before its head or ahead of its predecessors, nor
/// a backward before its client has answered. Reusable. O(tasks^2 + orders).
class SerialScheduler {
 public:
  /// The makespan; `lane` and `completions` describe the run until the next one.
  Time run(std::span<const Service> services, const LaneTasks& tasks, std::span<const TaskOrder> orders);

  const Lane& lane() const { return lane_; }
  /// When the task could start, but for its predecessors and the lane.
  Time release(TaskIndex task) const { return release_[task]; }

 private:
  void complete(std::span<const Service> services, const LaneTasks& tasks, TaskIndex task, Time end);

  std::vector<Time> release_;  // kNotReady while the client's forward has not ended
  std::vector<TaskIndex> waiting_;
  std::vector<std::uint32_t> predecessors_left_;
  std::vector<std::vector<TaskIndex>> successors_;
  Lane lane_;
  Time makespan_ = 0;
};

}  // namespace splitlane
