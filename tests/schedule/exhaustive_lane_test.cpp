// The enumeration of lanes that pay for every run, against the exhaustive slot search, which knows no normal form.
#include "schedule/exact/exhaustive_lane.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "splitlane/check/verify.hpp"
#include "support/brute_force.hpp"
#include "support/exact_lane.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

using test::Random;
using Verdict = LaneDecision::Verdict;

constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

// An optimised build ran 70,000, with tasks of up to 9 and four clients.
std::uint64_t case_count() {
  const char* text = std::getenv("SPLITLANE_LANE_CASES");
  return text == nullptr ? test::random_cases(1000) : std::stoull(text);
}

struct CostlyLane {
  std::vector<Service> services;
  SwitchRule rule;
};

CostlyLane costly_lane(std::uint64_t seed) {
  Random random(seed);
  test::LaneShape shape;
  shape.fewest_services = 2;
  shape.longest_work = random.between(1, 4);
  shape.longest_wait = random.between(1, 6);
  shape.zero_length_percent = 8;
  CostlyLane lane;
  lane.services = test::random_services(random, shape);
  lane.rule = {seed % 2 == 0 ? SwitchModel::kOccupy : SwitchModel::kCharge, random.between(1, 3)};
  return lane;
}

// One no-good of all clients, and the row that says it.
Certificate exhaustive_claim(const Instance& instance, Time bound) {
  PricedRow row;
  row.kind = PricedRow::Kind::kNoGood;
  row.helper = HelperIndex(0);
  row.price = 1;
  ProofStep leaf;
  leaf.rows = {row};
  NoGood no_good{HelperIndex(0), {}, {{LaneProofStep::Kind::kExhaustive, 0, 0, {}}}};
  for (const OptionIndex option : instance.options()) no_good.options.push_back(option);
  return {bound, true, {no_good}, {leaf}};
}

TEST(ExhaustiveLane, AgreesWithTheSlotSearchAndIsVerifiedInAsManyStates) {
  std::size_t interrupted = 0;
  for (std::uint64_t seed = 0; seed < case_count(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto [services, rule] = costly_lane(seed);
    const Time optimum = test::brute_force_optimum(services, rule);
    const Instance instance = test::one_helper_instance(services, rule);
    ExhaustiveLane lane;
    ASSERT_EQ(lane.decide(services, rule, optimum, kNoLimit, {}), Verdict::kFeasible);
    test::expect_lane_by(services, rule, lane.lane(), optimum);
    interrupted += lane.lane().size() > 2 * services.size() ? 1U : 0U;
    EXPECT_FALSE(verify_certificate(instance, exhaustive_claim(instance, optimum + 1)).accepted);
    if (optimum == 0) continue;
    ASSERT_EQ(lane.decide(services, rule, optimum - 1, kNoLimit, {}), Verdict::kInfeasible);
    const VerifyReport report = verify_certificate(instance, exhaustive_claim(instance, optimum));
    EXPECT_TRUE(report.accepted) << report.flaw;
    EXPECT_EQ(report.lane_states, lane.states());
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_TRUE(test::kSanitized || interrupted > 0);  // the first hundred seeds interrupt nothing
}

// Switching takes 2. By 17: forward o of 6 from 0; x, of 1 and ready at 5, ends by 7; y, of 1 and ready at 10, by 12.
// Were x to run in [5, 6), o would have [2, 3) before it, nothing between 6 and 10, which takes two switches, and 5
// from 13 on: 18. But x may wait until 6, and o has [2, 4), then [13, 17). By 16 x has to start at 5.
TEST(ExhaustiveLane, InterruptsLaterThanAtTheReleaseWhereThatIsBetter) {
  const std::vector<Service> services = {{0, 6, 0, 0, 0}, {5, 1, 0, 0, 10}, {10, 1, 0, 0, 5}};
  const SwitchRule rule{SwitchModel::kOccupy, 2};
  ExhaustiveLane lane;
  ASSERT_EQ(lane.decide(services, rule, 17, kNoLimit, {}), Verdict::kFeasible);
  const Lane expected = {
      {0, Task::kForward, 2, 4}, {1, Task::kForward, 6, 7}, {2, Task::kForward, 10, 11}, {0, Task::kForward, 13, 17}};
  EXPECT_EQ(lane.lane(), expected);
  EXPECT_EQ(lane.decide(services, rule, 16, kNoLimit, {}), Verdict::kInfeasible);
}

TEST(ExhaustiveLane, FindsTheLaneAgainForItsOwnMakespanInNoMoreStates) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto [services, rule] = costly_lane(seed);
    ExhaustiveLane lane;
    ASSERT_EQ(lane.decide(services, rule, 100, kNoLimit, {}), Verdict::kFeasible);
    const std::uint64_t states = lane.states();
    const Time makespan = makespan_of(evaluate_lane(services, rule, lane.lane()));
    EXPECT_EQ(lane.decide(services, rule, makespan, states, {}), Verdict::kFeasible) << "seed " << seed;
  }
}

TEST(ExhaustiveLane, GivesUpAtItsLimits) {
  const SwitchRule rule{SwitchModel::kCharge, 1};
  ExhaustiveLane lane;
  const std::vector<Service> few(ExhaustiveLane::kMostServices, Service{0, 1, 1, 1, 1});
  EXPECT_EQ(lane.decide(few, rule, 100, kNoLimit, {}), Verdict::kFeasible);
  EXPECT_EQ(lane.decide(few, rule, 100, 3, {}), Verdict::kUnknown);
  const std::vector<Service> many(ExhaustiveLane::kMostServices + 1, Service{0, 1, 1, 1, 1});
  EXPECT_EQ(lane.decide(many, rule, 100, kNoLimit, {}), Verdict::kUnknown);
}

}  // namespace
}  // namespace splitlane
