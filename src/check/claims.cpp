#include "splitlane/check/claims.hpp"

#include <fmt/format.h>

#include <optional>

#include "splitlane/check/preemption.hpp"

namespace splitlane {

std::vector<std::string> unproven_claims(const Instance& instance, const Plan& plan, const Certificate& certificate) {
  std::vector<std::string> claims;
  if (certificate.lower_bound < plan.proof.lower_bound) {
    claims.push_back(fmt::format("the certificate is for lower bound {}, the plan says {}", certificate.lower_bound,
                                 plan.proof.lower_bound));
  }
  if (certificate.preemptive) return claims;
  if (plan.origin.preemptive) {
    claims.emplace_back(
        "the certificate is about plans without preemption, but the plan's parameters do not say "
        "\"preemptive\": false");
  }
  const std::optional<std::string> preempted = preempted_task(instance, plan.schedule.segments);
  if (preempted) {
    claims.push_back(fmt::format("the certificate is about plans without preemption, unlike {}", *preempted));
  }
  return claims;
}

}  // namespace splitlane
