#include "milp/milp.hpp"

#include <algorithm>
#include <cmath>

#include "milp/solver.hpp"

namespace splitlane {

namespace {

/// Above this the rows and the costs of a program are scaled: CLP takes no cost of 1e25, and tolerances are absolute.
constexpr double kLargestUnscaled = 1U << 30U;
/// Above this a column's neighbouring whole values lie closer together than the tolerances of a solver can tell.
constexpr double kLargestValue = 1e12;

bool is_finite_bound(double bound) { return std::abs(bound) < Milp::kInfinity; }

/// The power of two that brings numbers of this size down to 1, so that nothing is rounded; 1 for numbers that may
/// stay.
double scale_of(double largest) { return largest > kLargestUnscaled ? std::ldexp(1.0, -std::ilogb(largest)) : 1.0; }

bool is_within_solvers(const Milp::Program& program) {
  const auto is_small = [](double bound) { return !is_finite_bound(bound) || std::abs(bound) <= kLargestValue; };
  const auto is_number = [](double value) { return std::isfinite(value); };
  return std::all_of(program.column_lower.begin(), program.column_lower.end(), is_small) &&
         std::all_of(program.column_upper.begin(), program.column_upper.end(), is_small) &&
         std::all_of(program.cost.begin(), program.cost.end(), is_number) &&
         std::all_of(program.term_values.begin(), program.term_values.end(), is_number);
}

void scale_rows(Milp::Program& program) {
  std::vector<double> scale(program.row_lower.size(), 0.0);
  for (std::size_t term = 0; term < program.term_values.size(); ++term) {
    double& largest = scale[static_cast<std::size_t>(program.term_rows[term])];
    largest = std::max(largest, std::abs(program.term_values[term]));
  }
  for (std::size_t row = 0; row < scale.size(); ++row) {
    for (double* bound : {&program.row_lower[row], &program.row_upper[row]}) {
      if (is_finite_bound(*bound)) scale[row] = std::max(scale[row], std::abs(*bound));
    }
    scale[row] = scale_of(scale[row]);
    for (double* bound : {&program.row_lower[row], &program.row_upper[row]}) {
      if (is_finite_bound(*bound)) *bound *= scale[row];
    }
  }
  for (std::size_t term = 0; term < program.term_values.size(); ++term) {
    program.term_values[term] *= scale[static_cast<std::size_t>(program.term_rows[term])];
  }
}

/// Returns what objectives of the program are to be divided by.
double scale_costs(Milp::Program& program) {
  double largest = 0;
  for (const double cost : program.cost) largest = std::max(largest, std::abs(cost));
  const double scale = scale_of(largest);
  for (double& cost : program.cost) cost *= scale;
  return scale;
}

}  // namespace

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
  Result result;
  if (!is_within_solvers(program_)) result.status = Status::kNotAsked;
  if (stop.reached() || result.status == Status::kNotAsked) return result;
  Program scaled = program_;
  scale_rows(scaled);
  const double scale = scale_costs(scaled);
  result = solve_program(scaled, stop, start, most_nodes);
  result.objective /= scale;
  if (is_finite_bound(result.bound)) result.bound /= scale;
  return result;
}

}  // namespace splitlane
