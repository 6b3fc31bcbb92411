#pragma once

#include <cstdint>

namespace splitlane::test {

/// How many of a test's random cases are tried: all of them where the code is optimised, one in eight under the
/// sanitizers, which make each ten times as long. `scripts/test` runs both, so every case is tried and every kind of
/// case is seen by the sanitizers.
constexpr std::uint64_t random_cases(std::uint64_t all) {
  return (all + SPLITLANE_RANDOM_CASES_DIVISOR - 1) / SPLITLANE_RANDOM_CASES_DIVISOR;
}

}  // namespace splitlane::test
