#include <algorithm>
#include <array>
#include <utility>

#include "methods/assemble.hpp"
#include "methods/balanced_greedy.hpp"
#include "methods/earliest_end.hpp"
#include "methods/local_search.hpp"
#include "splitlane/bound/bound.hpp"

namespace splitlane {

namespace {

// Simulated tasks without a time limit: some milliseconds for small instances, and a share that grows with large ones.
constexpr std::uint64_t kSmallestBudget = 80'000;
constexpr std::uint64_t kBudgetPerOption = 10;
constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

Lane schedule_best(std::span<const Service> services, const SwitchRule& rule) {
  return schedule_improved_jackson(services, rule, window_bound(services, rule));
}

}  // namespace

Plan plan_auto(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("auto", instance, parameters);
  const Time bound = instance_bound(instance, run.stop());

  Plan best;
  const auto offer = [&](const Assignment& choice, Scheduler scheduler) {
    Plan plan = schedule_assignment(instance, choice, scheduler, parameters.threads);
    if (best.choice.empty() || plan.makespan < best.makespan) best = std::move(plan);
    run.report("search", best.makespan, bound);
    return best.makespan <= bound;
  };
  const std::array starts = {assign_earliest_end, assign_balanced_greedy};
  const std::uint64_t budget =
      parameters.time_limit_s ? kUnlimited : kSmallestBudget + kBudgetPerOption * instance.option_count();
  for (const auto& start : starts) {
    Assignment choice = start(instance);
    complete_assignment(instance, choice, run.stop());
    if (offer(choice, schedule_best) || offer(choice, schedule_fcfs)) break;
  }
  if (best.makespan > bound) {
    RandomEngine engine(parameters.seed);
    LocalSearch search(instance, best.choice, bound, budget, run.stop());
    search.run(engine);
    offer(search.best(), schedule_best);
  }
  return run.finish(std::move(best), bound);
}

}  // namespace splitlane
