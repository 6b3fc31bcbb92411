#include "training/data/batch_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace splitlane::training {
namespace {

const std::vector<std::int64_t> kSamples = {10, 11, 12, 13, 14, 15, 16, 17, 18, 19};

std::vector<std::int64_t> all_of(const RoundBatches& batches) {
  std::vector<std::int64_t> all;
  for (std::int64_t batch = 0; batch < batches.size(); ++batch) {
    all.insert(all.end(), batches[batch].begin(), batches[batch].end());
  }
  return all;
}

TEST(BatchOrderTest, TheSamplesLeftOverAreDroppedOrKept) {
  // 10 samples in batches of 4: two batches, or three with 2 in the last.
  EXPECT_EQ((BatchRule{4, false}.batches_in_pass(10)), 2);
  EXPECT_EQ((BatchRule{4, true}.batches_in_pass(10)), 3);
  const RoundBatches dropped(kSamples, {4, false}, 2, 1, 1, 0);
  EXPECT_EQ(dropped.samples(), 8);
  const RoundBatches kept(kSamples, {4, true}, 3, 1, 1, 0);
  ASSERT_EQ(kept.size(), 3);
  EXPECT_EQ(kept[0].size(), 4U);
  EXPECT_EQ(kept[2].size(), 2U);
  EXPECT_THAT(all_of(kept), ::testing::UnorderedElementsAreArray(kSamples));
}

TEST(BatchOrderTest, ABatchLargerThanTheSamplesIsKeptWhole) {
  const RoundBatches batches(kSamples, {32, true}, 2, 1, 1, 0);
  ASSERT_EQ(batches.size(), 2);
  EXPECT_EQ(batches[0].size(), 10U);
  EXPECT_EQ(batches[1].size(), 10U);
}

TEST(BatchOrderTest, TheOrderFollowsFromSeedRoundAndClientAlone) {
  const auto order = [](std::uint64_t seed, std::int64_t round, std::uint32_t client) {
    return all_of(RoundBatches(kSamples, {5, false}, 2, seed, round, client));
  };
  EXPECT_EQ(order(1, 1, 0), order(1, 1, 0));
  EXPECT_NE(order(1, 1, 0), order(2, 1, 0));
  EXPECT_NE(order(1, 1, 0), order(1, 2, 0));
  EXPECT_NE(order(1, 1, 0), order(1, 1, 1));
}

TEST(BatchOrderTest, FurtherPassesHaveAnOrderOfTheirOwn) {
  const std::vector<std::int64_t> all = all_of(RoundBatches(kSamples, {5, false}, 4, 1, 1, 0));
  ASSERT_EQ(all.size(), 20U);
  const std::vector<std::int64_t> first(all.begin(), all.begin() + 10);
  const std::vector<std::int64_t> second(all.begin() + 10, all.end());
  EXPECT_THAT(first, ::testing::UnorderedElementsAreArray(kSamples));
  EXPECT_THAT(second, ::testing::UnorderedElementsAreArray(kSamples));
  EXPECT_NE(first, second);
}

TEST(BatchOrderTest, FewerBatchesAreTheFirstOfAPass) {
  const std::vector<std::int64_t> whole = all_of(RoundBatches(kSamples, {3, false}, 3, 1, 1, 0));
  const std::vector<std::int64_t> part = all_of(RoundBatches(kSamples, {3, false}, 2, 1, 1, 0));
  EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin()));
  EXPECT_EQ(part.size(), 6U);
}

}  // namespace
}  // namespace splitlane::training
