#pragma once

#include "methods/exact/exact_search.hpp"
#include "methods/method_run.hpp"

namespace splitlane {

/// Runs the exact search for a method: seed, threads, mode, certificate, stop and progress come from the run. Returns
/// the finished plan.
Plan search_exactly(const MethodRun& run, Plan start, const exact::SearchEffort& effort);

}  // namespace splitlane
