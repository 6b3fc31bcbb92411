#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "splitlane/plan/service.hpp"

namespace splitlane::test {

/// A task that could start now, as the rules below see it.
struct Candidate {
  std::uint32_t service = 0;
  Task task = Task::kForward;
  Time ready = 0;
};

/// Non-preemptive simulation of one helper, instant by instant and as plain as possible: at every instant at which
/// a segment may start, `is_better` chooses among the available tasks (listed by position, forward first).
template <class IsBetter>
std::vector<LaneSegment> reference_simulation(std::span<const Service> services, const SwitchRule& rule,
                                              IsBetter is_better) {
  const Time gap = rule.model == SwitchModel::kOccupy ? rule.cost : 0;
  const Time charge = rule.model == SwitchModel::kCharge ? 2 * rule.cost : 0;
  std::vector<Candidate> waiting;
  for (std::uint32_t service = 0; service < services.size(); ++service) {
    const Service& one = services[service];
    if (one.forward > 0) {
      waiting.push_back({service, Task::kForward, one.release});
    } else if (one.backward > 0) {
      waiting.push_back({service, Task::kBackward, one.release + one.turnaround});
    }
  }
  std::vector<LaneSegment> lane;
  Time lane_end = 0;
  for (Time now = 0; !waiting.empty(); ++now) {
    if (now < lane_end + gap) continue;
    auto best = waiting.end();
    for (auto candidate = waiting.begin(); candidate != waiting.end(); ++candidate) {
      if (candidate->ready > now) continue;
      if (best == waiting.end() || is_better(*candidate, *best)) best = candidate;
    }
    if (best == waiting.end()) continue;
    const Service& service = services[best->service];
    lane_end = now + (best->task == Task::kForward ? service.forward : service.backward);
    lane.push_back({best->service, best->task, now, lane_end});
    if (best->task == Task::kForward && service.backward > 0) {
      // Its place in the list stays, so ties still go to the lowest position.
      *best = {best->service, Task::kBackward, lane_end + service.turnaround + charge};
    } else {
      waiting.erase(best);
    }
    now = lane_end - 1;
  }
  return lane;
}

/// First come, first served: the earliest ready goes first.
inline std::vector<LaneSegment> reference_fcfs(std::span<const Service> services, const SwitchRule& rule) {
  return reference_simulation(services, rule,
                              [](const Candidate& left, const Candidate& right) { return left.ready < right.ready; });
}

/// EquiD: forward before backward; the longest turnaround among the forwards, the longest tail among the backwards.
inline std::vector<LaneSegment> reference_longest_first(std::span<const Service> services, const SwitchRule& rule) {
  return reference_simulation(services, rule, [services](const Candidate& left, const Candidate& right) {
    if (left.task != right.task) return left.task == Task::kForward;
    const Service& one = services[left.service];
    const Service& other = services[right.service];
    return left.task == Task::kForward ? one.turnaround > other.turnaround : one.tail > other.tail;
  });
}

}  // namespace splitlane::test
