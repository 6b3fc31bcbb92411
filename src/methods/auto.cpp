#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "methods/assemble.hpp"
#include "methods/balanced_greedy.hpp"
#include "methods/local_search.hpp"
#include "splitlane/bound/bound.hpp"

namespace splitlane {

namespace {

// Simulated tasks without a time limit: some milliseconds for small instances, and a share that grows with large ones.
constexpr std::uint64_t kSmallestBudget = 80'000;
constexpr std::uint64_t kBudgetPerOption = 10;
constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

/// What a helper's lane must last at least, kept while clients are added.
struct LaneEstimate {
  Time head = kLargestNumber;
  Time load = 0;
  Time tail = kLargestNumber;

  Time end_with(Time release, Time work, Time last) const {
    return std::min(head, release) + load + work + std::min(tail, last);
  }
};

/// Clients by decreasing least path pick the option that is estimated to end first: their own path, or the lane's
/// shortest way in, its work and its shortest way out. A client without room stays none().
Assignment assign_earliest_end(const Instance& instance) {
  std::vector<Time> shortest(instance.client_count(), kLargestNumber);
  for (const ClientIndex client : instance.clients()) {
    for (const OptionIndex option : instance.options(client)) {
      shortest[client.value()] = std::min(shortest[client.value()], instance.path(option));
    }
  }
  std::vector<std::size_t> order(instance.client_count());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t left, std::size_t right) { return shortest[left] > shortest[right]; });

  MemoryLedger ledger(instance);
  std::vector<LaneEstimate> lanes(instance.helper_count());
  Assignment choice(instance.client_count());
  for (const std::size_t client : order) {
    OptionIndex best;
    std::pair<Time, Time> best_rank;
    for (const OptionIndex option : instance.options(ClientIndex(client))) {
      if (!ledger.fits(option)) continue;
      Time end = instance.path(option);
      if (!instance.is_local(option)) {
        const LaneEstimate& lane = lanes[instance.helper(option).value()];
        end = std::max(end, lane.end_with(instance.release(option), instance.load(option), instance.tail(option)));
      }
      const std::pair<Time, Time> rank(end, instance.load(option));
      if (best.is_none() || rank < best_rank) {
        best = option;
        best_rank = rank;
      }
    }
    if (best.is_none()) continue;
    choice[client] = best;
    ledger.take(best);
    if (instance.is_local(best)) continue;
    LaneEstimate& lane = lanes[instance.helper(best).value()];
    lane.head = std::min(lane.head, instance.release(best));
    lane.tail = std::min(lane.tail, instance.tail(best));
    lane.load += instance.load(best);
  }
  return choice;
}

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
