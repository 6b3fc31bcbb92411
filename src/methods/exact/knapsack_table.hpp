#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "splitlane/instance/time.hpp"

namespace splitlane::exact {

/// A candidate of a KnapsackTable.
struct KnapsackItem {
  std::int64_t value = 0;
  Time forward = 0;
  Time deadline = 0;  ///< of the forward, counted from the least release; without meaning where forward is 0
  Time backward = 0;
};

/// What the last items of a list can be worth at most, as knapsacks with two capacities: the forwards of an order by
/// deadline must end by theirs, one after the other, and the backwards fit together into what room is left. Times are
/// rounded down to whole units, which can only raise the bound. O(items * (latest deadline / unit) * (room / unit)).
class KnapsackTable {
 public:
  /// One item must be taken and leaves the room as it is, for it is counted already; none: items.size().
  void fill(std::span<const KnapsackItem> items, std::size_t forced, Time room, Time unit);

  static constexpr std::int32_t kImpossible = -(1 << 30);
  /// The most that items[position ..] add, when forwards worth `forward` were chosen before and `room` is left for
  /// backwards; kImpossible when the forced item is among them and cannot be. Values must add up to less than 2^30.
  std::int32_t most(std::size_t position, Time forward, Time room) const {
    const auto row = static_cast<std::size_t>(forward / unit_);
    return cells_[(position * rows_ + row) * width_ + static_cast<std::size_t>(room / unit_)];
  }

 private:
  std::size_t rows_ = 0;
  std::size_t width_ = 0;
  Time unit_ = 1;
  std::vector<std::int32_t> cells_;
};

}  // namespace splitlane::exact
