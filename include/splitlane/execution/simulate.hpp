#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/execution/followed_plan.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/trace.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// A client or a helper; the other of the two is none().
struct Node {
  ClientIndex client;
  HelperIndex helper;
  bool operator==(const Node&) const = default;
};

/// How real durations differ from the instance's: each is multiplied by log-normal factors of mean 1. A client's
/// factors hold for what it and its link do, a helper's for forward and backward on it.
struct NoiseModel {
  double duration = 0;  ///< standard deviation of the logarithm, of every duration for itself
  double device = 0;    ///< the same of every client and every helper, one factor for a whole execution
  double drift = 0;     ///< the same of how much a client or helper has changed by the end of the planned makespan

  bool none() const { return duration == 0 && device == 0 && drift == 0; }
};
/// Above this no standard deviation makes sense.
inline constexpr double kMostNoise = 3;

/// A client or helper whose factor for a whole execution has this deviation, instead of `NoiseModel::device`.
struct NoisyNode {
  Node node;
  double deviation = 0;
};

/// A client or helper that takes `factor` times as long for everything.
struct Straggler {
  Node node;
  double factor = 1;
};
/// Stragglers that are drawn among the clients, anew for each execution.
struct RandomStragglers {
  std::size_t count = 0;
  double factor = 1;
};
inline constexpr double kMostStraggling = 1000;
inline constexpr std::int64_t kMostLayers = 1000;

/// A client or helper that is gone from `time` on, in the instance's time unit. What a lost helper has not returned by
/// then is lost with it.
struct Loss {
  Node node;
  Time time = 0;
};

/// What is left to be done when an execution is planned again: the clients that still have work, with all options that
/// are left to them, times from the instant at which the new plan is in force.
struct RemainingWork {
  /// In microseconds, the helpers of the instance that is executed. A client in the midst of its last batch can stay
  /// with its helper for what is left of the batch, or begin the batch again elsewhere; with more batches left a batch
  /// counts as whole. Where speeds were measured, durations are by them.
  Instance instance;
  BatchCounts batches;               ///< left, the one in progress counted
  std::vector<OptionIndex> current;  ///< what each has now; none() when its helper is gone
};
/// Plans it. A client that the plan moves begins its batch again. Raises kInfeasible where no plan serves all; then
/// the clients of lost helpers are lost; kNoneFound is no failure once the stop has cut the planning short. Called from
/// several threads at once.
using Replanner = std::function<FollowedPlan(const RemainingWork&)>;

/// One task or client being late is not told apart from others; all times in microseconds.
struct ExecutionOutcome {
  Time makespan = 0;             ///< of the clients that were not lost
  Time lateness = 0;             ///< by how much the latest task ended after its planned end; at least 0
  std::size_t lost_clients = 0;  ///< clients that did not complete all their batches
  std::size_t moved_clients = 0;
};

struct SimulationParameters {
  std::vector<ExecutionRule> rules = {ExecutionRule::kPlanned, ExecutionRule::kFirstCome, ExecutionRule::kLongestTail,
                                      ExecutionRule::kLongestPath};
  std::size_t executions = 1000;  ///< >= 1
  NoiseModel noise;
  std::vector<NoisyNode> noisy;
  std::vector<Straggler> stragglers;
  RandomStragglers random_stragglers;
  std::vector<Loss> losses;
  std::int64_t layers = 0;  ///< equal layers of a task, between which alone it can be paused; 0: anywhere
  bool preemptive = true;

  Replanner replan;      ///< empty: never planned again
  Time planning_us = 0;  ///< from a loss until the new plan is in force: noticing it and planning
  Time replan_every =
      0;  ///< also planned again at each multiple of this at which something was late; 0: only after losses
  /// The makespan, in microseconds, of a plan that knows an execution's true times and losses beforehand; empty: no
  /// regret is wanted. Only for one batch a client. Called from several threads at once.
  std::function<Time(const Instance& true_times)> known;

  /// Plans for the same clients and batches that were made with slack: for `percentile` of the durations (see
  /// `instance_at_percentile`). Each is followed as well, under rule `planned`.
  struct SlackPlan {
    int percentile = 0;
    FollowedPlan plan;
  };
  std::vector<SlackPlan> slack;

  std::uint64_t seed = 0;
  int threads = 1;  ///< >= 1
  StopCondition stop;
  std::function<void(std::size_t done, std::size_t total)> on_progress;  ///< called from any thread, one at a time
};

/// What many executions of one plan came to.
struct Simulation {
  Time planned_makespan = 0;      ///< in microseconds
  std::size_t executions = 0;     ///< asked for
  std::vector<std::size_t> done;  ///< the numbers of those that were finished before the stop, in order
  struct Rule {
    ExecutionRule rule = ExecutionRule::kPlanned;
    int percentile = 0;                      ///< of the slack that the plan followed has; 0: the plan given
    Time planned_makespan = 0;               ///< of the plan followed, in microseconds
    std::vector<ExecutionOutcome> outcomes;  ///< one for each of `done`
  };
  std::vector<Rule> rules;  ///< the parameters' rules, then their plans with slack
  std::vector<Time> known;  ///< makespans that planning with the true times gives, one for each of `done`; or empty
};

/// Statistics of one rule.
struct RuleSummary {
  double mean = 0, p95 = 0, worst = 0;  ///< makespans in microseconds; p95: 95 % of the executions are no longer
  double within = 0;  ///< share of executions that end no later than the plan followed says, without a lost client
  double ratio = 0;   ///< mean makespan over that of the plan given
  std::optional<double> regret;  ///< mean of makespan / known - 1
  double lateness = 0;           ///< the largest of all executions, in microseconds
  double lost_clients = 0;       ///< mean
  double moved_clients = 0;      ///< mean
};
RuleSummary summary_of(const Simulation& simulation, const Simulation::Rule& rule);
/// "planned", "first-come", ...; "planned-p90" for a plan with slack.
std::string rule_title(const Simulation::Rule& rule);
/// A line for each rule, times in the instance's unit.
std::string simulation_table(const Instance& instance, const Simulation& simulation);

/// Executes the plan many times under a virtual clock. A helper follows `LaneExecutor`; switch costs are those of the
/// instance. Execution k has the same true times under every rule, and they depend on seed and k alone: the same bytes
/// for any number of threads. One execution takes O(tasks log clients) and some 200 bytes a client.
/// Raises kUsage (numbers out of their ranges; `known` with more than one batch), kOverflow (durations or instants
/// past 2^53 microseconds).
Simulation simulate(const Instance& instance, const FollowedPlan& plan, const SimulationParameters& parameters);

/// The instance with durations that in `percentile` of 100 draws are not exceeded, each taken by itself: by the noise
/// of durations, devices and noisy nodes; not drift, stragglers and losses, which no planner knows beforehand. A plan
/// of it has slack where times vary. The median (50) is below the instance's own times, which are means. Percentile
/// from 1 to 99, rounded to the instance's unit. O(options). Raises kOverflow past 2^53 units.
Instance instance_at_percentile(const Instance& instance, const SimulationParameters& parameters, int percentile);

/// What happened in execution number `execution` under that rule. The same parameters as above. Raises kNoneFound when
/// the stop came first.
Trace simulated_trace(const Instance& instance, const FollowedPlan& plan, const SimulationParameters& parameters,
                      ExecutionRule rule, std::size_t execution);

}  // namespace splitlane
