// A limit of time or a raised flag ends every method at once, wherever it stands. Measured without a clock: the limit
// is a number of questions whether it has passed, and few may follow the one that is answered with yes.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/methods/method.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/large_instance.hpp"
#include "support/random_cases.hpp"
#include "support/stepping_clock.hpp"

namespace splitlane {
namespace {

using test::SteppingClock;

/// The methods held to it: all.
constexpr std::array kLimited = {"auto", "exact", "scale",   "balanced-greedy", "random-fcfs",
                                 "admm", "equid", "ed-fcfs", "paper-strategy",  "ilp"};
/// Questions at which a method is ended: the first ones one by one, then ever farther apart.
std::vector<std::uint64_t> limits() {
  if (test::kSanitized) return {2, 8, 200};
  return {1, 2, 3, 5, 8, 20, 60, 200, 800, 3'000};
}
/// What may still be asked on the way out of nested searches, whatever the size.
constexpr std::uint64_t kMostOnTheWayOut = 60;

struct Shape {
  std::string_view name;
  test::LargeShape sizes;
};

// Beyond what `auto` searches exactly in the first two, within it in the others.
constexpr std::array kShapes = {
    Shape{"local graph", {1'200, 20, 8}},          Shape{"dense", {1'100, 10, 10}},
    Shape{"equal clients", {600, 10, 10, 1, 1}},   Shape{"every cut", {100, 4, 4, 20}},
    Shape{"switch costs", {120, 6, 6, 1, 500, 7}}, Shape{"few slots", {8, 2, 2, 1, 4, 1}},
};

// `ilp` takes few slots only. Methods built on the same assignments as balanced-greedy run on the smaller instances.
bool takes(std::string_view method, const Shape& shape) {
  if (method == "ilp") return shape.sizes.clients <= 8;
  const bool is_built_on_others = method == "equid" || method == "ed-fcfs" || method == "paper-strategy";
  return !is_built_on_others || shape.sizes.clients <= 120;
}

MethodParameters limited(double seconds) {
  MethodParameters parameters;
  parameters.time_limit_s = seconds;
  return parameters;
}

TEST(EveryLimitedMethod, EndsWithAPlanSoonAfterItsTimeIsUp) {
  for (const Shape& shape : kShapes) {
    const Instance instance = test::instance_of(shape.sizes);
    for (const char* name : kLimited) {
      if (!takes(name, shape)) continue;
      for (const std::uint64_t limit : limits()) {
        SCOPED_TRACE(std::string(name) + ", " + std::string(shape.name) + ", question " + std::to_string(limit));
        const SteppingClock clock;
        const Plan plan = find_method(name).plan(instance, limited(static_cast<double>(limit)));
        ASSERT_TRUE(test::is_valid_plan(instance, plan));
        ASSERT_LE(SteppingClock::asked(), limit + kMostOnTheWayOut);
        if (SteppingClock::asked() < limit) break;  // has ended by itself
      }
    }
  }
}

TEST(EveryLimitedMethod, EndsWithAPlanSoonAfterItIsInterrupted) {
  for (const Shape& shape : kShapes) {
    const Instance instance = test::instance_of(shape.sizes);
    for (const char* name : kLimited) {
      if (!takes(name, shape)) continue;
      for (const std::uint64_t question : limits()) {
        SCOPED_TRACE(std::string(name) + ", " + std::string(shape.name) + ", question " + std::to_string(question));
        std::atomic<bool> interrupted = false;
        const SteppingClock clock(&interrupted, question);
        MethodParameters parameters = limited(SteppingClock::kNoLimit);
        parameters.cancelled = &interrupted;
        const Plan plan = find_method(name).plan(instance, parameters);
        ASSERT_TRUE(test::is_valid_plan(instance, plan));
        ASSERT_LE(SteppingClock::asked(), question + kMostOnTheWayOut);
        if (!interrupted) break;
      }
    }
  }
}

// Each plan that were still made would begin its limit, and so ask for the time.
// Sizes at which every step counts: minutes under the sanitizers, so the optimised code alone is held to them.
constexpr std::array kLargeShapes = {
    Shape{"20,000 x 50, local graph", {20'000, 50, 8}},
    Shape{"20,000 x 50, dense", {20'000, 50, 50}},
    Shape{"1,000 x 20, every cut", {1'000, 20, 20, 20}},
    Shape{"20,000 x 50, switch costs", {20'000, 50, 8, 1, 500, 7}},
};

TEST(EveryLimitedMethod, EndsSoonAfterItsTimeIsUpOrItIsInterruptedAtLargeSizes) {
  if (test::kSanitized) GTEST_SKIP() << "takes minutes under the sanitizers";
  for (const Shape& shape : kLargeShapes) {
    const Instance instance = test::instance_of(shape.sizes);
    for (const char* name : kLimited) {
      if (std::string_view(name) == "ilp") continue;  // refuses so many slots
      for (const std::uint64_t question : {1U, 40U, 400U}) {
        SCOPED_TRACE(std::string(name) + ", " + std::string(shape.name) + ", question " + std::to_string(question));
        const SteppingClock of_limit;
        const Plan in_time = find_method(name).plan(instance, limited(static_cast<double>(question)));
        ASSERT_TRUE(test::is_valid_plan(instance, in_time));
        ASSERT_LE(SteppingClock::asked(), question + kMostOnTheWayOut);
        std::atomic<bool> interrupted = false;
        const SteppingClock of_interruption(&interrupted, question);
        MethodParameters parameters = limited(SteppingClock::kNoLimit);
        parameters.cancelled = &interrupted;
        ASSERT_TRUE(test::is_valid_plan(instance, find_method(name).plan(instance, parameters)));
        ASSERT_LE(SteppingClock::asked(), question + kMostOnTheWayOut);
      }
    }
  }
}

// Forward 10 and nothing else on each of 10 helpers: 1,200 clients take 1,200 / 10 * 10 = 1,200, and no plan less.
TEST(Exact, BeginsWithPlanAndBoundOfScaleWhereClientsAreMany) {
  InstanceBuilder builder;
  for (int helper = 0; helper < 10; ++helper) builder.add_helper({"h" + std::to_string(helper), std::nullopt, 0});
  for (int client = 0; client < 1'200; ++client) {
    builder.add_client("c" + std::to_string(client));
    for (std::size_t helper = 0; helper < 10; ++helper) {
      OptionSpec spec;
      spec.helper = HelperIndex(helper);
      spec.forward = 10;
      builder.add_option(spec);
    }
  }
  const Instance instance = builder.build();
  const SteppingClock clock;
  const Plan plan = find_method("exact").plan(instance, limited(3'000));
  EXPECT_EQ(plan.schedule.makespan, 1'200);
  EXPECT_EQ(plan.proof.lower_bound, 1'200);
}

TEST(Exact, IsNeverBehindScaleAfterTheSameTimeWhereClientsAreMany) {
  for (const std::size_t index : {0U, 1U}) {
    const Instance instance = test::instance_of(kShapes[index].sizes);
    for (const std::uint64_t limit : {1'000U, 4'000U}) {
      SCOPED_TRACE(std::string(kShapes[index].name) + ", question " + std::to_string(limit));
      const SteppingClock of_scale;
      const Plan scale = find_method("scale").plan(instance, limited(static_cast<double>(limit)));
      const SteppingClock of_exact;
      const Plan exact = find_method("exact").plan(instance, limited(static_cast<double>(limit)));
      EXPECT_LE(exact.schedule.makespan, scale.schedule.makespan);
      EXPECT_GE(exact.proof.lower_bound, scale.proof.lower_bound);
      EXPECT_GT(scale.proof.lower_bound, 0);
    }
  }
}

}  // namespace
}  // namespace splitlane
