// What docs/paper.md says is wrong in the paper, each with an example small enough to follow by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/schedule/schedule.hpp"
#include "support/brute_force.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

OptionSpec option(std::size_t helper, const std::array<Time, 6>& durations) {
  return {HelperIndex(helper), durations[0], durations[1], durations[2], durations[3], durations[4], durations[5], 0,
          std::nullopt,        std::nullopt};
}

TEST(PaperTheorem1, RestrictsToAProblemThatIsSolvedByHalving) {
  // Without memory and with r = l = l' = r' = 0, p = p' = 1 the optimum is 2 ceil(J / I): one helper has that many unit
  // tasks, and any order of them without idle time ends then. So the restricted problem is easy, and proves nothing.
  for (std::size_t clients = 1; clients <= 5; ++clients) {
    for (std::size_t helpers = 1; helpers <= 3; ++helpers) {
      InstanceBuilder builder;
      for (std::size_t helper = 0; helper < helpers; ++helper) builder.add_helper({std::to_string(helper), {}, 0});
      for (std::size_t client = 0; client < clients; ++client) {
        builder.add_client(std::to_string(client));
        for (std::size_t helper = 0; helper < helpers; ++helper) builder.add_option(option(helper, {0, 1, 0, 0, 1, 0}));
      }
      const Plan plan = plan_exact(builder.build(), {});
      EXPECT_EQ(plan.proof.status, PlanStatus::kOptimal);
      EXPECT_EQ(plan.schedule.makespan, static_cast<Time>(2 * ((clients + helpers - 1) / helpers)));
    }
  }
}

TEST(PaperTheorem2, CountsTheTurnaroundOnceAndNotTwice) {
  // One client, r = 0, p = 1, l = 5, l' = 2, p' = 1, r' = 0: backward is ready at phi^f + l + l' = 8 and ends at 9. The
  // printed release c^f + l + l' has l in it twice, since (13) put it into c^f, and would end at 14.
  const std::vector<Service> services = {{0, 1, 5 + 2, 1, 0}};
  const Lane forward = {{0, Task::kForward, 0, 1}};
  const Lane lane = schedule_backward_given_forward(services, {}, forward);
  EXPECT_EQ(makespan_of(evaluate_lane(services, {}, lane)), 9);
  EXPECT_EQ(test::brute_force_backward(services, forward), 9);
}

TEST(PaperConstraint21, CutsTheOptimumOffWhenAClientMayNotEndBeforeTheLastForward) {
  // Client 0: p = p' = 1 and a tail of 10, done with backward at 2. Client 1: forward released at 6. (21) lets no
  // backward end before T_f* = 7, so client 0 would complete at 7 + 10 = 17; Algorithm 2 gives 12.
  const std::vector<Service> services = {{0, 1, 0, 1, 10}, {6, 1, 0, 1, 0}};
  const Lane forward = {{0, Task::kForward, 0, 1}, {1, Task::kForward, 6, 7}};
  const Lane lane = schedule_backward_given_forward(services, {}, forward);
  const std::vector<ServiceTimes> times = evaluate_lane(services, {}, lane);
  EXPECT_EQ(makespan_of(times), 12);
  EXPECT_LT(times[0].backward_end, 7);
}

TEST(PaperConstraint2, LeavesTheFirstSlotsOfBackwardOpenSoThatTheIlpClosesThem) {
  // r = 0, p = 1, l = 3, l' = 0, p' = 1, r' = 0: (2) is about z_(t + 3), so as printed nothing forbids z_0 = 1 and a
  // makespan of 1, before there was any forward. The optimum is the path, 5.
  InstanceBuilder builder;
  builder.add_helper({"h", std::nullopt, 0});
  builder.add_client("c");
  builder.add_option(option(0, {0, 1, 3, 0, 1, 0}));
  EXPECT_EQ(plan_ilp(builder.build(), {}).schedule.makespan, 5);
}

TEST(PaperDecomposition, LosesTheOptimumEvenWithBothHalvesSolvedExactly) {
  // Helper 0: forward 1, backward 9. Helper 1: forward 2, backward 1. P_f sees forward only and takes helper 0, so the
  // round lasts 10; the optimum is 3 (docs/paper.md#what-is-wrong-in-it, 5).
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_helper({"h1", std::nullopt, 0});
  builder.add_client("c");
  builder.add_option(option(0, {0, 1, 0, 0, 9, 0}));
  builder.add_option(option(1, {0, 2, 0, 0, 1, 0}));
  const Instance instance = builder.build();
  for (const double rho : {0.5, 350.0}) {
    MethodParameters parameters;
    parameters.admm.rho = rho;
    parameters.admm.max_iterations = 50;
    EXPECT_EQ(plan_admm(instance, parameters).schedule.makespan, 10) << rho;
  }
  EXPECT_EQ(plan_exact(instance, {}).schedule.makespan, 3);
}

TEST(PaperPreemptionCost, ChargesEveryRunTwiceWhereTheTextChargesItsStart) {
  // sum over t of mu |x_t - x_(t+1)| has a term where a run starts and one where it ends: 2 mu a run. With mu = 3, one
  // run of each task and r = l = l' = r' = 0, p = p' = 1: 2 + 2 * 6 = 14, not 2 + 2 * 3.
  const std::vector<Service> services = {{0, 1, 0, 1, 0}};
  const SwitchRule rule{SwitchModel::kCharge, 3};
  EXPECT_EQ(makespan_of(evaluate_lane(services, rule, schedule_fcfs(services, rule))), 14);
}

TEST(PaperHorizon, BoundsEveryScheduleThatNeverIdles) {
  // docs/paper.md#what-is-wrong-in-it, 8: the printed T does hold.
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    test::Random random(seed);
    const std::vector<Service> services = test::random_services(random, {1, 6, 9, 9, 10});
    Time longest = 0;
    Time work = 0;
    for (const Service& service : services) {
      longest = std::max(longest, service.path() - service.load());
      work += service.load();
    }
    for (const Scheduler scheduler : {schedule_fcfs, schedule_coupled_jackson, schedule_longest_first}) {
      ASSERT_LE(makespan_of(evaluate_lane(services, {}, scheduler(services, {}))), longest + work) << seed;
    }
  }
}

// Clients that all ask 4 of either helper, or every second one 8.
Instance clients_alike(std::size_t count, bool alike) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_helper({"h1", std::nullopt, 0});
  for (std::size_t client = 0; client < count; ++client) {
    builder.add_client(std::to_string(client));
    const Time work = alike || client % 2 == 0 ? 2 : 4;
    builder.add_option(option(0, {0, work, 1, 1, work, 1}));
    builder.add_option(option(1, {0, work, 1, 1, work, 1}));
  }
  return builder.build();
}

TEST(PaperStrategy, TakesBalancedGreedyWhereThereAreVeryManyClients) {
  MethodParameters parameters;
  parameters.time_limit_s = 1e-3;  // which method it takes does not depend on how far that one gets
  const auto chosen = [&](std::size_t count, bool alike) {
    return std::get<std::string>(
        plan_paper_strategy(clients_alike(count, alike), parameters).origin.parameters.at("chosen"));
  };
  EXPECT_EQ(chosen(kStrategyLarge, true), "admm");
  EXPECT_EQ(chosen(kStrategyLarge + 1, true), "balanced-greedy");
  EXPECT_EQ(chosen(kStrategyVeryLarge - 1, false), "admm");
  EXPECT_EQ(chosen(kStrategyVeryLarge, false), "balanced-greedy");
}

}  // namespace
}  // namespace splitlane
