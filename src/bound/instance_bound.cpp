#include <algorithm>
#include <vector>

#include "bound/pooled_bound.hpp"
#include "bound/price_bound.hpp"
#include "bound/relaxed_tasks.hpp"
#include "splitlane/bound/bound.hpp"

namespace splitlane {

namespace {

constexpr std::size_t kCheapWork = 1'000'000;       // options looked at in all rounds together: some milliseconds
constexpr std::size_t kLargestWork = 15'000'000;    // beyond it only the first pair of quantiles is tried
constexpr std::size_t kMostPricedLate = 1'000'000;  // options whose prices are worth a look when the time is over
constexpr int kFewestRounds = 30;
constexpr int kMostRounds = 120;
constexpr int kLargeRounds = 60;
constexpr std::array<double, 6> kQuantiles = {0.0, 0.1, 0.25, 0.4, 0.6, 0.8};

}  // namespace

Time instance_bound(const Instance& instance, const StopCondition& stop) {
  Workers alone(1);
  Time bound = pooled_bound(instance, alone).lower_bound;
  if (stop.reached() && instance.option_count() > kMostPricedLate) return bound;
  PriceBound prices(instance);
  // Windows that leave out early heads or short tails pay off where releases and tails spread widely; each pair costs
  // its rounds, so large instances try fewer.
  const std::size_t pairs = kQuantiles.size() * kQuantiles.size();
  const std::size_t affordable = kCheapWork / pairs / instance.option_count();
  const int rounds = std::clamp(static_cast<int>(affordable), kFewestRounds, kMostRounds);
  const bool one_pair = kFewestRounds * pairs * instance.option_count() > kLargestWork;
  for (const double head_quantile : kQuantiles) {
    for (const double tail_quantile : kQuantiles) {
      const bool first = head_quantile == 0.0 && tail_quantile == 0.0;
      if (!first && (one_pair || stop.reached())) continue;
      bound = prices.improve(bound, head_quantile, tail_quantile, one_pair ? kLargeRounds : rounds, stop);
    }
  }
  return bound;
}

}  // namespace splitlane
