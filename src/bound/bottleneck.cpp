#include "bound/bottleneck.hpp"

#include <algorithm>
#include <array>

namespace splitlane {

namespace {

constexpr std::array<double, 6> kShares = {0.25, 0.1, 0.03, 0.01, 0.003, 0.001};  // of the helpers, that are dear
constexpr std::size_t kFewestHelpers = 4;

RowValues lowered(const PriceProblem& problem, RowValues prices, const PerHelper<double>& rise, double by) {
  for (const HelperIndex helper : rise.indices()) {
    const double factor = rise[helper] > by ? 1.0 - by / rise[helper] : 0.0;
    const PriceProblem::Helper& place = problem.helper(helper);
    const std::size_t windows = std::size_t{place.heads} * place.tails;
    for (std::size_t window = 0; window < windows; ++window) prices.windows[place.first_window + window] *= factor;
    prices.memory[helper] *= factor;
  }
  return prices;
}

}  // namespace

PerHelper<std::uint8_t> helpers_beside_the_bottleneck(const PriceProblem& problem, PriceAscent& ascent) {
  const PerHelper<double> rise = ascent.rises();
  std::vector<double> ordered;
  for (const double value : rise) {
    if (value > 0.0) ordered.push_back(value);
  }
  std::sort(ordered.begin(), ordered.end());
  double best_threshold = 0.0;
  double best_value = 0.0;
  for (const double share : kShares) {
    const auto dear = static_cast<std::size_t>(share * static_cast<double>(ordered.size()));
    if (dear < kFewestHelpers) break;
    const double threshold = ordered[ordered.size() - 1 - dear];
    const double value = ascent.value_of(lowered(problem, ascent.best_prices(), rise, threshold));
    if (value <= best_value) continue;
    best_value = value;
    best_threshold = threshold;
  }
  PerHelper<std::uint8_t> is_beside(rise.size(), 0);
  if (best_value == 0.0) return {};
  for (const HelperIndex helper : rise.indices()) is_beside[helper] = rise[helper] > best_threshold ? 0 : 1;
  return is_beside;
}

}  // namespace splitlane
