#pragma once

#include "splitlane/instance/instance.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/plan/plan.hpp"

/// Runs a method and holds its plan against the checker before anybody sees it. Raises what the method raises, and
/// kInternal when the plan does not pass.
splitlane::Plan run_method(const splitlane::Method& method, const splitlane::Instance& instance,
                           const splitlane::MethodParameters& parameters);
