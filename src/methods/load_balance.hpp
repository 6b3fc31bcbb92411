#pragma once

#include <string>
#include <vector>

#include "assignment/memory.hpp"
#include "methods/method_run.hpp"

namespace splitlane {

/// EquiD's assignment and how it was found.
struct BalancedAssignment {
  Assignment choice;
  std::vector<std::string> warnings;  ///< when the largest load is not proven smallest
};

/// EquiD's assignment (INFOCOM 2026): minimise the largest sum of forward + backward over the helpers, under memory.
/// A local option counts with its time as a load of its own (the publication has none). Up to kEquidLargestExact
/// options by the exact search, with an effort that is counted in steps, until the run's stop; above by
/// longest-processing-time-first followed by moves off the most loaded helper.
BalancedAssignment assign_balanced_load(const MethodRun& run);

}  // namespace splitlane
