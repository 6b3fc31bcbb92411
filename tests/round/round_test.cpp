// Rounds of many batches: what is derived by hand, and what an exhaustive search says about tiny ones.
#include "splitlane/round/round.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "round/assignment_search.hpp"
#include "splitlane/check/check_round.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/methods/method.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"
#include "support/round_search.hpp"

namespace splitlane {
namespace {

using test::exhaustive_round;
using test::random_instance;

::testing::AssertionResult is_valid_round(const Instance& instance, const Round& round) {
  const RoundReport report = check_round(instance, round);
  if (report.valid()) return ::testing::AssertionSuccess();
  ::testing::AssertionResult failure = ::testing::AssertionFailure();
  for (const std::string& violation : report.violations) failure << violation << "\n";
  return failure;
}

Instance instance_of(const std::vector<OptionSpec>& clients, Time switch_cost = 0,
                     SwitchModel model = SwitchModel::kOccupy) {
  InstanceBuilder builder;
  builder.set_switch_model(model);
  builder.add_helper({"h", std::nullopt, switch_cost});
  for (std::size_t index = 0; index < clients.size(); ++index) {
    builder.add_client("c" + std::to_string(index));
    OptionSpec spec = clients[index];
    spec.helper = HelperIndex(0);
    builder.add_option(spec);
  }
  return builder.build();
}

OptionSpec option(Time release, Time forward, Time turnaround, Time backward, Time tail) {
  OptionSpec spec;
  spec.release = release;
  spec.forward = forward;
  spec.client_forward = turnaround;
  spec.backward = backward;
  spec.tail = tail;
  return spec;
}

Plan plan_of(const Instance& instance, std::vector<Segment> lane) {
  SegmentTable table;
  table.append_lane(lane);
  std::vector<OptionIndex> choice;
  for (const ClientIndex client : instance.clients()) choice.push_back(instance.options(client)[0]);
  return {evaluate_schedule(instance, choice, table)};
}

constexpr ClientIndex kA(0);
constexpr ClientIndex kB(1);

// Two clients, each 2 + 1 of work, turnaround 2, no release, tail 1. The plan: A [0,2), B [2,4), A [4,5), B [6,7), so
// A completes at 6, B at 8. B alone: forward [0,2), backward [4,5), completion 6.
Instance two_clients() { return instance_of({option(0, 2, 2, 1, 1), option(0, 2, 2, 1, 1)}); }
Plan two_clients_plan(const Instance& instance) {
  return plan_of(instance, {{kA, Task::kForward, 0, 2},
                            {kB, Task::kForward, 2, 4},
                            {kA, Task::kBackward, 4, 5},
                            {kB, Task::kBackward, 6, 7}});
}

TEST(RoundWithBarrier, MovesTheOthersEarlierWhenAClientHasFinished) {
  const Instance instance = two_clients();
  const Round round = round_with_barrier(instance, two_clients_plan(instance).schedule, {1, 3});
  EXPECT_TRUE(is_valid_round(instance, round));
  // One batch of 8 with both, two of 6 with B alone.
  EXPECT_EQ(round.makespan, 8 + 6 + 6);
  EXPECT_EQ(round.completion, (std::vector<Time>{6, 20}));
  ASSERT_EQ(round.phases.size(), 2U);
  EXPECT_EQ(round.phases[0].makespan, 8);
  EXPECT_EQ(round.phases[1].first_batch, 2);
  EXPECT_EQ(round.phases[1].batch_count, 2);
  EXPECT_EQ(round.phases[1].lanes[0].segments,
            (std::vector<Segment>{{kB, Task::kForward, 0, 2}, {kB, Task::kBackward, 4, 5}}));
}

TEST(RoundWithBarrier, JoinsThePiecesOfATaskThatNobodyInterruptsAnyMore) {
  // B (release 0, forward 3) is interrupted by A (release 1, forward 1) under `charge` with cost 1: two runs cost 4,
  // and the backward of B may start at 4 + 1 + 4 = 9; it runs [9,10) and completes at 10 + 0 + 2 = 12. Alone forward
  // [0,3) is one run, backward ready at 3 + 1 + 2 = 6, completion 7 + 2 = 9.
  const Instance instance = instance_of({option(1, 1, 1, 1, 0), option(0, 3, 1, 1, 0)}, 1, SwitchModel::kCharge);
  const Plan plan = plan_of(instance, {{kB, Task::kForward, 0, 1},
                                       {kA, Task::kForward, 1, 2},
                                       {kB, Task::kForward, 2, 4},
                                       {kA, Task::kBackward, 5, 6},
                                       {kB, Task::kBackward, 9, 10}});
  const Round round = round_with_barrier(instance, plan.schedule, {1, 2});
  EXPECT_TRUE(is_valid_round(instance, round));
  EXPECT_EQ(round.phases[0].makespan, 12);
  EXPECT_EQ(round.phases[1].makespan, 9);
  EXPECT_EQ(round.phases[1].lanes[0].segments.size(), 2U);
}

TEST(RoundWithBarrier, CostsNothingPerBatch) {
  const Instance instance = two_clients();
  constexpr std::int64_t kMany = 1'000'000'000'000;
  const Round round = round_with_barrier(instance, two_clients_plan(instance).schedule, {kMany, 3});
  EXPECT_TRUE(is_valid_round(instance, round));
  EXPECT_EQ(round.makespan, 3 * 8 + (kMany - 3) * 6);
}

TEST(RoundWithBarrier, RepeatsThePlanOfEqualCounts) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Instance instance = random_instance(seed, {});
    Plan plan;
    try {
      plan = plan_exact(instance, {});
    } catch (const Error&) {
      continue;  // no plan exists
    }
    if (plan.proof.status != PlanStatus::kOptimal) continue;
    const Round round = round_with_barrier(instance, plan.schedule, BatchCounts(instance.client_count(), 7));
    EXPECT_TRUE(is_valid_round(instance, round)) << "seed " << seed;
    EXPECT_EQ(round.makespan, 7 * plan.schedule.makespan) << "seed " << seed;
  }
}

TEST(PlanRound, RigidClientsCannotCycleInTheirPath) {
  // Last paragraph of docs/how_it_works.md#rounds-of-many-batches: (p, a, b, q + r) = (1, 1, 1, 1) and (1, 2, 1, 0).
  // Both have a path of 4 and together a work of 4, so no bound by paths or work is above 4 a batch; but both are rigid
  // mod 4, slots {0, 2} against {u, u + 3}, which always meet.
  const Instance instance = instance_of({option(0, 1, 1, 1, 1), option(0, 1, 2, 1, 0)});
  const std::vector<OptionIndex> choice = {OptionIndex(0), OptionIndex(1)};
  // A pattern that fits once fits for ever, so the loss must keep growing with the number of batches.
  const BatchCounts batches = {12, 12};
  const Time optimum = exhaustive_round(instance, choice, batches);
  EXPECT_GT(optimum - exhaustive_round(instance, choice, {6, 6}), 6 * 4);
  const Round round = plan_round(instance, plan_exact(instance, {}).schedule, batches, {});
  EXPECT_TRUE(is_valid_round(instance, round));
  EXPECT_LE(round.lower_bound, optimum);
  EXPECT_GE(round.makespan, optimum);
  EXPECT_EQ(round.status, PlanStatus::kFeasible);
}

TEST(PlanRound, PipelinesWhereTheBarrierWaits) {
  // One helper, A: forward 1, backward 1, tail 8 (path 10); B: forward 4, backward 4 (path 8). A barrier takes 10 a
  // batch at least; without it A's tail overlaps B's next work: 2 batches of work are 20, and A needs 20.
  const Instance instance = instance_of({option(0, 1, 0, 1, 8), option(0, 4, 0, 4, 0)});
  const Round round = plan_round(instance, plan_exact(instance, {}).schedule, {2, 2}, {});
  EXPECT_TRUE(is_valid_round(instance, round));
  EXPECT_EQ(round.makespan, 20);
  EXPECT_EQ(round.status, PlanStatus::kOptimal);
}

struct Sizes {
  const char* name;
  int switch_cost_percent;
  std::int64_t most_batches;
};

class TinyRounds : public ::testing::TestWithParam<Sizes> {};

TEST_P(TinyRounds, BoundsAndMakespansAgreeWithExhaustiveSearch) {
  test::InstanceShape shape;
  shape.most_clients = 2;
  shape.most_helpers = 2;
  shape.longest = 3;
  shape.largest_switch_cost = 2;
  shape.switch_cost_percent = GetParam().switch_cost_percent;
  int optimal = 0;
  int rounds = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const Instance instance = random_instance(seed, shape);
    if (!test::has_assignment(instance)) continue;
    test::Random random(seed);
    BatchCounts batches;
    for (std::size_t client = 0; client < instance.client_count(); ++client) {
      batches.push_back(random.between(1, GetParam().most_batches));
    }
    const Plan plan = plan_exact(instance, {});
    const Time optimum = exhaustive_round(instance, batches).value();
    const Time optimum_of_plan = exhaustive_round(instance, plan.schedule.choice, batches);
    const Round best = plan_round(instance, plan.schedule, batches, {});
    EXPECT_TRUE(is_valid_round(instance, best)) << "seed " << seed;
    EXPECT_LE(best.lower_bound, optimum) << "seed " << seed;
    EXPECT_GE(best.makespan, optimum) << "seed " << seed;
    EXPECT_LE(round_bound(instance, plan.schedule.choice, batches), optimum_of_plan) << "seed " << seed;
    const Round barrier = round_with_barrier(instance, plan.schedule, batches);
    const Round order = round_in_order(instance, plan.schedule, batches);
    const Round priority = round_by_priority(instance, plan.schedule.choice, batches, true);
    for (const Round* round : {&barrier, &order, &priority}) {
      EXPECT_TRUE(is_valid_round(instance, *round)) << "seed " << seed;
      EXPECT_GE(round->makespan, optimum_of_plan) << "seed " << seed;
      EXPECT_LE(best.makespan, round->makespan) << "seed " << seed;
    }
    EXPECT_LE(order.makespan, barrier.makespan) << "seed " << seed;
    optimal += best.makespan == optimum ? 1 : 0;
    ++rounds;
  }
  // Most of these are easy; that they are found says that the ways work at all.
  EXPECT_GT(optimal, rounds * 7 / 10);
}

INSTANTIATE_TEST_SUITE_P(All, TinyRounds, ::testing::Values(Sizes{"free", 0, 3}, Sizes{"costly", 100, 2}),
                         [](const auto& sizes) { return std::string(sizes.param.name); });

TEST(PlanRound, WaysAreValidOnLargerRandomInstances) {
  constexpr std::uint64_t kSearched = 6;  // the search for an assignment takes long
  for (std::uint64_t seed = 1; seed <= (test::kSanitized ? 10 : 40); ++seed) {
    test::InstanceShape shape;
    shape.fewest_clients = test::kSanitized ? 4 : 6;
    shape.most_clients = test::kSanitized ? 7 : 14;
    const Instance instance = random_instance(seed, shape);
    test::Random random(seed);
    BatchCounts batches;
    for (std::size_t client = 0; client < instance.client_count(); ++client) batches.push_back(random.between(1, 12));
    Plan plan;
    try {
      plan = plan_equid(instance, {});
    } catch (const Error&) {
      continue;  // no plan exists
    }
    const Round barrier = round_with_barrier(instance, plan.schedule, batches);
    const Round order = round_in_order(instance, plan.schedule, batches);
    EXPECT_TRUE(is_valid_round(instance, barrier)) << "seed " << seed;
    EXPECT_TRUE(is_valid_round(instance, order)) << "seed " << seed;
    EXPECT_TRUE(is_valid_round(instance, round_by_priority(instance, plan.schedule.choice, batches, true)))
        << "seed " << seed;
    const Round whole = round_by_priority(instance, plan.schedule.choice, batches, false);
    EXPECT_TRUE(is_valid_round(instance, whole)) << "seed " << seed;
    std::size_t segments = 0;
    for (const std::vector<BatchSegment>& lane : whole.lanes) segments += lane.size();
    std::size_t tasks = 0;
    for (const ClientIndex client : instance.clients()) {
      const OptionIndex chosen = plan.schedule.choice[client.value()];
      const auto count = static_cast<std::size_t>(batches[client.value()]);
      if (instance.is_local(chosen)) continue;
      tasks += count * ((instance.forward(chosen) > 0 ? 1U : 0U) + (instance.backward(chosen) > 0 ? 1U : 0U));
    }
    EXPECT_EQ(segments, tasks) << "seed " << seed;  // no task was interrupted
    if (seed > kSearched) continue;
    const Round best = plan_round(instance, plan.schedule, batches, {});
    EXPECT_TRUE(is_valid_round(instance, best)) << "seed " << seed;
    EXPECT_LE(best.makespan, std::min(barrier.makespan, order.makespan)) << "seed " << seed;
  }
}

TEST(AssignmentSearch, NeverWorsensAndCountsAsTheRoundDoes) {
  int improved = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    test::InstanceShape shape;
    shape.fewest_clients = 6;
    shape.most_clients = 12;
    const Instance instance = random_instance(seed, shape);
    test::Random random(seed);
    BatchCounts batches;
    for (std::size_t client = 0; client < instance.client_count(); ++client) batches.push_back(random.between(1, 9));
    Plan plan;
    try {
      plan = plan_random_fcfs(instance, {});
    } catch (const Error&) {
      continue;  // no plan exists
    }
    const Time before = round_by_priority(instance, plan.schedule.choice, batches, true).makespan;
    PacedStop pace({});
    round_detail::AssignmentSearch search(instance, batches, true, plan.schedule.choice, pace);
    EXPECT_EQ(search.makespan(), before) << "seed " << seed;
    search.descend(0, 1'000'000);
    const Round round = round_by_priority(instance, search.choice(), batches, true);
    EXPECT_TRUE(is_valid_round(instance, round)) << "seed " << seed;  // memory included
    EXPECT_EQ(search.makespan(), round.makespan) << "seed " << seed;
    EXPECT_LE(round.makespan, before) << "seed " << seed;
    improved += round.makespan < before ? 1 : 0;
  }
  EXPECT_GT(improved, 10);
}

ErrorCode code_of(const Instance& instance, const Plan& plan, const BatchCounts& batches,
                  const RoundParameters& parameters) {
  try {
    plan_round(instance, plan.schedule, batches, parameters);
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::kInternal;
}

TEST(PlanRound, RefusesWhatMakesNoSense) {
  const Instance instance = two_clients();
  const Plan plan = two_clients_plan(instance);
  EXPECT_EQ(code_of(instance, plan, {1}, {}), ErrorCode::kUsage);
  EXPECT_EQ(code_of(instance, plan, {1, 0}, {}), ErrorCode::kUsage);
  EXPECT_EQ(code_of(instance, plan, {1, kLargestNumber}, {}), ErrorCode::kOverflow);
  EXPECT_EQ(code_of(instance, {}, {1, 1}, {}), ErrorCode::kUsage);
  RoundParameters pipelined;
  pipelined.mode = RoundMode::kPipelined;
  EXPECT_EQ(code_of(instance, plan, {1, kMostPipelinedBatches}, pipelined), ErrorCode::kUsage);
}

TEST(PlanRound, KeepsToTheBarrierWhereListingEveryBatchIsTooMuch) {
  const Instance instance = two_clients();
  const Round round = plan_round(instance, two_clients_plan(instance).schedule, {kMostPipelinedBatches, 3}, {});
  EXPECT_TRUE(is_valid_round(instance, round));
  EXPECT_EQ(round.way, RoundWay::kBarrier);
  EXPECT_EQ(round.warnings.size(), 1U);
  EXPECT_GE(round.lower_bound, 6 * kMostPipelinedBatches);  // the path of the first client
}

TEST(RoundWithBarrier, IsSizedBeforehandByWhatIsListedAnewWhenClientsEnd) {
  const Instance instance = two_clients();
  // Two segments a client: 4 in the first phase and, where one client ends before the other, 2 more of the other.
  EXPECT_EQ(most_barrier_segments(instance, two_clients_plan(instance).schedule, {3, 3}), 4U);
  EXPECT_EQ(most_barrier_segments(instance, two_clients_plan(instance).schedule, {1, 3}), 6U);
}

TEST(PlanRound, RefusesTheBarrierWhereClientsEndOneByOneTooOften) {
  // n clients of one helper with 1 to n batches: 2 n segments, then 2 (n - 1), and so on: n (n + 1) in all. That is
  // above 20,000,000 for n = 4472; their batches, n (n + 1) / 2, are above 1,000,000, so no way is left.
  constexpr std::size_t kClients = 4472;
  const Instance instance = instance_of(std::vector<OptionSpec>(kClients, option(0, 1, 0, 1, 0)));
  const Plan plan = plan_balanced_greedy(instance, {});
  BatchCounts batches;
  for (std::size_t client = 0; client < kClients; ++client) batches.push_back(static_cast<std::int64_t>(client) + 1);
  EXPECT_EQ(most_barrier_segments(instance, plan.schedule, batches), kClients * (kClients + 1));
  EXPECT_EQ(code_of(instance, plan, batches, {}), ErrorCode::kUsage);
}

TEST(PlanRound, AnyTimeLimitAboveZeroGivesARound) {
  // From before the first problem of the bound is built to after the last one: whatever is left then, even nothing, is
  // no limit that a method inside may refuse.
  InstanceBuilder builder;
  const HelperIndex helper = builder.add_helper({"h", {}, 0});
  for (int client = 0; client < 400; ++client) {
    builder.add_client("c" + std::to_string(client));
    builder.add_option({helper, client % 7, 1 + client % 5, 1, 1, 2, client % 3, {}, {}, {}});
  }
  const Instance instance = builder.build();
  const Plan plan = plan_balanced_greedy(instance, {});
  const BatchCounts batches(instance.client_count(), 1);
  RoundParameters parameters;
  for (int step = 1; step <= 150; ++step) {
    parameters.time_limit_s = 1e-4 * step;
    const Round round = plan_round(instance, plan.schedule, batches, parameters);
    EXPECT_TRUE(is_valid_round(instance, round));
  }
}

TEST(PlanRound, StopsWithTheBestSoFarWhenCancelled) {
  const Instance instance = two_clients();
  const std::atomic<bool> cancelled = true;
  RoundParameters parameters;
  parameters.cancelled = &cancelled;
  const Round round = plan_round(instance, two_clients_plan(instance).schedule, {4, 4}, parameters);
  EXPECT_TRUE(is_valid_round(instance, round));
  EXPECT_EQ(round.ways.size(), 1U);
  ASSERT_EQ(round.warnings.size(), 1U);
  for (const RoundWay way : {RoundWay::kOrder, RoundWay::kPriority, RoundWay::kReassigned}) {
    EXPECT_NE(round.warnings[0].find(round_way_name(way)), std::string::npos) << round.warnings[0];
  }
}

TEST(PlanRound, CancelledAtOnceItStillHasTheBoundsThatTakeOnePass) {
  const std::atomic<bool> cancelled = true;
  RoundParameters parameters;
  parameters.cancelled = &cancelled;
  // Alone a client of two_clients() needs 2 + 2 + 1 + 1 = 6 a batch: five batches take 30.
  const Instance two = two_clients();
  EXPECT_EQ(plan_round(two, two_clients_plan(two).schedule, {5, 1}, parameters).lower_bound, 30);
  // Ten clients of work 5 and no waits on one helper: three batches each are 10 * 3 * 5 = 150, alone 15.
  const Instance ten = instance_of(std::vector<OptionSpec>(10, option(0, 3, 0, 2, 0)));
  const Round round = plan_round(ten, plan_balanced_greedy(ten, {}).schedule, BatchCounts(10, 3), parameters);
  EXPECT_EQ(round.lower_bound, 150);
  EXPECT_TRUE(is_valid_round(ten, round));
}

}  // namespace
}  // namespace splitlane
