#include "training/limits/own_limit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "splitlane/error.hpp"

namespace splitlane::training {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string first_line(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

/// Skips where this user may make no groups.
class OwnLimitTest : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      place_ = own_group_place();
      const ProcessorGroup group(place_, "splitlane-test-" + std::to_string(getpid()));
    } catch (const Error& error) {
      GTEST_SKIP() << error.what();
    }
  }

  GroupPlace place_;
};

TEST_F(OwnLimitTest, ThisProcessIsInAGroupWithItsQuotaAndBackAboveItAfterwards) {
  {
    const OwnLimit limit({.share = 0.5});
    const GroupPlace limited = own_group_place();
    EXPECT_EQ(limited.folder.parent_path(), place_.folder);
    if (place_.version == 1) {
      EXPECT_EQ(first_line(limited.folder / "cpu.cfs_quota_us"), "5000");
      EXPECT_EQ(first_line(limited.folder / "cpu.cfs_period_us"), "10000");
    } else {
      EXPECT_EQ(first_line(limited.folder / "cpu.max"), "5000 10000");
    }
  }
  EXPECT_EQ(own_group_place().folder, place_.folder);
  EXPECT_FALSE(std::filesystem::exists(place_.folder / ("splitlane-" + std::to_string(getpid()))));
}

TEST_F(OwnLimitTest, AShareChangesAndIsLiftedWhileProcessesRun) {
  const ProcessorGroup group(place_, "splitlane-test-" + std::to_string(getpid()));
  const std::filesystem::path folder = place_.folder / ("splitlane-test-" + std::to_string(getpid()));
  const auto quota = [&] { return first_line(folder / (place_.version == 1 ? "cpu.cfs_quota_us" : "cpu.max")); };
  group.set_share(0.3);
  EXPECT_THAT(quota(), ::testing::StartsWith("3000"));
  group.set_share(0.02);
  EXPECT_THAT(quota(), ::testing::StartsWith("1000"));
  group.lift_share();
  EXPECT_THAT(quota(), ::testing::AnyOf("-1", ::testing::StartsWith("max")));
}

TEST(CoreAffinityTest, CoresAreThoseAskedForUntilTheObjectIsGone) {
  const std::vector<int> before = allowed_cores();
  ASSERT_FALSE(before.empty());
  {
    const CoreAffinity affinity({before.back()});
    EXPECT_THAT(allowed_cores(), ElementsAre(before.back()));
  }
  EXPECT_EQ(allowed_cores(), before);
}

TEST(CoreAffinityTest, ACoreThatIsNotThereIsRefusedByNumberAndNothingChanges) {
  const std::vector<int> before = allowed_cores();
  try {
    const CoreAffinity affinity({before.front(), kLastCore});
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kOutOfRange);
    EXPECT_THAT(error.parts().got, HasSubstr("1023"));
  }
  EXPECT_EQ(allowed_cores(), before);
}

}  // namespace
}  // namespace splitlane::training
