// The paper's Algorithm 2: its worked example, and its optimality on random calendars of forward segments.
#include <gtest/gtest.h>

#include "splitlane/schedule/schedule.hpp"
#include "support/brute_force.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/lane_plan.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

using test::Random;

Time lane_makespan(std::span<const Service> services, const SwitchRule& rule, std::span<const LaneSegment> lane) {
  return makespan_of(evaluate_lane(services, rule, lane));
}

// The paper's Fig. 4: five backward tasks, ready at 0, 2, 3, 1, 9, of length 1, 2, 3, 2, 1, with tails 5, 3, 8, 1, 1.
std::vector<Service> paper_example() {
  return {{0, 0, 0, 1, 5}, {2, 0, 0, 2, 3}, {3, 0, 0, 3, 8}, {1, 0, 0, 2, 1}, {9, 0, 0, 1, 1}};
}

TEST(BackwardGivenForward, GivesTheScheduleOfThePapersFigure4) {
  const std::vector<Service> services = paper_example();
  // At 2 client 2 (tail 3) preempts client 4 (tail 1), at 3 client 3 (tail 8) preempts client 2; client 3 is the
  // last to complete, at 6 + 8 = 14.
  const Lane expected = {{0, Task::kBackward, 0, 1}, {3, Task::kBackward, 1, 2}, {1, Task::kBackward, 2, 3},
                         {2, Task::kBackward, 3, 6}, {1, Task::kBackward, 6, 7}, {3, Task::kBackward, 7, 8},
                         {4, Task::kBackward, 9, 10}};
  const Lane lane = schedule_backward_given_forward(services, {}, {});
  EXPECT_EQ(lane, expected);
  EXPECT_EQ(lane_makespan(services, {}, lane), 14);
}

TEST(BackwardGivenForward, BeatsFcfsOnThePapersExample) {
  // FCFS runs client 1 from 0 to 1, client 4 to 3, client 2 to 5, client 3 to 8 and completes it at 8 + 8 = 16.
  const std::vector<Service> services = paper_example();
  EXPECT_EQ(lane_makespan(services, {}, schedule_fcfs(services, {})), 16);
}

TEST(BackwardGivenForward, OfNothingIsNothing) { EXPECT_TRUE(schedule_backward_given_forward({}, {}, {}).empty()); }

TEST(BackwardGivenForward, RunsAroundTheForwardSegments) {
  // Client 0 is ready for backward at 2; client 1 holds the lane from 3 to 5, so client 0 runs in [2, 3) and [5, 6).
  const std::vector<Service> services = {{0, 2, 0, 2, 4}, {0, 2, 0, 1, 0}};
  const Lane forward_lane = {{0, Task::kForward, 0, 2}, {1, Task::kForward, 3, 5}};
  const Lane expected = {{0, Task::kForward, 0, 2},
                         {0, Task::kBackward, 2, 3},
                         {1, Task::kForward, 3, 5},
                         {0, Task::kBackward, 5, 6},
                         {1, Task::kBackward, 6, 7}};
  EXPECT_EQ(schedule_backward_given_forward(services, {}, forward_lane), expected);
}

// Puts the forward tasks into the lane at random: any client that is released may run or the lane may stay idle, so
// the calendar has preempted tasks and holes. With `rule` the lane keeps the gaps it asks for.
Lane random_forward_lane(Random& random, std::span<const Service> services, const SwitchRule& rule) {
  Lane lane;
  std::vector<Time> left;
  Time work_left = 0;
  for (const Service& service : services) {
    left.push_back(service.forward);
    work_left += service.forward;
  }
  for (Time now = rule.lane_gap(); work_left > 0; ++now) {
    const auto service = static_cast<std::uint32_t>(random.between(0, static_cast<Time>(services.size())));
    if (service == services.size() || left[service] == 0 || now < services[service].release) continue;
    const bool continues = !lane.empty() && lane.back().service == service && lane.back().end == now;
    if (!continues && !lane.empty() && now < lane.back().end + rule.lane_gap()) continue;
    if (continues) {
      ++lane.back().end;
    } else {
      lane.push_back({service, Task::kForward, now, now + 1});
    }
    --left[service];
    --work_left;
  }
  return lane;
}

TEST(BackwardGivenForward, IsOptimalOnRandomCalendars) {
  constexpr std::uint64_t kCases = 4000;
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    Random random(seed);
    test::LaneShape shape;
    shape.most_services = seed % 20 == 0 ? 4 : 3;
    const std::vector<Service> services = test::random_services(random, shape);
    const Lane forward_lane = random_forward_lane(random, services, {});
    const Lane lane = schedule_backward_given_forward(services, {}, forward_lane);
    const Instance instance = test::one_helper_instance(services, {});
    ASSERT_TRUE(test::is_valid_plan(instance, test::one_helper_plan(instance, lane))) << "seed " << seed;
    ASSERT_EQ(lane_makespan(services, {}, lane), test::brute_force_backward(services, forward_lane)) << "seed " << seed;
  }
}

TEST(BackwardGivenForward, StaysValidWithSwitchCosts) {
  constexpr std::uint64_t kCases = 4000;
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    Random random(seed);
    test::LaneShape shape;
    shape.most_services = 8;
    const std::vector<Service> services = test::random_services(random, shape);
    const SwitchRule rule = test::random_switch_rule(random, 3);
    const Lane lane = schedule_backward_given_forward(services, rule, random_forward_lane(random, services, rule));
    const Instance instance = test::one_helper_instance(services, rule);
    ASSERT_TRUE(test::is_valid_plan(instance, test::one_helper_plan(instance, lane))) << "seed " << seed;
  }
}

}  // namespace
}  // namespace splitlane
