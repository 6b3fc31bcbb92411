#pragma once

#include "methods/method_run.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// The search of method `scale` as part of another method's run. `fallback`: a complete plan of the instance, for where
/// the bound's assignment leaves a client no memory. The plan has its bound and certificate; the run has to finish it.
Plan search_at_scale(const MethodRun& run, const Schedule& fallback);

}  // namespace splitlane
