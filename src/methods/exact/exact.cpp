#include "methods/exact/exact.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "methods/start_plan.hpp"
#include "splitlane/methods/method.hpp"

namespace splitlane {

namespace {

// Preempting a task then costs time that the windows and the exact schedules do not see, so bound and plan may never
// meet.
bool is_relaxed(const Instance& instance, bool preemptive) {
  for (const HelperIndex helper : instance.helpers()) {
    if (preemptive && instance.switch_cost(helper) > 0) return true;
  }
  return false;
}

}  // namespace

Plan search_exactly(const MethodRun& run, Plan start, exact::SearchParameters search_parameters) {
  const MethodParameters& parameters = run.parameters();
  search_parameters.seed = parameters.seed;
  search_parameters.threads = parameters.threads;
  search_parameters.preemptive = parameters.preemptive;
  search_parameters.certificate = parameters.certificate;
  search_parameters.stop = run.stop();
  search_parameters.report = [&run](std::string_view step, Time makespan, Time lower_bound) {
    run.report(step, makespan, lower_bound);
  };
  if (is_relaxed(run.instance(), parameters.preemptive)) {
    search_parameters.rounds = std::min(search_parameters.rounds, 1);
  }
  exact::ExactSearch search(run.instance(), std::move(start), std::move(search_parameters));
  search.run();
  Plan plan = search.plan();
  if (parameters.certificate) plan.certificate = std::make_shared<const Certificate>(search.certificate());
  return run.finish(std::move(plan), search.lower_bound());
}

Plan plan_exact(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("exact", instance, parameters);
  return search_exactly(run, start_plan(run), {});
}

}  // namespace splitlane
