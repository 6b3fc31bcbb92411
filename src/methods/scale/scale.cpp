#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "methods/assemble.hpp"
#include "methods/scale/move_budget.hpp"
#include "methods/scale/rounding.hpp"
#include "methods/scale/scale.hpp"
#include "methods/scale/served_clients.hpp"
#include "methods/scale/target_search.hpp"
#include "splitlane/bound/bound.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

// Targets are lower bound * (1 + gap). While none is met the gap grows; then it falls until one is missed, and is
// bisected.
constexpr double kFirstGap = 0.01;
constexpr double kGapGrowth = 1.6;
constexpr double kGapShrinking = 0.75;
constexpr Time kFirstSteps = 16;  // from the present end to the bound, where moves are few
constexpr int kMostMisses = 2;
constexpr double kFinestStep = 2e-4;
constexpr double kBoundShareOfTime = 0.5;

Lane schedule_preemptively(std::span<const Service> services, const SwitchRule& rule) {
  return schedule_improved_jackson(services, rule, window_bound(services, rule));
}

Lane schedule_in_one_piece(std::span<const Service> services, const SwitchRule& rule) {
  ListScheduler scheduler;
  scheduler.run(services, rule, static_tails(services), kNeverPreempt);
  return scheduler.lane();
}

DualBound bound_of(const MethodRun& run) {
  DualBoundParameters parameters;
  parameters.threads = run.parameters().threads;
  parameters.certificate = run.parameters().certificate;
  const std::optional<double> left = run.stop().seconds_left();
  parameters.stop = left ? run.stop().within(kBoundShareOfTime * *left) : run.stop();
  return dual_bound(run.instance(), parameters);
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

// Every client somewhere; what had to move for that is charged to the budget.
void complete(const MethodRun& run, MoveBudget& budget, Assignment& choice) {
  complete_assignment(run.instance(), choice, run.stop());
  if (!run.parameters().start) return;
  const auto helper_of = [&](OptionIndex option) {
    return static_cast<std::uint32_t>(run.instance().helper(option).value());
  };
  for (const ClientIndex client : run.instance().clients()) {
    const OptionIndex home = run.parameters().start->choice[client.value()];
    if (home.is_none()) continue;
    const int cost =
        budget.cost(static_cast<std::uint32_t>(client.value()), helper_of(home), helper_of(choice[client.value()]));
    const bool permitted = budget.permits(cost);
    if (!permitted || (run.parameters().keep_assignment && choice[client.value()] != home)) {
      throw Error(ErrorCode::kInfeasible,
                  {fmt::format("client \"{}\"", run.instance().client_id(client)),
                   "has no room on its helper of the starting plan any more",
                   fmt::format("{} clients moved already", budget.away()), "leave to move more clients"});
    }
    budget.spend(cost);
  }
}

/// Searches for ever better targets and remembers the best assignment met.
class TargetSchedule {
 public:
  TargetSchedule(const MethodRun& run, Time bound, ServedClients& served, TargetSearch& search)
      : run_(run),
        bound_(bound),
        served_(served),
        search_(search),
        best_(served.choice()),
        best_end_(served.latest_end()) {}

  /// Where moves are few, none may be spent towards a target out of reach: down from the present end, as far as it
  /// goes.
  void descend() {
    Time step = (best_end_ - bound_) / kFirstSteps;
    while (best_end_ > bound_ && step > 0 && !run_.stop().reached()) {
      const bool met = search_.run(best_end_ - step, run_.stop());
      remember();
      if (!met) step /= 4;
    }
  }

  void run() {
    double met = 0.0;     // smallest gap met
    double missed = 0.0;  // largest gap missed
    int misses = 0;
    double gap = kFirstGap;
    while (best_end_ > bound_ && !run_.stop().reached()) {
      const Time target = std::max(bound_, static_cast<Time>(static_cast<double>(bound_) * (1.0 + gap)));
      if (target >= best_end_) {
        met = gap;
      } else if (search_.run(target, run_.stop())) {
        remember();
        met = gap;
      } else {
        remember();
        missed = std::max(missed, gap);
        misses += met > 0.0 ? 1 : 0;
      }
      if (met == 0.0) {
        gap *= kGapGrowth;
      } else if (target == bound_ || misses >= kMostMisses || met - missed < kFinestStep) {
        break;
      } else {
        gap = missed > 0.0 ? (met + missed) / 2.0 : gap * kGapShrinking;
      }
    }
  }

  const Assignment& best() const { return best_; }

 private:
  void remember() {
    const Time end = served_.latest_end();
    if (end < best_end_) {
      best_end_ = end;
      best_ = served_.choice();
    }
    run_.report("search", best_end_, bound_);
  }

  const MethodRun& run_;
  Time bound_;
  ServedClients& served_;
  TargetSearch& search_;
  Assignment best_;
  Time best_end_;
};

// From a complete assignment to the plan.
Plan improve(const MethodRun& run, Assignment choice, const DualBound& bound, MoveBudget& budget) {
  const Instance& instance = run.instance();
  const MethodParameters& parameters = run.parameters();
  if (!parameters.keep_assignment) {
    Workers workers(parameters.threads);
    ServedClients served(instance, choice, parameters.preemptive, workers);
    TargetSearch search(served, bound.regret, budget, workers);
    TargetSchedule schedule(run, bound.lower_bound, served, search);
    if (budget.is_limited()) {
      schedule.descend();
    } else {
      schedule.run();
    }
    choice = schedule.best();
  }
  run.report("schedule", 0, bound.lower_bound);
  const Scheduler scheduler = parameters.preemptive ? schedule_preemptively : schedule_in_one_piece;
  Plan plan = schedule_assignment(instance, choice, scheduler, parameters.threads);
  plan.certificate = bound.certificate;
  return run.finish(std::move(plan), bound.lower_bound);
}

}  // namespace

Plan plan_scale(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("scale", instance, parameters);
  run.report("bound");
  const DualBound bound = bound_of(run);
  run.report("assignment", 0, bound.lower_bound);
  Assignment choice = kept_assignment(instance, parameters.start);
  if (parameters.start) {
    place_newcomers(instance, choice);
  } else {
    round_shares(instance, bound.share, bound.regret, choice);
  }
  MoveBudget budget = budget_of(instance, parameters);
  complete(run, budget, choice);
  return improve(run, std::move(choice), bound, budget);
}

Plan search_at_scale(const MethodRun& run, const Plan& fallback) {
  const Instance& instance = run.instance();
  run.report("bound", fallback.makespan);
  const DualBound bound = bound_of(run);
  run.report("assignment", fallback.makespan, bound.lower_bound);
  Assignment choice(instance.client_count());
  round_shares(instance, bound.share, bound.regret, choice);
  try {
    complete_assignment(instance, choice, run.stop());
  } catch (const Error&) {
    choice = fallback.choice;
  }
  MoveBudget budget(instance);
  return improve(run, std::move(choice), bound, budget);
}

}  // namespace splitlane
