// A limit or a raised flag ends the check of a proof at once, however small the proof is. Measured without a clock of
// time: work_clock.hpp tells what is done between two questions whether to stop.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "certificate_support.hpp"
#include "support/work_clock.hpp"

namespace splitlane {
namespace {

TEST(LongProofs, NothingLongIsDoneWithoutAskingWhetherToStop) {
  if (!test::counts_comparisons()) GTEST_SKIP() << "not compiled to count comparisons";
  // Of 40 clients any 20 fit on the helper: more than 2^30 sets.
  const Instance instance = test::equal_helpers(1, std::vector<test::Job>(40, {0, 1, 0, 0, 0}));
  const PackingBound packing{{test::kHelper0}, 20, 1, {}};
  const Certificate proof = test::certificate(21, {test::packings(std::vector<std::int64_t>(40, 1), {packing})});
  for (const std::uint64_t question : {1U, 2U, 20U}) {
    std::atomic<bool> interrupted = false;
    const test::WorkClock clock(&interrupted, question + 1);  // the first is where the limit starts
    const VerifyReport report = verify_certificate(instance, proof, {1e8, &interrupted});
    EXPECT_TRUE(report.gave_up);
    // A million steps between two questions, and some comparisons a step.
    EXPECT_LE(test::WorkClock::longest_unasked(), 10'000'000U);
  }
}

}  // namespace
}  // namespace splitlane
