#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "report/gantt_frame.hpp"
#include "report/gantt_lane.hpp"

namespace splitlane::report {

/// What a helper was to run, and what it ran.
struct ComparedLanes {
  HelperIndex helper;
  std::size_t clients = 0;  ///< that it serves
  std::vector<LaneBar> planned;
  std::vector<LaneBar> actual;
  std::optional<Time> lost_at;
};

/// Past this number bars would be drawn over each other.
inline constexpr std::size_t kMostComparedHelpers = 60;

/// Height of one of a helper's two lanes.
double compared_lane(std::size_t helpers);
/// Height of the lanes of all helpers together.
double compared_height(std::size_t helpers);

/// Two lanes per helper, as planned and as it happened. The planned ones may have a clock of their own, on the same
/// plot. O(bars).
void draw_compared(SvgWriter& svg, const Instance& instance, const TimeScale& planned_scale, const TimeScale& scale,
                   std::span<const ComparedLanes> helpers, double top);

/// The line of the actual makespan, and that of the planned one where there is one.
void draw_makespans(SvgWriter& svg, const TimeScale& scale, std::optional<Time> planned, Time actual);

}  // namespace splitlane::report
