#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "splitlane/certificate/priced_row.hpp"

namespace splitlane::exact {

/// Largest capacity (after division by the common divisor) up to which reachable sums are worth computing; beyond it
/// the sums of a few clients already lie dense.
inline constexpr Time kLargestReachable = Time{1} << 14;

/// Windows are scaled so that the makespan of a floating-point program is about this.
inline constexpr double kScaledMakespan = 1000.0;

/// Columns in use on one helper up to which its windows are lifted, which is cubic.
inline constexpr std::size_t kMostLiftable = 60;

/// What an option with these tasks adds to a window with the given steps (docs/how_it_works.md#rows): the most that any
/// of its tasks that count, or both, make up in work less lifted steps; at least 0. See PricedRow. O(steps).
Time window_coefficient(const Service& plain, const std::vector<Time>& heads, const std::vector<Time>& tails);

/// C - (last head) - (last tail).
Time window_capacity(const PricedRow& window, Time makespan);

/// The largest sum <= capacity of window coefficients of the helper's columns with path <= makespan, at most one a
/// client; `capacity` itself when it is too large to tell. A bit set of reachable sums, O(columns * capacity / 64).
Time reachable_capacity(const ColumnTable& columns, const PricedRow& window, Time makespan, Time capacity);

}  // namespace splitlane::exact
