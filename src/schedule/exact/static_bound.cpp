#include "schedule/exact/static_bound.hpp"

namespace splitlane {

Time StaticBound::of(std::span<const Service> services) {
  tasks_.clear();
  for (const Service& service : services) {
    tasks_.push_back({service.release, service.forward, 0, 0, service.turnaround + service.backward + service.tail});
    tasks_.push_back({service.release + service.forward + service.turnaround, service.backward, 0, 0, service.tail});
  }
  return scheduler_.run(tasks_, {}, static_tails(tasks_), 0);
}

Window StaticBound::overloaded_at(Time makespan) const {
  const Lane& lane = scheduler_.lane();
  std::size_t last = 0;
  const auto end_of_path = [&](std::size_t index) {
    // Segments that do not complete their task end a path that is no longer than that of the completing one.
    return lane[index].end + tasks_[lane[index].service].tail;
  };
  for (std::size_t index = 1; index < lane.size(); ++index) {
    if (end_of_path(index) > end_of_path(last)) last = index;
  }
  const Time tail = tasks_[lane[last].service].tail;
  std::size_t first = last;
  while (first > 0 && lane[first - 1].end == lane[first].start && tasks_[lane[first - 1].service].tail >= tail) --first;
  return {lane[first].start, makespan - tail};
}

}  // namespace splitlane
