#pragma once

#include <cstdint>

namespace splitlane::test {

/// Whether the code runs under the sanitizers, which make it ten times as long. `scripts/test` runs every test with and
/// without them, so a test that takes seconds searches less, or something smaller of the same kind, under them: they
/// look for wrong memory accesses, which small instances make too.
inline constexpr bool kSanitized = SPLITLANE_RANDOM_CASES_DIVISOR > 1;

/// How many of a test's random cases are tried: all of them where the code is optimised, one in eight under the
/// sanitizers. So every case is tried, and every kind of case is seen by the sanitizers.
constexpr std::uint64_t random_cases(std::uint64_t all) {
  return (all + SPLITLANE_RANDOM_CASES_DIVISOR - 1) / SPLITLANE_RANDOM_CASES_DIVISOR;
}

}  // namespace splitlane::test
