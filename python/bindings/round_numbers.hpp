#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "splitlane/plan/round.hpp"

namespace splitlane::python {

/// Everything of a round but its warnings, as one row of numbers. O(segments).
std::vector<std::int64_t> numbers_of(const Round& round);

/// The round of such a row. Raises kInconsistent for a row that is cut off or of no round.
Round round_of(std::span<const std::int64_t> numbers);

}  // namespace splitlane::python
