// How much of a proof is asked for changes the proof alone: no plan, no bound.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "splitlane/check/verify.hpp"
#include "splitlane/methods/method.hpp"
#include "support/exhaustive.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

// Turnarounds as long as a helper's work, so that bounds rest on what whole sets of clients need.
test::InstanceShape coupled_shape() {
  test::InstanceShape shape;
  shape.fewest_clients = 7;
  shape.most_clients = 8;
  shape.most_helpers = 2;
  shape.most_options_per_pair = 1;
  shape.equal_helper_percent = 100;
  shape.bounded_memory_percent = 0;
  shape.longest = 4;
  shape.longest_wait = 0;
  shape.longest_turnaround = 16;
  shape.switch_cost_percent = 0;
  shape.missing_edge_percent = 0;
  shape.local_option_percent = 0;
  shape.zero_length_percent = 0;
  return shape;
}

Plan planned(const Instance& instance, bool certificate, bool whole) {
  MethodParameters parameters;
  parameters.certificate = certificate;
  parameters.whole_proof = whole;
  return plan_exact(instance, parameters);
}

TEST(ProofLevels, ChangeNeitherPlanNorBound) {
  int shorter = 0;
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Instance instance = test::random_instance(seed, coupled_shape());
    if (!test::has_assignment(instance)) continue;
    ++compared;
    const Plan none = planned(instance, false, true);
    const Plan explaining = planned(instance, true, false);
    const Plan whole = planned(instance, true, true);
    for (const Plan* plan : {&none, &explaining}) {
      EXPECT_EQ(plan->choice, whole.choice);
      EXPECT_EQ(plan->makespan, whole.makespan);
      EXPECT_EQ(plan->lower_bound, whole.lower_bound);
    }
    EXPECT_EQ(none.certificate, nullptr);
    ASSERT_NE(explaining.certificate, nullptr);
    ASSERT_NE(whole.certificate, nullptr);
    EXPECT_EQ(whole.certificate->lower_bound, whole.lower_bound);
    EXPECT_EQ(explaining.certificate->lower_bound, whole.lower_bound);
    const VerifyReport report = verify_certificate(instance, *whole.certificate);
    EXPECT_TRUE(report.accepted) << report.flaw;
    // The same tree; what it leaves out are proofs that sets of clients do not fit together.
    EXPECT_EQ(explaining.certificate->steps.size(), whole.certificate->steps.size());
    EXPECT_LE(explaining.certificate->no_goods.size(), whole.certificate->no_goods.size());
    shorter += explaining.certificate->no_goods.size() < whole.certificate->no_goods.size() ? 1 : 0;
  }
  EXPECT_GT(compared, 40);
  EXPECT_GT(shorter, 0);
}

}  // namespace
}  // namespace splitlane
