// What a lane runs next, step by step: no clock is needed to say so.
#include "splitlane/execution/lane_executor.hpp"

#include <gtest/gtest.h>

#include "splitlane/error.hpp"

namespace splitlane {
namespace {

using Reason = NextTask::Reason;

ReadyTask task(std::uint32_t client, Time planned_end, Time ready = 0, Time tail = 0, Time path = 0) {
  return {{client, 0, Task::kForward}, ready, planned_end, tail, path, 0};
}

LaneSettings settings(ExecutionRule rule, bool preemptive = true, Time pause_cost = 0) {
  return {rule, preemptive, pause_cost, 0};
}

TEST(LaneExecutorTest, EachRuleRunsItsOwnMostUrgentTaskFirst) {
  // Client 0 came first, 1 is planned to end first, 2 has the longest tail, 3 the longest path.
  const std::vector<ReadyTask> tasks = {task(0, 40, 1, 5, 5), task(1, 10, 2, 6, 6), task(2, 30, 3, 9, 7),
                                        task(3, 20, 4, 7, 9)};
  const std::vector<std::pair<ExecutionRule, std::uint32_t>> expected = {{ExecutionRule::kPlanned, 1},
                                                                         {ExecutionRule::kFirstCome, 0},
                                                                         {ExecutionRule::kLongestTail, 2},
                                                                         {ExecutionRule::kLongestPath, 3}};
  for (const auto& [rule, client] : expected) {
    LaneExecutor lane(settings(rule), 4);
    for (const ReadyTask& one : tasks) lane.ready(one);
    const NextTask decision = lane.next();
    EXPECT_EQ(decision.reason, Reason::kMostUrgent);
    EXPECT_EQ(decision.task->client, client) << execution_rule_name(rule);
  }
}

TEST(LaneExecutorTest, WaitsWhereNothingIsReady) {
  LaneExecutor lane(settings(ExecutionRule::kPlanned), 1);
  EXPECT_EQ(lane.next().reason, Reason::kNothingReady);
  EXPECT_FALSE(lane.next().task);
}

TEST(LaneExecutorTest, PausesForAMoreUrgentTaskAndComesBack) {
  LaneExecutor lane(settings(ExecutionRule::kPlanned), 2);
  lane.ready(task(0, 20));
  lane.next();
  EXPECT_EQ(lane.at_pause_point().reason, Reason::kGoesOn);
  lane.ready(task(1, 10));
  const NextTask decision = lane.at_pause_point();
  EXPECT_EQ(decision.reason, Reason::kPreempts);
  EXPECT_EQ(decision.task->client, 1U);
  EXPECT_EQ(decision.other->client, 0U);
  lane.ended();
  EXPECT_EQ(lane.next().task->client, 0U);
}

TEST(LaneExecutorTest, EquallyUrgentTasksGoByNumberAndNeverPauseEachOther) {
  LaneExecutor lane(settings(ExecutionRule::kPlanned), 3);
  lane.ready(task(2, 10));
  lane.ready(task(1, 10));
  EXPECT_EQ(lane.next().task->client, 1U);
  lane.ready(task(0, 10));
  EXPECT_EQ(lane.at_pause_point().reason, Reason::kGoesOn);
}

TEST(LaneExecutorTest, PausesWithSwitchCostsOnlyWhereThePlanDoesOrTheGainIsLarger) {
  // A pause costs 6: ends 20 and 14 differ by just that, 20 and 13 by more.
  for (const auto& [newcomer, reason] : {std::pair{14, Reason::kGainTooSmall}, std::pair{13, Reason::kPreempts}}) {
    LaneExecutor lane(settings(ExecutionRule::kPlanned, true, 6), 2);
    lane.ready(task(0, 20));
    lane.next();
    lane.ready(task(1, newcomer));
    EXPECT_EQ(lane.at_pause_point().reason, reason);
  }
  LaneExecutor lane(settings(ExecutionRule::kPlanned, true, 6), 3);
  ReadyTask paused_once = task(0, 20);
  paused_once.planned_pauses = 1;
  lane.ready(paused_once);
  lane.next();
  lane.ready(task(1, 19));
  EXPECT_EQ(lane.at_pause_point().reason, Reason::kPreempts);
  lane.ended();
  lane.next();
  lane.ready(task(2, 18));
  EXPECT_EQ(lane.at_pause_point().reason, Reason::kGainTooSmall) << "the plan pauses it once, not twice";
}

TEST(LaneExecutorTest, NeverPausesWithoutPreemption) {
  LaneExecutor lane(settings(ExecutionRule::kPlanned, false), 2);
  ReadyTask paused_once = task(0, 20);
  paused_once.planned_pauses = 1;
  lane.ready(paused_once);
  lane.next();
  lane.ready(task(1, 1));
  EXPECT_EQ(lane.at_pause_point().reason, Reason::kMayNotPause);
}

TEST(LaneExecutorTest, LostClientsLeaveTheLane) {
  LaneExecutor lane(settings(ExecutionRule::kPlanned), 3);
  for (std::uint32_t client = 0; client < 3; ++client) lane.ready(task(client, 10 + client));
  lane.next();
  EXPECT_FALSE(lane.lost(1)) << "it only waited";
  EXPECT_TRUE(lane.lost(0)) << "it ran";
  EXPECT_EQ(lane.next().task->client, 2U);
  lane.ended();
  EXPECT_FALSE(lane.has_ready());
}

TEST(LaneExecutorTest, PlanningAgainReordersReadyAndRunningTasks) {
  LaneExecutor lane(settings(ExecutionRule::kPlanned), 3);
  for (std::uint32_t client = 0; client < 3; ++client) lane.ready(task(client, 10 + client));
  lane.next();
  EXPECT_FALSE(lane.should_pause());
  lane.plan_again([](ReadyTask& one) { one.planned_end = 100 - one.planned_end; });
  EXPECT_TRUE(lane.should_pause());
  EXPECT_EQ(lane.at_pause_point().task->client, 2U);
}

TEST(LaneExecutorTest, CallsThatDoNotFitTogetherAreRefused) {
  LaneExecutor lane(settings(ExecutionRule::kPlanned), 1);
  EXPECT_THROW(lane.ended(), Error);
  EXPECT_THROW(lane.at_pause_point(), Error);
  EXPECT_THROW(lane.ready(task(1, 0)), Error);
  lane.ready(task(0, 1));
  EXPECT_THROW(lane.ready(task(0, 1)), Error);
  lane.next();
  EXPECT_THROW(lane.next(), Error);
  EXPECT_EQ(lane.add_client(), 1U);
  EXPECT_NO_THROW(lane.ready(task(1, 0)));
}

}  // namespace
}  // namespace splitlane
