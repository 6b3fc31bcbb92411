#include "check/verify/rows.hpp"

#include "certificate_support.hpp"

namespace splitlane {
namespace {

using namespace test;

// r + p + a + p' + r' = 1 + 2 + 2 + 3 + 2 = 10.
const Job kPathTen{1, 2, 2, 3, 2};

TEST(VerifyPrices, AClientWhosePathIsTooLongClosesALeafWithoutRows) {
  const Instance instance = equal_helpers(1, {kPathTen});
  expect_accepted(instance, certificate(10, {prices({})}));
  expect_refused(instance, certificate(11, {prices({})}),
                 "steps[0]: the clients cost 0 at least, and the rows have room for 0");
}

TEST(VerifyPrices, ALocalOptionThatEndsInTimeKeepsTheClientAlive) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_client("c0");
  add_job(builder, kHelper0, kPathTen);
  builder.add_local_option({7, 99, std::nullopt, std::nullopt});
  const Instance instance = builder.build();
  expect_accepted(instance, certificate(7, {prices({})}));
  expect_refused(instance, certificate(8, {prices({})}), "steps[0]");
}

TEST(VerifyPrices, AnOptionThatDoesNotFitTheHelpersMemoryIsNone) {
  Job large = kPathTen;
  large.memory_mb = 6;
  expect_accepted(equal_helpers(1, {large}, 5), certificate(1000, {prices({})}));
  expect_refused(equal_helpers(1, {large}, 6), certificate(1000, {prices({})}), "steps[0]");
}

TEST(VerifyPrices, SwitchCostsLengthenTheTasksAndThePath) {
  // occupy, cost 2: the forward starts at max(1, 2) and takes 2, the backward follows after max(1, 2) and takes 3, then
  // the tail 2: 2 + 2 + 2 + 3 + 2 = 11. charge, cost 2: 1 + 2 + (1 + 4) + 3 + (2 + 4) = 17.
  for (const auto& [model, path] : {std::pair{SwitchModel::kOccupy, Time{11}}, {SwitchModel::kCharge, Time{17}}}) {
    InstanceBuilder builder;
    builder.set_switch_model(model);
    builder.add_helper({"h0", std::nullopt, 2});
    builder.add_client("c0");
    add_job(builder, kHelper0, {1, 2, 1, 3, 2});
    const Instance instance = builder.build();
    expect_accepted(instance, certificate(path, {prices({})}));
    expect_refused(instance, certificate(path + 1, {prices({})}), "steps[0]");
  }
}

// All four tasks have head >= 2 and tail >= 4, and 3 + 2 + 2 + 4 = 11 work: no plan before 2 + 11 + 4 = 17. From head 3
// on c0's forward does not count: 3 + 8 + 4 = 15. From tail 5 on c0's backward does not: 2 + 9 + 5 = 16.
const std::vector<Job> kWindowJobs = {{2, 3, 1, 2, 4}, {3, 2, 1, 4, 5}};

TEST(VerifyPrices, AWindowProvesItsLoadAndNoMore) {
  const Instance instance = equal_helpers(1, kWindowJobs);
  const auto claim = [](Time bound, Time head, Time tail) {
    return certificate(bound, {prices({window_row(kHelper0, {head}, {tail}, 3)})});
  };
  expect_accepted(instance, claim(17, 2, 4));
  expect_accepted(instance, claim(15, 3, 4));
  expect_accepted(instance, claim(16, 2, 5));
  expect_refused(instance, claim(18, 2, 4), "steps[0]: the clients cost 33 at least, and the rows have room for 33");
  expect_refused(instance, claim(16, 3, 4), "the clients cost 24 at least, and the rows have room for 24");
  expect_refused(instance, claim(17, 2, 5), "the clients cost 27 at least, and the rows have room for 27");
}

TEST(VerifyPrices, AWindowWithoutRoomIsNoInequality) {
  // At C = 16 a plan without a task from head 10 and tail 7 on has load 0 there, and not -1.
  const Instance instance = equal_helpers(1, kWindowJobs);
  expect_refused(instance, certificate(17, {prices({window_row(kHelper0, {10}, {7})})}), "steps[0].rows[0]: a window");
  expect_refused(instance, certificate(17, {prices({window_row(kHelper0, {17}, {0})})}), "steps[0].rows[0]: heads[0]");
}

TEST(VerifyPrices, TasksWithoutWorkDoNotCount) {
  // c1 has only a backward of 4 and c0 only a forward of 3: 0 + 7 + 0.
  const Instance instance = equal_helpers(1, {{0, 3, 0, 0, 0}, {0, 0, 0, 4, 0}, {0, 0, 0, 0, 0}});
  expect_accepted(instance, certificate(7, {prices({window_row(kHelper0, {0}, {0})})}));
  expect_refused(instance, certificate(8, {prices({window_row(kHelper0, {0}, {0})})}), "steps[0]");
}

// c0 is released at 0 and works 6, c1 and c2 at 5 and work 4. With two helpers c1 and c2 together end at 5 + 8 = 13, c0
// and c1 at 6 + 4 = 10: the optimum.
const std::vector<Job> kLiftedJobs = {{0, 6, 0, 0, 0}, {5, 4, 0, 0, 0}, {5, 4, 0, 0, 0}};

TEST(VerifyPrices, ALiftedWindowProvesMoreThanPlainOnes) {
  // Heads 0 < 5: c0 counts 6 - 5 = 1, the others 4 each; the capacity is C - 5. On both helpers 1 + 4 + 4 = 9 is to fit
  // 2 * (C - 5), which excludes C = 9, but not 10.
  const Instance instance = equal_helpers(2, kLiftedJobs);
  const auto claim = [](Time bound, const std::vector<Time>& heads) {
    return certificate(bound, {prices({window_row(kHelper0, heads, {0}), window_row(kHelper1, heads, {0})})});
  };
  expect_accepted(instance, claim(10, {0, 5}));
  expect_refused(instance, claim(11, {0, 5}), "the clients cost 9 at least, and the rows have room for 10");
  // In one step to 6 the others would count 4 - 6 = -2, so they count 0, as c0 does with 6 - 6.
  expect_refused(instance, claim(10, {0, 6}), "the clients cost 0 at least, and the rows have room for 6");
  // Plain: 14 is to fit 2 * C, or 8 is to fit 2 * (C - 5).
  expect_refused(instance, claim(10, {0}), "the clients cost 14 at least, and the rows have room for 18");
  expect_refused(instance, claim(10, {5}), "the clients cost 8 at least, and the rows have room for 8");
  // One step further c0 counts 0, c1 and c2 count 3: 6 is to fit 2 * (C - 6).
  expect_refused(instance, claim(10, {0, 5, 6}), "the clients cost 6 at least, and the rows have room for 6");
}

TEST(VerifyPrices, ALiftedWindowWorksOnTailsAlike) {
  std::vector<Job> mirrored;
  for (const Job& job : kLiftedJobs) mirrored.push_back({0, 0, 0, job.forward, job.release});
  const Instance instance = equal_helpers(2, mirrored);
  const auto claim = [](Time bound) {
    return certificate(bound, {prices({window_row(kHelper0, {0}, {0, 5}), window_row(kHelper1, {0}, {0, 5})})});
  };
  expect_accepted(instance, claim(10));
  expect_refused(instance, claim(11), "the clients cost 9 at least, and the rows have room for 10");
}

TEST(VerifyPrices, TheLeastHeadIsThatOfTheTasksThatCount) {
  // One client: forward 1 from 0 on, backward 4 from 0 + 1 + 3 = 4 on. With heads 2 < 4 only the backward counts, from
  // head 4: coefficient 4, capacity C - 4. Its path 8 says the same.
  const Instance instance = equal_helpers(1, {{0, 1, 3, 4, 0}, {0, 0, 0, 1, 0}});
  expect_accepted(instance, certificate(8, {prices({window_row(kHelper0, {2, 4}, {0})})}));
  expect_refused(instance, certificate(9, {prices({window_row(kHelper0, {2, 4}, {0})})}),
                 "the clients cost 4 at least, and the rows have room for 4");
}

TEST(VerifyPrices, MemoryThatAllClientsNeedExcludesEveryPlan) {
  // 3 + 3 MB on a helper of 5 MB; with 6 MB they fit.
  const std::vector<Job> jobs = {{0, 1, 0, 1, 0, 3}, {0, 1, 0, 1, 0, 3}};
  const Certificate claim = certificate(1000, {prices({memory_row(kHelper0)})});
  expect_accepted(equal_helpers(1, jobs, 5), claim);
  expect_refused(equal_helpers(1, jobs, 6), claim, "the clients cost 6 at least, and the rows have room for 6");
  expect_refused(equal_helpers(1, jobs), claim, "steps[0].rows[0]: the memory of helper \"h0\" is unbounded");
}

// Three clients of work 4 on two helpers: 8 is the optimum. At C = 7 a helper holds one of them, 4 of 7 units.
const std::vector<Job> kFours = {{0, 4, 0, 0, 0}, {0, 4, 0, 0, 0}, {0, 4, 0, 0, 0}};

TEST(VerifyPrices, AReachableCapacityIsTheLargestSumOfLoads) {
  const Instance instance = equal_helpers(2, kFours);
  const auto claim = [](Time bound) {
    return certificate(bound, {prices({reachable_row(kHelper0, 0, 0), reachable_row(kHelper1, 0, 0)})});
  };
  expect_accepted(instance, claim(8));
  expect_refused(instance, claim(9), "the clients cost 12 at least, and the rows have room for 16");
  expect_refused(instance, certificate(8, {prices({window_row(kHelper0, {0}, {0}), window_row(kHelper1, {0}, {0})})}),
                 "the clients cost 12 at least, and the rows have room for 14");
}

TEST(VerifyPrices, ReachableIsForPlainWindows) {
  PricedRow row = window_row(kHelper0, {0, 1}, {0});
  row.reachable = true;
  expect_refused(equal_helpers(2, kFours), certificate(8, {prices({row})}), "steps[0].rows[0]: reachable");
}

// Three clients of 4 MB on two helpers of 7 MB: no plan. A helper holds one of them, 4 of 7 MB.
TEST(VerifyPrices, AReachableMemoryIsTheLargestSumOfDemands) {
  const Job job = {.release = 0, .forward = 1, .turnaround = 0, .backward = 0, .tail = 0, .memory_mb = 4};
  const Instance instance = equal_helpers(2, {job, job, job}, 7);
  PricedRow first = memory_row(kHelper0);
  PricedRow second = memory_row(kHelper1);
  expect_refused(instance, certificate(100, {prices({first, second})}),
                 "the clients cost 12 at least, and the rows have room for 14");
  first.reachable = true;
  second.reachable = true;
  expect_accepted(instance, certificate(100, {prices({first, second})}));
}

TEST(VerifyPrices, OneClientAddsOneOptionToAReachableSum) {
  // Options of 3 and 4 of one client, and of 6 of another one: 0, 3, 4, 6, 9, 10. Never 7 and never 13.
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_client("c0");
  add_job(builder, kHelper0, {0, 3, 0, 0, 0});
  add_job(builder, kHelper0, {0, 4, 0, 0, 0});
  builder.add_client("c1");
  add_job(builder, kHelper0, {0, 6, 0, 0, 0});
  const Instance instance = builder.build();
  const verify_detail::RootOptions root(instance, 100);
  const StopCondition never;
  VerifyReport report;
  verify_detail::Effort effort(kVerifyWorkLimit, never, report);
  const verify_detail::Inequality loads{0, {{OptionIndex(0), 3}, {OptionIndex(1), 4}, {OptionIndex(2), 6}}, 6};
  const std::vector<Time> expected = {0, 0, 0, 3, 4, 4, 6, 6, 6, 9, 10, 10, 10, 10};
  for (std::size_t capacity = 0; capacity < expected.size(); ++capacity) {
    EXPECT_EQ(largest_reachable_sum(loads, root, static_cast<Time>(capacity), effort), expected[capacity]) << capacity;
  }
}

TEST(VerifyPrices, AReachableCapacityPastTheLimitIsGivenUp) {
  const Time many = kLargestReachableCapacity + 1;
  const Instance instance = equal_helpers(1, {{0, many, 0, 0, 0}, {0, 1, 0, 0, 0}});
  const VerifyReport report =
      verify_certificate(instance, certificate(many + 1, {prices({reachable_row(kHelper0, 0, 0)})}));
  EXPECT_FALSE(report.accepted);
  EXPECT_TRUE(report.gave_up);
  EXPECT_THAT(report.flaw, testing::StartsWith("steps[0].rows[0]: a reachable capacity of"));
}

TEST(VerifyPrices, MalformedRowsAreNamed) {
  const Instance instance = equal_helpers(1, kWindowJobs, 9);
  const auto refused = [&](const PricedRow& row, const std::string& reason) {
    expect_refused(instance, certificate(17, {prices({window_row(kHelper0, {2}, {4}), row})}),
                   "steps[0].rows[1]: " + reason);
  };
  refused(window_row(kHelper0, {2}, {4}, 0), "price 0");
  refused(window_row(kHelper0, {2}, {4}, -1), "price -1");
  refused(window_row(kHelper0, {2}, {4}, kLargestNumber + 1), "price");
  refused(window_row(kHelper0, {}, {4}), "a window without heads");
  refused(window_row(kHelper0, {2}, {}), "a window without tails");
  refused(window_row(kHelper0, {3, 2}, {4}), "heads do not increase at 1");
  refused(window_row(kHelper0, {2, 2}, {4}), "heads do not increase at 1");
  refused(window_row(kHelper0, {2}, {5, 4}), "tails do not increase at 1");
  refused(window_row(kHelper0, {-1}, {4}), "heads[0] is -1");
  refused(window_row(kHelper0, {std::numeric_limits<Time>::max()}, {std::numeric_limits<Time>::max()}), "heads[0]");
  refused(window_row(kHelper1, {2}, {4}), "no such helper");
  refused(window_row(HelperIndex::none(), {2}, {4}), "no such helper");
  refused(no_good_row(0, kHelper0), "there is no no-good 0");
  PricedRow mixed = memory_row(kHelper0);
  mixed.heads = {2};
  refused(mixed, "heads or tails in a row that is no window");
  PricedRow unknown = memory_row(kHelper0);
  unknown.kind = static_cast<PricedRow::Kind>(77);
  refused(unknown, "no such kind of row");
}

TEST(VerifyPrices, LargePricesAreAddedUpIn128Bits) {
  // 2^53 * 2^50 is past 64 bits; the sums differ by 2^53 only.
  const Time work = Time{1} << 50;
  const Instance instance = equal_helpers(1, {{0, work, 0, 0, 0}, {0, work, 0, 0, 0}});
  const auto claim = [](Time bound) {
    return certificate(bound, {prices({window_row(kHelper0, {0}, {0}, kLargestNumber)})});
  };
  expect_accepted(instance, claim(2 * work));
  expect_refused(instance, claim(2 * work + 1), "steps[0]: the clients cost");
}

TEST(VerifyPrices, EachClientTakesTheCheapestOfItsAllowedOptions) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_helper({"h1", std::nullopt, 0});
  builder.add_client("c0");
  add_job(builder, kHelper0, {0, 4, 0, 0, 0});
  add_job(builder, kHelper1, {0, 2, 0, 0, 0});
  builder.add_client("c1");
  add_job(builder, kHelper0, {0, 4, 0, 0, 0});
  const Instance instance = builder.build();
  // h0 at price 1, h1 at price 2: both options of c0 cost 4, and c1 costs 4. At C = 4 there is room for 4 + 2 * 4.
  const auto claim = [](Time bound) {
    return certificate(bound, {prices({window_row(kHelper0, {0}, {0}, 1), window_row(kHelper1, {0}, {0}, 2)})});
  };
  expect_refused(instance, claim(5), "the clients cost 8 at least, and the rows have room for 12");
  // At C = 3 c0 has only h1 left, for its path on h0 is 4, and c1 has none.
  expect_accepted(instance, claim(4));
}

TEST(VerifyPrices, TheStopConditionEndsTheCheck) {
  const Instance instance = equal_helpers(1, kWindowJobs);
  const std::vector<PricedRow> rows(400'000, window_row(kHelper0, {2}, {4}));
  const std::atomic<bool> cancelled{true};
  const VerifyReport report =
      verify_certificate(instance, certificate(17, {prices(rows)}), StopCondition(std::nullopt, &cancelled));
  EXPECT_FALSE(report.accepted);
  EXPECT_TRUE(report.gave_up);
}

}  // namespace
}  // namespace splitlane
