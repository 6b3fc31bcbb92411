#include <limits>

#include "certificate_support.hpp"

namespace splitlane {
namespace {

using namespace test;

// c0 has forward 2, turnaround 2, backward 2: path 6. c1 has 1, 1, 1. By 6 c0 runs in [0, 2) and [4, 6), which leaves
// [2, 4) to c1; but its forward ends at 3 and its backward is ready at 4. No window of the tasks shows that:
// [0, 2) holds 2, [0, 4) 3, [2, 6) 3, [4, 6) 2, [0, 6) 6. They can end by 7.
const std::vector<Job> kCoupled = {{0, 2, 2, 2, 0}, {0, 1, 1, 1, 0}};
const std::vector<OptionIndex> kBoth = {OptionIndex(0), OptionIndex(1)};

// c1's forward ends by 2: then it shares [0, 2) with c0's. Or at 3: then its backward, ready at 4, shares [4, 6).
LaneProof coupled_proof() { return {lane_completion(1, 2), lane_window(0, 2), lane_window(4, 6)}; }

Certificate coupled_claim(Time bound, LaneProof proof, std::vector<OptionIndex> options = kBoth) {
  return certificate(bound, {prices({no_good_row(0, kHelper0)})}, {{kHelper0, std::move(options), std::move(proof)}});
}

TEST(VerifyNoGoods, ACompletionSplitProvesWhatNoWindowDoes) {
  const Instance instance = equal_helpers(1, kCoupled);
  expect_accepted(instance, coupled_claim(7, coupled_proof()));
  expect_refused(instance, coupled_claim(8, coupled_proof()), "no_goods[0].proof[1]: the window from 0 to 2 has room");
  EXPECT_EQ(verify_certificate(instance, coupled_claim(7, coupled_proof())).no_goods, 1u);
}

TEST(VerifyNoGoods, EveryNumberOfAProofMatters) {
  const Instance instance = equal_helpers(1, kCoupled);
  const auto refused = [&](std::size_t step, Time first, Time second, const std::string& flaw) {
    LaneProof proof = coupled_proof();
    proof[step].first = first;
    proof[step].second = second;
    expect_refused(instance, coupled_claim(7, proof), flaw);
  };
  // Ending by 3 leaves c1's forward out of [0, 2); ending later than 1 readies its backward at 3, out of [4, 6).
  refused(0, 1, 3, "proof[1]: the window from 0 to 2 has room for its 2");
  refused(0, 1, 1, "proof[2]: the window from 4 to 6 has room for its 2");
  refused(0, 0, 2, "proof[1]: the window from 0 to 2 has room for its 2");
  refused(1, 0, 3, "proof[1]: the window from 0 to 3 has room for its 3");
  refused(1, 1, 2, "proof[1]: the window from 1 to 2 has room for its 0");
  refused(2, 3, 6, "proof[2]: the window from 3 to 6 has room for its 3");
  refused(2, 4, 5, "proof[2]: the window from 4 to 5 has room for its 0");
}

TEST(VerifyNoGoods, MalformedProofsAreNamed) {
  const Instance instance = equal_helpers(1, kCoupled);
  const Time largest = std::numeric_limits<Time>::max();
  const auto refused = [&](const LaneProof& proof, const std::string& flaw) {
    expect_refused(instance, coupled_claim(7, proof), "no_goods[0].proof[" + flaw);
  };
  refused({}, "0]: missing");
  refused({lane_completion(1, 2)}, "1]: missing");
  refused({lane_completion(1, 2), lane_window(0, 2)}, "2]: missing");
  refused({lane_completion(1, 2), lane_window(0, 2), lane_window(4, 6), lane_window(4, 6)}, "3]: left over");
  refused({lane_completion(2, 2)}, "0]: there is no service 2");
  refused({lane_completion(-1, 2)}, "0]: there is no service -1");
  refused({lane_completion(1, largest)}, "0]: 9223372036854775807 is past 2^53");
  refused({lane_window(std::numeric_limits<Time>::min(), 2)}, "0]: -9223372036854775808 is past 2^53");
  refused({lane_order(0, 2)}, "0]: an order of tasks proves nothing about plans that preempt");
  refused({{static_cast<LaneProofStep::Kind>(9), 0, 0, {}}}, "0]: no such kind of step");
}

TEST(VerifyNoGoods, OptionsAreOfDifferentClientsOnOneHelper) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_helper({"h1", std::nullopt, 0});
  builder.add_client("c0");
  add_job(builder, kHelper0, kCoupled[0]);
  add_job(builder, kHelper0, kCoupled[1]);
  add_job(builder, kHelper1, kCoupled[1]);
  builder.add_local_option({4, 0, std::nullopt, std::nullopt});
  const Instance instance = builder.build();
  const auto refused = [&](const std::vector<OptionIndex>& options, const std::string& flaw) {
    expect_refused(instance, coupled_claim(7, coupled_proof(), options), flaw);
  };
  refused({OptionIndex(1), OptionIndex(0)}, "no_goods[0]: two options of client \"c0\"");
  refused({OptionIndex(0), OptionIndex(0)}, "no_goods[0]: two options of client \"c0\"");
  refused({OptionIndex(0), OptionIndex(2)}, "no_goods[0].options[1]: not an option of the no-good's helper");
  refused({OptionIndex(0), OptionIndex(3)}, "no_goods[0].options[1]: not an option of the no-good's helper");
  refused({OptionIndex(0), OptionIndex(4)}, "no_goods[0].options[1]: no such option");
  refused({}, "no_goods[0]: no options");
  Certificate claim = coupled_claim(7, coupled_proof());
  claim.no_goods[0].helper = HelperIndex(2);
  expect_refused(instance, claim, "no_goods[0]: no such helper");
}

TEST(VerifyNoGoods, AWrongNoGoodIsAFlawEvenWhenUnused) {
  const Instance instance = equal_helpers(1, kCoupled);
  Certificate claim = certificate(6, {prices({})}, {{kHelper0, kBoth, {lane_window(0, 5)}}});
  // At C = 5 c0's path of 6 suffices, and both have 6 work in [0, 5).
  expect_accepted(instance, claim);
  claim.no_goods[0].proof = {lane_window(0, 6)};
  expect_refused(instance, claim, "no_goods[0].proof[0]: the window from 0 to 6 has room for its 6");
}

// c1 and c2 are on h0, c0 can also train locally, in time. The no-good names c0 and c1.
Instance with_stand_in(const Job& stand_in) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_client("c0");
  add_job(builder, kHelper0, kCoupled[0]);
  builder.add_local_option({6, 0, std::nullopt, std::nullopt});
  builder.add_client("c1");
  add_job(builder, kHelper0, kCoupled[1]);
  builder.add_client("c2");
  add_job(builder, kHelper0, stand_in);
  return builder.build();
}

TEST(VerifyNoGoods, AClientThatCoversAllOptionsOfANoGoodCounts) {
  const Certificate claim = coupled_claim(7, coupled_proof(), {OptionIndex(0), OptionIndex(2)});
  expect_accepted(with_stand_in({0, 2, 2, 2, 0}), claim);
  // Covering c1 only is not enough: c2 could stand in for nobody but c1, which is there already.
  const std::string flaw = "steps[0]: the clients cost 1 at least, and the rows have room for 1";
  expect_refused(with_stand_in({0, 1, 2, 2, 0}), claim, flaw);
  expect_refused(with_stand_in({0, 2, 1, 2, 0}), claim, flaw);
  expect_refused(with_stand_in({0, 2, 2, 1, 0}), claim, flaw);
}

TEST(VerifyNoGoods, ANoGoodHoldsOnAnotherHelperForOptionsThatCoverIts) {
  const auto instance = [](const Job& first, const Job& second, Time switch_cost) {
    InstanceBuilder builder;
    builder.add_helper({"h0", std::nullopt, 0});
    builder.add_helper({"h1", std::nullopt, switch_cost});
    builder.add_client("c0");
    add_job(builder, kHelper0, kCoupled[0]);
    add_job(builder, kHelper1, first);
    builder.add_client("c1");
    add_job(builder, kHelper0, kCoupled[1]);
    add_job(builder, kHelper1, second);
    return builder.build();
  };
  // Both on h1 in the first leaf, where the no-good of their options on h0 is to help. That much is all there is to
  // prove: c0 on h1 and c1 on h0, in the second leaf, contradict nothing.
  const Certificate claim =
      certificate(7,
                  {split(ClientIndex(0), {OptionIndex(1)}), split(ClientIndex(1), {OptionIndex(3)}),
                   prices({no_good_row(0, kHelper1)}), prices({no_good_row(0, kHelper1)}), prices({})},
                  {{kHelper0, {OptionIndex(0), OptionIndex(2)}, coupled_proof()}});
  const std::string holds = "steps[3]: the clients cost 1 at least, and the rows have room for 1";
  const std::string fails = "steps[2]: the clients cost 1 at least, and the rows have room for 1";
  expect_refused(instance(kCoupled[0], kCoupled[1], 0), claim, holds);
  expect_refused(instance({0, 2, 2, 1, 0}, kCoupled[1], 0), claim, fails);
  expect_refused(instance(kCoupled[0], {0, 1, 0, 1, 0}, 0), claim, fails);
  // With a switch cost of 1 each task on the lane is longer by 1 and the turnaround shorter by 1: c0 has 2, 2, 2 there
  // and c1 has 2, 1, 2.
  expect_refused(instance({0, 1, 3, 1, 0}, {0, 1, 2, 1, 0}, 1), claim, holds);
  expect_refused(instance({0, 1, 3, 1, 0}, {0, 1, 1, 1, 0}, 1), claim, fails);
  expect_refused(instance({0, 1, 2, 1, 0}, {0, 1, 2, 1, 0}, 1), claim, fails);
}

TEST(VerifyNoGoods, AnExhaustiveProofIsTheWholeProof) {
  const Instance instance = equal_helpers(1, kCoupled);
  expect_accepted(instance, coupled_claim(7, {lane_exhaustive()}));
  expect_refused(instance, coupled_claim(8, {lane_exhaustive()}),
                 "no_goods[0].proof[0]: a lane of the options ends by 7");
  const std::string flaw = "an exhaustive step must be the whole proof";
  expect_refused(instance, coupled_claim(7, {lane_exhaustive(), lane_exhaustive()}), "proof[0]: " + flaw);
  expect_refused(instance, coupled_claim(7, {lane_completion(1, 2), lane_window(0, 2), lane_exhaustive()}),
                 "proof[2]: " + flaw);
}

// As plain services c0 is 3, 1, 3 and c1 is 2, 0, 2 on h0. Their options on h1 are no shorter, whether switching takes
// 0 or 1 there; but without it an interruption costs nothing.
TEST(VerifyNoGoods, AnExhaustiveProofSaysNothingAboutAnotherSwitchCost) {
  const auto instance = [](Time switch_cost) {
    InstanceBuilder builder;
    builder.add_helper({"h0", std::nullopt, 1});
    builder.add_helper({"h1", std::nullopt, switch_cost});
    const std::vector<Job> longer = {{0, 3, 2, 3, 0}, {0, 2, 1, 2, 0}};
    for (std::size_t client = 0; client < kCoupled.size(); ++client) {
      builder.add_client("c" + std::to_string(client));
      add_job(builder, kHelper0, kCoupled[client]);
      add_job(builder, kHelper1, longer[client]);
    }
    return builder.build();
  };
  // As above: both on h1 in the first leaf, and nothing to prove in the second one.
  const auto claim = [](LaneProof proof) {
    return certificate(10,
                       {split(ClientIndex(0), {OptionIndex(1)}), split(ClientIndex(1), {OptionIndex(3)}),
                        prices({no_good_row(0, kHelper1)}), prices({no_good_row(0, kHelper1)}), prices({})},
                       {{kHelper0, {OptionIndex(0), OptionIndex(2)}, std::move(proof)}});
  };
  EXPECT_TRUE(verify_certificate(instance(1), claim({lane_exhaustive()})).flaw.starts_with("steps[3]"));
  EXPECT_TRUE(verify_certificate(instance(0), claim({lane_exhaustive()})).flaw.starts_with("steps[2]"));
  // A window speaks of plain services: 10 work in [0, 9).
  EXPECT_TRUE(verify_certificate(instance(0), claim({lane_window(0, 9)})).flaw.starts_with("steps[3]"));
}

TEST(VerifyNoGoods, AnExhaustiveProofAboutTooManyOptionsIsGivenUp) {
  const std::vector<Job> jobs(kMostExhaustiveOptions + 1, Job{0, 1, 0, 1, 0});
  const Instance instance = equal_helpers(1, jobs);
  std::vector<OptionIndex> all;
  for (const OptionIndex option : instance.options()) all.push_back(option);
  const VerifyReport report = verify_certificate(instance, coupled_claim(3, {lane_exhaustive()}, all));
  EXPECT_FALSE(report.accepted);
  EXPECT_TRUE(report.gave_up);
  EXPECT_EQ(report.flaw, "no_goods[0].proof[0]: an exhaustive proof about 13 options, the limit is 12");
}

// Weights 1 and p = p' = 1: W = 3, twice the mean busy times of the forwards 1 + 3 + 5 = 9, of the backwards 9, and
// twice what lies between 2 * (2 + 4 + 3) + 3 * (1 + 1) = 24. 42 > 2 * C * 3 excludes C = 6, but not 7. Windows prove
// 6: 6 work, and 3 + 3, 4 + 2, 5 + 1 from the backwards' heads on.
const std::vector<Job> kFlow = {{0, 1, 2, 1, 0}, {0, 1, 4, 1, 0}, {0, 1, 3, 1, 0}};

Certificate flow_claim(Time bound, LaneProof proof) {
  return certificate(bound, {prices({no_good_row(0, kHelper0)})},
                     {{kHelper0, {OptionIndex(0), OptionIndex(1), OptionIndex(2)}, std::move(proof)}});
}

TEST(VerifyNoGoods, TheCouplingBoundProvesWhatNoWindowDoes) {
  const Instance instance = equal_helpers(1, kFlow);
  expect_accepted(instance, flow_claim(7, {lane_coupling({1, 1, 1})}));
  expect_accepted(instance, flow_claim(7, {lane_coupling({5, 5, 5})}));
  expect_refused(instance, flow_claim(8, {lane_coupling({1, 1, 1})}), "proof[0]: the coupling bound does not exceed 7");
  // Weight on c1 alone is its path, 6.
  expect_refused(instance, flow_claim(7, {lane_coupling({0, 1, 0})}), "proof[0]: the coupling bound does not exceed 6");
  expect_accepted(instance, flow_claim(6, {lane_coupling({0, 1, 0})}));
}

TEST(VerifyNoGoods, MalformedCouplingBoundsAreNamed) {
  const Instance instance = equal_helpers(1, kFlow);
  const auto refused = [&](const LaneProof& proof, const std::string& flaw) {
    expect_refused(instance, flow_claim(7, proof), "no_goods[0].proof[" + flaw);
  };
  refused({lane_coupling({1, 1})}, "0]: 2 weights for 3 options");
  refused({lane_coupling({})}, "0]: 0 weights for 3 options");
  refused({lane_coupling({1, 1, -1})}, "0]: weight -1 is below 0");
  refused({lane_coupling({0, 0, 0})}, "0]: the coupling bound does not exceed 6");
  refused({lane_completion(0, 1), lane_coupling({1, 1, 1}), lane_coupling({1, 1, 1})},
          "1]: a coupling bound must be the whole proof");
}

TEST(VerifyNoGoods, NumbersPast128BitsAreRefused) {
  // Density 2^53 * 2^40 = 2^93 times [0, 2^40): 2^173.
  const Time work = Time{1} << 40;
  const Instance instance = equal_helpers(1, {{0, work, 0, work, 0}, {0, work, 0, work, 0}, {0, work, 0, work, 0}});
  expect_refused(instance, flow_claim(2 * work, {lane_coupling({kLargestNumber, 1, 1})}), "past 128 bits");
}

TEST(VerifyNoGoods, WithoutOneTaskTheCouplingWeightIsNone) {
  const Instance instance = equal_helpers(1, {{0, 3, 9, 0, 0}, {0, 0, 9, 3, 0}, {0, 1, 1, 1, 0}});
  // c2 alone: 1 + 1 + 1.
  expect_accepted(instance, flow_claim(3, {lane_coupling({1, 1, 1})}));
  expect_refused(instance, flow_claim(4, {lane_coupling({1, 1, 1})}), "proof[0]: the coupling bound does not exceed 3");
}

// c0 works 4 from 0 on; c1 works 1 from 1 on and has a tail of 3. Preempting c0, c1 ends at 5 and c0 too. Without: c0
// first means c1 at 4 + 1 + 3 = 8, c1 first means c0 at 2 + 4 = 6.
const std::vector<Job> kOrdered = {{0, 4, 0, 0, 0}, {1, 1, 0, 0, 3}};

// Tasks 0 and 2 are the forwards. c0 before c1: at C = 5 c1 is to end by 2, so c0 by 1, but it has 4 work. c1 before
// c0: c0 starts at 2, and has 4 work until 5.
LaneProof ordered_proof() { return {lane_order(0, 2), lane_window(0, 1), lane_window(2, 5)}; }

Certificate ordered_claim(Time bound, LaneProof proof) {
  Certificate claim = coupled_claim(bound, std::move(proof));
  claim.preemptive = false;
  return claim;
}

TEST(VerifyNoGoods, AnOrderOfTasksIsAProofAboutPlansWithoutPreemption) {
  const Instance instance = equal_helpers(1, kOrdered);
  expect_accepted(instance, ordered_claim(6, ordered_proof()));
  expect_refused(instance, ordered_claim(7, ordered_proof()), "proof[1]: the window from 0 to 1 has room for its 0");
  Certificate preemptive = ordered_claim(6, ordered_proof());
  preemptive.preemptive = true;
  expect_refused(instance, preemptive, "proof[0]: an order of tasks proves nothing about plans that preempt");
}

TEST(VerifyNoGoods, OrdersNameTwoTasksWithWork) {
  const Instance instance = equal_helpers(1, kOrdered);
  const auto refused = [&](Time before, Time after, const std::string& flaw) {
    expect_refused(instance, ordered_claim(6, {lane_order(before, after), lane_window(0, 1), lane_window(2, 5)}), flaw);
  };
  refused(0, 1, "proof[0]: task 1 has no work to order");
  refused(3, 2, "proof[0]: task 3 has no work to order");
  refused(0, 0, "proof[0]: task 0 before itself");
  refused(0, 4, "proof[0]: there is no task 4");
  refused(-1, 2, "proof[0]: there is no task -1");
}

TEST(VerifyNoGoods, OrdersReachAlongChains) {
  // c0: 2, then at once 3. c1: 1, with a tail of 4, so by C = 9 it is to end by 5. c2: 2 from 3 on. Order c2 before c1,
  // c0's backward before c2: c0's backward ends at 5, c2 at 7, c1 at 8.
  const Instance instance = equal_helpers(1, {{0, 2, 0, 3, 0}, {0, 1, 0, 0, 4}, {3, 2, 0, 0, 0}});
  // Not exhaustive otherwise: the right sides are closed by windows that do not hold, so each is refused where it is.
  const auto refused = [&](const LaneProof& proof, const std::string& flaw) {
    Certificate claim = certificate(10, {prices({no_good_row(0, kHelper0)})},
                                    {{kHelper0, {OptionIndex(0), OptionIndex(1), OptionIndex(2)}, proof}});
    claim.preemptive = false;
    expect_refused(instance, claim, flaw);
  };
  // In the order of the tree c1 hears of c0's backward only through c2: head 7, deadline 5.
  refused({lane_order(4, 2), lane_order(1, 4), lane_window(7, 5), lane_window(0, 0)}, "proof[3]");
  refused({lane_order(4, 2), lane_order(1, 4), lane_window(8, 5), lane_window(0, 0)}, "proof[2]");
  // Deadlines: c1 by 5, so c2 by 4, c0's backward by 2 and its forward by -1.
  refused({lane_order(4, 2), lane_order(1, 4), lane_window(0, -1), lane_window(0, 0)}, "proof[3]");
  refused({lane_order(4, 2), lane_order(1, 4), lane_window(0, -2), lane_window(0, 0)}, "proof[2]");
  // Behind the left side of the second order its heads are back: c2 before c1 only gives c1 head 5.
  refused({lane_order(4, 2), lane_order(1, 4), lane_window(7, 5), lane_window(7, 5)}, "proof[3]");
}

TEST(VerifyNoGoods, OrdersThatContradictEachOtherLeaveNoPlace) {
  // c0 before c1 before c0: whatever window holds one of them.
  const Instance instance = equal_helpers(1, kOrdered);
  const LaneProof proof = {lane_order(0, 2), lane_order(2, 0), lane_window(1'000, -1'000), lane_window(0, 1),
                           lane_window(2, 5)};
  expect_accepted(instance, ordered_claim(6, proof));
}

TEST(VerifyNoGoods, DepthIsNoLimit) {
  const std::size_t depth = 100'000;
  LaneProof proof;
  // The forward of c1 ends by -1 on no side that has room.
  for (std::size_t level = 0; level < depth; ++level) {
    proof.push_back(lane_completion(1, -1));
    proof.push_back(lane_window(0, -1));
  }
  const LaneProof bottom = coupled_proof();
  proof.insert(proof.end(), bottom.begin(), bottom.end());
  expect_accepted(equal_helpers(1, kCoupled), coupled_claim(7, proof));
}

}  // namespace
}  // namespace splitlane
