#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "schedule/exact/lane_tasks.hpp"

namespace splitlane {

/// What a late schedule of coupled EDF teaches (docs/how_it_works.md#the-exact-scheduler). A late task ends a stretch
/// of the lane, without idle time, of tasks at least as urgent: the block. All of them became available inside it, so
/// they are too much work for its window, unless some forward that ended too late for its backward to start before the
/// block had ended sooner.
struct LateBlock {
  Window window;               ///< from the start of the block to the deadline of the late task
  Time lateness = 0;           ///< of the late task
  Time movable = 0;            ///< work of the backward tasks that could start before the block
  std::size_t candidates = 0;  ///< how many of them there are
  /// The candidate with the most work, of those whose forward is not already bound to end so early.
  std::uint32_t service = kNobody;
  Time threshold = 0;      ///< its forward would have to complete by then
  bool is_forced = false;  ///< without it the window would be overloaded

  static constexpr std::uint32_t kNobody = static_cast<std::uint32_t>(-1);

  /// Even if one of them does, the others do not: the window is overloaded.
  bool is_overloaded() const { return movable < lateness; }
};

class LateBlockFinder {
 public:
  /// The block to branch on: an overloaded one, else one whose largest candidate must move, else that with the fewest
  /// candidates. `lane` and `completions` are of coupled EDF; nullopt when no task is late. (The first late task always
  /// has a candidate: their forwards end before it, so on time, but later than their thresholds.)
  std::optional<LateBlock> find(std::span<const Service> services, const LaneTasks& tasks, const Lane& lane,
                                std::span<const Time> completions);

 private:
  LateBlock examine(std::span<const Service> services, const LaneTasks& tasks, const Lane& lane, std::size_t last);

  std::vector<std::uint32_t> seen_;  // per task: the block that met it last
  std::uint32_t block_ = 0;
};

}  // namespace splitlane
