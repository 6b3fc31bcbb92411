#include "milp/milp.hpp"

#include "milp/solver.hpp"

namespace splitlane {

std::size_t Milp::add_column(double lower, double upper, double cost, bool is_integer) {
  program_.column_lower.push_back(lower);
  program_.column_upper.push_back(upper);
  program_.cost.push_back(cost);
  program_.is_integer.push_back(is_integer ? 1 : 0);
  return program_.cost.size() - 1;
}

std::size_t Milp::add_row(double lower, double upper) {
  program_.row_lower.push_back(lower);
  program_.row_upper.push_back(upper);
  return program_.row_lower.size() - 1;
}

void Milp::add_term(std::size_t row, std::size_t column, double value) {
  program_.term_rows.push_back(static_cast<int>(row));
  program_.term_columns.push_back(static_cast<int>(column));
  program_.term_values.push_back(value);
}

Milp::Result Milp::solve(const StopCondition& stop, const std::vector<double>& start, std::int64_t most_nodes) const {
  if (stop.reached()) return {};
  return solve_program(program_, stop, start, most_nodes);
}

}  // namespace splitlane
