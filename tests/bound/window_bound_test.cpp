// The window bound is the largest window, and never above the optimum of the helper.
#include <gtest/gtest.h>

#include <algorithm>

#include "splitlane/bound/bound.hpp"
#include "support/brute_force.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

using test::Random;

struct RelaxedTask {
  Time head;
  Time work;
  Time tail;
};

// docs/how_it_works.md#windows word by word: max over all heads s and tails t of s + (work of tasks with head >= s,
// tail >= t) + t.
Time largest_window(std::span<const Service> services) {
  std::vector<RelaxedTask> tasks;
  Time bound = 0;
  for (const Service& service : services) {
    const Time ready = service.release + service.forward + service.turnaround;
    tasks.push_back({service.release, service.forward, service.turnaround + service.backward + service.tail});
    tasks.push_back({ready, service.backward, service.tail});
    bound = std::max(bound, ready + service.backward + service.tail);
  }
  for (const RelaxedTask& head : tasks) {
    for (const RelaxedTask& tail : tasks) {
      Time work = 0;
      for (const RelaxedTask& task : tasks) {
        if (task.head >= head.head && task.tail >= tail.tail) work += task.work;
      }
      if (work > 0) bound = std::max(bound, head.head + work + tail.tail);
    }
  }
  return bound;
}

TEST(WindowBound, IsTheLargestWindowByHand) {
  // Two clients, release 1, forward 4, turnaround 2, backward 1, tail 3: path 11. Window s = 1, t = 6 (both forwards,
  // tail 2 + 1 + 3): 1 + 8 + 6 = 15. Window s = 1, t = 3 (all tasks): 1 + 10 + 3 = 14.
  const std::vector<Service> services(2, Service{1, 4, 2, 1, 3});
  EXPECT_EQ(window_bound(services, {}), 15);
}

TEST(WindowBound, IncludesThePathAndIsZeroForNothing) {
  EXPECT_EQ(window_bound({}, {}), 0);
  const std::vector<Service> services = {{7, 0, 5, 0, 4}};
  EXPECT_EQ(window_bound(services, {}), 16);
}

TEST(WindowBound, EqualsTheLargestOfAllWindows) {
  for (std::uint64_t seed = 0; seed < test::random_cases(5000); ++seed) {
    Random random(seed);
    const std::vector<Service> services = test::random_services(random, {1, 10, 9, 30, 15});
    ASSERT_EQ(window_bound(services, {}), largest_window(services)) << "seed " << seed;
  }
}

TEST(WindowBound, NeverExceedsTheOptimum) {
  for (std::uint64_t seed = 0; seed < test::random_cases(2000); ++seed) {
    Random random(seed);
    const std::vector<Service> services = test::random_services(random, {1, 3, 3, 4, 20});
    const SwitchRule rule = test::random_switch_rule(random, 3);
    ASSERT_LE(window_bound(services, rule), test::brute_force_optimum(services, rule)) << "seed " << seed;
  }
}

TEST(PathBound, IsTheOptimumOfAClientAlone) {
  for (std::uint64_t seed = 0; seed < test::random_cases(3000); ++seed) {
    Random random(seed);
    const std::vector<Service> services = test::random_services(random, {1, 1, 4, 5, 20});
    const SwitchRule rule = test::random_switch_rule(random, 4);
    ASSERT_EQ(path_bound(services.front(), rule), test::brute_force_optimum(services, rule)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace splitlane
