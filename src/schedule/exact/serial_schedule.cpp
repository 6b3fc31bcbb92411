#include "schedule/exact/serial_schedule.hpp"

#include <algorithm>
#include <limits>

#include "base/assert.hpp"

namespace splitlane {

namespace {

constexpr Time kNotReady = std::numeric_limits<Time>::max();

}  // namespace

Time SerialScheduler::run(std::span<const Service> services, const LaneTasks& tasks,
                          std::span<const TaskOrder> orders) {
  lane_.clear();
  makespan_ = 0;
  waiting_.clear();
  release_.assign(tasks.count(), kNotReady);
  predecessors_left_.assign(tasks.count(), 0);
  successors_.resize(std::max(successors_.size(), tasks.count()));
  for (auto& successors : successors_) successors.clear();
  for (const TaskOrder& order : orders) {
    successors_[order.before].push_back(order.behind);
    ++predecessors_left_[order.behind];
  }
  for (TaskIndex task = 0; task < tasks.count(); ++task) {
    if (tasks.work[task] > 0) waiting_.push_back(task);
    if (task_of(task) == Task::kForward) release_[task] = tasks.head[task];
  }
  for (TaskIndex forward = 0; forward < tasks.count(); forward += 2) {
    if (tasks.work[forward] == 0) complete(services, tasks, forward, tasks.head[forward]);
  }

  Time now = 0;
  while (!waiting_.empty()) {
    Time next = kNotReady;
    std::size_t best = waiting_.size();
    for (std::size_t place = 0; place < waiting_.size(); ++place) {
      const TaskIndex task = waiting_[place];
      if (predecessors_left_[task] > 0) continue;
      next = std::min(next, release_[task]);
      if (release_[task] > now) continue;
      if (best == waiting_.size() || tasks.deadline[task] < tasks.deadline[waiting_[best]]) best = place;
    }
    if (best == waiting_.size()) {
      // Orders that contradict each other were refuted before.
      SPLITLANE_ASSERT(now < next && next < kNotReady, now, next, waiting_.size());
      now = next;
      continue;
    }
    const TaskIndex task = waiting_[best];
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(best));
    lane_.push_back({task / 2, task_of(task), now, now + tasks.work[task]});
    now += tasks.work[task];
    complete(services, tasks, task, now);
  }
  return makespan_;
}

void SerialScheduler::complete(std::span<const Service> services, const LaneTasks& tasks, TaskIndex task, Time end) {
  for (const TaskIndex successor : successors_[task]) --predecessors_left_[successor];
  const Service& service = services[task / 2];
  if (task_of(task) == Task::kBackward) {
    makespan_ = std::max(makespan_, end + service.tail);
    return;
  }
  release_[task + 1] = std::max(tasks.head[task + 1], end + service.turnaround);
  if (service.backward == 0) makespan_ = std::max(makespan_, end + service.turnaround + service.tail);
}

}  // namespace splitlane
