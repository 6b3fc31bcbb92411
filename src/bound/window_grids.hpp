#pragma once

#include <optional>
#include <span>
#include <vector>

#include "bound/price_problem.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// A grid of one window for each helper, with the least head and tail of its options; none where head and tail together
/// exceed `longest`. O(options).
WindowGrids whole_range_grids(const Instance& instance, Time longest);

/// A few heads and tails for each helper, placed where its load lies under the shares (one per option of `problem`);
/// the windows of whole_range_grids are among them. nullopt where none of the new windows carries more than `makespan`
/// allows, so that pricing them could not lift the bound. O(options log options). Throws Stopped once `stop` is
/// reached.
std::optional<WindowGrids> finer_grids(const PriceProblem& problem, std::span<const float> shares, Time makespan,
                                       const StopCondition& stop);

}  // namespace splitlane
