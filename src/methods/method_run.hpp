#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "assignment/memory.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/schedule/schedule.hpp"

namespace splitlane {

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

  /// `complete_assignment` with the exact search behind it.
  bool complete(Assignment& choice) const;
  /// `start_schedule` with this run's parameters.
  Schedule start_schedule(const Assignment* known = nullptr) const;

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
