#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "methods/exact/domain.hpp"
#include "methods/exact/lane_cache.hpp"
#include "methods/exact/node_budget.hpp"
#include "methods/exact/packed_set.hpp"
#include "methods/exact/pricing.hpp"
#include "milp/linear_program.hpp"
#include "splitlane/certificate/packing_bound.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::exact {

/// Prices by windows (docs/how_it_works.md#set-partitioning): a linear relaxation over them gives prices; an
/// enumeration in the order that PackingBound prescribes prunes with these, in integers, and asks the exact scheduler
/// about every set it keeps.
class WindowPricer {
 public:
  WindowPricer(const ColumnTable& columns, HelperIndex helper, LaneCache& lane_cache, Time makespan,
               const StopCondition& stop);

  PricingAnswer price(const PricingProblem& problem);

  /// What the last `price` proved, as a certificate states it, with `most` for its value (for the helper itself; equal
  /// ones are to be added). `refuted`, unless null: the sets that the check must know not to fit, beyond what windows
  /// tell.
  PackingBound certified(std::int64_t most, RefutedSets* refuted);

 private:
  struct Item {
    ClientIndex client;
    std::int64_t value;
    std::int64_t reduced;                                       ///< best of its columns
    std::vector<std::pair<ColumnIndex, std::int64_t>> columns;  ///< with their reduced values
  };

  struct Row {
    PricedRow row;
    Time capacity = 0;
    std::vector<Time> coefficients;  ///< by position among the helper's columns
  };

  void relax(const Domain& domain, std::span<const std::int64_t> values);
  bool separate();
  void add_row(Row row);
  void add_window(std::vector<Time> heads, std::vector<Time> tails);
  void fix_prices();
  void make_items(const Domain& domain, std::span<const std::int64_t> values);
  PricingAnswer run(std::int64_t most, std::uint64_t node_limit);
  void enumerate(std::size_t position, std::int64_t value, std::int64_t bound);

  const ColumnTable& columns_;
  HelperIndex helper_;
  Time makespan_;
  StopCondition stop_;

  LinearProgram program_;
  std::size_t first_row_ = 0;  ///< of rows_ in the program
  std::vector<Row> rows_;
  std::int64_t base_ = 0;  ///< sum of price * capacity
  std::vector<Item> items_;
  std::vector<std::int64_t> values_to_come_;
  std::vector<std::int64_t> reduced_to_come_;
  PackedSet set_;
  NodeBudget budget_;
  PricingAnswer answer_;
};

}  // namespace splitlane::exact
