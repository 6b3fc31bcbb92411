#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "splitlane/error.hpp"

namespace splitlane {

/// Throws kOutOfRange with `where` unless `value` is a finite number above 0.
inline void require_positive(double value, const std::string& where) {
  if (std::isfinite(value) && value > 0) return;
  throw Error(ErrorCode::kOutOfRange, {where, "figure out of range", fmt::format("{}", value), "a number above 0"});
}

}  // namespace splitlane
