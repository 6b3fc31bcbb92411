#include "splitlane/round/run_round.hpp"

#include "splitlane/check/check_round.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

Round run_round(const Instance& instance, const Plan& plan, const BatchCounts& batches, RoundParameters parameters) {
  parameters.preemptive = parameters.preemptive && plan.preemptive;
  Round round = plan_round(instance, plan, batches, parameters);
  const RoundReport report = check_round(instance, round);
  if (report.valid()) return round;
  throw Error(ErrorCode::kInternal, {"round", "the round that was made is not valid", report.violations.front(),
                                     "a round that passes the check; please report this"});
}

}  // namespace splitlane
