#include "training/measurement/spread.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/random.hpp"
#include "training/measurement/warm_up.hpp"

namespace splitlane::training {
namespace {

TEST(SpreadTest, QuartilesLieBetweenValuesLinearly) {
  const Spread five = spread_of({50, 10, 30, 20, 40});
  EXPECT_DOUBLE_EQ(five.median, 30);
  EXPECT_DOUBLE_EQ(five.lower_quartile, 20);
  EXPECT_DOUBLE_EQ(five.upper_quartile, 40);
  // Of four values the quartiles are at the positions 0.75 and 2.25: 1 + 0.75 * 2, and 4 + 0.25 * 4.
  const Spread four = spread_of({8, 1, 4, 3});
  EXPECT_DOUBLE_EQ(four.median, 3.5);
  EXPECT_DOUBLE_EQ(four.lower_quartile, 2.5);
  EXPECT_DOUBLE_EQ(four.upper_quartile, 5);
  EXPECT_DOUBLE_EQ(four.width(), 2.5);
}

TEST(SpreadTest, OneValueSpreadsNowhere) {
  const Spread one = spread_of({7});
  EXPECT_DOUBLE_EQ(one.median, 7);
  EXPECT_DOUBLE_EQ(one.width(), 0);
}

TEST(SpreadTest, HalfOfTheValuesLieWithinAndOneThatIsFarOutChangesNothing) {
  splitlane::test::Random random(1);
  for (int trial = 0; trial < 100; ++trial) {
    std::vector<double> values;
    for (int at = 0; at < 21; ++at) values.push_back(static_cast<double>(random.between(0, 1000)));
    const Spread spread = spread_of(values);
    const auto within = std::ranges::count_if(
        values, [&](double value) { return value >= spread.lower_quartile && value <= spread.upper_quartile; });
    EXPECT_GE(within, 11);
    *std::ranges::max_element(values) = 1e9;
    EXPECT_DOUBLE_EQ(spread_of(values).median, spread.median);
  }
}

TEST(WarmUpTest, IsOverOncePassesCeaseToBecomeShorter) {
  WarmUp warm_up(2);
  warm_up.passed(100);
  EXPECT_FALSE(warm_up.is_over());
  warm_up.passed(90);  // more than 5 % shorter than 100
  EXPECT_FALSE(warm_up.is_over());
  warm_up.passed(86);  // 90 * 0.95 = 85.5
  EXPECT_TRUE(warm_up.is_over());
  EXPECT_TRUE(warm_up.has_settled());
  EXPECT_EQ(warm_up.passes(), 3);
}

TEST(WarmUpTest, LongerPassesMeanThatItIsOver) {
  WarmUp warm_up(1);
  warm_up.passed(10);
  EXPECT_FALSE(warm_up.is_over());  // nothing to compare with
  warm_up.passed(30);
  EXPECT_TRUE(warm_up.is_over());
}

TEST(WarmUpTest, EndsAfterTenFurtherPassesThatAllBecomeShorter) {
  WarmUp warm_up(3);
  double total = 1000;
  for (int pass = 0; pass < 13; ++pass) {
    EXPECT_FALSE(warm_up.is_over()) << pass;
    warm_up.passed(total /= 2);
  }
  EXPECT_TRUE(warm_up.is_over());
  EXPECT_FALSE(warm_up.has_settled());
}

TEST(WarmUpTest, NoneIsOverAtOnce) { EXPECT_TRUE(WarmUp(0).is_over()); }

}  // namespace
}  // namespace splitlane::training
