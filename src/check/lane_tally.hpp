#pragma once

#include <vector>

#include "check/report_writer.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane::check_detail {

/// What the segments say about one task of one client.
struct TaskTally {
  Time work = 0;   ///< sum of the segments' lengths
  Time start = 0;  ///< of the earliest segment; meaningless while `runs` is 0
  Time end = 0;    ///< of the latest segment; meaningless while `runs` is 0
  Time runs = 0;   ///< maximal stretches of adjacent segments
};

struct ClientTally {
  TaskTally forward;
  TaskTally backward;
};

/// Reads the lane of every helper: reports order, overlaps, switch gaps and foreign segments, and adds up each
/// client's segments on the helper that serves it. `serving` names that helper per client, none() for a client
/// served by nobody.
std::vector<ClientTally> tally_lanes(const Instance& instance, const SegmentTable& segments,
                                     const std::vector<HelperIndex>& serving, ReportWriter& writer);

}  // namespace splitlane::check_detail
