#include "schedule/exact/refutation.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace splitlane {

void Refutation::reset(std::size_t services) {
  deadline.assign(services, kAnyDeadline);
  head.assign(services, kAnyHead);
  proof = 0;
}

void Refutation::merge(const Refutation& other) {
  SPLITLANE_ASSERT(deadline.size() == other.deadline.size() && head.size() == other.head.size(), deadline.size(),
                   other.deadline.size());
  for (std::size_t service = 0; service < deadline.size(); ++service) {
    deadline[service] = std::min(deadline[service], other.deadline[service]);
    head[service] = std::max(head[service], other.head[service]);
  }
}

Window WindowReason::explain(const LaneTasks& root, const LaneTasks& tasks, Window window, TaskIndex kept,
                             Refutation& refutation) {
  inside_.clear();
  Time work = 0;
  for (TaskIndex task = 0; task < tasks.count(); ++task) {
    if (!tasks.is_inside(task, window)) continue;
    work += tasks.work[task];
    if (task == kept || !root.is_inside(task, window)) inside_.push_back(task);
  }
  const Time room = std::max<Time>(0, window.second - window.first);
  bool has_forward = false;
  SPLITLANE_ASSERT(work > room, work, room, window.first, window.second);
  std::size_t needed = 0;
  for (const TaskIndex task : inside_) {
    if (task != kept && work - tasks.work[task] > room) {
      work -= tasks.work[task];
      continue;
    }
    has_forward = has_forward || task_of(task) == Task::kForward;
    inside_[needed++] = task;
  }
  inside_.resize(needed);

  if (has_forward) {
    window.second = std::max(window.second, window.first + work - 1);
  } else {
    window.first = std::min(window.first, window.second - work + 1);
  }
  for (const TaskIndex task : inside_) {
    if (task_of(task) == Task::kForward) {
      refutation.deadline[task / 2] = std::min(refutation.deadline[task / 2], window.second);
    } else {
      refutation.head[task / 2] = std::max(refutation.head[task / 2], window.first);
    }
  }
  return window;
}

}  // namespace splitlane
