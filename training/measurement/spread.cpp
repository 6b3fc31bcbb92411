#include "training/measurement/spread.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "splitlane/observation/measured.hpp"

namespace splitlane::training {

Spread spread_of(std::vector<double> values) {
  SPLITLANE_ASSERT(!values.empty());
  std::sort(values.begin(), values.end());
  return {quantile_of(values, 0.5), quantile_of(values, 0.25), quantile_of(values, 0.75)};
}

}  // namespace splitlane::training
