// What follows from one helper's segments, by hand, under both switch models.
#include "splitlane/plan/service.hpp"

#include <gtest/gtest.h>

#include "splitlane/instance/instance_builder.hpp"

namespace splitlane {
namespace {

constexpr SwitchRule kFree{};

TEST(EvaluateLane, FollowsOneClientThroughTheRound) {
  // Forward [2, 5), turnaround 4: ready at 9; backward [10, 12), tail 6: completion 18.
  const std::vector<Service> services = {{2, 3, 4, 2, 6}};
  const std::vector<LaneSegment> lane = {{0, Task::kForward, 2, 5}, {0, Task::kBackward, 10, 12}};
  const ServiceTimes times = evaluate_lane(services, kFree, lane).front();
  EXPECT_EQ(times.forward_end, 5);
  EXPECT_EQ(times.backward_ready, 9);
  EXPECT_EQ(times.backward_end, 12);
  EXPECT_EQ(times.completion, 18);
}

TEST(EvaluateLane, EndsAPreemptedTaskWithItsLastSegment) {
  const std::vector<Service> services = {{0, 4, 1, 1, 0}, {1, 1, 0, 0, 7}};
  const std::vector<LaneSegment> lane = {
      {0, Task::kForward, 0, 1}, {1, Task::kForward, 1, 2}, {0, Task::kForward, 2, 5}, {0, Task::kBackward, 6, 7}};
  const std::vector<ServiceTimes> times = evaluate_lane(services, kFree, lane);
  EXPECT_EQ(times[0].forward_end, 5);
  EXPECT_EQ(times[0].completion, 7);
  EXPECT_EQ(times[1].forward_end, 2);
  EXPECT_EQ(times[1].completion, 9);  // backward of length 0 ends when ready, at 2; tail 7
  EXPECT_EQ(makespan_of(times), 9);
}

TEST(EvaluateLane, EndsATaskOfLengthZeroWhenItBecomesAvailable) {
  // Forward ends at release 3, backward is ready and over at 3 + 2, completion 5 + 4.
  const std::vector<Service> services = {{3, 0, 2, 0, 4}};
  const ServiceTimes times = evaluate_lane(services, kFree, {}).front();
  EXPECT_EQ(times.forward_end, 3);
  EXPECT_EQ(times.backward_end, 5);
  EXPECT_EQ(times.completion, 9);
}

TEST(EvaluateLane, ChargesEveryRunTwiceTheCost) {
  // Cost 3. Forward in two runs, [0, 1) and [2, 3): ready at 3 + 1 + 2 * 6 = 16. Backward [16, 17) and, adjacent,
  // [17, 18): one run, so completion 18 + 5 + 6 = 29.
  const std::vector<Service> services = {{0, 2, 1, 2, 5}};
  const std::vector<LaneSegment> lane = {
      {0, Task::kForward, 0, 1}, {0, Task::kForward, 2, 3}, {0, Task::kBackward, 16, 17}, {0, Task::kBackward, 17, 18}};
  const ServiceTimes times = evaluate_lane(services, {SwitchModel::kCharge, 3}, lane).front();
  EXPECT_EQ(times.forward_end, 3);
  EXPECT_EQ(times.backward_ready, 16);
  EXPECT_EQ(times.backward_end, 18);
  EXPECT_EQ(times.completion, 29);
}

TEST(EvaluateLane, AddsNothingToTheClientUnderOccupy) {
  const std::vector<Service> services = {{0, 1, 1, 1, 5}};
  const std::vector<LaneSegment> lane = {{0, Task::kForward, 3, 4}, {0, Task::kBackward, 7, 8}};
  const ServiceTimes times = evaluate_lane(services, {SwitchModel::kOccupy, 3}, lane).front();
  EXPECT_EQ(times.backward_ready, 5);
  EXPECT_EQ(times.completion, 13);
}

TEST(SwitchRule, TakesLaneTimeOrDelaysTheClientButNotBoth) {
  const SwitchRule occupy{SwitchModel::kOccupy, 3};
  EXPECT_EQ(occupy.lane_gap(), 3);
  EXPECT_EQ(occupy.run_delay(), 0);
  const SwitchRule charge{SwitchModel::kCharge, 3};
  EXPECT_EQ(charge.lane_gap(), 0);
  EXPECT_EQ(charge.run_delay(), 6);
}

TEST(ServiceOf, AddsUpTheTurnaround) {
  InstanceBuilder builder;
  builder.set_switch_model(SwitchModel::kCharge);
  builder.add_helper({"h0", std::nullopt, 7});
  builder.add_client("c0");
  const OptionIndex option = builder.add_option({HelperIndex(0), 1, 2, 3, 4, 5, 6, 0, std::nullopt, std::nullopt});
  const Instance instance = builder.build();
  const Service service = service_of(instance, option);
  EXPECT_EQ(service.turnaround, 3 + 4);
  EXPECT_EQ(service.load(), 2 + 5);
  EXPECT_EQ(service.path(), 1 + 2 + 3 + 4 + 5 + 6);
  const SwitchRule rule = switch_rule_of(instance, HelperIndex(0));
  EXPECT_EQ(rule.model, SwitchModel::kCharge);
  EXPECT_EQ(rule.cost, 7);
}

}  // namespace
}  // namespace splitlane
