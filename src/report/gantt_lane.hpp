#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "report/gantt_frame.hpp"
#include "report/svg_writer.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/segment.hpp"

namespace splitlane::report {

/// A segment in a figure.
struct LaneBar {
  ClientIndex client;
  Task task = Task::kForward;
  Time start = 0;
  Time end = 0;
  bool is_critical = false;
  std::optional<Time> planned_end;         ///< only where the segment ends later
  std::optional<std::int64_t> batch = {};  ///< from 0, for tooltips
};

/// The bars of one helper, in order of time, forward and backward told apart by shade and mark. Those too narrow to see
/// are merged. O(bars).
void draw_lane(SvgWriter& svg, const Instance& instance, const TimeScale& scale, const Box& lane,
               std::span<const LaneBar> bars);

}  // namespace splitlane::report
