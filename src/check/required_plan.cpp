#include "splitlane/check/required_plan.hpp"

#include <utility>

#include "splitlane/check/check.hpp"
#include "splitlane/check/check_round.hpp"
#include "splitlane/check/check_trace.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

void require_no_reasons(const std::vector<std::string>& reasons, const PlanPurpose& purpose) {
  if (reasons.empty()) return;
  throw Error(ErrorCode::kViolations, {purpose.where, purpose.what, reasons.front(), purpose.expected});
}

}  // namespace

void require_valid_plan(const Instance& instance, const Plan& plan, std::vector<std::string> reasons,
                        const PlanPurpose& purpose) {
  if (reasons.empty()) {
    for (const Violation& violation : check_plan(instance, plan).violations) reasons.push_back(violation.message);
  }
  require_no_reasons(reasons, purpose);
}

void require_valid_trace(const Instance& instance, const Plan& plan, const Trace& trace,
                         std::vector<std::string> reasons, const PlanPurpose& purpose) {
  require_valid_trace(instance, plan.schedule.choice, trace, std::move(reasons), purpose);
}

void require_valid_trace(const Instance& instance, const std::vector<OptionIndex>& choice, const Trace& trace,
                         std::vector<std::string> reasons, const PlanPurpose& purpose) {
  if (reasons.empty()) reasons = check_trace(instance, choice, trace).violations;
  require_no_reasons(reasons, purpose);
}

void require_valid_round(const Instance& instance, const Round& round, std::vector<std::string> reasons,
                         const PlanPurpose& purpose) {
  if (reasons.empty()) reasons = check_round(instance, round).violations;
  require_no_reasons(reasons, purpose);
}

}  // namespace splitlane
