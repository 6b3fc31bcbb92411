#include "splitlane/methods/run_method.hpp"

#include <optional>
#include <string>

#include "splitlane/check/check.hpp"
#include "splitlane/check/preemption.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

void require_one_piece(const Method& method, const Instance& instance, const Plan& plan) {
  const std::optional<std::string> preempted = preempted_task(instance, plan.schedule.segments);
  if (!preempted) return;
  throw Error(ErrorCode::kUsage, {"", "method " + std::string(method.name) + " makes plans that preempt tasks",
                                  *preempted, "a method that runs each task in one piece"});
}

}  // namespace

Plan run_method(const Method& method, const Instance& instance, const MethodParameters& parameters) {
  Plan plan = method.plan(instance, parameters);
  const CheckReport report = check_plan(instance, plan);
  if (!report.valid()) {
    throw Error(ErrorCode::kInternal,
                {"method " + std::string(method.name), "the plan it made is not valid",
                 report.violations.front().message, "a plan that passes `splitlane check`; please report this"});
  }
  if (!parameters.preemptive) {
    require_one_piece(method, instance, plan);
    plan.origin.preemptive = false;
  }
  return plan;
}

}  // namespace splitlane
