#pragma once

#include <limits>

#include "splitlane/instance/time.hpp"

namespace splitlane::check_detail {

// A plan under check may hold any 64-bit number; sums of such numbers stop at the ends of the range instead of
// wrapping around, so a wrong plan stays visibly wrong.

inline Time add(Time left, Time right) {
  Time sum = 0;
  if (!__builtin_add_overflow(left, right, &sum)) return sum;
  return right > 0 ? std::numeric_limits<Time>::max() : std::numeric_limits<Time>::min();
}

inline Time subtract(Time left, Time right) {
  Time difference = 0;
  if (!__builtin_sub_overflow(left, right, &difference)) return difference;
  return right < 0 ? std::numeric_limits<Time>::max() : std::numeric_limits<Time>::min();
}

inline Time multiply(Time left, Time right) {
  Time product = 0;
  if (!__builtin_mul_overflow(left, right, &product)) return product;
  return (left < 0) == (right < 0) ? std::numeric_limits<Time>::max() : std::numeric_limits<Time>::min();
}

}  // namespace splitlane::check_detail
