#include "splitlane/check/required_plan.hpp"

#include "splitlane/check/check.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

void require_valid_plan(const Instance& instance, const Plan& plan, std::vector<std::string> reasons,
                        const PlanPurpose& purpose) {
  if (reasons.empty()) {
    const CheckReport report = check_plan(instance, plan);
    if (report.valid()) return;
    reasons.push_back(report.violations.front().message);
  }
  throw Error(ErrorCode::kViolations, {purpose.where, purpose.what, reasons.front(), purpose.expected});
}

}  // namespace splitlane
