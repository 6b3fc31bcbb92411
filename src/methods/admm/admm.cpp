#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <optional>
#include <span>
#include <utility>

#include "assignment/balanced_greedy.hpp"
#include "assignment/schedule_assignment.hpp"
#include "methods/admm/assignment_update.hpp"
#include "methods/admm/schedule_update.hpp"
#include "methods/method_run.hpp"
#include "splitlane/bound/bound.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

constexpr double kShareOfBound = 0.25;

/// (19) and Algorithm 2: with the assignment fixed, P_f on one helper is largest tail l first
/// (docs/paper.md#the-w-update-without-a-time-index), and the backward tasks fill what its slots leave free.
Lane schedule_forward_then_backward(std::span<const Service> services, const SwitchRule& rule,
                                    std::span<const Time> tails) {
  std::vector<Service> forwards;
  for (std::size_t index = 0; index < services.size(); ++index) {
    forwards.push_back({services[index].release, services[index].forward, tails[index], 0, 0});
  }
  return schedule_backward_given_forward(services, rule, schedule_coupled_jackson(forwards, rule));
}

/// Algorithm 1, up to line 5.
class Iterations {
 public:
  Iterations(const MethodRun& run, admm::ForwardPairs pairs)
      : run_(run),
        pairs_(std::move(pairs)),
        update_(pairs_, run.instance().helper_count()),
        duals_(pairs_.pairs.size(), 0.0) {}

  void run_all() {
    const AdmmParameters& parameters = run_.parameters().admm;
    while (done_ < parameters.max_iterations && !has_converged_ && !run_.stop().reached()) {
      if (!iterate(parameters)) return;
    }
  }

  const Assignment& choice() const { return choice_; }
  int done() const { return done_; }
  bool has_converged() const { return has_converged_; }
  int inexact() const { return inexact_; }
  std::size_t unsplit_clients() const { return pairs_.unsplit_clients; }

 private:
  bool iterate(const AdmmParameters& parameters) {
    const std::vector<bool> before = chosen();
    admm::ProgramBudget budget;
    const auto schedule = update_.solve(before, duals_, parameters.rho, budget, run_.stop());
    if (!schedule) return false;
    auto update =
        admm::update_assignment(run_.instance(), pairs_, schedule->work, duals_, parameters.rho, budget, run_.stop());
    if (!update) return false;
    choice_ = std::move(update->choice);
    inexact_ += schedule->is_least && update->is_least ? 0 : 1;
    const std::vector<bool> after = chosen();
    Progress::Iteration iteration;
    for (std::size_t pair = 0; pair < after.size(); ++pair) {
      const Time amount = std::max<Time>(schedule->work[pair], 0);
      const Time surplus = amount - (after[pair] ? pairs_.pairs[pair].work : 0);
      duals_[pair] += static_cast<double>(surplus);
      iteration.violation += std::abs(surplus);
      iteration.changes += after[pair] != before[pair] ? 1 : 0;
    }
    iteration.number = ++done_;
    iteration.objective = schedule->completion;
    const bool is_stationary = static_cast<double>(iteration.changes) < parameters.epsilon1;
    const auto moved = static_cast<double>(std::abs(schedule->completion - completion_));
    has_converged_ = done_ > 1 && is_stationary && moved < parameters.epsilon2;
    completion_ = schedule->completion;
    run_.report("iteration", iteration);
    return true;
  }

  // y by pair; all false before the first iteration.
  std::vector<bool> chosen() const {
    std::vector<bool> result;
    for (const admm::ForwardPair& pair : pairs_.pairs) {
      result.push_back(!choice_.empty() && choice_[pair.client] == pair.option);
    }
    return result;
  }

  const MethodRun& run_;
  admm::ForwardPairs pairs_;
  admm::ScheduleUpdate update_;
  std::vector<double> duals_;
  Assignment choice_;
  Time completion_ = 0;
  int done_ = 0;
  int inexact_ = 0;
  bool has_converged_ = false;
};

void require_in_range(const AdmmParameters& parameters) {
  const auto require = [](bool holds, const char* name, double value, const char* expected) {
    if (!holds) throw Error(ErrorCode::kUsage, {name, "parameter of admm", fmt::format("{}", value), expected});
  };
  require(parameters.rho > 0 && parameters.rho <= AdmmParameters::kLargestRho, "rho", parameters.rho,
          "a number above 0, at most 1000000000");
  require(parameters.epsilon1 > 0, "epsilon1", parameters.epsilon1, "a number above 0");
  require(parameters.epsilon2 > 0, "epsilon2", parameters.epsilon2, "a number above 0");
  require(parameters.max_iterations >= 1, "max_iterations", parameters.max_iterations, "at least 1");
}

Schedule schedule_by_algorithm_2(const Instance& instance, const Assignment& choice) {
  const std::vector<std::vector<ClientIndex>> clients = clients_by_helper(instance, choice);
  SegmentTable table;
  for (const HelperIndex helper : instance.helpers()) {
    std::vector<Service> services;
    std::vector<Time> tails;
    for (const ClientIndex client : clients[helper.value()]) {
      services.push_back(service_of(instance, choice[client.value()]));
      tails.push_back(instance.client_forward(choice[client.value()]));
    }
    std::vector<Segment> lane;
    for (const LaneSegment& segment :
         schedule_forward_then_backward(services, switch_rule_of(instance, helper), tails)) {
      lane.push_back({clients[helper.value()][segment.service], segment.task, segment.start, segment.end});
    }
    table.append_lane(lane);
  }
  return evaluate_schedule(instance, choice, std::move(table));
}

/// What became of the iterations, as a plan's parameters and warnings say it.
struct Outcome {
  Assignment choice;
  int iterations = 0;
  bool has_converged = false;
  std::vector<std::string> warnings;
};

// `fallback` is the assignment where no iteration ends.
Outcome iterate(const MethodRun& run, Assignment fallback) {
  Outcome outcome;
  std::optional<admm::ForwardPairs> pairs = admm::forward_pairs(run.instance(), run.stop());
  if (pairs && pairs->pairs.size() >= admm::ProgramBudget::kLargestProgram) {
    outcome.warnings.push_back(fmt::format("more than {} pairs of a client and an option are too many for an iteration",
                                           admm::ProgramBudget::kLargestProgram));
  } else if (pairs) {
    Iterations iterations(run, *std::move(pairs));
    iterations.run_all();
    outcome.choice = iterations.choice();
    outcome.iterations = iterations.done();
    outcome.has_converged = iterations.has_converged();
    if (iterations.unsplit_clients() > 0) {
      outcome.warnings.push_back(
          fmt::format("{} clients have forward times with too large a common multiple for (20); their work was not "
                      "split between helpers",
                      iterations.unsplit_clients()));
    }
    if (iterations.inexact() > 0) {
      outcome.warnings.push_back(
          fmt::format("the integer programs of {} of {} iterations were too large or too hard to be solved exactly",
                      iterations.inexact(), iterations.done()));
    }
  }
  if (outcome.choice.empty()) {
    outcome.warnings.emplace_back("no iteration ended; the assignment is balanced-greedy's");
    outcome.choice = std::move(fallback);
  }
  return outcome;
}

}  // namespace

Plan plan_admm(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("admm", instance, parameters);
  require_in_range(parameters.admm);
  run.report("bound");
  // First, so that a limit finds it done; of the time that there is a share.
  const std::optional<double> left = run.stop().seconds_left();
  const Time bound = instance_bound(instance, left ? run.stop().within(*left * kShareOfBound) : run.stop());
  // What there is when no iteration ends in time, before them: in tight memory it can take a while.
  Assignment fallback = assign_balanced_greedy(instance);
  run.complete(fallback);
  Outcome outcome = iterate(run, std::move(fallback));
  Plan plan{schedule_by_algorithm_2(instance, outcome.choice)};
  plan.origin.parameters = {{"rho", parameters.admm.rho},
                            {"epsilon1", parameters.admm.epsilon1},
                            {"epsilon2", parameters.admm.epsilon2},
                            {"max_iterations", std::int64_t{parameters.admm.max_iterations}},
                            {"iterations", std::int64_t{outcome.iterations}},
                            {"converged", outcome.has_converged}};
  return run.finish(std::move(plan), bound, std::move(outcome.warnings));
}

}  // namespace splitlane
