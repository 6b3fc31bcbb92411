#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/trace.hpp"

namespace splitlane {

/// What the lanes tell of one task of one batch.
struct LaneWork {
  HelperIndex helper = HelperIndex::none();
  Time work = 0;
  std::int64_t runs = 0;  ///< maximal stretches
  Time end = -1;
};
using TaskWork = std::array<LaneWork, 2>;  ///< by task
using BatchWork = std::map<std::pair<ClientIndex, std::int64_t>, TaskWork>;

/// Of all batches that have segments; those of attempts that were given up do not count. O(segments log batches).
BatchWork work_on_lanes(const Instance& instance, const Trace& trace);

/// Whether the segment is of the batch as it counts, not of an attempt that was given up before it began again.
bool is_own_segment(const Trace& trace, const TraceSegment& segment);

}  // namespace splitlane
