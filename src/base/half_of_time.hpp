#pragma once

#include <optional>

#include "splitlane/stop.hpp"

namespace splitlane {

/// The same condition with half of the time that is left; the other half is for what must follow.
inline StopCondition half_of(const StopCondition& stop) {
  const std::optional<double> left = stop.seconds_left();
  return left ? stop.within(*left / 2) : stop;
}

}  // namespace splitlane
