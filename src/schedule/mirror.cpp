#include "schedule/mirror.hpp"

#include <algorithm>
#include <utility>

namespace splitlane {

std::vector<Service> mirrored(std::span<const Service> services) {
  std::vector<Service> result(services.begin(), services.end());
  for (Service& service : result) {
    std::swap(service.release, service.tail);
    std::swap(service.forward, service.backward);
  }
  return result;
}

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

std::vector<Time> opposite_priority(std::span<const Time> completions) {
  std::vector<Time> priority(completions.size());
  for (TaskIndex task = 0; task < completions.size(); ++task) priority[mirrored(task)] = completions[task];
  return priority;
}

}  // namespace splitlane
