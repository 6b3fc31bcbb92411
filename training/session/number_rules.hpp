#pragma once

#include <limits>
#include <string>

#include "io/json_reader.hpp"

namespace splitlane::training {

/// What a number may be, and how messages say it.
struct NumberRule {
  double lowest = 0;
  double highest = std::numeric_limits<double>::max();
  bool lowest_allowed = true;
  bool highest_allowed = true;
  const char* expected = "";
};
inline constexpr NumberRule kAboveZero{0, std::numeric_limits<double>::max(), false, true, "a number above 0"};
inline constexpr NumberRule kBelowOne{0, 1, true, false, "a number from 0 to below 1"};
inline constexpr NumberRule kBetweenZeroAndOne{0, 1, false, false, "a number between 0 and 1, neither of them"};
inline constexpr NumberRule kAnyNumber{std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max(), true,
                                       true, "a number"};

/// Raises kOutOfRange for any other.
inline double read_number(json::Value value, const NumberRule& rule) {
  const double number = value.number();
  const bool too_low = rule.lowest_allowed ? number < rule.lowest : number <= rule.lowest;
  const bool too_high = rule.highest_allowed ? number > rule.highest : number >= rule.highest;
  if (too_low || too_high) value.fail(ErrorCode::kOutOfRange, "number out of range", rule.expected);
  return number;
}

}  // namespace splitlane::training
