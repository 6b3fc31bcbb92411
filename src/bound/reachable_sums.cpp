#include "bound/reachable_sums.hpp"

#include <algorithm>
#include <numeric>

#include "base/assert.hpp"

namespace splitlane {

ReachableSums::ReachableSums(std::span<const Time> sizes, Time most) {
  std::vector<Time> different(sizes.begin(), sizes.end());
  std::sort(different.begin(), different.end());
  different.erase(std::unique(different.begin(), different.end()), different.end());
  std::erase(different, 0);
  Time divisor = 0;
  for (const Time size : different) divisor = std::gcd(divisor, size);
  if (divisor == 0 || most / divisor > kMostSteps) return;
  divisor_ = divisor;
  if (different.front() == divisor) different.resize(1);  // copies of it make all that any others could
  const auto last = static_cast<std::size_t>(most / divisor);
  std::vector<std::uint8_t> reachable(last + 1, 0);
  reachable[0] = 1;
  for (const Time size : different) {
    const auto steps = static_cast<std::size_t>(size / divisor_);
    for (std::size_t sum = steps; sum <= last; ++sum) reachable[sum] |= reachable[sum - steps];
  }
  largest_.resize(last + 1, 0);
  for (std::size_t sum = 1; sum <= last; ++sum) {
    largest_[sum] = reachable[sum] != 0 ? static_cast<std::uint16_t>(sum) : largest_[sum - 1];
  }
}

Time ReachableSums::largest(Time capacity) const {
  SPLITLANE_ASSERT(divisor_ == 0 || (capacity >= 0 && static_cast<std::size_t>(capacity / divisor_) < largest_.size()),
                   capacity, divisor_, largest_.size());
  return divisor_ == 0 ? capacity : largest_[static_cast<std::size_t>(capacity / divisor_)] * divisor_;
}

}  // namespace splitlane
