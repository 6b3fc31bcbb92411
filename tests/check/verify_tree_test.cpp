#include <limits>

#include "certificate_support.hpp"

namespace splitlane {
namespace {

using namespace test;

const ClientIndex kClient0(0);
const ClientIndex kClient1(1);
const ClientIndex kClient2(2);

// Three clients of work 5 on two equal helpers: two of them share a helper, so no plan ends before 10. All windows
// together only exclude 7: 15 is to fit 2 * C.
const std::vector<Job> kFives = {{0, 5, 0, 0, 0}, {0, 5, 0, 0, 0}, {0, 5, 0, 0, 0}};

OptionIndex option_of(std::size_t client, std::size_t helper) { return OptionIndex(2 * client + helper); }
ProofStep full(HelperIndex helper) { return prices({window_row(helper, {0}, {0})}); }

// c0 is on h0, for the helpers are equal. With c1 there too: 10 > C. Else c1 is on h1, and c2 is with one of them.
std::vector<ProofStep> fives_tree() {
  return {symmetry(kClient0, kHelper0, kHelper1),
          split(kClient1, {option_of(1, 0)}),
          full(kHelper0),
          split(kClient2, {option_of(2, 0)}),
          full(kHelper0),
          full(kHelper1)};
}

TEST(VerifyTree, SplitsAndSymmetryProveWhatWindowsCannot) {
  const Instance instance = equal_helpers(2, kFives);
  expect_accepted(instance, certificate(10, fives_tree()));
  expect_refused(instance, certificate(11, fives_tree()),
                 "steps[2]: the clients cost 10 at least, and the rows have room");
  expect_refused(instance, certificate(10, {prices({window_row(kHelper0, {0}, {0}), window_row(kHelper1, {0}, {0})})}),
                 "the clients cost 15 at least, and the rows have room for 18");
  const VerifyReport report = verify_certificate(instance, certificate(10, fives_tree()));
  EXPECT_EQ(report.leaves, 3u);
  EXPECT_EQ(report.splits, 2u);
  EXPECT_EQ(report.symmetries, 1u);
}

TEST(VerifyTree, EverySubtreeIsNeeded) {
  const Instance instance = equal_helpers(2, kFives);
  for (std::size_t length = 0; length < fives_tree().size(); ++length) {
    std::vector<ProofStep> steps = fives_tree();
    steps.resize(length);
    expect_refused(instance, certificate(10, steps), "steps[" + std::to_string(length) + "]: missing");
  }
}

TEST(VerifyTree, StepsBehindTheTreeAreRefused) {
  std::vector<ProofStep> steps = fives_tree();
  steps.push_back(full(kHelper0));
  expect_refused(equal_helpers(2, kFives), certificate(10, steps), "steps[6]: left over");
}

TEST(VerifyTree, ALeafOfTheWrongHelperIsRefused) {
  std::vector<ProofStep> steps = fives_tree();
  std::swap(steps[4], steps[5]);
  expect_refused(equal_helpers(2, kFives), certificate(10, steps), "steps[4]");
}

TEST(VerifyTree, WhatASubtreeExcludesIsAllowedAgainBehindIt) {
  // Behind the first leaf c1 is on h1; a second leaf of h0 would need c1 there.
  const std::vector<ProofStep> steps = {symmetry(kClient0, kHelper0, kHelper1), split(kClient1, {option_of(1, 0)}),
                                        full(kHelper0), full(kHelper0)};
  expect_refused(equal_helpers(2, kFives), certificate(10, steps), "steps[3]");
}

TEST(VerifyTree, ASplitMayNameSeveralOptionsInAnyOrder) {
  // All options of c1 on the left; on the right it has none.
  std::vector<ProofStep> steps = fives_tree();
  steps.insert(steps.begin(), split(kClient1, {option_of(1, 1), option_of(1, 0)}));
  steps.push_back(prices({}));
  expect_accepted(equal_helpers(2, kFives), certificate(10, steps));
  steps[0].options = {option_of(1, 1)};
  expect_refused(equal_helpers(2, kFives), certificate(10, steps), "steps[1]");
}

TEST(VerifyTree, ASplitNamesOptionsOfItsClient) {
  const Instance instance = equal_helpers(2, kFives);
  const auto refused = [&](const ProofStep& step, const std::string& flaw) {
    expect_refused(instance, certificate(10, {step, full(kHelper0), full(kHelper0)}), flaw);
  };
  refused(split(kClient1, {option_of(1, 0), option_of(2, 0)}), "steps[0].options[1]: not an option of client \"c1\"");
  refused(split(kClient1, {OptionIndex(6)}), "steps[0].options[0]: not an option");
  refused(split(kClient1, {OptionIndex::none()}), "steps[0].options[0]: not an option");
  refused(split(ClientIndex(3), {}), "steps[0]: no such client");
  refused(split(ClientIndex::none(), {}), "steps[0]: no such client");
}

TEST(VerifyTree, SymmetryNeedsEqualHelpers) {
  const auto tree = [](Time memory, Time cost, const Job& other) {
    InstanceBuilder builder;
    builder.add_helper({"h0", 9, 1});
    builder.add_helper({"h1", memory, cost});
    for (std::size_t client = 0; client < 3; ++client) {
      builder.add_client("c" + std::to_string(client));
      add_job(builder, kHelper0, {3, 5, 2, 0, 0, 1});
      add_job(builder, kHelper1, client == 2 ? other : Job{3, 5, 2, 0, 0, 1});
    }
    return builder.build();
  };
  // occupy, cost 1: a path of 10, and two forwards of 5 + 1 from 2 on and before the turnaround: 2 + 12 + 2 = 16.
  std::vector<ProofStep> steps = fives_tree();
  for (ProofStep& step : steps) {
    for (PricedRow& row : step.rows) row = window_row(row.helper, {2}, {2});
  }
  const Certificate proof = certificate(16, steps);
  const Job same{3, 5, 2, 0, 0, 1};
  expect_accepted(tree(9, 1, same), proof);
  expect_refused(tree(8, 1, same), proof, "steps[0]: helpers \"h0\" and \"h1\" differ in memory");
  expect_refused(tree(9, 2, same), proof, "steps[0]: helpers \"h0\" and \"h1\" differ in switch cost");
  const std::string differ = "steps[0]: helpers \"h0\" and \"h1\" differ in what they are to client \"c2\"";
  expect_refused(tree(9, 1, {4, 5, 2, 0, 0, 1}), proof, differ);
  expect_refused(tree(9, 1, {3, 6, 2, 0, 0, 1}), proof, differ);
  expect_refused(tree(9, 1, {3, 5, 3, 0, 0, 1}), proof, differ);
  expect_refused(tree(9, 1, {3, 5, 2, 1, 0, 1}), proof, differ);
  expect_refused(tree(9, 1, {3, 5, 2, 0, 1, 1}), proof, differ);
  expect_refused(tree(9, 1, {3, 5, 2, 0, 0, 2}), proof, differ);
  // A path of 20 is no option at C = 15, so c2 has one on h0 only.
  expect_refused(tree(9, 1, {3, 15, 2, 0, 0, 1}), proof, "differ in their number of options");
}

TEST(VerifyTree, SymmetryCountsOnlyAllowedOptions) {
  // Once c0 is on h0 the helpers are no longer alike.
  std::vector<ProofStep> steps = fives_tree();
  steps.insert(steps.begin() + 1, symmetry(kClient1, kHelper0, kHelper1));
  expect_refused(equal_helpers(2, kFives), certificate(10, steps), "steps[1]: helpers \"h0\" and \"h1\" differ");
}

TEST(VerifyTree, SymmetryNamesTwoHelpersAndAClientThatExist) {
  const Instance instance = equal_helpers(2, kFives);
  const auto refused = [&](const ProofStep& step, const std::string& flaw) {
    expect_refused(instance, certificate(10, {step, full(kHelper0)}), flaw);
  };
  refused(symmetry(kClient0, kHelper0, kHelper0), "steps[0]: a helper is interchangeable with itself");
  refused(symmetry(kClient0, kHelper0, HelperIndex(2)), "steps[0]: no such helper");
  refused(symmetry(kClient0, HelperIndex::none(), kHelper0), "steps[0]: no such helper");
  refused(symmetry(ClientIndex(9), kHelper0, kHelper1), "steps[0]: no such client");
}

TEST(VerifyTree, BoundZeroNeedsNoStepsAndTakesNone) {
  const Instance instance = equal_helpers(1, kFives);
  expect_accepted(instance, certificate(0, {}));
  expect_refused(instance, certificate(1, {}), "steps[0]: missing");
  // At C = -1 no option is left, so even this holds.
  expect_accepted(instance, certificate(0, {prices({})}));
  expect_refused(instance, certificate(0, {prices({}), prices({})}), "steps[1]: left over");
}

TEST(VerifyTree, ABoundOutOfRangeIsRefused) {
  const Instance instance = equal_helpers(1, kFives);
  for (const Time bound :
       {Time{-1}, kLargestNumber + 1, std::numeric_limits<Time>::max(), std::numeric_limits<Time>::min()}) {
    expect_refused(instance, certificate(bound, {prices({})}), "lower bound " + std::to_string(bound));
  }
}

TEST(VerifyTree, AnUnknownKindOfStepIsRefused) {
  ProofStep step;
  step.kind = static_cast<ProofStep::Kind>(9);
  expect_refused(equal_helpers(1, kFives), certificate(10, {step}), "steps[0]: no such kind of step");
}

TEST(VerifyTree, DepthIsNoLimit) {
  // The left side of each split is empty: c1 takes none. A leaf closes it, and the right side goes one step down.
  const std::size_t depth = 100'000;
  std::vector<ProofStep> right_heavy;
  for (std::size_t level = 0; level < depth; ++level) {
    right_heavy.push_back(split(kClient1, {}));
    right_heavy.push_back(prices({}));
  }
  std::vector<ProofStep> left_heavy;
  for (std::size_t level = 0; level < depth; ++level) {
    left_heavy.push_back(split(kClient1, {option_of(1, 0), option_of(1, 1)}));
  }
  const std::vector<ProofStep> bottom = fives_tree();
  right_heavy.insert(right_heavy.end(), bottom.begin(), bottom.end());
  left_heavy.insert(left_heavy.end(), bottom.begin(), bottom.end());
  for (std::size_t level = 0; level < depth; ++level) left_heavy.push_back(prices({}));
  const Instance instance = equal_helpers(2, kFives);
  expect_accepted(instance, certificate(10, right_heavy));
  expect_accepted(instance, certificate(10, left_heavy));
}

}  // namespace
}  // namespace splitlane
