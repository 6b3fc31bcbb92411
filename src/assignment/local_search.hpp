#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "assignment/served_assignment.hpp"
#include "base/random.hpp"
#include "schedule/list_schedule.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// Improves a complete assignment by moving or swapping clients off the helper that ends last. Every change is judged
/// by the coupled Jackson schedules of the two helpers it touches, nothing else is recomputed. Memory is respected
/// throughout. Work is counted in simulated tasks, so a budget ends the search at the same point on every machine.
class LocalSearch {
 public:
  /// `target`: a makespan that need not be beaten (a lower bound). `budget`: tasks to simulate at most.
  LocalSearch(const Instance& instance, const Assignment& start, Time target, std::uint64_t budget,
              const StopCondition& stop);

  /// Descends until no move or swap off a latest helper helps, then keeps kicking a few random clients elsewhere and
  /// descending again, until the target, the budget or the stop.
  void run(RandomEngine& engine);

  const Assignment& best() const { return best_choice_; }
  Time best_makespan() const { return best_makespan_; }

 private:
  bool exhausted() const;
  void adopt(const Assignment& choice);
  void descend();
  void kick(RandomEngine& engine);
  void remember();
  bool improve_latest();
  bool try_moves(HelperIndex last, Time limit);
  bool try_swaps(HelperIndex last, Time limit);
  bool try_swap(ClientIndex client, ClientIndex other, Time limit);
  void apply(ClientIndex client, OptionIndex option);
  void resimulate(HelperIndex helper, HelperIndex other);
  HelperIndex latest() const;
  Time makespan() const { return std::max(end_[latest().value()], longest_local_); }
  Time simulate(HelperIndex helper);
  void simulate_all();
  Time simulate_with(HelperIndex helper, ClientIndex without, OptionIndex with);
  bool hopeless(HelperIndex helper, Time load, Time limit) const;
  OptionIndex shortest_instead(ClientIndex client, OptionIndex gone) const;

  const Instance& instance_;
  Time target_;
  std::uint64_t budget_;
  StopCondition stop_;

  ServedAssignment current_;
  std::vector<Time> end_;  // by helper: the makespan of its lane
  Time longest_local_ = 0;

  Assignment best_choice_;
  Time best_makespan_;
  // Scratch of simulate_with.
  std::vector<Service> services_;
  ListScheduler scheduler_;
};

}  // namespace splitlane
