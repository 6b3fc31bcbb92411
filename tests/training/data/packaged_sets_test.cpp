// Real sets that packages of Debian ship.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "training/data/dataset.hpp"
#include "training/data/scratch_folder.hpp"

namespace splitlane::training {
namespace {

// Over all training samples normalised values have mean 0 and deviation 1.
void expect_normalised(const Dataset& dataset) {
  std::vector<std::int64_t> positions(static_cast<std::size_t>(dataset.size()));
  std::iota(positions.begin(), positions.end(), std::int64_t{0});
  const Batch batch = dataset.batch(positions);
  double sum = 0;
  double squares = 0;
  for (const float value : batch.samples.values<float>()) {
    sum += value;
    squares += static_cast<double>(value) * value;
  }
  const auto count = static_cast<double>(batch.samples.elements());
  EXPECT_NEAR(sum / count, 0, 1e-4);
  EXPECT_NEAR(squares / count, 1, 1e-4);
}

TEST(PackagedSetTest, HandwrittenDigits) {
  if (!std::filesystem::exists("/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz")) {
    GTEST_SKIP() << "python3-sklearn is missing; scripts/bootstrap installs it";
  }
  const ScratchFolder folder;
  const std::string command =
      std::string(SPLITLANE_SOURCE_DIR) + "/scripts/digits '" + folder.path() + "' --size 16 > /dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  DataSettings settings;
  settings.kind = DataKind::kNumpy;
  settings.files = {folder.path() + "/images.npy", folder.path() + "/labels.npy", "", ""};
  const DataSets sets = load_data(settings, 1);
  // A tenth of 1797 is for testing.
  EXPECT_EQ(sets.test->size(), 180);
  EXPECT_EQ(sets.training->size(), 1617);
  EXPECT_EQ(sets.training->classes(), 10);
  EXPECT_EQ(sets.training->sample_shape(), (Shape{1, 16, 16}));
  expect_normalised(*sets.training);
}

TEST(PackagedSetTest, FashionMnist) {
  DataSettings settings;
  settings.kind = DataKind::kIdx;
  settings.folder = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(settings.folder)) GTEST_SKIP() << "dataset-fashion-mnist is not installed";
  settings.samples = 1000;
  const DataSets sets = load_data(settings, 1);
  EXPECT_EQ(sets.training->size(), 1000);
  EXPECT_EQ(sets.test->size(), 10000);
  EXPECT_EQ(sets.training->sample_shape(), (Shape{1, 28, 28}));
  expect_normalised(*sets.training);
  // The test set has 1000 of each class.
  std::map<std::int64_t, int> count;
  for (const std::int64_t label : sets.test->labels()) ++count[label];
  EXPECT_EQ(count.size(), 10U);
  EXPECT_TRUE(std::ranges::all_of(count, [](const auto& entry) { return entry.second == 1000; }));
}

}  // namespace
}  // namespace splitlane::training
