#include <utility>

#include "methods/exact/exact.hpp"
#include "methods/large.hpp"
#include "methods/method_run.hpp"

namespace splitlane {

Plan plan_auto(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("auto", instance, parameters);
  Schedule start = run.start_schedule();
  if (is_large(instance)) return plan_large(run, std::move(start));
  return search_exactly(
      run, {std::move(start)},
      parameters.time_limit_s ? exact::SearchEffort::unlimited() : exact::SearchEffort::brief(instance.option_count()));
}

}  // namespace splitlane
