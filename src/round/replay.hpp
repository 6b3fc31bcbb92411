#pragma once

#include <span>
#include <vector>

#include "base/paced_stop.hpp"
#include "round/chain.hpp"

namespace splitlane::round_detail {

/// Runs the segments of a plan's lane again and again in their order, each as early as it can start, without the
/// clients that have trained all their batches.
class LaneReplay {
 public:
  /// `clients` of the lane; `segments` of the plan, all of them these clients'. `batches` counts what is to be
  /// replayed. `pace` is told of every segment, and may end the replay.
  LaneReplay(std::span<const LaneClient> clients, const SwitchRule& rule, std::span<const Segment> segments,
             PacedStop& pace);

  /// One more batch of everybody who has one left. O(segments of the clients left).
  void replay_batch();
  bool finished() const { return order_.empty(); }

  /// One client of `clients`, by its position there.
  const ChainProgress& chain(std::size_t position) const { return chains_[position]; }
  std::vector<BatchSegment> take() { return recorder_.take(); }

 private:
  struct Step {
    ClientIndex client;
    std::size_t chain;
    Time duration;
  };

  std::vector<ChainProgress> chains_;
  std::vector<Step> order_;
  LaneRecorder recorder_;
  PacedStop& pace_;
};

}  // namespace splitlane::round_detail
