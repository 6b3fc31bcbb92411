#include "training/measurement/spread.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/assert.hpp"

namespace splitlane::training {

namespace {

double quantile_of_sorted(const std::vector<double>& values, double fraction) {
  const double position = fraction * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(position));
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (position - std::floor(position)) * (values[above] - values[below]);
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  SPLITLANE_ASSERT(!values.empty());
  std::sort(values.begin(), values.end());
  return {quantile_of_sorted(values, 0.5), quantile_of_sorted(values, 0.25), quantile_of_sorted(values, 0.75)};
}

}  // namespace splitlane::training
