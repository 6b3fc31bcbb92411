#pragma once

#include <vector>

namespace splitlane::training {

/// Where the middle half of several measured values lies.
struct Spread {
  double median = 0;
  double lower_quartile = 0;
  double upper_quartile = 0;

  double width() const { return upper_quartile - lower_quartile; }
};

/// Of at least one value. The quantile q of n values in order is at position q * (n - 1), between two values linearly
/// (Hyndman and Fan's seventh definition). Complexity: O(n log n).
Spread spread_of(std::vector<double> values);

}  // namespace splitlane::training
