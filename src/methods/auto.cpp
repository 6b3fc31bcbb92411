#include <algorithm>
#include <memory>
#include <span>
#include <utility>

#include "methods/assemble.hpp"
#include "methods/exact/exact.hpp"
#include "methods/local_search.hpp"
#include "methods/scale/scale.hpp"
#include "methods/start_plan.hpp"
#include "splitlane/bound/bound.hpp"

namespace splitlane {

namespace {

// Up to here the window relaxation of the exact search pays off.
constexpr std::size_t kMostOptions = 120'000;
constexpr std::size_t kMostClients = 1'000;
constexpr std::size_t kMostClientsPerHelper = 60;
// Without a time limit: one round of proof and search, and packings only for few clients.
constexpr std::size_t kQuickNodes = 60;
constexpr std::size_t kQuickColumns = 60'000;  // nodes times options
constexpr int kQuickRoundings = 2;
constexpr std::uint64_t kQuickPricing = 1'000'000;
constexpr std::uint64_t kQuickChanges = 4;
constexpr std::size_t kQuicklyPacked = 24;

// Simulated tasks of the plain local search without a time limit: a share that grows with the instance.
constexpr std::uint64_t kSmallestBudget = 80'000;
constexpr std::uint64_t kBudgetPerOption = 10;
constexpr std::size_t kMostClientsOfLocalSearch = 20'000;
constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

Lane schedule_best(std::span<const Service> services, const SwitchRule& rule) {
  return schedule_improved_jackson(services, rule, window_bound(services, rule));
}

// The search of `scale`, and where the clients are few enough for single changes to matter a local search after it,
// from the better plan.
Plan plan_large(const MethodRun& run, Plan best) {
  const Instance& instance = run.instance();
  const MethodParameters& parameters = run.parameters();
  Plan scaled = search_at_scale(run, best);
  const Time bound = scaled.lower_bound;
  const std::shared_ptr<const Certificate> certificate = scaled.certificate;
  if (scaled.makespan <= best.makespan) best = std::move(scaled);
  if (best.makespan > bound && parameters.preemptive && instance.client_count() <= kMostClientsOfLocalSearch) {
    run.report("search", best.makespan, bound);
    const std::uint64_t budget =
        parameters.time_limit_s ? kUnlimited : kSmallestBudget + kBudgetPerOption * instance.option_count();
    RandomEngine engine(parameters.seed);
    LocalSearch search(instance, best.choice, bound, budget, run.stop());
    search.run(engine);
    Plan plan = schedule_assignment(instance, search.best(), schedule_best, parameters.threads);
    if (plan.makespan < best.makespan) best = std::move(plan);
  }
  best.certificate = certificate;
  return run.finish(std::move(best), bound);
}

}  // namespace

Plan plan_auto(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("auto", instance, parameters);
  Plan start = start_plan(run);
  if (instance.option_count() > kMostOptions || instance.client_count() > kMostClients ||
      instance.client_count() > kMostClientsPerHelper * instance.helper_count()) {
    return plan_large(run, std::move(start));
  }
  exact::SearchParameters effort;
  if (!parameters.time_limit_s) {
    effort.rounds = 1;
    effort.node_limit = std::clamp<std::size_t>(kQuickColumns / instance.option_count(), 1, kQuickNodes);
    effort.roundings = kQuickRoundings;
    effort.pricing_limit = kQuickPricing;
    effort.changes_per_client = kQuickChanges;
    effort.most_packed_clients = kQuicklyPacked;
  }
  return search_exactly(run, std::move(start), std::move(effort));
}

}  // namespace splitlane
