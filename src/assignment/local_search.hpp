#pragma once

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
  bool try_moves(std::size_t latest, Time limit);
  bool try_swaps(std::size_t latest, Time limit);
  bool try_swap(ClientIndex client, ClientIndex other, Time limit);
  void apply(ClientIndex client, OptionIndex option);
  void resimulate(std::size_t helper, std::size_t other);
  Time completion_of_latest(std::size_t* helper) const;
  Time simulate(std::size_t helper);
  Time simulate_with(std::size_t helper, ClientIndex without, OptionIndex with);
  bool hopeless(std::size_t helper, Time load, Time limit) const;
  OptionIndex shortest_instead(ClientIndex client, OptionIndex gone) const;

  const Instance& instance_;
  Time target_;
  std::uint64_t budget_;
  StopCondition stop_;

  ServedAssignment current_;
  std::vector<Time> end_;  // makespan of each helper's lane
  Time longest_local_ = 0;

  Assignment best_choice_;
  Time best_makespan_;
  // Scratch of simulate_with.
  std::vector<Service> services_;
  ListScheduler scheduler_;
};

}  // namespace splitlane
