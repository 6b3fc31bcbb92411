#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "schedule/list_schedule.hpp"

namespace splitlane {

/// A stretch of the lane. It is overloaded when the tasks with head >= first and deadline <= second have more work than
/// max(0, second - first): then no schedule keeps the deadlines.
struct Window {
  Time first = 0;
  Time second = 0;
};

/// Heads and deadlines of all tasks of one helper at a given makespan (docs/how_it_works.md#the-exact-scheduler): what
/// remains of the services once the coupling within each client is dropped. Arrays have one entry per task (see
/// task_index).
struct LaneTasks {
  std::vector<Time> work;
  std::vector<Time> head;
  std::vector<Time> deadline;

  LaneTasks() = default;
  LaneTasks(std::span<const Service> services, Time makespan) { reset(services, makespan); }

  void reset(std::span<const Service> services, Time makespan);
  std::size_t count() const { return work.size(); }
  bool is_inside(TaskIndex task, const Window& window) const {
    return work[task] > 0 && head[task] >= window.first && deadline[task] <= window.second;
  }
};

}  // namespace splitlane
