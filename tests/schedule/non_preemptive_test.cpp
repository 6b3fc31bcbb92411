// FCFS and EquiD's rule against plain instant-by-instant simulations, and by hand.
#include <gtest/gtest.h>

#include "splitlane/schedule/schedule.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/lane_plan.hpp"
#include "support/random_instance.hpp"
#include "support/reference_simulation.hpp"

namespace splitlane {
namespace {

using test::Random;

constexpr std::uint64_t kCases = 6000;

std::vector<Service> random_case(Random& random, std::uint64_t seed) {
  test::LaneShape shape;
  shape.most_services = seed % 4 == 0 ? 12 : 5;
  shape.longest_wait = seed % 3 == 0 ? 2 : 9;  // short waits make ties frequent
  return test::random_services(random, shape);
}

void expect_valid_lane(std::span<const Service> services, const SwitchRule& rule, const Lane& lane) {
  const Instance instance = test::one_helper_instance(services, rule);
  test::expect_valid_plan(instance, test::one_helper_plan(instance, lane));
}

TEST(Fcfs, EqualsThePlainSimulation) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    Random random(seed);
    const std::vector<Service> services = random_case(random, seed);
    const SwitchRule rule = test::random_switch_rule(random, 4);
    const Lane lane = schedule_fcfs(services, rule);
    ASSERT_EQ(lane, test::reference_fcfs(services, rule)) << "seed " << seed;
    expect_valid_lane(services, rule, lane);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(LongestFirst, EqualsThePlainSimulation) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    Random random(seed);
    const std::vector<Service> services = random_case(random, seed);
    const SwitchRule rule = test::random_switch_rule(random, 4);
    const Lane lane = schedule_longest_first(services, rule);
    ASSERT_EQ(lane, test::reference_longest_first(services, rule)) << "seed " << seed;
    expect_valid_lane(services, rule, lane);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(Fcfs, ServesForwardAndBackwardInOneQueue) {
  // Client 0: forward [0, 2), backward ready at 3. Client 1 arrives at 1: forward [2, 6). Client 2 arrives at 4,
  // after client 0's backward became ready at 3, so that backward [6, 7) goes first.
  const std::vector<Service> services = {{0, 2, 1, 1, 0}, {1, 4, 9, 1, 0}, {4, 1, 9, 1, 0}};
  const Lane lane = schedule_fcfs(services, {});
  ASSERT_GE(lane.size(), 4u);
  EXPECT_EQ(lane[2], (LaneSegment{0, Task::kBackward, 6, 7}));
  EXPECT_EQ(lane[3], (LaneSegment{2, Task::kForward, 7, 8}));
}

TEST(LongestFirst, PrefersAnyForwardToABackward) {
  // As above, but client 2's forward, released at 4, goes before client 0's backward.
  const std::vector<Service> services = {{0, 2, 1, 1, 0}, {1, 4, 9, 1, 0}, {4, 1, 9, 1, 0}};
  const Lane lane = schedule_longest_first(services, {});
  ASSERT_GE(lane.size(), 4u);
  EXPECT_EQ(lane[2], (LaneSegment{2, Task::kForward, 6, 7}));
  EXPECT_EQ(lane[3], (LaneSegment{0, Task::kBackward, 7, 8}));
}

TEST(Fcfs, BreaksTiesByPosition) {
  const std::vector<Service> services = {{3, 1, 0, 0, 0}, {3, 1, 0, 0, 9}};
  const Lane expected = {{0, Task::kForward, 3, 4}, {1, Task::kForward, 4, 5}};
  EXPECT_EQ(schedule_fcfs(services, {}), expected);
}

TEST(NonPreemptive, KeepsTheLaneIdleBeforeEachSegmentUnderOccupy) {
  // Cost 2, idle from instant 0: forward [2, 3); turnaround 0, ready at 3, but a switch is due: backward [5, 6).
  const std::vector<Service> services = {{0, 1, 0, 1, 0}};
  const SwitchRule rule{SwitchModel::kOccupy, 2};
  const Lane expected = {{0, Task::kForward, 2, 3}, {0, Task::kBackward, 5, 6}};
  EXPECT_EQ(schedule_fcfs(services, rule), expected);
  EXPECT_EQ(schedule_longest_first(services, rule), expected);
}

TEST(NonPreemptive, DelaysTheClientByTwiceTheCostUnderCharge) {
  // Cost 2: the forward run [0, 1) moves readiness from 1 to 1 + 4 = 5.
  const std::vector<Service> services = {{0, 1, 0, 1, 0}};
  const SwitchRule rule{SwitchModel::kCharge, 2};
  const Lane expected = {{0, Task::kForward, 0, 1}, {0, Task::kBackward, 5, 6}};
  EXPECT_EQ(schedule_fcfs(services, rule), expected);
  EXPECT_EQ(schedule_longest_first(services, rule), expected);
}

TEST(NonPreemptive, GivesNoSegmentToATaskOfLengthZero) {
  const std::vector<Service> services = {{4, 0, 3, 0, 2}};
  EXPECT_TRUE(schedule_fcfs(services, {}).empty());
  EXPECT_TRUE(schedule_longest_first(services, {}).empty());
  EXPECT_TRUE(schedule_fcfs({}, {}).empty());
}

}  // namespace
}  // namespace splitlane
