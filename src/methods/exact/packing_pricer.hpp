#pragma once

#include <cstdint>
#include <vector>

#include "methods/exact/phase_pricer.hpp"
#include "methods/exact/window_pricer.hpp"

namespace splitlane::exact {

/// Finds the most valuable set of clients that one helper can serve by the makespan in hand (the pricing problem of
/// docs/how_it_works.md#set-partitioning): by windows, or by phases where windows leave too many sets open.
class PackingPricer {
 public:
  /// What is known of the phases of a helper; at another makespan, too, as a rule.
  enum class Phases : std::uint8_t {
    kUntried,
    kFirst,  ///< they solved a problem that was too hard for windows
    kNever,  ///< they did not
  };

  PackingPricer(const ColumnTable& columns, std::size_t helper, LaneCache& lane_cache, Time makespan, Phases phases,
                const StopCondition& stop);

  /// `thorough`: by all means; else whatever is found fast.
  PricingAnswer price(const PricingProblem& problem, bool thorough);

  /// What the last `price` proved; as WindowPricer's.
  PackingBound certified(std::int64_t most, RefutedSets* refuted);

  Phases phases() const { return use_of_phases_; }

 private:
  PricingAnswer by_phases(PricingProblem problem, std::uint64_t node_limit);
  PricingAnswer by_windows(PricingProblem problem, std::uint64_t node_limit);

  WindowPricer windows_;
  PhasePricer phases_;
  Phases use_of_phases_;
  bool by_phases_ = false;  ///< who answered last
};

}  // namespace splitlane::exact
