// What every method tells while it runs.
#include <gtest/gtest.h>

#include "splitlane/methods/method.hpp"
#include "support/random_instance.hpp"
#include "support/stepping_clock.hpp"

namespace splitlane {
namespace {

// More than 60 clients on the one helper that serves them all: `auto` and `exact` then begin with the search of
// `scale`, which is a whole method elsewhere.
Instance crowded() {
  test::InstanceShape shape;
  shape.fewest_clients = shape.most_clients = 70;
  shape.most_helpers = 1;
  shape.bounded_memory_percent = shape.switch_cost_percent = shape.local_option_percent = 0;
  return test::random_instance(5, shape);
}

TEST(EveryMethod, SaysThatItIsDoneOnceAndLast) {
  test::InstanceShape roomy;
  roomy.bounded_memory_percent = 0;
  roomy.most_clients = 3;  // an integer program of few slots
  roomy.longest = 4;
  const Instance few = test::random_instance(3, roomy);
  const Instance many = crowded();
  for (const Method& method : methods()) {
    for (const Instance* instance : {&few, &many}) {
      // Their integer programs for many clients take long.
      if (instance == &many && (method.name == "ilp" || method.name == "admm")) continue;
      SCOPED_TRACE(method.name);
      int done = 0;
      Progress last;
      MethodParameters parameters;
      const test::SteppingClock clock;
      if (instance == &many) parameters.time_limit_s = 500;
      parameters.on_progress = [&](const Progress& progress) {
        done += progress.step == "done" ? 1 : 0;
        last = progress;
      };
      const Plan plan = method.plan(*instance, parameters);
      EXPECT_EQ(done, 1);
      EXPECT_EQ(last.step, "done");
      EXPECT_EQ(last.makespan, plan.schedule.makespan);
      EXPECT_EQ(last.lower_bound, plan.proof.lower_bound);
    }
  }
}

}  // namespace
}  // namespace splitlane
