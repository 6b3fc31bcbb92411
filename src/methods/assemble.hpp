#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "methods/memory.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/schedule/schedule.hpp"

namespace splitlane {

/// The clients that an assignment gives to each helper, in client order; local clients are in none.
std::vector<std::vector<ClientIndex>> clients_by_helper(const Instance& instance, const Assignment& choice);

/// Schedules every helper and evaluates the result. Helpers are independent, so they are spread over `threads`
/// without any influence on the plan.
Plan schedule_assignment(const Instance& instance, const Assignment& choice, Scheduler scheduler, int threads);

/// What all methods do alike: the clock, the refusal of impossible instances, the repair of memory dead ends, the
/// schedule, and the bound.
class MethodRun {
 public:
  /// Raises kInfeasible (see require_plannable) and kUsage for parameters out of range.
  MethodRun(std::string_view method, const Instance& instance, const MethodParameters& parameters);

  const Instance& instance() const { return instance_; }
  const MethodParameters& parameters() const { return parameters_; }
  const StopCondition& stop() const { return stop_; }
  void report(std::string_view step, Time makespan = 0, Time lower_bound = 0) const;
  void report(std::string_view step, const Progress::Iteration& iteration) const;

  /// Completes `choice` where it is none(), schedules it, attaches bound, status, names and runtime.
  Plan finish(Assignment choice, Scheduler scheduler, std::vector<std::string> warnings = {}) const;
  /// The same for a plan that is already scheduled and evaluated.
  Plan finish(Plan plan, Time lower_bound, std::vector<std::string> warnings = {}) const;

 private:
  double seconds() const;

  std::string_view method_;
  const Instance& instance_;
  const MethodParameters& parameters_;
  std::chrono::steady_clock::time_point start_;
  StopCondition stop_;
};

}  // namespace splitlane
