#pragma once

#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "methods/exact/column_table.hpp"
#include "methods/exact/lane_cache.hpp"

namespace splitlane::exact {

/// Tabu search for an assignment whose every helper ends by a target: minimises the sum of what helpers end too late,
/// by the best move of a client off a late helper (or to another of its columns there) or a sampled swap of two
/// clients. Ends are those of quick schedules; late helpers get the exact scheduler's help when the sum stops falling.
class TabuSearch {
 public:
  TabuSearch(const ColumnTable& columns, LaneCache& lane_cache, std::uint64_t seed, const StopCondition& stop);

  /// Starts from these columns; clients whose entry is kNoColumn are placed greedily where their helper ends first.
  /// Throws Stopped: each of them costs a schedule of every helper that may serve it.
  void start(const Choice& choice);

  /// Looks for an assignment that ends by `target`; true when `choice()` is one. At most `iterations` changes.
  bool reach(Time target, std::uint64_t iterations);

  /// Columns worth trying besides those of least load, memory and path, such as those that prices favour; by column.
  void prefer(std::vector<std::uint8_t> preferred) { preferred_ = std::move(preferred); }

  const Choice& choice() const { return choice_; }
  /// The assignment that fits all memory and whose quick schedules end first, of all that `reach` saw since `start`;
  /// empty while there is none.
  const Choice& best_choice() const { return best_choice_; }
  Time best_end() const { return best_end_; }

 private:
  struct Change {
    double gain = 0;               ///< fall of the sum, negative when it grows
    ColumnIndex to = kNoColumn;    ///< new column of a client on the late helper
    ColumnIndex back = kNoColumn;  ///< swap: new column, on the late helper, of a client on to's helper
  };

  bool changes_reach(Time target, std::uint64_t iterations);
  void place(ClientIndex client);
  double lateness(HelperIndex helper, Time end, Megabytes memory) const;
  double cost(HelperIndex helper, Time end, Megabytes memory) const;
  double total_lateness() const;
  Time latest_end() const;
  bool is_late(HelperIndex helper) const;
  HelperIndex pick_late_helper();
  void find_candidates();
  void remember_best();
  Time end_with(HelperIndex helper, ClientIndex without, ColumnIndex with);
  Time least_end_with(HelperIndex helper, ColumnIndex with) const;
  void try_moves(HelperIndex helper, Change& best);
  void try_move(ColumnIndex from, ColumnIndex to, double relief, Change& best);
  void try_swaps(HelperIndex helper, Change& best);
  void offer(const Change& change, Change& best);
  void apply(const Change& change);
  void put(ClientIndex client, ColumnIndex column);
  void take_off(ClientIndex client);
  void refresh(HelperIndex helper);
  bool all_fit_exactly();
  /// Whether a helper may come to hold this much: within its capacity, or no more than now.
  bool may_hold(HelperIndex helper, Megabytes memory) const;
  bool is_tabu(ColumnIndex column) const { return tabu_until_[column] > iteration_; }
  ColumnIndex candidate_on(ClientIndex client, HelperIndex helper);

  const ColumnTable& columns_;
  LaneCache& lane_cache_;
  RandomEngine engine_;
  StopCondition stop_;
  Choice choice_;
  PerHelper<std::vector<ColumnIndex>> lanes_;
  PerHelper<Time> end_, load_, least_head_, least_tail_;
  PerHelper<Megabytes> memory_;
  PerClient<std::vector<ColumnIndex>> candidates_;  ///< columns worth moving to
  std::vector<std::uint8_t> preferred_;             ///< by column, or empty
  Choice best_choice_;
  Time best_end_ = 0;
  std::vector<std::uint64_t> tabu_until_;
  std::uint64_t iteration_ = 0;
  Time target_ = 0;
  double least_lateness_ = 0;
  double lateness_now_ = 0;
  std::vector<ColumnIndex> scratch_;
};

}  // namespace splitlane::exact
