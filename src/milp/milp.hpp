#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "splitlane/stop.hpp"

namespace splitlane {

/// A mixed-integer linear program, minimised. Which solver runs behind it, milp/solver.hpp says.
class Milp {
 public:
  static constexpr double kInfinity = 1e30;

  /// Everything as arrays, which solvers take: by column, by row, and by term.
  struct Program {
    std::vector<double> column_lower, column_upper, cost;
    std::vector<std::uint8_t> is_integer;
    std::vector<double> row_lower, row_upper;
    std::vector<int> term_rows, term_columns;
    std::vector<double> term_values;
  };

  /// Returns the position of the new column.
  std::size_t add_column(double lower, double upper, double cost, bool is_integer);
  /// A row lower <= sum of terms <= upper; its terms follow by add_term. Returns its position.
  std::size_t add_row(double lower, double upper);
  /// Adds value * column to a row; at most once per pair.
  void add_term(std::size_t row, std::size_t column, double value);

  enum class Status {
    kOptimal,     ///< `values` is proven best
    kFeasible,    ///< `values` is the best found before the stop
    kInfeasible,  ///< proven: no values exist
    kUnknown,     ///< ended before anything was found, by the stop, the nodes or the solver's own failure
    kNotAsked,    ///< beyond the numbers that solvers can tell apart
  };
  struct Result {
    Status status = Status::kUnknown;
    double objective = 0;
    double bound = -kInfinity;   ///< no values have a smaller objective, as far as floating point can tell
    std::vector<double> values;  ///< one per column; empty unless kOptimal or kFeasible
    std::int64_t nodes = 0;      ///< of the search tree
  };

  static constexpr std::int64_t kAnyNumber = std::numeric_limits<std::int32_t>::max();
  /// `start`: values of a known solution, one per column, or empty. Prints nothing. Deterministic unless `stop` ends
  /// it; `most_nodes` of the search tree bound the time needed, and nothing else does. Rows and costs of large numbers
  /// are scaled by powers of two; with a column bound above 1e12, or an infinite cost or term, no solver is asked.
  Result solve(const StopCondition& stop, const std::vector<double>& start = {},
               std::int64_t most_nodes = kAnyNumber) const;

 private:
  Program program_;
};

}  // namespace splitlane
