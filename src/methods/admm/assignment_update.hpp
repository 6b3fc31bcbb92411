#pragma once

#include <optional>
#include <span>
#include <vector>

#include "methods/admm/forward_pairs.hpp"
#include "methods/memory.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::admm {

/// Line 3 of Algorithm 1, exactly: minimises (16) over (4), (5), (11) for fixed work of every pair and fixed duals,
/// which is a generalised assignment problem with costs -lambda p + rho / 2 (|n - p| - |n|) (THEORY 3). A client that
/// has local options, of which the paper knows nothing, takes its shortest one only when memory leaves it nothing else.
/// nullopt when `stop` ended it or no assignment fits. O(options) where memory does not bind, else an integer program.
std::optional<Assignment> update_assignment(const Instance& instance, const ForwardPairs& pairs,
                                            std::span<const Time> work, std::span<const double> duals, double penalty,
                                            const StopCondition& stop);

}  // namespace splitlane::admm
