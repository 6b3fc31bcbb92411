#include "splitlane/round/run_round.hpp"

#include <fmt/format.h>

#include <string>

#include "base/stopped.hpp"
#include "round/examined_round.hpp"
#include "splitlane/check/check_round.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

[[noreturn]] void fail(std::string violation) {
  throw Error(ErrorCode::kInternal, {"round", "the round that was made is not valid", std::move(violation),
                                     "a round that passes the check; please report this"});
}

}  // namespace

Round run_round(const Instance& instance, const Plan& plan, const BatchCounts& batches, RoundParameters parameters) {
  parameters.preemptive = parameters.preemptive && plan.origin.preemptive;
  Round round = round_detail::plan_examined_round(instance, plan.schedule, batches, parameters,
                                                  [&instance](const Round& made, const StopCondition& stop) {
                                                    const RoundReport report = check_round(instance, made, stop);
                                                    if (report.count > 0) fail(report.violations.front());
                                                    if (!report.is_complete) throw Stopped{};
                                                  });
  round.preemptive = parameters.preemptive;
  // The bound on all rounds is proven when the round has been examined.
  if (round.lower_bound > round.makespan) {
    fail(fmt::format("lower bound {} above the makespan {}", round.lower_bound, round.makespan));
  }
  return round;
}

}  // namespace splitlane
