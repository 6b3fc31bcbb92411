#pragma once

#include <gtest/gtest.h>

#include <string>

#include "splitlane/check/check.hpp"

namespace splitlane::test {

/// Every violation on a line of its own.
inline std::string describe_violations(const CheckReport& report) {
  std::string text;
  for (const Violation& violation : report.violations) {
    text += std::string(violation_name(violation.kind)) + ": " + violation.message + "\n";
  }
  return text;
}

/// For EXPECT_TRUE and ASSERT_TRUE: fails with the violations listed.
inline ::testing::AssertionResult is_valid_plan(const Instance& instance, const Plan& plan) {
  const CheckReport report = check_plan(instance, plan);
  if (report.valid()) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << describe_violations(report);
}

inline void expect_valid_plan(const Instance& instance, const Plan& plan) {
  EXPECT_TRUE(is_valid_plan(instance, plan));
}

}  // namespace splitlane::test
