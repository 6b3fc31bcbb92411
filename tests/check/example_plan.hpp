#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "splitlane/check/check.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "support/expect_valid_plan.hpp"

namespace splitlane::test {

inline const ClientIndex kClient0(0);
inline const ClientIndex kClient1(1);
inline const ClientIndex kClient2(2);
inline const ClientIndex kClient3(3);

struct Rules {
  SwitchModel model = SwitchModel::kOccupy;
  Time switch_cost = 0;
  Megabytes memory_mb = 47;
};

// c0 and c1 are served by h0, c2 trains locally for 20 (or on h1), c3 has tasks of length 0 on h1. c0 could also
// be served by h1.
inline Instance example(const Rules& rules = {}) {
  InstanceBuilder builder;
  builder.set_switch_model(rules.model);
  builder.add_helper({"h0", rules.memory_mb, rules.switch_cost});
  builder.add_helper({"h1", std::nullopt, rules.switch_cost});
  builder.add_client("c0");
  builder.add_option({HelperIndex(0), 1, 3, 1, 2, 2, 4, 30, std::nullopt, std::nullopt});
  builder.add_option({HelperIndex(1), 1, 3, 1, 2, 2, 4, 30, std::nullopt, std::nullopt});
  builder.add_client("c1");
  builder.add_option({HelperIndex(0), 2, 2, 3, 4, 1, 1, 17, std::nullopt, std::nullopt});
  builder.add_client("c2");
  builder.add_local_option({20, 99, std::nullopt, std::nullopt});
  builder.add_option({HelperIndex(1), 0, 1, 0, 0, 1, 0, 0, std::nullopt, std::nullopt});
  builder.add_client("c3");
  builder.add_option({HelperIndex(1), 2, 0, 1, 1, 0, 3, 5, std::nullopt, std::nullopt});
  return builder.build();
}

inline SegmentTable lanes(const std::vector<Segment>& first, const std::vector<Segment>& second = {}) {
  SegmentTable table;
  table.append_lane(first);
  table.append_lane(second);
  return table;
}

inline const std::vector<OptionIndex> kChoice = {OptionIndex(0), OptionIndex(2), OptionIndex(3), OptionIndex(5)};

// c0 forward [1, 4), ready at 7; c1 forward [4, 6), ready at 13; c0 backward in two pieces [7, 8) and [9, 10),
// completion 14, and could have ended at 9: queuing 1. c1 backward [13, 14), completion 15; it could have ended at
// 2 + 2 + 7 + 1 = 12: queuing 2. c3: forward ends at 2, backward at 4, completion 7.
inline std::vector<Segment> valid_lane() {
  return {{kClient0, Task::kForward, 1, 4},
          {kClient1, Task::kForward, 4, 6},
          {kClient0, Task::kBackward, 7, 8},
          {kClient0, Task::kBackward, 9, 10},
          {kClient1, Task::kBackward, 13, 14}};
}

inline Plan valid_plan() {
  Plan plan;
  plan.schedule.choice = kChoice;
  plan.schedule.segments = lanes(valid_lane());
  plan.schedule.times = {{4, 10, 14, 1}, {6, 14, 15, 2}, {0, 0, 20, 0}, {2, 4, 7, 0}};
  plan.schedule.makespan = 20;
  plan.proof.lower_bound = 9;
  return plan;
}

inline void expect_only(const CheckReport& report, ViolationKind kind, std::size_t count = 1) {
  EXPECT_FALSE(report.valid());
  for (std::size_t other = 0; other < kViolationKinds; ++other) {
    const bool is_kind = static_cast<ViolationKind>(other) == kind;
    EXPECT_EQ(report.counts[other], is_kind ? count : 0u) << violation_name(static_cast<ViolationKind>(other));
  }
  EXPECT_EQ(report.violations.size(), count) << describe_violations(report);
}

inline void expect_only(const CheckReport& report, ViolationKind kind, const std::string& message) {
  expect_only(report, kind, 1);
  ASSERT_FALSE(report.violations.empty());
  EXPECT_EQ(report.violations.front().message, message);
}

}  // namespace splitlane::test
