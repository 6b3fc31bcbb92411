#include "planning.hpp"

#include <optional>
#include <string>

#include "preemption.hpp"
#include "splitlane/check/check.hpp"
#include "splitlane/error.hpp"

namespace {

void require_one_piece(const splitlane::Method& method, const splitlane::Instance& instance,
                       const splitlane::Plan& plan) {
  const std::optional<std::string> preempted = preempted_task(instance, plan);
  if (!preempted) return;
  throw splitlane::Error(splitlane::ErrorCode::kUsage,
                         {"--non-preemptive", "method " + std::string(method.name) + " makes plans that preempt tasks",
                          *preempted, "a method that runs each task in one piece"});
}

}  // namespace

splitlane::Plan run_method(const splitlane::Method& method, const splitlane::Instance& instance,
                           const splitlane::MethodParameters& parameters) {
  splitlane::Plan plan = method.plan(instance, parameters);
  const splitlane::CheckReport report = splitlane::check_plan(instance, plan);
  if (!report.valid()) {
    throw splitlane::Error(
        splitlane::ErrorCode::kInternal,
        {"method " + std::string(method.name), "the plan it made is not valid", report.violations.front().message,
         "a plan that passes `splitlane check`; please report this"});
  }
  if (!parameters.preemptive) {
    require_one_piece(method, instance, plan);
    plan.parameters[std::string(kPreemptiveParameter)] = false;
  }
  return plan;
}
