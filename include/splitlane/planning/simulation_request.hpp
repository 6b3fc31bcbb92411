#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "splitlane/execution/simulate.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/planning/arguments.hpp"

namespace splitlane {

inline constexpr std::int64_t kMostExecutions = 1'000'000;
inline constexpr double kLeastStraggling = 0.001;

/// A simulation that is wanted, in the words of its caller: times in the instance's unit.
struct SimulationRequest {
  /// All that needs no translation. Whether tasks may pause, the planners, the times of planning and the stop are taken
  /// from what follows and from the plan.
  SimulationParameters parameters;
  bool replan = false;        ///< after a lost helper, by method `scale`; also with `replan_every`
  Time replan_every = 0;      ///< also at each multiple of this at which something was late; 0: only after losses
  std::size_t max_moves = 0;  ///< how many clients planning again may move off helpers that are not lost
  Time planning_time = 0;     ///< from a loss until the new plan is in force
  bool regret = false;        ///< also plan each execution by method `auto` with its true times and losses known
  /// Also follow plans that method `auto` makes for these percentiles of the durations, each from 1 to 99.
  std::vector<int> slack;
  std::optional<BatchCounts> batches;            ///< follow the best round of so many; nullopt: one batch a client
  std::optional<double> time_limit_s;            ///< what was executed by then counts
  const std::atomic<bool>* cancelled = nullptr;  ///< likewise; must outlive the simulation
  Spelling spelling = Spelling::kFields;         ///< how messages call these fields
};

/// What arguments of `simulation_options` ask for, but batches and what only the instance tells. Raises kUsage.
SimulationRequest read_simulation_request(const Arguments& arguments);
/// What they say in the instance's ids and unit. Raises kUsage.
void read_what_instance_says(const Arguments& arguments, const Instance& instance, SimulationRequest& request);

/// What is followed, and how: for `simulate` and `simulated_trace`. The stop runs from when this was made.
struct PreparedSimulation {
  FollowedPlan plan;
  SimulationParameters parameters;
};

/// Translates the request. The plan must be valid; one that was made without preemption is executed without pauses, and
/// a plan that is made within the simulation ends when the simulation must. Raises kUsage for fields that contradict
/// each other, and what `run_round` raises.
PreparedSimulation prepared(const Instance& instance, const Plan& plan, const SimulationRequest& request);

/// Raises kNoneFound where no execution was finished in time.
void require_executions(const Simulation& simulation);

}  // namespace splitlane
