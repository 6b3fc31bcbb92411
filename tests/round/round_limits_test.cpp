// A limit or a raised flag ends the making, the check and the search of rounds at once, wherever they stand, at the
// sizes that are meant for. Measured without a clock of time: work_clock.hpp tells what is done between two questions
// whether to stop.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/check/check_round.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/round_json.hpp"
#include "splitlane/round/round.hpp"
#include "splitlane/round/run_round.hpp"
#include "support/large_instance.hpp"
#include "support/work_clock.hpp"

namespace splitlane {
namespace {

using test::comparisons;
using test::counts_comparisons;
using test::kMostUnasked;
using test::WorkClock;

struct LargeRound {
  std::string_view name;
  test::LargeShape shape;
  std::int64_t most_batches = 1;  ///< each client a number of its own, from 1 on
};

// The batches of the first are more than a million, so only a barrier is left, which lists some two million segments;
// of the second all ways list about as many.
const std::array kLargeRounds = {
    LargeRound{"reach 8, up to 100 batches", {20'000, 50, 8}, 100},
    LargeRound{"reach 8, up to 90 batches", {20'000, 50, 8}, 90},
    LargeRound{"dense, one batch", {20'000, 50, 50}, 1},
    LargeRound{"every cut, switch costs, up to 100 batches", {1'000, 20, 20, 20, 500, 7}, 100},
};

BatchCounts drawn_batches(const Instance& instance, std::int64_t most) {
  test::Random random(1);
  BatchCounts batches;
  for (std::size_t client = 0; client < instance.client_count(); ++client) batches.push_back(random.between(1, most));
  return batches;
}

// What it comes to: a round that passes the check, or none where there was no time for the first.
std::optional<Round> round_in_time(const Instance& instance, const Plan& plan, const BatchCounts& batches,
                                   const RoundParameters& parameters) {
  try {
    return run_round(instance, plan, batches, parameters);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNoneFound) << error.what();
    return std::nullopt;
  }
}

struct CutAt {
  std::uint64_t question = 0;
  bool by_flag = false;  ///< not by the limit
  bool is_written = false;
};

// There is a question every 4096 steps, and a barrier of two million segments takes three steps for each: some 1800
// questions, and then those of its check.
constexpr std::array kCuts = {CutAt{1}, CutAt{150, false, true}, CutAt{1, true}, CutAt{900, true}, CutAt{2'200, true}};

TEST(LargeRounds, NothingLongIsDoneWithoutAskingWhetherToStop) {
  if (!counts_comparisons()) GTEST_SKIP() << "not compiled to count comparisons";
  bool was_made = false;
  for (const LargeRound& large : kLargeRounds) {
    const Instance instance = test::instance_of(large.shape);
    const Plan plan = test::first_options_plan(instance);
    const BatchCounts batches = drawn_batches(instance, large.most_batches);
    bool was_cut = false;
    for (const CutAt& cut : kCuts) {
      SCOPED_TRACE(std::string(large.name) + ", question " + std::to_string(cut.question) +
                   (cut.by_flag ? ", flag" : ""));
      std::atomic<bool> interrupted = false;
      RoundParameters parameters;
      // Only a condition with a deadline asks for the time, so an interruption comes long before one.
      parameters.time_limit_s = cut.by_flag ? 1e8 : static_cast<double>(cut.question);
      parameters.cancelled = &interrupted;
      parameters.is_written = cut.is_written;
      const WorkClock clock(cut.by_flag ? &interrupted : nullptr, cut.question);
      const std::optional<Round> round = round_in_time(instance, plan, batches, parameters);
      EXPECT_LE(WorkClock::longest_unasked(), kMostUnasked);
      was_made = was_made || round.has_value();
      was_cut = was_cut || !round || !round->warnings.empty();
    }
    EXPECT_TRUE(was_cut) << large.name;
  }
  EXPECT_TRUE(was_made);
}

TEST(LargeRounds, TheCheckEndsSoonAndAccusesNothingOfWhatItHasNotSeen) {
  const Instance instance = test::instance_of({2'000, 5, 5});
  const BatchCounts batches = drawn_batches(instance, 1'000);
  const Plan plan = test::first_options_plan(instance);
  for (const Round& round :
       {round_with_barrier(instance, plan.schedule, batches), round_in_order(instance, plan.schedule, batches)}) {
    ASSERT_TRUE(check_round(instance, round).valid());
    bool was_cut = false;
    for (const std::uint64_t question : {1U, 2U, 10U, 50U, 100U}) {
      std::atomic<bool> interrupted = false;
      const WorkClock clock(&interrupted, question);
      const RoundReport report = check_round(instance, round, {1e8, &interrupted});
      EXPECT_EQ(report.count, 0U);
      EXPECT_EQ(report.valid(), report.is_complete);
      // Steps of some 60 comparisons, those that the standard library makes of every index included, and 4096 of them
      // between two questions.
      EXPECT_LE(WorkClock::longest_unasked(), 500'000U);
      was_cut = was_cut || !report.is_complete;
    }
    EXPECT_TRUE(was_cut);
  }
}

TEST(LargeRounds, ARoundThatIsQuicklyMadeIsMadeWhateverTheLimitSays) {
  // 20,000 clients with two segments each: 60,000 lines.
  const Instance instance = test::instance_of({20'000, 50, 2});
  const std::atomic<bool> interrupted = true;
  RoundParameters parameters;
  parameters.cancelled = &interrupted;
  const Round round =
      run_round(instance, test::first_options_plan(instance), BatchCounts(instance.client_count(), 1), parameters);
  EXPECT_EQ(round.way, RoundWay::kBarrier);
  EXPECT_TRUE(check_round(instance, round).valid());
}

// 2,000 clients a helper, which all end one after the other, list 4,000 + 3,998 + ... = some 4 million segments.
TEST(LargeRounds, WhereNoneCanBeMadeInTimeNoneIsSaidToBe) {
  const Instance instance = test::instance_of({2'000, 1, 1});
  BatchCounts batches;
  for (std::int64_t client = 1; client <= 2'000; ++client) batches.push_back(1'000 * client);
  const std::atomic<bool> interrupted = true;
  RoundParameters parameters;
  parameters.cancelled = &interrupted;
  EXPECT_EQ(round_in_time(instance, test::first_options_plan(instance), batches, parameters), std::nullopt);
  parameters.cancelled = nullptr;
  parameters.time_limit_s = 1e-3;
  EXPECT_EQ(round_in_time(instance, test::first_options_plan(instance), batches, parameters), std::nullopt);
}

// What cannot be cut short is sized by its segments, so it must not cost more than in proportion to them.
TEST(LargeRounds, WritingTakesWorkInProportionToTheSegments) {
  if (!counts_comparisons()) GTEST_SKIP() << "not compiled to count comparisons";
  const Instance instance = test::instance_of({1'000, 5, 1});
  const Plan plan = test::first_options_plan(instance);
  const auto work_of = [&](std::int64_t batches) {
    const Round round = round_in_order(instance, plan.schedule, BatchCounts(instance.client_count(), batches));
    const std::uint64_t before = comparisons();
    EXPECT_FALSE(write_round(instance, round, "").empty());
    return comparisons() - before;
  };
  // Twice the segments, with at most one digit more in three numbers of some 80 characters each.
  EXPECT_LE(static_cast<double>(work_of(40)), 2.2 * static_cast<double>(work_of(20)));
}

}  // namespace
}  // namespace splitlane
