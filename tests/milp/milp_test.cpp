#include "milp/milp.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>

#include <cmath>

namespace splitlane {
namespace {

TEST(Milp, BoundsTheObjectiveOfASolvedProgram) {
  // Knapsack: values 5, 4, 3 of weights 4, 3, 2 in 6: the best is 8 (4 + 2), so the minimum of the negated value is -8.
  Milp program;
  const std::size_t row = program.add_row(-Milp::kInfinity, 6);
  const double values[] = {5, 4, 3};
  const double weights[] = {4, 3, 2};
  for (int item = 0; item < 3; ++item) {
    program.add_term(row, program.add_column(0, 1, -values[item], true), weights[item]);
  }
  const Milp::Result result = program.solve({});
  EXPECT_EQ(result.status, Milp::Status::kOptimal);
  EXPECT_NEAR(result.objective, -8, 1e-6);
  EXPECT_LE(result.bound, result.objective + 1e-6);
  EXPECT_GE(result.bound, -9);  // no better than the next integer, or it would prove nothing
}

TEST(Milp, SolvesTheSameProgramWithCostsAndRowsScaledBeyondWhatSolversTake) {
  // The knapsack above, its costs times 2^90 (CLP takes none of 1e25) and its row times 2^40: the best takes the same
  // two.
  const double cost_scale = std::ldexp(1.0, 90);
  const double row_scale = std::ldexp(1.0, 40);
  Milp program;
  const std::size_t row = program.add_row(-Milp::kInfinity, 6 * row_scale);
  const double values[] = {5, 4, 3};
  const double weights[] = {4, 3, 2};
  for (int item = 0; item < 3; ++item) {
    program.add_term(row, program.add_column(0, 1, -values[item] * cost_scale, true), weights[item] * row_scale);
  }
  const Milp::Result result = program.solve({});
  ASSERT_EQ(result.status, Milp::Status::kOptimal);
  EXPECT_NEAR(result.objective / cost_scale, -8, 1e-6);
  EXPECT_LE(result.bound, result.objective * (1 - 1e-9));
  EXPECT_GT(result.values[0], 0.5);
  EXPECT_LT(result.values[1], 0.5);
  EXPECT_GT(result.values[2], 0.5);
}

TEST(Milp, AsksNoSolverAboutColumnsWhoseWholeValuesItCannotTellApart) {
  // Neighbours of 1e15 differ by less than a relative 1e-14, and solvers are content with an absolute 1e-6.
  Milp program;
  program.add_column(0, 1e15, 1, true);
  const Milp::Result result = program.solve({});
  EXPECT_EQ(result.status, Milp::Status::kNotAsked);
  EXPECT_TRUE(result.values.empty());
  const std::atomic<bool> is_cancelled = true;
  Milp small;
  small.add_column(0, 1, 1, true);
  EXPECT_EQ(small.solve(StopCondition(std::nullopt, &is_cancelled)).status, Milp::Status::kUnknown);
}

}  // namespace
}  // namespace splitlane
