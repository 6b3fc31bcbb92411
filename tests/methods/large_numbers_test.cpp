// Durations up to the format's limit: each method plans as it does in small units, or says what it cannot do.
#include <gtest/gtest.h>

#include <limits>
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

constexpr Time kLargeTime = 1'000'000'000'000'000;

/// The same instance in a unit `factor` times shorter.
Instance in_shorter_unit(const Instance& instance, Time factor) {
  InstanceBuilder builder;
  for (const HelperIndex helper : instance.helpers()) {
    builder.add_helper({std::string(instance.helper_id(helper)), instance.memory_capacity(helper), 0});
  }
  for (const ClientIndex client : instance.clients()) {
    builder.add_client(instance.client_id(client));
    for (const OptionIndex option : instance.options(client)) {
      if (instance.is_local(option)) {
        builder.add_local_option({instance.path(option) * factor, 0, std::nullopt, std::nullopt});
        continue;
      }
      builder.add_option({instance.helper(option), instance.release(option) * factor, instance.forward(option) * factor,
                          instance.client_forward(option) * factor, instance.client_backward(option) * factor,
                          instance.backward(option) * factor, instance.tail(option) * factor,
                          instance.memory_demand(option), std::nullopt, std::nullopt});
    }
  }
  return builder.build();
}

test::InstanceShape small_without_switch_costs() {
  test::InstanceShape shape;
  shape.most_clients = 3;
  shape.most_helpers = 2;
  shape.longest = 4;
  shape.switch_cost_percent = 0;
  return shape;
}

/// One client on one helper, each task of this length.
Instance lone_client(Time length) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_client("c0");
  builder.add_option({HelperIndex(0), length, length, length, length, length, length, 0, std::nullopt, std::nullopt});
  return builder.build();
}

// Without switch costs a plan in the long unit is one in the short unit, and the optimum grows by the factor: of a
// schedule by priorities every instant is a sum of durations.
TEST(EveryMethodOnLargeNumbers, StaysAroundTheOptimumOfTheSameInstanceInALongerUnit) {
  int compared = 0;
  for (std::uint64_t seed = 0; seed < test::random_cases(24); ++seed) {
    const Instance instance = test::random_instance(seed, small_without_switch_costs());
    const std::optional<Time> optimum = test::exhaustive_optimum(instance);
    if (!optimum) continue;
    for (const Time factor : {Time{1'000'000'000'000}, Time{40'000'000'000'000}}) {
      const Instance large = in_shorter_unit(instance, factor);
      for (const Method& method : methods()) {
        SCOPED_TRACE(std::string(method.name) + ", seed " + std::to_string(seed) + ", " + std::to_string(factor));
        if (method.name == "ilp") continue;
        const Plan plan = method.plan(large, {});
        ASSERT_TRUE(test::is_valid_plan(large, plan));
        EXPECT_LE(*optimum * factor, plan.schedule.makespan);
        EXPECT_LE(plan.proof.lower_bound, *optimum * factor);
        EXPECT_TRUE(method.name != "exact" || plan.schedule.makespan == *optimum * factor);
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, static_cast<int>(test::random_cases(100)));
}

TEST(AdmmOnLargeNumbers, PlansWithEveryPenaltyThatItTakes) {
  for (const Time length : {Time{1'000'000'000'000}, kLargeTime}) {
    for (const double rho : {1e-300, 1.0, AdmmParameters::kLargestRho}) {
      MethodParameters parameters;
      parameters.admm.rho = rho;
      const Instance instance = lone_client(length);
      const Plan plan = plan_admm(instance, parameters);
      EXPECT_TRUE(test::is_valid_plan(instance, plan));
      EXPECT_EQ(plan.schedule.makespan, 6 * length);  // the client alone, one task after the other
    }
  }
}

TEST(AdmmOnLargeNumbers, RefusesPenaltiesAndThresholdsThatAreNoNumbersToWorkWith) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double value : {1e10, 1e308, infinity, nan, -1e308}) {
    MethodParameters parameters;
    parameters.admm.rho = value;
    try {
      plan_admm(lone_client(kLargeTime), parameters);
      ADD_FAILURE() << "planned with rho " << value;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      EXPECT_EQ(error.parts().where, "rho");
    }
  }
  MethodParameters parameters;
  parameters.admm.epsilon1 = nan;
  EXPECT_THROW(plan_admm(lone_client(4), parameters), Error);
  // A threshold that everything is below ends the iterations as soon as there are two.
  parameters.admm.epsilon1 = 1e308;
  parameters.admm.epsilon2 = 1e308;
  const Plan plan = plan_admm(lone_client(4), parameters);
  EXPECT_EQ(std::get<std::int64_t>(plan.origin.parameters.at("iterations")), 2);
}

TEST(IlpOnLargeNumbers, NamesTheHorizonThatIsTooLongForSlots) {
  for (const Time length : {Time{1'000'000'000'000}, kLargeTime}) {
    for (const bool is_local : {false, true}) {
      Instance instance = lone_client(length);
      if (is_local) {
        InstanceBuilder builder;
        builder.add_helper({"h0", std::nullopt, 0});
        builder.add_client("c0");
        builder.add_local_option({length, 0, std::nullopt, std::nullopt});
        instance = builder.build();
      }
      try {
        plan_ilp(instance, {});
        ADD_FAILURE() << "planned " << length;
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kUsage);
        EXPECT_EQ(error.parts().got, "a horizon of " + std::to_string(instance.horizon()) + " slots");
        EXPECT_EQ(error.parts().expected, "at most 250000 slots: longer slots, or method exact");
      }
    }
  }
}

TEST(IlpOnLargeNumbers, CountsMemoryUpToTheLimitOfTheFormat) {
  // Each client takes 1 + 1 on h0 and 3 + 3 on h1. With one megabyte less than both need on h0, which floating point
  // does not see, one of them has to go to h1: 6. With room for both: 2 + 2 = 4.
  const Megabytes most = Megabytes{1} << 52;
  for (const bool has_other : {true, false}) {
    InstanceBuilder builder;
    builder.add_helper({"h0", has_other ? 2 * most - 1 : 2 * most, 0});
    if (has_other) builder.add_helper({"h1", most, 0});
    for (const char* client : {"c0", "c1"}) {
      builder.add_client(client);
      builder.add_option({HelperIndex(0), 0, 1, 0, 0, 1, 0, most, std::nullopt, std::nullopt});
      if (has_other) builder.add_option({HelperIndex(1), 0, 3, 0, 0, 3, 0, most, std::nullopt, std::nullopt});
    }
    const Instance instance = builder.build();
    const Plan plan = plan_ilp(instance, {});
    EXPECT_TRUE(test::is_valid_plan(instance, plan));
    EXPECT_EQ(plan.schedule.makespan, has_other ? 6 : 4);
    EXPECT_LE(plan.proof.lower_bound, plan.schedule.makespan);
  }
}

}  // namespace
}  // namespace splitlane
