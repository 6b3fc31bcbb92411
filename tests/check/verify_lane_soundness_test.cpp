#include <optional>

#include "adversary.hpp"
#include "support/brute_force.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

// Whatever proof the check of one helper can be talked into must be true: exhaustive search knows the optimum.

namespace splitlane {
namespace {

using namespace test;

struct Attempt {
  std::vector<Service> services;
  SwitchRule rule;
  bool preemptive = true;
};

// Splits first, then windows wherever the tree needs leaves; the windows are for the adversary to find.
LaneProof random_shape(Random& random, const Attempt& attempt, Time makespan) {
  const auto services = static_cast<std::int64_t>(attempt.services.size());
  LaneProof shape;
  std::int64_t open = 1;
  for (std::int64_t splits = random.between(0, 3); open > 0; --open) {
    for (; splits > 0 && random.percent(70); --splits, ++open) {
      if (attempt.preemptive || random.percent(30)) {
        shape.push_back(lane_completion(random.between(0, services - 1), random.between(0, makespan)));
      } else {
        shape.push_back(lane_order(random.between(0, 2 * services - 1), random.between(0, 2 * services - 1)));
      }
    }
    shape.push_back(lane_window(0, makespan));
  }
  return shape;
}

std::vector<LaneProofStep> all_windows(Time makespan) {
  std::vector<LaneProofStep> windows;
  for (Time first = 0; first <= makespan + 1; ++first) {
    for (Time second = -1; second <= makespan; ++second) windows.push_back(lane_window(first, second));
  }
  return windows;
}

Certificate claim_of(const Attempt& attempt, Time bound, LaneProof proof) {
  NoGood no_good{kHelper0, {}, std::move(proof)};
  for (std::size_t option = 0; option < attempt.services.size(); ++option) no_good.options.emplace_back(option);
  Certificate claim = certificate(bound, {prices({no_good_row(0, kHelper0)})}, {std::move(no_good)});
  claim.preemptive = attempt.preemptive;
  return claim;
}

bool persuades(const Instance& instance, Certificate& claim) {
  const std::vector<LaneProofStep> windows = all_windows(claim.lower_bound - 1);
  LaneProof& proof = claim.no_goods[0].proof;
  return persuade<LaneProofStep>(
      instance, claim, "proof", proof.size(),
      [&](std::size_t step) {
        return proof[step].kind == LaneProofStep::Kind::kWindow ? windows : std::vector<LaneProofStep>{};
      },
      [&](std::size_t step) -> LaneProofStep& { return proof[step]; });
}

struct Tally {
  int accepted = 0;
  int accepted_with_splits = 0;
};

void attempt_lanes(bool preemptive, std::uint64_t seeds, Tally& tally) {
  LaneShape shape;
  shape.fewest_services = 2;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Random random(seed);
    Attempt attempt{random_services(random, shape), random.percent(50) ? SwitchRule{} : random_switch_rule(random, 2),
                    preemptive};
    const Instance instance = one_helper(attempt.services, attempt.rule);
    const Time optimum = preemptive ? brute_force_optimum(attempt.services, attempt.rule)
                                    : non_preemptive_optimum(attempt.services, attempt.rule);
    for (int count = 0; count < 4; ++count) {
      const Time bound = optimum + (count % 2);
      if (bound < 1) continue;
      Certificate claim = claim_of(attempt, bound, random_shape(random, attempt, bound - 1));
      const bool accepted = persuades(instance, claim);
      EXPECT_FALSE(accepted && bound > optimum) << "seed " << seed << ", bound " << bound;
      tally.accepted += accepted ? 1 : 0;
      tally.accepted_with_splits += accepted && claim.no_goods[0].proof.size() > 1 ? 1 : 0;
    }
  }
}

TEST(VerifyLaneSoundness, NoProofOfPreemptiveLanesExceedsTheOptimum) {
  Tally tally;
  attempt_lanes(true, random_cases(150), tally);
  EXPECT_GT(tally.accepted, static_cast<int>(random_cases(80)));
  EXPECT_GT(tally.accepted_with_splits, static_cast<int>(random_cases(10)));
}

TEST(VerifyLaneSoundness, NoProofOfLanesWithoutPreemptionExceedsTheOptimum) {
  Tally tally;
  attempt_lanes(false, random_cases(150), tally);
  EXPECT_GT(tally.accepted, static_cast<int>(random_cases(80)));
  EXPECT_GT(tally.accepted_with_splits, static_cast<int>(random_cases(10)));
}

// It is accepted for whatever is true, too.
TEST(VerifyLaneSoundness, AnExhaustiveProofHoldsUpToTheOptimumAndNoFurther) {
  LaneShape shape;
  shape.fewest_services = 2;
  for (std::uint64_t seed = 0; seed < random_cases(300); ++seed) {
    Random random(seed);
    const Attempt attempt{random_services(random, shape), random_switch_rule(random, 3), true};
    const Instance instance = one_helper(attempt.services, attempt.rule);
    const Time optimum = brute_force_optimum(attempt.services, attempt.rule);
    const LaneProof proof = {lane_exhaustive()};
    EXPECT_TRUE(optimum == 0 || verify_certificate(instance, claim_of(attempt, optimum, proof)).accepted) << seed;
    EXPECT_FALSE(verify_certificate(instance, claim_of(attempt, optimum + 1, proof)).accepted) << seed;
  }
}

TEST(VerifyLaneSoundness, NoCouplingBoundExceedsTheOptimum) {
  LaneShape shape;
  shape.fewest_services = 2;
  shape.zero_length_percent = 5;
  int accepted_at_optimum = 0;
  for (std::uint64_t seed = 0; seed < random_cases(400); ++seed) {
    Random random(seed);
    const Attempt attempt{random_services(random, shape), random_switch_rule(random, 2), true};
    const Instance instance = one_helper(attempt.services, attempt.rule);
    const Time optimum = brute_force_optimum(attempt.services, attempt.rule);
    for (int count = 0; count < 20; ++count) {
      std::vector<std::int64_t> weights;
      for (std::size_t service = 0; service < attempt.services.size(); ++service) {
        weights.push_back(random.between(0, 5));
      }
      EXPECT_FALSE(verify_certificate(instance, claim_of(attempt, optimum + 1, {lane_coupling(weights)})).accepted);
      if (optimum == 0) continue;
      const bool accepted = verify_certificate(instance, claim_of(attempt, optimum, {lane_coupling(weights)})).accepted;
      accepted_at_optimum += accepted ? 1 : 0;
    }
  }
  EXPECT_GT(accepted_at_optimum, static_cast<int>(random_cases(200)));
}

}  // namespace
}  // namespace splitlane
