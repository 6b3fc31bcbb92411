#include "training/data/partition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>

#include "io/bad_input.hpp"
#include "splitlane/error.hpp"
#include "training/data/dirichlet.hpp"
#include "training/data/keyed_random.hpp"

namespace splitlane::training {
namespace {

using splitlane::testing::error_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::int64_t> labels_in_turn(std::int64_t samples, std::int64_t classes) {
  std::vector<std::int64_t> labels;
  for (std::int64_t at = 0; at < samples; ++at) labels.push_back(at % classes);
  return labels;
}

std::vector<std::string> client_ids(std::size_t count) {
  std::vector<std::string> ids;
  for (std::size_t at = 0; at < count; ++at) ids.push_back("c" + std::to_string(at));
  return ids;
}

std::vector<std::size_t> sizes_of(const Partition& partition) {
  std::vector<std::size_t> sizes;
  for (const std::vector<std::int64_t>& samples : partition) sizes.push_back(samples.size());
  return sizes;
}

// All samples of all clients, ascending.
std::vector<std::int64_t> all_of(const Partition& partition) {
  std::vector<std::int64_t> all;
  for (const std::vector<std::int64_t>& samples : partition) {
    EXPECT_TRUE(std::ranges::is_sorted(samples));
    all.insert(all.end(), samples.begin(), samples.end());
  }
  std::ranges::sort(all);
  return all;
}

Partition divided(std::int64_t samples, std::size_t clients, const PartitionSettings& settings, std::uint64_t seed = 1,
                  std::int64_t batch = 1) {
  return partition_samples(labels_in_turn(samples, 10), 10, client_ids(clients), settings, {batch, false}, seed);
}

void expect_refused(const std::function<void()>& divide, const std::string& where, const std::string& got,
                    const std::string& expected) {
  const std::optional<Error> error = error_of(divide);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code(), ErrorCode::kInconsistent);
  EXPECT_EQ(error->parts().where, where) << error->what();
  EXPECT_THAT(error->parts().got, HasSubstr(got)) << error->what();
  EXPECT_THAT(error->parts().expected, HasSubstr(expected)) << error->what();
}

TEST(PartitionTest, EqualPartsDifferByOneAtMostAndEverySampleHasOneClient) {
  const Partition partition = divided(103, 4, {});
  // 103 = 3 * 26 + 25.
  EXPECT_THAT(sizes_of(partition), ElementsAre(26, 26, 26, 25));
  EXPECT_EQ(all_of(partition), labels_in_turn(103, 103));
}

TEST(PartitionTest, GivenCountsLeaveTheOthersUnused) {
  const Partition partition = divided(100, 3, {PartitionKind::kCounts, 0.5, {10, 1, 80}});
  EXPECT_THAT(sizes_of(partition), ElementsAre(10, 1, 80));
  const std::vector<std::int64_t> all = all_of(partition);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST(PartitionTest, TheSameSeedGivesTheSamePartitionAndAnotherSeedAnother) {
  for (const PartitionSettings& settings : {PartitionSettings{}, PartitionSettings{PartitionKind::kDirichlet, 0.5, {}},
                                            PartitionSettings{PartitionKind::kCounts, 0.5, {50, 50, 50}}}) {
    EXPECT_EQ(divided(1000, 3, settings, 1), divided(1000, 3, settings, 1));
    EXPECT_NE(divided(1000, 3, settings, 1), divided(1000, 3, settings, 2));
  }
}

TEST(PartitionTest, DirichletGivesEverySampleToOneClient) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(all_of(divided(1000, 5, {PartitionKind::kDirichlet, 0.3, {}}, seed)), labels_in_turn(1000, 1000));
  }
}

// Of each client, the share of its most frequent class; averaged over clients and seeds.
double skew(double alpha) {
  double sum = 0;
  int count = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (const std::vector<std::int64_t>& samples : divided(2000, 5, {PartitionKind::kDirichlet, alpha, {}}, seed)) {
      std::array<int, 10> of_class{};
      for (const std::int64_t sample : samples) ++of_class.at(static_cast<std::size_t>(sample % 10));
      sum += static_cast<double>(*std::ranges::max_element(of_class)) / static_cast<double>(samples.size());
      ++count;
    }
  }
  return sum / count;
}

TEST(PartitionTest, SmallerAlphasGiveClientsFewerClasses) {
  const double mixed = skew(1000);
  const double middle = skew(1);
  const double apart = skew(0.05);
  // With alpha near infinity every class has a tenth.
  EXPECT_NEAR(mixed, 0.1, 0.02);
  EXPECT_GT(middle, mixed + 0.05);
  EXPECT_GT(apart, middle + 0.1);
}

TEST(PartitionTest, DirichletDrawsAgainUntilEachClientHasABatch) {
  // 500 samples, 5 clients, alpha 0.1: many draws leave a client with less than 32.
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const std::size_t size : sizes_of(divided(500, 5, {PartitionKind::kDirichlet, 0.1, {}}, seed, 32))) {
      EXPECT_GE(size, 32U);
    }
  }
}

TEST(PartitionTest, TooFewSamplesForABatchAreRefused) {
  // 100 samples among 4 clients are 25 each.
  expect_refused([] { divided(100, 4, {}, 1, 32); }, "partition: client c0", "25 of 100 samples among 4",
                 "at least 32");
  expect_refused(
      [] {
        divided(100, 2, {PartitionKind::kCounts, 0.5, {60, 31}}, 1, 32);
      },
      "partition: client c1", "31 of 100", "at least 32");
  expect_refused(
      [] {
        divided(100, 4, {PartitionKind::kDirichlet, 0.01, {}}, 1, 25);
      },
      "partition", "100 samples, 4 clients, alpha 0.01, 100 draws", "a larger alpha");
  expect_refused([] { divided(3, 4, {}, 1, 1); }, "partition: client c3", "0 of 3", "at least 1");
}

TEST(PartitionTest, AShortBatchIsEnoughWhereItIsKept) {
  EXPECT_THAT(sizes_of(partition_samples(labels_in_turn(4, 2), 2, client_ids(4), {}, {32, true}, 1)),
              ElementsAre(1, 1, 1, 1));
}

TEST(PartitionTest, CountsThatDoNotFitAreRefused) {
  expect_refused([] { divided(100, 3, {PartitionKind::kCounts, 0.5, {10, 10}}); }, "partition", "2 counts", "3, one");
  expect_refused(
      [] {
        divided(100, 2, {PartitionKind::kCounts, 0.5, {60, 41}});
      },
      "partition", "more than 100", "at most 100");
  // No overflow: 2 * 2^62 is more than 2^63 - 1.
  static constexpr std::int64_t many = std::int64_t{1} << 62;
  expect_refused(
      [] {
        divided(100, 2, {PartitionKind::kCounts, 0.5, {many, many}});
      },
      "partition", "more than 100", "at most 100");
}

TEST(DirichletTest, SharesAddUpToOneForAnyAlpha) {
  RandomEngine engine(1);
  for (const double alpha : {1e-300, 1e-6, 0.01, 0.5, 1.0, 7.0, 1e6, 1e300}) {
    const std::vector<double> shares = draw_dirichlet(10, alpha, engine);
    EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1, 1e-12) << alpha;
    EXPECT_TRUE(std::ranges::all_of(shares, [](double share) { return share >= 0 && share <= 1; })) << alpha;
  }
}

TEST(DirichletTest, MomentsAreThoseOfTheDistribution) {
  // Of k shares each has mean 1/k and variance (k - 1) / (k^2 (k alpha + 1)).
  constexpr std::size_t k = 4;
  constexpr int draws = 20000;
  RandomEngine engine(2);
  for (const double alpha : {0.2, 1.0, 5.0}) {
    double sum = 0;
    double squares = 0;
    for (int draw = 0; draw < draws; ++draw) {
      const double share = draw_dirichlet(k, alpha, engine).front();
      sum += share;
      squares += share * share;
    }
    const double mean = sum / draws;
    const double variance = squares / draws - mean * mean;
    const double expected = 3.0 / (16 * (4 * alpha + 1));
    // Five deviations of the mean; variances within 5 %. The seed is fixed.
    EXPECT_NEAR(mean, 0.25, 5 * std::sqrt(expected / draws)) << alpha;
    EXPECT_NEAR(variance, expected, 0.05 * expected) << alpha;
  }
}

TEST(KeyedRandomTest, EveryKeyMattersAndTheSequenceIsPinned) {
  const auto first = [](auto... keys) { return keyed_engine(RandomPurpose::kBatchOrder, keys...)(); };
  EXPECT_EQ(first(1U, 2), first(1U, 2));
  EXPECT_NE(first(1U, 2), first(2U, 2));
  EXPECT_NE(first(1U, 2), first(1U, 3));
  EXPECT_NE(first(1U), first(1U, 0));
  EXPECT_NE(first(std::uint64_t{1} << 32U), first(std::uint64_t{1}));
  EXPECT_NE(keyed_engine(RandomPurpose::kPartition, 1U)(), first(1U));
  // Computed from the standard's text (seed_seq of 4, 0, 1, 0, 2, 0; mt19937_64) by a program apart. Another number
  // would change the batches of every training.
  EXPECT_EQ(first(1U, 2), 14374188931332814937U);
}

}  // namespace
}  // namespace splitlane::training
