#pragma once

#include "splitlane/stop.hpp"

namespace splitlane {

/// Thrown out of long loops deep inside a search or a bound once its stop condition is reached, and caught where the
/// best result so far is known. No method lets it out.
class Stopped {};

inline void throw_if_reached(const StopCondition& stop) {
  if (stop.reached()) throw Stopped{};
}

}  // namespace splitlane
