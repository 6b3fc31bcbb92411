#include <algorithm>
#include <utility>

#include "methods/exact/exact.hpp"
#include "methods/large.hpp"
#include "methods/method_run.hpp"

namespace splitlane {

namespace {

// Without a time limit: one round of proof and search, and packings only for few clients.
constexpr std::size_t kQuickNodes = 60;
constexpr std::size_t kQuickColumns = 60'000;  // nodes times options
constexpr int kQuickRoundings = 2;
constexpr std::uint64_t kQuickPricing = 1'000'000;
constexpr std::uint64_t kQuickChanges = 4;
constexpr std::size_t kQuicklyPacked = 24;

}  // namespace

Plan plan_auto(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("auto", instance, parameters);
  Plan start = run.start_plan();
  if (is_large(instance)) return plan_large(run, std::move(start));
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
