#include <algorithm>
#include <cstddef>
#include <queue>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "bound/relaxed_tasks.hpp"
#include "splitlane/bound/bound.hpp"

namespace splitlane {

std::array<RelaxedTask, 2> relaxed_tasks(const Service& service, const SwitchRule& rule) {
  const Time gap = rule.lane_gap();
  const bool has_forward = service.forward > 0;
  const bool has_backward = service.backward > 0;
  const Time forward_charge = has_forward ? rule.run_delay() : 0;
  const Time backward_charge = has_backward ? rule.run_delay() : 0;

  const Time forward_start = has_forward ? std::max(service.release, gap) : service.release;
  // A helper that ran the forward itself is idle for `gap` before the backward, even if the client answers sooner.
  const Time turnaround = has_forward && has_backward ? std::max(service.turnaround, gap) : service.turnaround;
  Time backward_start = forward_start + service.forward + turnaround + forward_charge;
  if (has_backward) backward_start = std::max(backward_start, gap);

  RelaxedTask backward{backward_start, 0, service.tail + backward_charge};
  if (has_backward) {
    backward.work = service.backward + gap;
    backward.head -= gap;
  }
  RelaxedTask forward{forward_start, 0, turnaround + forward_charge + service.backward + backward.tail};
  if (has_forward) {
    forward.work = service.forward + gap;
    forward.head -= gap;
  }
  return {forward, backward};
}

Time path_bound(const Service& service, const SwitchRule& rule) {
  return rule.cost == 0 ? service.path() : path_of(relaxed_tasks(service, rule));
}

CriticalTail critical_tail(std::vector<RelaxedTask>& tasks) {
  SPLITLANE_ASSERT(std::all_of(tasks.begin(), tasks.end(), [](const RelaxedTask& task) { return task.work > 0; }),
                   tasks.size());
  std::sort(tasks.begin(), tasks.end(),
            [](const RelaxedTask& left, const RelaxedTask& right) { return left.head < right.head; });
  using TailAndWork = std::pair<Time, Time>;
  std::priority_queue<TailAndWork> available;
  CriticalTail critical;
  std::size_t next = 0;
  Time now = 0;
  while (next < tasks.size() || !available.empty()) {
    if (available.empty()) now = std::max(now, tasks[next].head);
    for (; next < tasks.size() && tasks[next].head <= now; ++next)
      available.emplace(tasks[next].tail, tasks[next].work);
    auto [tail, work] = available.top();
    available.pop();
    const Time run = next < tasks.size() ? std::min(work, tasks[next].head - now) : work;
    now += run;
    if (run < work) {
      available.emplace(tail, work - run);
    } else if (now + tail > critical.bound) {
      critical = {now + tail, tail};
    }
  }
  return critical;
}

Time window_bound(std::span<const Service> services, const SwitchRule& rule) {
  std::vector<RelaxedTask> tasks;
  tasks.reserve(2 * services.size());
  Time bound = 0;
  for (const Service& service : services) {
    bound = std::max(bound, path_bound(service, rule));
    for (const RelaxedTask& task : relaxed_tasks(service, rule)) {
      if (task.work > 0) tasks.push_back(task);
    }
  }
  return std::max(bound, critical_tail(tasks).bound);
}

}  // namespace splitlane
