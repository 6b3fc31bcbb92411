#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// What a running method reports: the best plan and bound so far.
struct Progress {
  double seconds = 0;
  Time makespan = 0;  ///< 0 while there is no plan yet
  Time lower_bound = 0;
  std::string_view step;  ///< what the method is doing, e.g. "assignment"
};

/// Parameters that every method takes. Same instance, seed and parameters give the same plan for any number of
/// threads, as long as no time limit or cancellation cuts the run short.
struct MethodParameters {
  std::uint64_t seed = 0;
  int threads = 1;                               ///< >= 1
  std::optional<double> time_limit_s;            ///< nullopt = the method's own end
  const std::atomic<bool>* cancelled = nullptr;  ///< raised by the caller to get the best plan so far
  bool preemptive = true;                        ///< false: only plans whose tasks each run in one piece
  bool certificate = false;                      ///< attach the proof of the lower bound to the plan
  std::function<void(const Progress&)> on_progress;

  StopCondition stop_condition() const { return {time_limit_s, cancelled}; }
};

/// One way of planning: chooses the assignment, lets schedule/ order each helper, attaches the bound.
struct Method {
  std::string_view name;     ///< as in `--method`
  std::string_view summary;  ///< one line for `--help`
  /// Returns a complete plan with times, makespan, proven lower bound and runtime filled in.
  /// Throws Error kInfeasible with the reason when no plan exists.
  Plan (*plan)(const Instance& instance, const MethodParameters& parameters);
};

/// All methods, the default first.
std::span<const Method> methods();
/// Raises kUsage naming the known ones.
const Method& find_method(std::string_view name);

Plan plan_auto(const Instance& instance, const MethodParameters& parameters);
Plan plan_exact(const Instance& instance, const MethodParameters& parameters);
Plan plan_ilp(const Instance& instance, const MethodParameters& parameters);
Plan plan_random_fcfs(const Instance& instance, const MethodParameters& parameters);
Plan plan_balanced_greedy(const Instance& instance, const MethodParameters& parameters);
Plan plan_equid(const Instance& instance, const MethodParameters& parameters);
Plan plan_ed_fcfs(const Instance& instance, const MethodParameters& parameters);

/// Binaries (one a client-helper pair, task and slot of the horizon) above which `ilp` refuses.
inline constexpr std::size_t kIlpLargestProgram = 100'000;
/// Above this many options (after one per client and helper is kept) `equid` and `ed-fcfs` balance by
/// longest-processing-time-first instead of by MILP.
inline constexpr std::size_t kEquidLargestMilp = 20000;
/// Seconds that `equid` and `ed-fcfs` give the MILP when no time limit is set.
inline constexpr double kEquidMilpSeconds = 10.0;

}  // namespace splitlane
