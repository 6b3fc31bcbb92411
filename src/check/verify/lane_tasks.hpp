#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "check/verify/plain_option.hpp"
#include "check/verify/scene.hpp"
#include "check/verify/wide.hpp"

namespace splitlane::verify_detail {

/// Heads and deadlines of the tasks of one helper at the place of a lane proof that the check has reached (rule L1).
/// Task 2k is the forward of service k, 2k + 1 its backward.
class LaneTasks {
 public:
  LaneTasks(std::span<const PlainOption> services, Scene& scene);

  std::size_t task_count() const { return tasks_.size(); }
  Time work(std::size_t task) const { return tasks_[task].work; }

  /// The forward of this service ends by `instant` (rule L4).
  void end_by(std::size_t service, Time instant);
  /// It ends later than `instant`.
  void end_after(std::size_t service, Time instant);
  /// Rule L5. Without preemption: a task, which has work, ends before another one, which has work too, starts.
  void order(std::size_t before, std::size_t after);
  /// The work of tasks that start at `first` or later and end at `second` or sooner.
  Wide work_within(Time first, Time second) const;

  struct Mark {
    std::size_t changes;
    std::size_t orders;
  };
  Mark mark() const { return {changes_.size(), arcs_.size()}; }
  void undo(const Mark& mark);

 private:
  struct Bounds {
    Time head;
    Time deadline;
    Time work;
  };
  struct Change {
    std::size_t task;
    Time head;
    Time deadline;
  };
  /// `after` starts no earlier than `gap` behind the end of `before`.
  struct Arc {
    std::size_t before;
    std::size_t after;
    Time gap;
  };

  bool tighten(std::size_t task, Time head, Time deadline);
  bool tighten_along_arcs(bool is_contradiction);
  void propagate();

  Scene& scene_;
  std::vector<Bounds> tasks_;
  std::vector<Time> turnaround_;
  std::vector<Arc> arcs_;
  std::vector<Change> changes_;
};

}  // namespace splitlane::verify_detail
