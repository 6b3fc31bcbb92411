#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "splitlane/instance/time.hpp"

namespace splitlane {

/// Which loads a window can carry at all when its options come in few sizes (docs/how_it_works.md#rows, subset-sum
/// tightening): sums of given sizes, each taken any number of times. A superset of what clients can make, so that a
/// capacity lowered to the largest sum stays valid. Empty where the sizes are too fine for that to matter.
class ReachableSums {
 public:
  /// Where the capacity is more than this many times the common divisor, nothing is worth knowing.
  static constexpr Time kMostSteps = 1024;

  ReachableSums() = default;
  /// `sizes`: >= 0, in any order; `most`: the largest capacity that will be asked for. O(different sizes * kMostSteps).
  ReachableSums(std::span<const Time> sizes, Time most);

  /// The largest sum <= capacity; `capacity` (>= 0) itself where nothing is known. Rises with the capacity.
  Time largest(Time capacity) const;

 private:
  Time divisor_ = 0;                    // 0: nothing is known
  std::vector<std::uint16_t> largest_;  // in units of the divisor
};

}  // namespace splitlane
