// Proofs of the exact lane hold for what they claim and for nothing that is false.
#include <gtest/gtest.h>

#include "support/exact_lane.hpp"
#include "support/hard_lanes.hpp"

namespace splitlane {
namespace {

using test::Random;

struct ProvedLane {
  std::vector<Service> services;
  LaneOptimum optimum;
  bool preemptive;
};

ProvedLane proved_lane(std::uint64_t seed) {
  Random random(seed);
  ProvedLane lane;
  lane.services = test::flow_services(random, 5 + seed % 3, 25);
  lane.preemptive = seed % 2 == 0;
  ExactLaneParameters parameters;
  parameters.preemptive = lane.preemptive;
  parameters.want_proof = true;
  lane.optimum = optimal_lane(lane.services, {}, parameters);
  return lane;
}

LaneProof mutated(const LaneProof& proof, Random& random) {
  LaneProof result = proof;
  const auto place = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(result.size()) - 1));
  LaneProofStep& step = result[place];
  switch (random.between(0, 4)) {
    case 0: step.first += random.between(-2, 2); break;
    case 1: step.second += random.between(-2, 2); break;
    case 2: result.erase(result.begin() + static_cast<std::ptrdiff_t>(place)); break;
    case 3: result.insert(result.begin() + static_cast<std::ptrdiff_t>(place), step); break;
    default: std::swap(step.first, step.second); break;
  }
  return result;
}

TEST(LaneProof, MutationsNeverProveWhatIsFalse) {
  std::size_t refused = 0;
  std::size_t still_proofs = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const ProvedLane lane = proved_lane(seed);
    ASSERT_FALSE(lane.optimum.proof.empty());
    const Time makespan = lane.optimum.makespan;
    test::LaneProofChecker of_truth(lane.services, makespan - 1, lane.preemptive);
    test::LaneProofChecker of_falsehood(lane.services, makespan, lane.preemptive);
    ASSERT_TRUE(of_truth.accepts(lane.optimum.proof)) << "seed " << seed;
    ASSERT_FALSE(of_falsehood.accepts(lane.optimum.proof)) << "seed " << seed;
    Random random(seed);
    for (int mutation = 0; mutation < 50; ++mutation) {
      const LaneProof changed = mutated(lane.optimum.proof, random);
      (of_truth.accepts(changed) ? still_proofs : refused) += 1;
      ASSERT_FALSE(of_falsehood.accepts(changed)) << "seed " << seed;
    }
  }
  EXPECT_GT(refused, still_proofs / 4);
}

TEST(LaneProof, IsIncompleteWithoutAnyOfItsSteps) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const ProvedLane lane = proved_lane(seed);
    test::LaneProofChecker checker(lane.services, lane.optimum.makespan - 1, lane.preemptive);
    LaneProof proof = lane.optimum.proof;
    while (!proof.empty()) {
      proof.pop_back();
      EXPECT_FALSE(checker.accepts(proof));
    }
    proof = lane.optimum.proof;
    proof.push_back(proof.back());
    EXPECT_FALSE(checker.accepts(proof));
  }
}

TEST(LaneProof, OrdersProveNothingAboutPreemption) {
  for (std::uint64_t seed = 1; seed < 60; seed += 2) {
    const ProvedLane lane = proved_lane(seed);
    bool has_order = false;
    for (const LaneProofStep& step : lane.optimum.proof) {
      has_order = has_order || step.kind == LaneProofStep::Kind::kOrder;
    }
    test::LaneProofChecker preemptive(lane.services, lane.optimum.makespan - 1, true);
    if (has_order) {
      EXPECT_FALSE(preemptive.accepts(lane.optimum.proof));
    }
  }
}

}  // namespace
}  // namespace splitlane
