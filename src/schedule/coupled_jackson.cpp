#include <algorithm>
#include <utility>

#include "schedule/list_schedule.hpp"

namespace splitlane {

namespace {

/// The same helper seen from the end of the batch: releases and tails, forward and backward change places.
std::vector<Service> mirrored(std::span<const Service> services) {
  std::vector<Service> result(services.begin(), services.end());
  for (Service& service : result) {
    std::swap(service.release, service.tail);
    std::swap(service.forward, service.backward);
  }
  return result;
}

TaskIndex mirrored(TaskIndex task) { return task ^ 1U; }

/// Turns a lane of the mirrored helper, whose makespan is `makespan`, into one of the real helper.
Lane mirrored(const Lane& lane, Time makespan) {
  Lane result;
  result.reserve(lane.size());
  for (const LaneSegment& segment : lane) {
    const Task task = segment.task == Task::kForward ? Task::kBackward : Task::kForward;
    result.push_back({segment.service, task, makespan - segment.end, makespan - segment.start});
  }
  std::reverse(result.begin(), result.end());
  return result;
}

/// "Latest completion first" for the opposite direction of time.
std::vector<Time> opposite_priority(std::span<const Time> completions) {
  std::vector<Time> priority(completions.size());
  for (TaskIndex task = 0; task < completions.size(); ++task) priority[mirrored(task)] = completions[task];
  return priority;
}

struct Best {
  Time makespan = kNeverPreempt;
  Lane lane;

  bool offer(Time candidate_makespan, const Lane& candidate) {
    if (candidate_makespan >= makespan) return false;
    makespan = candidate_makespan;
    lane = candidate;
    return true;
  }
};

}  // namespace

Lane schedule_coupled_jackson(std::span<const Service> services, const SwitchRule& rule) {
  ListScheduler scheduler;
  scheduler.run(services, rule, static_tails(services), worthwhile_margin(rule));
  return scheduler.lane();
}

Lane schedule_improved_jackson(std::span<const Service> services, const SwitchRule& rule, Time target, int rounds) {
  ListScheduler forwards;
  const std::vector<Time> tails = static_tails(services);
  Best best;
  std::vector<Time> margins = {worthwhile_margin(rule)};
  if (rule.cost > 0) margins.insert(margins.end(), {kNeverPreempt, 0});
  for (const Time margin : margins) {
    best.offer(forwards.run(services, rule, tails, margin), forwards.lane());
    if (best.makespan <= target) return best.lane;
  }

  const std::vector<Service> mirror = mirrored(services);
  ListScheduler backwards;
  for (const Time margin : margins) {
    forwards.run(services, rule, tails, margin);
    int rounds_without_gain = 0;
    for (int round = 0; round < rounds && rounds_without_gain < 3 && best.makespan > target; ++round) {
      const Time from_end = backwards.run(mirror, rule, opposite_priority(forwards.completions()), margin);
      // Only without switch costs is the mirror image of a valid lane valid: gaps stand before segments, not behind.
      bool gain =
          rule.cost == 0 && from_end < best.makespan && best.offer(from_end, mirrored(backwards.lane(), from_end));
      const Time from_start = forwards.run(services, rule, opposite_priority(backwards.completions()), margin);
      gain = best.offer(from_start, forwards.lane()) || gain;
      rounds_without_gain = gain ? 0 : rounds_without_gain + 1;
    }
  }
  return best.lane;
}

}  // namespace splitlane
