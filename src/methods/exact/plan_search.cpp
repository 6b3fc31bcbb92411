#include "methods/exact/plan_search.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "methods/exact/packing_dive.hpp"

namespace splitlane::exact {

namespace {

constexpr int kMostFailures = 4;
constexpr std::size_t kCheapest = 2;
constexpr double kInUse = 1e-3;
constexpr int kSearchParts = 4;
constexpr int kDivesPerTarget = 10;

// Each kind of search draws from numbers of its own, so that what one of them spends changes no other.
constexpr std::uint64_t kSeedOfDownwards = 1;
constexpr std::uint64_t kSeedOfRelaxation = 100;
constexpr std::uint64_t kSeedOfLong = 1000;
constexpr std::uint64_t kSeedOfDive = 10'000;

bool reach(SearchState& state, TabuSearch& search, Time target, std::uint64_t changes) {
  const bool reached = search.reach(target, changes);
  if (reached) state.adopt(search.choice(), target);
  if (!search.best_choice().empty() && search.best_end() < state.makespan()) {
    state.adopt(search.best_choice(), search.best_end());
  }
  state.ends.report("search");
  return reached;
}

// The columns in use, and for every client and helper those that cost least.
std::vector<std::uint8_t> preferred(const SearchState& state) {
  const ColumnTable& columns = state.columns;
  const std::vector<double> costs = state.relaxation.column_costs();
  std::vector<std::uint8_t> flags(columns.size(), 0);
  std::vector<ColumnIndex> together;  // the columns of one client on one helper
  const auto flag_cheapest = [&] {
    const auto kept = static_cast<std::ptrdiff_t>(std::min(kCheapest, together.size()));
    std::partial_sort(together.begin(), together.begin() + kept, together.end(),
                      [&](ColumnIndex left, ColumnIndex right) { return costs[left] < costs[right]; });
    for (auto column = together.begin(); column != together.begin() + kept; ++column) flags[*column] = 1;
    together.clear();
  };
  for (ColumnIndex column = 0; column < columns.size(); ++column) {
    if (state.relaxation.values()[column] > kInUse) flags[column] = 1;
    if (!together.empty() && !columns.are_alternatives(together.back(), column)) flag_cheapest();
    together.push_back(column);
  }
  flag_cheapest();
  return flags;
}

}  // namespace

void search_downwards(SearchState& state, const Choice& start) {
  if (state.ends.closed()) return;
  TabuSearch search(state.columns, state.lane_cache, state.parameters.seed + kSeedOfDownwards, state.parameters.stop);
  search.start(start);
  Time target = state.lower_bound();
  for (int failures = 0; failures < kMostFailures && !state.ended();) {
    target = std::clamp(target, state.lower_bound(), state.makespan() - 1);
    if (reach(state, search, target, state.effort.changes())) {
      failures = 0;
      target = state.lower_bound() + (state.makespan() - state.lower_bound()) / 2;
    } else {
      ++failures;
      target += (state.makespan() - target + 1) / 2;
    }
  }
}

void search_long(SearchState& state) {
  const std::uint64_t seed = kSeedOfLong + static_cast<std::uint64_t>(state.effort.doublings());
  TabuSearch search(state.columns, state.lane_cache, state.parameters.seed + seed, state.parameters.stop);
  if (state.effort.has_many_options()) search.prefer(preferred(state));
  search.start(state.best_choice());
  for (int part = 0; part < kSearchParts && !state.ended(); ++part) {
    // Later parts aim between bound and plan, where few helpers are late and single moves decide.
    const Time target = state.lower_bound() + (state.makespan() - 1 - state.lower_bound()) * part / kSearchParts;
    reach(state, search, target, state.effort.long_changes());
  }
}

Choice rounded(const SearchState& state) {
  const auto values = state.relaxation.values();
  Choice choice(state.columns.client_count(), kNoColumn);
  for (ColumnIndex column = 0; column < state.columns.size(); ++column) {
    ColumnIndex& best = choice[state.columns[column].client];
    if (state.columns[column].path > state.relaxation.makespan()) continue;
    if (best == kNoColumn || values[column] > values[best]) best = column;
  }
  return choice;
}

void search_from_relaxation(SearchState& state) {
  if (state.ends.closed()) return;
  const Time steps = state.effort.roundings();
  const Time first = state.lower_bound();
  const Time range = state.makespan() - 1 - state.lower_bound();
  Time previous = -1;
  for (Time step = 0; step < steps && !state.ended(); ++step) {
    const Time makespan = first + range * step / steps;
    if (makespan == previous || makespan >= state.makespan()) continue;
    previous = makespan;
    state.relaxation.set_makespan(makespan);
    const Domain domain(state.columns, makespan);
    if (state.relaxation.solve(domain, {}) != WindowRelaxation::Outcome::kFits) continue;
    const std::uint64_t seed = kSeedOfRelaxation + static_cast<std::uint64_t>(step);
    TabuSearch search(state.columns, state.lane_cache, state.parameters.seed + seed, state.parameters.stop);
    search.start(rounded(state));
    reach(state, search, makespan, state.effort.changes());
  }
}

void dive(SearchState& state, PackingRelaxation& packings) {
  const std::uint64_t seed = kSeedOfDive + static_cast<std::uint64_t>(state.effort.doublings());
  PackingDive search(state.columns, packings, state.parameters.seed + seed);
  for (Time target = state.lower_bound(); target < state.makespan() && !state.parameters.stop.reached();) {
    state.ends.report("packings");
    if (const auto cover = search.cover(target, kDivesPerTarget, state.effort.dive_pricing())) {
      state.adopt(completed(state.columns, *cover, target), target);
      target = state.lower_bound() + (state.makespan() - state.lower_bound()) / 2;
    } else {
      target += (state.makespan() - target + 1) / 2;
    }
  }
}

}  // namespace splitlane::exact
