#pragma once

#include "splitlane/instance/instance.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/plan/plan.hpp"

/// Runs a method and holds its plan against the checker before anybody sees it. Raises what the method raises, and
/// kInternal when the plan does not pass, kUsage when it preempts a task although the parameters forbid that.
splitlane::Plan run_method(const splitlane::Method& method, const splitlane::Instance& instance,
                           const splitlane::MethodParameters& parameters);
