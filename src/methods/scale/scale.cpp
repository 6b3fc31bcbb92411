#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "assignment/complete_assignment.hpp"
#include "assignment/fit/find_fit.hpp"
#include "assignment/schedule_assignment.hpp"
#include "base/stopped.hpp"
#include "methods/exact/fit_exactly.hpp"
#include "methods/method_run.hpp"
#include "methods/scale/move_budget.hpp"
#include "methods/scale/room_at_home.hpp"
#include "methods/scale/rounding.hpp"
#include "methods/scale/scale.hpp"
#include "methods/scale/served_clients.hpp"
#include "methods/scale/target_schedule.hpp"
#include "methods/scale/target_search.hpp"
#include "splitlane/bound/bound.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

constexpr double kPoorGap = 0.03;                       // of a plan that is worth another search,
constexpr std::size_t kMostClientsToTryAgain = 20'000;  // where that is cheap
constexpr double kBoundShareOfTime = 0.7;
// What a start plan needs, and what the tables of a search need, which nothing cuts short: the memory of these alone is
// 28 bytes an option.
constexpr double kSecondsPerOption = 4e-8;

double seconds_of_a_pass(const Instance& instance) {
  return kSecondsPerOption * static_cast<double>(instance.option_count());
}

Lane schedule_in_one_piece(std::span<const Service> services, const SwitchRule& rule) {
  ListScheduler scheduler;
  scheduler.run(services, rule, static_tails(services), kNeverPreempt);
  return scheduler.lane();
}

DualBound bound_of(const MethodRun& run) {
  DualBoundParameters parameters = bound_parameters(run);
  const std::optional<double> left = run.stop().seconds_left();
  if (left) {
    const double rest = std::max((1 - kBoundShareOfTime) * *left, seconds_of_a_pass(run.instance()));
    parameters.stop = run.stop().within(*left - rest);
  }
  DualBound bound = dual_bound(run.instance(), parameters);
  // Without time for prices the search does without.
  if (bound.regret.empty()) bound.regret.assign(run.instance().option_count(), 0.0F);
  return bound;
}

/// What an earlier plan asks for, as far as it still fits: clients it does not know, and those whose helper is gone or
/// no longer has the memory, are none().
Assignment kept_assignment(const Instance& instance, const std::optional<StartingPlan>& start) {
  Assignment choice(instance.client_count());
  if (!start) return choice;
  if (start->choice.size() != instance.client_count()) {
    throw Error(ErrorCode::kUsage,
                {"start.choice", "length of the starting plan", fmt::format("{}", start->choice.size()),
                 fmt::format("one entry for each of {} clients", instance.client_count())});
  }
  MemoryLedger ledger(instance);
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = start->choice[client.value()];
    if (option.is_none() || !ledger.fits(option)) continue;
    ledger.take(option);
    choice[client.value()] = option;
  }
  return choice;
}

MoveBudget budget_of(const Instance& instance, const MethodParameters& parameters) {
  if (!parameters.start || !(parameters.max_moves || parameters.keep_assignment)) return MoveBudget(instance);
  return {instance, parameters.start->choice, parameters.keep_assignment ? 0 : *parameters.max_moves};
}

// Charges the clients of the starting plan that the choice moves to the budget. The first that it does not permit, else
// none().
ClientIndex charge(const MethodRun& run, const Assignment& choice, MoveBudget& budget) {
  const Instance& instance = run.instance();
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex home = run.parameters().start->choice[client.value()];
    if (home.is_none()) continue;
    const OptionIndex chosen = choice[client.value()];
    const int cost = budget.cost(client, instance.helper(home), instance.helper(chosen));
    if (!budget.permits(cost) || (run.parameters().keep_assignment && chosen != home)) return client;
    budget.spend(cost);
  }
  return ClientIndex::none();
}

// Room for everybody while all clients that still have room at home stay there. What it raises proves nothing where
// some of them may move.
void complete_at_home(const MethodRun& run, Assignment& choice) {
  const Instance& instance = run.instance();
  const MethodParameters& parameters = run.parameters();
  const auto stays = [&, kept = choice](ClientIndex client, OptionIndex option) {
    const OptionIndex home = kept[client.value()];
    if (home.is_none() || parameters.start->choice[client.value()].is_none()) return true;
    return parameters.keep_assignment ? option == home : instance.helper(option) == instance.helper(home);
  };
  try {
    fit::find_fit(instance, stays, choice, exact::fit_exactly, run.stop());
  } catch (const Error& error) {
    const bool nobody_may_move = parameters.keep_assignment || *parameters.max_moves == 0;
    if (nobody_may_move || error.code() != ErrorCode::kInfeasible) throw;
  }
}

// Every client somewhere; what had to move for that is charged to the budget.
void complete(const MethodRun& run, MoveBudget& budget, Assignment& choice) {
  if (budget.is_limited()) require_room_at_home(run.instance(), run.parameters());
  const Assignment kept = choice;
  run.complete(choice);
  if (!run.parameters().start) return;
  const MoveBudget untouched = budget;
  ClientIndex refused = charge(run, choice, budget);
  if (refused.is_none()) return;
  choice = kept;
  complete_at_home(run, choice);
  budget = untouched;
  const bool is_complete =
      std::none_of(choice.begin(), choice.end(), [](OptionIndex option) { return option.is_none(); });
  if (is_complete) refused = charge(run, choice, budget);
  if (refused.is_none()) return;
  throw Error(ErrorCode::kNoneFound,
              {fmt::format("client \"{}\"", run.instance().client_id(refused)),
               "has no room on its helper of the starting plan any more",
               fmt::format("{} clients moved already", budget.away()), "leave to move more clients"});
}

// The best assignment that the search meets from this one until it ends or its time is up.
Assignment searched(const MethodRun& run, Assignment choice, DualBound& bound, MoveBudget& budget) {
  const double needed = seconds_of_a_pass(run.instance());
  if (run.stop().seconds_left().value_or(needed) < needed) return choice;
  Workers workers(run.parameters().threads, run.stop());
  try {
    ServedClients served(run.instance(), choice, run.parameters().preemptive, workers);
    TargetSearch search(served, bound.regret, budget, workers);
    TargetSchedule schedule(run, bound, served, search, choice);
    if (budget.is_limited()) {
      schedule.descend();
    } else {
      schedule.run();
    }
  } catch (const Stopped&) {
    // There was no time to begin.
  }
  return choice;
}

// From a complete assignment to the plan with its bound, which the run still has to finish.
Plan improve(const MethodRun& run, Assignment choice, DualBound& bound, MoveBudget& budget) {
  const MethodParameters& parameters = run.parameters();
  if (!parameters.keep_assignment) choice = searched(run, std::move(choice), bound, budget);
  run.report("schedule", 0, bound.lower_bound);
  const Scheduler scheduler = parameters.preemptive ? schedule_improved : schedule_in_one_piece;
  Plan plan{schedule_assignment(run.instance(), choice, scheduler, parameters.threads)};
  plan.proof.certificate = bound.certificate;
  set_lower_bound(plan, bound.lower_bound);
  return plan;
}

// Every client where its shares suggest, or none() without room there; nothing when there was no time for them.
std::optional<Assignment> rounded(const MethodRun& run, const DualBound& bound) {
  if (bound.share.empty()) return std::nullopt;
  Assignment choice(run.instance().client_count());
  try {
    round_shares(run.instance(), bound.share, bound.regret, run.stop(), choice);
  } catch (const Stopped&) {
    return std::nullopt;
  }
  return choice;
}

// Where the search of method `scale` begins: every client somewhere.
Assignment first_assignment(const MethodRun& run, const DualBound& bound, MoveBudget& budget) {
  std::optional<Assignment> choice;
  if (run.parameters().start) {
    choice = kept_assignment(run.instance(), run.parameters().start);
    place_newcomers(run.instance(), *choice);
  } else {
    choice = rounded(run, bound);
  }
  if (!choice) return run.start_schedule().choice;
  complete(run, budget, *choice);
  return *std::move(choice);
}

}  // namespace

Plan plan_scale(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("scale", instance, parameters);
  run.report("bound");
  DualBound bound = bound_of(run);
  run.report("assignment", 0, bound.lower_bound);
  MoveBudget budget = budget_of(instance, parameters);
  Plan plan = improve(run, first_assignment(run, bound, budget), bound, budget);
  const bool can_try_again = !parameters.start && instance.client_count() <= kMostClientsToTryAgain;
  if (can_try_again && plan.gap() > kPoorGap && !run.stop().reached()) {
    // Where memory is full, or the time was up too soon, the rounded shares may lead nowhere; a greedy plan need not.
    Plan other = improve(run, run.start_schedule(&plan.schedule.choice).choice, bound, budget);
    if (other.schedule.makespan < plan.schedule.makespan) plan = std::move(other);
  }
  return run.finish(std::move(plan), bound.lower_bound);
}

Plan search_at_scale(const MethodRun& run, const Schedule& fallback) {
  run.report("bound", fallback.makespan);
  DualBound bound = bound_of(run);
  run.report("assignment", fallback.makespan, bound.lower_bound);
  std::optional<Assignment> choice = rounded(run, bound);
  if (choice && !complete_by_chains(run.instance(), *choice, run.stop())) choice.reset();
  MoveBudget budget(run.instance());
  return improve(run, choice ? *std::move(choice) : fallback.choice, bound, budget);
}

}  // namespace splitlane
