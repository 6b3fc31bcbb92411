#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace splitlane {

/// Durations and instants: non-negative integers in the instance's time unit.
using Time = std::int64_t;

/// Memory in MB, as in the documents.
using Megabytes = std::int64_t;

/// Largest number that every JSON reader holds exactly (2^53). No number of a document may exceed it, and
/// neither may the horizon of an instance, so no sum inside the library can overflow 63 bits.
inline constexpr std::int64_t kLargestNumber = std::int64_t{1} << 53;

enum class TimeUnit { kMicrosecond, kMillisecond, kSecond, kSlot };
/// As in the documents, in the order of the enumerators.
inline constexpr std::array<std::string_view, 4> kTimeUnitNames = {"us", "ms", "s", "slot"};

/// What `switch_cost` does (docs/json.md#switch-cost).
enum class SwitchModel {
  kOccupy,  ///< The helper's lane is idle for `switch_cost` before each segment.
  kCharge,  ///< The paper's Sec. VI: no lane time is lost, but each run delays its client by twice the cost.
};
/// As in the documents, in the order of the enumerators.
inline constexpr std::array<std::string_view, 2> kSwitchModelNames = {"occupy", "charge"};

}  // namespace splitlane
