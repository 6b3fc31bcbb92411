#include "splitlane/round/simulation_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "splitlane/check/preemption.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/ids.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/methods/run_method.hpp"
#include "splitlane/round/round.hpp"
#include "splitlane/round/run_round.hpp"

namespace splitlane {

namespace {

constexpr double kShortest = 1e-3;  // seconds, since a limit must be above 0

/// Plans within a simulation, each until the simulation must end.
class PlannerWithin {
 public:
  explicit PlannerWithin(const SimulationParameters& parameters)
      : stop_(parameters.stop), preemptive_(parameters.preemptive) {}

  FollowedPlan plan_again(const RemainingWork& work, std::size_t max_moves) const {
    MethodParameters planning = limited();
    planning.start = StartingPlan{work.current};
    planning.keep_assignment = max_moves == 0;
    if (max_moves > 0) planning.max_moves = max_moves;
    const Plan plan = run_method(find_method("scale"), work.instance, planning);
    return followed(work.instance, round_in_order(work.instance, plan, work.batches));
  }

  Time known_makespan(const Instance& true_times) const {
    return run_method(find_method("auto"), true_times, limited()).makespan;
  }

 private:
  MethodParameters limited() const {
    MethodParameters planning;
    planning.preemptive = preemptive_;
    planning.cancelled = stop_.cancelled();
    if (const std::optional<double> left = stop_.seconds_left()) planning.time_limit_s = std::max(*left, kShortest);
    return planning;
  }

  StopCondition stop_;
  bool preemptive_;
};

FollowedPlan plan_to_follow(const Instance& instance, const Plan& plan, const SimulationRequest& request) {
  if (!request.batches) return followed(instance, plan);
  RoundParameters round;
  round.threads = request.parameters.threads;
  round.cancelled = request.cancelled;
  return followed(instance, run_round(instance, plan, *request.batches, round));
}

}  // namespace

PreparedSimulation prepared(const Instance& instance, const Plan& plan, const SimulationRequest& request) {
  PreparedSimulation result{{}, request.parameters};
  SimulationParameters& parameters = result.parameters;
  parameters.stop = {request.time_limit_s, request.cancelled};
  parameters.preemptive = allows_preemption(plan);
  parameters.planning_us = request.planning_time * microseconds_per_unit(instance);
  parameters.replan_every = request.replan_every;
  const PlannerWithin planner(parameters);
  if (request.replan || request.replan_every > 0) {
    parameters.replan = [planner, max_moves = request.max_moves](const RemainingWork& work) {
      return planner.plan_again(work, max_moves);
    };
  }
  if (request.regret) {
    parameters.known = [planner](const Instance& true_times) { return planner.known_makespan(true_times); };
  }
  result.plan = plan_to_follow(instance, plan, request);
  return result;
}

Node node_named(const std::string& where, std::string_view id, const Instance& instance) {
  if (const auto client = Ids::of_clients(instance).find(id)) return {ClientIndex(*client), HelperIndex::none()};
  if (const auto helper = Ids::of_helpers(instance).find(id)) return {ClientIndex::none(), HelperIndex(*helper)};
  throw Error(ErrorCode::kUsage,
              {where, "no client and no helper has this id", fmt::format("\"{}\"", id), "an id of the instance"});
}

Time latest_simulated(const Instance& instance) { return kLargestNumber / microseconds_per_unit(instance); }

}  // namespace splitlane
