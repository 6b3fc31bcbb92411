#include "training/session/planned_round.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "splitlane/error.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/plan_json.hpp"
#include "splitlane/io/round_json.hpp"
#include "splitlane/planning/round_request.hpp"

namespace splitlane::training {

namespace {

// The paper's baseline: a random helper for each client, first come, first served.
constexpr std::string_view kRandomMethod = "random-fcfs";

PlanRequest request_of(const TrainingDocument& document, std::int64_t round) {
  PlanRequest request;
  request.method = document.planning.method;
  request.run.time_limit_s = document.planning.time_limit_s;
  if (document.planning.threads) request.run.threads = *document.planning.threads;
  request.run.seed = document.seed;
  request.proof = Proof::kNone;
  if (document.assignment == AssignmentChoice::kRandom) {
    request.method = kRandomMethod;
    request.run.seed += static_cast<std::uint64_t>(round);
  }
  return request;
}

void require_representable(double microseconds) {
  if (microseconds <= static_cast<double>(kLargestNumber)) return;
  throw Error(ErrorCode::kOverflow, {"training", "a round takes too long", fmt::format("{:.3g} us", microseconds),
                                     "at most 2^53 us; fewer batches or a smaller time_scale help"});
}

// A batch after the other by the plan's assignment, in an order that nobody follows: for rules that follow none.
FollowedPlan repeated(const PreparedTraining& training, const Instance& instance, const Plan& plan) {
  FollowedPlan once = followed(instance, plan.schedule);
  FollowedPlan all;
  all.choice = once.choice;
  all.batches = training.batches;
  all.makespan = once.makespan;
  all.first.push_back(0);
  for (const ClientIndex client : instance.clients()) {
    for (std::int64_t batch = 0; batch < all.batches[client.value()]; ++batch) {
      PlannedBatch planned = once.of(client, 0);
      planned.forward_end += batch * once.makespan;
      planned.backward_end += batch * once.makespan;
      all.planned.push_back(planned);
    }
    all.first.push_back(all.planned.size());
    all.makespan = std::max(all.makespan, all.batches[client.value()] * once.makespan);
  }
  return all;
}

Time simulated(const PreparedTraining& training, const PlannedRound& planned, const std::vector<Straggler>& slowed) {
  SimulationParameters parameters;
  parameters.rules = {training.document.rule};
  parameters.executions = 1;
  parameters.layers = training.network->model().layer_count();
  parameters.preemptive = planned.plan.origin.preemptive;
  parameters.stragglers = slowed;
  return simulated_trace(planned.instance(training), planned.followed, parameters, training.document.rule, 0)
      .makespan();
}

}  // namespace

PlannedRound plan_round(const PreparedTraining& training, std::shared_ptr<const MeasuredProblem> measured,
                        std::int64_t round, const Watch& watch) {
  const TrainingDocument& document = training.document;
  PlannedRound planned;
  planned.measured = std::move(measured);
  const Instance& instance = planned.instance(training);
  const Time unit = microseconds_per_unit(instance);
  PlanRequest request = request_of(document, round);
  if (planned.measured && !request.run.time_limit_s) request.run.time_limit_s = planned.measured->planning_s;
  planned.plan = make_plan(instance, request, watch).plan;
  const bool one_batch = std::ranges::all_of(training.batches, [](std::int64_t batches) { return batches == 1; });
  Time makespan = planned.plan.schedule.makespan;
  const auto in_microseconds = [unit](Time units) { return static_cast<double>(units) * static_cast<double>(unit); };
  require_representable(in_microseconds(makespan) * static_cast<double>(std::ranges::max(training.batches)));
  Time lower_bound = planned.plan.proof.lower_bound;
  if (one_batch) {
    planned.followed = followed(instance, planned.plan.schedule);
  } else if (document.assignment == AssignmentChoice::kRandom) {
    planned.followed = repeated(training, instance, planned.plan);
  } else {
    RoundRequest of_round;
    of_round.run = request.run;
    of_round.plan = planned.plan;
    of_round.batches = training.batches;
    planned.round = make_round(instance, of_round, watch);
    planned.followed = followed(instance, *planned.round);
    // A training has no barrier: its batches may begin earlier than planned, which ends no task later.
    planned.followed.barrier = false;
    makespan = planned.round->makespan;
    lower_bound = planned.round->lower_bound;
  }
  require_representable(in_microseconds(makespan));
  planned.lower_bound_us = lower_bound * unit;
  planned.predicted_us = document.rule == ExecutionRule::kPlanned ? makespan * unit : simulated(training, planned, {});
  if (document.emulation.on) {
    require_representable(static_cast<double>(planned.predicted_us) * document.emulation.time_scale);
  }
  planned.document = planned.round ? write_round(instance, *planned.round, planned.instance_sha256(training))
                                   : write_plan(instance, planned.plan, planned.instance_sha256(training));
  planned.document_sha256 = sha256_hex(planned.document);
  return planned;
}

Time predicted_us(const PreparedTraining& training, const PlannedRound& planned, const std::vector<Straggler>& slowed) {
  return slowed.empty() ? planned.predicted_us : simulated(training, planned, slowed);
}

}  // namespace splitlane::training
