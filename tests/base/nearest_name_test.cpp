#include "splitlane/nearest_name.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "splitlane/error.hpp"

namespace splitlane {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"release", "forward", "backward", "tail"};

TEST(NearestName, FindsTheNameOneEditAway) {
  EXPECT_EQ(nearest_name("relase", kNames), "release");     // one letter deleted
  EXPECT_EQ(nearest_name("forwardd", kNames), "forward");   // one inserted
  EXPECT_EQ(nearest_name("backwart", kNames), "backward");  // one replaced
}

TEST(NearestName, CountsSwappedNeighboursOnce) {
  // "atil" is one swap from "tail", but two replacements, which would be more than a third of four letters.
  EXPECT_EQ(nearest_name("atil", kNames), "tail");
}

TEST(NearestName, FindsNothingBeyondAThirdOfTheLetters) {
  EXPECT_EQ(nearest_name("tool", kNames), "");  // two of four letters
  EXPECT_EQ(nearest_name("", kNames), "");
  EXPECT_EQ(nearest_name("anything", {}), "");
}

TEST(NearestName, PrefersTheFirstOfEquallyNear) {
  constexpr std::array<std::string_view, 2> kTwins = {"cut1", "cut2"};
  EXPECT_EQ(nearest_name("cut3", kTwins), "cut1");
}

TEST(NearestName, SurvivesNamesOfAnyLength) {
  const std::string long_name(1000, 'x');
  const std::array<std::string_view, 1> names = {long_name};
  EXPECT_EQ(nearest_name(long_name, kNames), "");
  EXPECT_EQ(nearest_name("x", names), "");
}

TEST(PositionOfName, IsThatOfTheNameOrAnErrorWithTheNearest) {
  EXPECT_EQ(position_of_name("--task", "backward", kNames), 2u);
  try {
    position_of_name("--task", "backwart", kNames);
    FAIL() << "no such name";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_STREQ(error.what(), "--task: no such choice: got \"backwart\", expected backward");
  }
  try {
    position_of_name("--task", "anything", kNames);
    FAIL() << "no such name";
  } catch (const Error& error) {
    EXPECT_EQ(error.parts().expected, "one of release, forward, backward, tail");
  }
}

}  // namespace
}  // namespace splitlane
