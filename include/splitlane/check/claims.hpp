#pragma once

#include <string>
#include <vector>

#include "splitlane/certificate/certificate.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// What a plan claims of its lower bound and the certificate does not prove, in words: a larger bound, or a bound for
/// plans with preemption where the certificate is about plans without. Empty when plan and certificate agree. Whether
/// the certificate proves what it says, `verify_certificate` checks. The plan must pass `check_plan`.
std::vector<std::string> unproven_claims(const Instance& instance, const Plan& plan, const Certificate& certificate);

}  // namespace splitlane
