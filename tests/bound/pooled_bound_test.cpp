// What all helpers taken as one prove: never above the optimum, accepted by the verifier, and met where clients are
// alike, however short the time.
#include "bound/pooled_bound.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "splitlane/bound/bound.hpp"
#include "splitlane/check/verify.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "support/random_cases.hpp"
#include "support/solved_instances.hpp"
#include "support/stepping_clock.hpp"

namespace splitlane {
namespace {

Certificate certificate_of(const PooledBound& bound) {
  Certificate certificate;
  certificate.lower_bound = bound.lower_bound;
  if (bound.lower_bound > 0)
    certificate.steps.push_back({ProofStep::Kind::kPrices, bound.rows, {}, {}, {}, {}, {}, {}});
  return certificate;
}

PooledBound bound_of(const Instance& instance) {
  Workers alone(1);
  return pooled_bound(instance, alone);
}

OptionSpec service_on(std::size_t helper, Time release, Time forward, Time backward, Time tail) {
  return {HelperIndex(helper), release, forward, 0, 0, backward, tail, 0, std::nullopt, std::nullopt};
}

/// `clients` alike on `helpers` alike.
Instance alike(std::size_t clients, std::size_t helpers, Time forward, Time backward) {
  InstanceBuilder builder;
  for (std::size_t helper = 0; helper < helpers; ++helper)
    builder.add_helper({"h" + std::to_string(helper), std::nullopt, 0});
  for (std::size_t client = 0; client < clients; ++client) {
    builder.add_client("c" + std::to_string(client));
    for (std::size_t helper = 0; helper < helpers; ++helper)
      builder.add_option(service_on(helper, 0, forward, backward, 0));
  }
  return builder.build();
}

TEST(PooledBound, NeverExceedsTheOptimumAndIsProven) {
  int met = 0;
  int beyond_the_path = 0;
  const std::vector<test::SolvedInstance> solved = test::solved_instances(test::random_cases(700));
  for (const auto& [seed, instance, optimum] : solved) {
    const PooledBound bound = bound_of(instance);
    ASSERT_LE(bound.lower_bound, optimum) << "seed " << seed;
    met += bound.lower_bound == optimum ? 1 : 0;
    beyond_the_path += bound.rows.empty() ? 0 : 1;
    const VerifyReport report = verify_certificate(instance, certificate_of(bound));
    ASSERT_TRUE(report.accepted) << "seed " << seed << ": " << report.flaw;
  }
  EXPECT_GT(solved.size(), test::random_cases(350));
  EXPECT_GT(met, static_cast<int>(test::random_cases(35)));
  EXPECT_GT(beyond_the_path, static_cast<int>(test::random_cases(35)));
}

TEST(PooledBound, CountsWholeClientsOfEqualLoad) {
  // 29 clients of load 4 + 6 on 4 helpers: some helper has 8 of them, where 290 / 4 is 72.5.
  const Instance instance = alike(29, 4, 4, 6);
  const PooledBound bound = bound_of(instance);
  EXPECT_EQ(bound.lower_bound, 80);
  EXPECT_TRUE(verify_certificate(instance, certificate_of(bound)).accepted);
  // Of load 5 and 7 in turn nothing but 1 divides all: ceil((15 * 5 + 14 * 7) / 4) = 44.
  InstanceBuilder builder;
  for (int helper = 0; helper < 4; ++helper) builder.add_helper({"h" + std::to_string(helper), std::nullopt, 0});
  for (int client = 0; client < 29; ++client) {
    builder.add_client("c" + std::to_string(client));
    for (std::size_t helper = 0; helper < 4; ++helper)
      builder.add_option(service_on(helper, 0, client % 2 == 0 ? 5 : 7, 0, 0));
  }
  EXPECT_EQ(bound_of(builder.build()).lower_bound, 44);
}

TEST(PooledBound, LooksAtClientsThatComeLateOrHaveLongTails) {
  // Two helpers. Four clients of forward 50 come at 1000 and have tail 300; four of forward 1 may start at once. The
  // window from 1000 with 300 behind it holds 4 * 50: 1000 + 100 + 300, more than the path 1000 + 50 + 300.
  InstanceBuilder builder;
  for (const char* helper : {"h0", "h1"}) builder.add_helper({helper, std::nullopt, 0});
  for (int client = 0; client < 8; ++client) {
    builder.add_client("c" + std::to_string(client));
    for (const std::size_t helper : {0U, 1U})
      builder.add_option(client < 4 ? service_on(helper, 1000, 50, 0, 300) : service_on(helper, 0, 1, 0, 0));
  }
  const Instance instance = builder.build();
  const PooledBound bound = bound_of(instance);
  EXPECT_EQ(bound.lower_bound, 1400);
  EXPECT_TRUE(verify_certificate(instance, certificate_of(bound)).accepted);
}

TEST(PooledBound, LeavesOutHelpersThatNoClientCanUseAndClientsThatNeedNone) {
  // Three clients of load 10 on h0 and h1, and h2 that nobody can use: two share one, 20. A fourth trains by itself in
  // 5 or on h0 in 1000, which must not count.
  InstanceBuilder builder;
  for (const char* helper : {"h0", "h1", "h2"}) builder.add_helper({helper, std::nullopt, 0});
  for (int client = 0; client < 3; ++client) {
    builder.add_client("c" + std::to_string(client));
    for (const std::size_t helper : {0U, 1U}) builder.add_option(service_on(helper, 0, 10, 0, 0));
  }
  builder.add_client("own");
  LocalOptionSpec local;
  local.local = 5;
  builder.add_local_option(local);
  builder.add_option(service_on(0, 0, 1000, 0, 0));
  const Instance instance = builder.build();
  const PooledBound bound = bound_of(instance);
  EXPECT_EQ(bound.lower_bound, 20);
  EXPECT_TRUE(verify_certificate(instance, certificate_of(bound)).accepted);
}

TEST(PooledBound, IsTheBoundOfALimitThatLeavesNoTimeForPrices) {
  // 58 clients of load 10 on 8 helpers: eight on one of them. A limit that is over at once leaves the pass alone.
  const Instance instance = alike(58, 8, 10, 0);
  const test::SteppingClock clock;
  DualBoundParameters parameters;
  parameters.certificate = true;
  parameters.stop = StopCondition(1e-9, nullptr);
  const DualBound bound = dual_bound(instance, parameters);
  EXPECT_TRUE(bound.share.empty());
  EXPECT_EQ(bound.lower_bound, 80);
  EXPECT_TRUE(verify_certificate(instance, *bound.certificate).accepted);
  EXPECT_EQ(instance_bound(instance, parameters.stop), 80);
}

TEST(PooledBound, KeepsItsNumbersInRangeWhereTimesAreLarge) {
  // Three clients of 10^15 on two helpers: two share one. Pooled times in shares of a helper would pass 2^53.
  const Instance instance = alike(3, 2, 1'000'000'000'000'000, 0);
  const PooledBound bound = bound_of(instance);
  EXPECT_EQ(bound.lower_bound, 2'000'000'000'000'000);
  EXPECT_TRUE(verify_certificate(instance, certificate_of(bound)).accepted);
}

}  // namespace
}  // namespace splitlane
