#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "methods/exact/domain.hpp"
#include "methods/exact/lane_cache.hpp"
#include "milp/linear_program.hpp"
#include "splitlane/plan/certificate.hpp"

namespace splitlane::exact {

/// Finds the most valuable set of clients that one helper can serve by the makespan in hand (the pricing problem of
/// THEORY 2.5). A linear relaxation over windows gives prices; an enumeration in the order that PackingBound prescribes
/// prunes with them, in integers, and asks the exact scheduler about every set it keeps.
class PackingPricer {
 public:
  PackingPricer(const ColumnTable& columns, std::size_t helper, LaneCache& lane_cache, Time makespan,
                const StopCondition& stop);

  struct Answer {
    /// No set is worth more; exact when `complete`, else what the relaxation says.
    std::int64_t most = 0;
    bool complete = false;
    std::vector<std::vector<ColumnIndex>> sets;  ///< feasible, each worth more than the one before
    std::uint64_t nodes = 0;
  };
  /// `values`: one per client, >= 0. Columns outside the domain and clients of value 0 are left out.
  Answer price(const Domain& domain, std::span<const std::int64_t> values, std::uint64_t node_limit);

  /// What the last `price` proved, as a certificate states it, with `most` for its value (for the helper itself; equal
  /// ones are to be added). `refuted`: the sets that the check must know not to fit, beyond what windows tell.
  PackingBound certified(std::int64_t most, std::vector<std::vector<ColumnIndex>>& refuted);

 private:
  struct Item {
    std::size_t client;
    std::int64_t value;
    std::int64_t reduced;                                       ///< best of its columns
    std::vector<std::pair<ColumnIndex, std::int64_t>> columns;  ///< with their reduced values
  };

  struct Row {
    PricedRow row;
    Time capacity = 0;
    std::vector<Time> coefficients;  ///< by position among the helper's columns
  };
  static constexpr std::size_t kNoneUnknown = ~std::size_t{0};

  void relax(const Domain& domain, std::span<const std::int64_t> values);
  bool separate();
  void add_row(Row row);
  void add_window(std::vector<Time> heads, std::vector<Time> tails);
  void fix_prices();
  void make_items(const Domain& domain, std::span<const std::int64_t> values);
  Answer run(std::int64_t most, std::uint64_t node_limit);
  void enumerate(std::size_t position, std::int64_t value, std::int64_t bound);
  bool fits();

  const ColumnTable& columns_;
  HelperIndex helper_;
  LaneCache& lane_cache_;
  Time makespan_;
  StopCondition stop_;

  LinearProgram program_;
  std::size_t first_row_ = 0;  ///< of rows_ in the program
  std::vector<Row> rows_;
  std::int64_t base_ = 0;  ///< sum of price * capacity
  std::vector<Item> items_;
  std::vector<std::int64_t> values_to_come_;
  std::vector<std::int64_t> reduced_to_come_;
  std::vector<ColumnIndex> chosen_;
  Megabytes memory_ = 0;
  std::uint64_t node_limit_ = 0;
  bool limited_ = false;
  std::size_t unknown_depth_ = kNoneUnknown;  ///< chosen columns from which on the exact scheduler gave up
  Answer answer_;
  std::vector<std::vector<ColumnIndex>>* refuted_ = nullptr;
};

}  // namespace splitlane::exact
