#pragma once

#include <string>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/certificate.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// What a plan claims of its lower bound that the certificate does not speak of, in words: a larger bound, or plans
/// with preemption where the certificate is about those without. Empty when they agree; whether the certificate proves
/// what it says is for `verify_certificate`. The plan must pass `check_plan`.
std::vector<std::string> unproven_claims(const Instance& instance, const Plan& plan, const Certificate& certificate);

}  // namespace splitlane
