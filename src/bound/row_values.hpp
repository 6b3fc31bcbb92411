#pragma once

#include <cstddef>
#include <vector>

namespace splitlane {

/// A number for each row of a PriceProblem: prices, loads, residuals, steps.
struct RowValues {
  std::vector<double> windows;
  std::vector<double> memory;  ///< one per helper; without meaning where memory is unbounded
};

/// act(left, right) for each row, `left` by reference.
template <class Act>
void for_each_row(RowValues& left, const RowValues& right, const Act& act) {
  for (std::size_t row = 0; row < left.windows.size(); ++row) act(left.windows[row], right.windows[row]);
  for (std::size_t row = 0; row < left.memory.size(); ++row) act(left.memory[row], right.memory[row]);
}

inline double dot(const RowValues& left, const RowValues& right) {
  double sum = 0.0;
  for (std::size_t row = 0; row < left.windows.size(); ++row) sum += left.windows[row] * right.windows[row];
  for (std::size_t row = 0; row < left.memory.size(); ++row) sum += left.memory[row] * right.memory[row];
  return sum;
}

inline RowValues filled_like(const RowValues& shape, double value) {
  return {std::vector<double>(shape.windows.size(), value), std::vector<double>(shape.memory.size(), value)};
}

}  // namespace splitlane
