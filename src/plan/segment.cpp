#include "splitlane/plan/segment.hpp"

namespace splitlane {

void SegmentTable::append_lane(std::span<const Segment> lane) {
  segments_.insert(segments_.end(), lane.begin(), lane.end());
  starts_.push_back(segments_.size());
}

std::span<const Segment> SegmentTable::lane(HelperIndex helper) const {
  const std::size_t first = starts_[helper.value()];
  return std::span(segments_).subspan(first, starts_[helper.value() + 1] - first);
}

}  // namespace splitlane
