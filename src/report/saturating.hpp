#pragma once

#include <cstdint>
#include <limits>

namespace splitlane::report {

/// Sum of two non-negative numbers that stops at the largest value: a plan or instance from a file may hold more
/// memory demands or segments than 63 bits can add up.
inline std::int64_t add_saturating(std::int64_t left, std::int64_t right) {
  const std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  return left > largest - right ? largest : left + right;
}

}  // namespace splitlane::report
