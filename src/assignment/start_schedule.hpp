#pragma once

#include "assignment/fit/exact_fit.hpp"
#include "assignment/memory.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// How `start_schedule` works, and what it may spend.
struct StartParameters {
  int threads = 1;
  bool preemptive = true;
  fit::FitExactly fit_exactly = nullptr;  ///< asked where memory stops everything else
  StopCondition stop;
};

/// The best of a few quick schedules, for a search to start from: clients where they are estimated to end first and as
/// balanced-greedy assigns them, each scheduled in several ways. Where memory stops these orders, `known`, a complete
/// assignment, takes their place; without one it is searched for, and what complete_assignment raises is raised.
/// Without preemption when the parameters say so. Once the stop is reached only the first of them is made. O(options +
/// n log n), unless an assignment must be searched for.
Schedule start_schedule(const Instance& instance, const StartParameters& parameters, const Assignment* known = nullptr);

}  // namespace splitlane
