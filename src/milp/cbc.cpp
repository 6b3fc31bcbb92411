#include "milp/solver.hpp"

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

void load(OsiClpSolverInterface& solver, const Milp::Program& program) {
  CoinPackedMatrix matrix(true, program.term_rows.data(), program.term_columns.data(), program.term_values.data(),
                          static_cast<CoinBigIndex>(program.term_values.size()));
  matrix.setDimensions(static_cast<int>(program.row_lower.size()), static_cast<int>(program.cost.size()));
  solver.messageHandler()->setLogLevel(0);
  solver.loadProblem(matrix, program.column_lower.data(), program.column_upper.data(), program.cost.data(),
                     program.row_lower.data(), program.row_upper.data());
  for (std::size_t column = 0; column < program.is_integer.size(); ++column) {
    if (program.is_integer[column] != 0) solver.setInteger(static_cast<int>(column));
  }
}

}  // namespace

Milp::Result solve_program(const Milp::Program& program, const StopCondition& stop, const std::vector<double>& start,
                           std::int64_t most_nodes) {
  OsiClpSolverInterface solver;
  load(solver, program);
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
  // The default clock is processor time, which a busy machine stretches without end.
  const std::string nodes = fmt::format("{}", most_nodes);
  const std::array arguments = {"splitlane",     "-log",      "0",           "-timeMode", "elapsed", "-seconds",
                                seconds.c_str(), "-maxNodes", nodes.c_str(), "-solve",    "-quit"};
  std::array<const char*, arguments.size()> pointers = arguments;
  CbcMain1(static_cast<int>(pointers.size()), pointers.data(), model, keep_going, data);

  Milp::Result result;
  result.nodes = model.getNodeCount();
  if (!*has_stopped) result.bound = model.getBestPossibleObjValue();
  const double* best = model.bestSolution();
  if (best != nullptr) {
    result.status = !*has_stopped && model.isProvenOptimal() ? Milp::Status::kOptimal : Milp::Status::kFeasible;
    result.objective = model.getObjValue();
    result.values.assign(best, best + program.cost.size());
  } else if (*has_stopped) {
    result.status = Milp::Status::kUnknown;
  } else if (model.isProvenInfeasible() || (model.status() == 0 && model.secondaryStatus() == 1)) {
    result.status = Milp::Status::kInfeasible;
  }
  return result;
}

}  // namespace splitlane
