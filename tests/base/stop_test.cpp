// A stop condition holds from the moment its deadline passes or its flag is raised, whichever is first.
#include "splitlane/stop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>

#include "support/stepping_clock.hpp"

namespace splitlane {
namespace {

TEST(StopCondition, NeverHoldsByDefault) {
  const StopCondition stop;
  EXPECT_FALSE(stop.reached());
  EXPECT_EQ(stop.seconds_left(), std::nullopt);
  EXPECT_EQ(stop.cancelled(), nullptr);
}

TEST(StopCondition, HoldsOnceTheDeadlineHasPassed) {
  const StopCondition over(0.0, nullptr);
  EXPECT_TRUE(over.reached());
  EXPECT_EQ(over.seconds_left(), 0.0);
  EXPECT_TRUE(StopCondition(-5.0, nullptr).reached());
}

TEST(StopCondition, DoesNotHoldBeforeTheDeadline) {
  const StopCondition later(3600.0, nullptr);
  EXPECT_FALSE(later.reached());
  EXPECT_LE(*later.seconds_left(), 3600.0);
  EXPECT_GT(*later.seconds_left(), 0.0);
}

TEST(StopCondition, TakesAnyLimitHoweverLong) {
  EXPECT_FALSE(StopCondition(1e300, nullptr).reached());
  EXPECT_FALSE(StopCondition(std::numeric_limits<double>::infinity(), nullptr).reached());
}

TEST(StopCondition, HoldsWhileTheFlagIsRaised) {
  std::atomic<bool> cancelled = false;
  const StopCondition stop(std::nullopt, &cancelled);
  EXPECT_FALSE(stop.reached());
  EXPECT_EQ(stop.seconds_left(), std::nullopt);
  cancelled = true;
  EXPECT_TRUE(stop.reached());
  EXPECT_EQ(stop.seconds_left(), 0.0);
}

TEST(StopCondition, WithinKeepsTheEarlierDeadlineAndTheFlag) {
  std::atomic<bool> cancelled = false;
  const StopCondition whole(3600.0, &cancelled);
  EXPECT_TRUE(whole.within(0.0).reached());
  EXPECT_FALSE(whole.within(7200.0).reached());
  EXPECT_LE(*whole.within(7200.0).seconds_left(), 3600.0);
  EXPECT_TRUE(StopCondition(0.0, nullptr).within(10.0).reached());
  const StopCondition part = StopCondition(std::nullopt, &cancelled).within(3600.0);
  EXPECT_FALSE(part.reached());
  cancelled = true;
  EXPECT_TRUE(part.reached());
}

TEST(StopCondition, GoesByTheClockThatATestPutsInPlace) {
  const test::SteppingClock clock;
  const StopCondition stop(3.0, nullptr);  // the first question: what time is it now?
  EXPECT_FALSE(stop.reached());            // one second later,
  EXPECT_EQ(stop.seconds_left(), 1.0);     // two,
  EXPECT_TRUE(stop.reached());             // three
  EXPECT_EQ(test::SteppingClock::asked(), 4U);
}

}  // namespace
}  // namespace splitlane
