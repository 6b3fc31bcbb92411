// The evaluator of whole plans, the gap, and the status that follows from a bound.
#include "splitlane/plan/plan.hpp"

#include <gtest/gtest.h>

#include "splitlane/instance/instance_builder.hpp"

namespace splitlane {
namespace {

// Two helpers; c0 and c1 share h0, c2 trains locally for 20, c3 has only tasks of length 0 on h1.
Instance example(SwitchModel model, Time switch_cost) {
  InstanceBuilder builder;
  builder.set_switch_model(model);
  builder.add_helper({"h0", std::nullopt, switch_cost});
  builder.add_helper({"h1", std::nullopt, 0});
  builder.add_client("c0");
  builder.add_option({HelperIndex(0), 0, 3, 1, 2, 2, 4, 0, std::nullopt, std::nullopt});
  builder.add_client("c1");
  builder.add_option({HelperIndex(0), 1, 2, 4, 4, 1, 1, 0, std::nullopt, std::nullopt});
  builder.add_client("c2");
  builder.add_local_option({20, 0, std::nullopt, std::nullopt});
  builder.add_client("c3");
  builder.add_option({HelperIndex(1), 2, 0, 1, 1, 0, 3, 0, std::nullopt, std::nullopt});
  return builder.build();
}

std::vector<OptionIndex> only_options(const Instance& instance) {
  std::vector<OptionIndex> choice;
  for (const OptionIndex option : instance.options()) choice.push_back(option);
  return choice;
}

Plan evaluate(const Instance& instance, std::vector<Segment> lane) {
  SegmentTable segments;
  segments.append_lane(lane);
  segments.append_lane({});
  return {evaluate_schedule(instance, only_options(instance), segments)};
}

const ClientIndex kClient0(0);
const ClientIndex kClient1(1);

TEST(EvaluatePlan, DerivesEveryClientFromTheSegments) {
  const Instance instance = example(SwitchModel::kOccupy, 0);
  const Plan plan = evaluate(instance, {{kClient0, Task::kForward, 0, 3},
                                        {kClient1, Task::kForward, 3, 5},
                                        {kClient0, Task::kBackward, 6, 8},
                                        {kClient1, Task::kBackward, 13, 14}});
  // c0 is never kept waiting: 0 + 3 + 3 + 2 = 8, tail 4. c1 could end forward at 3 but ends at 5: queuing 2.
  EXPECT_EQ(plan.schedule.times[0], (ClientTimes{3, 8, 12, 0}));
  EXPECT_EQ(plan.schedule.times[1], (ClientTimes{5, 14, 15, 2}));
  EXPECT_EQ(plan.schedule.times[2], (ClientTimes{0, 0, 20, 0}));
  EXPECT_EQ(plan.schedule.times[3], (ClientTimes{2, 4, 7, 0}));
  EXPECT_EQ(plan.schedule.makespan, 20);
  EXPECT_EQ(plan.proof.lower_bound, 0);
  EXPECT_EQ(plan.proof.status, PlanStatus::kFeasible);
}

TEST(EvaluatePlan, CountsTheChargeAsQueuing) {
  const Instance instance = example(SwitchModel::kCharge, 5);
  const Plan plan = evaluate(instance, {{kClient0, Task::kForward, 0, 3},
                                        {kClient1, Task::kForward, 3, 5},
                                        {kClient0, Task::kBackward, 16, 18},
                                        {kClient1, Task::kBackward, 23, 24}});
  // c0: ready at 3 + 3 + 10 = 16; completion 18 + 4 + 10. c1: ready at 5 + 8 + 10 = 23; completion 24 + 1 + 10.
  EXPECT_EQ(plan.schedule.times[0], (ClientTimes{3, 18, 32, 10}));
  EXPECT_EQ(plan.schedule.times[1], (ClientTimes{5, 24, 35, 12}));
  EXPECT_EQ(plan.schedule.makespan, 35);
}

TEST(Plan, GapIsRelativeToTheBound) {
  Plan plan;
  EXPECT_EQ(plan.gap(), 0.0);
  plan.schedule.makespan = 12;
  plan.proof.lower_bound = 8;
  EXPECT_DOUBLE_EQ(plan.gap(), 0.5);
  plan.proof.lower_bound = 12;
  EXPECT_EQ(plan.gap(), 0.0);
}

TEST(SetLowerBound, KeepsTheLargerAndMarksOptimalWhereTheyMeet) {
  Plan plan;
  plan.schedule.makespan = 12;
  set_lower_bound(plan, 8);
  EXPECT_EQ(plan.proof.lower_bound, 8);
  EXPECT_EQ(plan.proof.status, PlanStatus::kFeasible);
  set_lower_bound(plan, 5);
  EXPECT_EQ(plan.proof.lower_bound, 8);
  set_lower_bound(plan, 12);
  EXPECT_EQ(plan.proof.lower_bound, 12);
  EXPECT_EQ(plan.proof.status, PlanStatus::kOptimal);
}

TEST(SegmentTable, KeepsLanesApart) {
  SegmentTable table;
  const std::vector<Segment> lane = {{kClient0, Task::kForward, 0, 3}};
  table.append_lane({});
  table.append_lane(lane);
  EXPECT_EQ(table.lane_count(), 2u);
  EXPECT_EQ(table.segment_count(), 1u);
  EXPECT_TRUE(table.lane(HelperIndex(0)).empty());
  ASSERT_EQ(table.lane(HelperIndex(1)).size(), 1u);
  EXPECT_EQ(table.lane(HelperIndex(1)).front(), lane.front());
}

}  // namespace
}  // namespace splitlane
