// Problem 1 of the paper as an integer program: its optimum is the optimum, with everything the format knows.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/stopped.hpp"
#include "methods/ilp/slot_program.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/methods/method.hpp"
#include "support/exhaustive.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/random_instance.hpp"
#include "support/stepping_clock.hpp"

namespace splitlane {
namespace {

test::InstanceShape tiny() {
  test::InstanceShape shape;
  shape.most_clients = 3;
  shape.most_helpers = 2;
  shape.most_options_per_pair = 1;
  shape.longest = 2;
  shape.largest_switch_cost = 1;
  return shape;
}

void expect_too_large(const Instance& instance, const std::string& word) {
  try {
    plan_ilp(instance, {});
    ADD_FAILURE() << "planned it";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(Ilp, ProvesTheExhaustiveOptimumWithAndWithoutPreemption) {
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const Instance instance = test::random_instance(seed, tiny());
    for (const bool preemptive : {true, false}) {
      const std::optional<Time> optimum = test::exhaustive_optimum(instance, preemptive);
      if (!optimum) continue;
      MethodParameters parameters;
      parameters.preemptive = preemptive;
      const Plan plan = plan_ilp(instance, parameters);
      EXPECT_TRUE(test::is_valid_plan(instance, plan));
      ASSERT_EQ(plan.schedule.makespan, *optimum) << "seed " << seed << ", preemptive " << preemptive;
      EXPECT_EQ(std::get<std::int64_t>(plan.origin.parameters.at("ilp_lower_bound")), *optimum);
      EXPECT_EQ(plan_exact(instance, parameters).schedule.makespan, plan.schedule.makespan);
      ++compared;
    }
  }
  EXPECT_GT(compared, 9);
}

TEST(Ilp, RefusesWhatIsTooLargeForASlotEach) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_client("c0");
  // T = 5 * 40000 slots and two tasks: 400000 binaries.
  builder.add_option({HelperIndex(0), 40000, 40000, 40000, 0, 40000, 40000, 0, std::nullopt, std::nullopt});
  const Instance instance = builder.build();
  ASSERT_GT(ilp::SlotProgram::size_of(instance), kIlpLargestProgram);
  expect_too_large(instance, "binaries");
}

TEST(Ilp, RefusesSwitchCostsOfTooManySlots) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 1000});
  builder.add_client("c0");
  // T = 5 * 1000 slots: fewer than 10001 binaries, but 1000 rows a slot to keep the gaps.
  builder.add_option({HelperIndex(0), 1000, 1000, 1000, 0, 1000, 1000, 0, std::nullopt, std::nullopt});
  const Instance instance = builder.build();
  ASSERT_LT(ilp::SlotProgram::size_of(instance), kIlpLargestProgram);
  // A row for each of 1000 slots of cost and T slots; in them two terms a slot of forward, from its release at 1000,
  // and of backward, from 1000 + 1000 + 1000 on. T has the costs of all slots of work: 1000 * T + 2 * 1000 * (T - 1000
  // + T - 3000).
  const auto horizon = static_cast<double>(instance.horizon());
  EXPECT_EQ(ilp::SlotProgram::switch_terms_of(instance), 5000 * horizon - 8e6);
  expect_too_large(instance, "switch costs");
}

TEST(Ilp, RefusesChargedSwitchesOfTooManyPairsOfSlots) {
  InstanceBuilder builder;
  builder.set_switch_model(SwitchModel::kCharge);
  builder.add_helper({"h0", std::nullopt, 1});
  builder.add_client("c0");
  // Every slot of backward (from 3000 on) counts the runs of forward in all its slots (from 1000 on).
  builder.add_option({HelperIndex(0), 1000, 1000, 1000, 0, 1000, 1000, 0, std::nullopt, std::nullopt});
  const Instance instance = builder.build();
  ASSERT_LT(ilp::SlotProgram::size_of(instance), kIlpLargestProgram);
  const auto horizon = static_cast<double>(instance.horizon());
  EXPECT_EQ(ilp::SlotProgram::switch_terms_of(instance), (horizon - 1000) * (horizon - 3000));
  expect_too_large(instance, "switch costs");
}

// Both have some 100 slots of work or of switch cost whose rows ask for the time, each once or more.
TEST(Ilp, StopsBuildingWhenTheTimeIsUp) {
  for (const SwitchModel model : {SwitchModel::kOccupy, SwitchModel::kCharge}) {
    InstanceBuilder builder;
    builder.set_switch_model(model);
    builder.add_helper({"h0", std::nullopt, 100});
    builder.add_client("c0");
    builder.add_option({HelperIndex(0), 1, 100, 1, 0, 100, 1, 0, std::nullopt, std::nullopt});
    const Instance instance = builder.build();
    const test::SteppingClock clock;
    // Question 1 sets the deadline at 11 s, the tenth from then on is the first at which it has passed.
    EXPECT_THROW(ilp::SlotProgram(instance, true, StopCondition(10.0, nullptr)), Stopped);
    EXPECT_EQ(test::SteppingClock::asked(), 11U);
  }
}

TEST(Ilp, ReturnsItsBoundAndAPlanWhenTheTimeIsUp) {
  const Instance instance = test::random_instance(3, {});
  MethodParameters parameters;
  parameters.time_limit_s = 1e-6;
  const Plan plan = plan_ilp(instance, parameters);
  EXPECT_TRUE(test::is_valid_plan(instance, plan));
  EXPECT_LE(plan.proof.lower_bound, plan.schedule.makespan);
  EXPECT_FALSE(plan.origin.warnings.empty());
}

}  // namespace
}  // namespace splitlane
