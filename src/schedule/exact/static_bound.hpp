#pragma once

#include <span>
#include <vector>

#include "schedule/exact/lane_tasks.hpp"

namespace splitlane {

/// The best makespan when the coupling within each client is dropped (docs/how_it_works.md#windows): preemptive largest
/// tail first on all tasks. Reusable; O(n log n), so it serves helpers that are too large for a WindowSweep.
class StaticBound {
 public:
  Time of(std::span<const Service> services);
  /// A window of the services of the last call that is overloaded at every makespan below the bound, here at
  /// `makespan`. Only if the bound comes from a task with work.
  Window overloaded_at(Time makespan) const;

 private:
  std::vector<Service> tasks_;  // one service with a forward task only for each task
  ListScheduler scheduler_;
};

}  // namespace splitlane
