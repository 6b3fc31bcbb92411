#include "methods/exact/knapsack_table.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace splitlane::exact {

void KnapsackTable::fill(std::span<const KnapsackItem> items, std::size_t forced, Time room, Time unit) {
  SPLITLANE_ASSERT(unit >= 1 && room >= 0 && forced <= items.size(), unit, room, forced, items.size());
  SPLITLANE_ASSERT(std::is_sorted(items.begin(), items.end(),
                                  [](const KnapsackItem& left, const KnapsackItem& right) {
                                    return left.deadline < right.deadline;
                                  }),
                   items.size());
  unit_ = unit;
  Time latest = 0;
  for (const KnapsackItem& item : items) latest = std::max(latest, item.deadline);
  rows_ = static_cast<std::size_t>(latest / unit) + 1;
  width_ = static_cast<std::size_t>(room / unit) + 1;
  const std::size_t layer = rows_ * width_;
  cells_.resize((items.size() + 1) * layer);
  std::fill(cells_.end() - static_cast<std::ptrdiff_t>(layer), cells_.end(), 0);
  for (std::size_t position = items.size(); position-- > 0;) {
    const KnapsackItem& item = items[position];
    std::int32_t* here = cells_.data() + position * layer;
    const std::int32_t* below = here + layer;
    if (position == forced) {
      std::fill(here, here + layer, kImpossible);
    } else {
      std::copy(below, below + layer, here);
    }
    const auto forward = static_cast<std::size_t>(item.forward / unit);
    const auto backward = position == forced ? 0 : static_cast<std::size_t>(item.backward / unit);
    const std::size_t end = item.forward == 0 ? rows_ : static_cast<std::size_t>(item.deadline / unit) + 1;
    const auto value = static_cast<std::int32_t>(item.value);
    for (std::size_t row = 0; row + forward < end && backward < width_; ++row) {
      std::int32_t* to = here + row * width_ + backward;
      const std::int32_t* from = below + (row + forward) * width_;
      for (std::size_t column = 0; column < width_ - backward; ++column) {
        to[column] = std::max(to[column], from[column] + value);
      }
    }
  }
}

}  // namespace splitlane::exact
