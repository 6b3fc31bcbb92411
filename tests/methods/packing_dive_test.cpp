// A dive ends with whole sets that every helper can serve, where there are any, and with none where there are none.
#include "methods/exact/packing_dive.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/plan/service.hpp"
#include "support/exhaustive.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

namespace splitlane::exact {
namespace {

constexpr std::uint64_t kPricingLimit = 1'000'000;
constexpr int kDives = 4;

test::InstanceShape few_clients_a_helper() {
  test::InstanceShape shape;
  shape.fewest_clients = 3;
  shape.most_clients = 5;
  shape.most_helpers = 3;
  shape.most_options_per_pair = 1;
  shape.longest = 3;
  shape.longest_turnaround = 6;
  shape.switch_cost_percent = 0;
  shape.equal_helper_percent = 50;
  return shape;
}

// By a search that knows only the rules: one column a client, memories, and lanes that end in time.
void expect_cover(const Instance& instance, const ColumnTable& columns, const Choice& cover, Time makespan) {
  ASSERT_EQ(cover.size(), instance.client_count());
  std::vector<std::vector<Service>> services(instance.helper_count());
  std::vector<Megabytes> used(instance.helper_count(), 0);
  for (const ClientIndex client : instance.clients()) {
    if (cover[client] == kNoColumn) {
      bool may_train_alone = false;
      for (const OptionIndex option : instance.options(client)) {
        may_train_alone = may_train_alone || (instance.is_local(option) && instance.path(option) <= makespan);
      }
      ASSERT_TRUE(may_train_alone) << "client " << client.value();
      continue;
    }
    const Column& column = columns[cover[client]];
    ASSERT_EQ(column.client, client);
    services[column.helper.value()].push_back(service_of(instance, column.option));
    used[column.helper.value()] += instance.memory_demand(column.option);
  }
  for (const HelperIndex helper : instance.helpers()) {
    EXPECT_LE(test::brute_force_optimum(services[helper.value()], {}), makespan) << "helper " << helper.value();
    EXPECT_LE(used[helper.value()], instance.memory_capacity(helper).value_or(used[helper.value()]));
  }
}

TEST(PackingDive, CoversEveryClientFromTheOptimumOnAndNeverBelowIt) {
  int asked = 0;
  int found = 0;
  for (std::uint64_t seed = 0; seed < test::random_cases(120); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Instance instance = test::random_instance(seed, few_clients_a_helper());
    const std::optional<Time> optimum = test::exhaustive_optimum(instance);
    if (!optimum || *optimum == 0) continue;
    const ColumnTable columns(instance, *optimum + 2);
    PackingRelaxation packings(columns, true, 1, {});
    PackingDive dive(columns, packings, seed);
    EXPECT_FALSE(dive.cover(*optimum - 1, kDives, kPricingLimit).has_value());
    for (const Time makespan : {*optimum, *optimum + 2}) {
      ++asked;
      const std::optional<Choice> cover = dive.cover(makespan, kDives, kPricingLimit);
      if (!cover) continue;
      ++found;
      expect_cover(instance, columns, *cover, makespan);
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(asked, static_cast<int>(test::random_cases(100)));
  EXPECT_GT(found, asked * 9 / 10);  // a heuristic may miss some
}

TEST(PackingDive, MakesNoDiveWhereTheRelaxationDoesNotFit) {
  // Three clients of load 4 on one helper need 12.
  InstanceBuilder builder;
  builder.add_helper({"h", std::nullopt, 0});
  for (const char* client : {"a", "b", "c"}) {
    builder.add_client(client);
    builder.add_option({HelperIndex(0), 0, 2, 0, 0, 2, 0, 0, std::nullopt, std::nullopt});
  }
  const Instance instance = builder.build();
  const ColumnTable columns(instance, 20);
  PackingRelaxation packings(columns, true, 1, {});
  PackingDive dive(columns, packings, 0);
  EXPECT_FALSE(dive.cover(11, kDives, kPricingLimit).has_value());
  EXPECT_TRUE(dive.cover(12, kDives, kPricingLimit).has_value());
}

}  // namespace
}  // namespace splitlane::exact
