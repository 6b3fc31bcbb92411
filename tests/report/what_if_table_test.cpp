// The table of what-if says what each change gives, in order and within a page's width.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "report/fixtures.hpp"
#include "report/text.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

WhatIf two_rows(const Instance& instance) {
  WhatIf what_if;
  what_if.base = queued_plan(instance);
  what_if.base.proof.binding = Binding{Binding::Kind::kWindow, {}, {}, "the window of h0"};
  what_if.rows = {{"without client b", {}, PlanStatus::kOptimal, 11, 11},
                  {std::string(200, 'x'), {}, PlanStatus::kFeasible, 13, 10}};
  return what_if;
}

TEST(WhatIfTable, HasARowPerChange) {
  const Instance instance = three_clients();
  const std::string text = what_if_table(instance, two_rows(instance));
  EXPECT_THAT(text, HasSubstr("makespan     13 slots (1.3 s), gap 30.0 %\n"));
  EXPECT_THAT(text, HasSubstr("binds        the window of h0\n"));
  // 2 of 13 is 15.4 %.
  EXPECT_THAT(text,
              HasSubstr("  without client b                                         11        -2 (15.4 %)  optimal\n"));
  EXPECT_THAT(text, HasSubstr("           13                  0  at least 10\n"));
  std::size_t longest = 0;
  for (std::size_t first = 0; first < text.size();) {
    const std::size_t end = text.find('\n', first);
    longest = std::max(longest, report::character_count(text.substr(first, end - first)));
    first = end + 1;
  }
  EXPECT_LE(longest, 100U);
}

TEST(WhatIfTable, SaysWhatWasLeftOutAndWhenTheBaseIsNotProven) {
  const Instance instance = three_clients();
  WhatIf what_if = two_rows(instance);
  EXPECT_THAT(what_if_table(instance, what_if), HasSubstr("may not be the best"));
  EXPECT_THAT(what_if_table(instance, what_if), Not(HasSubstr("cancelled")));
  what_if.left_out = 3;
  set_lower_bound(what_if.base, 13);
  EXPECT_THAT(what_if_table(instance, what_if), HasSubstr("cancelled: 3 changes not planned\n"));
  EXPECT_THAT(what_if_table(instance, what_if), HasSubstr(", optimal\n"));
  EXPECT_THAT(what_if_table(instance, what_if), Not(HasSubstr("may not be the best")));
}

}  // namespace
}  // namespace splitlane::testing
