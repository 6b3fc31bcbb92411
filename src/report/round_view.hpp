#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/plan/trace.hpp"

namespace splitlane::report {

/// Whether a task of a training counts as ended later than planned, in microseconds: by more than a millisecond, which
/// a thread may take to wake up, and by more than a hundredth of `due`, since a helper turns to it only where a layer
/// ends.
bool is_late(Time due, Time end);

/// How many tasks of a round ended later than planned, by `is_late`.
struct RoundLateness {
  std::size_t judged = 0;  ///< tasks that the plan runs
  std::size_t late = 0;
  Time most = 0;
  TraceSegment latest;  ///< the task that was late by `most`; its `end` is when it ended
};

/// A round of a training beside its trace, all batches in microseconds of the trace. Keeps references to instance and
/// trace. O(clients + batches + segments).
class RoundView {
 public:
  /// `round` is null where the plan, of one batch, is all there is.
  RoundView(const Instance& instance, const Plan& plan, const Round* round, const Trace& trace);

  const Instance& instance() const { return instance_; }
  const Trace& trace() const { return trace_; }
  /// Microseconds of the trace in one unit of the instance.
  double scale() const { return scale_; }
  /// As planned, in order of time, batches from 0.
  const std::vector<TraceSegment>& planned(HelperIndex helper) const { return planned_[helper.value()]; }
  /// The latest planned end of a task; 0 where the plan runs none.
  Time planned_end() const { return planned_end_; }
  /// The planned end of the segment's task.
  std::optional<Time> due(ClientIndex client, std::int64_t batch, Task task) const;
  RoundLateness lateness() const;

 private:
  using TaskEnds = std::array<Time, 2>;

  void add(HelperIndex helper, TraceSegment segment);
  void add_phases(const Round& round);

  const Instance& instance_;
  const Trace& trace_;
  double scale_ = 1;
  std::vector<std::vector<TraceSegment>> planned_;  // by helper
  std::vector<std::vector<TaskEnds>> ends_;         // by client and batch; 0 where the plan runs no such task
  Time planned_end_ = 0;
};

}  // namespace splitlane::report
