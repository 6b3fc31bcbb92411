// A limit of time or a raised flag ends what several methods make together, wherever it stands: measured by questions,
// as in tests/methods/limits_test.cpp.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <string>

#include "splitlane/certificate/certificate.hpp"
#include "splitlane/check/verify.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/planning/compare_request.hpp"
#include "splitlane/planning/what_if_request.hpp"
#include "support/coupled_instance.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/large_instance.hpp"
#include "support/random_cases.hpp"
#include "support/stepping_clock.hpp"

namespace splitlane {
namespace {

using test::SteppingClock;

/// What may still be asked on the way out of nested searches, whatever the size.
constexpr std::uint64_t kMostOnTheWayOut = 60;
constexpr test::LargeShape kSizes{120, 6, 6, 1, 500, 7};

RunSettings one_thread(double seconds) {
  RunSettings run;
  run.time_limit_s = seconds;
  run.threads = 1;
  return run;
}

// All but the integer program, which refuses what has so many slots.
CompareRequest all_methods(double seconds) {
  CompareRequest request;
  for (const Method& method : methods()) {
    if (method.name != "ilp") request.methods.emplace_back(method.name);
  }
  request.run = one_thread(seconds);
  return request;
}

// How many methods have a plan. The others were not run.
std::size_t valid_plans(const Instance& instance, const Comparison& comparison) {
  std::size_t plans = 0;
  for (const ComparedMethod& row : comparison.rows) {
    if (row.plan) {
      EXPECT_TRUE(test::is_valid_plan(instance, *row.plan)) << row.method;
      ++plans;
    } else {
      EXPECT_EQ(row.failure, "not run: cancelled") << row.method;
    }
  }
  return plans;
}

TEST(PlanningLimits, ACompareWhoseMethodsAreCutOffHasARowForEach) {
  const Instance instance = test::instance_of(kSizes);
  for (const std::uint64_t limit : {1U, 20U, 200U}) {
    SCOPED_TRACE(limit);
    const CompareRequest request = all_methods(static_cast<double>(limit));
    const SteppingClock clock;
    const Comparison comparison = compare_methods(instance, request, {});
    EXPECT_EQ(valid_plans(instance, comparison), request.methods.size());
    EXPECT_LE(SteppingClock::asked(), request.methods.size() * (limit + kMostOnTheWayOut));
  }
}

TEST(PlanningLimits, AnInterruptedCompareEndsWithTheRowsSoFar) {
  const Instance instance = test::instance_of(kSizes);
  for (const std::uint64_t question : {1U, 20U, 200U, 1'000U}) {
    SCOPED_TRACE(question);
    std::atomic<bool> interrupted = false;
    const CompareRequest request = all_methods(SteppingClock::kNoLimit);
    const SteppingClock clock(&interrupted, question);
    const Comparison comparison = compare_methods(instance, request, {&interrupted, {}});
    EXPECT_TRUE(interrupted);
    EXPECT_EQ(comparison.rows.size(), request.methods.size());
    EXPECT_GE(valid_plans(instance, comparison), 1U);
    EXPECT_LT(valid_plans(instance, comparison), request.methods.size());
    EXPECT_LE(SteppingClock::asked(), question + kMostOnTheWayOut);
  }
}

TEST(PlanningLimits, AnInterruptedWhatIfEndsWithTheRowsSoFar) {
  const Instance instance = test::instance_of(kSizes);
  for (const std::uint64_t question : {1U, 20U, 200U, 1'000U}) {
    SCOPED_TRACE(question);
    std::atomic<bool> interrupted = false;
    const SteppingClock clock(&interrupted, question);
    WhatIfRequest request;
    request.method = "scale";
    request.run = one_thread(SteppingClock::kNoLimit);
    const WhatIf outcome = ask_what_if(instance, request, {&interrupted, {}});
    EXPECT_TRUE(interrupted);
    EXPECT_TRUE(test::is_valid_plan(instance, outcome.base));
    EXPECT_LE(SteppingClock::asked(), question + kMostOnTheWayOut);
  }
}

// Where the time ends the proof, the bound of plan and certificate is what was proven by then.
TEST(PlanningLimits, AWholeProofEndsInTimeAndThePlanClaimsNoMore) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const Instance instance = test::coupled(7, 2, seed);
    PlanRequest request;
    request.proof = Proof::kWhole;
    for (std::uint64_t limit = 2; limit < 20'000; limit += 1 + limit / 4) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", question " + std::to_string(limit));
      request.run = one_thread(static_cast<double>(limit));
      const SteppingClock clock;
      const PlanOutcome outcome = make_plan(instance, request, {});
      EXPECT_LE(SteppingClock::asked(), limit + kMostOnTheWayOut);
      EXPECT_TRUE(test::is_valid_plan(instance, outcome.plan));
      ASSERT_NE(outcome.certificate, nullptr);
      EXPECT_EQ(outcome.certificate->lower_bound, outcome.plan.proof.lower_bound);
      const VerifyReport report = verify_certificate(instance, *outcome.certificate);
      EXPECT_TRUE(report.accepted) << report.flaw;
      if (SteppingClock::asked() < limit / 2) break;  // has ended by itself
    }
  }
}

// The last questions of a run are those of the proof.
TEST(PlanningLimits, AnInterruptedProofLeavesThePlanAndAWarning) {
  int unfinished = 0;
  for (std::uint64_t seed = 0; seed < (test::kSanitized ? 2 : 4); ++seed) {
    const Instance instance = test::coupled(test::kSanitized ? 5 : 7, 2, seed);
    PlanRequest request;
    request.proof = Proof::kWhole;
    request.run = one_thread(SteppingClock::kNoLimit);
    const std::uint64_t all = [&] {
      const SteppingClock clock;
      make_plan(instance, request, {});
      return SteppingClock::asked();
    }();
    for (std::uint64_t back = 0; back < 60 && back + 2 < all; back += test::kSanitized ? 12 : 3) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", question " + std::to_string(all - back));
      std::atomic<bool> interrupted = false;
      const SteppingClock clock(&interrupted, all - back);
      const PlanOutcome outcome = make_plan(instance, request, {&interrupted, {}});
      EXPECT_TRUE(test::is_valid_plan(instance, outcome.plan));
      EXPECT_EQ(outcome.certificate->lower_bound, outcome.plan.proof.lower_bound);
      EXPECT_TRUE(verify_certificate(instance, *outcome.certificate).accepted);
      unfinished += outcome.plan.origin.warnings.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(unfinished, 0);
}

}  // namespace
}  // namespace splitlane
