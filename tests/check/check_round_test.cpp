// A valid round made by hand, broken in one way at a time.
#include "splitlane/check/check_round.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "splitlane/instance/instance_builder.hpp"

namespace splitlane {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// One client alone on its helper: release 1, forward 2, turnaround 1, backward 2, tail 1. Two batches:
// forward [1,3), backward [4,6), complete at 7; released at 8: forward [8,10), backward [11,13), complete at 14.
Instance one_client(Time switch_cost = 0, std::optional<Megabytes> memory = std::nullopt) {
  InstanceBuilder builder;
  builder.add_helper({"h", memory, switch_cost});
  builder.add_client("c");
  OptionSpec spec;
  spec.helper = HelperIndex(0);
  spec.release = 1;
  spec.forward = 2;
  spec.client_forward = 1;
  spec.backward = 2;
  spec.tail = 1;
  spec.memory_mb = 5;
  builder.add_option(spec);
  return builder.build();
}

constexpr ClientIndex kC(0);

Round pipelined() {
  Round round;
  round.way = RoundWay::kOrder;
  round.batches = {2};
  round.choice = {OptionIndex(0)};
  round.completion = {14};
  round.makespan = 14;
  round.lanes = {{{kC, 1, Task::kForward, 1, 3},
                  {kC, 1, Task::kBackward, 4, 6},
                  {kC, 2, Task::kForward, 8, 10},
                  {kC, 2, Task::kBackward, 11, 13}}};
  return round;
}

Round with_barrier() {
  Round round = pipelined();
  round.way = RoundWay::kBarrier;
  round.lanes.clear();
  round.phases = {{1, 2, 7, {{HelperIndex(0), {{kC, Task::kForward, 1, 3}, {kC, Task::kBackward, 4, 6}}}}}};
  return round;
}

std::vector<std::string> violations(const Round& round, const Instance& instance = one_client()) {
  return check_round(instance, round).violations;
}

TEST(CheckRound, FindsNothingInValidRounds) {
  EXPECT_THAT(violations(pipelined()), ElementsAre());
  EXPECT_THAT(violations(with_barrier()), ElementsAre());
  EXPECT_EQ(check_round(one_client(), pipelined()).makespan, 14);
}

TEST(CheckRound, ReportsAForwardBeforeThePreviousBatchIsCompleteAndReleased) {
  Round round = pipelined();
  round.lanes[0][2] = {kC, 2, Task::kForward, 7, 9};
  EXPECT_THAT(violations(round),
              ElementsAre(HasSubstr("forward of batch 2 of client \"c\" from 7 to 9 starts before 8")));
}

TEST(CheckRound, ReportsMissingWork) {
  Round round = pipelined();
  round.lanes[0].pop_back();
  EXPECT_THAT(violations(round),
              ElementsAre(HasSubstr("backward of batch 2 lacks 2"), HasSubstr("completion"), HasSubstr("makespan")));
}

TEST(CheckRound, ReportsTooMuchWork) {
  Round round = pipelined();
  round.lanes[0][3].end = 14;
  EXPECT_THAT(violations(round),
              ElementsAre(HasSubstr("more than the 2 that are left"), HasSubstr("completion"), HasSubstr("makespan")));
}

TEST(CheckRound, ReportsAnOverlapAndAMissingGap) {
  Round round = pipelined();
  round.lanes[0][1] = {kC, 1, Task::kBackward, 2, 4};
  EXPECT_THAT(violations(round)[0], HasSubstr("starts before 3, the end of the segment before it"));
  EXPECT_THAT(violations(pipelined(), one_client(2))[0], HasSubstr("no 2 of switch cost after 0"));
}

TEST(CheckRound, ReportsASegmentOutOfTurn) {
  Round round = pipelined();
  round.lanes[0][2].batch = 1;
  EXPECT_THAT(violations(round)[0], HasSubstr("out of turn: the client waits for forward of batch 2"));
}

TEST(CheckRound, ReportsMemoryAndOptions) {
  EXPECT_THAT(violations(pipelined(), one_client(0, 4)), ElementsAre("helper \"h\": memory 5 MB of 4 MB"));
  Round round = pipelined();
  round.choice = {OptionIndex(1)};
  EXPECT_THAT(violations(round)[0], HasSubstr("none of its own options"));
  round = pipelined();
  round.batches.clear();
  EXPECT_THAT(violations(round)[0], HasSubstr("tables of another size"));
}

TEST(CheckRound, ReportsPhasesThatDoNotAddUp) {
  Round round = with_barrier();
  round.phases[0].batch_count = 3;
  EXPECT_THAT(violations(round)[0], HasSubstr("2 batches, but it takes part in 3"));
  round.phases[0].batch_count = 1;
  EXPECT_THAT(violations(round)[0], HasSubstr("2 batches, but the phases have 1"));
  round = with_barrier();
  round.phases[0].lanes.clear();
  EXPECT_THAT(violations(round)[0], HasSubstr("has no lane of it"));
  round = with_barrier();
  round.phases[0].makespan = 6;
  EXPECT_THAT(violations(round)[0], HasSubstr("makespan of 6, but the segments give 7"));
}

TEST(CheckRound, ReportsAWrongSummary) {
  Round round = with_barrier();
  round.lower_bound = 15;
  EXPECT_THAT(violations(round), ElementsAre("lower bound 15 is above the makespan 14"));
  round.lower_bound = 13;
  round.status = PlanStatus::kOptimal;
  EXPECT_THAT(violations(round), ElementsAre("status is optimal, but the makespan is 14 and the lower bound 13"));
  round = with_barrier();
  round.completion = {13};
  EXPECT_THAT(violations(round), ElementsAre(HasSubstr("completion is given as 13, but the segments give 14")));
}

}  // namespace
}  // namespace splitlane
