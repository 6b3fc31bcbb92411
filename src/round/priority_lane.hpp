#pragma once

#include <cstddef>
#include <vector>

#include "base/paced_stop.hpp"
#include "execution/virtual_lane.hpp"
#include "round/chain.hpp"
#include "splitlane/execution/dispatcher.hpp"

namespace splitlane::round_detail {

/// Event simulation of one helper over the whole round: it always runs the available task with the longest remaining
/// path. A client has one task at a time, so every queue is as short as the list of clients. O(batches log clients).
class PriorityLane {
 public:
  /// `clients` must outlive the lane. `pace` is told of every segment, and may end the simulation.
  PriorityLane(const std::vector<LaneClient>& clients, const SwitchRule& rule, bool preemptive, PacedStop& pace);

  /// Returns the latest completion.
  Time run();

  Time completion(std::size_t index) const { return chains_[index].completion(); }
  std::vector<BatchSegment> take() { return recorder_.take(); }

 private:
  using Slot = Dispatcher::Slot;
  friend class VirtualLane<PriorityLane>;

  void expect(Slot slot);
  Time priority(Slot slot) const;

  // What VirtualLane asks of the tasks; they may be paused at any instant.
  void arrive(Slot slot, Time /*now*/) { dispatcher_.admit(priority(slot), slot); }
  bool has_ready() const { return dispatcher_.has_ready(); }
  Slot start(Time /*now*/) { return dispatcher_.start(); }
  bool beaten() const { return dispatcher_.beaten(); }
  Time work_left(Slot slot) const { return chains_[slot].work_left(); }
  Time pause_point(Slot /*slot*/, Time /*start*/, Time now) const { return now; }
  void ran(Slot slot, Time start, Time end, bool ended);

  const std::vector<LaneClient>& clients_;
  std::vector<ChainProgress> chains_;
  std::vector<Time> periods_;
  LaneRecorder recorder_;
  Dispatcher dispatcher_;
  VirtualLane<PriorityLane> clock_;
  PacedStop& pace_;
};

}  // namespace splitlane::round_detail
