// Traces of simulated executions, held against the plan by code apart.
#include <gtest/gtest.h>

#include <algorithm>

#include "splitlane/check/check_trace.hpp"
#include "splitlane/error.hpp"
#include "splitlane/execution/simulate.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/round/round.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

::testing::AssertionResult is_valid_trace(const Instance& instance, const Plan& plan, const Trace& trace) {
  const TraceReport report = check_trace(instance, plan, trace);
  if (report.valid()) return ::testing::AssertionSuccess();
  ::testing::AssertionResult failure = ::testing::AssertionFailure();
  for (const std::string& violation : report.violations) failure << violation << "\n";
  return failure;
}

FollowedPlan planned_again(const RemainingWork& work, std::size_t max_moves) {
  MethodParameters parameters;
  parameters.start = StartingPlan{work.current};
  parameters.keep_assignment = max_moves == 0;
  if (max_moves > 0) parameters.max_moves = max_moves;
  const Plan plan = plan_scale(work.instance, parameters);
  return followed(work.instance, round_in_order(work.instance, plan.schedule, work.batches));
}

// Whether some batch was begun again although the helper that it had been begun on is still there.
bool has_moved_off_a_living_helper(const Instance& instance, const Trace& trace) {
  const auto is_lost = [&](HelperIndex helper) {
    return std::any_of(trace.events.begin(), trace.events.end(), [&](const TraceEvent& event) {
      return event.kind == "lost" && event.node == instance.helper_id(helper);
    });
  };
  for (const HelperIndex helper : instance.helpers()) {
    if (is_lost(helper)) continue;
    for (const TraceSegment& segment : trace.lanes[helper.value()]) {
      const BatchTimes& batch = trace.clients[segment.client.value()].batches[static_cast<std::size_t>(segment.batch)];
      if (batch.start > segment.start) return true;
    }
  }
  return false;
}

// A client and a helper are lost at random instants; with and without planning again, also regularly and with moves,
// under every rule.
TEST(TraceTest, EveryTraceOfAnExecutionIsValid) {
  std::size_t traces = 0;
  std::size_t moved = 0;
  for (std::uint64_t seed = 0; seed < test::random_cases(150); ++seed) {
    const Instance instance = test::random_instance(seed, {});
    Plan plan;
    try {
      plan = plan_scale(instance, {});
    } catch (const Error&) {
      continue;
    }
    test::Random random(seed);
    const auto client =
        static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(instance.client_count()) - 1));
    const auto helper =
        static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(instance.helper_count()) - 1));
    SimulationParameters parameters;
    parameters.noise = {0.3, 0.1, 0.1};
    parameters.seed = seed;
    parameters.layers = random.between(0, 4);
    parameters.losses = {{{ClientIndex(client), HelperIndex::none()}, random.between(0, plan.schedule.makespan)},
                         {{ClientIndex::none(), HelperIndex(helper)}, random.between(0, plan.schedule.makespan)}};
    if (random.percent(60)) {
      const auto most = static_cast<std::size_t>(random.between(0, 4));
      parameters.replan = [most](const RemainingWork& work) { return planned_again(work, most); };
      parameters.planning_us = 1000 * random.between(0, 3);
      if (random.percent(50)) parameters.replan_every = random.between(1, 10);
    }
    BatchCounts batches;
    for (std::size_t index = 0; index < instance.client_count(); ++index) batches.push_back(random.between(1, 4));
    for (const FollowedPlan& one :
         {followed(instance, plan.schedule), followed(instance, round_with_barrier(instance, plan.schedule, batches)),
          followed(instance, round_in_order(instance, plan.schedule, batches))}) {
      for (std::size_t rule = 0; rule < kExecutionRules; ++rule) {
        const Trace trace = simulated_trace(instance, one, parameters, static_cast<ExecutionRule>(rule), 0);
        ASSERT_TRUE(is_valid_trace(instance, plan, trace)) << "seed " << seed << ", rule " << rule;
        ++traces;
        if (has_moved_off_a_living_helper(instance, trace)) ++moved;
      }
    }
  }
  EXPECT_GT(traces, test::random_cases(1000));
  EXPECT_GT(moved, test::random_cases(20));
}

}  // namespace
}  // namespace splitlane
