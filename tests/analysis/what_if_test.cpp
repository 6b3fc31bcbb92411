// Changes are planned, not guessed: known optima of tiny instances, and on random ones no change that only makes things
// easier ever makes the optimum longer.
#include "splitlane/analysis/what_if.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/analysis/explanation.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/methods/method.hpp"
#include "support/exhaustive.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/random.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

using Kind = Change::Kind;

constexpr HelperIndex kH0(0);
constexpr HelperIndex kH1(1);

OptionSpec served_by(HelperIndex helper, Time release, Time forward, Time backward, Time tail, Megabytes memory = 0) {
  return {helper, release, forward, 0, 0, backward, tail, memory, std::nullopt, std::nullopt};
}

Plan exact_plan(const Instance& instance) {
  MethodParameters parameters;
  parameters.certificate = true;
  Plan plan = plan_exact(instance, parameters);
  EXPECT_TRUE(test::is_valid_plan(instance, plan));
  plan.proof.binding = explain_bound(instance, plan);
  return plan;
}

WhatIfParameters exact_parameters() {
  WhatIfParameters parameters;
  parameters.plan = exact_plan;
  return parameters;
}

// The row whose only change is this one.
const WhatIfRow* row_of(const WhatIf& what_if, const Change& change) {
  const auto found = std::find_if(what_if.rows.begin(), what_if.rows.end(),
                                  [&](const WhatIfRow& row) { return row.changes == std::vector{change}; });
  return found == what_if.rows.end() ? nullptr : &*found;
}

void expect_row(const WhatIf& what_if, const Change& change, Time makespan) {
  const WhatIfRow* row = row_of(what_if, change);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->makespan, makespan) << row->text;
  EXPECT_EQ(row->lower_bound, makespan) << row->text;
  EXPECT_EQ(row->status, PlanStatus::kOptimal) << row->text;
}

TEST(WhatIf, OneHelperShortOfTimeIsHelpedByAnother) {
  // a, b and c on h0, each 4 + 3 of work, head 1, tail 2: 1 + 3 * 7 + 2 = 24.
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  for (const char* id : {"a", "b", "c"}) {
    builder.add_client(id);
    builder.add_option(served_by(kH0, 1, 4, 3, 2));
  }
  const Instance instance = builder.build();
  const WhatIf what_if = splitlane::what_if(instance, exact_plan(instance), exact_parameters());
  EXPECT_EQ(what_if.base.schedule.makespan, 24);
  EXPECT_EQ(what_if.left_out, 0U);
  // Two clients on one of two helpers: 1 + 2 * 7 + 2 = 17, and the same without one client.
  expect_row(what_if, {Kind::kMoreHelpers, {}, kH0, 1}, 17);
  expect_row(what_if, {Kind::kOwnHelper, ClientIndex(0), kH0, 0}, 17);
  expect_row(what_if, {Kind::kWithoutClient, ClientIndex(0), {}, 0}, 17);
  // 4 becomes 3, 3 becomes 3 (2.25 rounded up): 1 + 3 * 6 + 2 = 21.
  expect_row(what_if, {Kind::kFasterHelper, {}, kH0, 25}, 21);
  // One client with release 1 (0.75 rounded up) and tail 2 (1.5): nothing gained.
  expect_row(what_if, {Kind::kFasterClient, ClientIndex(0), {}, 25}, 24);
  EXPECT_TRUE(
      std::is_sorted(what_if.rows.begin(), what_if.rows.end(),
                     [](const WhatIfRow& left, const WhatIfRow& right) { return left.makespan < right.makespan; }));
}

TEST(WhatIf, AClientsOwnPathIsHelpedByItsLink) {
  // a's path is 40 + 2 + 2 + 40 = 84; 25 % faster 30 + 4 + 30 = 64; b's is 8 + 4 + 8 = 20, which is left without a.
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_client("a");
  builder.add_option(served_by(kH0, 40, 2, 2, 40));
  builder.add_client("b");
  builder.add_option(served_by(kH0, 8, 2, 2, 8));
  const Instance instance = builder.build();
  const WhatIf what_if = splitlane::what_if(instance, exact_plan(instance), exact_parameters());
  expect_row(what_if, {Kind::kFasterClient, ClientIndex(0), {}, 25}, 64);
  expect_row(what_if, {Kind::kWithoutClient, ClientIndex(0), {}, 0}, 20);
  expect_row(what_if, {Kind::kMoreHelpers, {}, kH0, 1}, 84);
  // b does not bind and is not tried.
  EXPECT_EQ(row_of(what_if, {Kind::kWithoutClient, ClientIndex(1), {}, 0}), nullptr);
}

// a and b end at 10 on h0 and at 20 on h1; h0 has 4 MB, a takes 2 and b takes `demand`. Together on h0, with work 2
// each and a tail of 8, they end at 12.
Instance short_of_memory(Megabytes demand) {
  InstanceBuilder builder;
  builder.add_helper({"h0", 4, 0});
  builder.add_helper({"h1", 100, 0});
  builder.add_client("a");
  builder.add_option(served_by(kH0, 0, 1, 1, 8, 2));
  builder.add_option(served_by(kH1, 10, 1, 1, 8, 2));
  builder.add_client("b");
  builder.add_option(served_by(kH0, 0, 1, 1, 8, demand));
  builder.add_option(served_by(kH1, 10, 1, 1, 8, demand));
  return builder.build();
}

TEST(WhatIf, FindsTheLeastMemoryThatHelps) {
  // b does not fit beside a: 2 + 4 = 6 is 2 more than 4, and 2 + 19 = 21 is 17 more.
  for (const auto& [demand, least] : {std::pair<Megabytes, Megabytes>(4, 2), {19, 17}}) {
    const Instance instance = short_of_memory(demand);
    const WhatIf what_if = splitlane::what_if(instance, exact_plan(instance), exact_parameters());
    ASSERT_EQ(what_if.base.schedule.makespan, 20);
    expect_row(what_if, {Kind::kUnboundedMemory, {}, kH0, 0}, 12);
    expect_row(what_if, {Kind::kMoreMemory, {}, kH0, least}, 12);
    EXPECT_EQ(row_of(what_if, {Kind::kUnboundedMemory, {}, kH1, 0}), nullptr);  // holds everyone as it is
  }
}

TEST(WhatIf, DoesNotAskForMemoryThatWouldNotHelp) {
  // 2 + 2 fits.
  const Instance instance = short_of_memory(2);
  const WhatIf what_if = splitlane::what_if(instance, exact_plan(instance), exact_parameters());
  EXPECT_EQ(what_if.base.schedule.makespan, 12);
  for (const WhatIfRow& row : what_if.rows) {
    for (const Change& change : row.changes) EXPECT_NE(change.kind, Kind::kMoreMemory) << row.text;
  }
}

TEST(WhatIf, ReturnsTheRowsSoFarWhenCancelled) {
  const Instance instance = short_of_memory(4);
  std::atomic<bool> cancelled = false;
  int planned = 0;
  WhatIfParameters parameters = exact_parameters();
  parameters.cancelled = &cancelled;
  parameters.on_row = [&](std::string_view) { cancelled = ++planned == 3; };
  const WhatIf what_if = splitlane::what_if(instance, exact_plan(instance), parameters);
  EXPECT_EQ(what_if.rows.size(), 2U);
  EXPECT_GT(what_if.left_out, 0U);
}

TEST(PlanChanged, FallsBackOnTheBaseWherePlanningIsWorse) {
  const Instance instance = short_of_memory(4);
  const Plan base = exact_plan(instance);
  WhatIfParameters parameters;
  parameters.plan = [](const Instance& changed) { return plan_random_fcfs(changed, {}); };
  const WhatIfRow row = plan_changed(instance, base, {{Kind::kFasterClient, ClientIndex(0), {}, 1}}, parameters);
  EXPECT_LE(row.makespan, base.schedule.makespan);
  parameters.plan = [](const Instance&) -> Plan { throw Error(ErrorCode::kInfeasible, {"", "none found", "", ""}); };
  EXPECT_EQ(plan_changed(instance, base, {{Kind::kMoreMemory, {}, kH0, 1}}, parameters).makespan,
            base.schedule.makespan);
}

// A random change that makes sense for the instance.
Change random_change(test::Random& random, const Instance& instance) {
  const ClientIndex client(
      static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(instance.client_count()) - 1)));
  const HelperIndex helper(
      static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(instance.helper_count()) - 1)));
  const std::int64_t percent = random.between(1, 100);
  switch (random.between(0, 6)) {
    case 0: return {Kind::kFasterClient, client, {}, percent};
    case 1: return {Kind::kFasterHelper, {}, helper, percent};
    case 2: return {Kind::kUnboundedMemory, {}, helper, 0};
    case 3: return {Kind::kMoreHelpers, {}, helper, random.between(1, 2)};
    case 4: return {Kind::kOwnHelper, client, helper, 0};
    case 5:
      if (instance.memory_capacity(helper)) return {Kind::kMoreMemory, {}, helper, random.between(1, 6)};
      return {Kind::kUnboundedMemory, {}, helper, 0};
    default:
      if (instance.client_count() > 1) return {Kind::kWithoutClient, client, {}, 0};
      return {Kind::kFasterClient, client, {}, percent};
  }
}

TEST(ChangedInstance, NeverHasALongerOptimum) {
  constexpr std::uint64_t kCases = test::random_cases(400);
  int shorter = 0;
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    test::InstanceShape shape;
    shape.most_clients = 5;
    shape.most_helpers = 3;
    const Instance instance = test::random_instance(seed, shape);
    if (!test::has_assignment(instance)) continue;
    test::Random random(seed);
    const Instance changed = changed_instance(instance, std::vector{random_change(random, instance)});
    const Plan before = exact_plan(instance);
    const Plan after = exact_plan(changed);
    if (before.proof.status != PlanStatus::kOptimal || after.proof.status != PlanStatus::kOptimal) continue;
    ASSERT_LE(after.schedule.makespan, before.schedule.makespan) << seed;
    shorter += after.schedule.makespan < before.schedule.makespan ? 1 : 0;
  }
  EXPECT_GT(shorter, static_cast<int>(test::random_cases(50)));
}

}  // namespace
}  // namespace splitlane
