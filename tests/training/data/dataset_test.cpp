#include "training/data/dataset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <optional>
#include <set>
#include <vector>

#include "io/bad_input.hpp"
#include "splitlane/error.hpp"
#include "training/data/file_images.hpp"
#include "training/data/readers.hpp"
#include "training/data/scratch_folder.hpp"

namespace splitlane::training {
namespace {

using splitlane::testing::error_of;
using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::HasSubstr;

const Normalisation kBytesAsTheyAre{{0}, {1.0 / 255}};

// Samples of the given bytes, one after the other.
SampleTable bytes_table(const Shape& shape, const std::string& bytes) {
  SampleTable table;
  table.shape = shape;
  table.classes = 10;
  const auto memory = std::make_shared<std::string>(bytes);
  const auto* const first = reinterpret_cast<const std::byte*>(memory->data());
  const std::size_t count = bytes.size() / table.sample_bytes();
  table.add_samples(first, count, table.sample_bytes());
  for (std::size_t at = 0; at < count; ++at) table.labels.push_back(static_cast<std::int64_t>(at % 10));
  table.files.emplace_back(memory, first);
  return table;
}

std::vector<float> values_of(const Tensor& tensor) {
  const std::span<const float> values = tensor.values<float>();
  return {values.begin(), values.end()};
}

TEST(DatasetTest, ABatchHasTheSamplesAndLabelsAskedForInThatOrder) {
  // With mean 0 and deviation 1/255 bytes keep their values.
  const Dataset dataset(bytes_table({1, 1, 2}, counted_bytes(8)), kBytesAsTheyAre, "");
  const Batch batch = dataset.batch(std::vector<std::int64_t>{3, 0});
  EXPECT_EQ(batch.samples.descriptor(), (TensorDescriptor{DataType::kFloat32, {2, 1, 1, 2}}));
  EXPECT_THAT(values_of(batch.samples), ElementsAre(6, FloatEq(7), 0, 1));
  EXPECT_EQ(batch.labels.descriptor(), (TensorDescriptor{DataType::kInt64, {2}}));
  EXPECT_THAT(batch.labels.values<std::int64_t>(), ElementsAre(3, 0));
}

TEST(DatasetTest, EachChannelIsNormalisedByItsOwnFigures) {
  // Two channels of one pixel: (255/255 - 0.5) / 0.25 = 2 and (51/255 - 0) / 2 = 0.1.
  const Dataset dataset(bytes_table({2, 1, 1}, "\xFF\x33"), {{0.5, 0}, {0.25, 2}}, "");
  EXPECT_THAT(values_of(dataset.batch(std::vector<std::int64_t>{0}).samples), ElementsAre(2, 0.1F));
}

TEST(DatasetTest, ChannelsLastBecomeChannelsFirst) {
  // Pixels (0, 1, 2) and (3, 4, 5): channel 0 has 0 and 3.
  SampleTable table = bytes_table({3, 1, 2}, counted_bytes(6));
  table.channels = ChannelOrder::kLast;
  const Dataset dataset(std::move(table), {{0, 0, 0}, {1.0 / 255, 1.0 / 255, 1.0 / 255}}, "");
  EXPECT_THAT(values_of(dataset.batch(std::vector<std::int64_t>{0}).samples), ElementsAre(0, 3, 1, 4, 2, 5));
}

TEST(DatasetTest, FloatsNeedNotBeAligned) {
  std::string bytes = "x";
  for (const float value : {1.5F, -2.0F}) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  SampleTable table = bytes_table({1, 1, 9}, bytes);
  table.type = DataType::kFloat32;
  table.shape = {1, 1, 2};
  table.samples = {table.samples.front() + 1};
  const Dataset dataset(std::move(table), {{0.5}, {2}}, "");
  // (1.5 - 0.5) / 2 and (-2 - 0.5) / 2.
  EXPECT_THAT(values_of(dataset.batch(std::vector<std::int64_t>{0}).samples), ElementsAre(0.5F, -1.25F));
}

TEST(DatasetTest, AugmentationDependsOnKeyAndPlaceAlone) {
  const Dataset dataset(bytes_table({1, 8, 8}, counted_bytes(64 * 40)), kBytesAsTheyAre, "");
  const Augmentation augmentation{2, true};
  const BatchKey key{7, 3, 1, 4};
  std::vector<std::int64_t> positions(40, 5);
  const Tensor whole = dataset.batch(positions, augmentation, key).samples;
  EXPECT_TRUE(bit_equal(whole, dataset.batch(positions, augmentation, key).samples));
  // Fewer samples behind a place, or others before it, change nothing there.
  positions = {1, 2, 3, 5};
  const Tensor other = dataset.batch(positions, augmentation, key).samples;
  EXPECT_EQ(std::memcmp(whole.values<float>().data() + 3 * 64, other.values<float>().data() + 3 * 64, 64 * 4), 0);
  for (const BatchKey& changed :
       {BatchKey{8, 3, 1, 4}, BatchKey{7, 4, 1, 4}, BatchKey{7, 3, 2, 4}, BatchKey{7, 3, 1, 5}}) {
    EXPECT_FALSE(bit_equal(whole, dataset.batch(std::vector<std::int64_t>(40, 5), augmentation, changed).samples));
  }
}

TEST(DatasetTest, ACropIsAWindowOfThePaddedSampleAndAllWindowsOccur) {
  // One row of 1, 2, 3 with a pixel of 0 on each side, above and below: the middle row's windows are 012, 123, 230; the
  // rows above and below are 000.
  const Dataset dataset(bytes_table({1, 1, 3}, "\x01\x02\x03"), kBytesAsTheyAre, "");
  std::set<std::vector<float>> seen;
  for (std::int64_t batch = 0; batch < 100; ++batch) {
    seen.insert(values_of(dataset.batch(std::vector<std::int64_t>{0}, {1, false}, {1, 1, 0, batch}).samples));
  }
  // A window is missed in 100 draws with a probability of (8/9)^100 < 1e-5; the seed is fixed.
  EXPECT_THAT(seen,
              ElementsAre(ElementsAre(0, 0, 0), ElementsAre(0, 1, 2), ElementsAre(1, 2, 3), ElementsAre(2, 3, 0)));
}

TEST(DatasetTest, PaddingIsBlackBeforeNormalisation) {
  const Dataset dataset(bytes_table({1, 1, 1}, "\xFF"), {{0.5}, {0.5}}, "");
  std::set<float> seen;
  for (std::int64_t batch = 0; batch < 50; ++batch) {
    seen.insert(values_of(dataset.batch(std::vector<std::int64_t>{0}, {1, false}, {1, 1, 0, batch}).samples).front());
  }
  // (0 - 0.5) / 0.5 around the sample, (1 - 0.5) / 0.5 in it.
  EXPECT_THAT(seen, ElementsAre(-1, 1));
}

TEST(DatasetTest, AboutHalfOfTheSamplesAreMirrored) {
  const Dataset dataset(bytes_table({1, 1, 2}, "\x01\x02"), kBytesAsTheyAre, "");
  const Batch batch = dataset.batch(std::vector<std::int64_t>(1000, 0), {0, true}, {1, 1, 0, 0});
  int mirrored = 0;
  for (std::size_t at = 0; at < 2000; at += 2) mirrored += batch.samples.values<float>()[at] == 2.0F ? 1 : 0;
  // 500 with a deviation of sqrt(250) = 16; the seed is fixed.
  EXPECT_NEAR(mirrored, 500, 80);
}

TEST(DatasetTest, MeasuredNormalisationIsMeanAndDeviationOfEachChannel) {
  // Channel 0 has 0 and 2, channel 1 always 5. Mean 1 and deviation 1, in parts of 255; 5 never changes.
  const Normalisation measured = measured_normalisation(bytes_table({2, 1, 1}, std::string("\x00\x05\x02\x05", 4)), "");
  EXPECT_THAT(measured.mean, ElementsAre(1.0 / 255, 5.0 / 255));
  EXPECT_THAT(measured.deviation, ElementsAre(1.0 / 255, 1.0));
}

TEST(DatasetTest, BadFiguresAreRefused) {
  const auto refused = [](const Normalisation& normalisation) {
    const std::optional<Error> error = error_of([&] {
      Dataset(bytes_table({1, 1, 1}, "a"), normalisation, "images.npy");
    });
    return error && error->code() == ErrorCode::kInconsistent && error->parts().where.starts_with("images.npy");
  };
  EXPECT_TRUE(refused({{0, 0}, {1, 1}}));
  EXPECT_TRUE(refused({{0}, {0}}));
  EXPECT_TRUE(refused({{std::numeric_limits<double>::quiet_NaN()}, {1}}));
  EXPECT_FALSE(refused({{0}, {1}}));
}

TEST(LoadDataTest, AShareIsKeptForTestingWhereNoFileHasTestSamples) {
  const ScratchFolder folder;
  DataSettings settings;
  settings.kind = DataKind::kNumpy;
  settings.files.images = folder.write("images.npy", numpy_array("|u1", "(50, 1, 1)", counted_bytes(50)));
  settings.files.labels = folder.write("labels.npy", numpy_array("|u1", "(50,)", counted_bytes(50)));
  settings.test_share = 0.3;
  const DataSets sets = load_data(settings, 1);
  ASSERT_EQ(sets.test->size(), 15);
  std::set<std::int64_t> labels(sets.training->labels().begin(), sets.training->labels().end());
  labels.insert(sets.test->labels().begin(), sets.test->labels().end());
  // Each of the 50 is in one of the two.
  EXPECT_EQ(labels.size(), 50U);
  EXPECT_EQ(sets.training->size(), 35);
  EXPECT_EQ(sets.test->classes(), 50);
  EXPECT_THAT(load_data(settings, 1).test->labels(), ::testing::ElementsAreArray(sets.test->labels()));
  EXPECT_THAT(load_data(settings, 2).test->labels(), ::testing::Not(::testing::ElementsAreArray(sets.test->labels())));
}

TEST(LoadDataTest, TestSamplesAreNormalisedByTheTrainingSamples) {
  const ScratchFolder folder;
  DataSettings settings;
  settings.kind = DataKind::kNumpy;
  // Training samples 0 and 2: mean 1, deviation 1. The test sample 4 becomes 3.
  settings.files = {folder.write("images.npy", numpy_array("|u1", "(2, 1, 1)", std::string("\x00\x02", 2))),
                    folder.write("labels.npy", numpy_array("|u1", "(2,)", counted_bytes(2))),
                    folder.write("test_images.npy", numpy_array("|u1", "(1, 1, 1)", "\x04")),
                    folder.write("test_labels.npy", numpy_array("|u1", "(1,)", "\x01"))};
  const DataSets sets = load_data(settings, 0);
  EXPECT_NEAR(values_of(sets.test->batch(std::vector<std::int64_t>{0}).samples).front(), 3, 1e-5);
}

TEST(LoadDataTest, SamplesAreLimitedAndClassesSettled) {
  DataSettings settings;
  settings.samples = 30;
  settings.test_samples = 7;
  settings.classes = 3;
  const DataSets sets = load_data(settings, 0);
  EXPECT_EQ(sets.training->size(), 30);
  EXPECT_EQ(sets.test->size(), 7);
  EXPECT_EQ(sets.training->classes(), 3);
  EXPECT_EQ(sets.training->sample_shape(), settings.shape);
}

TEST(LoadDataTest, WhatDoesNotFitIsRefused) {
  const ScratchFolder folder;
  DataSettings settings;
  settings.kind = DataKind::kNumpy;
  settings.files.images = folder.write("images.npy", numpy_array("|u1", "(4, 1, 1)", counted_bytes(4)));
  const auto refused = [&](const std::string& labels, const std::string& where, const std::string& got) {
    settings.files.labels = folder.write("labels.npy", numpy_array("<i4", "(4,)", labels));
    const std::optional<Error> error = error_of([&] { load_data(settings, 0); });
    ASSERT_TRUE(error.has_value());
    EXPECT_THAT(error->parts().where, HasSubstr(where)) << error->what();
    EXPECT_THAT(error->parts().got, HasSubstr(got)) << error->what();
  };
  const std::string zeros(12, '\0');
  refused(zeros + "\xFF\xFF\xFF\xFF", "sample 3", "label -1");
  refused(zeros + "\xFF\xFF\xFF\x7F", "images.npy", "label 2147483647");
  settings.classes = 2;
  refused(zeros + std::string("\x02\0\0\0", 4), "sample 3", "label 2");
  settings.test_share = 0.01;
  refused(zeros + std::string("\x01\0\0\0", 4), "images.npy", "0 of 4 for testing");
  settings.files.test_images = folder.write("test_images.npy", numpy_array("|u1", "(1, 2, 1)", "ab"));
  settings.files.test_labels = folder.write("test_labels.npy", numpy_array("|u1", "(1,)", "\x01"));
  refused(zeros + std::string("\x01\0\0\0", 4), "images.npy", "[1, 2, 1]");
}

}  // namespace
}  // namespace splitlane::training
