#include "observation/lane_work.hpp"

#include <vector>

namespace splitlane {

bool is_own_segment(const Trace& trace, const TraceSegment& segment) {
  const std::vector<BatchTimes>& batches = trace.clients[segment.client.value()].batches;
  return static_cast<std::size_t>(segment.batch) < batches.size() &&
         segment.start >= batches[static_cast<std::size_t>(segment.batch)].start.value_or(0);
}

BatchWork work_on_lanes(const Instance& instance, const Trace& trace) {
  BatchWork works;
  for (const HelperIndex helper : instance.helpers()) {
    for (const TraceSegment& segment : trace.lanes[helper.value()]) {
      if (!is_own_segment(trace, segment)) continue;
      LaneWork& work = works[{segment.client, segment.batch}].at(static_cast<std::size_t>(segment.task));
      work.helper = helper;
      work.work += segment.end - segment.start;
      if (segment.start != work.end) ++work.runs;
      work.end = segment.end;
    }
  }
  return works;
}

}  // namespace splitlane
