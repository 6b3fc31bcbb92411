// The half of the exact search that looks for plans.
#include <algorithm>
#include <cstddef>
#include <utility>

#include "methods/exact/exact_search.hpp"
#include "methods/exact/packing_dive.hpp"

namespace splitlane::exact {

namespace {

constexpr int kMostFailures = 4;
constexpr std::size_t kCheapest = 2;
constexpr double kInUse = 1e-3;
constexpr std::uint64_t kLeastIterations = 400;
constexpr int kSearchParts = 4;
constexpr int kDivesPerTarget = 10;

}  // namespace

std::uint64_t ExactSearch::iterations() const {
  // Of many columns a client and helper up to three are tried, which makes a change dearer.
  const std::size_t pairs = columns_->client_count() * columns_->helper_count();
  const std::uint64_t dearness = std::clamp<std::uint64_t>(columns_->size() / pairs, 1, 3);
  return (kLeastIterations + parameters_.changes_per_client * columns_->client_count()) / dearness;
}

bool ExactSearch::reach(TargetSearch& search, Time target, std::uint64_t iterations) {
  const bool reached = search.reach(target, iterations);
  if (reached) adopt(search.choice(), target);
  if (!search.best_choice().empty() && search.best_end() < best_.makespan)
    adopt(search.best_choice(), search.best_end());
  report("search");
  return reached;
}

// Towards the bound, by halves of what is left, until a few targets in a row were missed.
void ExactSearch::search_downwards(const Choice& start) {
  if (closed()) return;
  TargetSearch search(*columns_, *lane_cache_, parameters_.seed + 1, parameters_.stop);
  search.start(start);
  Time target = lower_bound_;
  for (int failures = 0; failures < kMostFailures && !closed() && !parameters_.stop.reached();) {
    target = std::clamp(target, lower_bound_, best_.makespan - 1);
    if (reach(search, target, iterations())) {
      failures = 0;
      target = lower_bound_ + (best_.makespan - lower_bound_) / 2;
    } else {
      ++failures;
      target += (best_.makespan - target + 1) / 2;
    }
  }
}

// From the best plan, with the bound as target: then all helpers count as late and load spreads
// (docs/how_it_works.md#a-million-clients).
void ExactSearch::search_long() {
  TargetSearch search(*columns_, *lane_cache_, parameters_.seed + 1000 + static_cast<std::uint64_t>(effort_),
                      parameters_.stop);
  if (columns_->has_many_options()) search.prefer(preferred());
  search.start(choice_of_best());
  const std::uint64_t effort = iterations() << (effort_ + 1);
  for (int part = 0; part < kSearchParts && !closed() && !parameters_.stop.reached(); ++part) {
    // Later parts aim between bound and plan, where few helpers are late and single moves decide.
    const Time target = lower_bound_ + (best_.makespan - 1 - lower_bound_) * part / kSearchParts;
    reach(search, target, effort);
  }
}

// The columns of the best plan. An option too long to be a column, or dominated, gives way to another on its helper.
Choice ExactSearch::choice_of_best() const {
  Choice choice(columns_->client_count(), TargetSearch::kUnset);
  for (ColumnIndex column = 0; column < columns_->size(); ++column) {
    const Column& entry = (*columns_)[column];
    const OptionIndex option = best_.choice[entry.client.value()];
    if (instance_.helper(option) != entry.helper) continue;
    ColumnIndex& chosen = choice[entry.client.value()];
    if (chosen == TargetSearch::kUnset || entry.option == option) chosen = column;
  }
  return choice;
}

// The columns in use, and for every client and helper those that cost least.
std::vector<std::uint8_t> ExactSearch::preferred() const {
  const std::vector<double> costs = relaxation_->column_costs();
  std::vector<std::uint8_t> flags(columns_->size(), 0);
  std::vector<ColumnIndex> together;  // the columns of one client on one helper
  const auto flag_cheapest = [&] {
    const auto kept = static_cast<std::ptrdiff_t>(std::min(kCheapest, together.size()));
    std::partial_sort(together.begin(), together.begin() + kept, together.end(),
                      [&](ColumnIndex left, ColumnIndex right) { return costs[left] < costs[right]; });
    for (auto column = together.begin(); column != together.begin() + kept; ++column) flags[*column] = 1;
    together.clear();
  };
  for (ColumnIndex column = 0; column < columns_->size(); ++column) {
    if (relaxation_->values()[column] > kInUse) flags[column] = 1;
    if (!together.empty() && !columns_->are_alternatives(together.back(), column)) flag_cheapest();
    together.push_back(column);
  }
  flag_cheapest();
  return flags;
}

// The column of the largest value of each client.
Choice ExactSearch::rounded() const {
  const auto values = relaxation_->values();
  Choice choice(columns_->client_count(), TargetSearch::kUnset);
  for (ColumnIndex column = 0; column < columns_->size(); ++column) {
    ColumnIndex& best = choice[(*columns_)[column].client.value()];
    if ((*columns_)[column].path > relaxation_->makespan()) continue;
    if (best == TargetSearch::kUnset || values[column] > values[best]) best = column;
  }
  return choice;
}

// Rounds fractional solutions at makespans between the bounds and repairs them.
void ExactSearch::search_from_relaxation() {
  if (closed()) return;
  const Time steps = parameters_.roundings;
  const Time first = lower_bound_;
  const Time range = best_.makespan - 1 - lower_bound_;
  Time previous = -1;
  for (Time step = 0; step < steps && !closed() && !parameters_.stop.reached(); ++step) {
    const Time makespan = first + range * step / steps;
    if (makespan == previous || makespan >= best_.makespan) continue;
    previous = makespan;
    relaxation_->set_makespan(makespan);
    const Domain domain(*columns_, makespan);
    if (relaxation_->solve(domain, {}) != WindowRelaxation::Outcome::kFits) continue;
    TargetSearch search(*columns_, *lane_cache_, parameters_.seed + 100 + static_cast<std::uint64_t>(step),
                        parameters_.stop);
    search.start(rounded());
    reach(search, makespan, iterations());
  }
}

// Whole sets for makespans from the bound upwards, by halves of what is left to the best plan.
void ExactSearch::dive() {
  PackingDive search(*columns_, *packings_, parameters_.seed + 10'000 + static_cast<std::uint64_t>(effort_));
  for (Time target = lower_bound_; target < best_.makespan && !parameters_.stop.reached();) {
    report("packings");
    if (const auto cover = search.cover(target, kDivesPerTarget, parameters_.pricing_limit)) {
      adopt(completed(*cover, target), target);
      target = lower_bound_ + (best_.makespan - lower_bound_) / 2;
    } else {
      target += (best_.makespan - target + 1) / 2;
    }
  }
}

// Schedules every helper by `makespan`, as the search found possible, and keeps the plan when it is better.
bool ExactSearch::adopt(const Choice& choice, Time makespan) {
  std::vector<std::vector<ColumnIndex>> lanes(columns_->helper_count());
  std::vector<OptionIndex> options;
  for (const ColumnIndex column : choice) {
    options.push_back((*columns_)[column].option);
    if (!(*columns_)[column].is_local()) lanes[(*columns_)[column].helper.value()].push_back(column);
  }
  SegmentTable table;
  for (const std::vector<ColumnIndex>& lane : lanes) {
    std::vector<Segment> segments;
    for (const LaneSegment& segment : lane_cache_->lane(lane, makespan)) {
      segments.push_back({(*columns_)[lane[segment.service]].client, segment.task, segment.start, segment.end});
    }
    table.append_lane(segments);
  }
  Plan plan = evaluate_plan(instance_, std::move(options), std::move(table));
  if (plan.makespan >= best_.makespan) return false;
  best_ = std::move(plan);
  return true;
}

// Clients that a cover leaves out train locally.
Choice ExactSearch::completed(Choice choice, Time makespan) const {
  for (std::size_t client = 0; client < choice.size(); ++client) {
    if (choice[client] != PackingRelaxation::kUncovered) continue;
    for (ColumnIndex column = columns_->first_of(client); column < columns_->end_of(client); ++column) {
      if ((*columns_)[column].is_local() && (*columns_)[column].path <= makespan) choice[client] = column;
    }
  }
  return choice;
}

}  // namespace splitlane::exact
