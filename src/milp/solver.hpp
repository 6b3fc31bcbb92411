#pragma once

#include <vector>

#include "milp/milp.hpp"

namespace splitlane {

/// What `Milp::solve` does, by the solver that the build has chosen (SPLITLANE_MILP): cbc.cpp or highs.cpp. `stop` has
/// not been reached.
Milp::Result solve_program(const Milp::Program& program, const StopCondition& stop, const std::vector<double>& start);

}  // namespace splitlane
