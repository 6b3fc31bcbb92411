#include "methods/exact/packing_pricer.hpp"

#include <algorithm>

namespace splitlane::exact {

namespace {

/// What windows may spend before knapsacks are tried, and these on their trial.
constexpr std::uint64_t kWindowProbe = 1'000'000;
constexpr std::uint64_t kKnapsackProbe = 16'000'000;

}  // namespace

PackingPricer::PackingPricer(const ColumnTable& columns, HelperIndex helper, LaneCache& lane_cache, Time makespan,
                             Knapsacks knapsacks, const StopCondition& stop)
    : windows_(columns, helper, lane_cache, makespan, stop),
      knapsacks_(columns, helper, lane_cache, makespan, stop),
      use_of_knapsacks_(KnapsackPricer::suits(columns, helper) ? knapsacks : Knapsacks::kNever) {}

PricingAnswer PackingPricer::price(const PricingProblem& problem, bool thorough) {
  if (use_of_knapsacks_ == Knapsacks::kFirst) return by_knapsacks(problem, problem.node_limit);
  if (use_of_knapsacks_ == Knapsacks::kNever || !thorough) return by_windows(problem, problem.node_limit);
  PricingAnswer answer = by_windows(problem, std::min(problem.node_limit, kWindowProbe));
  if (answer.complete) return answer;
  answer = by_knapsacks(problem, kKnapsackProbe);
  use_of_knapsacks_ = answer.limited ? Knapsacks::kNever : Knapsacks::kFirst;
  return answer.limited ? by_windows(problem, problem.node_limit) : answer;
}

PricingAnswer PackingPricer::by_knapsacks(PricingProblem problem, std::uint64_t node_limit) {
  by_knapsacks_ = true;
  problem.node_limit = node_limit;
  return knapsacks_.price(problem);
}

PricingAnswer PackingPricer::by_windows(PricingProblem problem, std::uint64_t node_limit) {
  by_knapsacks_ = false;
  problem.node_limit = node_limit;
  return windows_.price(problem);
}

PackingBound PackingPricer::certified(std::int64_t most, RefutedSets* refuted) {
  return by_knapsacks_ ? knapsacks_.certified(most, refuted) : windows_.certified(most, refuted);
}

}  // namespace splitlane::exact
