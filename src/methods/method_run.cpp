#include "methods/method_run.hpp"

#include <fmt/format.h>
#include <cmath>

#include <utility>

#include "assignment/complete_assignment.hpp"
#include "assignment/schedule_assignment.hpp"
#include "assignment/start_schedule.hpp"
#include "methods/exact/fit_exactly.hpp"
#include "splitlane/bound/bound.hpp"
#include "splitlane/error.hpp"
#include "splitlane/version.hpp"

namespace splitlane {

MethodRun::MethodRun(std::string_view method, const Instance& instance, const MethodParameters& parameters)
    : method_(method),
      instance_(instance),
      parameters_(parameters),
      start_(std::chrono::steady_clock::now()),
      stop_(parameters.stop_condition()) {
  if (parameters.threads < 1) {
    throw Error(ErrorCode::kUsage,
                {"threads", "number of threads", fmt::format("{}", parameters.threads), "at least 1"});
  }
  if (parameters.time_limit_s && !(*parameters.time_limit_s > 0)) {
    throw Error(ErrorCode::kUsage,
                {"time_limit_s", "time limit", fmt::format("{}", *parameters.time_limit_s), "above 0 s"});
  }
  require_plannable(instance);
}

double MethodRun::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void MethodRun::report(std::string_view step, Time makespan, Time lower_bound) const {
  if (parameters_.on_progress) parameters_.on_progress({seconds(), makespan, lower_bound, step, std::nullopt});
}

void MethodRun::report(std::string_view step, const Progress::Iteration& iteration) const {
  if (parameters_.on_progress) parameters_.on_progress({seconds(), 0, 0, step, iteration});
}

bool MethodRun::complete(Assignment& choice) const {
  return complete_assignment(instance_, choice, exact::fit_exactly, stop_);
}

Schedule MethodRun::start_schedule(const Assignment* known) const {
  return splitlane::start_schedule(instance_, {parameters_.threads, parameters_.preemptive, exact::fit_exactly, stop_},
                                   known);
}

Plan MethodRun::finish(Assignment choice, Scheduler scheduler, std::vector<std::string> warnings) const {
  if (complete(choice)) {
    warnings.emplace_back(
        "the method's own order ran out of memory on every helper of some client; "
        "the assignment was completed by moving other clients");
  }
  report("schedule");
  Schedule schedule = schedule_assignment(instance_, choice, scheduler, parameters_.threads);
  report("bound", schedule.makespan);
  return finish({std::move(schedule)}, instance_bound(instance_, stop_), std::move(warnings));
}

Plan MethodRun::finish(Plan plan, Time lower_bound, std::vector<std::string> warnings) const {
  plan.origin.splitlane_version = kVersion;
  plan.origin.method = method_;
  plan.origin.seed = parameters_.seed;
  plan.origin.warnings = std::move(warnings);
  set_lower_bound(plan, lower_bound);
  // Whole microseconds, as a document has them: a plan that is read again is the same.
  plan.origin.runtime_ms = std::round(seconds() * 1e6) / 1e3;
  report("done", plan.schedule.makespan, plan.proof.lower_bound);
  return plan;
}

}  // namespace splitlane
