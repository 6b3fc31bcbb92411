#pragma once

#include <optional>
#include <vector>

namespace splitlane::training {

/// What a process may use of the processors of its machine.
struct ProcessorLimit {
  std::optional<double> share;  ///< processor time over wall time, all its threads together; nullopt = no limit
  std::vector<int> cores = {};  ///< that its threads may run on; empty = all
  bool operator==(const ProcessorLimit&) const = default;
};

/// Shares that the system can keep.
inline constexpr double kLeastShare = 0.001;
inline constexpr double kMostShare = 1024;
inline constexpr int kLastCore = 1023;

}  // namespace splitlane::training
