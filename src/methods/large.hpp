#pragma once

#include "methods/method_run.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// Whether the exact search is too slow here to begin with: `scale` then finds better plans and bounds first.
bool is_large(const Instance& instance);

/// The search of `scale`, and where the clients are few enough for single changes to matter a local search after it,
/// from the better plan; under a time limit until that ends it. `best`: a complete schedule of the instance.
Plan plan_large(const MethodRun& run, Schedule best);

}  // namespace splitlane
