// How much of a proof is asked for changes the proof alone: no plan, no bound.
#include <gtest/gtest.h>

#include <string>

#include "splitlane/check/verify.hpp"
#include "splitlane/methods/method.hpp"
#include "support/coupled_instance.hpp"
#include "support/random_cases.hpp"

namespace splitlane {
namespace {

Plan planned(const Instance& instance, bool certificate, bool whole) {
  MethodParameters parameters;
  parameters.certificate = certificate;
  parameters.whole_proof = whole;
  return plan_exact(instance, parameters);
}

TEST(ProofLevels, ChangeNeitherPlanNorBound) {
  int shorter = 0;
  for (std::uint64_t seed = 0; seed < (test::kSanitized ? 4 : 12); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Instance instance = test::coupled(5 + seed % 2, 1 + seed / 2 % 2, seed);
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
  EXPECT_TRUE(test::kSanitized || shorter > 0);  // the first few seeds leave out nothing
}

}  // namespace
}  // namespace splitlane
