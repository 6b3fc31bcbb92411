#include "splitlane/planning/simulation_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "splitlane/error.hpp"
#include "splitlane/instance/ids.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/planning/plan_request.hpp"
#include "splitlane/round/round.hpp"
#include "splitlane/round/run_round.hpp"

namespace splitlane {

namespace {

constexpr double kShortest = 1e-3;  // seconds, since a limit must be above 0

// The other half is for executing what is planned.
StopCondition half_of(const StopCondition& stop) {
  const std::optional<double> left = stop.seconds_left();
  return left ? stop.within(*left / 2) : stop;
}

Plan plan_until(const StopCondition& stop, const Instance& instance, PlanRequest request) {
  request.proof = Proof::kNone;
  request.run.threads = 1;  // the executions themselves run side by side
  if (const std::optional<double> left = stop.seconds_left()) request.run.time_limit_s = std::max(*left, kShortest);
  return make_plan(instance, request, {stop.cancelled(), {}}).plan;
}

Replanner planner_of_rest(const SimulationParameters& parameters, std::size_t max_moves) {
  PlanRequest request;
  request.non_preemptive = !parameters.preemptive;
  request.keep_assignment = max_moves == 0;
  if (max_moves > 0) request.max_moves = max_moves;
  return [stop = parameters.stop, request](const RemainingWork& work) {
    PlanRequest rest = request;
    rest.from = StartingPlan{work.current};
    return followed(work.instance,
                    round_in_order(work.instance, plan_until(stop, work.instance, rest).schedule, work.batches));
  };
}

decltype(SimulationParameters::known) planner_of_true_times(const SimulationParameters& parameters) {
  PlanRequest request;
  request.non_preemptive = !parameters.preemptive;
  return [stop = parameters.stop, request](const Instance& true_times) {
    return plan_until(stop, true_times, request).schedule.makespan;
  };
}

FollowedPlan plan_to_follow(const Instance& instance, const Plan& plan, const SimulationRequest& request,
                            const StopCondition& stop) {
  if (!request.batches) return followed(instance, plan.schedule);
  RoundParameters round;
  round.threads = request.parameters.threads;
  round.cancelled = request.cancelled;
  round.time_limit_s = half_of(stop).seconds_left();
  return followed(instance, run_round(instance, plan, *request.batches, round));
}

}  // namespace

PreparedSimulation prepared(const Instance& instance, const Plan& plan, const SimulationRequest& request) {
  PreparedSimulation result{{}, request.parameters};
  SimulationParameters& parameters = result.parameters;
  parameters.stop = {request.time_limit_s, request.cancelled};
  parameters.preemptive = plan.origin.preemptive;
  parameters.planning_us = request.planning_time * microseconds_per_unit(instance);
  parameters.replan_every = request.replan_every;
  if (request.replan || request.replan_every > 0) parameters.replan = planner_of_rest(parameters, request.max_moves);
  if (request.regret) parameters.known = planner_of_true_times(parameters);
  result.plan = plan_to_follow(instance, plan, request, parameters.stop);
  for (const int percentile : request.slack) {
    const Instance slow = instance_at_percentile(instance, parameters, percentile);
    PlanRequest with_slack;
    with_slack.non_preemptive = !parameters.preemptive;
    const Plan made = plan_until(half_of(parameters.stop), slow, with_slack);
    parameters.slack.push_back({percentile, plan_to_follow(slow, made, request, parameters.stop)});
  }
  return result;
}

void require_executions(const Simulation& simulation) {
  if (!simulation.done.empty()) return;
  throw Error(ErrorCode::kNoneFound,
              {"executions", "none was finished in time", fmt::format("0 of {}", simulation.executions), "more time"});
}

Node node_named(const std::string& where, std::string_view id, const Instance& instance) {
  if (const auto client = Ids::of_clients(instance).find(id)) return {ClientIndex(*client), HelperIndex::none()};
  if (const auto helper = Ids::of_helpers(instance).find(id)) return {ClientIndex::none(), HelperIndex(*helper)};
  throw Error(ErrorCode::kUsage,
              {where, "no client and no helper has this id", fmt::format("\"{}\"", id), "an id of the instance"});
}

Time latest_simulated(const Instance& instance) { return kLargestNumber / microseconds_per_unit(instance); }

}  // namespace splitlane
