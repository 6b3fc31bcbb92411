#pragma once

#include <cstddef>
#include <functional>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

#include "round/chain.hpp"

namespace splitlane::round_detail {

/// Event simulation of one helper over the whole round: it always runs the available task with the longest remaining
/// path. A client has one task at a time, so every queue is as short as the list of clients. O(batches log clients).
class PriorityLane {
 public:
  /// `clients` must outlive the lane.
  PriorityLane(const std::vector<LaneClient>& clients, const SwitchRule& rule, bool preemptive);

  /// Returns the latest completion.
  Time run();

  Time completion(std::size_t index) const { return chains_[index].completion(); }
  std::vector<BatchSegment> take() { return recorder_.take(); }

 private:
  struct Ready {
    Time priority = 0;
    std::size_t index = 0;
    bool operator<(const Ready& other) const {
      return std::tie(priority, other.index) < std::tie(other.priority, index);
    }
  };
  using Arrival = std::pair<Time, std::size_t>;

  void expect(std::size_t index);
  Time priority(std::size_t index) const;
  void admit_until(Time now);
  Time run_first(Time start);

  const std::vector<LaneClient>& clients_;
  SwitchRule rule_;
  Time margin_;
  std::vector<ChainProgress> chains_;
  std::vector<Time> periods_;
  LaneRecorder recorder_;
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
  std::priority_queue<Ready> ready_;
};

}  // namespace splitlane::round_detail
