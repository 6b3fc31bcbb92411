// A broken invariant says where, which one, and the values at hand; where assertions are off, nothing is evaluated.
#include "base/assert.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "splitlane/error.hpp"

namespace splitlane {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Assertions, NameThePlaceTheConditionAndTheValues) {
  if (!kAssertions) GTEST_SKIP() << "assertions are off in this build";
  const int first = 7;
  const int last = 3;
  try {
    SPLITLANE_ASSERT(first <= last, first, last);
    FAIL() << "7 <= 3 passed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInternal);
    EXPECT_THAT(error.parts().where, HasSubstr("assert_test.cpp:"));
    EXPECT_EQ(error.parts().got, "(first, last) = (7, 3)");
    EXPECT_EQ(error.parts().expected, "first <= last");
  }
}

TEST(Assertions, NeedNoValuesAndPassWhereTheConditionHolds) {
  EXPECT_NO_THROW(SPLITLANE_ASSERT(1 + 1 == 2));
  if (!kAssertions) GTEST_SKIP() << "assertions are off in this build";
  EXPECT_THROW(SPLITLANE_ASSERT(1 + 1 == 3), Error);
}

TEST(Assertions, EvaluateNothingWhereTheyAreOff) {
  int evaluated = 0;
  SPLITLANE_ASSERT(++evaluated > 0, evaluated);
  EXPECT_EQ(evaluated, kAssertions ? 1 : 0);
}

TEST(Assertions, NamePlacesWithinTheProject) {
  try {
    assertion_failed("/somewhere/else/src/bound/pooled_bound.cpp", 12, "a == b", "", "");
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), StartsWith("src/bound/pooled_bound.cpp:12: "));
    EXPECT_TRUE(error.parts().got.empty());
  }
}

}  // namespace
}  // namespace splitlane
