#include <CbcEventHandler.hpp>
#include <CbcHeuristic.hpp>
#include <CbcHeuristicFPump.hpp>
#include <CbcHeuristicRINS.hpp>
#include <CbcModel.hpp>
#include <CglClique.hpp>
#include <CglGomory.hpp>
#include <CglKnapsackCover.hpp>
#include <CglMixedIntegerRounding2.hpp>
#include <CglProbing.hpp>
#include <ClpEventHandler.hpp>
#include <ClpSimplex.hpp>
#include <CoinPackedMatrix.hpp>
#include <OsiClpSolverInterface.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "milp/solver.hpp"

namespace splitlane {

namespace {

/// What one run knows, shared by all copies that CBC makes of its handlers.
struct Watch {
  StopCondition condition;
  const CbcModel* model = nullptr;  ///< not one of those that CBC's heuristics make
  bool has_stopped = false;         ///< inside a linear program: what CBC says after that is no proof
  double bound = -Milp::kInfinity;  ///< the best before that
};

/// Lets CBC ask between nodes and after heuristics whether it should stop, and notes the bound while it can be trusted.
class CbcStopHandler final : public CbcEventHandler {
 public:
  explicit CbcStopHandler(std::shared_ptr<Watch> watch) : watch_(std::move(watch)) {}
  CbcAction event(CbcEvent event) override {
    if (watch_->condition.reached()) return CbcEventHandler::stop;
    if (event == node && getModel() == watch_->model && !watch_->has_stopped) {
      const double bound = getModel()->getBestPossibleObjValue();
      if (bound < Milp::kInfinity) watch_->bound = std::max(watch_->bound, bound);
    }
    return noAction;
  }
  CbcEventHandler* clone() const override { return new CbcStopHandler(*this); }

 private:
  std::shared_ptr<Watch> watch_;
};

/// The same inside a linear program, where CBC does not ask: the first one alone may take longer than all there is.
class LinearStopHandler final : public ClpEventHandler {
 public:
  explicit LinearStopHandler(std::shared_ptr<Watch> watch) : watch_(std::move(watch)) {}
  int event(Event) override {
    if (!watch_->condition.reached()) return -1;
    watch_->has_stopped = true;
    return 0;
  }
  ClpEventHandler* clone() const override { return new LinearStopHandler(*this); }

 private:
  std::shared_ptr<Watch> watch_;
};

/// CLP's first solve takes over the interrupt signal of the process; a solve again does not.
class SignalFreeSolver final : public OsiClpSolverInterface {
 public:
  void initialSolve() override { resolve(); }
  OsiSolverInterface* clone(bool copy_data = true) const override {
    return copy_data ? new SignalFreeSolver(*this) : new SignalFreeSolver;
  }
};

void load(OsiClpSolverInterface& solver, const Milp::Program& program) {
  CoinPackedMatrix matrix(true, program.term_rows.data(), program.term_columns.data(), program.term_values.data(),
                          static_cast<CoinBigIndex>(program.term_values.size()));
  matrix.setDimensions(static_cast<int>(program.row_lower.size()), static_cast<int>(program.cost.size()));
  solver.messageHandler()->setLogLevel(0);
  solver.getModelPtr()->setLogLevel(0);
  solver.setHintParam(OsiDoReducePrint, true, OsiHintTry);
  solver.loadProblem(matrix, program.column_lower.data(), program.column_upper.data(), program.cost.data(),
                     program.row_lower.data(), program.row_upper.data());
  for (std::size_t column = 0; column < program.is_integer.size(); ++column) {
    if (program.is_integer[column] != 0) solver.setInteger(static_cast<int>(column));
  }
}

// Those of CBC's own program, but for the one that prints (two-step rounding). How often each pays, CBC finds out (-1).
void add_cuts(CbcModel& model) {
  CglProbing probing;
  probing.setUsingObjective(1);
  probing.setMaxPass(1);
  probing.setMaxProbe(10);
  probing.setMaxProbeRoot(100);
  probing.setMaxLook(10);
  probing.setMaxLookRoot(20);
  probing.setMaxElements(200);
  probing.setRowCuts(3);
  model.addCutGenerator(&probing, -1, "probing");
  CglGomory gomory;
  gomory.setLimit(300);
  model.addCutGenerator(&gomory, -1, "gomory");
  CglKnapsackCover cover;
  model.addCutGenerator(&cover, -1, "cover");
  CglClique clique;
  clique.setStarCliqueReport(false);
  clique.setRowCliqueReport(false);
  model.addCutGenerator(&clique, -1, "clique");
  CglMixedIntegerRounding2 rounding(1, true, 1);
  model.addCutGenerator(&rounding, -1, "rounding");
}

void add_heuristics(CbcModel& model) {
  CbcRounding rounding(model);
  model.addHeuristic(&rounding);
  CbcHeuristicFPump pump(model);
  pump.setMaximumPasses(20);
  model.addHeuristic(&pump);
  CbcHeuristicRINS neighbours(model);
  neighbours.setHowOften(100);
  model.addHeuristic(&neighbours);
}

// CBC's rounding walks an integer to its value in steps of 1, without asking on the way: a second for 5e7 of them.
constexpr double kFewValues = 1e6;

bool has_few_values(const Milp::Program& program) {
  for (std::size_t column = 0; column < program.is_integer.size(); ++column) {
    const double range = program.column_upper[column] - program.column_lower[column];
    if (program.is_integer[column] != 0 && range > kFewValues) return false;
  }
  return true;
}

// Where only integers have costs, and these are integers, a better solution is better by 1 at least.
double least_improvement(const Milp::Program& program) {
  for (std::size_t column = 0; column < program.cost.size(); ++column) {
    const double cost = program.cost[column];
    if (cost != 0 && (program.is_integer[column] == 0 || cost != std::round(cost))) return 0;
  }
  return 1;
}

void search(CbcModel& model, const Milp::Program& program, std::int64_t most_nodes) {
  model.setLogLevel(0);
  model.setMaximumNodes(static_cast<int>(most_nodes));
  model.setAllowableGap(1e-9);
  model.setIntegerTolerance(1e-6);
  const double improvement = least_improvement(program);
  if (improvement > 0) model.setCutoffIncrement(improvement - 1e-3);
  model.setNumberStrong(5);
  model.setNumberBeforeTrust(10);
  model.setMaximumCutPassesAtRoot(20);
  model.setMaximumCutPasses(10);
  add_cuts(model);
  if (has_few_values(program)) add_heuristics(model);
  model.branchAndBound();
}

}  // namespace

// CBC as a library, and not as the program that it also is (CbcMain): that one takes over the interrupt signal, prints,
// and crashes on a start with names of columns but none of rows.
Milp::Result solve_program(const Milp::Program& program, const StopCondition& stop, const std::vector<double>& start,
                           std::int64_t most_nodes) {
  const auto watch = std::make_shared<Watch>();
  watch->condition = stop;
  SignalFreeSolver solver;
  load(solver, program);
  const LinearStopHandler linear_handler(watch);
  solver.getModelPtr()->passInEventHandler(&linear_handler);
  solver.initialSolve();
  Milp::Result result;
  if (watch->has_stopped) return result;
  if (solver.isProvenPrimalInfeasible()) {
    result.status = Milp::Status::kInfeasible;
    return result;
  }
  if (solver.isProvenOptimal()) watch->bound = solver.getObjValue();

  CbcModel model(solver);
  watch->model = &model;
  const CbcStopHandler handler(watch);
  model.passInEventHandler(&handler);
  if (!start.empty()) model.setBestSolution(start.data(), static_cast<int>(start.size()), 1e50, true);
  search(model, program, most_nodes);

  result.nodes = model.getNodeCount();
  const bool is_trusted = !watch->has_stopped;
  result.bound = is_trusted ? std::max(watch->bound, model.getBestPossibleObjValue()) : watch->bound;
  const double* best = model.bestSolution();
  if (best != nullptr) {
    result.status = is_trusted && model.isProvenOptimal() ? Milp::Status::kOptimal : Milp::Status::kFeasible;
    result.objective = model.getObjValue();
    result.values.assign(best, best + program.cost.size());
  } else if (is_trusted && model.isProvenInfeasible()) {
    result.status = Milp::Status::kInfeasible;
  }
  return result;
}

}  // namespace splitlane
