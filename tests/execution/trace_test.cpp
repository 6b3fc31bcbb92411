// Traces of simulated executions, held against the plan by code apart.
#include <gtest/gtest.h>

#include "splitlane/check/check_trace.hpp"
#include "splitlane/error.hpp"
#include "splitlane/execution/simulate.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/round/round.hpp"
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

FollowedPlan with_assignment_kept(const RemainingWork& work) {
  MethodParameters parameters;
  parameters.start = StartingPlan{work.current};
  parameters.keep_assignment = true;
  const Plan plan = plan_scale(work.instance, parameters);
  return followed(work.instance, round_in_order(work.instance, plan, work.batches));
}

// A client and a helper are lost at random instants; with and without planning again, under every rule.
TEST(TraceTest, EveryTraceOfAnExecutionIsValid) {
  std::size_t traces = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
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
    parameters.losses = {{{ClientIndex(client), HelperIndex::none()}, random.between(0, plan.makespan)},
                         {{ClientIndex::none(), HelperIndex(helper)}, random.between(0, plan.makespan)}};
    if (random.percent(50)) parameters.replan = with_assignment_kept;
    BatchCounts batches;
    for (std::size_t index = 0; index < instance.client_count(); ++index) batches.push_back(random.between(1, 4));
    for (const FollowedPlan& one :
         {followed(instance, plan), followed(instance, round_with_barrier(instance, plan, batches)),
          followed(instance, round_in_order(instance, plan, batches))}) {
      for (std::size_t rule = 0; rule < kExecutionRules; ++rule) {
        const Trace trace = simulated_trace(instance, one, parameters, static_cast<ExecutionRule>(rule), 0);
        ASSERT_TRUE(is_valid_trace(instance, plan, trace)) << "seed " << seed << ", rule " << rule;
        ++traces;
      }
    }
  }
  EXPECT_GT(traces, 1000U);
}

}  // namespace
}  // namespace splitlane
