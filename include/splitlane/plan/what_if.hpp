#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "splitlane/instance/change.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// A changed instance, planned.
struct WhatIfRow {
  std::string text;  ///< what was changed, for people
  std::vector<Change> changes;
  PlanStatus status = PlanStatus::kFeasible;
  Time makespan = 0;
  Time lower_bound = 0;
};

/// What changes of an instance would give.
struct WhatIf {
  Plan base;                    ///< of the instance as it is
  std::vector<WhatIfRow> rows;  ///< the shortest makespan first
  std::size_t left_out = 0;     ///< changes that were not planned because the caller cancelled
};

}  // namespace splitlane
