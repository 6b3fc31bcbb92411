#include "check/verify/lane_tasks.hpp"

#include <algorithm>

namespace splitlane::verify_detail {

namespace {

// Beyond every instant that a proof can name; heads and deadlines go no further.
constexpr Time kFar = Time{1} << 60;

}  // namespace

LaneTasks::LaneTasks(std::span<const PlainOption> services, Scene& scene) : scene_(scene) {
  for (const PlainOption& service : services) {
    turnaround_.push_back(service.turnaround);
    for (const PlainTask& task : service.tasks()) tasks_.push_back({task.head, scene.makespan - task.tail, task.work});
  }
  if (scene.certificate.preemptive) return;
  for (std::size_t service = 0; service < services.size(); ++service) {
    arcs_.push_back({2 * service, 2 * service + 1, turnaround_[service]});
  }
}

void LaneTasks::end_by(std::size_t service, Time instant) {
  tighten(2 * service, -kFar, instant);
  propagate();
}

void LaneTasks::end_after(std::size_t service, Time instant) {
  tighten(2 * service + 1, instant + 1 + turnaround_[service], kFar);
  propagate();
}

void LaneTasks::order(std::size_t before, std::size_t after) {
  arcs_.push_back({before, after, 0});
  propagate();
}

Wide LaneTasks::work_within(Time first, Time second) const {
  scene_.effort.spend(tasks_.size());
  Wide work = 0;
  for (const Bounds& task : tasks_) {
    if (task.head >= first && task.deadline <= second) work += task.work;
  }
  return work;
}

void LaneTasks::undo(const Mark& mark) {
  arcs_.resize(mark.orders);
  for (; changes_.size() > mark.changes; changes_.pop_back()) {
    const Change& change = changes_.back();
    tasks_[change.task].head = change.head;
    tasks_[change.task].deadline = change.deadline;
  }
}

bool LaneTasks::tighten(std::size_t task, Time head, Time deadline) {
  Bounds& bounds = tasks_[task];
  const Time raised = std::max(bounds.head, std::min(head, kFar));
  const Time sunk = std::min(bounds.deadline, std::max(deadline, -kFar));
  if (raised == bounds.head && sunk == bounds.deadline) return false;
  changes_.push_back({task, bounds.head, bounds.deadline});
  bounds.head = raised;
  bounds.deadline = sunk;
  return true;
}

// One pass. Under a contradiction whatever would still move goes as far as it can.
bool LaneTasks::tighten_along_arcs(bool is_contradiction) {
  scene_.effort.spend(arcs_.size());
  bool has_changed = false;
  for (const Arc& arc : arcs_) {
    const Bounds& before = tasks_[arc.before];
    const Bounds& after = tasks_[arc.after];
    const Time head = before.head + before.work + arc.gap;
    const Time deadline = after.deadline - after.work - arc.gap;
    if (head > after.head) has_changed |= tighten(arc.after, is_contradiction ? kFar : head, kFar);
    if (deadline < before.deadline) has_changed |= tighten(arc.before, -kFar, is_contradiction ? -kFar : deadline);
  }
  return has_changed;
}

// To the fixpoint. Along a path without a cycle that takes fewer passes than there are tasks; if more change something,
// then the orders contradict each other and the tasks have no place at all.
void LaneTasks::propagate() {
  if (arcs_.empty()) return;
  for (std::size_t pass = 0; pass < tasks_.size(); ++pass) {
    if (!tighten_along_arcs(false)) return;
  }
  while (tighten_along_arcs(true)) {
  }
}

}  // namespace splitlane::verify_detail
