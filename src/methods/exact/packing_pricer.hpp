#pragma once

#include <cstdint>
#include <vector>

#include "methods/exact/knapsack_pricer.hpp"
#include "methods/exact/window_pricer.hpp"

namespace splitlane::exact {

/// Finds the most valuable set of clients that one helper can serve by the makespan in hand (the pricing problem of
/// docs/how_it_works.md#set-partitioning): by windows, or by knapsacks where windows leave too many sets open.
class PackingPricer {
 public:
  /// What is known of the knapsacks of a helper; at another makespan, too, as a rule.
  enum class Knapsacks : std::uint8_t {
    kUntried,
    kFirst,  ///< they solved a problem that was too hard for windows
    kNever,  ///< they did not
  };

  PackingPricer(const ColumnTable& columns, HelperIndex helper, LaneCache& lane_cache, Time makespan,
                Knapsacks knapsacks, const StopCondition& stop);

  /// `thorough`: by all means; else whatever is found fast.
  PricingAnswer price(const PricingProblem& problem, bool thorough);

  /// What the last `price` proved; as WindowPricer's.
  PackingBound certified(std::int64_t most, RefutedSets* refuted);

  Knapsacks knapsacks() const { return use_of_knapsacks_; }

 private:
  PricingAnswer by_knapsacks(PricingProblem problem, std::uint64_t node_limit);
  PricingAnswer by_windows(PricingProblem problem, std::uint64_t node_limit);

  WindowPricer windows_;
  KnapsackPricer knapsacks_;
  Knapsacks use_of_knapsacks_;
  bool by_knapsacks_ = false;  ///< who answered last
};

}  // namespace splitlane::exact
