// The two ends of the exact search, and what its steps may spend, each by itself.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "methods/exact/incumbent.hpp"
#include "methods/exact/proven_bound.hpp"
#include "methods/exact/search_effort.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/methods/method.hpp"
#include "support/expect_valid_plan.hpp"

namespace splitlane::exact {
namespace {

// Clients that one helper serves in 3 units each, or train alone in 7.
Instance of_clients(std::size_t count) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  for (std::size_t client = 0; client < count; ++client) {
    builder.add_client("c" + std::to_string(client));
    OptionSpec served;
    served.helper = HelperIndex(0);
    served.forward = 2;
    served.backward = 1;
    builder.add_option(served);
    builder.add_local_option({7, 0, std::nullopt, std::nullopt});
  }
  return builder.build();
}

std::vector<ProofStep> proof_of_steps(std::size_t count) { return std::vector<ProofStep>(count); }

TEST(ProvenBound, KeepsTheLargestWithItsProof) {
  ProvenBound bound({.proof = true});
  EXPECT_TRUE(bound.raise(5, proof_of_steps(2), nullptr));
  EXPECT_FALSE(bound.raise(5, proof_of_steps(1), nullptr));
  EXPECT_FALSE(bound.raise(4, proof_of_steps(1), nullptr));
  EXPECT_EQ(bound.value(), 5);
  EXPECT_EQ(bound.certificate({}).steps.size(), 2U);
  EXPECT_TRUE(bound.raise(6, proof_of_steps(3), nullptr));
  EXPECT_EQ(bound.certificate({}).lower_bound, 6);
  EXPECT_EQ(bound.certificate({}).steps.size(), 3U);
}

TEST(ProvenBound, KeepsNoProofThatIsNotWanted) {
  ProvenBound bound({.proof = false});
  bound.raise(5, proof_of_steps(2), nullptr);
  EXPECT_EQ(bound.value(), 5);
  EXPECT_TRUE(bound.certificate({}).steps.empty());
}

TEST(ProvenBound, OfNothingNeedsNoSteps) {
  ProvenBound bound({.proof = true, .preemptive = false});
  EXPECT_FALSE(bound.raise(0, proof_of_steps(1), nullptr));
  EXPECT_TRUE(bound.certificate({}).steps.empty());
  EXPECT_FALSE(bound.certificate({}).preemptive);
}

TEST(Incumbent, KeepsTheBetterPlan) {
  const Instance instance = of_clients(2);
  // Both alone: 7.
  SegmentTable empty;
  empty.append_lane({});
  const Schedule alone = evaluate_schedule(instance, {OptionIndex(1), OptionIndex(3)}, empty);
  ASSERT_EQ(alone.makespan, 7);
  Incumbent incumbent(instance, alone);
  const ColumnTable columns(instance, 7, {});
  LaneCache lane_cache(columns, true, {});
  // Both served: 6, for the helper works without a pause.
  Choice served;
  for (const ClientIndex client : instance.clients()) {
    for (ColumnIndex column = columns.first_of(client); column < columns.end_of(client); ++column) {
      if (!columns[column].is_local()) served.push_back(column);
    }
  }
  ASSERT_EQ(served.size(), 2U);
  EXPECT_TRUE(incumbent.adopt(columns, lane_cache, served, 6));
  EXPECT_EQ(incumbent.makespan(), 6);
  EXPECT_TRUE(test::is_valid_plan(instance, {incumbent.schedule()}));
  EXPECT_EQ(incumbent.choice(columns), served);
  EXPECT_FALSE(incumbent.adopt(columns, lane_cache, served, 6)) << "no better than itself";
}

TEST(SearchEffort, IsBriefWithFewerNodesWhereOptionsAreMany) {
  // 60'000 nodes times options, 1 to 60 nodes.
  EXPECT_EQ(SearchEffort::brief(10).node_limit, 60U);
  EXPECT_EQ(SearchEffort::brief(2'000).node_limit, 30U);
  EXPECT_EQ(SearchEffort::brief(1'000'000).node_limit, 1U);
  EXPECT_EQ(SearchEffort::brief(10).rounds, 1);
  EXPECT_EQ(SearchEffort::turns(7).rounds, 7);
  EXPECT_EQ(SearchEffort::turns(7).node_limit, SearchEffort::unlimited().node_limit);
}

TEST(EffortPolicy, DoublesWithEachRoundUntilTheNumbersWouldOverflow) {
  const Instance instance = of_clients(3);
  const ColumnTable columns(instance, 9, {});
  EffortPolicy policy(SearchEffort::unlimited(), columns);
  const std::uint64_t nodes = policy.nodes();
  const std::uint64_t pricing = policy.pricing();
  policy.start_round(3);
  EXPECT_EQ(policy.nodes(), nodes << 3U);
  EXPECT_EQ(policy.pricing(), pricing << 3U);
  EXPECT_LE(policy.nodes_before_packings(), policy.nodes());
  policy.start_round(1'000'000);
  EXPECT_EQ(policy.nodes(), nodes << static_cast<unsigned>(policy.doublings()));
  EXPECT_LT(policy.doublings(), 30);
}

}  // namespace
}  // namespace splitlane::exact
