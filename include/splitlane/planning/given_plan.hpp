#pragma once

#include <string>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/planning/option.hpp"

namespace splitlane {

/// A plan of the user's, which may be wrong or of another instance.
struct GivenPlan {
  Plan plan;
  std::vector<std::string> mismatches;  ///< what its document says of another instance
  std::string where;                    ///< file or argument
};

/// The plan to make a round of. Raises kViolations when it is not a valid one of the instance.
Plan plan_for_round(const Instance& instance, GivenPlan given);

/// The plan to compare changes with, also refused when its bound is about other plans than those that are to be made:
/// with preemption, or without. `non_preemptive` is called as its caller calls it.
Plan plan_for_what_if(const Instance& instance, GivenPlan given, bool non_preemptive, Spelling spelling);

}  // namespace splitlane
