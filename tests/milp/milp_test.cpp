#include "milp/milp.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace splitlane
