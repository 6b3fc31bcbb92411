#include "methods/exact/exact.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "base/half_of_time.hpp"
#include "methods/large.hpp"
#include "methods/scale/scale.hpp"
#include "splitlane/methods/method.hpp"

namespace splitlane {

namespace {

constexpr std::size_t kMostSearched = 1'500'000;  // options: their tables alone take some 300 MB

}  // namespace

Plan search_exactly(const MethodRun& run, Plan start, const exact::SearchEffort& effort) {
  const MethodParameters& parameters = run.parameters();
  exact::SearchParameters search;
  search.seed = parameters.seed;
  search.threads = parameters.threads;
  search.preemptive = parameters.preemptive;
  search.certificate = parameters.certificate;
  search.whole_proof = parameters.whole_proof;
  search.effort = effort;
  // A whole proof takes about as long as finding that there is one.
  search.proof_stop = run.stop();
  search.stop = parameters.certificate && parameters.whole_proof ? half_of(run.stop()) : run.stop();
  search.report = [&run](std::string_view step, Time makespan, Time lower_bound) {
    run.report(step, makespan, lower_bound);
  };
  exact::ExactResult result = exact::search_exactly(run.instance(), std::move(start), search);
  Plan plan{std::move(result.schedule)};
  plan.proof.certificate = std::move(result.certificate);
  return run.finish(std::move(plan), result.lower_bound);
}

Plan plan_exact(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("exact", instance, parameters);
  Plan start{run.start_schedule()};
  if (!is_large(instance)) return search_exactly(run, std::move(start), exact::SearchEffort::unlimited());
  if (instance.option_count() > kMostSearched) {
    Plan plan = plan_large(run, std::move(start.schedule));
    plan.origin.warnings.push_back(
        fmt::format("{} options are more than {}: plan and bound are those of method scale, without the exact search",
                    instance.option_count(), kMostSearched));
    return plan;
  }
  Plan scaled = search_at_scale(run, start.schedule);
  if (start.schedule.makespan < scaled.schedule.makespan) {
    scaled.schedule = std::move(start.schedule);
  }
  return search_exactly(run, std::move(scaled), exact::SearchEffort::unlimited());
}

}  // namespace splitlane
