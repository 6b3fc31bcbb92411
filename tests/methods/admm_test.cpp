// Algorithm 1: both subproblems against time-indexed or enumerated ones, and what the iterations owe.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <limits>
#include <vector>

#include "assignment/memory.hpp"
#include "methods/admm/assignment_update.hpp"
#include "methods/admm/forward_pairs.hpp"
#include "methods/admm/program_budget.hpp"
#include "methods/admm/schedule_update.hpp"
#include "milp/milp.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/methods/method.hpp"
#include "support/exhaustive.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

test::InstanceShape small_shape(Time longest) {
  test::InstanceShape shape;
  shape.fewest_clients = 2;
  shape.most_clients = 3;
  shape.most_helpers = 2;
  shape.most_options_per_pair = 1;
  shape.longest = longest;
  shape.local_option_percent = 0;
  shape.zero_length_percent = 0;
  shape.switch_cost_percent = 0;
  return shape;
}

// Line 2 of Algorithm 1 with a binary for every pair and slot, as the paper states it: (16) subject to (1), (12) to
// (15) and (20).
double time_indexed_update(const admm::ForwardPairs& pairs, std::size_t helpers, const std::vector<bool>& chosen,
                           const std::vector<double>& duals, double rho) {
  // The paper's T_f: the longest way in and out, and all work.
  Time horizon = 0;
  Time work_of_all = 0;
  for (std::size_t client = 0; client + 1 < pairs.first_of_client.size(); ++client) {
    Time longest = 0;
    for (std::size_t pair = pairs.first_of_client[client]; pair < pairs.first_of_client[client + 1]; ++pair) {
      horizon = std::max(horizon, pairs.pairs[pair].release + pairs.pairs[pair].tail);
      longest = std::max(longest, pairs.pairs[pair].work);
    }
    work_of_all += longest;
  }
  horizon += work_of_all;
  Milp program;
  const std::size_t makespan = program.add_column(0, static_cast<double>(horizon), 1, false);
  std::vector<std::vector<std::size_t>> lane_rows(helpers);
  for (auto& rows : lane_rows) {
    for (Time slot = 0; slot < horizon; ++slot) rows.push_back(program.add_row(0, 1));
  }
  double constant = 0;
  for (std::size_t client = 0; client + 1 < pairs.first_of_client.size(); ++client) {
    const std::size_t share = program.add_row(1, 1);
    double tail = 0;
    for (std::size_t pair = pairs.first_of_client[client]; pair < pairs.first_of_client[client + 1]; ++pair) {
      if (chosen[pair]) tail = static_cast<double>(pairs.pairs[pair].tail);
    }
    for (std::size_t pair = pairs.first_of_client[client]; pair < pairs.first_of_client[client + 1]; ++pair) {
      const admm::ForwardPair& entry = pairs.pairs[pair];
      const auto work = static_cast<double>(entry.work);
      const double target = chosen[pair] ? work : 0;
      constant -= duals[pair] * target;
      const std::size_t distance = program.add_column(0, 1e6, rho / 2, false);
      const std::size_t above = program.add_row(-target, Milp::kInfinity);
      const std::size_t below = program.add_row(target, Milp::kInfinity);
      program.add_term(above, distance, 1);
      program.add_term(below, distance, 1);
      for (Time slot = entry.release; slot < horizon; ++slot) {
        const std::size_t column = program.add_column(0, 1, duals[pair], true);
        program.add_term(share, column, 1 / work);
        program.add_term(lane_rows[entry.helper.value()][static_cast<std::size_t>(slot)], column, 1);
        program.add_term(above, column, -1);
        program.add_term(below, column, 1);
        const std::size_t end = program.add_row(-Milp::kInfinity, 0);
        program.add_term(end, column, static_cast<double>(slot + 1) + tail);
        program.add_term(end, makespan, -1);
      }
    }
  }
  return program.solve({}).objective + constant;
}

TEST(AdmmScheduleUpdate, EqualsTheTimeIndexedProgram) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Instance instance = test::random_instance(seed, small_shape(3));
    const admm::ForwardPairs pairs = admm::forward_pairs(instance, {}).value();
    test::Random random(seed);
    std::vector<bool> chosen(pairs.pairs.size(), false);
    std::vector<double> duals;
    for (std::size_t client = 0; client + 1 < pairs.first_of_client.size() && seed % 4 != 0; ++client) {
      chosen[static_cast<std::size_t>(random.between(static_cast<Time>(pairs.first_of_client[client]),
                                                     static_cast<Time>(pairs.first_of_client[client + 1]) - 1))] = true;
    }
    for (std::size_t pair = 0; pair < chosen.size(); ++pair) {
      duals.push_back(static_cast<double>(random.between(-2, 2)));
    }
    const double rho = std::vector<double>{0.25, 1, 3}[seed % 3];
    admm::ScheduleUpdate update(pairs, instance.helper_count());
    admm::ProgramBudget budget;
    const auto result = update.solve(chosen, duals, rho, budget, {});
    ASSERT_TRUE(result.has_value());
    ASSERT_NEAR(result->objective, time_indexed_update(pairs, instance.helper_count(), chosen, duals, rho), 1e-5)
        << "seed " << seed;
  }
}

Instance two_helpers(Time first, Time second) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_helper({"h1", std::nullopt, 0});
  builder.add_client("c0");
  builder.add_option({HelperIndex(0), 0, first, 0, 0, 1, 0, 0, std::nullopt, std::nullopt});
  builder.add_option({HelperIndex(1), 0, second, 0, 0, 1, 0, 0, std::nullopt, std::nullopt});
  return builder.build();
}

TEST(AdmmScheduleUpdate, SplitsAClientBetweenHelpersWhereThatEndsSooner) {
  // Before there is any assignment 4 slots of work cost rho / 2 * 4 = 2 wherever they are; on both helpers at once they
  // end at 2, not at 4: 2 + 2 = 4.
  const Instance instance = two_helpers(4, 4);
  const admm::ForwardPairs pairs = admm::forward_pairs(instance, {}).value();
  admm::ScheduleUpdate update(pairs, 2);
  admm::ProgramBudget budget;
  const std::vector<bool> chosen = {false, false};
  const std::vector<double> duals = {0, 0};
  const auto result = update.solve(chosen, duals, 1, budget, {});
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->work, (std::vector<Time>{2, 2}));
  EXPECT_EQ(result->completion, 2);
  EXPECT_NEAR(result->objective, time_indexed_update(pairs, 2, chosen, duals, 1), 1e-6);
}

TEST(AdmmAssignmentUpdate, IsTheCheapestAssignmentThatFitsMemory) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Instance instance = test::random_instance(seed, small_shape(5));
    if (!test::has_assignment(instance)) continue;
    const admm::ForwardPairs pairs = admm::forward_pairs(instance, {}).value();
    test::Random random(seed);
    std::vector<Time> work;
    std::vector<double> duals;
    for (const admm::ForwardPair& pair : pairs.pairs) {
      work.push_back(random.between(0, pair.work));
      duals.push_back(static_cast<double>(random.between(-3, 3)));
    }
    // (16) without what y does not change: sum of -lambda y p + rho/2 |n - y p|.
    const auto cost = [&](const std::vector<OptionIndex>& choice) {
      double total = 0;
      for (std::size_t pair = 0; pair < work.size(); ++pair) {
        const admm::ForwardPair& entry = pairs.pairs[pair];
        const Time target = choice[entry.client] == entry.option ? entry.work : 0;
        total += -duals[pair] * static_cast<double>(target) + static_cast<double>(std::abs(work[pair] - target));
      }
      return total;
    };
    double least = std::numeric_limits<double>::infinity();
    test::for_each_assignment(instance, [&](const auto& choice) { least = std::min(least, cost(choice)); });
    admm::ProgramBudget budget;
    const auto update = admm::update_assignment(instance, pairs, work, duals, 2, budget, {});
    ASSERT_TRUE(update.has_value());
    EXPECT_TRUE(update->is_least);
    ASSERT_NEAR(cost(update->choice), least, 1e-6) << "seed " << seed;
  }
}

std::vector<admm::ForwardPair> pairs_of(Time first, Time second) {
  return admm::forward_pairs(two_helpers(first, second), {}).value().pairs;
}

TEST(AdmmForwardPairs, SplitWorkOnlyWhereForwardTimesShareAFactor) {
  // docs/paper.md#what-is-wrong-in-it, 7: n / 7 + m / 11 = 1 in integers has n = 7 or n = 0 only; n / 4 + m / 6 = 1
  // also n = 2, m = 3.
  EXPECT_EQ(pairs_of(7, 11)[0].quanta, 1);
  EXPECT_EQ(pairs_of(4, 6)[0].quantum, 2);
  EXPECT_EQ(pairs_of(4, 6)[1].quantum, 3);
  EXPECT_EQ(pairs_of(5, 5)[0].quantum, 1);
}

/// Nothing left: no program is solved any more.
admm::ProgramBudget spent_budget() {
  admm::ProgramBudget budget;
  budget.spend(1'000'000, 1'000'000);
  return budget;
}

TEST(AdmmProgramBudget, BoundsTheProgramsOfAnIterationByTheirNodesAndColumns) {
  admm::ProgramBudget budget;
  EXPECT_EQ(budget.nodes_for(admm::ProgramBudget::kLargestProgram + 1), 0);
  // 2,000,000 over 1000 = 999 + 1 columns are 2000 nodes; each program counts 20 more for its start.
  EXPECT_EQ(budget.nodes_for(999), 2000);
  budget.spend(999, 480);
  EXPECT_EQ(budget.nodes_for(999), 1500);
  budget.spend(999, 1480);
  EXPECT_EQ(budget.nodes_for(999), 0);
  EXPECT_EQ(budget.nodes_for(1), 0);
}

TEST(AdmmScheduleUpdate, WithoutABudgetItIsTheBestOfItsSimpleRulesAndSaysSo) {
  // The split of the test above costs 4; all work at one helper ends at 4 and costs rho / 2 * 4 = 2 besides.
  const Instance instance = two_helpers(4, 4);
  const admm::ForwardPairs pairs = admm::forward_pairs(instance, {}).value();
  admm::ScheduleUpdate update(pairs, 2);
  admm::ProgramBudget budget = spent_budget();
  const auto result = update.solve({false, false}, std::vector<double>{0, 0}, 1, budget, {});
  ASSERT_TRUE(result.has_value());
  EXPECT_FALSE(result->is_least);
  EXPECT_EQ(result->completion, 4);
  EXPECT_NEAR(result->objective, 6, 1e-6);
}

TEST(AdmmAssignmentUpdate, WithoutABudgetItStillFitsMemory) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Instance instance = test::random_instance(seed, small_shape(5));
    const admm::ForwardPairs pairs = admm::forward_pairs(instance, {}).value();
    const std::vector<Time> work(pairs.pairs.size(), 0);
    const std::vector<double> duals(pairs.pairs.size(), 0);
    admm::ProgramBudget budget = spent_budget();
    const auto update = admm::update_assignment(instance, pairs, work, duals, 2, budget, {});
    if (!update) continue;
    MemoryLedger ledger(instance);
    for (const OptionIndex option : update->choice) {
      ASSERT_TRUE(ledger.fits(option)) << "seed " << seed;
      ledger.take(option);
    }
  }
}

TEST(Admm, ACancelledRunHasAValidPlanAndThePathBoundAtLeast) {
  const std::atomic<bool> is_cancelled = true;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Instance instance = test::random_instance(seed, small_shape(9));
    if (!test::has_assignment(instance)) continue;
    MethodParameters parameters;
    parameters.cancelled = &is_cancelled;
    const Plan plan = plan_admm(instance, parameters);
    EXPECT_TRUE(test::is_valid_plan(instance, plan));
    EXPECT_EQ(std::get<std::int64_t>(plan.origin.parameters.at("iterations")), 0);
    EXPECT_GT(plan.proof.lower_bound, 0);
  }
}

TEST(Admm, RefusesAPenaltyThatLeavesItsArithmetic) {
  for (const double rho :
       {0.0, -1.0, 1e10, 1e308, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    MethodParameters parameters;
    parameters.admm.rho = rho;
    EXPECT_THROW(plan_admm(two_helpers(4, 4), parameters), Error) << rho;
  }
  MethodParameters parameters;
  parameters.admm.rho = AdmmParameters::kLargestRho;
  EXPECT_EQ(plan_admm(two_helpers(4, 4), parameters).schedule.makespan, 5);  // 4 forward, 1 backward
}

TEST(Admm, StreamsItsIterationsAndStopsWhenNothingChanges) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Instance instance = test::random_instance(seed, small_shape(9));
    if (!test::has_assignment(instance)) continue;
    MethodParameters parameters;
    parameters.admm.rho = 1;
    parameters.admm.max_iterations = 30;
    std::vector<Progress::Iteration> iterations;
    parameters.on_progress = [&](const Progress& progress) {
      if (progress.iteration) iterations.push_back(*progress.iteration);
    };
    const Plan plan = plan_admm(instance, parameters);
    EXPECT_TRUE(test::is_valid_plan(instance, plan));
    ASSERT_FALSE(iterations.empty());
    EXPECT_EQ(std::get<std::int64_t>(plan.origin.parameters.at("iterations")),
              static_cast<std::int64_t>(iterations.size()));
    for (std::size_t index = 0; index < iterations.size(); ++index) {
      EXPECT_EQ(iterations[index].number, static_cast<int>(index) + 1);
    }
    if (!std::get<bool>(plan.origin.parameters.at("converged"))) continue;
    const Progress::Iteration& last = iterations.back();
    EXPECT_EQ(last.changes, 0);
    EXPECT_EQ(last.objective, iterations[iterations.size() - 2].objective);
  }
}

}  // namespace
}  // namespace splitlane
