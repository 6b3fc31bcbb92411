#pragma once

#include <optional>
#include <span>
#include <vector>

#include "assignment/memory.hpp"
#include "methods/admm/forward_pairs.hpp"
#include "methods/admm/program_budget.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::admm {

struct AssignmentUpdateResult {
  Assignment choice;
  bool is_least = true;  ///< proven; false where the budget ended the search
};

/// Line 3 of Algorithm 1, exactly: minimises (16) over (4), (5), (11) for fixed work of every pair and fixed duals,
/// which is a generalised assignment problem with costs -lambda p + rho / 2 (|n - p| - |n|)
/// (docs/paper.md#the-w-update-without-a-time-index). A client that has local options, of which the paper knows
/// nothing, takes its shortest one only when memory leaves it nothing else. nullopt when `stop` ended it or no
/// assignment was found. O(options) where memory does not bind, else an integer program as far as the budget goes, and
/// beyond it everybody's cheapest option that still fits, in client order.
std::optional<AssignmentUpdateResult> update_assignment(const Instance& instance, const ForwardPairs& pairs,
                                                        std::span<const Time> work, std::span<const double> duals,
                                                        double penalty, ProgramBudget& budget,
                                                        const StopCondition& stop);

}  // namespace splitlane::admm
