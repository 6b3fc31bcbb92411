#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "report/fixtures.hpp"
#include "report/text.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void expect_one_screen(const std::string& text) {
  std::istringstream lines(text);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_LE(report::character_count(line), 100U) << line;
  EXPECT_LE(count, 28U) << text;
}

TEST(PlanSummary, SaysWhatThePlanIs) {
  const Instance instance = three_clients();
  Plan plan = queued_plan(instance);
  plan.origin.runtime_ms = 12.34;
  const std::string text = plan_summary(instance, plan);
  EXPECT_THAT(text, HasSubstr("three: 3 clients, 2 helpers, 5 options\n"));
  EXPECT_THAT(text, HasSubstr("by-hand (seed 0), feasible\n"));
  EXPECT_THAT(text, HasSubstr("13 slots (1.3 s)\n"));
  EXPECT_THAT(text, HasSubstr("10 slots (1 s), gap 30.0 %\n"));
  EXPECT_THAT(text, HasSubstr("12.3 ms\n"));
  EXPECT_THAT(text, HasSubstr("1 client served locally"));
  expect_one_screen(text);
}

TEST(PlanSummary, SaysWhatBindsWhereThePlanDoes) {
  const Instance instance = three_clients();
  Plan plan = queued_plan(instance);
  EXPECT_THAT(plan_summary(instance, plan), Not(HasSubstr("binds")));
  plan.proof.binding = Binding{Binding::Kind::kPath, {}, {}, "a path\nof " + std::string(500, 'x')};
  const std::string text = plan_summary(instance, plan);
  EXPECT_THAT(text, HasSubstr("binds        a path\xEF\xBF\xBDof"));
  expect_one_screen(text);
}

TEST(PlanSummary, TakesTheCriticalCompletionApartAndNamesWhoWasAhead) {
  const Instance instance = three_clients();
  const std::string text = plan_summary(instance, queued_plan(instance));
  EXPECT_THAT(text, HasSubstr("client b on h0, option 0 of 2, completes last\n"));
  EXPECT_THAT(text, HasSubstr("release 2 + wait 1 + forward 3 + turnaround 4 + wait 0 + backward 2 + tail 1 = 13\n"));
  EXPECT_THAT(text, HasSubstr("bound by queuing: waited 1 while a ran\n"));
  EXPECT_THAT(text, HasSubstr("its option 1 (on h1) has a shorter path: 10 instead of 12\n"));
}

TEST(PlanSummary, ShowsTheLoadOfEachHelper) {
  const Instance instance = three_clients();
  const std::string text = plan_summary(instance, queued_plan(instance));
  // h0: 2 + 3 + 2 + 2 = 9 busy of 13 is 69.2 %, 8.3 of 12 cells; memory 4 + 5 of 10.
  EXPECT_THAT(text, HasSubstr("h0                     2          9  ########....  69.2 %         12  9/10\n"));
  EXPECT_THAT(text, HasSubstr("h1                     0          0  ............   0.0 %          0  0/20\n"));
}

TEST(PlanSummary, SaysWhenTheCriticalClientDidNotQueue) {
  // a alone on h0 takes its path, 11, longer than c's 9 and b's 10 on h1.
  const Instance instance = three_clients();
  SegmentTable segments;
  segments.append_lane(
      std::vector<Segment>{{ClientIndex(0), Task::kForward, 1, 3}, {ClientIndex(0), Task::kBackward, 6, 8}});
  segments.append_lane(
      std::vector<Segment>{{ClientIndex(1), Task::kForward, 2, 3}, {ClientIndex(1), Task::kBackward, 7, 9}});
  Plan plan{evaluate_schedule(instance, {OptionIndex(0), OptionIndex(2), OptionIndex(4)}, std::move(segments))};
  set_lower_bound(plan, 11);
  const std::string text = plan_summary(instance, plan);
  EXPECT_THAT(text, HasSubstr("release 1 + wait 0 + forward 2 + turnaround 3 + wait 0 + backward 2 + tail 3 = 11\n"));
  EXPECT_THAT(text, HasSubstr("bound by its own path, no queuing"));
  EXPECT_THAT(text, HasSubstr("it has no other option\n"));
  EXPECT_THAT(text, HasSubstr("optimal\n"));
}

TEST(PlanSummary, CountsChargedSwitches) {
  // One run each way, each charged 2 * 3: 1 + 2 + 3 + 2 + 4 = 12 and 12 more.
  InstanceBuilder builder;
  builder.set_switch_model(SwitchModel::kCharge);
  const HelperIndex helper = builder.add_helper(helper_named("h", std::nullopt, 3));
  builder.add_client("c");
  builder.add_option(served_by(helper, 1, 2, 1, 2, 2, 4));
  const Instance instance = builder.build();
  SegmentTable segments;
  segments.append_lane(
      std::vector<Segment>{{ClientIndex(0), Task::kForward, 1, 3}, {ClientIndex(0), Task::kBackward, 12, 14}});
  const Plan plan{evaluate_schedule(instance, {OptionIndex(0)}, std::move(segments))};
  EXPECT_THAT(plan_summary(instance, plan), HasSubstr("charge 12 = 24\n"));
}

TEST(PlanSummary, OfAClientAheadInSeveralWaitsAddsThemUpAndNamesThree) {
  // e is released at 0 but waits for a, b, c and d, which run for 1, 2, 3 and 4: the longest are d, c and b.
  InstanceBuilder builder;
  const HelperIndex helper = builder.add_helper(helper_named("h"));
  std::vector<Segment> lane;
  std::vector<OptionIndex> choice;
  Time end = 0;
  for (const Time work : {1, 2, 3, 4, 5}) {
    const ClientIndex client = builder.add_client(std::string(1, static_cast<char>('a' + work - 1)));
    choice.push_back(builder.add_option(served_by(helper, 0, work, 0, 0, 0, 0)));
    lane.push_back({client, Task::kForward, end, end + work});
    end += work;
  }
  const Instance instance = builder.build();
  SegmentTable segments;
  segments.append_lane(lane);
  EXPECT_THAT(plan_summary(instance, Plan{evaluate_schedule(instance, choice, std::move(segments))}),
              HasSubstr("waited 10 while d, c, b and 1 more ran\n"));
}

TEST(PlanSummary, StaysOneScreenForManyHelpersLongIdsAndManyWarnings) {
  const Instance instance = uniform_instance(1000, 2000);
  Plan plan = uniform_plan(instance);
  plan.origin.warnings.assign(50, std::string(1000, 'w'));
  const std::string text = plan_summary(instance, plan);
  expect_one_screen(text);
  EXPECT_THAT(text, HasSubstr("... and 992 more\n"));
  EXPECT_THAT(text, HasSubstr("... and 46 more\n"));
  const Instance long_ids = three_clients(std::string(500, 'a'), std::string(500, 'b'), std::string(500, 'h'));
  expect_one_screen(plan_summary(long_ids, queued_plan(long_ids)));
}

TEST(PlanSummary, OfABrokenPlanNamesWhatIsMissing) {
  const Instance instance = three_clients();
  for (const Plan& plan : broken_plans()) expect_one_screen(plan_summary(instance, plan));
  EXPECT_THAT(plan_summary(instance, Plan()), HasSubstr("3 clients without a valid option"));
  Plan plan = queued_plan(instance);
  EXPECT_THAT(plan_summary(instance, plan), Not(HasSubstr("warnings")));
  plan.proof.lower_bound = 0;
  EXPECT_THAT(plan_summary(instance, plan), HasSubstr("0 slots, gap unknown\n"));
  plan.schedule.makespan = 12;
  EXPECT_THAT(plan_summary(instance, plan), HasSubstr("the segments give makespan 13, not 12\n"));
}

}  // namespace
}  // namespace splitlane::testing
