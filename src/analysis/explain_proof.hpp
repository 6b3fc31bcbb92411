#pragma once

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/binding.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// What the leaves of the plan's certificate use, when it is not a client's own path. `plan` has a certificate.
Binding explain_proof(const Instance& instance, const Plan& plan);

}  // namespace splitlane
