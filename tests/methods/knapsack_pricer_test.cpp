// Pricing by knapsacks, and the tables behind it, against all subsets.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "methods/exact/knapsack_pricer.hpp"
#include "methods/exact/knapsack_table.hpp"
#include "methods/exact/lane_cache.hpp"
#include "methods/exact/no_good_pool.hpp"
#include "methods/exact/packing_pricer.hpp"
#include "methods/exact/window_pricer.hpp"
#include "splitlane/check/verify.hpp"
#include "support/brute_force.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

namespace splitlane::exact {
namespace {

constexpr std::uint64_t kNodes = 1'000'000;

// The most that a subset of `items`, with the forced one, is worth; nullopt when there is none.
std::optional<std::int64_t> most_by_subsets(const std::vector<KnapsackItem>& items, std::size_t forced, Time room) {
  std::optional<std::int64_t> most;
  for (std::size_t subset = 0; subset < std::size_t{1} << items.size(); ++subset) {
    std::int64_t value = 0;
    Time forward = 0;
    Time backward = 0;
    bool fits = forced == items.size() || (subset >> forced & 1) != 0;
    for (std::size_t position = 0; position < items.size(); ++position) {
      if ((subset >> position & 1) == 0) continue;
      value += items[position].value;
      forward += items[position].forward;
      if (position != forced) backward += items[position].backward;
      fits = fits && (items[position].forward == 0 || forward <= items[position].deadline);
    }
    if (fits && backward <= room && (!most || value > *most)) most = value;
  }
  return most;
}

TEST(KnapsackTable, IsExactInUnitsOfOneAndAnUpperBoundInLongerOnes) {
  KnapsackTable table;
  for (std::uint64_t seed = 0; seed < test::random_cases(3000); ++seed) {
    test::Random random(seed);
    std::vector<KnapsackItem> items(static_cast<std::size_t>(random.between(0, 6)));
    for (KnapsackItem& item : items) {
      item = {random.between(0, 9), random.between(0, 5), random.between(0, 15), random.between(0, 5)};
    }
    std::sort(items.begin(), items.end(),
              [](const KnapsackItem& left, const KnapsackItem& right) { return left.deadline < right.deadline; });
    const auto forced = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(items.size())));
    const Time room = random.between(0, 12);
    const Time unit = random.between(1, 3);
    table.fill(items, forced, room, unit);
    const auto most = most_by_subsets(items, forced, room);
    const std::int32_t bound = table.most(0, 0, room);
    if (unit == 1 && !most) {
      EXPECT_LT(bound, 0) << "seed " << seed;
    } else if (unit == 1) {
      EXPECT_EQ(bound, *most) << "seed " << seed;
    } else if (most) {
      EXPECT_GE(bound, *most) << "seed " << seed;
    }
  }
}

// A helper, the values of its clients, and a makespan that some of them fit.
struct PricingCase {
  Instance instance;
  std::vector<std::int64_t> values;
  Time makespan;
};

PricingCase pricing_case(std::uint64_t seed) {
  test::InstanceShape shape;
  shape.most_clients = 5;
  shape.most_helpers = 1;
  shape.longest = 4;
  shape.longest_wait = seed % 3 == 0 ? 0 : 4;
  shape.longest_turnaround = seed % 2 == 0 ? 16 : 6;
  shape.missing_edge_percent = 0;
  shape.local_option_percent = 0;
  shape.switch_cost_percent = 0;
  Instance instance = test::random_instance(seed, shape);
  test::Random random(seed + 1'000'000);
  std::vector<std::int64_t> values;
  Time longest = 0;
  for (const ClientIndex client : instance.clients()) {
    values.push_back(random.between(0, 4));
    for (const OptionIndex option : instance.options(client)) longest = std::max(longest, instance.path(option));
  }
  return {std::move(instance), std::move(values), longest + random.between(-2, 5)};
}

// By every subset of the columns, each judged by a search that knows only the rules.
std::int64_t most_by_subsets(const ColumnTable& columns, const PricingCase& scene) {
  std::int64_t most = 0;
  for (std::size_t subset = 0; subset < std::size_t{1} << columns.size(); ++subset) {
    std::vector<Service> services;
    std::vector<bool> is_taken(columns.client_count(), false);
    std::int64_t value = 0;
    Megabytes memory = 0;
    bool fits = true;
    for (ColumnIndex column = 0; column < columns.size(); ++column) {
      if ((subset >> column & 1) == 0) continue;
      const std::size_t client = columns[column].client.value();
      fits = fits && !is_taken[client];
      is_taken[client] = true;
      value += scene.values[client];
      memory += columns[column].memory;
      services.push_back(columns[column].plain);
    }
    if (!fits || value <= most || memory > columns.memory(HelperIndex(0))) continue;
    if (test::brute_force_optimum(services, {}) <= scene.makespan) most = value;
  }
  return most;
}

// The claim that the clients, whose values add up to more than `bound` allows, do not all end by the makespan.
Certificate claim(const PricingCase& scene, PackingBound bound, const NoGoodPool& no_goods) {
  bound.helpers = {HelperIndex(0)};
  ProofStep step;
  step.kind = ProofStep::Kind::kPackings;
  step.values = scene.values;
  step.packings = {std::move(bound)};
  Certificate result;
  result.lower_bound = scene.makespan + 1;
  result.no_goods = no_goods.certified({});
  result.steps = {std::move(step)};
  return result;
}

template <class Pricer>
void expect_exact_with_proof(std::uint64_t all_cases) {
  const std::uint64_t cases = test::random_cases(all_cases);
  int proofs = 0;
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const PricingCase scene = pricing_case(seed);
    const ColumnTable columns(scene.instance, scene.makespan);
    if (columns.size() > 8) continue;
    LaneCache lane_cache(columns, true, {});
    Pricer pricer(columns, HelperIndex(0), lane_cache, scene.makespan, {});
    const Domain domain(columns, scene.makespan);
    const std::int64_t nothing = std::numeric_limits<std::int64_t>::max();
    const PricingAnswer answer = pricer.price({domain, scene.values, 0, nothing, kNodes});
    ASSERT_TRUE(answer.complete);
    const std::int64_t most = most_by_subsets(columns, scene);
    ASSERT_EQ(answer.most, most);
    std::int64_t total = 0;
    for (const std::int64_t value : scene.values) total += value;
    if (total == most) continue;
    NoGoodPool no_goods(columns, lane_cache);
    no_goods.start(scene.makespan);
    RefutedSets refuted;
    const PackingBound bound = pricer.certified(most, &refuted);
    no_goods.note(std::move(refuted));
    const VerifyReport report = verify_certificate(scene.instance, claim(scene, bound, no_goods));
    EXPECT_TRUE(report.accepted) << report.flaw;
    ++proofs;
    PackingBound too_good = bound;
    --too_good.most;
    EXPECT_FALSE(verify_certificate(scene.instance, claim(scene, too_good, no_goods)).accepted);
  }
  EXPECT_GT(proofs, static_cast<int>(cases / 6));
}

TEST(KnapsackPricer, FindsTheMostValuableSetAndProvesIt) { expect_exact_with_proof<KnapsackPricer>(1500); }

TEST(WindowPricer, FindsTheMostValuableSetAndProvesIt) { expect_exact_with_proof<WindowPricer>(1500); }

// Twelve clients on one helper, one after the other: forward 3, turnaround 40, backward 3. By 82 the forwards have 82 -
// 43 = 39, room for all 12; the backwards from 43 on 39, room for all. So all fit, and any set worth more than the
// known is enough.
TEST(KnapsackPricer, EndsAsSoonAsItHasFoundEnough) {
  InstanceBuilder builder;
  builder.add_helper({"h", std::nullopt, 0});
  for (std::size_t client = 0; client < 12; ++client) {
    builder.add_client("c" + std::to_string(client));
    builder.add_option({HelperIndex(0), 0, 3, 20, 20, 3, 0, 0, std::nullopt, std::nullopt});
  }
  const Instance instance = builder.build();
  const ColumnTable columns(instance, 82);
  LaneCache lane_cache(columns, true, {});
  KnapsackPricer pricer(columns, HelperIndex(0), lane_cache, 82, {});
  const Domain domain(columns, 82);
  const std::vector<std::int64_t> values(12, 1);
  const PricingAnswer some = pricer.price({domain, values, 2, 2, kNodes});
  ASSERT_FALSE(some.sets.empty());
  EXPECT_GT(some.sets.back().size(), 2U);
  const PricingAnswer all = pricer.price({domain, values, 2, 12, kNodes});
  EXPECT_TRUE(all.complete);
  EXPECT_EQ(all.most, 12);
}

constexpr std::int64_t kNothingIsEnough = std::numeric_limits<std::int64_t>::max();

// What pricing thoroughly with so few nodes for windows leaves to knapsacks, or not; nodes of knapsacks are not limited
// so.
struct PricedBy {
  PricingAnswer answer;
  PackingBound bound;
  PackingPricer::Knapsacks knapsacks;
};

PricedBy priced(const PricingCase& scene, const ColumnTable& columns, PackingPricer::Knapsacks known, bool thorough,
                std::uint64_t nodes) {
  LaneCache lane_cache(columns, true, {});
  PackingPricer pricer(columns, HelperIndex(0), lane_cache, scene.makespan, known, {});
  const Domain domain(columns, scene.makespan);
  PricedBy result;
  result.answer = pricer.price({domain, scene.values, 0, kNothingIsEnough, nodes}, thorough);
  result.bound = pricer.certified(result.answer.most, nullptr);
  result.knapsacks = pricer.knapsacks();
  return result;
}

TEST(PackingPricer, IsExactWhicheverPartAnswers) {
  using Knapsacks = PackingPricer::Knapsacks;
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const PricingCase scene = pricing_case(seed);
    const ColumnTable columns(scene.instance, scene.makespan);
    if (columns.size() > 8) continue;
    ++compared;
    const std::int64_t most = most_by_subsets(columns, scene);
    for (const Knapsacks known : {Knapsacks::kUntried, Knapsacks::kFirst, Knapsacks::kNever}) {
      const PricedBy result = priced(scene, columns, known, true, kNodes);
      ASSERT_TRUE(result.answer.complete);
      EXPECT_EQ(result.answer.most, most);
      // Windows solve so small a problem, so knapsacks answer only where they are known to be better.
      EXPECT_EQ(result.bound.phase_unit > 0, known == Knapsacks::kFirst);
      EXPECT_EQ(result.knapsacks, known);
    }
  }
  EXPECT_GT(compared, 100);
}

TEST(PackingPricer, TriesKnapsacksOnlyWhenThoroughAndWindowsGaveUp) {
  using Knapsacks = PackingPricer::Knapsacks;
  int tried = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const PricingCase scene = pricing_case(seed);
    const ColumnTable columns(scene.instance, scene.makespan);
    if (columns.size() > 8) continue;
    // One node does not do for windows, except where nothing has to be enumerated.
    const PricedBy quick = priced(scene, columns, Knapsacks::kUntried, false, 1);
    EXPECT_EQ(quick.knapsacks, Knapsacks::kUntried);
    EXPECT_EQ(quick.bound.phase_unit, 0);
    const PricedBy thorough = priced(scene, columns, Knapsacks::kUntried, true, 1);
    EXPECT_EQ(thorough.knapsacks, quick.answer.complete ? Knapsacks::kUntried : Knapsacks::kFirst);
    EXPECT_TRUE(thorough.answer.complete);
    EXPECT_EQ(thorough.answer.most, most_by_subsets(columns, scene));
    tried += thorough.knapsacks == Knapsacks::kFirst ? 1 : 0;
    EXPECT_GE(quick.answer.most, thorough.answer.most);  // a bound even when it gave up
  }
  EXPECT_GT(tried, 50);
}

TEST(PackingPricer, NeverTriesKnapsacksWhereTheirTablesWouldBeTooLarge) {
  InstanceBuilder builder;
  builder.add_helper({"h", std::nullopt, 0});
  for (std::size_t client = 0; client < 501; ++client) {
    builder.add_client("c" + std::to_string(client));
    builder.add_option({HelperIndex(0), 0, 1, 0, 0, 1, 0, 0, std::nullopt, std::nullopt});
  }
  const Instance instance = builder.build();
  const ColumnTable columns(instance, 10);
  ASSERT_FALSE(KnapsackPricer::suits(columns, HelperIndex(0)));
  LaneCache lane_cache(columns, true, {});
  const PackingPricer pricer(columns, HelperIndex(0), lane_cache, 10, PackingPricer::Knapsacks::kFirst, {});
  EXPECT_EQ(pricer.knapsacks(), PackingPricer::Knapsacks::kNever);
}

}  // namespace
}  // namespace splitlane::exact
