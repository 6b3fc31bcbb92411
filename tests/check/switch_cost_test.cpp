// Both readings of a switch cost, each kept and broken in exactly one way.
#include <gtest/gtest.h>

#include "check/example_plan.hpp"

namespace splitlane {
namespace {

using test::example;
using test::expect_only;
using test::kClient0;
using test::kClient1;
using test::lanes;
using test::Rules;
using test::valid_plan;

// With switch cost 1 under `occupy`: c0 [1, 4), gap, c1 [5, 7), c0 [8, 9), gap, c0 [10, 11), c1 [14, 15).
std::vector<Segment> lane_with_gaps() {
  return {{kClient0, Task::kForward, 1, 4},
          {kClient1, Task::kForward, 5, 7},
          {kClient0, Task::kBackward, 8, 9},
          {kClient0, Task::kBackward, 10, 11},
          {kClient1, Task::kBackward, 14, 15}};
}

Plan plan_with_gaps() {
  Plan plan = valid_plan();
  plan.schedule.segments = lanes(lane_with_gaps());
  plan.schedule.times[0] = {4, 11, 15, 2};
  plan.schedule.times[1] = {7, 15, 16, 3};
  return plan;
}

TEST(CheckPlanOccupy, AcceptsGapsOfExactlyTheCost) {
  test::expect_valid_plan(example({SwitchModel::kOccupy, 1, 47}), plan_with_gaps());
}

TEST(CheckPlanOccupy, ReportsAGapBelowTheCost) {
  Plan plan = plan_with_gaps();
  std::vector<Segment> lane = lane_with_gaps();
  lane[1] = {kClient1, Task::kForward, 4, 6};
  plan.schedule.segments = lanes(lane);
  plan.schedule.times[1] = {6, 15, 16, 3};
  expect_only(check_plan(example({SwitchModel::kOccupy, 1, 47}), plan), ViolationKind::kSwitchGap,
              "helper \"h0\": idle for 0 before forward of client \"c1\" from 4 to 6, but its switch cost is 1");
}

TEST(CheckPlanOccupy, CountsTheLaneAsIdleFromInstantZero) {
  // With cost 2 the first segment, at 1, is too early, and so is every later one with a gap of 1; the last has 3.
  const CheckReport report = check_plan(example({SwitchModel::kOccupy, 2, 47}), plan_with_gaps());
  expect_only(report, ViolationKind::kSwitchGap, 4);
  EXPECT_EQ(report.violations.front().message,
            "helper \"h0\": idle for 1 before forward of client \"c0\" from 1 to 4, but its switch cost is 2");
}

TEST(CheckPlanOccupy, AsksForNoGapWhereATaskContinues) {
  Plan plan = plan_with_gaps();
  std::vector<Segment> lane = lane_with_gaps();
  lane[3] = {kClient0, Task::kBackward, 9, 10};
  plan.schedule.segments = lanes(lane);
  plan.schedule.times[0] = {4, 10, 14, 1};
  test::expect_valid_plan(example({SwitchModel::kOccupy, 1, 47}), plan);
}

// With switch cost 2 under `charge` each run costs its client 4: c0 ready at 4 + 3 + 4 = 11, c1 at 6 + 7 + 4 = 17;
// c0 backward in two runs [11, 12) and [13, 14): completion 14 + 4 + 8 = 26; c1 [17, 18): 18 + 1 + 4 = 23.
std::vector<Segment> charged_lane() {
  return {{kClient0, Task::kForward, 1, 4},
          {kClient1, Task::kForward, 4, 6},
          {kClient0, Task::kBackward, 11, 12},
          {kClient0, Task::kBackward, 13, 14},
          {kClient1, Task::kBackward, 17, 18}};
}

Plan charged_plan() {
  Plan plan = valid_plan();
  plan.schedule.segments = lanes(charged_lane());
  plan.schedule.times[0] = {4, 14, 26, 5};
  plan.schedule.times[1] = {6, 18, 23, 6};
  plan.schedule.makespan = 26;
  return plan;
}

const Rules kChargeRules{SwitchModel::kCharge, 2, 47};

TEST(CheckPlanCharge, AcceptsAdjacentSegmentsAndDelaysTheClient) {
  test::expect_valid_plan(example(kChargeRules), charged_plan());
}

TEST(CheckPlanCharge, CountsAdjacentSegmentsOfATaskAsOneRun) {
  Plan plan = charged_plan();
  std::vector<Segment> lane = charged_lane();
  lane[3] = {kClient0, Task::kBackward, 12, 13};
  plan.schedule.segments = lanes(lane);
  plan.schedule.times[0] = {4, 13, 21, 4};
  plan.schedule.makespan = 23;
  test::expect_valid_plan(example(kChargeRules), plan);
}

TEST(CheckPlanCharge, ReportsABackwardThatIgnoresTheForwardCharge) {
  Plan plan = charged_plan();
  std::vector<Segment> lane = charged_lane();
  lane[2] = {kClient0, Task::kBackward, 7, 8};
  plan.schedule.segments = lanes(lane);
  expect_only(check_plan(example(kChargeRules), plan), ViolationKind::kBackwardEarly,
              "client \"c0\": backward starts at 7, but is ready at 11");
}

TEST(CheckPlanCharge, ReportsACompletionThatIgnoresTheBackwardCharge) {
  Plan plan = charged_plan();
  plan.schedule.times[1].completion = 19;
  expect_only(check_plan(example(kChargeRules), plan), ViolationKind::kClientTimes,
              "client \"c1\": completion is given as 19, but the segments give 23");
}

}  // namespace
}  // namespace splitlane
