#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "methods/exact/domain.hpp"
#include "methods/exact/knapsack_table.hpp"
#include "methods/exact/lane_cache.hpp"
#include "methods/exact/node_budget.hpp"
#include "methods/exact/packed_set.hpp"
#include "methods/exact/pricing.hpp"
#include "splitlane/certificate/packing_bound.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::exact {

/// Prices by knapsacks. A set counts only by what it must fulfil when it works through its forwards first, under the
/// deadlines that their tails leave, and its backwards do not start before the first of them can. For every choice of
/// that first one, tables of two-dimensional knapsacks bound an enumeration (the order and the tables are those of
/// PackingBound). Where turnarounds are about as long as a helper's whole work (docs/how_it_works.md#set-partitioning),
/// windows leave far more sets open.
class KnapsackPricer {
 public:
  KnapsackPricer(const ColumnTable& columns, HelperIndex helper, LaneCache& lane_cache, Time makespan,
                 const StopCondition& stop);

  /// Whether the helper has few enough columns for the tables, with values up to 2^20.
  static bool suits(const ColumnTable& columns, HelperIndex helper);

  PricingAnswer price(const PricingProblem& problem);
  /// As WindowPricer's.
  PackingBound certified(std::int64_t most, RefutedSets* refuted);

 private:
  struct Item {
    ColumnIndex column;
    ClientIndex client;
    Time head;  ///< of its backward
    KnapsackItem entry;
  };

  void make_items(const Domain& domain, std::span<const std::int64_t> values);
  void choose_unit();
  PricingAnswer run(std::int64_t known, std::int64_t enough, std::uint64_t node_limit);
  /// Sets whose first backward is that of this item; none with work: items_.size().
  void enumerate_behind(std::size_t first);
  void enumerate(std::size_t position, Time forward, Time room, std::int64_t value);
  void include(std::size_t position, Time forward, Time room, std::int64_t value);

  const ColumnTable& columns_;
  HelperIndex helper_;
  Time makespan_;

  std::vector<Item> items_;  ///< of the last problem, in the order of the enumeration
  Time least_release_ = 0;
  Time least_tail_ = 0;
  Time unit_ = 1;
  std::int64_t total_value_ = 0;
  std::size_t next_first_ = 0;  ///< where the last search for any better set ended

  std::vector<Item> behind_;  ///< the items that may follow the first backward in hand, and its own
  std::vector<KnapsackItem> entries_;
  std::size_t forced_ = 0;
  KnapsackTable table_;
  PackedSet set_;
  NodeBudget budget_;
  PerClient<std::uint8_t> taken_;
  PricingAnswer answer_;
};

}  // namespace splitlane::exact
