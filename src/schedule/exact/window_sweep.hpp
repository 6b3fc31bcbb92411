#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "schedule/exact/lane_tasks.hpp"

namespace splitlane {

/// Looks at all windows of a set of tasks at once (docs/how_it_works.md#windows): finds an overloaded one, or the
/// earliest completion that the windows leave to each task. Reusable, so that a search allocates nothing; the orders of
/// one call are kept for the next, which mostly differs little. O(tasks^2).
class WindowSweep {
 public:
  /// Forgets the tasks of earlier calls; to be called when the works change.
  void reset(std::span<const Time> work);

  /// An overloaded window, or nullopt; then `completion` and `refuted_from` hold for all tasks of `asked`
  /// (of both kinds without).
  std::optional<Window> run(std::span<const Time> head, std::span<const Time> deadline, std::optional<Task> asked);

  /// No schedule completes the task sooner.
  Time completion(TaskIndex task) const { return completion_[task]; }
  /// The window from here to completion(task) - 1 would be overloaded if it contained the task.
  Time refuted_from(TaskIndex task) const { return refuted_from_[task]; }

 private:
  void sort_tasks(std::span<const Time> head, std::span<const Time> deadline);
  void delay_later_tasks(std::span<const Time> deadline, std::size_t first_later, std::optional<Task> asked);

  std::vector<Time> work_;
  Time longest_work_ = 0;
  std::vector<TaskIndex> by_head_;
  std::vector<TaskIndex> by_deadline_;
  std::vector<std::uint32_t> rank_;  // of each task's head among the distinct heads
  std::vector<Time> start_;          // the distinct heads
  // While deadlines are swept upwards, for each distinct head s that has work so far:
  std::vector<Time> end_;           // s + work of the tasks with head >= s
  std::vector<Time> latest_end_;    // the largest of these over all heads up to s
  std::vector<Time> latest_start_;  // the head that attains it
  std::vector<Time> completion_;
  std::vector<Time> refuted_from_;
};

}  // namespace splitlane
