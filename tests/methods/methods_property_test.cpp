// What every method owes on any instance: a valid plan, a bound that holds, the same plan again, and a refusal
// exactly where no plan exists.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/methods/method.hpp"
#include "support/exhaustive.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

using test::InstanceShape;
using test::random_cases;
using test::random_instance;

// Under the sanitizers a search that does not meet its bound takes some 70 ms and a MILP some 10 ms, so these methods
// get every n-th instance (n prime, so that every shape comes up); the others get all of them.
std::uint64_t stride_of(const Method& method) {
  if (method.name == "auto" || method.name == "exact") return 61;
  if (method.name == "admm" || method.name == "paper-strategy") return 211;
  if (method.name == "scale") return 7;
  return method.name == "equid" || method.name == "ed-fcfs" ? 11 : 1;
}

// Whether a method takes part. An integer program with a binary per slot may take minutes; ilp_test.cpp has tiny ones.
bool takes_part(const Method& method, std::uint64_t seed) {
  return method.name != "ilp" && seed % stride_of(method) == 0;
}

// Names the first field of two plans that differs, other than the wall time.
std::string difference(const Plan& left, const Plan& right) {
  if (left.origin.method != right.origin.method) return "method";
  if (left.origin.seed != right.origin.seed) return "seed";
  if (left.origin.parameters != right.origin.parameters) return "parameters";
  if (left.origin.splitlane_version != right.origin.splitlane_version) return "splitlane_version";
  if (left.origin.warnings != right.origin.warnings) return "warnings";
  if (left.proof.status != right.proof.status) return "status";
  if (left.schedule.makespan != right.schedule.makespan) return "makespan";
  if (left.proof.lower_bound != right.proof.lower_bound) return "lower_bound";
  if (left.schedule.choice != right.schedule.choice) return "choice";
  if (left.schedule.times != right.schedule.times) return "times";
  if (left.schedule.segments != right.schedule.segments) return "segments";
  return "";
}

// The plan, or nullopt when the method says that none exists.
std::optional<Plan> try_plan(const Method& method, const Instance& instance, const MethodParameters& parameters) {
  try {
    return method.plan(instance, parameters);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInfeasible) << error.what();
    return std::nullopt;
  }
}

MethodParameters with_threads(std::uint64_t seed, int threads) {
  MethodParameters parameters;
  parameters.seed = seed;
  parameters.threads = threads;
  return parameters;
}

void expect_sound(const Method& method, const Instance& instance, const Plan& plan) {
  EXPECT_TRUE(test::is_valid_plan(instance, plan));
  EXPECT_LE(plan.proof.lower_bound, plan.schedule.makespan);
  EXPECT_EQ(plan.origin.method, method.name);
  EXPECT_TRUE(plan.origin.runtime_ms.has_value());
  EXPECT_EQ(plan.proof.status == PlanStatus::kOptimal, plan.proof.lower_bound == plan.schedule.makespan);
}

TEST(EveryMethod, PlansValidlyExactlyWhereAPlanExists) {
  constexpr std::uint64_t kCases = test::kSanitized ? 400 : 10'000;
  int infeasible = 0;
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    InstanceShape shape;
    if (seed % 10 == 0) shape.most_clients = 12;
    const Instance instance = random_instance(seed, shape);
    const bool feasible = test::has_assignment(instance);
    infeasible += feasible ? 0 : 1;
    for (const Method& method : methods()) {
      if (!takes_part(method, seed)) continue;
      SCOPED_TRACE(std::string(method.name) + " on seed " + std::to_string(seed));
      const std::optional<Plan> plan = try_plan(method, instance, with_threads(seed, 1));
      EXPECT_EQ(plan.has_value(), feasible);
      if (plan) expect_sound(method, instance, *plan);
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(infeasible, static_cast<int>(kCases / 100));
}

TEST(EveryMethod, GivesTheSamePlanAgainAndWithTwoThreads) {
  constexpr std::uint64_t kCases = random_cases(300);
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const Instance instance = random_instance(seed, {});
    if (!test::has_assignment(instance)) continue;
    for (const Method& method : methods()) {
      if (!takes_part(method, seed)) continue;
      const Plan first = method.plan(instance, with_threads(seed, 1));
      ASSERT_EQ(difference(first, method.plan(instance, with_threads(seed, 1))), "")
          << method.name << ", seed " << seed;
      ASSERT_EQ(difference(first, method.plan(instance, with_threads(seed, 2))), "")
          << method.name << ", seed " << seed;
    }
  }
}

TEST(EveryMethod, GivesTheSamePlanWithTwoThreadsOnALargeInstance) {
  // Large enough that the methods do share the work between threads, and for `auto` to leave the exact search alone.
  InstanceShape shape;
  shape.fewest_clients = shape.most_clients = test::kSanitized ? 400 : 3'000;
  shape.most_helpers = test::kSanitized ? 6 : 12;
  shape.longest = 1000;
  shape.local_option_percent = 5;
  shape.bounded_memory_percent = 0;
  for (std::uint64_t seed = 3; seed < (test::kSanitized ? 4 : 5); ++seed) {
    const Instance instance = random_instance(seed, shape);
    for (const Method& method : methods()) {
      // At this size they have no end of their own.
      if (method.name == "exact" || method.name == "admm" || method.name == "ilp") continue;
      SCOPED_TRACE(std::string(method.name) + " on seed " + std::to_string(seed));
      const Plan one = method.plan(instance, with_threads(seed, 1));
      expect_sound(method, instance, one);
      EXPECT_EQ(difference(one, method.plan(instance, with_threads(seed, 2))), "");
    }
  }
}

TEST(EveryMethod, StaysAboveTheExhaustiveOptimum) {
  InstanceShape shape;
  shape.most_clients = 3;
  shape.most_helpers = 3;
  shape.longest = 4;
  shape.largest_switch_cost = 2;
  for (std::uint64_t seed = 0; seed < random_cases(300); ++seed) {
    const Instance instance = random_instance(seed, shape);
    const std::optional<Time> optimum = test::exhaustive_optimum(instance);
    if (!optimum) continue;
    for (const Method& method : methods()) {
      if (!takes_part(method, seed)) continue;
      const Plan plan = method.plan(instance, with_threads(seed, 1));
      EXPECT_LE(*optimum, plan.schedule.makespan) << method.name << ", seed " << seed;
      EXPECT_LE(plan.proof.lower_bound, *optimum) << method.name << ", seed " << seed;
    }
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(EquidAndEdFcfs, BalanceTheLargestLoadExactly) {
  InstanceShape shape;
  shape.most_clients = 5;
  shape.most_helpers = 3;
  for (std::uint64_t seed = 0; seed < random_cases(300); ++seed) {
    const Instance instance = random_instance(seed, shape);
    const std::optional<Time> smallest = test::smallest_largest_load(instance);
    if (!smallest) continue;
    for (const char* name : {"equid", "ed-fcfs"}) {
      const Plan plan = find_method(name).plan(instance, with_threads(seed, 1));
      ASSERT_EQ(test::largest_load(instance, plan.schedule.choice), *smallest) << name << ", seed " << seed;
      ASSERT_TRUE(plan.origin.warnings.empty()) << plan.origin.warnings.front();
    }
  }
}

// Helpers h0 (10 MB) and h1 (6 MB). Clients 0 and 1 ask 3 MB and may use either; client 2 asks 10 MB of h0, client 3
// nothing of h0. A method that puts client 0 or 1 on h0, as the fewest-clients rule does, leaves no room for client 2.
Instance dead_end() {
  InstanceBuilder builder;
  builder.add_helper({"h0", 10, 0});
  builder.add_helper({"h1", 6, 0});
  for (const char* id : {"c0", "c1"}) {
    builder.add_client(id);
    builder.add_option({HelperIndex(0), 0, 1, 1, 1, 1, 1, 3, std::nullopt, std::nullopt});
    builder.add_option({HelperIndex(1), 0, 1, 1, 1, 1, 1, 3, std::nullopt, std::nullopt});
  }
  builder.add_client("c2");
  builder.add_option({HelperIndex(0), 0, 1, 1, 1, 1, 1, 10, std::nullopt, std::nullopt});
  builder.add_client("c3");
  builder.add_option({HelperIndex(0), 0, 1, 1, 1, 1, 1, 0, std::nullopt, std::nullopt});
  return builder.build();
}

TEST(EveryMethod, LeavesAMemoryDeadEnd) {
  const Instance instance = dead_end();
  for (const Method& method : methods()) {
    for (std::uint64_t seed = 0; seed < random_cases(8); ++seed) {
      const Plan plan = method.plan(instance, with_threads(seed, 1));
      EXPECT_TRUE(test::is_valid_plan(instance, plan)) << method.name;
    }
  }
}

TEST(EveryMethod, LeavesTightDeadEndsOfManyClients) {
  // Memory for exactly the demands of one hidden assignment, so that most greedy orders get stuck.
  for (std::uint64_t seed = 0; seed < random_cases(60); ++seed) {
    test::Random random(seed);
    constexpr std::size_t kHelpers = 3;
    constexpr std::size_t kClients = 9;
    std::vector<Megabytes> capacity(kHelpers, 0);
    std::vector<Megabytes> demand;
    for (std::size_t client = 0; client < kClients; ++client) {
      demand.push_back(random.between(1, 9));
      capacity[client % kHelpers] += demand.back();
    }
    InstanceBuilder builder;
    for (std::size_t helper = 0; helper < kHelpers; ++helper) {
      builder.add_helper({"h" + std::to_string(helper), capacity[helper], 0});
    }
    for (std::size_t client = 0; client < kClients; ++client) {
      builder.add_client("c" + std::to_string(client));
      for (std::size_t helper = 0; helper < kHelpers; ++helper) {
        if (helper != client % kHelpers && random.percent(30)) continue;
        builder.add_option({HelperIndex(helper), random.between(0, 9), random.between(1, 9), 1, 1, random.between(1, 9),
                            1, demand[client], std::nullopt, std::nullopt});
      }
    }
    const Instance instance = builder.build();
    for (const Method& method : methods()) {
      if (!takes_part(method, seed)) continue;
      const std::optional<Plan> plan = try_plan(method, instance, with_threads(seed, 1));
      ASSERT_TRUE(plan.has_value()) << method.name << ", seed " << seed;
      ASSERT_TRUE(test::is_valid_plan(instance, *plan)) << method.name << ", seed " << seed;
    }
  }
}

void expect_refusal(const Instance& instance, const std::string& part) {
  for (const Method& method : methods()) {
    try {
      method.plan(instance, {});
      ADD_FAILURE() << method.name << " planned the impossible";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInfeasible) << method.name << ": " << error.what();
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << method.name << ": " << error.what();
    }
  }
}

TEST(EveryMethod, NamesTheClientThatFitsNoHelper) {
  InstanceBuilder builder;
  builder.add_helper({"h0", 10, 0});
  builder.add_client("small");
  builder.add_option({HelperIndex(0), 0, 1, 1, 1, 1, 1, 3, std::nullopt, std::nullopt});
  builder.add_client("large");
  builder.add_option({HelperIndex(0), 0, 1, 1, 1, 1, 1, 11, std::nullopt, std::nullopt});
  expect_refusal(builder.build(), "\"large\"");
}

TEST(EveryMethod, SaysWhenTheTotalMemoryIsTooSmall) {
  InstanceBuilder builder;
  builder.add_helper({"h0", 10, 0});
  for (const char* id : {"c0", "c1"}) {
    builder.add_client(id);
    builder.add_option({HelperIndex(0), 0, 1, 1, 1, 1, 1, 6, std::nullopt, std::nullopt});
  }
  expect_refusal(builder.build(), "total memory");
}

TEST(EveryMethod, SaysWhenTheDemandsCannotBePacked) {
  // Three clients of 6 MB on two helpers of 10 MB: 18 MB of 20 MB in total, but only one fits each.
  InstanceBuilder builder;
  builder.add_helper({"h0", 10, 0});
  builder.add_helper({"h1", 10, 0});
  for (const char* id : {"c0", "c1", "c2"}) {
    builder.add_client(id);
    builder.add_option({HelperIndex(0), 0, 1, 1, 1, 1, 1, 6, std::nullopt, std::nullopt});
    builder.add_option({HelperIndex(1), 0, 1, 1, 1, 1, 1, 6, std::nullopt, std::nullopt});
  }
  expect_refusal(builder.build(), "packed");
}

TEST(Methods, HaveDistinctNamesAndAreFoundByThem) {
  for (const Method& method : methods()) {
    EXPECT_EQ(find_method(method.name).plan, method.plan);
    EXPECT_FALSE(method.summary.empty());
  }
  try {
    find_method("fifo");
    ADD_FAILURE() << "found a method that does not exist";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_NE(std::string(error.what()).find("balanced-greedy"), std::string::npos) << error.what();
  }
}

TEST(EveryMethod, ReportsItsProgress) {
  const Instance instance = random_instance(5, {});
  for (const Method& method : methods()) {
    if (!takes_part(method, 0)) continue;
    MethodParameters parameters;
    Time last_makespan = 0;
    parameters.on_progress = [&](const Progress& progress) { last_makespan = progress.makespan; };
    const Plan plan = method.plan(instance, parameters);
    EXPECT_EQ(last_makespan, plan.schedule.makespan) << method.name;
  }
}

}  // namespace
}  // namespace splitlane
