#include "schedule/list_schedule.hpp"

#include <algorithm>

namespace splitlane {

namespace {

constexpr auto kLaterEvent = [](const auto& left, const auto& right) {
  return left.time != right.time ? left.time > right.time : left.task > right.task;
};
constexpr auto kLessUrgent = [](const auto& left, const auto& right) {
  return left.priority != right.priority ? left.priority < right.priority : left.task > right.task;
};

}  // namespace

Time ListScheduler::run(std::span<const Service> services, const SwitchRule& rule, std::span<const Time> priority,
                        Time preemption_margin) {
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

Time ListScheduler::work(TaskIndex task) const {
  const Service& service = services_[task / 2];
  return task_of(task) == Task::kForward ? service.forward : service.backward;
}

void ListScheduler::push_event(Time time, TaskIndex task) {
  events_.push_back({time, task});
  std::push_heap(events_.begin(), events_.end(), kLaterEvent);
}

void ListScheduler::push_ready(Time priority, TaskIndex task) {
  ready_.push_back({priority, task});
  std::push_heap(ready_.begin(), ready_.end(), kLessUrgent);
}

ListScheduler::Ready ListScheduler::pop_ready() {
  std::pop_heap(ready_.begin(), ready_.end(), kLessUrgent);
  const Ready top = ready_.back();
  ready_.pop_back();
  return top;
}

void ListScheduler::finish(TaskIndex task, Time end) {
  completion_[task] = end;
  const Service& service = services_[task / 2];
  const Time charge = rule_.run_delay() * runs_[task];
  if (task_of(task) == Task::kForward) {
    push_event(end + service.turnaround + charge, task + 1);
  } else {
    makespan_ = std::max(makespan_, end + service.tail + charge);
  }
}

void ListScheduler::arrive(const Event& event) {
  if (remaining_[event.task] == 0) {
    finish(event.task, event.time);
  } else {
    push_ready(readiness_order_ ? -event.time : priority_[event.task], event.task);
  }
}

void ListScheduler::admit_until(Time now) {
  while (!events_.empty() && events_.front().time <= now) {
    const Event event = events_.front();
    std::pop_heap(events_.begin(), events_.end(), kLaterEvent);
    events_.pop_back();
    arrive(event);
  }
}

// Admits arrivals while `running` holds the lane from `start`; returns when it ends or is beaten.
Time ListScheduler::run_until(const Ready& running, Time start) {
  const Time end = start + remaining_[running.task];
  while (!events_.empty() && events_.front().time < end) {
    const Time now = events_.front().time;
    admit_until(now);
    if (!ready_.empty() && ready_.front().priority - margin_ > running.priority) return now;
  }
  return end;
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
  events_.clear();
  ready_.clear();
  lane_.clear();
  makespan_ = 0;
  completion_.assign(task_count, 0);
  runs_.assign(task_count, 0);
  remaining_.resize(task_count);
  for (std::size_t service = 0; service < services_.size(); ++service) {
    remaining_[2 * service] = services_[service].forward;
    remaining_[2 * service + 1] = services_[service].backward;
    push_event(services_[service].release, task_index(service, Task::kForward));
  }

  Time now = 0;
  while (!events_.empty() || !ready_.empty()) {
    admit_until(now);
    if (ready_.empty()) {
      if (!events_.empty()) now = std::max(now, events_.front().time);
      continue;
    }
    // The next segment is of another task than the last one (a finished task never continues, and a preempted one
    // has just been beaten), so the lane must have been idle for the whole gap; whoever arrives meanwhile competes.
    const Time earliest = (lane_.empty() ? 0 : lane_.back().end) + rule_.lane_gap();
    if (now < earliest) {
      now = earliest;
      continue;
    }
    Ready running = pop_ready();
    const Time end = run_until(running, now);
    record(running.task, now, end);
    remaining_[running.task] -= end - now;
    if (remaining_[running.task] == 0) {
      finish(running.task, end);
    } else {
      // Each further run delays the client once more, so it becomes more urgent by as much.
      running.priority += rule_.run_delay();
      push_ready(running.priority, running.task);
    }
    now = end;
  }
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
