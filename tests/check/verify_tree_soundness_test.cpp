#include <optional>

#include "adversary.hpp"
#include "support/exhaustive.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

// Whatever tree the check can be talked into must be true: exhaustive search over all plans knows the optimum.

namespace splitlane {
namespace {

using namespace test;

// Equal helpers, or all different ones with every feature of instances.
Instance tiny_instance(Random& random) {
  if (random.percent(30)) {
    std::vector<Job> jobs;
    for (std::int64_t clients = random.between(2, 4); clients > 0; --clients) {
      jobs.push_back({random.between(0, 2), random.between(0, 3), random.between(0, 3), random.between(0, 2),
                      random.between(0, 2), random.between(0, 3)});
    }
    return equal_helpers(2, jobs, random.percent(50) ? std::optional<Megabytes>(random.between(3, 9)) : std::nullopt);
  }
  InstanceShape shape;
  shape.fewest_clients = 2;
  shape.most_clients = 3;
  shape.most_helpers = 2;
  shape.longest = 3;
  shape.largest_switch_cost = 1;
  return random_instance(random.next(), shape);
}

std::vector<Time> random_steps(Random& random, Time highest) {
  std::vector<Time> steps = {random.between(0, highest)};
  while (random.percent(30)) steps.push_back(steps.back() + random.between(1, 3));
  return steps;
}

PricedRow random_row(Random& random, const Instance& instance, const Certificate& claim) {
  const HelperIndex helper(
      static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(instance.helper_count()) - 1)));
  const Time price = random.between(1, 3);
  const std::int64_t kind = random.between(0, 9);
  if (kind == 0) return memory_row(helper, price);
  if (kind <= 2 && !claim.no_goods.empty()) return no_good_row(0, helper, price);
  const Time half = claim.lower_bound / 2;
  if (kind <= 5) return reachable_row(helper, random.between(0, half), random.between(0, half), price);
  return window_row(helper, random_steps(random, half), random_steps(random, half), price);
}

// Some rows, rather one of each helper than many of one.
ProofStep random_price_leaf(Random& random, const Instance& instance, const Certificate& claim) {
  std::vector<PricedRow> rows;
  for (std::int64_t count = random.between(1, 3); count > 0; --count) {
    rows.push_back(random_row(random, instance, claim));
  }
  if (random.percent(50)) {
    PricedRow other = rows.front();
    other.helper = HelperIndex(instance.helper_count() - 1 - other.helper.value());
    rows.push_back(other);
  }
  return prices(rows);
}

ProofStep random_packings(Random& random, const Instance& instance, const Certificate& claim) {
  std::vector<std::int64_t> values;
  for (const ClientIndex client : instance.clients()) {
    bool has_local = false;
    for (const OptionIndex option : instance.options(client)) has_local = has_local || instance.is_local(option);
    values.push_back(has_local && random.percent(90) ? 0 : random.between(0, 2));
  }
  std::vector<PackingBound> bounds;
  for (const HelperIndex helper : instance.helpers()) {
    PackingBound bound{{helper}, random.between(0, 3), random.between(1, 4), {}};
    if (random.percent(50)) {
      PricedRow row = random_row(random, instance, claim);
      row.helper = helper;
      bound.rows.push_back(row);
    } else if (random.percent(50)) {
      bound.phase_unit = random.between(1, 3);
    }
    bounds.push_back(bound);
  }
  if (bounds.size() == 2 && random.percent(50)) {
    bounds.front().helpers.push_back(bounds.back().helpers.front());
    bounds.pop_back();
  }
  return packings(values, bounds);
}

std::vector<ProofStep> leaf_candidates(Random& random, const Instance& instance, const Certificate& claim) {
  std::vector<ProofStep> leaves = {prices({})};
  for (int count = 0; count < 25; ++count) leaves.push_back(random_price_leaf(random, instance, claim));
  for (int count = 0; count < 25; ++count) leaves.push_back(random_packings(random, instance, claim));
  return leaves;
}

OptionIndex random_option(Random& random, const Instance& instance, ClientIndex client) {
  const IndexRange<OptionIndex> options = instance.options(client);
  return options[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(options.size()) - 1))];
}

std::vector<ProofStep> random_shape(Random& random, const Instance& instance) {
  std::vector<ProofStep> shape;
  std::int64_t splits = random.between(0, 5);
  for (std::int64_t open = 1; open > 0; --open) {
    for (; splits > 0 && random.percent(70); --splits) {
      const ClientIndex client(
          static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(instance.client_count()) - 1)));
      if (instance.helper_count() == 2 && random.percent(25)) {
        shape.push_back(symmetry(client, kHelper0, kHelper1));
        continue;
      }
      shape.push_back(split(client, {random_option(random, instance, client)}));
      ++open;
    }
    shape.push_back(prices({}));
  }
  return shape;
}

// A set of options of one helper that windows alone may or may not exclude.
std::vector<NoGood> random_no_goods(Random& random, const Instance& instance, Time makespan) {
  NoGood no_good;
  no_good.helper =
      HelperIndex(static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(instance.helper_count()) - 1)));
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = random_option(random, instance, client);
    if (instance.helper(option) == no_good.helper) no_good.options.push_back(option);
  }
  if (no_good.options.empty()) return {};
  no_good.proof = {lane_window(random.between(0, makespan / 2), random.between(makespan / 2, makespan))};
  return {no_good};
}

bool persuades(Random& random, const Instance& instance, Certificate& claim) {
  return persuade<ProofStep>(
      instance, claim, "steps", claim.steps.size(),
      [&](std::size_t step) {
        const ProofStep::Kind kind = claim.steps[step].kind;
        const bool is_leaf = kind == ProofStep::Kind::kPrices || kind == ProofStep::Kind::kPackings;
        return is_leaf ? leaf_candidates(random, instance, claim) : std::vector<ProofStep>{};
      },
      [&](std::size_t step) -> ProofStep& { return claim.steps[step]; });
}

TEST(VerifyTreeSoundness, NoTreeExceedsTheOptimum) {
  int accepted_at_optimum = 0;
  int accepted_trees = 0;
  int accepted_packings = 0;
  constexpr std::uint64_t kSeeds = kSanitized ? 100 : 400;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Random random(seed);
    const Instance instance = tiny_instance(random);
    const std::optional<Time> optimum = exhaustive_optimum(instance);
    if (!optimum) continue;
    for (int count = 0; count < 6; ++count) {
      const Time bound = *optimum + (count % 3 == 0 ? 0 : 1);
      if (bound < 1) continue;
      Certificate claim =
          certificate(bound, random_shape(random, instance), random_no_goods(random, instance, bound - 1));
      if (flawed_position(verify_certificate(instance, claim), "no_goods") == 0) claim.no_goods.clear();
      const bool accepted = persuades(random, instance, claim);
      EXPECT_FALSE(accepted && bound > *optimum) << "seed " << seed << ", bound " << bound;
      if (!accepted) continue;
      ++accepted_at_optimum;
      if (claim.steps.size() > 1) ++accepted_trees;
      for (const ProofStep& step : claim.steps) accepted_packings += step.kind == ProofStep::Kind::kPackings ? 1 : 0;
    }
  }
  EXPECT_GT(accepted_at_optimum, static_cast<int>(kSeeds / 2));
  EXPECT_GT(accepted_trees, static_cast<int>(kSeeds / 4));
  EXPECT_GT(accepted_packings, static_cast<int>(kSeeds / 40));
}

}  // namespace
}  // namespace splitlane
