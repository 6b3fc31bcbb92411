// What binds the optimum is read off the proof: a path, windows, memory, order, or several of them.
#include "splitlane/analysis/explanation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "splitlane/certificate/certificate.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/plan/service.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = Binding::Kind;

constexpr HelperIndex kH0(0);
constexpr HelperIndex kH1(1);

OptionSpec served_by(HelperIndex helper, Time release, Time forward, Time turnaround, Time backward, Time tail,
                     Megabytes memory = 0) {
  return {helper, release, forward, turnaround, 0, backward, tail, memory, std::nullopt, std::nullopt};
}

Plan proven_plan(const Instance& instance) {
  MethodParameters parameters;
  parameters.certificate = true;
  Plan plan = plan_exact(instance, parameters);
  EXPECT_TRUE(test::is_valid_plan(instance, plan));
  EXPECT_EQ(plan.proof.status, PlanStatus::kOptimal);
  return plan;
}

TEST(ExplainBound, NamesTheClientWhosePathItIsAndTheRunnersUp) {
  // a needs 5 + 4 + 3 + 2 + 6 = 20 on h0 and 22 on h1; b needs 1 + 1 + 0 + 1 + 2 = 5 and fits in between.
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_helper({"h1", std::nullopt, 0});
  builder.add_client("a");
  builder.add_option(served_by(kH1, 5, 4, 3, 4, 6));
  builder.add_option(served_by(kH0, 5, 4, 3, 2, 6));
  builder.add_client("b");
  builder.add_option(served_by(kH0, 1, 1, 0, 1, 2));
  const Instance instance = builder.build();
  const Plan plan = proven_plan(instance);
  ASSERT_EQ(plan.schedule.makespan, 20);
  const Binding binding = explain_bound(instance, plan);
  EXPECT_EQ(binding.kind, Kind::kPath);
  EXPECT_THAT(binding.clients, ElementsAre(ClientIndex(0)));
  EXPECT_THAT(binding.helpers, ElementsAre(kH0));
  EXPECT_EQ(
      binding.text,
      "client a needs 20 even with a helper to itself (option 1 on h0; 22 with option 0 on h1); next, client b, 5");
}

TEST(ExplainBound, NamesSeveralClientsOfTheSamePath) {
  // Both need 7, one of them only locally, and neither waits for the other.
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_client("a");
  builder.add_option(served_by(kH0, 1, 1, 2, 1, 2));
  builder.add_client("b");
  builder.add_local_option({7, 0, std::nullopt, std::nullopt});
  const Instance instance = builder.build();
  const Binding binding = explain_bound(instance, proven_plan(instance));
  EXPECT_EQ(binding.kind, Kind::kPath);
  EXPECT_THAT(binding.clients, ElementsAre(ClientIndex(0), ClientIndex(1)));
  EXPECT_EQ(binding.text, "clients a and b need 7 even with a helper to themselves");
}

TEST(ExplainBound, NamesTheHelperWhoseWindowItIs) {
  // Three clients of h0 alone, each 4 + 3 of work behind a head of 1 and before a tail of 2: 1 + 3 * 7 + 2 = 24, met by
  // running one after the other. d has h1 for itself.
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_helper({"h1", std::nullopt, 0});
  for (const char* id : {"a", "b", "c"}) {
    builder.add_client(id);
    builder.add_option(served_by(kH0, 1, 4, 0, 3, 2));
  }
  builder.add_client("d");
  builder.add_option(served_by(kH1, 0, 1, 0, 1, 0));
  const Instance instance = builder.build();
  const Plan plan = proven_plan(instance);
  ASSERT_EQ(plan.schedule.makespan, 24);
  const Binding binding = explain_bound(instance, plan);
  EXPECT_EQ(binding.kind, Kind::kWindow);
  EXPECT_THAT(binding.helpers, ElementsAre(kH0));
  EXPECT_TRUE(binding.clients.empty());
  EXPECT_EQ(binding.text, "windows of helper h0: h0 works 21 of the 21 from 1 to 22 (bound - 2)");
}

TEST(ExplainBound, NamesAllHelpersWhoseWindowsBindTogether) {
  // Four clients of 6 on either of two helpers: 24 / 2 = 12 from the first instant to the last, two clients each.
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_helper({"h1", std::nullopt, 0});
  for (const char* id : {"a", "b", "c", "d"}) {
    builder.add_client(id);
    builder.add_option(served_by(kH0, 0, 4, 0, 2, 0));
    builder.add_option(served_by(kH1, 0, 4, 0, 2, 0));
  }
  const Instance instance = builder.build();
  const Plan plan = proven_plan(instance);
  ASSERT_EQ(plan.schedule.makespan, 12);
  const Binding binding = explain_bound(instance, plan);
  EXPECT_EQ(binding.kind, Kind::kWindow);
  EXPECT_THAT(binding.helpers, ElementsAre(kH0, kH1));
  EXPECT_EQ(
      binding.text,
      "windows of helpers h0 and h1: h0 works 12 of the 12 from 0 to 12, 50 % of the price; h1 works 12 of the 12 "
      "from 0 to 12, 50 % of the price");
}

TEST(ExplainBound, NamesTheHelperWhoseMemoryOneClientExceeds) {
  // a's path is 10 on h0, which cannot hold it, and 20 on h1.
  InstanceBuilder builder;
  builder.add_helper({"h0", 4, 0});
  builder.add_helper({"h1", std::nullopt, 0});
  builder.add_client("a");
  builder.add_option(served_by(kH0, 0, 1, 0, 1, 8, 5));
  builder.add_option(served_by(kH1, 10, 1, 0, 1, 8, 5));
  const Instance instance = builder.build();
  const Binding binding = explain_bound(instance, proven_plan(instance));
  EXPECT_EQ(binding.kind, Kind::kMemory);
  EXPECT_THAT(binding.helpers, ElementsAre(kH0));
  EXPECT_EQ(binding.text,
            "memory of helper h0: its 4 MB cannot hold the 5 MB of client a, whose path there is 10, not 20");
}

TEST(ExplainBound, NamesTheHelperWhoseMemorySeveralClientsExceed) {
  // Either client ends at 10 on h0 and at 20 on h1; h0 has 4 MB and each takes 3. With both on h0 the work would fit
  // (2 + 2 and a tail of 8 end at 12), so below 20 only memory stands in the way.
  InstanceBuilder builder;
  builder.add_helper({"h0", 4, 0});
  builder.add_helper({"h1", std::nullopt, 0});
  for (const char* id : {"a", "b"}) {
    builder.add_client(id);
    builder.add_option(served_by(kH0, 0, 1, 0, 1, 8, 3));
    builder.add_option(served_by(kH1, 10, 1, 0, 1, 8, 3));
  }
  const Instance instance = builder.build();
  const Plan plan = proven_plan(instance);
  ASSERT_EQ(plan.schedule.makespan, 20);
  const Binding binding = explain_bound(instance, plan);
  EXPECT_EQ(binding.kind, Kind::kMemory);
  EXPECT_THAT(binding.helpers, ElementsAre(kH0));
  EXPECT_EQ(binding.text, "memory of helper h0: h0 holds 3 of 4 MB");
}

// Two clients of 2 and 1 MB and work 3 each on h0 (memory 4) or h1; C = 8 is what the certificates below refute.
Instance two_clients() {
  InstanceBuilder builder;
  builder.add_helper({"h0", 4, 0});
  builder.add_helper({"h1", 4, 0});
  for (const char* id : {"a", "b"}) {
    builder.add_client(id);
    builder.add_option(served_by(kH0, 1, 2, 1, 1, 1, 2));
    builder.add_option(served_by(kH1, 1, 2, 1, 1, 1, 2));
  }
  return builder.build();
}

// A plan of `two_clients` that claims 9 with this proof; explaining does not check it.
Plan with_steps(const Instance& instance, std::vector<ProofStep> steps, std::vector<NoGood> no_goods = {}) {
  Plan plan;
  plan.schedule.makespan = plan.proof.lower_bound = 9;
  plan.schedule.choice = {instance.options(ClientIndex(0))[0], instance.options(ClientIndex(1))[0]};
  Certificate certificate;
  certificate.lower_bound = 9;
  certificate.steps = std::move(steps);
  certificate.no_goods = std::move(no_goods);
  plan.proof.certificate = std::make_shared<const Certificate>(std::move(certificate));
  return plan;
}

PricedRow window(HelperIndex helper, std::int64_t price) {
  PricedRow row;
  row.helper = helper;
  row.heads = {1};
  row.tails = {1};
  row.price = price;
  return row;
}

PricedRow other_row(PricedRow::Kind kind, HelperIndex helper, std::int64_t price) {
  PricedRow row;
  row.kind = kind;
  row.helper = helper;
  row.price = price;
  return row;
}

ProofStep prices(std::vector<PricedRow> rows) {
  ProofStep step;
  step.rows = std::move(rows);
  return step;
}

ProofStep split() {
  ProofStep step;
  step.kind = ProofStep::Kind::kSplit;
  step.client = ClientIndex(0);
  step.options = {OptionIndex(0)};
  return step;
}

TEST(ExplainBound, WeighsRowsByTheirShareOfThePrice) {
  // The window's capacity is 8 - 1 - 1 = 6, at price 2 worth 12; memory is worth 4 * 1 = 4: 75 % and 25 %. Both clients
  // on h0 make 6 of 7 at the bound itself, and 4 of 4 MB.
  const Instance instance = two_clients();
  const Binding binding = explain_bound(
      instance, with_steps(instance, {prices({other_row(PricedRow::Kind::kMemory, kH1, 1), window(kH0, 2)})}));
  EXPECT_EQ(binding.kind, Kind::kMixed);
  EXPECT_THAT(binding.helpers, ElementsAre(kH0, kH1));
  EXPECT_EQ(binding.text,
            "windows (75 %), memory (25 %) of helpers h0 and h1: h0 works 6 of the 7 from 1 to 8 (bound - 1), 75 % of "
            "the price; h1 holds 0 of 4 MB, 25 % of the price");
}

TEST(ExplainBound, NamesTheClientsOfANoGood) {
  const Instance instance = two_clients();
  NoGood no_good;
  no_good.helper = kH1;
  no_good.options = {OptionIndex(1), OptionIndex(3)};
  const Binding binding =
      explain_bound(instance, with_steps(instance, {prices({other_row(PricedRow::Kind::kNoGood, kH1, 1)})}, {no_good}));
  EXPECT_EQ(binding.kind, Kind::kCoupling);
  EXPECT_THAT(binding.clients, ElementsAre(ClientIndex(0), ClientIndex(1)));
  EXPECT_THAT(binding.helpers, ElementsAre(kH1));
  EXPECT_EQ(binding.text,
            "the order of forward and backward of helper h1: clients a and b get in each other's way on h1");
}

TEST(ExplainBound, CountsBranchesAndLetsEachLeafCountOnce) {
  // Leaves: windows of h0, windows of h0, memory of h1, and one that the branches emptied.
  const Instance instance = two_clients();
  const Binding binding = explain_bound(
      instance, with_steps(instance, {split(), prices({window(kH0, 1)}), split(), prices({window(kH0, 5)}), split(),
                                      prices({}), prices({other_row(PricedRow::Kind::kMemory, kH1, 1)})}));
  EXPECT_EQ(binding.kind, Kind::kMixed);
  EXPECT_THAT(binding.helpers, ElementsAre(kH0, kH1));
  EXPECT_EQ(binding.text, "windows (67 %), memory (33 %) of helpers h0 and h1; proven by 3 branches");
}

TEST(ExplainBound, PackingsAreCouplingsOnlyWhereTheProofHasNoGoods) {
  const Instance instance = two_clients();
  ProofStep step;
  step.kind = ProofStep::Kind::kPackings;
  step.packings = {{{kH0, kH1}, 3, 1, {}}};
  const Binding packing = explain_bound(instance, with_steps(instance, {step}));
  EXPECT_EQ(packing.kind, Kind::kPacking);
  EXPECT_EQ(packing.text, "which whole clients fit together of helpers h0 and h1; proven at once");
  NoGood no_good;
  no_good.helper = kH0;
  no_good.options = {OptionIndex(0), OptionIndex(2)};
  EXPECT_EQ(explain_bound(instance, with_steps(instance, {step}, {no_good})).kind, Kind::kCoupling);
}

TEST(ExplainBound, WithoutAProofSaysOnlyThatItIsNoPath) {
  const Instance instance = two_clients();
  Plan plan = with_steps(instance, {});
  plan.proof.certificate = nullptr;
  EXPECT_EQ(explain_bound(instance, plan).kind, Kind::kUnknown);
  plan.proof.lower_bound = 6;  // 1 + 2 + 1 + 1 + 1
  EXPECT_EQ(explain_bound(instance, plan).kind, Kind::kPath);
}

// Whether an option fits its helper's memory alone and ends before `bound` when nobody else is there.
bool ends_before(const Instance& instance, OptionIndex option, Time bound) {
  if (instance.is_local(option)) return instance.path(option) < bound;
  const HelperIndex helper = instance.helper(option);
  return instance.memory_demand(option) <= instance.memory_capacity(helper).value_or(kLargestNumber) &&
         plain_service(service_of(instance, option), switch_rule_of(instance, helper)).path() < bound;
}

// Whether some client's every option ends no sooner than `bound` even alone and in an empty memory.
bool is_path_or_own_memory(const Instance& instance, Time bound) {
  for (const ClientIndex client : instance.clients()) {
    bool in_time = false;
    for (const OptionIndex option : instance.options(client)) in_time = in_time || ends_before(instance, option, bound);
    if (!in_time) return true;
  }
  return false;
}

TEST(ExplainBound, OnRandomInstancesAlwaysFindsAReasonAndAPathExactlyWhereItIsOne) {
  constexpr std::uint64_t kCases = test::random_cases(400);
  test::InstanceShape free_switches;  // where preemption costs time, bound and plan need not meet
  free_switches.switch_cost_percent = 0;
  std::vector<int> seen(7, 0);
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const Instance instance = test::random_instance(seed, free_switches);
    Plan plan;
    try {
      plan = proven_plan(instance);
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::kInfeasible);
      continue;
    }
    const Binding binding = explain_bound(instance, plan);
    ++seen[static_cast<std::size_t>(binding.kind)];
    ASSERT_NE(binding.kind, Kind::kUnknown) << seed;
    ASSERT_FALSE(binding.text.empty()) << seed;
    const bool alone = is_path_or_own_memory(instance, plan.proof.lower_bound);
    ASSERT_EQ(alone, !binding.clients.empty() && binding.kind != Kind::kCoupling && binding.kind != Kind::kMixed)
        << seed << ": " << binding.text;
    ASSERT_TRUE(alone || !binding.helpers.empty()) << seed;
  }
  EXPECT_GT(seen[static_cast<std::size_t>(Kind::kPath)], static_cast<int>(test::random_cases(50)));
  EXPECT_GT(seen[static_cast<std::size_t>(Kind::kWindow)], static_cast<int>(test::random_cases(50)));
  EXPECT_GT(seen[static_cast<std::size_t>(Kind::kMemory)], static_cast<int>(test::random_cases(10)));
}

}  // namespace
}  // namespace splitlane
