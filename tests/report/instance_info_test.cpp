#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "report/fixtures.hpp"
#include "report/instance_statistics.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(InstanceInfo, CountsClientsHelpersOptionsAndMissingEdges) {
  // Edges a-h0, b-h0, b-h1, c-h1: 4 of 6, a third is missing.
  EXPECT_THAT(instance_info(three_clients()),
              HasSubstr("3 clients, 2 helpers, 5 options (1 local), missing edges 33.3 %\n"));
}

TEST(InstanceInfo, GivesRangesOfOptionsThatNameAHelper) {
  const std::string text = instance_info(three_clients());
  // Releases 1, 2, 2, 0; loads 4, 5, 3, 2; paths 11, 12, 10, 2 (lower medians 1, 3, 10).
  EXPECT_THAT(text, HasSubstr("release                     0            1            2\n"));
  EXPECT_THAT(text, HasSubstr("load                        2            3            5\n"));
  EXPECT_THAT(text, HasSubstr("path                        2           10           12\n"));
  EXPECT_THAT(text, HasSubstr("local                       9            9            9\n"));
}

TEST(InstanceInfo, GivesTimeUnitMemoryAndPathBound) {
  const std::string text = instance_info(three_clients());
  EXPECT_THAT(text, HasSubstr("unit slots of 100 ms, horizon "));
  // a needs 4, b 5, c none (local), of 10 + 20; h0 could be asked for 4 + 5 and has 10, h1 for 5 + 6 and has 20.
  EXPECT_THAT(text, HasSubstr("at least 9 MB of 30 MB (30.0 %)\n"));
  EXPECT_THAT(text, HasSubstr("tightest helper h0: 10 MB, all of the 9 MB that its possible clients need\n"));
  // Shortest paths 11 (a), 10 (b), 2 (c).
  EXPECT_THAT(text, HasSubstr("path 11 slots (1.1 s)\n"));
  EXPECT_THAT(text, Not(HasSubstr("warnings")));
}

TEST(InstanceStatistics, MeasureHeterogeneity) {
  const report::InstanceStatistics statistics = report::statistics_of(three_clients());
  // Only b has two helpers: loads 5 and 3, mean 4, deviation 1.
  EXPECT_DOUBLE_EQ(statistics.load_variation, 0.25);
  // Shortest paths 11, 10, 2: mean 23/3, squared deviations (100 + 49 + 289)/9.
  EXPECT_NEAR(statistics.path_variation, std::sqrt((100.0 + 49 + 289) / 27) / (23.0 / 3), 1e-12);
}

TEST(InstanceInfo, WarnsOfMemoryThatCannotSuffice) {
  InstanceBuilder builder;
  const HelperIndex helper = builder.add_helper(helper_named("h", 10));
  builder.add_client("fits");
  builder.add_option(served_by(helper, 1, 1, 1, 1, 1, 1, 10));
  builder.add_client("too big");
  builder.add_option(served_by(helper, 1, 1, 1, 1, 1, 1, 11));
  const std::string text = instance_info(builder.build());
  EXPECT_THAT(text, HasSubstr("no plan exists: 1 client fits no helper: too big\n"));
  EXPECT_THAT(text, HasSubstr("no plan exists: the clients need 21 MB, all helpers together have 10 MB\n"));
  EXPECT_THAT(text, HasSubstr("47.6 % of the 21 MB"));  // 10 of 21
}

TEST(InstanceInfo, WarnsOfSuspiciousData) {
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kSlot);
  const HelperIndex helper = builder.add_helper(helper_named("h"));
  builder.add_client("first");
  builder.add_option(served_by(helper, 0, 0, 0, 0, 0, 0, 5));
  builder.add_client("second");
  builder.add_option(served_by(helper, 1, 2, 1, 1, 1, 1));
  builder.add_option(served_by(helper, 1, 1, 2, 1, 1, 1));
  builder.add_option(served_by(helper, 1, 3, 1, 1, 1, 1));  // worse than option 0 in forward
  builder.add_option(served_by(helper, 1, 1, 2, 1, 1, 1));  // the same as option 1
  const std::string text = instance_info(builder.build());
  EXPECT_THAT(text, HasSubstr("options give memory demands, but 1 helper has no memory_mb"));
  EXPECT_THAT(text, HasSubstr("1 option with all durations 0\n"));
  EXPECT_THAT(text,
              HasSubstr("2 options dominated by another of the same client and helper; the first is option 2 of\n"));
  EXPECT_THAT(text, HasSubstr("slots without slot_us"));
}

TEST(InstanceInfo, WarnsWhenEverythingIsZero) {
  InstanceBuilder builder;
  const HelperIndex helper = builder.add_helper(helper_named("h"));
  builder.add_client("c");
  builder.add_option(served_by(helper));
  EXPECT_THAT(instance_info(builder.build()), HasSubstr("all durations of the instance are 0\n"));
}

TEST(InstanceStatistics, OfDemandsPast63BitsSaturate) {
  InstanceBuilder builder;
  const HelperIndex helper = builder.add_helper(helper_named("h", kLargestNumber));
  for (int client = 0; client < 2000; ++client) {
    builder.add_client(std::to_string(client));
    builder.add_option(served_by(helper, 0, 0, 0, 0, 0, 0, kLargestNumber));
  }
  // 2000 * 2^53 > 2^63.
  EXPECT_EQ(report::statistics_of(builder.build()).memory.least_demand, std::numeric_limits<std::int64_t>::max());
}

}  // namespace
}  // namespace splitlane::testing
