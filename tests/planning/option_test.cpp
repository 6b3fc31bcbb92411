#include "splitlane/planning/option.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "splitlane/parse_number.hpp"
#include "splitlane/planning/compare_request.hpp"
#include "splitlane/planning/round_request.hpp"
#include "splitlane/planning/scenario_request.hpp"
#include "splitlane/planning/what_if_request.hpp"

namespace splitlane {
namespace {

const std::span<const Option> kTables[] = {plan_options(),       compare_options(),  what_if_options(), round_options(),
                                           simulation_options(), scenario_options(), instance_options()};

TEST(Options, EveryRowHasANameOfItsOwnAndADefaultOrIsRequired) {
  for (const std::span<const Option> table : kTables) {
    std::set<std::string_view> names;
    for (const Option& option : table) {
      EXPECT_TRUE(names.insert(option.name).second) << option.name;
      EXPECT_FALSE(option.help.empty()) << option.name;
      EXPECT_TRUE(option.required || option.repeatable || !option.usual.empty()) << option.name;
      EXPECT_EQ(option.form.empty(), option.kind == OptionKind::kFlag) << option.name;
    }
  }
}

TEST(Options, DefaultThatIsANumberIsWithinItsRange) {
  for (const std::span<const Option> table : kTables) {
    Arguments nothing_given(table, Spelling::kCommandLine);
    for (const Option& option : table) {
      if (option.kind == OptionKind::kInteger) {
        EXPECT_NO_THROW(nothing_given.integer(option.name));
      }
      if (option.kind == OptionKind::kSeconds || option.kind == OptionKind::kPositive) {
        EXPECT_NO_THROW(nothing_given.number(option.name));
      }
    }
  }
}

TEST(Options, HelpSpeaksTheCallersWordsAndKnowsTheRange) {
  const Option& moves = option_named(plan_options(), "max-moves");
  EXPECT_EQ(option_help(moves, Spelling::kCommandLine), "With --from: at most so many of its clients change helpers");
  EXPECT_EQ(option_help(moves, Spelling::kPython), "With `start`: at most so many of its clients change helpers");
  EXPECT_THAT(option_help(option_named(plan_options(), "threads"), Spelling::kPython), testing::HasSubstr("1 to 1024"));
  EXPECT_THAT(option_help(option_named(plan_options(), "seed"), Spelling::kPython), testing::HasSubstr("0 to 2^53"));
}

TEST(Options, UseIsWrittenAsTheCallerWritesIt) {
  const Option& from = option_named(plan_options(), "from");
  EXPECT_EQ(option_use(from, "PLAN", Spelling::kCommandLine), "--from PLAN");
  EXPECT_EQ(option_use(from, "PLAN", Spelling::kPython), "start=PLAN");
  EXPECT_EQ(option_use(from, "PLAN", Spelling::kFields), "from=PLAN");
  const Option& flag = option_named(plan_options(), "non-preemptive");
  EXPECT_EQ(option_use(flag, "", Spelling::kCommandLine), "--non-preemptive");
  EXPECT_EQ(option_use(flag, "", Spelling::kPython), "non_preemptive=True");
}

// A program that fills in a request itself gets what the command line and Python give without any argument.
TEST(Options, DefaultsAreThoseOfTheRequests) {
  const auto nothing = [](std::span<const Option> table) { return Arguments(table, Spelling::kCommandLine); };
  const PlanRequest plan = read_plan_request(nothing(plan_options()));
  EXPECT_EQ(plan.run.time_limit_s, PlanRequest().run.time_limit_s);
  EXPECT_EQ(plan.run.seed, PlanRequest().run.seed);
  EXPECT_EQ(plan.run.threads, PlanRequest().run.threads);
  EXPECT_EQ(plan.admm.rho, AdmmParameters().rho);
  EXPECT_EQ(plan.admm.epsilon1, AdmmParameters().epsilon1);
  EXPECT_EQ(plan.admm.epsilon2, AdmmParameters().epsilon2);
  EXPECT_EQ(plan.admm.max_iterations, AdmmParameters().max_iterations);
  EXPECT_EQ(option_named(plan_options(), "method").usual, methods().front().name);
  EXPECT_EQ(read_compare_request(nothing(compare_options())).run.time_limit_s, CompareRequest().run.time_limit_s);
  const WhatIfRequest what_if = read_what_if_request(nothing(what_if_options()));
  EXPECT_EQ(what_if.run.time_limit_s, WhatIfRequest().run.time_limit_s);
  EXPECT_EQ(what_if.faster_percent, WhatIfRequest().faster_percent);
  EXPECT_EQ(read_round_request(nothing(round_options())).mode, RoundRequest().mode);
  const ScenarioParameters scenario = read_scenario_parameters(nothing(scenario_options()));
  EXPECT_EQ(scenario.kind, ScenarioParameters().kind);
  EXPECT_EQ(scenario.clients, ScenarioParameters().clients);
  EXPECT_EQ(scenario.helpers, ScenarioParameters().helpers);
  EXPECT_EQ(scenario.reach, std::nullopt);
  EXPECT_EQ(scenario.topology, ScenarioParameters().topology);
  EXPECT_EQ(scenario.memory, ScenarioParameters().memory);
  EXPECT_EQ(scenario.batch, ScenarioParameters().batch);
  EXPECT_EQ(scenario.optimizer, ScenarioParameters().optimizer);
  EXPECT_EQ(scenario.scale.unit, ScenarioParameters().scale.unit);
  EXPECT_FALSE(scenario.every_cut || scenario.local || scenario.cuts);
  EXPECT_EQ(option_named(scenario_options(), "client-devices").usual,
            fmt::format("{}", fmt::join(kUsualClientDevices, ",")));
  EXPECT_EQ(option_named(scenario_options(), "helper-devices").usual,
            fmt::format("{}", fmt::join(kUsualHelperDevices, ",")));
}

}  // namespace
}  // namespace splitlane
