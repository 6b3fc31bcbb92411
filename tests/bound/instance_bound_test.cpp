// The bound of the whole instance is never above the best of all assignments, each scheduled exhaustively.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "splitlane/bound/bound.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"
#include "support/solved_instances.hpp"

namespace splitlane {
namespace {

TEST(InstanceBound, NeverExceedsTheOptimum) {
  int met = 0;
  const std::vector<test::SolvedInstance> solved = test::solved_instances(test::random_cases(800));
  for (const auto& [seed, instance, optimum] : solved) {
    const Time bound = instance_bound(instance);
    ASSERT_LE(bound, optimum) << "seed " << seed;
    met += bound == optimum ? 1 : 0;
  }
  EXPECT_GT(solved.size(), test::random_cases(400));
  EXPECT_GT(met, 0);
}

TEST(InstanceBound, TakesTheShortestOptionOfTheSlowestClient) {
  // c0 can complete at 9 on h0 or locally at 7; c1 only on h0, at 8.
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_client("c0");
  builder.add_option({HelperIndex(0), 1, 2, 1, 1, 1, 3, 0, std::nullopt, std::nullopt});
  builder.add_local_option({7, 0, std::nullopt, std::nullopt});
  builder.add_client("c1");
  builder.add_option({HelperIndex(0), 5, 1, 0, 0, 1, 1, 0, std::nullopt, std::nullopt});
  EXPECT_EQ(instance_bound(builder.build()), 8);
}

TEST(InstanceBound, SharesTheWorkOutOverTheHelpers) {
  // Nine clients of load 4 on two equal helpers, no waits: 36 / 2 = 18 while the path is 4. With whole clients one
  // helper gets five: 20, so 18 to 20 are proven bounds.
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_helper({"h1", std::nullopt, 0});
  for (int client = 0; client < 9; ++client) {
    builder.add_client("c" + std::to_string(client));
    for (std::size_t helper = 0; helper < 2; ++helper) {
      builder.add_option({HelperIndex(helper), 0, 2, 0, 0, 2, 0, 0, std::nullopt, std::nullopt});
    }
  }
  const Time bound = instance_bound(builder.build());
  EXPECT_GE(bound, 18);
  EXPECT_LE(bound, 20);
}

TEST(InstanceBound, HelpersOfNoOptionChangeNothing) {
  // They bound nothing, and cost nothing: a price on them would only take from the others'.
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Instance instance = test::random_instance(seed, {});
    InstanceBuilder builder;
    builder.set_switch_model(instance.switch_model());
    for (const HelperIndex helper : instance.helpers()) {
      builder.add_helper({instance.helper_id(helper), instance.memory_capacity(helper), instance.switch_cost(helper)});
    }
    for (int idle = 0; idle < 1000; ++idle) builder.add_helper({"idle" + std::to_string(idle), std::nullopt, 0});
    for (const ClientIndex client : instance.clients()) {
      builder.add_client(instance.client_id(client));
      for (const OptionIndex option : instance.options(client)) {
        if (instance.is_local(option)) {
          builder.add_local_option({instance.path(option), 0, std::nullopt, std::nullopt});
        } else {
          builder.add_option({instance.helper(option), instance.release(option), instance.forward(option),
                              instance.client_forward(option), instance.client_backward(option),
                              instance.backward(option), instance.tail(option), instance.memory_demand(option),
                              std::nullopt, std::nullopt});
        }
      }
    }
    EXPECT_EQ(instance_bound(builder.build()), instance_bound(instance)) << "seed " << seed;
  }
}

TEST(InstanceBound, IsValidWhenStoppedAtOnce) {
  const std::atomic<bool> cancelled = true;
  const Instance instance = test::random_instance(1, {});
  const Time bound = instance_bound(instance, StopCondition(std::nullopt, &cancelled));
  EXPECT_GT(bound, 0);
  EXPECT_LE(bound, instance_bound(instance));
}

}  // namespace
}  // namespace splitlane
