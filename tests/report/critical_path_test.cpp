#include "report/critical_path.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "report/fixtures.hpp"
#include "splitlane/error.hpp"
#include "splitlane/methods/method.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/random_instance.hpp"

namespace splitlane::testing {
namespace {

using report::Course;
using report::critical_path;
using report::PlanView;
using report::Step;
using Kind = report::StepKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr ClientIndex kA(0);
constexpr ClientIndex kB(1);

/// One helper; client i asks for services[i]. The plan runs `lane` on it.
struct LanePlan {
  Instance instance;
  Plan plan;

  LanePlan(const std::vector<Service>& services, const std::vector<Segment>& lane, SwitchModel model = {},
           Time switch_cost = 0)
      : instance(instance_of(services, model, switch_cost)), plan(plan_of(instance, lane)) {
    test::expect_valid_plan(instance, plan);
  }

 private:
  static Instance instance_of(const std::vector<Service>& services, SwitchModel model, Time switch_cost) {
    InstanceBuilder builder;
    builder.set_switch_model(model);
    const HelperIndex helper = builder.add_helper(helper_named("h", {}, switch_cost));
    for (std::size_t client = 0; client < services.size(); ++client) {
      const Service& service = services[client];
      builder.add_client("c" + std::to_string(client));
      builder.add_option(
          served_by(helper, service.release, service.forward, service.turnaround, 0, service.backward, service.tail));
    }
    return builder.build();
  }
  static Plan plan_of(const Instance& instance, const std::vector<Segment>& lane) {
    std::vector<OptionIndex> choice;
    for (const ClientIndex client : instance.clients()) choice.push_back(instance.options(client)[0]);
    SegmentTable segments;
    segments.append_lane(lane);
    return {evaluate_schedule(instance, std::move(choice), std::move(segments))};
  }
};

std::vector<Step> path_of(const Instance& instance, const Plan& plan) {
  const PlanView view(instance, plan);
  return critical_path(Course(view));
}

TEST(CriticalPath, RunsThroughWhatTheLastClientWaitedFor) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  // b completes last, at 13. Its backward starts at 10, when it is ready (6 + 4); its forward at 3, though released at
  // 2: it waited for a's forward, which started at a's release.
  EXPECT_THAT(path_of(instance, plan), ElementsAre(Step{Kind::kRelease, kA, 0, 1}, Step{Kind::kForward, kA, 1, 3},
                                                   Step{Kind::kForward, kB, 3, 6}, Step{Kind::kTurnaround, kB, 6, 10},
                                                   Step{Kind::kBackward, kB, 10, 12}, Step{Kind::kTail, kB, 12, 13}));
}

TEST(CriticalPath, OfAClientThatTrainsAloneIsOneStep) {
  InstanceBuilder builder;
  builder.add_helper(helper_named("h"));
  builder.add_client("a");
  builder.add_local_option(locally(9));
  const Instance instance = builder.build();
  SegmentTable segments;
  segments.append_lane({});
  const Plan plan{evaluate_schedule(instance, {OptionIndex(0)}, std::move(segments))};
  EXPECT_THAT(path_of(instance, plan), ElementsAre(Step{Kind::kLocal, kA, 0, 9}));
}

TEST(CriticalPath, GoesThroughAPauseToTheTaskThatCausedIt) {
  // a's backward (3 units, ready at 2) is paused at 3 for b's backward [3, 5), and resumed at once.
  const LanePlan made({{0, 1, 1, 3, 0}, {1, 1, 1, 2, 0}}, {{kA, Task::kForward, 0, 1},
                                                           {kB, Task::kForward, 1, 2},
                                                           {kA, Task::kBackward, 2, 3},
                                                           {kB, Task::kBackward, 3, 5},
                                                           {kA, Task::kBackward, 5, 7}});
  // The second piece of a waited for b's backward, which started when b was ready (2 + 1), released at 1.
  EXPECT_THAT(
      path_of(made.instance, made.plan),
      ElementsAre(Step{Kind::kRelease, kB, 0, 1}, Step{Kind::kForward, kB, 1, 2}, Step{Kind::kTurnaround, kB, 2, 3},
                  Step{Kind::kBackward, kB, 3, 5}, Step{Kind::kBackward, kA, 5, 7}));
}

TEST(CriticalPath, NamesTimeThatTheHelperNeedsToSwitch) {
  // Switching takes 2 before each segment, the first one too: [2,3) and, after a's forward, [5,6).
  const LanePlan made({{0, 1, 0, 0, 0}, {0, 1, 0, 0, 3}}, {{kA, Task::kForward, 2, 3}, {kB, Task::kForward, 5, 6}},
                      SwitchModel::kOccupy, 2);
  EXPECT_THAT(path_of(made.instance, made.plan),
              ElementsAre(Step{Kind::kSwitch, kA, 0, 2}, Step{Kind::kForward, kA, 2, 3}, Step{Kind::kSwitch, kB, 3, 5},
                          Step{Kind::kForward, kB, 5, 6}, Step{Kind::kTail, kB, 6, 9}));
}

TEST(CriticalPath, NamesTimeThatThePlanLeavesTheHelperIdle) {
  // b is released at 2, the helper free at 1, and b starts at 4 only; then a again, whose forward ended at 1.
  const LanePlan made({{0, 1, 8, 1, 0}, {2, 1, 0, 0, 0}},
                      {{kA, Task::kForward, 0, 1}, {kB, Task::kForward, 4, 5}, {kA, Task::kBackward, 11, 12}});
  // a's backward starts at 11 although ready at 9 (1 + 8), with the helper free since 5: the later of the two is 9.
  EXPECT_THAT(path_of(made.instance, made.plan),
              ElementsAre(Step{Kind::kForward, kA, 0, 1}, Step{Kind::kTurnaround, kA, 1, 9},
                          Step{Kind::kIdle, kA, 9, 11}, Step{Kind::kBackward, kA, 11, 12}));
}

TEST(CriticalPath, LeavesOutTasksOfLengthZero) {
  const LanePlan made({{3, 0, 2, 0, 4}}, {});
  EXPECT_THAT(
      path_of(made.instance, made.plan),
      ElementsAre(Step{Kind::kRelease, kA, 0, 3}, Step{Kind::kTurnaround, kA, 3, 5}, Step{Kind::kTail, kA, 5, 9}));
}

TEST(CriticalPath, CountsTheChargeOfASwitchAsTurnaroundAndTail) {
  // Charged 2 * 3 after each run: forward [0,1), ready at 1 + 1 + 6 = 8, backward [8,9), completion 9 + 1 + 6 = 16.
  const LanePlan made({{0, 1, 1, 1, 1}}, {{kA, Task::kForward, 0, 1}, {kA, Task::kBackward, 8, 9}},
                      SwitchModel::kCharge, 3);
  EXPECT_THAT(path_of(made.instance, made.plan),
              ElementsAre(Step{Kind::kForward, kA, 0, 1}, Step{Kind::kTurnaround, kA, 1, 8},
                          Step{Kind::kBackward, kA, 8, 9}, Step{Kind::kTail, kA, 9, 16}));
}

/// True when the steps follow each other without gap from 0 to `end`, none of them empty.
bool covers(const std::vector<Step>& steps, Time end) {
  Time reached = 0;
  for (const Step& step : steps) {
    if (step.start != reached || step.end <= step.start) return false;
    reached = step.end;
  }
  return reached == end;
}

TEST(CriticalPath, CoversTheMakespanOfEveryValidPlan) {
  int planned = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Instance instance = test::random_instance(seed, {});
    for (const char* method : {"balanced-greedy", "admm"}) {
      Plan plan;
      try {
        plan = find_method(method).plan(instance, {});
      } catch (const Error& error) {
        ASSERT_EQ(error.code(), ErrorCode::kInfeasible);
        continue;
      }
      test::expect_valid_plan(instance, plan);
      EXPECT_TRUE(covers(path_of(instance, plan), plan.schedule.makespan)) << "seed " << seed << ", " << method;
      ++planned;
    }
  }
  EXPECT_GT(planned, 40);
}

TEST(CriticalPath, OfABrokenPlanIsWithoutGapsToo) {
  const Instance instance = three_clients();
  for (const Plan& plan : broken_plans()) {
    const PlanView view(instance, plan);
    const std::vector<Step> steps = critical_path(Course(view));
    if (view.critical().is_none()) {
      EXPECT_THAT(steps, IsEmpty());
      continue;
    }
    for (std::size_t index = 1; index < steps.size(); ++index) EXPECT_EQ(steps[index].start, steps[index - 1].end);
  }
}

}  // namespace
}  // namespace splitlane::testing
