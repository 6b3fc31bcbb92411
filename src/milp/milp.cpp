#include "milp/milp.hpp"

#include <fmt/format.h>
#include <CbcEventHandler.hpp>
#include <CbcModel.hpp>
#include <CbcSolver.hpp>
#include <ClpEventHandler.hpp>
#include <ClpSimplex.hpp>
#include <CoinPackedMatrix.hpp>
#include <OsiClpSolverInterface.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace splitlane {

namespace {

/// Lets CBC ask between nodes and after heuristics whether it should stop.
class CbcStopHandler final : public CbcEventHandler {
 public:
  explicit CbcStopHandler(const StopCondition& condition) : condition_(condition) {}
  CbcAction event(CbcEvent) override { return condition_.reached() ? CbcEventHandler::stop : noAction; }
  CbcEventHandler* clone() const override { return new CbcStopHandler(*this); }

 private:
  StopCondition condition_;
};

// CBC itself stops between nodes; only a linear program that goes on for longer than this share of the time is broken
// off.
constexpr double kGrace = 1.2;

/// The same inside a linear program, where CBC does not ask: the first one alone may take longer than all there is.
/// What CBC says after that is no proof.
class LinearStopHandler final : public ClpEventHandler {
 public:
  LinearStopHandler(const StopCondition& condition, std::shared_ptr<bool> has_stopped)
      : condition_(condition), has_stopped_(std::move(has_stopped)) {}
  int event(Event) override {
    if (!condition_.reached()) return -1;
    *has_stopped_ = true;
    return 0;
  }
  ClpEventHandler* clone() const override { return new LinearStopHandler(*this); }

 private:
  StopCondition condition_;
  std::shared_ptr<bool> has_stopped_;
};

StopCondition with_grace(const StopCondition& stop) {
  const std::optional<double> seconds = stop.seconds_left();
  return {seconds ? std::optional(*seconds * kGrace) : std::nullopt, stop.cancelled()};
}

int keep_going(CbcModel*, int) { return 0; }

void set_start(CbcModel& model, const std::vector<double>& start) {
  std::vector<std::string> names;
  for (std::size_t column = 0; column < start.size(); ++column) {
    names.push_back(fmt::format("x{}", column));
    model.solver()->setColName(static_cast<int>(column), names.back());
  }
  std::vector<const char*> pointers;
  pointers.reserve(names.size());
  for (const std::string& name : names) pointers.push_back(name.c_str());
  model.setMIPStart(static_cast<int>(start.size()), pointers.data(), start.data());
}

}  // namespace

std::size_t Milp::add_column(double lower, double upper, double cost, bool is_integer) {
  columns_.push_back({lower, upper, cost, is_integer});
  return columns_.size() - 1;
}

std::size_t Milp::add_row(double lower, double upper) {
  rows_.push_back({lower, upper});
  return rows_.size() - 1;
}

void Milp::add_term(std::size_t row, std::size_t column, double value) { terms_.push_back({row, column, value}); }

void Milp::load(OsiClpSolverInterface& solver) const {
  std::vector<int> term_rows;
  std::vector<int> term_columns;
  std::vector<double> term_values;
  for (const Term& term : terms_) {
    term_rows.push_back(static_cast<int>(term.row));
    term_columns.push_back(static_cast<int>(term.column));
    term_values.push_back(term.value);
  }
  CoinPackedMatrix matrix(true, term_rows.data(), term_columns.data(), term_values.data(),
                          static_cast<CoinBigIndex>(terms_.size()));
  matrix.setDimensions(static_cast<int>(rows_.size()), static_cast<int>(columns_.size()));
  std::vector<double> column_lower, column_upper, cost, row_lower, row_upper;
  for (const Column& column : columns_) {
    column_lower.push_back(column.lower);
    column_upper.push_back(column.upper);
    cost.push_back(column.cost);
  }
  for (const Row& row : rows_) {
    row_lower.push_back(row.lower);
    row_upper.push_back(row.upper);
  }
  solver.messageHandler()->setLogLevel(0);
  solver.loadProblem(matrix, column_lower.data(), column_upper.data(), cost.data(), row_lower.data(), row_upper.data());
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    if (columns_[column].is_integer) solver.setInteger(static_cast<int>(column));
  }
}

Milp::Result Milp::solve(const StopCondition& stop, const std::vector<double>& start, int node_limit) const {
  if (stop.reached()) return {};
  OsiClpSolverInterface solver;
  load(solver);
  const auto has_stopped = std::make_shared<bool>(false);
  const LinearStopHandler linear_handler(with_grace(stop), has_stopped);
  solver.getModelPtr()->passInEventHandler(&linear_handler);

  CbcModel model(solver);
  model.setLogLevel(0);
  CbcSolverUsefulData data;
  CbcMain0(model, data);
  model.setLogLevel(0);
  if (!start.empty()) set_start(model, start);
  const CbcStopHandler handler(stop);
  model.passInEventHandler(&handler);
  const std::string seconds = fmt::format("{:.3f}", stop.seconds_left().value_or(1e9));
  const std::string nodes = fmt::format("{}", node_limit < 0 ? std::numeric_limits<int>::max() : node_limit);
  // The default clock is processor time, which a busy machine stretches without end.
  const std::array arguments = {"splitlane",     "-log",      "0",           "-timeMode", "elapsed", "-seconds",
                                seconds.c_str(), "-maxNodes", nodes.c_str(), "-solve",    "-quit"};
  std::array<const char*, arguments.size()> pointers = arguments;
  CbcMain1(static_cast<int>(pointers.size()), pointers.data(), model, keep_going, data);

  Result result;
  if (!*has_stopped) result.bound = model.getBestPossibleObjValue();
  const double* best = model.bestSolution();
  if (best != nullptr) {
    result.status = !*has_stopped && model.isProvenOptimal() ? Status::kOptimal : Status::kFeasible;
    result.objective = model.getObjValue();
    result.values.assign(best, best + columns_.size());
  } else if (*has_stopped) {
    result.status = Status::kUnknown;
  } else if (model.isProvenInfeasible() || (model.status() == 0 && model.secondaryStatus() == 1)) {
    result.status = Status::kInfeasible;
  }
  return result;
}

}  // namespace splitlane
