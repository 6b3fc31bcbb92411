#include "splitlane/planning/what_if_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "planning/fixture.hpp"
#include "splitlane/planning/given_plan.hpp"

namespace splitlane {
namespace {

using Kind = Change::Kind;

WhatIfRequest exactly() {
  WhatIfRequest request;
  request.method = "exact";
  return request;
}

TEST(AskWhatIf, APoorPlanGivenDoesNotPassForTheBest) {
  const Instance instance = test::two_and_two();
  WhatIfRequest request = exactly();
  request.changes = {{Kind::kWithoutClient, ClientIndex(0), {}, 0}};
  EXPECT_EQ(ask_what_if(instance, request, {}).base.schedule.makespan, 10);
  request.given = plan_exact(instance, {});
  request.given->proof.status = PlanStatus::kFeasible;
  request.given->schedule.makespan = 17;
  const WhatIf what_if = ask_what_if(instance, request, {});
  EXPECT_EQ(what_if.base.schedule.makespan, 10);
  EXPECT_TRUE(what_if.base.proof.binding);
  ASSERT_EQ(what_if.rows.size(), 1U);
  EXPECT_EQ(what_if.rows.front().makespan, 10);
}

TEST(AskWhatIf, ProgressTellsTheChange) {
  const Instance instance = test::two_and_two();
  std::vector<std::string> steps;
  const WhatIf what_if =
      ask_what_if(instance, exactly(), {nullptr, [&](const Progress& progress) { steps.emplace_back(progress.step); }});
  ASSERT_FALSE(steps.empty());
  EXPECT_EQ(steps.front(), "as it is");
  EXPECT_THAT(steps, testing::Contains(what_if.rows.front().text));
}

// Helpers "h" and "h=2", so that a text can be read in two ways.
Instance with_equals_signs() {
  InstanceBuilder builder;
  const HelperIndex helper = builder.add_helper({"h", 10, 0});
  builder.add_helper({"h=2", 10, 0});
  builder.add_client("c=1");
  builder.add_option({helper, 1, 1, 0, 0, 1, 1, 1, std::nullopt, std::nullopt});
  return builder.build();
}

std::vector<Change> changes_of(std::string_view name, const std::string& text, Spelling spelling) {
  Arguments arguments(what_if_options(), spelling);
  arguments.add(name, text);
  return read_changes(arguments, with_equals_signs());
}

TEST(ReadChanges, IdsMayHaveEqualsSigns) {
  constexpr Spelling line = Spelling::kCommandLine;
  const HelperIndex h(0);
  const HelperIndex h2(1);
  EXPECT_EQ(changes_of("faster-client", "c=1=30", line),
            (std::vector<Change>{{Kind::kFasterClient, ClientIndex(0), {}, 30}}));
  EXPECT_EQ(changes_of("add-helper", "h", line), (std::vector<Change>{{Kind::kMoreHelpers, {}, h, 1}}));
  EXPECT_EQ(changes_of("add-helper", "h=2", line), (std::vector<Change>{{Kind::kMoreHelpers, {}, h2, 1}}));
  EXPECT_EQ(changes_of("add-helper", "h=2=3", line), (std::vector<Change>{{Kind::kMoreHelpers, {}, h2, 3}}));
  // Python has id and number apart: two copies of h.
  EXPECT_EQ(changes_of("add-helper", "h=2", Spelling::kPython), (std::vector<Change>{{Kind::kMoreHelpers, {}, h, 2}}));
  EXPECT_EQ(changes_of("without-client", "c=1", line),
            (std::vector<Change>{{Kind::kWithoutClient, ClientIndex(0), {}, 0}}));
}

TEST(ReadChanges, WhatIsNoChangeIsNamed) {
  EXPECT_EQ(test::message_of([] { changes_of("faster-helper", "h=101", Spelling::kCommandLine); }),
            "--faster-helper: not an id and a number: got \"h=101\", expected ID=PERCENT, an integer from 1 to 100");
  EXPECT_EQ(test::message_of([] { changes_of("faster-helper", "h=101", Spelling::kPython); }),
            "faster_helper: not a number in range: got 101, expected an integer from 1 to 100");
  EXPECT_THAT(test::message_of([] { changes_of("without-client", "c", Spelling::kPython); }),
              testing::StartsWith("without_client: "));
}

TEST(PlanForWhatIf, ABoundOfOtherPlansIsRefused) {
  const Instance instance = test::two_and_two();
  const Plan plan = plan_exact(instance, {});
  EXPECT_EQ(plan_for_what_if(instance, {plan, {}, "plan"}, false, Spelling::kPython).schedule.makespan, 10);
  EXPECT_THAT(test::message_of([&] {
                plan_for_what_if(instance, {plan, {}, "plan"}, true, Spelling::kPython);
              }),
              testing::AllOf(testing::HasSubstr("made with preemption"), testing::HasSubstr("non_preemptive=True")));
  EXPECT_THAT(test::message_of([&] {
                plan_for_round(instance, {plan, {"of another"}, "p.json"});
              }),
              testing::AllOf(testing::StartsWith("p.json: "), testing::HasSubstr("of another")));
}

}  // namespace
}  // namespace splitlane
