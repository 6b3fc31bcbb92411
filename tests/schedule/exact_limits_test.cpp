// What the exact lane does within limits, towards a target, under switch costs, and on services out of the ordinary.
#include <gtest/gtest.h>

#include <atomic>

#include "splitlane/bound/bound.hpp"
#include "support/brute_force.hpp"
#include "support/exact_lane.hpp"
#include "support/hard_lanes.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

using test::Random;
using Verdict = LaneDecision::Verdict;

ExactLaneParameters no_search() {
  ExactLaneParameters parameters;
  parameters.node_limit = 0;
  parameters.search_limit = 0;
  return parameters;
}

TEST(ExactLimits, LeaveTheQuestionOpenButTheBoundsSane) {
  std::size_t open = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    const std::vector<Service> services = test::flow_services(random, 8, 30);
    const LaneOptimum limited = optimal_lane(services, {}, no_search());
    const LaneOptimum optimum = optimal_lane(services, {}, {});
    EXPECT_LE(limited.lower_bound, optimum.makespan);
    EXPECT_GE(limited.lower_bound, window_bound(services, {}));
    EXPECT_GE(limited.makespan, optimum.makespan);
    test::expect_lane_by(services, {}, limited.lane, limited.makespan);
    open += limited.lower_bound < limited.makespan ? 1U : 0U;
    const LaneDecision decision = decide_lane(services, {}, optimum.makespan, no_search());
    EXPECT_NE(decision.verdict, Verdict::kInfeasible);
  }
  EXPECT_GT(open, 0u);
}

TEST(ExactLimits, CancellationReturnsTheFirstLaneAndAProvenBound) {
  const std::atomic<bool> cancelled = true;
  for (const bool preemptive : {true, false}) {
    for (const SwitchRule& rule : {SwitchRule{}, SwitchRule{SwitchModel::kOccupy, 2}}) {
      Random random(3);
      const std::vector<Service> services = test::flow_services(random, 40, 50);
      ExactLaneParameters parameters;
      parameters.preemptive = preemptive;
      parameters.want_proof = true;
      parameters.stop = StopCondition(std::nullopt, &cancelled);
      const LaneOptimum result = optimal_lane(services, rule, parameters);
      test::expect_lane_by(services, rule, result.lane, result.makespan);
      EXPECT_GE(result.lower_bound, window_bound(services, rule));
      EXPECT_LE(result.lower_bound, result.makespan);
      test::expect_proof(services, rule, result.lower_bound - 1, preemptive, result.proof);
    }
  }
}

TEST(ExactLimits, NothingShorterThanTheTargetIsLookedFor) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    const std::vector<Service> services = test::flow_services(random, 6, 30);
    const LaneOptimum optimum = optimal_lane(services, {}, {});
    const Time target = optimum.makespan + static_cast<Time>(seed % 5) - 2;
    ExactLaneParameters parameters;
    parameters.want_proof = true;
    const LaneOptimum result = optimal_lane(services, {}, parameters, target);
    EXPECT_LE(result.makespan, std::max(target, optimum.makespan));
    EXPECT_LE(result.lower_bound, optimum.makespan);
    if (target <= optimum.makespan) {
      EXPECT_EQ(result.makespan, optimum.makespan);
    }
    if (target < optimum.makespan) {
      EXPECT_EQ(result.lower_bound, optimum.makespan);
    }
    test::expect_proof(services, {}, result.lower_bound - 1, true, result.proof);
  }
}

TEST(ExactSwitchCosts, WithPreemptionFewClientsAreDecided) {
  for (std::uint64_t seed = 0; seed < test::random_cases(200); ++seed) {
    Random random(seed);
    test::LaneShape shape;
    shape.longest_work = 5;
    const std::vector<Service> services = test::random_services(random, shape);
    const SwitchRule rule{seed % 2 == 0 ? SwitchModel::kOccupy : SwitchModel::kCharge, random.between(1, 3)};
    ExactLaneParameters parameters;
    parameters.search_limit = 200;
    test::expect_exact_around(services, rule, parameters, test::brute_force_optimum(services, rule));
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(ExactSwitchCosts, WithPreemptionManyClientsMayStayOpen) {
  Random random(1);
  const std::vector<Service> services = test::flow_services(random, kMostExhaustiveOptions + 1, 20);
  for (const SwitchModel model : {SwitchModel::kOccupy, SwitchModel::kCharge}) {
    const SwitchRule rule{model, 2};
    ExactLaneParameters parameters;
    parameters.want_proof = true;
    parameters.node_limit = 500;
    const LaneOptimum result = optimal_lane(services, rule, parameters);
    EXPECT_LE(result.lower_bound, result.makespan);
    test::expect_lane_by(services, rule, result.lane, result.makespan);
    test::expect_proof(services, rule, result.lower_bound - 1, true, result.proof);
  }
}

TEST(ExactLane, DoesNotDependOnTheTimeUnit) {
  // The same helper in units of 2^-30: same schedule. Twelve clients of 2^35 stay below 2^53.
  constexpr Time kScale = Time{1} << 30;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Random random(seed);
    const std::vector<Service> services = test::flow_services(random, 5, 12);
    std::vector<Service> scaled = services;
    for (Service& service : scaled) {
      service.forward *= kScale;
      service.turnaround *= kScale;
      service.backward *= kScale;
    }
    for (const bool preemptive : {true, false}) {
      ExactLaneParameters parameters;
      parameters.preemptive = preemptive;
      const LaneOptimum coarse = optimal_lane(services, {}, parameters);
      const LaneOptimum fine = optimal_lane(scaled, {}, parameters);
      EXPECT_EQ(fine.lower_bound, fine.makespan);
      // Finer pauses may gain something, but without pauses nothing changes.
      EXPECT_LE(fine.makespan, coarse.makespan * kScale);
      if (!preemptive) {
        EXPECT_EQ(fine.makespan, coarse.makespan * kScale);
      }
    }
  }
}

TEST(ExactLane, HandlesNoServicesAndNoWork) {
  for (const bool preemptive : {true, false}) {
    ExactLaneParameters parameters;
    parameters.preemptive = preemptive;
    parameters.want_proof = true;
    const LaneOptimum nothing = optimal_lane({}, {}, parameters);
    EXPECT_EQ(nothing.makespan, 0);
    EXPECT_EQ(nothing.lower_bound, 0);
    EXPECT_EQ(decide_lane({}, {}, 0, parameters).verdict, Verdict::kFeasible);

    // 3 + 4 + 5 = 12 without any work.
    const std::vector<Service> idle = {{3, 0, 4, 0, 5}};
    const LaneOptimum waiting = optimal_lane(idle, {}, parameters);
    EXPECT_EQ(waiting.makespan, 12);
    EXPECT_EQ(waiting.lower_bound, 12);
    EXPECT_TRUE(waiting.lane.empty());
    EXPECT_EQ(decide_lane(idle, {}, 11, parameters).verdict, Verdict::kInfeasible);
  }
}

TEST(ExactLane, DecidesLargeHelpersByBoundAndList) {
  Random random(1);
  test::LaneShape shape;
  shape.fewest_services = 3000;
  shape.most_services = 3000;
  shape.longest_wait = 3000;
  const std::vector<Service> services = test::random_services(random, shape);
  ExactLaneParameters parameters;
  parameters.want_proof = true;
  parameters.search_limit = 10;
  const LaneOptimum result = optimal_lane(services, {}, parameters);
  EXPECT_EQ(result.lower_bound, window_bound(services, {}));
  test::expect_lane_by(services, {}, result.lane, result.makespan);
  test::expect_proof(services, {}, result.lower_bound - 1, true, result.proof);
}

}  // namespace
}  // namespace splitlane
