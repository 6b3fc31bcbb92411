#include <atomic>

#include "certificate_support.hpp"

namespace splitlane {
namespace {

using namespace test;

PackingBound packing(std::vector<HelperIndex> helpers, std::int64_t most, std::int64_t scale = 1,
                     std::vector<PricedRow> rows = {}) {
  return {std::move(helpers), most, scale, std::move(rows)};
}

// Three clients of work 5; a helper that is to end by 9 takes one of them.
const std::vector<Job> kFives = {{0, 5, 0, 0, 0}, {0, 5, 0, 0, 0}, {0, 5, 0, 0, 0}};

TEST(VerifyPackings, ValuesThatTheHelpersCannotTakeExcludeEveryPlan) {
  const Instance instance = equal_helpers(2, kFives);
  const auto claim = [](Time bound, std::vector<std::int64_t> values, std::int64_t most) {
    return certificate(bound, {packings(std::move(values), {packing({kHelper0, kHelper1}, most)})});
  };
  expect_accepted(instance, claim(10, {1, 1, 1}, 1));
  expect_accepted(instance, claim(10, {4, 4, 4}, 5));
  expect_refused(instance, claim(11, {1, 1, 1}, 1),
                 "steps[0].packings[0]: a set of helper \"h0\" has more value than 1");
  expect_refused(instance, claim(10, {4, 4, 4}, 6), "steps[0]: the values add up to 12, and the helpers can take 12");
  expect_refused(instance, claim(10, {4, 4, 4}, 3),
                 "steps[0].packings[0]: a set of helper \"h0\" has more value than 3");
  expect_refused(instance, claim(10, {1, 1, 0}, 1), "steps[0]: the values add up to 2");
}

TEST(VerifyPackings, EachHelperOfAValuableClientHasOneBound) {
  const Instance instance = equal_helpers(2, kFives);
  const auto claim = [](std::vector<PackingBound> bounds) {
    return certificate(10, {packings({1, 1, 1}, std::move(bounds))});
  };
  expect_accepted(instance, claim({packing({kHelper0}, 1), packing({kHelper1}, 1)}));
  expect_refused(instance, claim({packing({kHelper0}, 1)}), "steps[0]: no packing bounds helper \"h1\"");
  expect_refused(instance, claim({}), "steps[0]: no packing bounds helper \"h0\"");
  expect_refused(instance, claim({packing({kHelper0, kHelper0}, 1)}),
                 "steps[0].packings[0].helpers[1]: this helper is bounded already");
  expect_refused(instance, claim({packing({kHelper0}, 1), packing({kHelper1, kHelper0}, 1)}),
                 "steps[0].packings[1].helpers[1]: this helper is bounded already");
  expect_refused(instance, claim({packing({HelperIndex(2)}, 1)}), "steps[0].packings[0].helpers[0]: no such helper");
  expect_refused(instance, claim({packing({}, 1)}), "steps[0].packings[0]: no helpers");
}

// Forward 2, turnaround 10, backward 2, no other waits; by 18 the forwards have 18 - 12 = 6, the backwards 18 - 12 = 6,
// so three of four clients fit, and no window says otherwise for two.
TEST(VerifyPackings, PhasesBoundWhatAHelperTakes) {
  const std::vector<Job> jobs(4, {0, 2, 10, 2, 0});
  const Instance instance = equal_helpers(1, jobs);
  const auto claim = [](std::int64_t most, Time unit, std::vector<PricedRow> rows = {}) {
    PackingBound bound = packing({kHelper0}, most, 1, std::move(rows));
    bound.phase_unit = unit;
    return certificate(19, {packings({1, 1, 1, 1}, {bound})});
  };
  for (const Time unit : {1, 2, 3, 100}) expect_accepted(instance, claim(3, unit));
  expect_refused(instance, claim(2, 1), "a set of helper \"h0\" has more value than 2");
  expect_refused(instance, claim(3, -1), "phase unit -1 is not in 0 to 2^53");
  expect_refused(instance, claim(3, 1, {window_row(kHelper0, {0}, {0})}), "rows beside phases");
}

TEST(VerifyPackings, AHelperOfWorthlessClientsNeedsNoBound) {
  // c0 and c1 only on h0; c2 only on h1, and of no value.
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_helper({"h1", std::nullopt, 0});
  for (std::size_t client = 0; client < 3; ++client) {
    builder.add_client("c" + std::to_string(client));
    add_job(builder, client < 2 ? kHelper0 : kHelper1, kFives[client]);
  }
  const Instance instance = builder.build();
  expect_accepted(instance, certificate(10, {packings({1, 1, 0}, {packing({kHelper0}, 1)})}));
  expect_refused(instance, certificate(10, {packings({1, 1, 1}, {packing({kHelper0}, 1)})}),
                 "no packing bounds helper \"h1\"");
}

TEST(VerifyPackings, NumbersOutOfRangeAreNamed) {
  const Instance instance = equal_helpers(2, kFives);
  const auto refused = [&](std::vector<std::int64_t> values, std::int64_t most, std::int64_t scale,
                           const std::string& flaw) {
    expect_refused(instance,
                   certificate(10, {packings(std::move(values), {packing({kHelper0, kHelper1}, most, scale)})}), flaw);
  };
  refused({1, 1}, 1, 1, "steps[0]: 2 values for 3 clients");
  refused({1, 1, 1, 1}, 1, 1, "steps[0]: 4 values for 3 clients");
  refused({1, 1, -1}, 0, 1, "steps[0].values[2]: -1 is not in 0 to 2^53");
  refused({1, 1, kLargestNumber + 1}, 0, 1, "steps[0].values[2]: 9007199254740993 is not in 0 to 2^53");
  refused({1, 1, 1}, -1, 1, "steps[0].packings[0]: most -1");
  refused({1, 1, 1}, 1, 0, "steps[0].packings[0]: scale 0");
  refused({1, 1, 1}, 1, kLargestNumber + 1, "steps[0].packings[0]: scale");
}

TEST(VerifyPackings, AClientThatMayTrainLocallyIsWorthNothing) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  for (std::size_t client = 0; client < 2; ++client) {
    builder.add_client("c" + std::to_string(client));
    add_job(builder, kHelper0, {0, 5, 0, 0, 0});
    if (client == 1) builder.add_local_option({8, 0, std::nullopt, std::nullopt});
  }
  const Instance instance = builder.build();
  const Certificate claim = certificate(10, {packings({1, 1}, {packing({kHelper0}, 1)})});
  expect_refused(instance, claim, "steps[0].values[1]: client \"c1\" may train locally");
  // Below 8 the local option is none.
  expect_accepted(instance, certificate(8, {packings({1, 1}, {packing({kHelper0}, 1)})}));
}

TEST(VerifyPackings, HelpersOfOneBoundAreEqualForValuableClients) {
  InstanceBuilder builder;
  builder.add_helper({"h0", 9, 0});
  builder.add_helper({"h1", 9, 0});
  for (std::size_t client = 0; client < 4; ++client) {
    builder.add_client("c" + std::to_string(client));
    add_job(builder, kHelper0, {0, 5, 0, 0, 0});
    add_job(builder, kHelper1, {0, client == 3 ? 1 : 5, 0, 0, 0});
  }
  const Instance instance = builder.build();
  const std::vector<PackingBound> bounds = {packing({kHelper0, kHelper1}, 1)};
  expect_accepted(instance, certificate(10, {packings({1, 1, 1, 0}, bounds)}));
  expect_refused(instance, certificate(10, {packings({1, 1, 1, 1}, bounds)}),
                 "steps[0].packings[0].helpers[1]: helpers \"h0\" and \"h1\" differ in what they are to client \"c3\"");
}

TEST(VerifyPackings, MemoryLimitsASet) {
  // 3 MB each of 5 MB: one client a helper, at any makespan. With 6 MB two.
  std::vector<Job> jobs = kFives;
  for (Job& job : jobs) job.memory_mb = 3;
  const Certificate claim = certificate(1000, {packings({1, 1, 1}, {packing({kHelper0, kHelper1}, 1)})});
  expect_accepted(equal_helpers(2, jobs, 5), claim);
  expect_refused(equal_helpers(2, jobs, 6), claim, "steps[0].packings[0]: a set of helper \"h0\"");
}

TEST(VerifyPackings, ANoGoodLimitsASet) {
  // Two of these cannot share a helper by 6, although no window says so: c1's kind is c0's.
  const Job wide{0, 2, 2, 2, 0};
  const Job thin{0, 1, 1, 1, 0};
  const Instance instance = equal_helpers(1, {wide, thin});
  const NoGood both{
      kHelper0, {OptionIndex(0), OptionIndex(1)}, {lane_completion(1, 2), lane_window(0, 2), lane_window(4, 6)}};
  const std::vector<ProofStep> steps = {packings({1, 1}, {packing({kHelper0}, 1)})};
  expect_accepted(instance, certificate(7, steps, {both}));
  expect_refused(instance, certificate(7, steps), "steps[0].packings[0]: a set of helper \"h0\" has more value than 1");
}

TEST(VerifyPackings, OneClientAddsOneOptionToASet) {
  // c0 has two options on h0, each worth its value 1; both together would be 2.
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  for (std::size_t client = 0; client < 2; ++client) {
    builder.add_client("c" + std::to_string(client));
    add_job(builder, kHelper0, {0, 3, 0, 0, 0});
    add_job(builder, kHelper0, {0, 2, 0, 0, 0});
  }
  const Instance instance = builder.build();
  // By 3 the helper takes one client, by 4 the two options of 2.
  expect_accepted(instance, certificate(4, {packings({1, 1}, {packing({kHelper0}, 1)})}));
  expect_refused(instance, certificate(5, {packings({1, 1}, {packing({kHelper0}, 1)})}), "more value than 1");
}

TEST(VerifyPackings, PricesEndTheSearchEarly) {
  // 30 clients of work 2 and 3 helpers that are to end by 19: 9 clients each, 27 in all. By value alone every set of up
  // to 9 of 30 would be looked at. With the window at price 1 and scale 2 each reduced value is 2 * 1 - 2 = 0, and
  // 19 < 2 * (9 + 1) ends the search at its first node.
  const Instance instance = equal_helpers(3, std::vector<Job>(30, {0, 2, 0, 0, 0}));
  const std::vector<HelperIndex> helpers = {HelperIndex(0), HelperIndex(1), HelperIndex(2)};
  const std::vector<std::int64_t> values(30, 1);
  const auto claim = [&](std::int64_t most, std::int64_t scale, const PricedRow& row) {
    return certificate(20, {packings(values, {packing(helpers, most, scale, {row})})});
  };
  const VerifyReport report = verify_certificate(instance, claim(9, 2, window_row(kHelper0, {0}, {0})));
  EXPECT_TRUE(report.accepted) << report.flaw;
  EXPECT_EQ(report.packing_nodes, 1u);
  expect_refused(instance, claim(8, 2, window_row(kHelper0, {0}, {0})), "has more value than 8");
  expect_refused(instance, claim(9, 2, window_row(kHelper1, {0}, {0})),
                 "steps[0].packings[0].rows[0]: not of the packing's first helper");
  expect_refused(instance, claim(9, 2, window_row(kHelper0, {20}, {0})), "steps[0].packings[0].rows[0]: heads[0]");
  expect_refused(instance, claim(9, 2, window_row(kHelper0, {0}, {0}, 0)), "steps[0].packings[0].rows[0]: price 0");
}

/// A true claim of few bytes about 40 clients, of which any 20 fit: far more than 2^30 sets.
struct EndlessProof {
  Instance instance = equal_helpers(1, std::vector<Job>(40, {0, 1, 0, 0, 0}));
  Certificate proof = certificate(21, {packings(std::vector<std::int64_t>(40, 1), {packing({kHelper0}, 20)})});
};

TEST(VerifyPackings, ASmallProofOfMuchWorkIsGivenUpAtTheLimitOfWork) {
  const EndlessProof endless;
  const VerifyReport report = verify_certificate(endless.instance, endless.proof, {}, 3'000'000);
  EXPECT_FALSE(report.accepted);
  EXPECT_TRUE(report.gave_up);
  EXPECT_EQ(report.flaw, "steps[0].packings[0]: its check takes more than 3000000 steps of work, the limit");
  EXPECT_EQ(report.work, 3'000'000u);
  // A node costs 25 steps at least, and nothing is done beyond the limit.
  EXPECT_LE(report.packing_nodes, 3'000'000u / 25);
}

TEST(VerifyPackings, AnInterruptionEndsTheSearchWithinAMillionStepsOfWork) {
  const EndlessProof endless;
  const std::atomic<bool> is_cancelled = true;
  const VerifyReport report = verify_certificate(endless.instance, endless.proof, {std::nullopt, &is_cancelled});
  EXPECT_FALSE(report.accepted);
  EXPECT_TRUE(report.gave_up);
  EXPECT_EQ(report.flaw, "steps[0].packings[0]: the time limit or an interruption ended its check");
  // The node in hand may go on: its window of at most 40 tasks is 40^2 steps.
  EXPECT_LE(report.work, 1'000'000u + 1600 + 25);
}

}  // namespace
}  // namespace splitlane
