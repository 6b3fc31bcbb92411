#include "milp/linear_program.hpp"

#include <ClpEventHandler.hpp>
#include <ClpSimplex.hpp>

#include <algorithm>

namespace splitlane {

namespace {

/// Lets the simplex method ask now and then whether it should stop.
class ClpStopHandler final : public ClpEventHandler {
 public:
  explicit ClpStopHandler(const StopCondition& condition) : condition_(condition) {}
  int event(Event) override { return condition_.reached() ? 0 : -1; }
  ClpEventHandler* clone() const override { return new ClpStopHandler(*this); }

 private:
  StopCondition condition_;
};

/// Terms of columns or rows, one after the other, as the solver takes them.
struct Terms {
  void append(const std::vector<LinearProgram::Term>& terms) {
    for (const LinearProgram::Term& term : terms) {
      positions.push_back(static_cast<int>(term.position));
      values.push_back(term.value);
    }
    starts.push_back(static_cast<CoinBigIndex>(positions.size()));
  }

  std::vector<CoinBigIndex> starts = {0};
  std::vector<int> positions;
  std::vector<double> values;
};

}  // namespace

class LinearProgram::Solver {
 public:
  ClpSimplex simplex;
};

LinearProgram::LinearProgram(bool rescale) : solver_(std::make_unique<Solver>()) {
  solver_->simplex.setLogLevel(0);
  if (!rescale) solver_->simplex.scaling(0);
  solver_->simplex.resize(0, 0);
}

LinearProgram::~LinearProgram() = default;

std::size_t LinearProgram::add_columns(std::size_t count, double lower, double upper, double cost) {
  const std::size_t first = column_count();
  const std::vector<double> lowers(count, lower);
  const std::vector<double> uppers(count, upper);
  const std::vector<double> costs(count, cost);
  const std::vector<CoinBigIndex> starts(count + 1, 0);
  solver_->simplex.addColumns(static_cast<int>(count), lowers.data(), uppers.data(), costs.data(), starts.data(),
                              nullptr, nullptr);
  return first;
}

std::size_t LinearProgram::add_columns(std::span<const Column> columns) {
  const std::size_t first = column_count();
  std::vector<double> lowers;
  std::vector<double> uppers;
  std::vector<double> costs;
  Terms terms;
  for (const Column& column : columns) {
    lowers.push_back(column.lower);
    uppers.push_back(column.upper);
    costs.push_back(column.cost);
    terms.append(column.terms);
  }
  solver_->simplex.addColumns(static_cast<int>(columns.size()), lowers.data(), uppers.data(), costs.data(),
                              terms.starts.data(), terms.positions.data(), terms.values.data());
  return first;
}

std::size_t LinearProgram::add_rows(std::span<const Row> rows) {
  const std::size_t first = row_count();
  std::vector<double> lowers;
  std::vector<double> uppers;
  Terms terms;
  for (const Row& row : rows) {
    lowers.push_back(row.lower);
    uppers.push_back(row.upper);
    terms.append(row.terms);
  }
  solver_->simplex.addRows(static_cast<int>(rows.size()), lowers.data(), uppers.data(), terms.starts.data(),
                           terms.positions.data(), terms.values.data());
  return first;
}

void LinearProgram::remove_rows(std::span<const std::size_t> rows) {
  std::vector<int> positions;
  positions.reserve(rows.size());
  for (const std::size_t row : rows) positions.push_back(static_cast<int>(row));
  solver_->simplex.deleteRows(static_cast<int>(positions.size()), positions.data());
}

void LinearProgram::set_column_upper(std::size_t column, double upper) {
  if (solver_->simplex.columnUpper()[column] != upper) solver_->simplex.setColumnUpper(static_cast<int>(column), upper);
}

void LinearProgram::set_row_upper(std::size_t row, double upper) {
  if (solver_->simplex.rowUpper()[row] != upper) solver_->simplex.setRowUpper(static_cast<int>(row), upper);
}

void LinearProgram::set_cost(std::size_t column, double cost) {
  solver_->simplex.setObjectiveCoefficient(static_cast<int>(column), cost);
}

std::size_t LinearProgram::row_count() const { return static_cast<std::size_t>(solver_->simplex.numberRows()); }
std::size_t LinearProgram::column_count() const { return static_cast<std::size_t>(solver_->simplex.numberColumns()); }

LinearProgram::Status LinearProgram::solve(const StopCondition& stop, bool grown_by_columns) {
  if (stop.reached()) return Status::kUnknown;
  ClpSimplex& simplex = solver_->simplex;
  const ClpStopHandler handler(stop);
  simplex.passInEventHandler(&handler);
  if (grown_by_columns) {
    simplex.primal();
  } else {
    simplex.dual();
  }
  // What one method gives up on, the other usually finishes.
  if (simplex.status() != 0 && simplex.status() != 5) simplex.primal();
  switch (simplex.status()) {
    case 0: return Status::kOptimal;
    case 1: return Status::kInfeasible;
    default: return Status::kUnknown;
  }
}

double LinearProgram::objective() const { return solver_->simplex.objectiveValue(); }

std::span<const double> LinearProgram::values() const {
  return {solver_->simplex.primalColumnSolution(), column_count()};
}

std::span<const double> LinearProgram::prices() const { return {solver_->simplex.dualRowSolution(), row_count()}; }

}  // namespace splitlane
