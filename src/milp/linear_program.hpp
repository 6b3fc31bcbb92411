#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "splitlane/stop.hpp"

namespace splitlane {

/// A linear program, minimised, that grows and is solved again and again from where it stands. The only place that
/// knows which solver runs behind it is linear_program.cpp. Floating point: what it says guides a search, and proves
/// nothing.
class LinearProgram {
 public:
  static constexpr double kInfinity = 1e30;

  struct Term {
    std::size_t position;  ///< of a column in a row, of a row in a column
    double value;
  };
  struct Column {
    double lower;
    double upper;
    double cost;
    std::vector<Term> terms;
  };
  struct Row {
    double lower;
    double upper;
    std::vector<Term> terms;
  };

  /// `rescale`: let the solver scale rows and columns anew at each call. Steadier, but dear for very many columns.
  explicit LinearProgram(bool rescale = true);
  ~LinearProgram();
  LinearProgram(const LinearProgram&) = delete;
  LinearProgram& operator=(const LinearProgram&) = delete;

  /// Columns without terms, all with the same bounds and cost; returns the position of the first.
  std::size_t add_columns(std::size_t count, double lower, double upper, double cost);
  /// Returns the position of the first. As long as it takes to copy the whole program, so better many at once.
  std::size_t add_columns(std::span<const Column> columns);
  /// Returns the position of the first.
  std::size_t add_rows(std::span<const Row> rows);
  /// Removes rows by position; those behind move up.
  void remove_rows(std::span<const std::size_t> rows);

  void set_column_upper(std::size_t column, double upper);
  void set_row_upper(std::size_t row, double upper);
  void set_cost(std::size_t column, double cost);

  std::size_t row_count() const;
  std::size_t column_count() const;

  enum class Status {
    kOptimal,
    kInfeasible,
    kUnknown,  ///< stopped, or the numbers got out of hand
  };
  /// `grown_by_columns`: since the last call only columns were added or widened, so the primal method restarts best.
  Status solve(const StopCondition& stop, bool grown_by_columns = false);

  double objective() const;
  /// Value of each column / price of each row (negative where a larger upper bound would lower the objective).
  std::span<const double> values() const;
  std::span<const double> prices() const;

 private:
  class Solver;
  std::unique_ptr<Solver> solver_;
};

}  // namespace splitlane
