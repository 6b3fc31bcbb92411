#pragma once

#include <cstddef>
#include <span>

#include "report/gantt_compared.hpp"
#include "report/gantt_frame.hpp"
#include "report/plan_view.hpp"

namespace splitlane::report {

/// The figure of plans too large for bars: helpers in at most `kMostGroups` groups, and for each group three
/// strips over time: share of its helpers in forward, in backward, and share of its clients waiting.
inline constexpr std::size_t kMostGroups = 40;

/// Height of all groups together.
double shares_height(const Instance& instance);

/// O(segments + clients + groups * strip width).
void draw_shares(SvgWriter& svg, const PlanView& view, const TimeScale& scale, double top);
/// The strips of a trace: share of its helpers busy as planned, actually busy, and running a task past its planned end.
/// What was planned may have a clock of its own. `helpers` has one entry per helper of the instance, in order.
void draw_shares(SvgWriter& svg, const Instance& instance, const TimeScale& planned_scale, const TimeScale& scale,
                 std::span<const ComparedLanes> helpers, double top);

}  // namespace splitlane::report
