#pragma once

#include <cstdint>
#include <vector>

#include "milp/milp.hpp"

namespace splitlane {

/// What `Milp::solve` does, by the solver that the build has chosen (SPLITLANE_MILP): cbc.cpp or highs.cpp. `stop` has
/// not been reached.
Milp::Result solve_program(const Milp::Program& program, const StopCondition& stop, const std::vector<double>& start,
                           std::int64_t most_nodes);

}  // namespace splitlane
