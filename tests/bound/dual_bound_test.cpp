// The dual bound is never above the optimum, its certificate proves exactly it, it counts memory, carries prices across
// a whole chain of helpers, and does not depend on the number of threads.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "splitlane/bound/bound.hpp"
#include "splitlane/check/verify.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "support/exhaustive.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"
#include "support/solved_instances.hpp"
#include "support/stepping_clock.hpp"

namespace splitlane {
namespace {

DualBoundParameters with_certificate() {
  DualBoundParameters parameters;
  parameters.certificate = true;
  return parameters;
}

OptionSpec plain_option(std::size_t helper, Time forward, Time backward, Megabytes demand) {
  return {HelperIndex(helper), 0, forward, 0, 0, backward, 0, demand, std::nullopt, std::nullopt};
}

// Sums of shares are 1 for every client, or 0 where all its options are too long for the bound.
void expect_shares(const Instance& instance, const DualBound& bound) {
  for (const ClientIndex client : instance.clients()) {
    float sum = 0.0F;
    for (const OptionIndex option : instance.options(client)) {
      ASSERT_GE(bound.share[option.value()], 0.0F);
      sum += bound.share[option.value()];
    }
    ASSERT_NEAR(sum, 1.0F, 1e-4F);
  }
}

TEST(DualBound, NeverExceedsTheOptimumAndIsProven) {
  int met = 0;
  const std::vector<test::SolvedInstance> solved = test::solved_instances(test::random_cases(600));
  for (const auto& [seed, instance, optimum] : solved) {
    const DualBound bound = dual_bound(instance, with_certificate());
    ASSERT_LE(bound.lower_bound, optimum) << "seed " << seed;
    met += bound.lower_bound == optimum ? 1 : 0;
    ASSERT_EQ(bound.certificate->lower_bound, bound.lower_bound);
    const VerifyReport report = verify_certificate(instance, *bound.certificate);
    ASSERT_TRUE(report.accepted) << "seed " << seed << ": " << report.flaw;
    expect_shares(instance, bound);
  }
  EXPECT_GT(solved.size(), test::random_cases(300));
  EXPECT_GT(met, static_cast<int>(test::random_cases(30)));
}

TEST(DualBound, CountsWholeClientsWhereLoadsAreEqual) {
  // Five clients of load 4 on two helpers: 10 each in fractions, but one of them has three: 12.
  InstanceBuilder builder;
  for (const char* helper : {"h0", "h1"}) builder.add_helper({helper, std::nullopt, 0});
  for (int client = 0; client < 5; ++client) {
    builder.add_client("c" + std::to_string(client));
    for (const std::size_t helper : {0U, 1U}) builder.add_option(plain_option(helper, 2, 2, 0));
  }
  const Instance instance = builder.build();
  const DualBound bound = dual_bound(instance, with_certificate());
  EXPECT_EQ(bound.lower_bound, 12);
  EXPECT_TRUE(verify_certificate(instance, *bound.certificate).accepted);
}

TEST(DualBound, FindsTheFewHelpersThatDecide) {
  // Helpers on a ring, each client in reach of two neighbours. 20 clients of loads 97 to 103 at each, but 60 at helpers
  // 100 to 104, whose clients have these and 105 alone: 5 * (60 * 97 + 177) = 29985 on six helpers, 4997.5 each, where
  // the average of all is 2100.
  constexpr std::size_t kHelpers = 300;
  InstanceBuilder builder;
  for (std::size_t helper = 0; helper < kHelpers; ++helper)
    builder.add_helper({"h" + std::to_string(helper), std::nullopt, 0});
  for (std::size_t helper = 0; helper < kHelpers; ++helper) {
    for (int number = 0; number < (helper >= 100 && helper < 105 ? 60 : 20); ++number) {
      builder.add_client("c" + std::to_string(helper) + "." + std::to_string(number));
      const Time forward = 37 + number % 7;
      builder.add_option(plain_option(helper, forward, 60, 0));
      builder.add_option(plain_option((helper + 1) % kHelpers, forward, 60, 0));
    }
  }
  const Instance instance = builder.build();
  const DualBound bound = dual_bound(instance, with_certificate());
  EXPECT_GE(bound.lower_bound, 4990);
  EXPECT_LE(bound.lower_bound, 4998);
  EXPECT_TRUE(verify_certificate(instance, *bound.certificate).accepted);
}

TEST(DualBound, CountsMemory) {
  // Four clients of 1 MB, load 2 on h0 and 20 on h1. h0 has room for one, so three are on h1: 60. Without memory all
  // would fit h0 in 8.
  InstanceBuilder builder;
  builder.add_helper({"h0", Megabytes{1}, 0});
  builder.add_helper({"h1", std::nullopt, 0});
  for (int client = 0; client < 4; ++client) {
    builder.add_client("c" + std::to_string(client));
    builder.add_option(plain_option(0, 1, 1, 1));
    builder.add_option(plain_option(1, 10, 10, 1));
  }
  const Time bound = dual_bound(builder.build(), {}).lower_bound;
  EXPECT_GE(bound, 59);
  EXPECT_LE(bound, 60);
}

TEST(DualBound, CarriesPricesAlongAChainOfHelpers) {
  // Helper k shares its clients with k + 1 only. 100 clients begin at the first of 40 helpers, 50 at each other, loads
  // 97 to 103 in turn (so that none but 1 divides them and nothing is rounded to whole clients): 97 * 2050 + 295 + 39 *
  // 147 = 204878 in all, 5121.95 on each, which a shift from each helper to the next attains.
  constexpr std::size_t kHelpers = 40;
  InstanceBuilder builder;
  for (std::size_t helper = 0; helper < kHelpers; ++helper)
    builder.add_helper({"h" + std::to_string(helper), std::nullopt, 0});
  for (std::size_t helper = 0; helper < kHelpers; ++helper) {
    for (int number = 0; number < (helper == 0 ? 100 : 50); ++number) {
      builder.add_client("c" + std::to_string(helper) + "." + std::to_string(number));
      const Time forward = 37 + number % 7;
      builder.add_option(plain_option(helper, forward, 60, 0));
      if (helper + 1 < kHelpers) builder.add_option(plain_option(helper + 1, forward, 60, 0));
    }
  }
  const Time bound = dual_bound(builder.build(), {}).lower_bound;
  EXPECT_GE(bound, 5112);
  EXPECT_LE(bound, 5122);
}

TEST(DualBound, UsesWindowsBesideTheWholeRange) {
  // One helper; ten short clients may start at 0, ten long ones from 1000 on: 1000 + 10 * 100 while the whole range
  // gives 10 * 2 + 10 * 100 = 1020.
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  for (int client = 0; client < 20; ++client) {
    builder.add_client("c" + std::to_string(client));
    OptionSpec option = client < 10 ? plain_option(0, 1, 1, 0) : plain_option(0, 50, 50, 0);
    option.release = client < 10 ? 0 : 1000;
    builder.add_option(option);
  }
  EXPECT_EQ(dual_bound(builder.build(), {}).lower_bound, 2000);
}

TEST(DualBound, IsTheSameForAnyNumberOfThreads) {
  test::InstanceShape shape;
  shape.fewest_clients = 3000;
  shape.most_clients = 3000;
  shape.most_helpers = 12;
  shape.longest = 1000;
  for (const std::uint64_t seed : {1u, 2u}) {
    const Instance instance = test::random_instance(seed, shape);
    DualBoundParameters parameters;
    parameters.rounds = 40;
    const DualBound alone = dual_bound(instance, parameters);
    parameters.threads = 2;
    const DualBound together = dual_bound(instance, parameters);
    EXPECT_EQ(alone.lower_bound, together.lower_bound);
    EXPECT_EQ(alone.share, together.share);
    EXPECT_EQ(alone.regret, together.regret);
  }
}

TEST(DualBound, IsValidWhenStoppedAtOnce) {
  const std::atomic<bool> cancelled = true;
  const Instance instance = test::random_instance(1, {});
  DualBoundParameters parameters = with_certificate();
  parameters.stop = StopCondition(std::nullopt, &cancelled);
  const DualBound bound = dual_bound(instance, parameters);
  EXPECT_TRUE(verify_certificate(instance, *bound.certificate).accepted);
  EXPECT_TRUE(bound.share.empty());
  EXPECT_TRUE(bound.regret.empty());
}

TEST(DualBound, IsProvenWhereverItIsStopped) {
  test::InstanceShape shape;
  shape.fewest_clients = 30;
  shape.most_clients = 40;
  const Instance instance = test::random_instance(3, shape);
  int with_shares = 0;
  Time previous = 0;
  for (std::uint64_t question = 2; question < 8'000; question += 1 + question / 8) {
    const test::SteppingClock clock;
    DualBoundParameters parameters = with_certificate();
    parameters.stop = StopCondition(static_cast<double>(question), nullptr);
    const DualBound bound = dual_bound(instance, parameters);
    ASSERT_EQ(bound.certificate->lower_bound, bound.lower_bound);
    ASSERT_TRUE(verify_certificate(instance, *bound.certificate).accepted) << "question " << question;
    previous = std::max(previous, bound.lower_bound);
    if (bound.share.empty()) continue;
    ++with_shares;
    expect_shares(instance, bound);
  }
  EXPECT_GT(with_shares, 5);
  EXPECT_EQ(previous, dual_bound(instance, {}).lower_bound);
}

TEST(DualBound, RaisedWithinAnyHelpersNeverExceedsTheOptimumAndIsProven) {
  test::InstanceShape shape;
  shape.most_helpers = 3;
  shape.most_clients = 4;
  shape.longest = 4;
  shape.switch_cost_percent = 0;
  DualBoundParameters hasty = with_certificate();
  hasty.rounds = 1;
  int raised = 0;
  for (std::uint64_t seed = 0; seed < test::random_cases(300); ++seed) {
    const Instance instance = test::random_instance(seed, shape);
    const std::optional<Time> optimum = test::exhaustive_optimum(instance);
    if (!optimum) continue;
    std::vector<std::uint8_t> is_inside;
    for (std::size_t helper = 0; helper < instance.helper_count(); ++helper) {
      is_inside.push_back(static_cast<std::uint8_t>((seed >> helper) & 1));
    }
    DualBound bound = dual_bound(instance, hasty);
    const Time before = bound.lower_bound;
    raise_bound_within(instance, is_inside, with_certificate(), bound);
    ASSERT_LE(bound.lower_bound, *optimum) << "seed " << seed;
    raised += bound.lower_bound > before ? 1 : 0;
    ASSERT_EQ(bound.certificate->lower_bound, bound.lower_bound);
    const VerifyReport report = verify_certificate(instance, *bound.certificate);
    ASSERT_TRUE(report.accepted) << "seed " << seed << ": " << report.flaw;
  }
  EXPECT_GT(raised, static_cast<int>(test::random_cases(3)) - 1);
}

TEST(DualBound, IsRaisedByWhatTheClientsOfAFewHelpersNeed) {
  // Six clients of 4 + 6 have none but the first two of twenty helpers: 6 * 10 / 2 = 30.
  InstanceBuilder builder;
  for (std::size_t helper = 0; helper < 20; ++helper) builder.add_helper({"h" + std::to_string(helper), {}, 0});
  for (std::size_t client = 0; client < 30; ++client) {
    builder.add_client("c" + std::to_string(client));
    const std::size_t first = client < 6 ? 0 : 2 + client % 18;
    builder.add_option(plain_option(first, 4, 6, 0));
    if (client < 6) builder.add_option(plain_option(1, 4, 6, 0));
  }
  const Instance instance = builder.build();
  std::vector<std::uint8_t> is_inside(20, 0);
  is_inside[0] = is_inside[1] = 1;
  DualBound bound;
  bound.lower_bound = 10;
  raise_bound_within(instance, is_inside, with_certificate(), bound);
  EXPECT_EQ(bound.lower_bound, 30);
}

}  // namespace
}  // namespace splitlane
