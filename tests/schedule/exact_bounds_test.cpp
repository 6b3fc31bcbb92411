// The bounds that the exact lane is built of: windows, the static bound, the coupling bound.
#include <gtest/gtest.h>

#include "schedule/exact/coupling_bound.hpp"
#include "schedule/exact/static_bound.hpp"
#include "schedule/exact/window_sweep.hpp"
#include "splitlane/bound/bound.hpp"
#include "support/brute_force.hpp"
#include "support/hard_lanes.hpp"
#include "support/lane_proof_checker.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

using test::Random;

Time load_inside(const LaneTasks& tasks, const Window& window) {
  Time load = 0;
  for (TaskIndex task = 0; task < tasks.count(); ++task) load += tasks.is_inside(task, window) ? tasks.work[task] : 0;
  return load;
}

bool is_overloaded(const LaneTasks& tasks, const Window& window) {
  return load_inside(tasks, window) > std::max<Time>(0, window.second - window.first);
}

bool has_overload(const LaneTasks& tasks) {
  for (const Time first : tasks.head) {
    for (const Time second : tasks.deadline) {
      if (is_overloaded(tasks, {first, second})) return true;
    }
  }
  return false;
}

LaneTasks random_tasks(Random& random) {
  test::LaneShape shape;
  shape.most_services = 5;
  const std::vector<Service> services = test::random_services(random, shape);
  Time longest = 0;
  for (const Service& service : services) longest = std::max(longest, service.path());
  return {services, longest + random.between(-2, 8)};
}

TEST(WindowSweep, FindsAnOverloadedWindowWheneverThereIsOne) {
  WindowSweep sweep;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    const LaneTasks tasks = random_tasks(random);
    sweep.reset(tasks.work);
    const auto window = sweep.run(tasks.head, tasks.deadline, std::nullopt);
    ASSERT_EQ(window.has_value(), has_overload(tasks)) << "seed " << seed;
    if (window) {
      ASSERT_TRUE(is_overloaded(tasks, *window)) << "seed " << seed;
    }
  }
}

TEST(WindowSweep, EarliestCompletionIsTheLeastDeadlineThatOverloadsNothing) {
  // By definition: with that deadline no window is overloaded, with one less the named window is.
  WindowSweep sweep;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    LaneTasks tasks = random_tasks(random);
    sweep.reset(tasks.work);
    if (sweep.run(tasks.head, tasks.deadline, std::nullopt)) continue;
    for (TaskIndex task = 0; task < tasks.count(); ++task) {
      if (tasks.work[task] == 0) continue;
      const Time deadline = tasks.deadline[task];
      const Time completion = sweep.completion(task);
      tasks.deadline[task] = completion;
      EXPECT_FALSE(has_overload(tasks)) << "seed " << seed;
      tasks.deadline[task] = completion - 1;
      EXPECT_TRUE(is_overloaded(tasks, {sweep.refuted_from(task), completion - 1})) << "seed " << seed;
      tasks.deadline[task] = deadline;
    }
  }
}

TEST(StaticBound, EqualsTheWindowBoundAndNamesItsWindow) {
  StaticBound bound;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Random random(seed);
    test::LaneShape shape;
    shape.most_services = seed % 10 == 0 ? 40 : 5;
    shape.zero_length_percent = 0;
    const std::vector<Service> services = test::random_services(random, shape);
    const Time value = bound.of(services);
    ASSERT_EQ(value, window_bound(services, {})) << "seed " << seed;
    const LaneTasks tasks(services, value - 1);
    ASSERT_TRUE(is_overloaded(tasks, bound.overloaded_at(value - 1))) << "seed " << seed;
  }
}

TEST(CouplingBound, IsThePathOfASingleService) {
  // With all weight on one service: M + M' + a + (p + p') / 2 = (r + p / 2) + (q + p' / 2) + a + (p + p') / 2 = path.
  const std::vector<Service> services = {{3, 4, 5, 7, 2}, {0, 9, 1, 9, 0}};
  const std::vector<std::int64_t> weights = {6, 0};
  EXPECT_TRUE(coupling_bound_exceeds(services, weights, 20));
  EXPECT_FALSE(coupling_bound_exceeds(services, weights, 21));
}

TEST(CouplingBound, NeverExceedsTheOptimumWhateverTheWeights) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random(seed);
    const std::vector<Service> services = test::random_services(random, {});
    const Time optimum = test::brute_force_optimum(services, {});
    std::vector<std::int64_t> weights;
    for (std::size_t index = 0; index < services.size(); ++index) weights.push_back(random.between(0, 9));
    EXPECT_FALSE(coupling_bound_exceeds(services, weights, optimum)) << "seed " << seed;
    const LaneProof proof = {{LaneProofStep::Kind::kCoupling, 0, 0, weights}};
    for (Time makespan = 0; makespan < optimum; ++makespan) {
      EXPECT_EQ(coupling_bound_exceeds(services, weights, makespan),
                test::LaneProofChecker(services, makespan, true).accepts(proof))
          << "seed " << seed;
    }
  }
}

TEST(CouplingBound, RefutesNothingWhereItsSumsCouldOverflow) {
  const Time huge = Time{1} << 50;
  const std::vector<Service> services = {{0, huge, huge, huge, 0}, {0, huge, huge, huge, 0}};
  EXPECT_FALSE(coupling_bound_exceeds(services, std::vector<std::int64_t>{1 << 30, 1 << 30}, 1));
}

TEST(CouplingBound, DoesNotDependOnTheTimeUnit) {
  Random random(1);
  const std::vector<Service> services = test::unit_flow_services(random, 14);
  std::vector<Service> scaled = services;
  for (Service& service : scaled) {
    service.forward <<= 30;
    service.turnaround <<= 30;
    service.backward <<= 30;
  }
  CouplingBound bound;
  // A backward is ready at 1 + 14 at the earliest, and there are 14 of them: at least one ends at 28 or later.
  Time refuted = 27;
  ASSERT_TRUE(bound.refutes(services, refuted, 150));
  while (bound.refutes(services, refuted + 1, 150)) ++refuted;
  EXPECT_TRUE(bound.refutes(scaled, refuted << 30, 150));
}

}  // namespace
}  // namespace splitlane
