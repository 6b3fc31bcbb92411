#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "splitlane/instance/index.hpp"
#include "splitlane/instance/time.hpp"

namespace splitlane {

/// The two tasks of a client on its helper.
enum class Task : std::uint8_t { kForward, kBackward };
inline constexpr std::array<std::string_view, 2> kTaskNames = {"forward", "backward"};
constexpr std::string_view task_name(Task task) { return kTaskNames[task == Task::kForward ? 0 : 1]; }

/// One uninterrupted stretch of a helper's lane, [start, end). A preempted task has several.
struct Segment {
  ClientIndex client;
  Task task = Task::kForward;
  Time start = 0;
  Time end = 0;
  bool operator==(const Segment&) const = default;
};

/// The segments of all helpers, in one array, each helper's in time order.
class SegmentTable {
 public:
  /// Appends the lane of the next helper. Lanes must be appended in helper order, empty ones included.
  void append_lane(std::span<const Segment> lane);
  std::span<const Segment> lane(HelperIndex helper) const;
  std::size_t lane_count() const { return starts_.size() - 1; }
  std::size_t segment_count() const { return segments_.size(); }
  /// All of them, lane after lane, as they lie in memory.
  std::span<const Segment> segments() const { return segments_; }
  /// Where each lane begins in `segments`, and the end: lanes + 1 entries.
  std::span<const std::size_t> lane_starts() const { return starts_; }
  bool operator==(const SegmentTable&) const = default;

 private:
  std::vector<Segment> segments_;
  std::vector<std::size_t> starts_ = {0};
};

}  // namespace splitlane
