#pragma once

#include <cstdint>
#include <vector>

#include "bound/price_ascent.hpp"
#include "bound/price_problem.hpp"

namespace splitlane {

/// Where a few neighbouring helpers alone decide how soon a plan can end, the best prices are 0 on all others, and an
/// ascent over logarithms of all prices takes long to get there. This guesses these helpers: those whose price has
/// risen most, the threshold being the one of several that proves most when prices are lowered by it. Returns 1 for
/// each helper to be left free in a further PriceProblem, at least three quarters of them, or nothing where helpers are
/// few. O(options) for each threshold.
PerHelper<std::uint8_t> helpers_beside_the_bottleneck(const PriceProblem& problem, PriceAscent& ascent);

}  // namespace splitlane
