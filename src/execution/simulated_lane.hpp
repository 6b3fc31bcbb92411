#pragma once

#include <vector>

#include "execution/client_progress.hpp"
#include "execution/virtual_lane.hpp"
#include "splitlane/execution/lane_executor.hpp"

namespace splitlane::execution_detail {

class Execution;

/// A helper's lane in an execution: a LaneExecutor, as a real helper has one, under the virtual clock.
class SimulatedLane {
 public:
  using Slot = Dispatcher::Slot;

  SimulatedLane(Execution& execution, HelperIndex helper, const SwitchRule& rule, const LaneSettings& settings,
                std::int64_t layers);

  /// Adds the client to those of the lane; returns its slot.
  Slot add_client(ClientIndex client);
  /// The client's next task becomes ready at that instant.
  void expect(Time time, Slot slot) { clock_.expect(time, slot); }
  /// Goes on until nothing happens before or at `until`.
  void advance(Time until) {
    if (!lost_) clock_.advance(*this, until);
  }

  /// The client leaves: its task is dropped, wherever it is.
  void remove(Slot slot, Time now);
  /// The helper is lost; nothing runs on the lane any more.
  void lose(Time now);
  /// Holds all tasks against the plan that is now in force.
  void plan_again(Time now);

  const SwitchRule& rule() const { return rule_; }
  /// Lane time that the slot's task has had by `now`.
  Time work_done(Slot slot, Time now) const;
  /// Actual over nominal lane time of the tasks that have ended; 1 before the first.
  double measured_factor() const { return nominal_ > 0 ? actual_ / nominal_ : 1; }
  /// Counts a task that took `actual` and was said to take `nominal`.
  void measure(double actual, double nominal) {
    actual_ += actual;
    nominal_ += nominal;
  }

 private:
  friend class splitlane::VirtualLane<SimulatedLane>;

  // What VirtualLane asks of the tasks.
  void arrive(Slot slot, Time now);
  bool has_ready() const { return executor_.has_ready(); }
  Slot start(Time now);
  bool beaten() const { return executor_.should_pause(); }
  Time work_left(Slot slot) const;
  Time pause_point(Slot slot, Time start, Time now) const;
  void ran(Slot slot, Time start, Time end, bool ended);

  void record(Slot slot, Time start, Time end);
  ClientProgress& client(Slot slot) const;

  Execution* execution_;
  HelperIndex helper_;
  SwitchRule rule_;
  std::int64_t layers_;
  LaneExecutor executor_;
  VirtualLane<SimulatedLane> clock_;
  std::vector<ClientIndex> clients_;  // by slot
  bool lost_ = false;
  double actual_ = 0;
  double nominal_ = 0;
};

}  // namespace splitlane::execution_detail
