// The exact lane without preemption against all sequences of tasks, under every switch rule, and its proofs.
#include <gtest/gtest.h>

#include "support/exact_lane.hpp"
#include "support/hard_lanes.hpp"
#include "support/random_instance.hpp"
#include "support/sequence_search.hpp"

namespace splitlane {
namespace {

using test::Random;

ExactLaneParameters whole_tasks() {
  ExactLaneParameters parameters;
  parameters.preemptive = false;
  return parameters;
}

std::vector<Service> random_case(Random& random, std::uint64_t seed) {
  test::LaneShape shape;
  shape.most_services = 4;
  shape.longest_work = seed % 3 == 0 ? 3 : seed % 3 == 1 ? 9 : 30;
  shape.longest_wait = seed % 5 == 0 ? 3 * shape.longest_work : shape.longest_work;
  return test::random_services(random, shape);
}

TEST(ExactNonPreemptive, AgreesWithAllSequences) {
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    Random random(seed);
    const std::vector<Service> services = random_case(random, seed);
    ExactLaneParameters parameters = whole_tasks();
    parameters.search_limit = seed % 2 == 0 ? 0 : 100;
    test::expect_exact_around(services, {}, parameters, test::SequenceSearch(services, {}).optimum());
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(ExactNonPreemptive, AgreesWithAllSequencesUnderSwitchCosts) {
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    Random random(seed);
    const std::vector<Service> services = random_case(random, seed);
    const SwitchRule rule{seed % 2 == 0 ? SwitchModel::kOccupy : SwitchModel::kCharge, random.between(1, 5)};
    test::expect_exact_around(services, rule, whole_tasks(), test::SequenceSearch(services, rule).optimum());
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(ExactNonPreemptive, ProvesWhatItFindsOnFlowShops) {
  std::size_t order_proofs = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Random random(seed);
    std::vector<Service> services = test::flow_services(random, 5 + seed % 4, 20);
    if (seed % 2 == 0) {
      for (Service& service : services) service.release = random.between(0, 60);
    }
    ExactLaneParameters parameters = whole_tasks();
    parameters.want_proof = true;
    const LaneOptimum result = optimal_lane(services, {}, parameters);
    ASSERT_EQ(result.lower_bound, result.makespan) << "seed " << seed;
    test::expect_lane_by(services, {}, result.lane, result.makespan);
    test::expect_proof(services, {}, result.lower_bound - 1, false, result.proof);
    for (const LaneProofStep& step : result.proof) {
      order_proofs += step.kind == LaneProofStep::Kind::kOrder ? 1U : 0U;
    }
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(order_proofs, 10u);
}

TEST(ExactNonPreemptive, NeverSplitsATask) {
  // The urgent client 1 arrives at 2. Behind client 0, [0, 10), it would complete at 11 + 20 = 31; so the lane waits:
  // [2, 3), completion 23, then client 0 in [3, 13).
  const std::vector<Service> services = {{0, 10, 0, 0, 0}, {2, 1, 0, 0, 20}};
  const LaneOptimum result = optimal_lane(services, {}, whole_tasks());
  EXPECT_EQ(result.makespan, 23);
  EXPECT_EQ(result.lane.size(), 2u);
}

TEST(ExactNonPreemptive, ProvesThatPreemptionWouldPay) {
  // As above with tail 12 for client 0: 13 + 12 = 25 behind client 1, which is better than 31 for client 1 behind it.
  // With preemption client 0 runs [0, 2) and [3, 11): 23 for both.
  const std::vector<Service> services = {{0, 10, 0, 0, 12}, {2, 1, 0, 0, 20}};
  ExactLaneParameters parameters;
  parameters.want_proof = true;
  EXPECT_EQ(optimal_lane(services, {}, parameters).makespan, 23);
  parameters.preemptive = false;
  const LaneOptimum result = optimal_lane(services, {}, parameters);
  EXPECT_EQ(result.makespan, 25);
  EXPECT_EQ(result.lower_bound, 25);
  test::expect_proof(services, {}, 24, false, result.proof);
}

}  // namespace
}  // namespace splitlane
