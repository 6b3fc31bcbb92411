// Many executions of a plan under a virtual clock: what theory says of them, and what is derived by hand.
#include "splitlane/execution/simulate.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/round/round.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

using test::InstanceShape;
using test::random_instance;

OptionSpec option(std::size_t helper, Time release, Time forward, Time turnaround, Time backward, Time tail) {
  OptionSpec spec;
  spec.helper = HelperIndex(helper);
  spec.release = release;
  spec.forward = forward;
  spec.client_forward = turnaround;
  spec.backward = backward;
  spec.tail = tail;
  return spec;
}

// Two clients on one helper of two; both can be served by either helper at the same cost.
Instance two_by_two() {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0}), builder.add_helper({"h1", std::nullopt, 0});
  for (const char* client : {"a", "b"}) {
    builder.add_client(client);
    builder.add_option(option(0, 1, 4, 2, 4, 1));
    builder.add_option(option(1, 1, 4, 2, 4, 1));
  }
  return builder.build();
}

Plan plan_of(const Instance& instance, const std::vector<OptionIndex>& choice,
             const std::vector<std::vector<Segment>>& lanes) {
  SegmentTable table;
  for (const std::vector<Segment>& lane : lanes) table.append_lane(lane);
  return {evaluate_schedule(instance, choice, table)};
}

// Both clients on h0: forwards in [1, 5) and [5, 9), backwards ready at 7 and 11, run in [9, 13) and [13, 17).
Plan both_on_first(const Instance& instance) {
  const ClientIndex a(0);
  const ClientIndex b(1);
  return plan_of(instance, {OptionIndex(0), OptionIndex(2)},
                 {{{a, Task::kForward, 1, 5},
                   {b, Task::kForward, 5, 9},
                   {a, Task::kBackward, 9, 13},
                   {b, Task::kBackward, 13, 17}},
                  {}});
}

SimulationParameters planned_only(std::size_t executions = 1) {
  SimulationParameters parameters;
  parameters.rules = {ExecutionRule::kPlanned};
  parameters.executions = executions;
  return parameters;
}

ExecutionOutcome only_outcome(const Simulation& simulation) { return simulation.rules.at(0).outcomes.at(0); }

InstanceShape small_shape() {
  InstanceShape shape;
  shape.most_clients = 8;
  shape.most_helpers = 3;
  shape.switch_cost_percent = 0;
  return shape;
}

// The theorem of docs/how_it_works.md. Over a thousand instances.
TEST(SimulateTest, WithoutNoiseNoTaskEndsAfterItsPlannedEnd) {
  std::size_t planned = 0;
  for (std::uint64_t seed = 0; seed < test::random_cases(1000); ++seed) {
    const Instance instance = random_instance(seed, small_shape());
    for (const char* name : {"balanced-greedy", "scale"}) {
      try {
        const Plan plan = find_method(name).plan(instance, {});
        const Simulation simulation = simulate(instance, followed(instance, plan.schedule), planned_only());
        ASSERT_EQ(only_outcome(simulation).lateness, 0) << name << ", seed " << seed;
        ASSERT_LE(only_outcome(simulation).makespan, simulation.planned_makespan) << name << ", seed " << seed;
        ++planned;
      } catch (const Error& error) {
        ASSERT_EQ(error.code(), ErrorCode::kInfeasible);
      }
    }
  }
  EXPECT_GT(planned, test::random_cases(1500));
}

TEST(SimulateTest, WithoutNoiseNoTaskOfARoundEndsAfterItsPlannedEnd) {
  std::size_t rounds = 0;
  for (std::uint64_t seed = 0; seed < test::random_cases(300); ++seed) {
    const Instance instance = random_instance(seed, small_shape());
    Plan plan;
    try {
      plan = plan_scale(instance, {});
    } catch (const Error&) {
      continue;
    }
    test::Random random(seed);
    BatchCounts batches;
    for (std::size_t client = 0; client < instance.client_count(); ++client) batches.push_back(random.between(1, 5));
    for (const Round& round :
         {round_with_barrier(instance, plan.schedule, batches), round_in_order(instance, plan.schedule, batches),
          round_by_priority(instance, plan.schedule.choice, batches, true)}) {
      const Simulation simulation = simulate(instance, followed(instance, round), planned_only());
      ASSERT_EQ(only_outcome(simulation).lateness, 0) << round_way_name(round.way) << ", seed " << seed;
      ASSERT_LE(only_outcome(simulation).makespan, simulation.planned_makespan);
      ++rounds;
    }
  }
  EXPECT_GT(rounds, test::random_cases(500));
}

// Client b, planned second, was ready first: first come takes it first, and a is 4 later than planned.
TEST(SimulateTest, FirstComeIgnoresThePlan) {
  InstanceBuilder builder;
  builder.add_helper({"h", std::nullopt, 0});
  builder.add_client("a");
  builder.add_option(option(0, 1, 4, 9, 1, 9));
  builder.add_client("b");
  builder.add_option(option(0, 0, 4, 1, 1, 1));
  const Instance instance = builder.build();
  const Plan plan = plan_of(instance, {OptionIndex(0), OptionIndex(1)},
                            {{{ClientIndex(0), Task::kForward, 1, 5},
                              {ClientIndex(1), Task::kForward, 5, 9},
                              {ClientIndex(1), Task::kBackward, 10, 11},
                              {ClientIndex(0), Task::kBackward, 14, 15}}});
  SimulationParameters parameters = planned_only();
  parameters.rules = {ExecutionRule::kPlanned, ExecutionRule::kFirstCome};
  const Simulation simulation = simulate(instance, followed(instance, plan.schedule), parameters);
  EXPECT_EQ(simulation.planned_makespan, 24'000);
  EXPECT_EQ(simulation.rules[0].outcomes[0].makespan, 24'000);
  // a: forward [4, 8), backward ready at 17, [17, 18), complete at 27.
  EXPECT_EQ(simulation.rules[1].outcomes[0].makespan, 27'000);
  EXPECT_EQ(simulation.rules[1].outcomes[0].lateness, 3'000);
}

// a, urgent, becomes ready at 1 while b runs [0, 4); b has two layers, so a starts at 2 instead of 1.
TEST(SimulateTest, TasksPauseOnlyBetweenLayers) {
  InstanceBuilder builder;
  builder.add_helper({"h", std::nullopt, 0});
  builder.add_client("a");
  builder.add_option(option(0, 1, 2, 0, 0, 9));
  builder.add_client("b");
  builder.add_option(option(0, 0, 4, 0, 0, 0));
  const Instance instance = builder.build();
  const Plan plan = plan_of(instance, {OptionIndex(0), OptionIndex(1)},
                            {{{ClientIndex(1), Task::kForward, 0, 1},
                              {ClientIndex(0), Task::kForward, 1, 3},
                              {ClientIndex(1), Task::kForward, 3, 6}}});
  for (const auto& [layers, start] : {std::pair{0, 1000}, std::pair{2, 2000}, std::pair{4, 1000}, std::pair{1, 4000}}) {
    SimulationParameters parameters = planned_only();
    parameters.layers = layers;
    const Trace trace =
        simulated_trace(instance, followed(instance, plan.schedule), parameters, ExecutionRule::kPlanned, 0);
    const auto segment = std::find_if(trace.lanes[0].begin(), trace.lanes[0].end(),
                                      [](const TraceSegment& one) { return one.client == ClientIndex(0); });
    EXPECT_EQ(segment->start, start) << layers << " layers";
    EXPECT_EQ(trace.makespan(), start + 2000 + 9000);
  }
}

// Of the clients of a helper, the most that follow each other so that each one's backward is planned to end no later
// than the next one's forward.
std::size_t longest_chain(const Plan& plan, std::vector<ClientIndex> clients) {
  const auto times = [&](ClientIndex client) { return plan.schedule.times[client.value()]; };
  std::sort(clients.begin(), clients.end(),
            [&](ClientIndex left, ClientIndex right) { return times(left).forward_end < times(right).forward_end; });
  std::vector<std::size_t> length;
  std::size_t longest = 0;
  for (std::size_t last = 0; last < clients.size(); ++last) {
    length.push_back(1);
    for (std::size_t before = 0; before < last; ++before) {
      if (times(clients[before]).backward_end > times(clients[last]).forward_end) continue;
      length[last] = std::max(length[last], length[before] + 1);
    }
    longest = std::max(longest, length[last]);
  }
  return longest;
}

// The second theorem of docs/how_it_works.md#following-a-plan, in microseconds.
Time latest_by_theorem(const Instance& instance, const Plan& plan, std::int64_t layers) {
  Time latest = 0;
  for (const HelperIndex helper : instance.helpers()) {
    std::vector<ClientIndex> clients;
    Time layer = 0;
    for (const ClientIndex client : instance.clients()) {
      const OptionIndex option = plan.schedule.choice[client.value()];
      if (instance.is_local(option) || instance.helper(option) != helper) continue;
      clients.push_back(client);
      const Time work = 1000 * std::max(instance.forward(option), instance.backward(option));  // of milliseconds
      layer = std::max(layer, (work + layers - 1) / layers);
    }
    latest = std::max(latest, static_cast<Time>(1 + longest_chain(plan, clients)) * layer);
  }
  return latest;
}

TEST(SimulateTest, WithLayersNoTaskIsLaterThanALayerAndOneForEachClientOfAChain) {
  std::size_t later_than_a_layer = 0;
  for (std::uint64_t seed = 0; seed < test::random_cases(1500); ++seed) {
    InstanceShape shape = small_shape();
    shape.most_helpers = 1 + static_cast<std::int64_t>(seed % 2);
    shape.local_option_percent = 0;
    const Instance instance = random_instance(seed, shape);
    Plan plan;
    try {
      plan = find_method(seed % 3 == 0 ? "balanced-greedy" : "scale").plan(instance, {});
    } catch (const Error&) {
      continue;  // no plan exists
    }
    for (const std::int64_t layers : {1, 2, 3, 5}) {
      SimulationParameters parameters = planned_only();
      parameters.layers = layers;
      const Time lateness = only_outcome(simulate(instance, followed(instance, plan.schedule), parameters)).lateness;
      ASSERT_LE(lateness, latest_by_theorem(instance, plan, layers)) << "seed " << seed << ", " << layers << " layers";
      later_than_a_layer += 1000 * 9 < lateness * layers ? 1 : 0;  // no task is longer than 9 ms
    }
  }
  // Lateness adds up along a chain: a layer alone is no bound.
  EXPECT_GT(later_than_a_layer, 0U);
}

TEST(SimulateTest, AStragglerTakesItsFactorForEverythingOfItsOwn) {
  const Instance instance = two_by_two();
  SimulationParameters parameters = planned_only();
  parameters.stragglers = {{{ClientIndex(1), HelperIndex::none()}, 3}};
  // b: sends until 3, forward [5, 9), turns around until 15, backward [15, 19), tail until 22.
  EXPECT_EQ(only_outcome(simulate(instance, followed(instance, both_on_first(instance).schedule), parameters)).makespan,
            22'000);
  parameters.stragglers = {{{ClientIndex::none(), HelperIndex(0)}, 2}};
  // Lane [1, 33) without a gap, tail 1.
  EXPECT_EQ(only_outcome(simulate(instance, followed(instance, both_on_first(instance).schedule), parameters)).makespan,
            34'000);
}

TEST(SimulateTest, ALostHelperTakesItsClientsWithIt) {
  const Instance instance = two_by_two();
  SimulationParameters parameters = planned_only();
  // At 14 client a's backward is done; only its tail is left.
  parameters.losses = {{{ClientIndex::none(), HelperIndex(0)}, 14}};
  const ExecutionOutcome outcome =
      only_outcome(simulate(instance, followed(instance, both_on_first(instance).schedule), parameters));
  EXPECT_EQ(outcome.lost_clients, 1U);
  EXPECT_EQ(outcome.makespan, 14'000);
  parameters.losses = {{{ClientIndex::none(), HelperIndex(0)}, 12}};
  EXPECT_EQ(
      only_outcome(simulate(instance, followed(instance, both_on_first(instance).schedule), parameters)).lost_clients,
      2U);
}

TEST(SimulateTest, ALostClientLeavesTheLaneToTheOthers) {
  const Instance instance = two_by_two();
  SimulationParameters parameters = planned_only();
  // a is lost in its forward: b's runs [3, 7), backward [9, 13), complete at 14.
  parameters.losses = {{{ClientIndex(0), HelperIndex::none()}, 3}};
  const ExecutionOutcome outcome =
      only_outcome(simulate(instance, followed(instance, both_on_first(instance).schedule), parameters));
  EXPECT_EQ(outcome.lost_clients, 1U);
  EXPECT_EQ(outcome.makespan, 14'000);
}

TEST(SimulateTest, PlanningAgainServesTheClientsOfALostHelper) {
  const Instance instance = two_by_two();
  SimulationParameters parameters = planned_only();
  parameters.losses = {{{ClientIndex::none(), HelperIndex(0)}, 14}};
  parameters.planning_us = 2000;
  std::size_t asked = 0;
  parameters.replan = [&](const RemainingWork& work) {
    ++asked;
    EXPECT_EQ(work.instance.client_count(), 1U);
    EXPECT_EQ(work.instance.client_id(ClientIndex(0)), "b");
    EXPECT_EQ(work.instance.option_count(), 1U);
    EXPECT_TRUE(work.current[0].is_none());
    return followed(work.instance, plan_scale(work.instance, {}).schedule);
  };
  // The plan is in force at 16; b begins its batch again and takes 1 + 4 + 2 + 4 + 1.
  const ExecutionOutcome outcome =
      only_outcome(simulate(instance, followed(instance, both_on_first(instance).schedule), parameters));
  EXPECT_EQ(asked, 1U);
  EXPECT_EQ(outcome.makespan, 28'000);
  EXPECT_EQ(outcome.lost_clients, 0U);
  EXPECT_EQ(outcome.moved_clients, 1U);
}

TEST(SimulateTest, WhatIsLeftOfABatchIsPlannedAsSuch) {
  const Instance instance = two_by_two();
  const ClientIndex a(0);
  const ClientIndex b(1);
  // One client a helper.
  const Plan plan = plan_of(instance, {OptionIndex(0), OptionIndex(3)},
                            {{{a, Task::kForward, 1, 5}, {a, Task::kBackward, 7, 11}},
                             {{b, Task::kForward, 1, 5}, {b, Task::kBackward, 7, 11}}});
  SimulationParameters parameters = planned_only();
  parameters.losses = {{{ClientIndex::none(), HelperIndex(0)}, 3}};
  parameters.replan = [&](const RemainingWork& work) {
    // b is halfway through its forward on h1, and has no other helper left.
    const OptionIndex rest = work.current[1];
    EXPECT_EQ(work.instance.forward(rest), 2000);
    EXPECT_EQ(work.instance.release(rest), 0);
    EXPECT_EQ(work.instance.backward(rest), 4000);
    return followed(work.instance, plan_scale(work.instance, {}).schedule);
  };
  // h1 from 3 on: b's forward until 5, a's [5, 9) (sent by 4), b's backward [9, 13), a's [13, 17), tail 1.
  const ExecutionOutcome outcome = only_outcome(simulate(instance, followed(instance, plan.schedule), parameters));
  EXPECT_EQ(outcome.makespan, 18'000);
  EXPECT_EQ(outcome.moved_clients, 1U);
}

TEST(SimulateTest, SameSeedSameOutcomesForAnyNumberOfThreads) {
  const Instance instance = random_instance(5, small_shape());
  const FollowedPlan plan = followed(instance, plan_scale(instance, {}).schedule);
  SimulationParameters parameters;
  parameters.executions = 50;
  parameters.noise = {0.2, 0.1, 0.3};
  parameters.random_stragglers = {1, 3};
  parameters.layers = 5;
  const Simulation alone = simulate(instance, plan, parameters);
  parameters.threads = 4;
  const Simulation together = simulate(instance, plan, parameters);
  for (std::size_t rule = 0; rule < alone.rules.size(); ++rule) {
    for (std::size_t execution = 0; execution < 50; ++execution) {
      const ExecutionOutcome& one = alone.rules[rule].outcomes[execution];
      const ExecutionOutcome& other = together.rules[rule].outcomes[execution];
      EXPECT_EQ(one.makespan, other.makespan);
      EXPECT_EQ(one.lateness, other.lateness);
    }
  }
  parameters.seed = 1;
  EXPECT_NE(simulate(instance, plan, parameters).rules[0].outcomes[0].makespan, alone.rules[0].outcomes[0].makespan);
}

// A client alone has a makespan that is the sum of its factors times its durations, so its mean is the plan's. With
// 4000 executions and a deviation of 0.5 the mean's own deviation is below 1 %.
TEST(SimulateTest, NoiseHasMeanOne) {
  InstanceBuilder builder;
  builder.add_helper({"h", std::nullopt, 0});
  builder.add_client("a");
  builder.add_option(option(0, 100, 100, 100, 100, 100));
  const Instance instance = builder.build();
  const FollowedPlan plan = followed(instance, plan_scale(instance, {}).schedule);
  for (const NoiseModel& noise : {NoiseModel{0.5, 0, 0}, NoiseModel{0, 0.5, 0}, NoiseModel{0, 0, 0.5}}) {
    SimulationParameters parameters = planned_only(4000);
    parameters.noise = noise;
    const Simulation simulation = simulate(instance, plan, parameters);
    const RuleSummary summary = summary_of(simulation, simulation.rules[0]);
    EXPECT_NEAR(summary.ratio, 1, 0.04);
    EXPECT_GT(summary.worst, 1.1 * static_cast<double>(simulation.planned_makespan));
  }
}

TEST(SimulateTest, RegretIsZeroWhereThePlanIsOptimalAndNothingDiffers) {
  const Instance instance = two_by_two();
  const ClientIndex a(0);
  const ClientIndex b(1);
  const Plan plan = plan_of(instance, {OptionIndex(0), OptionIndex(3)},
                            {{{a, Task::kForward, 1, 5}, {a, Task::kBackward, 7, 11}},
                             {{b, Task::kForward, 1, 5}, {b, Task::kBackward, 7, 11}}});
  SimulationParameters parameters = planned_only(3);
  parameters.known = [](const Instance& known) { return plan_scale(known, {}).schedule.makespan; };
  Simulation simulation = simulate(instance, followed(instance, plan.schedule), parameters);
  EXPECT_EQ(summary_of(simulation, simulation.rules[0]).regret, 0.0);
  // With h0 five times slower: a is complete at 1 + 20 + 2 + 20 + 1 = 44. Who knows serves both on h1, as in
  // both_on_first, in 18.
  parameters.stragglers = {{{ClientIndex::none(), HelperIndex(0)}, 5}};
  simulation = simulate(instance, followed(instance, plan.schedule), parameters);
  EXPECT_EQ(simulation.known[0], 18'000);
  EXPECT_DOUBLE_EQ(*summary_of(simulation, simulation.rules[0]).regret, 44.0 / 18 - 1);
}

TEST(SimulateTest, AStopKeepsWhatIsDone) {
  const Instance instance = two_by_two();
  std::atomic<bool> cancelled = false;
  SimulationParameters parameters = planned_only(100);
  parameters.stop = StopCondition(std::nullopt, &cancelled);
  parameters.on_progress = [&](std::size_t done, std::size_t total) {
    EXPECT_EQ(total, 100U);
    cancelled = done >= 7;
  };
  const Simulation simulation = simulate(instance, followed(instance, both_on_first(instance).schedule), parameters);
  EXPECT_EQ(simulation.done.size(), 7U);
  EXPECT_EQ(simulation.rules[0].outcomes.size(), 7U);
}

// Like a planner that finds nothing any more: the flag that ends it is raised while it works.
TEST(SimulateTest, AnExecutionWhosePlanningIsCutShortDoesNotCount) {
  const Instance instance = two_by_two();
  for (const bool stops : {true, false}) {
    std::atomic<bool> cancelled = false;
    SimulationParameters parameters = planned_only(3);
    parameters.stop = StopCondition(std::nullopt, &cancelled);
    parameters.known = [&](const Instance&) -> Time {
      cancelled = stops;
      throw Error(ErrorCode::kNoneFound, {"clients", "no plan was found in time", "none", "more time"});
    };
    const auto run = [&] {
      return simulate(instance, followed(instance, both_on_first(instance).schedule), parameters);
    };
    if (stops) {
      EXPECT_EQ(run().done.size(), 0U);
    } else {
      EXPECT_THROW(run(), Error);
    }
  }
}

TEST(InstanceAtPercentile, EachDurationIsWhatItsFactorsDoNotExceed) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_client("a");
  builder.add_option(option(0, 1000, 1000, 0, 1000, 1000));
  const Instance instance = builder.build();
  SimulationParameters parameters;
  parameters.noise.duration = 0.3;
  parameters.noise.device = 0.4;
  const OptionIndex only(0);
  // Deviation sqrt(0.09 + 0.16) = 0.5, and exp(-0.125) = 0.8825 for mean 1; 90 % of a normal variable is 1.28155.
  const Instance median = instance_at_percentile(instance, parameters, 50);
  EXPECT_EQ(median.release(only), 882);
  EXPECT_EQ(median.turnaround(only), 0);
  const Instance most = instance_at_percentile(instance, parameters, 90);
  EXPECT_EQ(most.release(only), 1675);  // exp(0.5 * 1.28155 - 0.125) = 1.67494
  EXPECT_EQ(most.forward(only), 1675);
  parameters.noisy = {{{ClientIndex::none(), HelperIndex(0)}, 0}};
  const Instance steady = instance_at_percentile(instance, parameters, 90);
  EXPECT_EQ(steady.tail(only), 1675);
  EXPECT_EQ(steady.backward(only), 1404);  // exp(0.3 * 1.28155 - 0.045) = 1.40420
}

TEST(SimulateTest, APlanWithSlackIsFollowedThroughTheSameExecutions) {
  const Instance instance = two_by_two();
  const FollowedPlan plan = followed(instance, both_on_first(instance).schedule);
  SimulationParameters parameters = planned_only(50);
  parameters.noise.duration = 0.3;
  parameters.slack = {{90, plan}};
  parameters.slack[0].plan.makespan = 180;
  const Simulation simulation = simulate(instance, plan, parameters);
  ASSERT_EQ(simulation.rules.size(), 2U);
  const Simulation::Rule& given = simulation.rules[0];
  const Simulation::Rule& slack = simulation.rules[1];
  EXPECT_EQ(rule_title(slack), "planned-p90");
  for (std::size_t index = 0; index < 50; ++index) {
    EXPECT_EQ(given.outcomes[index].makespan, slack.outcomes[index].makespan);
  }
  // Both last as long, some 18; the plan given promises 18 and this one 180.
  EXPECT_EQ(summary_of(simulation, given).ratio, summary_of(simulation, slack).ratio);
  EXPECT_LT(summary_of(simulation, given).within, 1);
  EXPECT_EQ(summary_of(simulation, slack).within, 1);
}

TEST(SimulateTest, ANoisyNodeAloneVaries) {
  const Instance instance = two_by_two();
  SimulationParameters parameters = planned_only(20);
  parameters.noisy = {{{ClientIndex::none(), HelperIndex(1)}, 0.5}};
  const FollowedPlan plan = followed(instance, both_on_first(instance).schedule);
  // No client is on that helper.
  const Simulation steady = simulate(instance, plan, parameters);
  EXPECT_EQ(summary_of(steady, steady.rules[0]).lateness, 0);
  parameters.noisy[0].node.helper = HelperIndex(0);
  const Simulation simulation = simulate(instance, plan, parameters);
  EXPECT_GT(summary_of(simulation, simulation.rules[0]).lateness, 0);
}

TEST(SimulateTest, NumbersOutOfTheirRangesAreRefused) {
  const Instance instance = two_by_two();
  const FollowedPlan plan = followed(instance, both_on_first(instance).schedule);
  const auto refused = [&](const auto& change) {
    SimulationParameters parameters = planned_only();
    change(parameters);
    EXPECT_THROW(simulate(instance, plan, parameters), Error);
  };
  refused([](auto& parameters) { parameters.noise.duration = -0.1; });
  refused([](auto& parameters) { parameters.noise.drift = std::numeric_limits<double>::quiet_NaN(); });
  refused([](auto& parameters) { parameters.layers = -1; });
  refused([](auto& parameters) { parameters.noisy = {{{ClientIndex(0), HelperIndex::none()}, 4}}; });
  refused([&](auto& parameters) {
    parameters.slack = {{90, plan}};
    parameters.slack[0].plan.batches[0] = 2;
  });
  refused([](auto& parameters) { parameters.stragglers = {{{ClientIndex(0), HelperIndex::none()}, 0}}; });
}

}  // namespace
}  // namespace splitlane
