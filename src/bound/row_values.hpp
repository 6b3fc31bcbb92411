#pragma once

#include <cstddef>
#include <vector>

#include "instance/per_index.hpp"

namespace splitlane {

/// A number for each row of a PriceProblem: prices, loads, residuals, steps.
struct RowValues {
  std::vector<double> windows;
  PerHelper<double> memory;  ///< without meaning where memory is unbounded
};

/// act(left, right) for each row, `left` by reference.
template <class Act>
void for_each_row(RowValues& left, const RowValues& right, const Act& act) {
  for (std::size_t row = 0; row < left.windows.size(); ++row) act(left.windows[row], right.windows[row]);
  for (const HelperIndex helper : left.memory.indices()) act(left.memory[helper], right.memory[helper]);
}

inline double dot(const RowValues& left, const RowValues& right) {
  double sum = 0.0;
  for (std::size_t row = 0; row < left.windows.size(); ++row) sum += left.windows[row] * right.windows[row];
  for (const HelperIndex helper : left.memory.indices()) sum += left.memory[helper] * right.memory[helper];
  return sum;
}

inline RowValues filled_like(const RowValues& shape, double value) {
  return {std::vector<double>(shape.windows.size(), value), PerHelper<double>(shape.memory.size(), value)};
}

}  // namespace splitlane
