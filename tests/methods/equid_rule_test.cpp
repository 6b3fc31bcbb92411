// EquiD against its published rule, simulated slot by slot and independently of the schedulers.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "splitlane/methods/method.hpp"
#include "support/exhaustive.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

struct Client {
  OptionIndex option;
  Time forward_end = -1;
  Time backward_end = -1;
};

// Whenever the helper is free: the released forward with the longest l + l', else the ready backward with the longest
// tail; a task that has begun runs to its end. Ties go to the client that comes first.
Time makespan_by_the_rule(const Instance& instance, std::vector<Client> clients) {
  Time now = 0;
  Time makespan = 0;
  for (std::size_t left = 2 * clients.size(); left > 0;) {
    Client* forward = nullptr;
    Client* backward = nullptr;
    for (Client& client : clients) {
      const OptionIndex option = client.option;
      const Time wait = instance.client_forward(option) + instance.client_backward(option);
      if (client.forward_end < 0) {
        const bool is_longer = forward == nullptr || wait > instance.turnaround(forward->option);
        if (instance.release(option) <= now && is_longer) forward = &client;
      } else if (client.backward_end < 0 && client.forward_end + wait <= now) {
        if (backward == nullptr || instance.tail(option) > instance.tail(backward->option)) backward = &client;
      }
    }
    if (forward != nullptr) {
      now += instance.forward(forward->option);
      forward->forward_end = now;
      --left;
    } else if (backward != nullptr) {
      now += instance.backward(backward->option);
      backward->backward_end = now;
      makespan = std::max(makespan, now + instance.tail(backward->option));
      --left;
    } else {
      ++now;
    }
  }
  return makespan;
}

TEST(Equid, HasTheMakespanOfThePublishedRule) {
  test::InstanceShape shape;
  shape.most_clients = 5;
  shape.most_helpers = 3;
  shape.zero_length_percent = 0;
  shape.local_option_percent = 0;
  shape.switch_cost_percent = 0;
  std::uint64_t compared = 0;
  for (std::uint64_t seed = 0; compared < test::random_cases(100); ++seed) {
    const Instance instance = test::random_instance(seed, shape);
    const std::optional<Time> smallest = test::smallest_largest_load(instance);
    if (!smallest) continue;
    const Plan plan = plan_equid(instance, {});
    // The rule for the assignment: the largest load is the smallest possible; which of the equals, it does not say.
    ASSERT_EQ(test::largest_load(instance, plan.schedule.choice), *smallest) << "seed " << seed;
    std::vector<std::vector<Client>> lanes(instance.helper_count());
    for (const OptionIndex option : plan.schedule.choice) lanes[instance.helper(option).value()].push_back({option});
    Time makespan = 0;
    for (const std::vector<Client>& lane : lanes) makespan = std::max(makespan, makespan_by_the_rule(instance, lane));
    ASSERT_EQ(plan.schedule.makespan, makespan) << "seed " << seed;
    ++compared;
  }
}

}  // namespace
}  // namespace splitlane
