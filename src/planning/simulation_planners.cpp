#include "splitlane/planning/simulation_planners.hpp"

#include <algorithm>
#include <optional>

#include "splitlane/planning/plan_request.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane {

namespace {

constexpr double kShortest = 1e-3;  // seconds, since a limit must be above 0

Plan plan_until(const StopCondition& stop, const Instance& instance, PlanRequest request) {
  request.proof = Proof::kNone;
  request.run.threads = 1;  // the executions themselves run side by side
  if (const std::optional<double> left = stop.seconds_left()) request.run.time_limit_s = std::max(*left, kShortest);
  return make_plan(instance, request, {stop.cancelled(), {}}).plan;
}

}  // namespace

Replanner planner_of_rest(const StopCondition& stop, bool preemptive, std::size_t max_moves) {
  PlanRequest request;
  request.non_preemptive = !preemptive;
  request.keep_assignment = max_moves == 0;
  if (max_moves > 0) request.max_moves = max_moves;
  return [stop, request](const RemainingWork& work) {
    PlanRequest rest = request;
    rest.from = StartingPlan{work.current};
    return followed(work.instance, round_in_order(work.instance, plan_until(stop, work.instance, rest), work.batches));
  };
}

decltype(SimulationParameters::known) planner_of_true_times(const StopCondition& stop, bool preemptive) {
  PlanRequest request;
  request.non_preemptive = !preemptive;
  return [stop, request](const Instance& true_times) { return plan_until(stop, true_times, request).makespan; };
}

}  // namespace splitlane
