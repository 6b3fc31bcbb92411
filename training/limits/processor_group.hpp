#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace splitlane::training {

/// Where groups of processes can be made that share the processors: Linux's control groups, of either version.
struct GroupPlace {
  std::filesystem::path folder;  ///< of the group that this process is in
  int version = 1;
};

/// Reads it off what Linux says of a process in /proc/self/mountinfo and /proc/self/cgroup. Raises kFile where no
/// hierarchy of groups limits processor time.
GroupPlace group_place(std::string_view mountinfo, std::string_view cgroup);
/// Of this process. Raises likewise, and where the files cannot be read.
GroupPlace own_group_place();

/// How a share of processor time is kept: in every period the group runs for at most the quota, then waits for the
/// next.
struct ShareQuota {
  std::int64_t quota_us = 0;
  std::int64_t period_us = 0;
  bool operator==(const ShareQuota&) const = default;
};
/// The shortest period of at least 10 ms, so that work is stretched evenly, in which the quota is at least the
/// millisecond that Linux demands.
ShareQuota quota_of(double share);

/// A group of processes that together get at most a share of the processors. When the object is gone, its processes are
/// in the group above it again, and the group is no more.
class ProcessorGroup {
 public:
  /// Raises kFile where the system does not let this user make one, with what would.
  ProcessorGroup(const GroupPlace& place, const std::string& name);
  ProcessorGroup(const ProcessorGroup&) = delete;
  ProcessorGroup& operator=(const ProcessorGroup&) = delete;
  ~ProcessorGroup();

  /// Takes in a process with all its threads. Raises kFile.
  void take_in(pid_t process) const;
  /// Of all processes in it together, from now on. Raises kFile.
  void set_share(double share) const;
  void lift_share() const;

 private:
  void set_quota(const std::string& quota, const std::string& period) const;

  GroupPlace place_;
  std::filesystem::path folder_;
};

}  // namespace splitlane::training
