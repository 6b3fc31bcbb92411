#pragma once

#include <string>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/plan/trace.hpp"

namespace splitlane {

/// What the caller wants a plan or trace from the user for, as the parts of a message.
struct PlanPurpose {
  std::string where;     ///< file or argument
  std::string what;      ///< "no plan to make a round of"
  std::string expected;  ///< "a valid plan of this instance"
};

/// Raises kViolations with the first of the `reasons` against the plan that the caller knows, or else with the first
/// that `check_plan` finds. Costs what `check_plan` does.
void require_valid_plan(const Instance& instance, const Plan& plan, std::vector<std::string> reasons,
                        const PlanPurpose& purpose);

/// The same of a trace of an execution of the plan, with `check_trace`.
void require_valid_trace(const Instance& instance, const Plan& plan, const Trace& trace,
                         std::vector<std::string> reasons, const PlanPurpose& purpose);
/// Of an execution of whatever chose these options, one for each client.
void require_valid_trace(const Instance& instance, const std::vector<OptionIndex>& choice, const Trace& trace,
                         std::vector<std::string> reasons, const PlanPurpose& purpose);

/// The same of a round, with `check_round`.
void require_valid_round(const Instance& instance, const Round& round, std::vector<std::string> reasons,
                         const PlanPurpose& purpose);

}  // namespace splitlane
