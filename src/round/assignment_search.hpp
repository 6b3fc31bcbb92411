#pragma once

#include <cstdint>
#include <vector>

#include "assignment/served_assignment.hpp"
#include "base/paced_stop.hpp"
#include "round/chain.hpp"

namespace splitlane::round_detail {

/// Improves the assignment of a round by priority: moves or swaps clients off the helper that ends last as long as that
/// makes it and the other helper end sooner. Only the two helpers of a change are simulated. Memory is respected. Work
/// is counted in simulated batches, so a budget ends the search at the same point on every machine. `pace` is told of
/// what is simulated, and may end the search.
class AssignmentSearch {
 public:
  /// Simulates all helpers, or is stopped meanwhile (Stopped).
  AssignmentSearch(const Instance& instance, const BatchCounts& batches, bool preemptive, Assignment start,
                   PacedStop& pace);

  /// Until no change helps, the makespan is no more than `target`, the budget is used up or the pace ends it: then this
  /// is the best so far, and there is no descending from it.
  void descend(Time target, std::int64_t budget);

  const Assignment& choice() const { return current_.choice(); }
  Time makespan() const;

 private:
  /// What a helper would do with one client less and one more.
  struct Trial {
    Time load = 0;
    Time end = 0;
  };

  void descend_in_time(Time target);
  bool improve(HelperIndex latest);
  bool try_move(ClientIndex client, OptionIndex option, Time limit);
  bool try_swaps(ClientIndex client, OptionIndex option, Time limit);
  bool try_swap(ClientIndex client, OptionIndex option, ClientIndex other, OptionIndex other_option, Time limit);
  /// The clients of a helper in client order, which decides ties of a lane and which change is found first.
  std::vector<ClientIndex> served(HelperIndex helper) const;
  LaneClient lane_client(ClientIndex client, OptionIndex option) const;
  /// False when the helper would not end before `limit`. `with` none(): no client is added.
  bool trial(HelperIndex helper, ClientIndex without, ClientIndex with, OptionIndex option, Time limit, Trial& trial);
  Time simulate(HelperIndex helper, const std::vector<LaneClient>& clients);
  Time path(OptionIndex option, ClientIndex client) const;
  Time load(OptionIndex option, ClientIndex client) const;
  void adopt(HelperIndex helper, const Trial& trial);

  const Instance& instance_;
  const BatchCounts& batches_;
  bool preemptive_;
  ServedAssignment current_;
  std::vector<Time> end_;   // by helper,
  std::vector<Time> load_;  // of all batches
  std::int64_t budget_ = 0;
  PacedStop& pace_;
};

}  // namespace splitlane::round_detail
