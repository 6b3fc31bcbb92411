// The exact lane with preemption against the exhaustive slot search (docs/how_it_works.md#the-exact-scheduler), and
// every proof against the checker.
#include <gtest/gtest.h>

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

TEST(ExactPreemptive, AgreesWithExhaustiveSearch) {
  for (std::uint64_t seed = 0; seed < test::random_cases(1200); ++seed) {
    Random random(seed);
    test::LaneShape shape;
    shape.most_services = seed % 3 == 0 ? 4 : 3;
    shape.longest_work = seed % 2 == 0 ? 6 : 3;
    shape.longest_wait = seed % 5 == 0 ? 2 : 8;
    const std::vector<Service> services = test::random_services(random, shape);
    ExactLaneParameters parameters;
    parameters.search_limit = seed % 2 == 0 ? 0 : 100;  // without local search the tree has more to do
    test::expect_exact_around(services, {}, parameters, test::brute_force_optimum(services, {}));
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(ExactPreemptive, AgreesWithExhaustiveSearchOnFlowShops) {
  for (std::uint64_t seed = 0; seed < test::random_cases(60); ++seed) {
    Random random(seed);
    std::vector<Service> services = test::flow_services(random, seed % 4 == 0 ? 5 : 4, 4);
    if (seed % 3 == 0) {
      for (Service& service : services) service.release = random.between(0, 3);
    }
    test::expect_exact_around(services, {}, {}, test::brute_force_optimum(services, {}));
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(ExactPreemptive, AgreesWithExhaustiveSearchOnUnitFlowShops) {
  for (std::uint64_t seed = 0; seed < test::random_cases(60); ++seed) {
    Random random(seed);
    const std::vector<Service> services = test::unit_flow_services(random, 5);
    test::expect_exact_around(services, {}, {}, test::brute_force_optimum(services, {}));
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(ExactPreemptive, DecidesThreePartition) {
  int partitions = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    Random random(seed);
    const test::PartitionGadget gadget(random);
    partitions += gadget.is_partition ? 1 : 0;
    ExactLaneParameters parameters;
    parameters.want_proof = true;
    const LaneDecision decision = decide_lane(gadget.services, {}, gadget.makespan, parameters);
    ASSERT_EQ(decision.verdict, gadget.is_partition ? Verdict::kFeasible : Verdict::kInfeasible) << "seed " << seed;
    if (gadget.is_partition) {
      test::expect_lane_by(gadget.services, {}, decision.lane, gadget.makespan);
    } else {
      test::expect_proof(gadget.services, {}, gadget.makespan, true, decision.proof);
    }
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(partitions, 20);
  EXPECT_LT(partitions, 110);
}

TEST(ExactPreemptive, ProvesWhatItFindsOnLargerFlowShops) {
  // No oracle reaches these; but the lane bounds the optimum from above, and the checked proof from below.
  std::size_t split_proofs = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    Random random(seed);
    const std::vector<Service> services = test::flow_services(random, 6 + seed % 4, 40);
    ExactLaneParameters parameters;
    parameters.want_proof = true;
    const LaneOptimum result = optimal_lane(services, {}, parameters);
    ASSERT_EQ(result.lower_bound, result.makespan) << "seed " << seed;
    test::expect_lane_by(services, {}, result.lane, result.makespan);
    test::expect_proof(services, {}, result.lower_bound - 1, true, result.proof);
    split_proofs += result.proof.size() > 1 ? 1U : 0U;
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(split_proofs, 50u);
}

TEST(ExactPreemptive, UsesTheCouplingBoundWhereWindowsAreBlind) {
  // Ten unit clients without release and tail: every window allows max(2 * 10, longest path), but the average argument
  // of docs/how_it_works.md#the-coupling-bound does not. Some seed needs it.
  std::size_t coupling_proofs = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const std::vector<Service> services = test::unit_flow_services(random, 14);
    ExactLaneParameters parameters;
    parameters.want_proof = true;
    const LaneOptimum result = optimal_lane(services, {}, parameters);
    test::expect_proof(services, {}, result.lower_bound - 1, true, result.proof);
    coupling_proofs += result.proof.front().kind == LaneProofStep::Kind::kCoupling ? 1U : 0U;
    EXPECT_GE(result.lower_bound, window_bound(services, {}));
  }
  EXPECT_GT(coupling_proofs, 0u);
}

}  // namespace
}  // namespace splitlane
