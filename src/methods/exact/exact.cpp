#include "methods/exact/exact.hpp"

#include <memory>
#include <utility>

#include "methods/start_plan.hpp"
#include "splitlane/methods/method.hpp"

namespace splitlane {

Plan search_exactly(const MethodRun& run, Plan start, exact::SearchParameters search_parameters) {
  const MethodParameters& parameters = run.parameters();
  search_parameters.seed = parameters.seed;
  search_parameters.threads = parameters.threads;
  search_parameters.preemptive = parameters.preemptive;
  search_parameters.certificate = parameters.certificate;
  search_parameters.whole_proof = parameters.whole_proof;
  search_parameters.stop = run.stop();
  search_parameters.report = [&run](std::string_view step, Time makespan, Time lower_bound) {
    run.report(step, makespan, lower_bound);
  };
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
