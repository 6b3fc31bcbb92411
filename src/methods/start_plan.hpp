#pragma once

#include "methods/assemble.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// The best of a few quick plans, for a search to start from: clients where they are estimated to end first and as
/// balanced-greedy assigns them, each scheduled in several ways. Where memory stops these orders, `known`, a complete
/// assignment, takes their place; without one it is searched for, and what complete_assignment raises is raised.
/// Without preemption when the parameters say so. Once the stop is reached only the first of them is made. O(options +
/// n log n), unless an assignment must be searched for.
Plan start_plan(const MethodRun& run, const Assignment* known = nullptr);

}  // namespace splitlane
