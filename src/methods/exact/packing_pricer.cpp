#include "methods/exact/packing_pricer.hpp"

#include <algorithm>

namespace splitlane::exact {

namespace {

/// What windows may spend before phases are tried, and these on their trial.
constexpr std::uint64_t kWindowProbe = 1'000'000;
constexpr std::uint64_t kPhaseProbe = 16'000'000;

}  // namespace

PackingPricer::PackingPricer(const ColumnTable& columns, std::size_t helper, LaneCache& lane_cache, Time makespan,
                             Phases phases, const StopCondition& stop)
    : windows_(columns, helper, lane_cache, makespan, stop),
      phases_(columns, helper, lane_cache, makespan, stop),
      use_of_phases_(PhasePricer::suits(columns, helper) ? phases : Phases::kNever) {}

PricingAnswer PackingPricer::price(const PricingProblem& problem, bool thorough) {
  if (use_of_phases_ == Phases::kFirst) return by_phases(problem, problem.node_limit);
  if (use_of_phases_ == Phases::kNever || !thorough) return by_windows(problem, problem.node_limit);
  PricingAnswer answer = by_windows(problem, std::min(problem.node_limit, kWindowProbe));
  if (answer.complete) return answer;
  answer = by_phases(problem, kPhaseProbe);
  use_of_phases_ = answer.limited ? Phases::kNever : Phases::kFirst;
  return answer.limited ? by_windows(problem, problem.node_limit) : answer;
}

PricingAnswer PackingPricer::by_phases(PricingProblem problem, std::uint64_t node_limit) {
  by_phases_ = true;
  problem.node_limit = node_limit;
  return phases_.price(problem);
}

PricingAnswer PackingPricer::by_windows(PricingProblem problem, std::uint64_t node_limit) {
  by_phases_ = false;
  problem.node_limit = node_limit;
  return windows_.price(problem);
}

PackingBound PackingPricer::certified(std::int64_t most, RefutedSets* refuted) {
  return by_phases_ ? phases_.certified(most, refuted) : windows_.certified(most, refuted);
}

}  // namespace splitlane::exact
