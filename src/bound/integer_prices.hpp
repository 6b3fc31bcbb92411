#pragma once

#include <cstdint>
#include <vector>

#include "base/workers.hpp"
#include "bound/price_problem.hpp"
#include "bound/reachable_sums.hpp"
#include "bound/row_values.hpp"
#include "splitlane/certificate/priced_row.hpp"

namespace splitlane {

/// The price bound evaluated in integers: what is proven, whatever the floating-point search that chose the prices.
class IntegerPrices {
 public:
  /// Rounds the prices of the problem's rows; rows whose price rounds to 0 are dropped. `highest_edge`: windows whose
  /// head and tail together exceed it are dropped too, so that every capacity at it is >= 0.
  IntegerPrices(const PriceProblem& problem, const RowValues& prices, Time highest_edge, Workers& workers);

  /// The largest bound that these prices prove, at least `bound`, which must be proven already; `rows` then prove it.
  /// A few rounds over all options. What is proven when the workers' stop is reached, if that is earlier.
  Time improved(Time bound);

  /// At most one call of `improved` before.
  const std::vector<PricedRow>& rows() const { return rows_; }

 private:
  __extension__ using Wide = __int128;  // clang and gcc both have it; ISO C++ does not

  Wide least_costs(Time makespan);
  Wide cost(OptionIndex option) const;
  std::int64_t size_in(const PricedRow& row, OptionIndex option) const;
  Time capacity_at(Time makespan, const PricedRow& row) const;
  /// The makespan that the prices prove when only options allowed at `makespan` may be used.
  Time proven_if_allowed(Time makespan);
  void improve();
  void tighten();
  Time tightened_within(Time bound, Time most);
  std::vector<ReachableSums> sums_of_rows(Time most);
  Wide rent_at(Time makespan, const std::vector<ReachableSums>& sums) const;

  const Instance& instance_;
  Workers& workers_;
  std::vector<PricedRow> rows_;
  std::vector<std::uint32_t> first_row_;  // by helper; rows of a helper are consecutive
  Wide price_sum_ = 0;                    // of windows
  Time proven_ = 0;
  Wide rent_ = 0;  // sum of price * (head + tail) over windows - sum of price * capacity over memories
};

}  // namespace splitlane
