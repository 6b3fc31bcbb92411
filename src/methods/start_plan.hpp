#pragma once

#include "methods/assemble.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// The best of a few quick plans, for a search to start from: clients where they are estimated to end first and as
/// balanced-greedy assigns them, each scheduled in several ways. Raises kInfeasible when memory permits no plan.
/// Without preemption when the parameters say so. Once the stop is reached only the first of
/// them is made. O(options + n log n), unless memory is so tight that an assignment
/// must be searched for.
Plan start_plan(const MethodRun& run);

}  // namespace splitlane
