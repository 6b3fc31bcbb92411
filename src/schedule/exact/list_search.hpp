#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "schedule/list_schedule.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// Local search over priority lists of one helper (docs/how_it_works.md#schedules): each list is judged by the schedule
/// that the event simulation makes of it. Starts with coupled Jackson; keeps the best lane. Deterministic, reusable.
class ListSearch {
 public:
  /// `preemption_margin` as in ListScheduler. The services must outlive the search.
  void start(std::span<const Service> services, const SwitchRule& rule, Time preemption_margin);
  /// Judges the list in which tasks stand as they end in `lane`; `lane` may be of other services for the same tasks.
  void try_order_of(const Lane& lane);
  /// Keeps a lane from elsewhere if it is the best so far.
  void offer(Time makespan, const Lane& lane);
  /// Forward-backward improvement, from the best list so far. True once the makespan is at most `target`.
  bool improve_by_mirroring(Time target, int rounds, const StopCondition& stop);
  /// Random exchanges and insertions in the best list, with some forward-backward improvement in between, at most
  /// `lists` schedules. True once the makespan is at most `target`.
  bool improve_by_exchanges(Time target, std::uint64_t lists, const StopCondition& stop);

  Time makespan() const { return makespan_; }
  const Lane& lane() const { return lane_; }

 private:
  Time judge(std::span<const Time> priority);
  bool mirror_rounds(Time target, int rounds, const StopCondition& stop);
  void disturb(RandomEngine& engine);
  std::vector<Time> order_of(const Lane& lane) const;
  static void rank(std::vector<Time>& priority, std::vector<TaskIndex>& order);

  std::span<const Service> services_;
  SwitchRule rule_;
  Time margin_ = 0;
  std::vector<Service> mirror_;
  ListScheduler scheduler_;
  ListScheduler mirror_scheduler_;
  std::uint64_t judged_ = 0;

  Time makespan_ = 0;
  Lane lane_;
  std::vector<Time> best_priority_;
  std::vector<Time> current_;
  std::vector<Time> candidate_;
  std::vector<TaskIndex> order_;
};

}  // namespace splitlane
