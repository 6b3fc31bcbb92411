#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "splitlane/plan/trace.hpp"

namespace splitlane::json {

inline constexpr std::string_view kTraceFormat = "splitlane-trace";
/// The one time unit of traces.
inline constexpr std::array<std::string_view, 1> kTraceTimeUnits = {"us"};

/// The instants of a batch in order of time, each with its key.
struct BatchInstant {
  std::string_view name;
  std::optional<Time> BatchTimes::*time;
};
inline constexpr std::array<BatchInstant, 6> kBatchInstants = {{{"start", &BatchTimes::start},
                                                                {"release", &BatchTimes::release},
                                                                {"forward_end", &BatchTimes::forward_end},
                                                                {"backward_ready", &BatchTimes::backward_ready},
                                                                {"backward_end", &BatchTimes::backward_end},
                                                                {"completion", &BatchTimes::completion}}};

}  // namespace splitlane::json
