#pragma once

#include <span>
#include <vector>

#include "assignment/memory.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/schedule/schedule.hpp"

namespace splitlane {

/// The clients that an assignment gives to each helper, in client order; local clients are in none.
std::vector<std::vector<ClientIndex>> clients_by_helper(const Instance& instance, const Assignment& choice);

/// A `Scheduler`: `schedule_improved_jackson` until the lane ends by its window bound.
Lane schedule_improved(std::span<const Service> services, const SwitchRule& rule);

/// Schedules every helper and evaluates the result. Helpers are independent, so they are spread over `threads`
/// without any influence on the schedule.
Schedule schedule_assignment(const Instance& instance, const Assignment& choice, Scheduler scheduler, int threads);

}  // namespace splitlane
