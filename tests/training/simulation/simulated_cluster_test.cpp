// The machines of all roles together, under a virtual clock, against the simulator of the library: two codes that share
// only the lane's rule must tell the same story to the microsecond.
#include "training/simulation/simulated_cluster.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "splitlane/check/check_trace.hpp"
#include "splitlane/execution/simulate.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/planning/plan_request.hpp"
#include "splitlane/planning/round_request.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"
#include "training/session/round_trace.hpp"

namespace splitlane::training {
namespace {

constexpr std::int32_t kPart2Layers = 4;
constexpr std::int32_t kLayers = kPart2Layers + 2;
// Every duration becomes a multiple of this, so that halves (computing, transfer) and layers are whole microseconds.
constexpr Time kWhole = 2 * kPart2Layers;

// What a unit of the drawn instance becomes: so many values between two of its durations that sums do not meet by
// chance.
constexpr Time kUnit = 1'000'000;

// The same instance in microseconds, with cut layers around part-2. No two durations are alike, because two codes may
// take what happens at one instant in different orders.
Instance in_layers(const Instance& drawn, splitlane::test::Random& random) {
  const auto longer = [&random](Time duration) { return kWhole * (kUnit * duration + random.between(1, kUnit - 1)); };
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kMicrosecond);
  for (const HelperIndex helper : drawn.helpers()) {
    builder.add_helper(
        {drawn.helper_id(helper), drawn.memory_capacity(helper), kUnit * kWhole * drawn.switch_cost(helper)});
  }
  for (const ClientIndex client : drawn.clients()) {
    builder.add_client(drawn.client_id(client));
    for (const OptionIndex option : drawn.options(client)) {
      if (drawn.is_local(option)) {
        builder.add_local_option({.local = longer(drawn.path(option)), .cut = {}, .energy_mj = {}});
        continue;
      }
      OptionSpec spec;
      spec.helper = drawn.helper(option);
      spec.release = longer(drawn.release(option));
      spec.forward = longer(drawn.forward(option));
      spec.client_forward = longer(drawn.client_forward(option));
      spec.client_backward = longer(drawn.client_backward(option));
      spec.backward = longer(drawn.backward(option));
      spec.tail = longer(drawn.tail(option));
      spec.memory_mb = drawn.memory_demand(option);
      spec.cut = Cut{1, 1 + kPart2Layers};
      builder.add_option(spec);
    }
  }
  return builder.build();
}

Model equal_layers() {
  Model model;
  model.layers.resize(static_cast<std::size_t>(kLayers));
  return model;
}

struct Case {
  Instance instance;
  FollowedPlan plan;
};

Case random_case(std::uint64_t seed) {
  splitlane::test::Random random(seed);
  Instance instance = in_layers(splitlane::test::random_instance(seed, {.switch_cost_percent = 20}), random);
  const Plan plan =
      make_plan(instance, {.method = "balanced-greedy", .run = {.threads = 1}, .proof = Proof::kNone}, {}).plan;
  const std::int64_t batches = random.between(1, 3);
  if (batches == 1) return {instance, followed(instance, plan.schedule)};
  const BatchCounts counts(instance.client_count(), batches);
  const Round round =
      make_round(instance, {.mode = RoundMode::kPipelined, .run = {.threads = 1}, .plan = plan, .batches = counts}, {});
  return {instance, followed(instance, round)};
}

Trace trace_of_cluster(const Case& made, ExecutionRule rule) {
  const EmulatedFleet fleet(made.instance, equal_layers(), 1);
  SimulatedClusterSettings settings;
  settings.layers = kLayers;
  settings.orders = {.rule = rule, .fleet = &fleet, .token = [](ClientIndex) { return "token"; }};
  SimulatedCluster cluster(made.instance, made.plan, settings);
  cluster.run();
  EXPECT_TRUE(cluster.finished());
  EXPECT_EQ(cluster.failure(), "");
  EXPECT_EQ(cluster.results().size(), 1U);
  return round_trace(made.instance, made.plan, cluster.results().front(), rule, true, 1);
}

std::string text_of(const Trace& trace) {
  std::string text;
  for (const auto& lane : trace.lanes) {
    for (const TraceSegment& segment : lane) {
      text += fmt::format("{}.{} {} [{}, {})\n", segment.client.value(), segment.batch, task_name(segment.task),
                          segment.start, segment.end);
    }
    text += "--\n";
  }
  return text;
}

TEST(SimulatedClusterTest, RunsEveryLaneAsTheSimulatorDoes) {
  for (std::uint64_t seed = 0; seed < (splitlane::test::kSanitized ? 40 : 1'000); ++seed) {
    SCOPED_TRACE(seed);
    std::optional<Case> made;
    try {
      made = random_case(seed);
    } catch (const Error& error) {
      // No plan fits the memory, or switches are charged.
      ASSERT_NE(error.code(), ErrorCode::kInternal) << error.what();
      continue;
    }
    if (made->instance.switch_model() == SwitchModel::kCharge) continue;
    for (const ExecutionRule rule : {ExecutionRule::kPlanned, ExecutionRule::kFirstCome}) {
      const Trace real = trace_of_cluster(*made, rule);
      const TraceReport report = check_trace(made->instance, made->plan.choice, real);
      ASSERT_TRUE(report.valid()) << report.violations.front();
      SimulationParameters parameters;
      parameters.rules = {rule};
      parameters.executions = 1;
      parameters.layers = kPart2Layers;
      const Trace simulated = simulated_trace(made->instance, made->plan, parameters, rule, 0);
      ASSERT_EQ(text_of(real), text_of(simulated)) << execution_rule_name(rule);
    }
  }
}

}  // namespace
}  // namespace splitlane::training
