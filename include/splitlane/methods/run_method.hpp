#pragma once

#include "splitlane/instance/instance.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// Runs a method and holds its plan against the checker before the caller gets it. Raises what the method raises, and
/// kInternal when the plan does not pass, kUsage when it preempts a task although the parameters forbid that.
Plan run_method(const Method& method, const Instance& instance, const MethodParameters& parameters);

}  // namespace splitlane
