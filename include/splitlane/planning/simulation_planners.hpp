#pragma once

#include <cstddef>

#include "splitlane/execution/simulate.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// How a simulation plans again: by kReplanningMethod, within what is left until `stop`, moving at most `max_moves` of
/// the clients that could stay. Its order of the rest is `round_in_order`.
Replanner planner_of_rest(const StopCondition& stop, bool preemptive, std::size_t max_moves);

/// The makespan of a plan by the first of `methods()` for true times, likewise limited.
decltype(SimulationParameters::known) planner_of_true_times(const StopCondition& stop, bool preemptive);

}  // namespace splitlane
