#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "splitlane/instance/time.hpp"

namespace splitlane::report {

/// Sum of two non-negative numbers that stops at the largest value: a plan or instance from a file may hold more
/// memory demands or segments than 63 bits can add up.
inline std::int64_t add_saturating(std::int64_t left, std::int64_t right) {
  const std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  return left > largest - right ? largest : left + right;
}

/// An instant on a clock whose units are `scale` of the instance's, rounded; no later than 4e18, beyond which no two
/// instants can be added any more. Whole factors, the usual ones, keep every number exact.
inline Time scaled_time(Time time, double scale) {
  constexpr double farthest = 4e18;
  const double product = static_cast<double>(time) * scale;
  if (product >= farthest) return static_cast<Time>(farthest);
  return scale == std::floor(scale) ? time * static_cast<Time>(scale) : std::llround(product);
}

}  // namespace splitlane::report
