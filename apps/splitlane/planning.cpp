#include "planning.hpp"

#include <string>

#include "splitlane/check/check.hpp"
#include "splitlane/error.hpp"

splitlane::Plan run_method(const splitlane::Method& method, const splitlane::Instance& instance,
                           const splitlane::MethodParameters& parameters) {
  splitlane::Plan plan = method.plan(instance, parameters);
  const splitlane::CheckReport report = splitlane::check_plan(instance, plan);
  if (report.valid()) return plan;
  throw splitlane::Error(
      splitlane::ErrorCode::kInternal,
      {"method " + std::string(method.name), "the plan it made is not valid", report.violations.front().message,
       "a plan that passes `splitlane check`; please report this"});
}
