// Memory that fits is found, and that none fits is said only where it is so.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assignment/fit/capacity_bounds.hpp"
#include "assignment/fit/find_fit.hpp"
#include "assignment/fit/helper_completion.hpp"
#include "assignment/fit/memory_problem.hpp"
#include "assignment/fit/overflow_search.hpp"
#include "assignment/fit/pair_repack.hpp"
#include "methods/exact/fit_exactly.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/methods/method.hpp"
#include "support/exhaustive.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/random.hpp"
#include "support/random_cases.hpp"

namespace splitlane {
namespace {

using test::Random;
using test::random_cases;

constexpr std::uint64_t kAmpleWork = 1'000'000;

void add_option(InstanceBuilder& builder, std::size_t helper, Megabytes demand) {
  OptionSpec spec;
  spec.helper = HelperIndex(helper);
  spec.forward = spec.backward = spec.release = 1;
  spec.memory_mb = demand;
  builder.add_option(spec);
}

// Everybody on every helper with one demand.
Instance uniform(const std::vector<Megabytes>& capacities, const std::vector<Megabytes>& demands) {
  InstanceBuilder builder;
  for (std::size_t helper = 0; helper < capacities.size(); ++helper) {
    builder.add_helper({"h" + std::to_string(helper), capacities[helper], 0});
  }
  for (std::size_t client = 0; client < demands.size(); ++client) {
    builder.add_client("c" + std::to_string(client));
    for (std::size_t helper = 0; helper < capacities.size(); ++helper) add_option(builder, helper, demands[client]);
  }
  return builder.build();
}

// Few clients, memory near the edge: unlike or equal helpers, sparse reach, two cuts, demands that vary, local options.
Instance tight(std::uint64_t seed) {
  Random random(seed);
  InstanceBuilder builder;
  const auto helpers = static_cast<std::size_t>(random.between(2, 4));
  const auto clients = static_cast<std::size_t>(random.between(3, 8));
  const bool is_equal = random.percent(50);
  const bool is_varied = random.percent(40);
  const int reach = random.percent(50) ? 100 : 70;
  const Megabytes common =
      random.between(8, 20) * static_cast<Megabytes>(clients) / static_cast<Megabytes>(helpers) / 2;
  for (std::size_t helper = 0; helper < helpers; ++helper) {
    std::optional<Megabytes> capacity = std::max<Megabytes>(1, is_equal ? common : common + random.between(-4, 4));
    if (random.percent(4)) capacity.reset();
    builder.add_helper({"h" + std::to_string(helper), capacity, 0});
  }
  for (std::size_t client = 0; client < clients; ++client) {
    builder.add_client("c" + std::to_string(client));
    const Megabytes demand = random.between(1, 14);
    const auto home = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(helpers) - 1));
    for (std::size_t helper = 0; helper < helpers; ++helper) {
      if (helper != home && !random.percent(reach)) continue;
      add_option(builder, helper, is_varied ? random.between(1, 14) : demand);
      if (random.percent(10)) add_option(builder, helper, random.between(0, 14));
    }
    if (random.percent(4)) builder.add_local_option({9, 0, std::nullopt, std::nullopt});
  }
  return builder.build();
}

// Three clients a helper that fill it exactly, as `count` helpers of 1000 MB, in an order that tells nothing.
std::vector<Megabytes> exact_thirds(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Megabytes> demands;
  for (std::size_t helper = 0; helper < count; ++helper) {
    const Megabytes first = random.between(251, 399);
    const Megabytes second = random.between(251, 349);
    demands.insert(demands.end(), {first, second, 1000 - first - second});
  }
  std::sort(demands.begin(), demands.end());
  return demands;
}

std::optional<ErrorCode> code_of(const Instance& instance, Assignment& choice, const StopCondition& stop = {}) {
  try {
    fit::find_fit(instance, {}, choice, exact::fit_exactly, stop);
    return std::nullopt;
  } catch (const Error& error) {
    return error.code();
  }
}

void expect_fits(const Instance& instance, const Assignment& choice) {
  MemoryLedger ledger(instance);
  for (const OptionIndex option : choice) {
    ASSERT_FALSE(option.is_none());
    EXPECT_TRUE(ledger.fits(option));
    ledger.take(option);
  }
}

TEST(FindFit, FindsAnAssignmentExactlyWhereOneExists) {
  int infeasible = 0;
  for (std::uint64_t seed = 0; seed < random_cases(3000); ++seed) {
    SCOPED_TRACE(seed);
    const Instance instance = tight(seed);
    const bool exists = test::has_assignment(instance);
    infeasible += exists ? 0 : 1;
    Assignment choice(instance.client_count());
    const std::optional<ErrorCode> code = code_of(instance, choice);
    ASSERT_EQ(code, exists ? std::nullopt : std::optional(ErrorCode::kInfeasible));
    if (exists) expect_fits(instance, choice);
    ASSERT_FALSE(HasFailure());
  }
  // Both answers come up often.
  EXPECT_GT(infeasible, static_cast<int>(random_cases(600)));
  EXPECT_LT(infeasible, static_cast<int>(random_cases(2400)));
}

// Each search by itself, since the first to succeed hides the others.
TEST(FindFit, NoSearchContradictsExhaustion) {
  RandomEngine engine;
  int missed = 0;  // by local search, which proves nothing
  for (std::uint64_t seed = 0; seed < random_cases(1500); ++seed) {
    SCOPED_TRACE(seed);
    const Instance instance = tight(seed);
    const bool exists = test::has_assignment(instance);
    const fit::MemoryProblem problem(instance, {});
    if (fit::counted_refutation(problem)) {
      ASSERT_FALSE(exists);
      continue;  // perhaps a client without a place
    }
    const auto expected = exists ? fit::HelperCompletion::Outcome::kFits : fit::HelperCompletion::Outcome::kRefuted;
    fit::HelperCompletion completion(problem, {});
    ASSERT_EQ(completion.search(kAmpleWork, nullptr), expected);
    ASSERT_EQ(completion.search(kAmpleWork, &engine), expected);
    fit::OverflowSearch overflow(problem, {});
    const fit::Packing start(problem.client_count(), 0);
    const bool is_found = overflow.run(start, engine, 20'000);
    ASSERT_LE(is_found, exists);
    ASSERT_EQ(overflow.best_overflow() == 0, is_found);
    missed += exists && !is_found ? 1 : 0;
    if (seed % 10 != 0 || problem.client_count() == 0) continue;
    const fit::ExactFit exact = exact::fit_exactly(problem, start, 20, {});
    ASSERT_EQ(exact.outcome, exists ? fit::ExactFit::Outcome::kFits : fit::ExactFit::Outcome::kRefuted);
  }
  EXPECT_LT(missed, 15);  // 1 %
}

TEST(FindFit, FillsHelpersToTheLastMegabyte) {
  for (const std::size_t helpers : {4u, 6u, 10u}) {
    const Instance instance = uniform(std::vector<Megabytes>(helpers, 1000), exact_thirds(helpers, helpers));
    // Those that solve no integer program of their own, which would take longer than the packing.
    for (const char* name : {"balanced-greedy", "random-fcfs", "scale", "exact", "auto"}) {
      MethodParameters parameters;
      std::atomic<bool> cancelled = false;
      parameters.cancelled = &cancelled;
      parameters.on_progress = [&](const Progress& progress) { cancelled = cancelled || progress.makespan > 0; };
      EXPECT_TRUE(test::is_valid_plan(instance, find_method(name).plan(instance, parameters))) << name;
    }
  }
}

TEST(FindFit, ProvesByCountingWhatNoSearchCouldExhaust) {
  const auto expect_counted = [](const Instance& instance, const std::string& part) {
    const auto refutation = fit::counted_refutation(fit::MemoryProblem(instance, {}));
    ASSERT_TRUE(refutation.has_value()) << part;
    EXPECT_NE(refutation->got.find(part), std::string::npos) << refutation->got;
  };
  // Even demands fill 1000 of 1001 MB: 40 * 100 = 4000 MB fit four helpers, 4002 MB do not, of 4004 MB.
  std::vector<Megabytes> even(40, 100);
  even.push_back(2);
  expect_counted(uniform({1001, 1001, 1001, 1001}, even), "4002 MB");
  // 21 clients of more than a third, two a helper at most, on ten helpers; 21 * 350 + 300 = 7650 of 10000 MB, and
  // 340 + 360 + 300 MB would fill any.
  std::vector<Megabytes> thirds = {300};
  for (Megabytes client = 0; client < 21; ++client) thirds.push_back(340 + client);
  expect_counted(uniform(std::vector<Megabytes>(10, 1000), thirds), "21 parts of more than 1/3");
  // Five clients of more than half on four helpers; small ones besides, so that sums of demands fill every helper.
  expect_counted(uniform(std::vector<Megabytes>(4, 1000), {501, 502, 503, 504, 505, 1, 2, 3, 4, 5, 6, 499, 490}),
                 "5 clients that need more than half");
}

TEST(FindFit, SaysHowFarItCameWhenItIsEnded) {
  const Instance instance = uniform(std::vector<Megabytes>(10, 1000), exact_thirds(10, 1));
  const std::atomic<bool> cancelled = true;
  Assignment choice(instance.client_count());
  try {
    fit::find_fit(instance, {}, choice, exact::fit_exactly, StopCondition(std::nullopt, &cancelled));
    ADD_FAILURE() << "found although cancelled";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNoneFound);
    EXPECT_NE(error.parts().got.find("of 30 clients placed, helper \"h"), std::string::npos) << error.what();
    EXPECT_NE(error.parts().got.find("lacks"), std::string::npos) << error.what();
  }
}

TEST(FindFit, KeepsWhatIsDecidedWhereThereIsRoom) {
  // c0 and c1 may stay on their helper; c2 needs it all, so both have to go or c2 goes elsewhere: it does.
  const Instance instance = uniform({10, 10}, {4, 5, 9});
  Assignment choice = {instance.options(ClientIndex(0))[0], instance.options(ClientIndex(1))[0], OptionIndex::none()};
  const Assignment decided = choice;
  fit::find_fit(instance, {}, choice, exact::fit_exactly, {});
  EXPECT_EQ(choice[0], decided[0]);
  EXPECT_EQ(choice[1], decided[1]);
  EXPECT_EQ(choice[2], instance.options(ClientIndex(2))[1]);
}

TEST(FindFit, ChoosesPermittedOptionsOnly) {
  // Both fit only if c0 moves to h1; kept on h0 with 6 of 10 MB it leaves c1 no room there, and c1 may not move.
  const Instance instance = uniform({10, 10}, {6, 6});
  const auto first_only = [&](ClientIndex, OptionIndex option) { return instance.helper(option) == HelperIndex(0); };
  Assignment choice(2);
  try {
    fit::find_fit(instance, first_only, choice, exact::fit_exactly, {});
    ADD_FAILURE() << "12 MB on a helper of 10 MB";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInfeasible);
  }
}

TEST(MemoryProblem, CountsOnlyWhatSumsOfDemandsFill) {
  // Of 100 MB, clients of 35 and 60 MB fill 95; of 64 MB, 60; one helper of 1000 MB holds them all, 35 + 60 + 60.
  const fit::MemoryProblem problem(uniform({100, 64, 1000}, {35, 60, 60}), {});
  EXPECT_EQ(problem.capacity(HelperIndex(0)), 95);
  EXPECT_EQ(problem.capacity(HelperIndex(1)), 60);
  EXPECT_EQ(problem.capacity(HelperIndex(2)), 155);
}

TEST(PairRepack, LeavesAsLittleOnTheSecondHelperAsAnySplit) {
  for (std::uint64_t seed = 0; seed < random_cases(500); ++seed) {
    Random random(seed);
    std::vector<fit::LooseClient> clients(static_cast<std::size_t>(random.between(0, 9)));
    for (fit::LooseClient& client : clients) client = {random.between(1, 20), random.between(1, 20)};
    const Megabytes room = random.between(0, 60);
    const auto loads = [&](std::uint32_t on_first) {
      std::pair<Megabytes, Megabytes> result;
      for (std::size_t position = 0; position < clients.size(); ++position) {
        const bool is_on_first = (on_first >> position & 1U) != 0;
        result.first += is_on_first ? clients[position].demand_on_first : 0;
        result.second += is_on_first ? 0 : clients[position].demand_on_second;
      }
      return result;
    };
    Megabytes least = loads(0).second;
    for (std::uint32_t subset = 0; subset < std::uint32_t{1} << clients.size(); ++subset) {
      if (loads(subset).first <= room) least = std::min(least, loads(subset).second);
    }
    const fit::PairSplit split = fit::PairRepack().split(clients, room);
    ASSERT_EQ(split.load_on_second, least) << seed;
    ASSERT_LE(loads(split.on_first).first, room) << seed;
    ASSERT_EQ(loads(split.on_first).second, least) << seed;
  }
}

}  // namespace
}  // namespace splitlane
