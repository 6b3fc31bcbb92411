#include <Highs.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "milp/solver.hpp"

namespace splitlane {

namespace {

// Terms by column, as HiGHS wants them.
void fill_matrix(const Milp::Program& program, HighsSparseMatrix& matrix) {
  const std::size_t terms = program.term_values.size();
  matrix.format_ = MatrixFormat::kColwise;
  matrix.start_.assign(program.cost.size() + 1, 0);
  for (const int column : program.term_columns) ++matrix.start_[static_cast<std::size_t>(column) + 1];
  std::partial_sum(matrix.start_.begin(), matrix.start_.end(), matrix.start_.begin());
  matrix.index_.resize(terms);
  matrix.value_.resize(terms);
  std::vector<HighsInt> next(matrix.start_.begin(), matrix.start_.end() - 1);
  for (std::size_t term = 0; term < terms; ++term) {
    const auto place = static_cast<std::size_t>(next[static_cast<std::size_t>(program.term_columns[term])]++);
    matrix.index_[place] = program.term_rows[term];
    matrix.value_[place] = program.term_values[term];
  }
}

HighsLp model_of(const Milp::Program& program) {
  HighsLp model;
  model.num_col_ = static_cast<HighsInt>(program.cost.size());
  model.num_row_ = static_cast<HighsInt>(program.row_lower.size());
  model.col_cost_ = program.cost;
  model.col_lower_ = program.column_lower;
  model.col_upper_ = program.column_upper;
  model.row_lower_ = program.row_lower;
  model.row_upper_ = program.row_upper;
  for (const std::uint8_t is_integer : program.is_integer) {
    model.integrality_.push_back(is_integer != 0 ? HighsVarType::kInteger : HighsVarType::kContinuous);
  }
  fill_matrix(program, model.a_matrix_);
  return model;
}

void set_options(Highs& highs, const StopCondition& stop, std::int64_t most_nodes) {
  highs.setOptionValue("output_flag", false);
  highs.setOptionValue("threads", 1);
  highs.setOptionValue("infinite_bound", Milp::kInfinity);
  highs.setOptionValue("mip_rel_gap", 0.0);  // as proven best as CBC's
  highs.setOptionValue("mip_max_nodes", static_cast<HighsInt>(most_nodes));
  if (const auto seconds = stop.seconds_left()) highs.setOptionValue("time_limit", *seconds);
}

void heed(Highs& highs, const StopCondition& stop) {
  highs.setCallback([&stop](int, const std::string&, const auto*, auto* answer, void*) {
    if (stop.reached()) answer->user_interrupt = 1;
  });
  highs.startCallback(kCallbackMipInterrupt);
  highs.startCallback(kCallbackSimplexInterrupt);
}

}  // namespace

Milp::Result solve_program(const Milp::Program& program, const StopCondition& stop, const std::vector<double>& start,
                           std::int64_t most_nodes) {
  Highs highs;
  set_options(highs, stop, most_nodes);
  heed(highs, stop);
  highs.passModel(model_of(program));
  if (!start.empty()) {
    HighsSolution known;
    known.col_value = start;
    highs.setSolution(known);
  }
  highs.run();

  Milp::Result result;
  const HighsInfo& info = highs.getInfo();
  result.nodes = std::max<std::int64_t>(info.mip_node_count, 0);
  const bool is_optimal = highs.getModelStatus() == HighsModelStatus::kOptimal;
  const bool has_integers = std::accumulate(program.is_integer.begin(), program.is_integer.end(), std::size_t{0}) > 0;
  if (has_integers) {
    result.bound = std::max(info.mip_dual_bound, -Milp::kInfinity);
  } else if (is_optimal) {
    result.bound = info.objective_function_value;
  }
  if (info.primal_solution_status == kSolutionStatusFeasible) {
    result.status = is_optimal ? Milp::Status::kOptimal : Milp::Status::kFeasible;
    result.objective = info.objective_function_value;
    result.values = highs.getSolution().col_value;
  } else if (highs.getModelStatus() == HighsModelStatus::kInfeasible) {
    result.status = Milp::Status::kInfeasible;
  }
  return result;
}

}  // namespace splitlane
