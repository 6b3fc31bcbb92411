// Why a round took longer than planned: parts that add up, and what each wrong number cost.
#include "splitlane/observation/delay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "observation/support.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/instance/retimed.hpp"
#include "splitlane/round/round.hpp"
#include "support/random_cases.hpp"

namespace splitlane {
namespace {

using test::Followed;
using test::followed_random_plan;
using test::valid_trace;

bool switches_freely(const Instance& instance) {
  for (const HelperIndex helper : instance.helpers()) {
    if (instance.switch_cost(helper) > 0) return false;
  }
  return true;
}

TEST(DelayTest, PartsAddUpToMeasuredLessPlanned) {
  std::size_t later = 0;
  for (std::uint64_t seed = 0; seed < test::random_cases(300); ++seed) {
    SCOPED_TRACE(seed);
    const std::optional<Followed> problem = followed_random_plan(seed, {});
    if (!problem) continue;
    test::Random random(seed);
    SimulationParameters parameters;
    parameters.noise.duration = 0.1 * static_cast<double>(random.between(0, 4));
    parameters.layers = random.between(0, 5);
    parameters.seed = seed;
    const Trace trace =
        valid_trace(*problem, parameters, static_cast<ExecutionRule>(random.between(0, kExecutionRules - 1)));
    const std::optional<Delay> delay = explain_delay(problem->instance, problem->followed, trace);
    ASSERT_TRUE(delay);
    EXPECT_EQ(delay->measured, trace.makespan());
    EXPECT_EQ(delay->planned, problem->followed.makespan * microseconds_per_unit(problem->instance));
    EXPECT_EQ(delay->sum(), delay->measured - delay->planned);
    EXPECT_LE(delay->slack, 0);
    // A simulated helper never rests while something is ready.
    if (switches_freely(problem->instance)) {
      EXPECT_EQ(delay->runtime, 0);
    }
    if (parameters.noise.duration == 0) {
      EXPECT_EQ(delay->computing, 0);
      EXPECT_EQ(delay->client_side, 0);
    }
    later += delay->measured > delay->planned ? 1 : 0;
  }
  EXPECT_GT(later, 10U);
}

TEST(DelayTest, PartsOfRoundsOfManyBatchesAddUpToo) {
  std::size_t barriers = 0;
  for (std::uint64_t seed = 0; seed < test::random_cases(150); ++seed) {
    SCOPED_TRACE(seed);
    const std::optional<Followed> problem = followed_random_plan(seed, {});
    if (!problem) continue;
    test::Random random(seed);
    BatchCounts batches;
    for (std::size_t client = 0; client < problem->instance.client_count(); ++client) {
      batches.push_back(random.between(1, 4));
    }
    const Round round = plan_round(problem->instance, problem->plan.schedule, batches, {});
    const FollowedPlan plan = followed(problem->instance, round);
    SimulationParameters parameters;
    parameters.noise.duration = 0.2;
    parameters.seed = seed;
    const Trace trace = simulated_trace(problem->instance, plan, parameters, ExecutionRule::kPlanned, 0);
    const TraceReport report = check_trace(problem->instance, plan.choice, trace);
    ASSERT_TRUE(report.valid()) << report.violations.front();
    const std::optional<Delay> delay = explain_delay(problem->instance, plan, trace);
    ASSERT_TRUE(delay);
    EXPECT_EQ(delay->sum(), trace.makespan() - round.makespan * microseconds_per_unit(problem->instance));
    EXPECT_LE(delay->slack, 0);
    if (switches_freely(problem->instance)) {
      EXPECT_EQ(delay->runtime, 0);
    }
    barriers += plan.barrier ? 1 : 0;
  }
  EXPECT_GT(barriers, 0U);
}

// Two clients of one helper, planned as
//   c0: release 10, forward 10-20, backward ready 25, runs 40-60, completes 65;
//   c1: release 20, forward 20-40, backward ready 80, runs 80-90, completes 100.
Instance two_of_one_helper() {
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kMicrosecond);
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_client("c0");
  builder.add_option({HelperIndex(0), 10, 10, 2, 3, 20, 5, 0, {}, {}});
  builder.add_client("c1");
  builder.add_option({HelperIndex(0), 20, 20, 30, 10, 10, 10, 0, {}, {}});
  return builder.build();
}

FollowedPlan plan_of_two() {
  FollowedPlan plan;
  plan.choice = {OptionIndex(0), OptionIndex(1)};
  plan.batches = {1, 1};
  plan.makespan = 100;
  plan.first = {0, 1, 2};
  plan.planned = {{20, 60, 0, 0}, {40, 90, 0, 0}};
  return plan;
}

TEST(DelayTest, EachPartIsToldApart) {
  Trace trace;
  trace.lanes.resize(1);
  trace.clients.resize(2);
  // c1 begins 2 late, sends for 25 instead of 20, waits 8 for c0's forward and 4 more for nobody, runs for 26 instead
  // of 20, turns around in 40 as planned, waits 6 behind c0's backward, runs for 10 and ends in 12 instead of 10.
  trace.lanes[0] = {{ClientIndex(0), 0, Task::kForward, 10, 35},
                    {ClientIndex(1), 0, Task::kForward, 39, 65},
                    {ClientIndex(0), 0, Task::kBackward, 90, 111},
                    {ClientIndex(1), 0, Task::kBackward, 111, 121}};
  trace.clients[0] = {HelperIndex(0), {{0, 10, 35, 40, 111, 116}}};
  trace.clients[1] = {HelperIndex(0), {{2, 27, 65, 105, 121, 133}}};
  const Delay delay = explain_delay(two_of_one_helper(), plan_of_two(), trace).value();
  EXPECT_EQ(delay.client, ClientIndex(1));
  EXPECT_EQ(delay.computing, 6);
  EXPECT_EQ(delay.client_side, 5 + 2);
  EXPECT_EQ(delay.waiting, 8 + 6);  // planned: none
  EXPECT_EQ(delay.runtime, 2 + 4);
  EXPECT_EQ(delay.slack, 0);
  EXPECT_EQ(delay.sum(), 133 - 100);
}

TEST(DelayTest, AClientThatWasNotToBeTheLastUsesUpItsSlack) {
  Trace trace;
  trace.lanes.resize(1);
  trace.clients.resize(2);
  trace.lanes[0] = {{ClientIndex(0), 0, Task::kForward, 60, 70},
                    {ClientIndex(1), 0, Task::kForward, 20, 40},
                    {ClientIndex(0), 0, Task::kBackward, 90, 110},
                    {ClientIndex(1), 0, Task::kBackward, 80, 90}};
  std::sort(trace.lanes[0].begin(), trace.lanes[0].end(),
            [](const TraceSegment& left, const TraceSegment& right) { return left.start < right.start; });
  // Sends for 60 instead of 10, waits 15 behind c1's backward, of which the plan has it wait 15 as well.
  trace.clients[0] = {HelperIndex(0), {{0, 60, 70, 75, 110, 115}}};
  trace.clients[1] = {HelperIndex(0), {{0, 20, 40, 80, 90, 100}}};
  const Delay delay = explain_delay(two_of_one_helper(), plan_of_two(), trace).value();
  EXPECT_EQ(delay.client, ClientIndex(0));
  EXPECT_EQ(delay.client_side, 50);
  EXPECT_EQ(delay.slack, 65 - 100);
  // From 75 to 80 the helper rests, from 80 to 90 it serves c1; planned were 15 behind others.
  EXPECT_EQ(delay.waiting, 10 - 15);
  EXPECT_EQ(delay.runtime, 5);
  EXPECT_EQ(delay.sum(), 115 - 100);
}

TEST(DelayTest, ADepartureIsALossOrPlanningAgain) {
  Trace trace;
  trace.events = {{1, "changed", "c0", "slower"}, {2, "joined", "c1", ""}};
  EXPECT_EQ(first_departure(trace), nullptr);
  trace.events.push_back({3, "lost", "h0", ""});
  trace.events.push_back({3, "planned-again", "", ""});
  EXPECT_EQ(first_departure(trace), &trace.events[2]);
  trace.events.erase(trace.events.begin() + 2);
  EXPECT_EQ(first_departure(trace), &trace.events[2]);
}

TEST(DelayTest, NothingIsExplainedWhereNoBatchWasCompleted) {
  Trace trace;
  trace.lanes.resize(1);
  trace.clients.resize(2);
  EXPECT_FALSE(explain_delay(two_of_one_helper(), plan_of_two(), trace));
}

// Another truth than the profile: durations of the chosen options are drawn anew, in whole units.
Instance drawn_truth(const Followed& problem, test::Random& random) {
  return retimed_instance(problem.instance, [&](ClientIndex client, OptionIndex option) {
    OptionDurations durations = durations_of(problem.instance, option);
    if (problem.plan.schedule.choice[client.value()] != option) return durations;
    for (Time* time : {&durations.local, &durations.release, &durations.forward, &durations.client_forward,
                       &durations.backward, &durations.tail}) {
      if (*time > 0 && random.percent(40)) *time = random.between(1, 3 * *time);
    }
    return durations;
  });
}

Time* time_of(OptionDurations& durations, BatchStep step) {
  switch (step) {
    case BatchStep::kRelease: return &durations.release;
    case BatchStep::kForward: return &durations.forward;
    case BatchStep::kTurnaround: return &durations.client_forward;
    case BatchStep::kBackward: return &durations.backward;
    case BatchStep::kTail: return &durations.tail;
    case BatchStep::kLocal: break;
  }
  return &durations.local;
}

// The truth with those numbers of the profile that `is_right` says, one instance and one execution for each.
template <class IsRight>
Time executed_with(const Followed& problem, const Instance& truth, const IsRight& is_right) {
  const Instance mixed = retimed_instance(truth, [&](ClientIndex client, OptionIndex option) {
    OptionDurations durations = durations_of(truth, option);
    OptionDurations profile = durations_of(problem.instance, option);
    for (const BatchStep step : kAllBatchSteps) {
      if (is_right(client, option, step)) *time_of(durations, step) = *time_of(profile, step);
    }
    return durations;
  });
  return simulated_trace(mixed, problem.followed, {}, ExecutionRule::kPlanned, 0).makespan();
}

TEST(DelayTest, WhatANumberCostIsTheMakespanThatBruteForceSavesByPuttingItRight) {
  std::size_t costly = 0;
  for (std::uint64_t seed = 0; seed < test::random_cases(80); ++seed) {
    SCOPED_TRACE(seed);
    const std::optional<Followed> problem = followed_random_plan(seed, {});
    if (!problem) continue;
    test::Random random(seed);
    const Instance truth = drawn_truth(*problem, random);
    const Trace trace = simulated_trace(truth, problem->followed, {}, ExecutionRule::kPlanned, 0);
    const CostlyNumbers found = costly_numbers(problem->instance, problem->followed, trace);
    EXPECT_EQ(found.executed, trace.makespan());
    EXPECT_EQ(found.left_out, 0U);

    std::map<std::pair<ClientIndex, BatchStep>, Time> expected;
    for (const ClientIndex client : truth.clients()) {
      for (const BatchStep step : kAllBatchSteps) {
        const Time without = executed_with(*problem, truth, [&](ClientIndex of, OptionIndex, BatchStep number) {
          return of == client && number == step;
        });
        if (trace.makespan() > without) expected[{client, step}] = trace.makespan() - without;
      }
    }
    ASSERT_EQ(found.numbers.size(), expected.size());
    Time previous = std::numeric_limits<Time>::max();
    for (const CostlyNumber& number : found.numbers) {
      EXPECT_EQ(number.cost, expected.at(std::pair(number.client, number.step.value())));
      EXPECT_LE(number.cost, previous);
      previous = number.cost;
      ++costly;
    }
    for (const CostlyNumber& device : found.devices) {
      const Time without = executed_with(*problem, truth, [&](ClientIndex of, OptionIndex option, BatchStep step) {
        if (device.helper.is_none()) return of == device.client && !is_on_helper(step);
        return is_on_helper(step) && truth.helper(option) == device.helper;
      });
      EXPECT_EQ(device.cost, trace.makespan() - without);
    }
  }
  EXPECT_GT(costly, 20U);
}

TEST(DelayTest, OnlyTheLargestDifferencesAreTriedWhereTheCallerSaysSo) {
  const Instance instance = two_of_one_helper();
  Trace trace = simulated_trace(instance, plan_of_two(), {}, ExecutionRule::kPlanned, 0);
  EXPECT_THAT(costly_numbers(instance, plan_of_two(), trace).numbers, ::testing::IsEmpty());
  // c1's tail takes 90 instead of 10, c0's release 1 less: the tail and the device c1 differ most.
  trace.clients[1].batches[0].completion = *trace.clients[1].batches[0].backward_end + 90;
  trace.clients[0].batches[0].start = 1;
  const CostlyNumbers found = costly_numbers(instance, plan_of_two(), trace, {.most = 2});
  EXPECT_EQ(found.left_out, 2U);
  ASSERT_EQ(found.numbers.size(), 1U);
  EXPECT_EQ(found.numbers[0].step, BatchStep::kTail);
  EXPECT_EQ(found.numbers[0].cost, 80);
  ASSERT_EQ(found.devices.size(), 1U);
  EXPECT_EQ(found.devices[0].client, ClientIndex(1));
}

}  // namespace
}  // namespace splitlane
