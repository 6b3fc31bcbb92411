#include "methods/large.hpp"

#include <utility>

#include "assignment/local_search.hpp"
#include "assignment/schedule_assignment.hpp"
#include "methods/scale/scale.hpp"

namespace splitlane {

namespace {

// Up to here the window relaxation of the exact search pays off.
constexpr std::size_t kMostOptions = 120'000;
constexpr std::size_t kMostClients = 1'000;
constexpr std::size_t kMostClientsPerHelper = 60;

// Simulated tasks of the plain local search without a time limit: a share that grows with the instance.
constexpr std::uint64_t kSmallestBudget = 80'000;
constexpr std::uint64_t kBudgetPerOption = 10;
constexpr std::size_t kMostClientsOfLocalSearch = 20'000;
constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

}  // namespace

bool is_large(const Instance& instance) {
  return instance.option_count() > kMostOptions || instance.client_count() > kMostClients ||
         instance.client_count() > kMostClientsPerHelper * instance.helper_count();
}

Plan plan_large(const MethodRun& run, Schedule best) {
  const Instance& instance = run.instance();
  const MethodParameters& parameters = run.parameters();
  Plan scaled = search_at_scale(run, best);
  const Time bound = scaled.proof.lower_bound;
  if (scaled.schedule.makespan <= best.makespan) best = std::move(scaled.schedule);
  if (best.makespan > bound && parameters.preemptive && instance.client_count() <= kMostClientsOfLocalSearch) {
    run.report("search", best.makespan, bound);
    const std::uint64_t budget =
        parameters.time_limit_s ? kUnlimited : kSmallestBudget + kBudgetPerOption * instance.option_count();
    RandomEngine engine(parameters.seed);
    LocalSearch search(instance, best.choice, bound, budget, run.stop());
    search.run(engine);
    Schedule schedule = schedule_assignment(instance, search.best(), schedule_improved, parameters.threads);
    if (schedule.makespan < best.makespan) best = std::move(schedule);
  }
  scaled.schedule = std::move(best);
  return run.finish(std::move(scaled), bound);
}

}  // namespace splitlane
