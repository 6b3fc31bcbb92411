// Every kind of violation alone: a valid plan made by hand is broken in exactly one way.
#include "splitlane/check/check.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "check/example_plan.hpp"
#include "splitlane/check/required_plan.hpp"
#include "splitlane/error.hpp"

namespace splitlane {
namespace {

using test::example;
using test::expect_only;
using test::kClient0;
using test::kClient1;
using test::kClient2;
using test::kClient3;
using test::lanes;
using test::valid_lane;
using test::valid_plan;

TEST(CheckPlan, FindsNothingInAValidPlan) {
  test::expect_valid_plan(example(), valid_plan());
  EXPECT_EQ(check_plan(example(), valid_plan()).makespan, 20);
}

TEST(CheckPlan, ReportsAClientWithoutOption) {
  Plan plan = valid_plan();
  plan.schedule.choice[3] = OptionIndex::none();
  expect_only(check_plan(example(), plan), ViolationKind::kNoOption, "client \"c3\": no option is chosen");
}

TEST(CheckPlan, ReportsAnOptionOfAnotherClient) {
  Plan plan = valid_plan();
  plan.schedule.choice[3] = OptionIndex(4);
  expect_only(check_plan(example(), plan), ViolationKind::kNoOption,
              "client \"c3\": option 4 of the instance is chosen, but its own are 5 to 5");
}

TEST(CheckPlan, ReportsTooLittleMemory) {
  const Instance instance = example({SwitchModel::kOccupy, 0, 46});
  expect_only(check_plan(instance, valid_plan()), ViolationKind::kMemory, "helper \"h0\": memory 47 MB of 46 MB");
}

TEST(CheckPlan, ReportsASegmentOnAHelperThatDoesNotServeTheClient) {
  Plan plan = valid_plan();
  plan.schedule.segments = lanes(valid_lane(), {{kClient1, Task::kForward, 4, 6}});
  expect_only(check_plan(example(), plan), ViolationKind::kForeignSegment,
              "helper \"h1\": forward of client \"c1\" from 4 to 6, which helper \"h0\" serves");
}

TEST(CheckPlan, ReportsASegmentOfAClientThatTrainsLocally) {
  Plan plan = valid_plan();
  plan.schedule.segments = lanes(valid_lane(), {{kClient2, Task::kForward, 0, 1}});
  expect_only(check_plan(example(), plan), ViolationKind::kForeignSegment,
              "helper \"h1\": forward of client \"c2\" from 0 to 1, which no helper serves");
}

TEST(CheckPlan, ReportsSegmentsOutOfOrderOnce) {
  Plan plan = valid_plan();
  std::vector<Segment> lane = valid_lane();
  std::swap(lane[0], lane[1]);
  plan.schedule.segments = lanes(lane);
  expect_only(
      check_plan(example(), plan), ViolationKind::kSegmentOrder,
      "helper \"h0\": forward of client \"c0\" from 1 to 4 is listed after forward of client \"c1\" from 4 to 6");
}

TEST(CheckPlan, ReportsAnEmptySegment) {
  Plan plan = valid_plan();
  plan.schedule.segments = lanes(valid_lane(), {{kClient3, Task::kForward, 2, 2}});
  expect_only(check_plan(example(), plan), ViolationKind::kSegmentOrder,
              "helper \"h1\": forward of client \"c3\" from 2 to 2 is empty or runs backwards");
}

TEST(CheckPlan, ReportsAStartBeforeTimeZero) {
  // A client whose release is 0 cannot tell: its forward starts early as well.
  Plan plan = valid_plan();
  std::vector<Segment> lane = valid_lane();
  lane[0] = {kClient0, Task::kForward, -1, 2};
  lane[2] = {kClient0, Task::kBackward, 7, 8};
  plan.schedule.segments = lanes(lane);
  plan.schedule.times[0].forward_end = 2;
  const CheckReport report = check_plan(example(), plan);
  EXPECT_EQ(report.count(ViolationKind::kSegmentOrder), 1u);
  EXPECT_EQ(report.count(ViolationKind::kForwardEarly), 1u);
  EXPECT_EQ(report.violations.size(), 2u) << test::describe_violations(report);
}

TEST(CheckPlan, ReportsOverlappingSegments) {
  Plan plan = valid_plan();
  std::vector<Segment> lane = valid_lane();
  lane[1] = {kClient1, Task::kForward, 3, 5};
  plan.schedule.segments = lanes(lane);
  plan.schedule.times[1].forward_end = 5;
  expect_only(check_plan(example(), plan), ViolationKind::kOverlap,
              "helper \"h0\": forward of client \"c1\" from 3 to 5 overlaps forward of client \"c0\" from 1 to 4");
}

TEST(CheckPlan, FindsAnOverlapBehindAnotherSegment) {
  // c0's long segment [1, 9) covers c1's [2, 3); the next one, at 7, still overlaps the long one.
  Plan plan = valid_plan();
  plan.schedule.segments =
      lanes({{kClient0, Task::kForward, 1, 9}, {kClient1, Task::kForward, 2, 3}, {kClient1, Task::kForward, 7, 8}});
  EXPECT_EQ(check_plan(example(), plan).count(ViolationKind::kOverlap), 2u);
}

TEST(CheckPlan, ReportsAForwardBeforeItsRelease) {
  Plan plan = valid_plan();
  std::vector<Segment> lane = valid_lane();
  lane[0] = {kClient0, Task::kForward, 0, 3};
  plan.schedule.segments = lanes(lane);
  plan.schedule.times[0].forward_end = 3;
  expect_only(check_plan(example(), plan), ViolationKind::kForwardEarly,
              "client \"c0\": forward starts at 0, but is released at 1");
}

TEST(CheckPlan, ReportsMissingForwardWork) {
  Plan plan = valid_plan();
  std::vector<Segment> lane = valid_lane();
  lane[0] = {kClient0, Task::kForward, 2, 4};
  plan.schedule.segments = lanes(lane);
  expect_only(check_plan(example(), plan), ViolationKind::kForwardWork,
              "client \"c0\": forward segments add up to 2, but the task takes 3");
}

TEST(CheckPlan, ReportsWorkOnATaskOfLengthZero) {
  Plan plan = valid_plan();
  plan.schedule.segments = lanes(valid_lane(), {{kClient3, Task::kBackward, 4, 5}});
  plan.schedule.times[3] = {2, 5, 8, 1};
  expect_only(check_plan(example(), plan), ViolationKind::kBackwardWork,
              "client \"c3\": backward segments add up to 1, but the task takes 0");
}

TEST(CheckPlan, ReportsABackwardBeforeItIsReady) {
  Plan plan = valid_plan();
  std::vector<Segment> lane = valid_lane();
  lane[2] = {kClient0, Task::kBackward, 6, 7};
  plan.schedule.segments = lanes(lane);
  expect_only(check_plan(example(), plan), ViolationKind::kBackwardEarly,
              "client \"c0\": backward starts at 6, but is ready at 7");
}

TEST(CheckPlan, ReportsMissingBackwardWork) {
  Plan plan = valid_plan();
  std::vector<Segment> lane = valid_lane();
  lane.erase(lane.begin() + 2);
  plan.schedule.segments = lanes(lane);
  expect_only(check_plan(example(), plan), ViolationKind::kBackwardWork,
              "client \"c0\": backward segments add up to 1, but the task takes 2");
}

TEST(CheckPlan, ReportsEachClientTimeThatDoesNotFollow) {
  const std::vector<std::pair<std::string, Time ClientTimes::*>> keys = {
      {"forward_end is given as 5, but the segments give 4", &ClientTimes::forward_end},
      {"backward_end is given as 11, but the segments give 10", &ClientTimes::backward_end},
      {"completion is given as 15, but the segments give 14", &ClientTimes::completion},
      {"queuing is given as 2, but the segments give 1", &ClientTimes::queuing},
  };
  for (const auto& [message, key] : keys) {
    Plan plan = valid_plan();
    ++(plan.schedule.times[0].*key);
    expect_only(check_plan(example(), plan), ViolationKind::kClientTimes, "client \"c0\": " + message);
  }
}

TEST(CheckPlan, ReportsTimesOfALocalClientOtherThanItsOwn) {
  Plan plan = valid_plan();
  plan.schedule.times[2].forward_end = 1;
  expect_only(check_plan(example(), plan), ViolationKind::kClientTimes,
              "client \"c2\": forward_end is given as 1, but the segments give 0");
}

TEST(CheckPlan, ReportsAWrongMakespan) {
  Plan plan = valid_plan();
  plan.schedule.makespan = 19;
  expect_only(check_plan(example(), plan), ViolationKind::kMakespan,
              "makespan is given as 19, but the latest completion is 20");
}

TEST(CheckPlan, ReportsABoundAboveTheMakespan) {
  Plan plan = valid_plan();
  plan.proof.lower_bound = 21;
  expect_only(check_plan(example(), plan), ViolationKind::kBound, "lower bound 21 is above the makespan 20");
}

TEST(CheckPlan, ReportsOptimalWithoutProof) {
  Plan plan = valid_plan();
  plan.proof.status = PlanStatus::kOptimal;
  expect_only(check_plan(example(), plan), ViolationKind::kStatus,
              "status is optimal, but the makespan is 20 and the lower bound 9");
}

TEST(CheckPlan, AcceptsOptimalWhereTheBoundMeetsTheMakespan) {
  Plan plan = valid_plan();
  plan.proof.lower_bound = 20;
  plan.proof.status = PlanStatus::kOptimal;
  test::expect_valid_plan(example(), plan);
}

TEST(CheckPlan, SurvivesTablesOfTheWrongSize) {
  const Instance instance = example();
  EXPECT_FALSE(check_plan(instance, Plan()).valid());

  Plan plan = valid_plan();
  plan.schedule.segments = SegmentTable();
  plan.schedule.segments.append_lane(valid_lane());
  expect_only(check_plan(instance, plan), ViolationKind::kForeignSegment,
              "the plan has lanes for 1 helpers, the instance has 2");
  plan.schedule.segments = lanes(valid_lane());
  plan.schedule.segments.append_lane({});
  expect_only(check_plan(instance, plan), ViolationKind::kForeignSegment, 1);

  plan = valid_plan();
  plan.schedule.choice.push_back(OptionIndex(0));
  expect_only(check_plan(instance, plan), ViolationKind::kNoOption, 1);
  plan = valid_plan();
  plan.schedule.times.pop_back();
  expect_only(check_plan(instance, plan), ViolationKind::kClientTimes, 1);
}

TEST(CheckPlan, SurvivesAnyNumbers) {
  const Time lowest = std::numeric_limits<Time>::min();
  const Time highest = std::numeric_limits<Time>::max();
  for (const SwitchModel model : {SwitchModel::kOccupy, SwitchModel::kCharge}) {
    const Instance instance = example({model, kLargestNumber / 64, 47});
    Plan plan = valid_plan();
    plan.schedule.segments = lanes({{kClient0, Task::kForward, lowest, highest},
                                    {kClient0, Task::kForward, lowest, 0},
                                    {kClient1, Task::kBackward, highest - 1, highest},
                                    {kClient1, Task::kForward, highest, lowest},
                                    {ClientIndex(77), Task::kForward, 0, 1},
                                    {ClientIndex::none(), Task::kBackward, lowest, highest}});
    plan.schedule.choice = {OptionIndex(0), OptionIndex(2), OptionIndex(4000000000u), OptionIndex::none()};
    plan.schedule.times = {{lowest, highest, lowest, highest}, {highest, lowest, highest, lowest}, {}, {}};
    plan.schedule.makespan = lowest;
    plan.proof.lower_bound = highest;
    const CheckReport report = check_plan(instance, plan);
    EXPECT_GT(report.count(ViolationKind::kForwardWork), 0u);
    EXPECT_EQ(report.count(ViolationKind::kForeignSegment), 2u);
  }
}

TEST(CheckPlan, ListsTwentyOfAKindAndCountsAll) {
  Plan plan = valid_plan();
  std::vector<Segment> lane;
  for (Time start = 0; start < 50; ++start) lane.push_back({kClient1, Task::kForward, start, start + 1});
  plan.schedule.segments = lanes(valid_lane(), lane);
  const CheckReport report = check_plan(example(), plan);
  EXPECT_EQ(report.count(ViolationKind::kForeignSegment), 50u);
  EXPECT_EQ(report.violations.size(), CheckReport::kListed);
}

std::string refusal(const Plan& plan, std::vector<std::string> reasons) {
  try {
    require_valid_plan(example(), plan, std::move(reasons), {"plan.json", "no plan to start from", "a valid plan"});
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kViolations);
    return error.what();
  }
  return "";
}

TEST(RequireValidPlan, TakesAValidPlanUnlessTheCallerKnowsBetter) {
  EXPECT_EQ(refusal(valid_plan(), {}), "");
  EXPECT_EQ(refusal(valid_plan(), {"made for another", "and more"}),
            "plan.json: no plan to start from: got made for another, expected a valid plan");
}

TEST(RequireValidPlan, NamesTheFirstViolation) {
  Plan plan = valid_plan();
  plan.schedule.choice[3] = OptionIndex::none();
  EXPECT_EQ(refusal(plan, {}),
            "plan.json: no plan to start from: got client \"c3\": no option is chosen, expected a valid plan");
}

TEST(ViolationName, IsDifferentForEveryKind) {
  std::set<std::string_view> names;
  for (std::size_t kind = 0; kind < kViolationKinds; ++kind)
    names.insert(violation_name(static_cast<ViolationKind>(kind)));
  EXPECT_EQ(names.size(), kViolationKinds);
  EXPECT_EQ(violation_name(ViolationKind::kSwitchGap), "switch_gap");
}

}  // namespace
}  // namespace splitlane
