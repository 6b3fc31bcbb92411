#pragma once

#include <string>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// What the caller wants a plan from the user for, as the parts of a message.
struct PlanPurpose {
  std::string where;     ///< file or argument
  std::string what;      ///< "no plan to make a round of"
  std::string expected;  ///< "a valid plan of this instance"
};

/// Raises kViolations with the first of the `reasons` against the plan that the caller knows, or else with the first
/// that `check_plan` finds. Costs what `check_plan` does.
void require_valid_plan(const Instance& instance, const Plan& plan, std::vector<std::string> reasons,
                        const PlanPurpose& purpose);

}  // namespace splitlane
