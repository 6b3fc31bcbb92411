#include "splitlane/schedule/exact.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "schedule/exact/lane_oracle.hpp"

namespace splitlane {

namespace {

using Verdict = LaneDecision::Verdict;

/// Closes in on the optimum: from the lower bound upwards in growing steps, so that the number of makespans tried does
/// not depend on the time unit, then by bisection.
class OptimumSearch {
 public:
  OptimumSearch(LaneOracle& oracle, const ExactLaneParameters& parameters, Time target)
      : oracle_(oracle), parameters_(parameters), target_(target) {}

  LaneOptimum run() {
    LaneOptimum result;
    result.lower_bound = oracle_.lower_bound(oracle_.makespan(), parameters_.stop);
    Time step = 1;
    Time open = oracle_.makespan();  // makespans from here on need not be asked about
    while (result.lower_bound < open && oracle_.makespan() > target_ && !parameters_.stop.reached()) {
      const Time step_or_half = std::min(step - 1, (open - 1 - result.lower_bound) / 2);
      const Time asked = std::max(result.lower_bound + step_or_half, std::min(target_, open - 1));
      switch (oracle_.decide(asked, parameters_)) {
        case Verdict::kFeasible: open = oracle_.makespan(); break;
        case Verdict::kUnknown: open = asked; break;
        case Verdict::kInfeasible:
          result.lower_bound = asked + 1;
          result.proof = oracle_.proof();
          is_proved_ = true;
          step *= 2;
          break;
      }
    }
    if (parameters_.want_proof && !is_proved_ && result.lower_bound > 0) result.proof = prove(result.lower_bound - 1);
    result.lane = oracle_.lane();
    result.makespan = oracle_.makespan();
    SPLITLANE_ASSERT(result.lower_bound <= result.makespan, result.lower_bound, result.makespan);
    return result;
  }

 private:
  // Of a makespan that the bounds refute, which takes no search and so heeds no stop.
  LaneProof prove(Time makespan) {
    ExactLaneParameters bounds_only = parameters_;
    bounds_only.stop = {};
    bounds_only.node_limit = 0;
    bounds_only.search_limit = 0;
    oracle_.decide(makespan, bounds_only);
    return oracle_.proof();
  }

  LaneOracle& oracle_;
  const ExactLaneParameters& parameters_;
  Time target_;
  bool is_proved_ = false;
};

}  // namespace

LaneDecision decide_lane(std::span<const Service> services, const SwitchRule& rule, Time makespan,
                         const ExactLaneParameters& parameters) {
  LaneOracle oracle;
  oracle.start(services, rule, parameters.preemptive);
  LaneDecision decision;
  decision.verdict = oracle.decide(makespan, parameters);
  if (decision.verdict == Verdict::kFeasible) decision.lane = oracle.lane();
  if (decision.verdict == Verdict::kInfeasible) decision.proof = oracle.proof();
  return decision;
}

LaneOptimum optimal_lane(std::span<const Service> services, const SwitchRule& rule,
                         const ExactLaneParameters& parameters, Time target) {
  LaneOracle oracle;
  oracle.start(services, rule, parameters.preemptive);
  return OptimumSearch(oracle, parameters, target).run();
}

}  // namespace splitlane
