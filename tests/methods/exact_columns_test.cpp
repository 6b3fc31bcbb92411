// Very many columns: the relaxation finds those that it needs, and the local search tries those that it is told of.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "methods/exact/lane_cache.hpp"
#include "methods/exact/tabu_search.hpp"
#include "methods/exact/window_relaxation.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane::exact {
namespace {

OptionSpec forward_only(HelperIndex helper, Time release, Time forward, Megabytes memory) {
  return {helper, release, forward, 0, 0, 0, 0, memory, std::nullopt, std::nullopt};
}

// 120 clients, 5 helpers of memory 24. Option k of 20 takes 10 + k of time and 20 - k of memory, so memory for all is
// there only when each takes the last one, and 24 clients go to each helper. Helper h starts at h.
Instance tight_memory() {
  InstanceBuilder builder;
  for (std::size_t helper = 0; helper < 5; ++helper) builder.add_helper({"h" + std::to_string(helper), 24, 0});
  for (std::size_t client = 0; client < 120; ++client) {
    builder.add_client("c" + std::to_string(client));
    for (std::uint32_t helper = 0; helper < 5; ++helper) {
      for (Time option = 0; option < 20; ++option) {
        builder.add_option(forward_only(HelperIndex(helper), helper, 10 + option, 20 - option));
      }
    }
  }
  return builder.build();
}

WindowRelaxation::Outcome outcome_at(WindowRelaxation& relaxation, const Domain& domain, Time makespan) {
  relaxation.set_makespan(makespan);
  return relaxation.solve(domain, {});
}

TEST(WindowRelaxation, FindsTheColumnsOfLeastMemoryAmongVeryMany) {
  const Instance instance = tight_memory();
  const ColumnTable columns(instance, 1000);
  ASSERT_EQ(columns.size(), 12'000U);
  ASSERT_GT(columns.size(), WindowRelaxation::kAllActive);
  WindowRelaxation relaxation(columns, {});
  // 24 clients of 29 each: helper 4 ends at 4 + 24 * 29 = 700.
  const Domain domain(columns, 700);
  EXPECT_EQ(outcome_at(relaxation, domain, 700), WindowRelaxation::Outcome::kFits);
  EXPECT_EQ(outcome_at(relaxation, domain, 699), WindowRelaxation::Outcome::kExceeds);
  EXPECT_TRUE(relaxation.price_leaf(domain).has_value());
}

TEST(WindowRelaxation, OfVeryManyColumnsUsesOnlyThoseThatTheDomainAllows) {
  const Instance instance = tight_memory();
  const ColumnTable columns(instance, 1000);
  WindowRelaxation relaxation(columns, {});
  Domain domain(columns, 700);
  for (ColumnIndex column = 0; column < columns.size(); ++column) {
    if (columns[column].memory == 1) domain.remove(column, columns[column].client);
  }
  // Everybody then takes at least 2 of memory, 240 of the 120 there are.
  EXPECT_EQ(outcome_at(relaxation, domain, 700), WindowRelaxation::Outcome::kExceeds);
  EXPECT_TRUE(relaxation.price_leaf(domain).has_value());
}

TEST(TabuSearch, TriesAnOptionInTheMiddleOnlyWhenToldSo) {
  // Two clients on one helper of memory 10, each with (time, memory) of (1, 10), (5, 5) or (9, 1). Within 10 only the
  // middle ones fit together: 5 + 5 of both; all other pairs take 11 or more of memory or 14 or more of time.
  InstanceBuilder builder;
  builder.add_helper({"h", 10, 0});
  for (const char* id : {"a", "b"}) {
    builder.add_client(id);
    builder.add_option(forward_only(HelperIndex(0), 0, 1, 10));
    builder.add_option(forward_only(HelperIndex(0), 0, 5, 5));
    builder.add_option(forward_only(HelperIndex(0), 0, 9, 1));
  }
  const Instance instance = builder.build();
  const ColumnTable columns(instance, 20);
  ASSERT_EQ(columns.size(), 6U);
  LaneCache lane_cache(columns, true, {});
  TabuSearch search(columns, lane_cache, 1, {});
  const Choice shortest_and_least = {0, 5};
  search.start(shortest_and_least);
  EXPECT_FALSE(search.reach(10, 200));
  search.prefer({0, 1, 0, 0, 1, 0});
  search.start(shortest_and_least);
  EXPECT_TRUE(search.reach(10, 200));
  EXPECT_EQ(search.choice(), (Choice{1, 4}));
}

}  // namespace
}  // namespace splitlane::exact
