#pragma once

#include <vector>

#include "check/verify/scene.hpp"
#include "splitlane/instance/instance.hpp"

namespace splitlane::verify_detail {

/// Refuses unless `options`, all of one helper and of different clients, fit no lane that ends by the scene's makespan
/// and pays for every run (rule E1). Looks at all lanes of the normal form of rules E2 to E4; gives up beyond
/// kMostExhaustiveOptions and kExhaustiveStateLimit. Recursion no deeper than a lane has runs: an interruption takes a
/// task that became ready, or one of a higher number than those interrupted before it.
void enumerate_lanes(const std::vector<OptionIndex>& options, Scene& scene);

}  // namespace splitlane::verify_detail
