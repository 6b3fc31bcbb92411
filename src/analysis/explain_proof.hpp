#pragma once

#include "splitlane/certificate/certificate.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/binding.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// What the leaves of `proof`, the certificate of a plan with this schedule, use when it is not a client's own path.
Binding explain_proof(const Instance& instance, const Schedule& schedule, const Certificate& proof);

}  // namespace splitlane
