#include "splitlane/execution/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <string>

#include "base/workers.hpp"
#include "execution/execution.hpp"
#include "execution/known_instance.hpp"
#include "execution/true_times.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/microseconds.hpp"

namespace splitlane {

namespace {

using namespace execution_detail;

[[noreturn]] void refuse(const char* where, const char* what, std::string got, std::string expected) {
  throw Error(ErrorCode::kUsage, {where, what, std::move(got), std::move(expected)});
}

void require_noise(const char* name, double deviation) {
  if (deviation >= 0 && deviation <= kMostNoise) return;
  refuse(name, "standard deviation out of range", fmt::format("{}", deviation), "a number from 0 to 3");
}

void require_factor(double factor) {
  if (factor > 0 && factor <= kMostStraggling) return;
  refuse("straggler", "factor out of range", fmt::format("{}", factor), "a number above 0, at most 1000");
}

void require_sensible(const Instance& instance, const FollowedPlan& plan, const SimulationParameters& parameters) {
  if (plan.choice.size() != instance.client_count() || plan.batches.size() != instance.client_count()) {
    refuse("plan", "a plan of another instance", fmt::format("{} clients", plan.choice.size()),
           "an option for every client");
  }
  if (parameters.layers < 0 || parameters.layers > kMostLayers) {
    refuse("layers", "number out of range", fmt::format("{}", parameters.layers), "an integer from 0 to 1000");
  }
  require_noise("noise of durations", parameters.noise.duration);
  require_noise("noise of devices", parameters.noise.device);
  require_noise("drift", parameters.noise.drift);
  for (const NoisyNode& noisy : parameters.noisy) require_noise("noise of a node", noisy.deviation);
  for (const Straggler& straggler : parameters.stragglers) require_factor(straggler.factor);
  require_factor(parameters.random_stragglers.factor);
  if (parameters.random_stragglers.count > instance.client_count()) {
    refuse("random stragglers", "more clients than there are", fmt::format("{}", parameters.random_stragglers.count),
           fmt::format("at most {}", instance.client_count()));
  }
  for (const SimulationParameters::SlackPlan& slack : parameters.slack) {
    if (slack.plan.choice.size() == instance.client_count() && slack.plan.batches == plan.batches) continue;
    refuse("slack", "a plan of other clients or batches", fmt::format("{} clients", slack.plan.choice.size()),
           "a plan of the same");
  }
  const bool one_batch = std::all_of(plan.batches.begin(), plan.batches.end(), [](auto count) { return count == 1; });
  if (parameters.known && !one_batch) {
    refuse("regret", "only known for one batch a client", "more batches", "a plan of one batch");
  }
  if (static_cast<double>(plan.makespan) * static_cast<double>(microseconds_per_unit(instance)) >
      static_cast<double>(kLargestNumber)) {
    throw Error(ErrorCode::kOverflow, {"simulation", "a planned makespan past 2^53 microseconds",
                                       fmt::format("{}", plan.makespan), "a finer time_unit or shorter durations"});
  }
}

/// All executions; each is independent of the others.
class Simulator {
 public:
  Simulator(const Instance& instance, const FollowedPlan& plan, const SimulationParameters& parameters)
      : instance_(instance), plan_(plan), parameters_(parameters) {
    for (const ExecutionRule rule : parameters.rules) followers_.push_back({plan, rule, 0});
    for (const SimulationParameters::SlackPlan& slack : parameters.slack) {
      followers_.push_back({slack.plan, ExecutionRule::kPlanned, slack.percentile});
    }
  }

  Simulation run() {
    const std::size_t count = parameters_.executions;
    finished_.assign(count, false);
    outcomes_.assign(followers_.size(), std::vector<ExecutionOutcome>(count));
    if (parameters_.known) known_.assign(count, 0);
    Workers(parameters_.threads).for_each(count, [this](std::size_t execution) {
      if (!parameters_.stop.reached() && is_executed(execution)) report(execution);
    });
    return collected();
  }

 private:
  // An execution with planning that the stop may have cut short does not count.
  bool is_executed(std::size_t number) {
    try {
      return execute(number) && !(is_planning() && parameters_.stop.reached());
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kNoneFound || !parameters_.stop.reached()) throw;
      return false;
    }
  }

  // A plan, and the rule by which it is followed.
  struct Follower {
    const FollowedPlan& plan;
    ExecutionRule rule;
    int percentile;
  };

  bool is_planning() const { return parameters_.known || parameters_.replan; }

  bool execute(std::size_t number) {
    const TrueTimes times(instance_, plan_, parameters_, number);
    for (std::size_t follower = 0; follower < followers_.size(); ++follower) {
      const auto& [plan, rule, percentile] = followers_[follower];
      Execution execution(instance_, plan, parameters_, times, rule, nullptr);
      const std::optional<ExecutionOutcome> outcome = execution.run();
      if (!outcome) return false;
      outcomes_[follower][number] = *outcome;
    }
    if (!parameters_.known) return true;
    const std::optional<Instance> true_instance = known_instance(instance_, times, parameters_);
    if (true_instance) known_[number] = parameters_.known(*true_instance);
    return true;
  }

  void report(std::size_t execution) {
    const std::lock_guard lock(mutex_);
    finished_[execution] = true;
    ++done_;
    if (parameters_.on_progress) parameters_.on_progress(done_, finished_.size());
  }

  Simulation collected() const {
    Simulation result;
    result.planned_makespan = plan_.makespan * microseconds_per_unit(instance_);
    result.executions = finished_.size();
    for (const Follower& follower : followers_) {
      const Time makespan = follower.plan.makespan * microseconds_per_unit(instance_);
      result.rules.push_back({follower.rule, follower.percentile, makespan, {}});
    }
    for (std::size_t execution = 0; execution < finished_.size(); ++execution) {
      if (!finished_[execution]) continue;
      result.done.push_back(execution);
      for (std::size_t rule = 0; rule < outcomes_.size(); ++rule) {
        result.rules[rule].outcomes.push_back(outcomes_[rule][execution]);
      }
      if (parameters_.known) result.known.push_back(known_[execution]);
    }
    return result;
  }

  const Instance& instance_;
  const FollowedPlan& plan_;
  const SimulationParameters& parameters_;
  std::vector<Follower> followers_;
  std::mutex mutex_;
  std::size_t done_ = 0;
  std::vector<bool> finished_;
  std::vector<std::vector<ExecutionOutcome>> outcomes_;  // by rule and execution
  std::vector<Time> known_;
};

}  // namespace

Simulation simulate(const Instance& instance, const FollowedPlan& plan, const SimulationParameters& parameters) {
  require_sensible(instance, plan, parameters);
  return Simulator(instance, plan, parameters).run();
}

Trace simulated_trace(const Instance& instance, const FollowedPlan& plan, const SimulationParameters& parameters,
                      ExecutionRule rule, std::size_t execution) {
  require_sensible(instance, plan, parameters);
  const TrueTimes times(instance, plan, parameters, execution);
  Trace trace;
  trace.source = TraceSource::kSimulated;
  if (Execution(instance, plan, parameters, times, rule, &trace).run()) return trace;
  throw Error(ErrorCode::kNoneFound,
              {"trace", "the execution was not finished in time", fmt::format("execution {}", execution), "more time"});
}

RuleSummary summary_of(const Simulation& simulation, const Simulation::Rule& rule) {
  RuleSummary summary;
  if (rule.outcomes.empty()) return summary;
  std::vector<Time> makespans;
  std::size_t within = 0;
  double regret = 0;
  double total = 0;
  for (std::size_t index = 0; index < rule.outcomes.size(); ++index) {
    const ExecutionOutcome& outcome = rule.outcomes[index];
    makespans.push_back(outcome.makespan);
    total += static_cast<double>(outcome.makespan);
    if (outcome.makespan <= rule.planned_makespan && outcome.lost_clients == 0) ++within;
    summary.lateness = std::max(summary.lateness, static_cast<double>(outcome.lateness));
    summary.lost_clients += static_cast<double>(outcome.lost_clients);
    summary.moved_clients += static_cast<double>(outcome.moved_clients);
    if (!simulation.known.empty() && simulation.known[index] > 0) {
      regret += static_cast<double>(outcome.makespan) / static_cast<double>(simulation.known[index]) - 1;
    }
  }
  std::sort(makespans.begin(), makespans.end());
  const auto count = static_cast<double>(makespans.size());
  // The least that 95 % of the executions do not exceed.
  summary.p95 = static_cast<double>(makespans[(makespans.size() * 95 + 99) / 100 - 1]);
  summary.worst = static_cast<double>(makespans.back());
  summary.mean = total / count;
  summary.within = static_cast<double>(within) / count;
  if (simulation.planned_makespan > 0) summary.ratio = summary.mean / static_cast<double>(simulation.planned_makespan);
  if (!simulation.known.empty()) summary.regret = regret / count;
  summary.lost_clients /= count;
  summary.moved_clients /= count;
  return summary;
}

}  // namespace splitlane
