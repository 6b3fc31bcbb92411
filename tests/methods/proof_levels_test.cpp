// How much of a proof is asked for changes the proof alone: no plan, no bound.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "splitlane/check/verify.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/methods/method.hpp"
#include "support/random.hpp"

namespace splitlane {
namespace {

// Tasks of 1 to 20 and turnarounds about as long as a helper's whole work: which sets of clients fit together decides.
Instance coupled(std::size_t clients, std::size_t helpers, std::uint64_t seed) {
  test::Random random(seed);
  InstanceBuilder builder;
  for (std::size_t helper = 0; helper < helpers; ++helper)
    builder.add_helper({"h" + std::to_string(helper), std::nullopt, 0});
  for (std::size_t client = 0; client < clients; ++client) {
    builder.add_client("c" + std::to_string(client));
    const Time forward = random.between(1, 20);
    const Time backward = random.between(1, 20);
    const auto work = static_cast<Time>(20 * clients / helpers);
    const Time turnaround = random.between(work / 2, work);
    for (std::size_t helper = 0; helper < helpers; ++helper)
      builder.add_option({HelperIndex(helper), 0, forward, turnaround, 0, backward, 0, 0, std::nullopt, std::nullopt});
  }
  return builder.build();
}

Plan planned(const Instance& instance, bool certificate, bool whole) {
  MethodParameters parameters;
  parameters.certificate = certificate;
  parameters.whole_proof = whole;
  return plan_exact(instance, parameters);
}

TEST(ProofLevels, ChangeNeitherPlanNorBound) {
  int shorter = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Instance instance = coupled(5 + seed % 2, 1 + seed / 2 % 2, seed);
    const Plan none = planned(instance, false, true);
    const Plan explaining = planned(instance, true, false);
    const Plan whole = planned(instance, true, true);
    for (const Plan* plan : {&none, &explaining}) {
      EXPECT_EQ(plan->schedule.choice, whole.schedule.choice);
      EXPECT_EQ(plan->schedule.makespan, whole.schedule.makespan);
      EXPECT_EQ(plan->proof.lower_bound, whole.proof.lower_bound);
    }
    EXPECT_EQ(none.proof.certificate, nullptr);
    ASSERT_NE(explaining.proof.certificate, nullptr);
    ASSERT_NE(whole.proof.certificate, nullptr);
    EXPECT_EQ(whole.proof.certificate->lower_bound, whole.proof.lower_bound);
    EXPECT_EQ(explaining.proof.certificate->lower_bound, whole.proof.lower_bound);
    const VerifyReport report = verify_certificate(instance, *whole.proof.certificate);
    EXPECT_TRUE(report.accepted) << report.flaw;
    // The same tree; what it leaves out are proofs that sets of clients do not fit together.
    EXPECT_EQ(explaining.proof.certificate->steps.size(), whole.proof.certificate->steps.size());
    EXPECT_LE(explaining.proof.certificate->no_goods.size(), whole.proof.certificate->no_goods.size());
    shorter += explaining.proof.certificate->no_goods.size() < whole.proof.certificate->no_goods.size() ? 1 : 0;
  }
  EXPECT_GT(shorter, 0);
}

}  // namespace
}  // namespace splitlane
