#include "training/limits/processor_group.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "splitlane/error.hpp"

namespace splitlane::training {
namespace {

using ::testing::HasSubstr;

constexpr const char* kBothVersions =
    "24 20 0:20 / /proc rw,relatime - proc proc rw\n"
    "30 24 0:25 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset\n"
    "31 24 0:26 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw\n"
    "32 24 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:10 - cgroup cgroup rw,cpu,cpuacct\n";

TEST(GroupPlace, TheFirstVersionGoesBeforeTheSecondWhereItHasTheController) {
  const GroupPlace place = group_place(kBothVersions, "5:cpuset:/elsewhere\n3:cpu,cpuacct:/user/me\n0::/\n");
  EXPECT_EQ(place.folder, "/sys/fs/cgroup/cpu,cpuacct/user/me");
  EXPECT_EQ(place.version, 1);
}

TEST(GroupPlace, InTheSecondVersionTheGroupIsTheOneWithoutControllers) {
  const GroupPlace place = group_place("31 24 0:26 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw\n",
                                       "0::/user.slice/user-1000.slice/run-7.scope\n");
  EXPECT_EQ(place.folder, "/sys/fs/cgroup/user.slice/user-1000.slice/run-7.scope");
  EXPECT_EQ(place.version, 2);
}

TEST(GroupPlace, OfAMountThatBeginsWithinTheHierarchyOnlyTheRestOfThePathIsBelowIt) {
  const GroupPlace place =
      group_place("32 24 0:27 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n", "3:cpu:/docker/abc/mine\n");
  EXPECT_EQ(place.folder, "/sys/fs/cgroup/cpu/mine");
}

TEST(GroupPlace, WithoutAHierarchyThatLimitsProcessorsIsAnErrorThatSaysSo) {
  for (const char* const mounts : {"", "24 20 0:20 / /proc rw\n", "30 24 0:25 / /c rw - cgroup cgroup rw,cpuset\n"}) {
    try {
      group_place(mounts, "5:cpuset:/\n");
      ADD_FAILURE() << mounts;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kFile);
      EXPECT_THAT(error.what(), HasSubstr("no control groups that limit processor time"));
    }
  }
}

TEST(ShareQuotas, PeriodsAreAsShortAsTheLeastQuotaLets) {
  EXPECT_EQ(quota_of(0.25), (ShareQuota{2'500, 10'000}));
  EXPECT_EQ(quota_of(2), (ShareQuota{20'000, 10'000}));
  EXPECT_EQ(quota_of(0.05), (ShareQuota{1'000, 20'000}));  // 0.5 ms of 10 would be below the millisecond
  EXPECT_EQ(quota_of(0.001), (ShareQuota{1'000, 1'000'000}));
}

}  // namespace
}  // namespace splitlane::training
