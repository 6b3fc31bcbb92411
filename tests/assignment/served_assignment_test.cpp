// Who is where, after any moves and swaps, is what a fresh count of the assignment says.
#include "assignment/served_assignment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "splitlane/instance/instance_builder.hpp"
#include "support/random.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

using test::Random;

struct Count {
  std::vector<std::vector<ClientIndex>> served;
  std::vector<Time> load;
  std::vector<Megabytes> demand;
};

Count counted(const Instance& instance, const Assignment& choice) {
  const std::size_t helpers = instance.helper_count();
  Count count{std::vector<std::vector<ClientIndex>>(helpers), std::vector<Time>(helpers),
              std::vector<Megabytes>(helpers)};
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = choice[client.value()];
    if (option.is_none() || instance.is_local(option)) continue;
    const std::size_t helper = instance.helper(option).value();
    count.served[helper].push_back(client);
    count.load[helper] += instance.forward(option) + instance.backward(option);
    count.demand[helper] += instance.memory_demand(option);
  }
  return count;
}

bool has_room(const Instance& instance, const Count& count, OptionIndex option, Megabytes returned) {
  if (instance.is_local(option)) return true;
  const HelperIndex helper = instance.helper(option);
  const auto capacity = instance.memory_capacity(helper);
  return !capacity || count.demand[helper.value()] - returned + instance.memory_demand(option) <= *capacity;
}

void expect_as_counted(const Instance& instance, const ServedAssignment& current) {
  const Count count = counted(instance, current.choice());
  EXPECT_EQ(current.loads(), count.load);
  for (const HelperIndex helper : instance.helpers()) {
    std::vector<ClientIndex> served = current.served(helper);
    std::sort(served.begin(), served.end());
    EXPECT_EQ(served, count.served[helper.value()]);
    for (const OptionIndex option : instance.options()) {
      EXPECT_EQ(current.fits(option), has_room(instance, count, option, 0));
      for (const ClientIndex client : served) {
        const OptionIndex gone = current.option(client);
        if (instance.helper(option) != instance.helper(gone)) continue;
        EXPECT_EQ(current.fits_instead(option, gone), has_room(instance, count, option, instance.memory_demand(gone)));
      }
    }
  }
}

TEST(ServedAssignment, IsWhatAFreshCountSaysAfterAnyMovesAndSwaps) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const Instance instance = test::random_instance(seed, test::InstanceShape());
    Random random(seed);
    const auto draw = [&](ClientIndex client) {
      const IndexRange<OptionIndex> options = instance.options(client);
      return options[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(options.size()) - 1))];
    };
    const auto draw_client = [&] {
      return ClientIndex(
          static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(instance.client_count()) - 1)));
    };
    ServedAssignment current(instance, Assignment(instance.client_count()));
    for (int change = 0; change < 20; ++change) {
      const ClientIndex client = draw_client();
      const ClientIndex other = draw_client();
      if (client == other || random.percent(50)) {
        current.move(client, draw(client));
      } else {
        current.swap(client, draw(client), other, draw(other));
      }
      expect_as_counted(instance, current);
      ASSERT_FALSE(HasFailure());
    }
  }
}

TEST(ServedAssignment, ServesThoseWhoCameLastLast) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  for (const char* id : {"c0", "c1", "c2"}) {
    builder.add_client(id);
    OptionSpec option;
    option.helper = HelperIndex(0);
    builder.add_option(option);
  }
  const Instance instance = builder.build();
  ServedAssignment current(instance, {OptionIndex(0), OptionIndex(1), OptionIndex(2)});
  current.move(ClientIndex(0), OptionIndex(0));
  EXPECT_EQ(current.served(HelperIndex(0)), (std::vector{ClientIndex(1), ClientIndex(2), ClientIndex(0)}));
}

}  // namespace
}  // namespace splitlane
