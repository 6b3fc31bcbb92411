#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <vector>

#include "splitlane/schedule/exact.hpp"
#include "support/brute_force.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/lane_plan.hpp"
#include "support/lane_proof_checker.hpp"

namespace splitlane::test {

inline std::vector<Service> plain_services(std::span<const Service> services, const SwitchRule& rule) {
  std::vector<Service> plain;
  for (const Service& service : services) plain.push_back(plain_service(service, rule));
  return plain;
}

/// The lane is one of a plan that the checker accepts, with completions up to `makespan`.
inline void expect_lane_by(std::span<const Service> services, const SwitchRule& rule, const Lane& lane, Time makespan) {
  EXPECT_LE(makespan_of(evaluate_lane(services, rule, lane)), makespan);
  const Instance instance = one_helper_instance(services, rule);
  expect_valid_plan(instance, one_helper_plan(instance, lane));
}

/// The proof holds for the plain services, or is exhaustive and true. It may be missing where a service without work is
/// late by itself.
inline void expect_proof(std::span<const Service> services, const SwitchRule& rule, Time makespan, bool preemptive,
                         const LaneProof& proof) {
  const std::vector<Service> plain = plain_services(services, rule);
  if (proof.empty()) {
    EXPECT_TRUE(std::any_of(plain.begin(), plain.end(), [makespan](const Service& service) {
      return service.load() == 0 && service.path() > makespan;
    }));
    return;
  }
  if (proof.front().kind == LaneProofStep::Kind::kExhaustive) {
    EXPECT_EQ(proof.size(), 1u);
    EXPECT_GT(brute_force_optimum(services, rule), makespan);
    return;
  }
  EXPECT_TRUE(LaneProofChecker(plain, makespan, preemptive).accepts(proof));
}

/// `decide_lane` answers rightly, with lane or proof, for the makespans around an optimum known from elsewhere, and
/// `optimal_lane` finds and proves it.
inline void expect_exact_around(std::span<const Service> services, const SwitchRule& rule,
                                ExactLaneParameters parameters, Time optimum) {
  parameters.want_proof = true;
  for (Time makespan = std::max<Time>(0, optimum - 3); makespan <= optimum + 1; ++makespan) {
    const LaneDecision decision = decide_lane(services, rule, makespan, parameters);
    if (makespan >= optimum) {
      ASSERT_EQ(decision.verdict, LaneDecision::Verdict::kFeasible) << "makespan " << makespan;
      expect_lane_by(services, rule, decision.lane, makespan);
    } else {
      ASSERT_EQ(decision.verdict, LaneDecision::Verdict::kInfeasible) << "makespan " << makespan;
      expect_proof(services, rule, makespan, parameters.preemptive, decision.proof);
    }
  }
  const LaneOptimum result = optimal_lane(services, rule, parameters);
  EXPECT_EQ(result.makespan, optimum);
  EXPECT_EQ(result.lower_bound, optimum);
  expect_lane_by(services, rule, result.lane, optimum);
  if (optimum > 0) expect_proof(services, rule, optimum - 1, parameters.preemptive, result.proof);
}

}  // namespace splitlane::test
