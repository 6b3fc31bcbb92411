#include <array>
#include <utility>

#include "methods/assemble.hpp"
#include "methods/balanced_greedy.hpp"
#include "methods/earliest_end.hpp"
#include "methods/exact/exact_search.hpp"
#include "splitlane/bound/bound.hpp"
#include "splitlane/methods/method.hpp"

namespace splitlane {

namespace {

Lane schedule_start(std::span<const Service> services, const SwitchRule& rule) {
  return schedule_improved_jackson(services, rule, window_bound(services, rule));
}

Plan start_plan(const MethodRun& run) {
  Plan best;
  for (const auto& start : std::array{assign_earliest_end, assign_balanced_greedy}) {
    Assignment choice = start(run.instance());
    complete_assignment(run.instance(), choice, run.stop());
    const Scheduler scheduler = run.parameters().preemptive ? schedule_start : schedule_longest_first;
    Plan plan = schedule_assignment(run.instance(), choice, scheduler, run.parameters().threads);
    if (best.choice.empty() || plan.makespan < best.makespan) best = std::move(plan);
  }
  return best;
}

}  // namespace

Plan plan_exact(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("exact", instance, parameters);
  exact::SearchParameters search_parameters;
  search_parameters.seed = parameters.seed;
  search_parameters.preemptive = parameters.preemptive;
  search_parameters.certificate = parameters.certificate;
  search_parameters.stop = run.stop();
  search_parameters.report = [&run](std::string_view step, Time makespan, Time lower_bound) {
    run.report(step, makespan, lower_bound);
  };
  exact::ExactSearch search(instance, start_plan(run), search_parameters);
  search.run();
  Plan plan = search.plan();
  if (parameters.certificate) plan.certificate = std::make_shared<const Certificate>(search.certificate());
  return run.finish(std::move(plan), search.lower_bound());
}

}  // namespace splitlane
