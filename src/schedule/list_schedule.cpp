#include "schedule/list_schedule.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace splitlane {

Time ListScheduler::run(std::span<const Service> services, const SwitchRule& rule, std::span<const Time> priority,
                        Time preemption_margin) {
  SPLITLANE_ASSERT(priority.size() == 2 * services.size(), priority.size(), services.size());
  services_ = services;
  rule_ = rule;
  priority_ = priority;
  readiness_order_ = false;
  margin_ = preemption_margin;
  return simulate();
}

Time ListScheduler::run_in_order_of_readiness(std::span<const Service> services, const SwitchRule& rule) {
  services_ = services;
  rule_ = rule;
  readiness_order_ = true;
  margin_ = kNeverPreempt;
  return simulate();
}

void ListScheduler::finish(TaskIndex task, Time end) {
  completion_[task] = end;
  const Service& service = services_[task / 2];
  const Time charge = rule_.run_delay() * runs_[task];
  if (task_of(task) == Task::kForward) {
    clock_.expect(end + service.turnaround + charge, task + 1);
  } else {
    makespan_ = std::max(makespan_, end + service.tail + charge);
  }
}

void ListScheduler::arrive(TaskIndex task, Time now) {
  if (remaining_[task] == 0) {
    finish(task, now);
  } else {
    dispatcher_.admit(readiness_order_ ? -now : priority_[task], task);
  }
}

void ListScheduler::ran(TaskIndex task, Time start, Time end, bool ended) {
  record(task, start, end);
  remaining_[task] -= end - start;
  if (ended) {
    finish(task, end);
  } else {
    dispatcher_.pause();
  }
}

void ListScheduler::record(TaskIndex task, Time start, Time end) {
  const std::uint32_t service = task / 2;
  if (!lane_.empty() && lane_.back().end == start && lane_.back().service == service &&
      lane_.back().task == task_of(task)) {
    lane_.back().end = end;
    return;
  }
  lane_.push_back({service, task_of(task), start, end});
  ++runs_[task];
}

Time ListScheduler::simulate() {
  const std::size_t task_count = 2 * services_.size();
  // Each further run delays the client once more, so it becomes more urgent by as much.
  dispatcher_.reset(margin_, rule_.run_delay());
  clock_.reset(rule_.lane_gap());
  lane_.clear();
  makespan_ = 0;
  completion_.assign(task_count, 0);
  runs_.assign(task_count, 0);
  remaining_.resize(task_count);
  for (std::size_t service = 0; service < services_.size(); ++service) {
    remaining_[2 * service] = services_[service].forward;
    remaining_[2 * service + 1] = services_[service].backward;
    clock_.expect(services_[service].release, task_index(service, Task::kForward));
  }
  clock_.advance(*this);
  return makespan_;
}

std::vector<Time> static_tails(std::span<const Service> services) {
  std::vector<Time> tails(2 * services.size());
  for (std::size_t index = 0; index < services.size(); ++index) {
    const Service& service = services[index];
    tails[2 * index] = service.turnaround + service.backward + service.tail;
    tails[2 * index + 1] = service.tail;
  }
  return tails;
}

}  // namespace splitlane
