#include "splitlane/planning/compare_request.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "planning/fixture.hpp"
#include "support/expect_valid_plan.hpp"

namespace splitlane {
namespace {

// One helper with room for one of two clients of 2 MB each.
Instance without_plan() {
  InstanceBuilder builder;
  const HelperIndex helper = builder.add_helper({"h", 3, 0});
  for (const char* id : {"a", "b"}) {
    builder.add_client(id);
    builder.add_option({helper, 1, 1, 0, 0, 1, 1, 2, std::nullopt, std::nullopt});
  }
  return builder.build();
}

CompareRequest request_for(std::vector<std::string> methods) {
  CompareRequest request;
  request.methods = std::move(methods);
  return request;
}

TEST(CompareMethods, GapsAreToTheBestBoundOfAll) {
  const Instance instance = test::two_and_two();
  const Comparison made = compare_methods(instance, request_for({"random-fcfs", "exact"}), {});
  ASSERT_EQ(made.rows.size(), 2U);
  EXPECT_EQ(made.best_makespan, 10);
  EXPECT_EQ(made.lower_bound, 10);
  for (const ComparedMethod& row : made.rows) {
    ASSERT_TRUE(row.plan);
    EXPECT_TRUE(test::is_valid_plan(instance, *row.plan));
    EXPECT_EQ(row.gap, static_cast<double>(row.plan->schedule.makespan - 10) / 10);
  }
  EXPECT_EQ(made.rows.back().gap, 0);
}

TEST(CompareMethods, AFailureIsARowUnlessAllFail) {
  EXPECT_THROW(compare_methods(without_plan(), request_for({"exact", "equid"}), {}), Error);
  const Comparison made = compare_methods(test::two_and_two(), request_for({"no such", "exact"}), {});
  EXPECT_FALSE(made.rows.front().plan);
  EXPECT_NE(made.rows.front().failure.find("unknown method"), std::string::npos);
  EXPECT_TRUE(made.rows.back().plan);
}

TEST(CompareMethods, CancelledItStillRunsOneMethod) {
  const std::atomic<bool> cancelled = true;
  const Comparison made =
      compare_methods(test::two_and_two(), request_for({"balanced-greedy", "exact"}), {&cancelled, {}});
  EXPECT_TRUE(made.rows.front().plan);
  EXPECT_EQ(made.rows.back().failure, "not run: cancelled");
}

TEST(ReadCompareRequest, CommasPartNamesOnTheCommandLineOnly) {
  Arguments typed(compare_options(), Spelling::kCommandLine);
  EXPECT_EQ(read_compare_request(typed).methods.size(), methods().size());
  typed.add("methods", "exact,equid");
  EXPECT_EQ(read_compare_request(typed).methods, (std::vector<std::string>{"exact", "equid"}));
  Arguments called(compare_options(), Spelling::kPython);
  called.add("methods", "exact,equid");
  EXPECT_THROW(read_compare_request(called), Error);
}

}  // namespace
}  // namespace splitlane
