// What a trace tells of durations, and the instance that is made of it.
#include "splitlane/observation/measured.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "observation/support.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/io/instance_json.hpp"
#include "support/random_cases.hpp"

namespace splitlane {
namespace {

using test::Followed;
using test::followed_random_plan;
using test::valid_trace;

TEST(MeasuredTest, WithoutNoiseTheDurationsAreExactlyTheInstancesAndSoIsTheInstanceMadeOfThem) {
  std::size_t checked = 0;
  for (std::uint64_t seed = 0; seed < test::random_cases(200); ++seed) {
    SCOPED_TRACE(seed);
    const std::optional<Followed> problem = followed_random_plan(seed, {});
    if (!problem) continue;
    test::Random random(seed);
    SimulationParameters parameters;
    parameters.layers = random.between(0, 4);
    const Trace trace =
        valid_trace(*problem, parameters, static_cast<ExecutionRule>(random.between(0, kExecutionRules - 1)));
    const ObservedBatches observed = observed_batches(problem->instance, trace, problem->plan.schedule.choice);
    EXPECT_EQ(observed.unknown, 0U);
    EXPECT_EQ(observed.batches.size(), problem->instance.client_count());
    const std::vector<MeasuredDuration> measured = measured_durations(observed.batches);
    for (const MeasuredDuration& duration : measured) {
      EXPECT_EQ(duration.option, problem->plan.schedule.choice[duration.client.value()]);
      EXPECT_EQ(duration.median,
                static_cast<double>(assumed_duration(problem->instance, duration.option, duration.step)));
      EXPECT_EQ(duration.spread, 0);
      ++checked;
    }
    const Instance made = measured_instance(problem->instance, known_medians(measured));
    EXPECT_EQ(write_instance(made), write_instance(problem->instance));
  }
  EXPECT_GT(checked, 100U);
}

void sort_by_hand(std::vector<double>& values) {
  for (std::size_t end = values.size(); end > 1; --end) {
    for (std::size_t at = 1; at < end; ++at) {
      if (values[at - 1] > values[at]) std::swap(values[at - 1], values[at]);
    }
  }
}

// The definition once more, by other means: the time line is walked instant by instant instead of adding
// segments, and quartiles are counted off a list that was sorted by hand.
class SlowReading {
 public:
  SlowReading(const Instance& instance, const Trace& trace, ClientIndex client)
      : instance_(instance), trace_(trace), client_(client), times_(trace.clients[client.value()].batches.front()) {}

  double of(OptionIndex option, BatchStep step) const {
    Time time = 0;
    switch (step) {
      case BatchStep::kRelease: time = *times_.release - *times_.start; break;
      case BatchStep::kForward: time = lane_time(Task::kForward); break;
      case BatchStep::kTurnaround:
        time = *times_.backward_ready - *times_.forward_end - charge(option, Task::kForward);
        break;
      case BatchStep::kBackward: time = lane_time(Task::kBackward); break;
      case BatchStep::kTail: time = *times_.completion - *times_.backward_end - charge(option, Task::kBackward); break;
      case BatchStep::kLocal: time = *times_.completion - *times_.start; break;
    }
    return static_cast<double>(time) / static_cast<double>(microseconds_per_unit(instance_));
  }

 private:
  bool runs(Task task, Time at) const {
    for (const std::vector<TraceSegment>& lane : trace_.lanes) {
      for (const TraceSegment& segment : lane) {
        if (segment.client == client_ && segment.task == task && segment.start <= at && at < segment.end) return true;
      }
    }
    return false;
  }
  // Between two instants at which some segment begins or ends nothing changes.
  template <class Counts>
  Time total(const Counts& counts) const {
    std::vector<double> instants = {0};
    for (const std::vector<TraceSegment>& lane : trace_.lanes) {
      for (const TraceSegment& segment : lane) {
        instants.push_back(static_cast<double>(segment.start));
        instants.push_back(static_cast<double>(segment.end));
      }
    }
    sort_by_hand(instants);
    Time sum = 0;
    for (std::size_t at = 1; at < instants.size(); ++at) {
      sum += counts(static_cast<Time>(instants[at - 1]), static_cast<Time>(instants[at]));
    }
    return sum;
  }
  Time lane_time(Task task) const {
    return total([&](Time from, Time to) { return runs(task, from) ? to - from : 0; });
  }
  // Twice the switch cost for every stretch.
  Time charge(OptionIndex option, Task task) const {
    if (instance_.switch_model() != SwitchModel::kCharge) return 0;
    const Time stretches =
        total([&](Time from, Time to) { return from < to && runs(task, from) && !runs(task, from - 1) ? 1 : 0; });
    return 2 * instance_.switch_cost(instance_.helper(option)) * stretches * microseconds_per_unit(instance_);
  }

  const Instance& instance_;
  const Trace& trace_;
  ClientIndex client_;
  const BatchTimes& times_;
};

// Five observations, so that median and quartiles are the third, the second and the fourth of them.
TEST(MeasuredTest, MedianAndSpreadOfNoisyTracesAreThoseOfASlowReading) {
  constexpr std::size_t executions = 5;
  for (std::uint64_t seed = 0; seed < test::random_cases(60); ++seed) {
    SCOPED_TRACE(seed);
    const std::optional<Followed> problem = followed_random_plan(seed, {.most_clients = 4, .longest = 5});
    if (!problem) continue;
    SimulationParameters parameters;
    parameters.noise.duration = 0.4;
    parameters.executions = executions;
    parameters.seed = seed;
    std::vector<Trace> traces;
    std::vector<ObservedBatch> batches;
    for (std::size_t execution = 0; execution < executions; ++execution) {
      traces.push_back(valid_trace(*problem, parameters, ExecutionRule::kPlanned, execution));
      const ObservedBatches observed =
          observed_batches(problem->instance, traces.back(), problem->plan.schedule.choice);
      batches.insert(batches.end(), observed.batches.begin(), observed.batches.end());
    }
    for (const MeasuredDuration& duration : measured_durations(batches)) {
      std::vector<double> values;
      for (const Trace& trace : traces) {
        values.push_back(SlowReading(problem->instance, trace, duration.client).of(duration.option, duration.step));
      }
      sort_by_hand(values);
      EXPECT_EQ(duration.count, executions);
      EXPECT_DOUBLE_EQ(duration.median, values[2]);
      EXPECT_DOUBLE_EQ(duration.spread, values[3] - values[1]);
    }
  }
}

TEST(MeasuredTest, QuantilesLieBetweenTheNearestObservations) {
  const std::vector<double> values = {1, 2, 4, 8};
  EXPECT_DOUBLE_EQ(quantile_of(values, 0.5), 3);      // halfway from 2 to 4
  EXPECT_DOUBLE_EQ(quantile_of(values, 0.25), 1.75);  // three quarters of the way from 1 to 2
  EXPECT_DOUBLE_EQ(quantile_of(values, 1), 8);
  EXPECT_DOUBLE_EQ(median_of({8, 1, 4}), 4);
}

// Two helpers and two clients, of which c0 also has other cut layers on h0.
Instance two_clients() {
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kMicrosecond);
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_helper({"h1", 100, 0});
  for (const char* client : {"c0", "c1"}) {
    builder.add_client(client);
    for (const std::size_t helper : {0, 1}) {
      builder.add_option({HelperIndex(helper), 100, 200, 30, 10, 400, 50, 7, Cut{3, 9}, 11});
    }
    if (builder.client_count() == 1) builder.add_option({HelperIndex(0), 10, 20, 3, 1, 40, 5, 7, Cut{4, 8}, 11});
  }
  return builder.build();
}

StepDurations served(double release, double forward, double turnaround, double backward, double tail) {
  return {release, forward, turnaround, backward, tail, std::nullopt};
}

TEST(MeasuredTest, OptionsThatNoTraceShowsTakeTheRatiosOfTheirClientAndTheirHelper) {
  const Instance instance = two_clients();
  KnownDurations known;
  known[OptionIndex(0)] = {served(150, 600, 80, 800, 200), 1};  // c0 on h0: 1.5, 3, 2, 2, 4 times as long
  const Instance made = measured_instance(instance, known);
  // c0's own steps on h1: 100 * 1.5, (30 + 10) * 2 divided as 30 to 10, 50 * 4. Nothing was measured on h1.
  EXPECT_EQ(made.release(OptionIndex(1)), 150);
  EXPECT_EQ(made.client_forward(OptionIndex(1)), 60);
  EXPECT_EQ(made.client_backward(OptionIndex(1)), 20);
  EXPECT_EQ(made.tail(OptionIndex(1)), 200);
  EXPECT_EQ(made.forward(OptionIndex(1)), 200);
  EXPECT_EQ(made.backward(OptionIndex(1)), 400);
  // Its other cut on h0: 20 * 3 and 40 * 2.
  EXPECT_EQ(made.forward(OptionIndex(2)), 60);
  EXPECT_EQ(made.backward(OptionIndex(2)), 80);
  // c1 was not measured, but h0 was.
  EXPECT_EQ(made.release(OptionIndex(3)), 100);
  EXPECT_EQ(made.forward(OptionIndex(3)), 600);
  EXPECT_EQ(made.backward(OptionIndex(3)), 800);
  EXPECT_EQ(made.forward(OptionIndex(4)), 200);
  // What is no duration stays.
  EXPECT_EQ(made.memory_capacity(HelperIndex(1)), 100);
  EXPECT_EQ(made.memory_demand(OptionIndex(2)), 7);
  EXPECT_EQ(made.cut(OptionIndex(2)), (Cut{4, 8}));
  EXPECT_EQ(made.energy_mj(OptionIndex(2)), 11);
}

TEST(MeasuredTest, WhatAClientDoesItselfCountsAsMeasuredLast) {
  const Instance instance = two_clients();
  KnownDurations known;
  known[OptionIndex(0)] = {served(100, 200, 40, 400, 50), 1};
  known[OptionIndex(1)] = {served(300, 220, 120, 440, 150), 2};  // c0 is three times as slow by now
  const Instance made = measured_instance(instance, known);
  EXPECT_EQ(made.release(OptionIndex(0)), 300);
  EXPECT_EQ(made.tail(OptionIndex(0)), 150);
  EXPECT_EQ(made.forward(OptionIndex(0)), 200);  // h0 was as assumed when it was measured
  EXPECT_EQ(made.forward(OptionIndex(1)), 220);
}

TEST(MeasuredTest, OnlyDifferencesThatCountInTheMakespanAreNoticed) {
  const Instance instance = two_clients();
  KnownDurations known;
  known[OptionIndex(0)] = {served(100, 200, 40, 400, 50), 1};
  EXPECT_FALSE(differs_noticeably(instance, known, 1000));
  known[OptionIndex(0)] = {served(100, 200, 40, 418, 50), 1};  // 4.5 %
  EXPECT_FALSE(differs_noticeably(instance, known, 1000));
  known[OptionIndex(0)] = {served(100, 200, 40, 422, 50), 1};  // 5.5 %, and 2.2 % of the makespan
  EXPECT_TRUE(differs_noticeably(instance, known, 1000));
  EXPECT_FALSE(differs_noticeably(instance, known, 2500));  // 0.88 % of it
}

TEST(MeasuredTest, ABatchWhoseCutLayersAreNotKnownIsLeftOut) {
  const Instance instance = two_clients();
  Trace trace;
  trace.lanes.resize(2);
  trace.clients.resize(2);
  trace.lanes[0] = {{ClientIndex(0), 0, Task::kForward, 100, 300}, {ClientIndex(0), 0, Task::kBackward, 340, 740}};
  trace.clients[0].helper = HelperIndex(0);
  trace.clients[0].batches = {{0, 100, 300, 340, 740, 790}};
  trace.clients[1].helper = HelperIndex(1);
  EXPECT_EQ(observed_batches(instance, trace, {}).unknown, 1U);
  const ObservedBatches observed = observed_batches(instance, trace, {OptionIndex(2), OptionIndex(3)});
  ASSERT_EQ(observed.batches.size(), 1U);
  EXPECT_EQ(observed.batches[0].option, OptionIndex(2));
}

}  // namespace
}  // namespace splitlane
