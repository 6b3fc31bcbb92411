// A chain takes a client off a late helper through others whose memory is full, and tells which helpers have no room.
#include "methods/scale/ejection_chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/workers.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// Helpers in a row, memory for `room` clients each, the last for one more if it `ends_in_room`. Two clients on the
/// first and one on each other, all with tasks of 3 + 2, and each in reach of its own helper and the next one.
struct Row {
  std::size_t helpers = 4;
  bool ends_in_room = true;
};

Instance build(const Row& row) {
  InstanceBuilder builder;
  std::vector<HelperIndex> places;
  for (std::size_t helper = 0; helper < row.helpers; ++helper) {
    places.push_back(HelperIndex(helper));
    const bool is_wide = helper == 0 || (helper + 1 == row.helpers && row.ends_in_room);
    builder.add_helper({"h" + std::to_string(helper), is_wide ? 2 : 1, 0});
  }
  for (std::size_t client = 0; client <= row.helpers; ++client) {
    builder.add_client("c" + std::to_string(client));
    const std::size_t home = client == 0 ? 0 : client - 1;
    for (std::size_t helper = home; helper < std::min(home + 2, row.helpers); ++helper) {
      builder.add_option({places[helper], 0, 3, 0, 0, 2, 0, 1, {}, {}});
    }
  }
  return builder.build();
}

/// Everybody at home; budget and prices that forbid nothing.
struct Search {
  explicit Search(const Row& row)
      : instance(build(row)),
        served(instance, homes(), true, workers),
        regret(instance.option_count(), 0.0F),
        budget(instance),
        chains(served, regret, budget, {}) {}

  Assignment homes() const {
    Assignment choice;
    for (const ClientIndex client : instance.clients()) choice.push_back(instance.options(client)[0]);
    return choice;
  }

  Instance instance;
  Workers workers{1};
  ServedClients served;
  std::vector<float> regret;
  MoveBudget budget;
  EjectionChains chains;
};

TEST(EjectionChains, PassThroughHelpersWhoseMemoryIsFull) {
  // The first helper ends at 2 * 5 = 10. Its client goes to the second, that one's to the third, and so on to the last,
  // which has room for two: 5, 5, 5, 10.
  Search search(Row{});
  std::vector<HelperIndex> touched;
  search.chains.find_room(10);
  EXPECT_TRUE(search.chains.relieve(HelperIndex(0), 10, touched));
  EXPECT_THAT(touched, UnorderedElementsAre(HelperIndex(0), HelperIndex(1), HelperIndex(2), HelperIndex(3)));
  std::vector<Time> ends;
  for (const HelperIndex helper : search.instance.helpers()) ends.push_back(search.served.end(helper));
  EXPECT_THAT(ends, ElementsAre(5, 5, 5, 10));
  for (const HelperIndex helper : search.instance.helpers()) EXPECT_GE(search.served.free_memory(helper), 0);
}

TEST(EjectionChains, NameTheHelpersThatHaveNoRoomAmongThem) {
  // No helper has memory for one more, or the last would end at 10 > 9.
  for (const Row& row : {Row{4, false}, Row{4, true}}) {
    Search search(row);
    std::vector<HelperIndex> touched;
    const Assignment before = search.served.choice();
    search.chains.find_room(9);
    EXPECT_FALSE(search.chains.relieve(HelperIndex(0), 9, touched));
    EXPECT_THAT(search.chains.without_room(), ElementsAre(1, 1, 1, 1));
    EXPECT_THAT(touched, IsEmpty());
    EXPECT_EQ(search.served.choice(), before);
  }
}

// Whatever chain is found: the late helper ends earlier by load, no other one later than it did or than the target, no
// memory is exceeded, and the clients that moved are one for each link.
TEST(EjectionChains, HarmNobodyOnTheWay) {
  int made = 0;
  int longer = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    test::InstanceShape shape;
    shape.fewest_clients = 5;
    shape.most_clients = 9;
    shape.bounded_memory_percent = 100;
    shape.switch_cost_percent = 0;
    shape.local_option_percent = 5;
    const Instance instance = test::random_instance(seed, shape);
    // Everybody takes the first option with room, so that the first helpers end late.
    Assignment start;
    MemoryLedger ledger(instance);
    for (const ClientIndex client : instance.clients()) {
      OptionIndex chosen;
      for (const OptionIndex option : instance.options(client)) {
        if (chosen.is_none() && ledger.fits(option)) chosen = option;
      }
      if (chosen.is_none()) break;
      ledger.take(chosen);
      start.push_back(chosen);
    }
    if (start.size() < instance.client_count()) continue;
    Workers workers(1);
    ServedClients served(instance, start, true, workers);
    const std::vector<float> regret(instance.option_count(), 0.0F);
    MoveBudget budget(instance);
    EjectionChains chains(served, regret, budget, {});
    std::vector<Time> before;
    for (const HelperIndex helper : instance.helpers()) before.push_back(served.end(helper));
    const HelperIndex late(static_cast<std::size_t>(std::max_element(before.begin(), before.end()) - before.begin()));
    const Time target = before[late.value()] * 3 / 4;
    std::vector<HelperIndex> touched;
    chains.find_room(target);
    if (!chains.relieve(late, target, touched)) {
      EXPECT_EQ(served.choice(), start);
      continue;
    }
    ++made;
    longer += touched.size() > 2 ? 1 : 0;
    std::size_t moved = 0;
    for (const ClientIndex client : instance.clients()) {
      moved += served.choice()[client.value()] != start[client.value()] ? 1 : 0;
    }
    EXPECT_GE(moved + 1, touched.size());
    EXPECT_LT(served.end(late), before[late.value()]);
    for (const HelperIndex helper : instance.helpers()) {
      EXPECT_LE(served.end(helper), std::max(before[helper.value()], target)) << "helper " << helper.value();
      EXPECT_GE(served.free_memory(helper), 0) << "helper " << helper.value();
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(made, 100);
  EXPECT_GT(longer, 5);
}

}  // namespace
}  // namespace splitlane
