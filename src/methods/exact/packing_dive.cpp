#include "methods/exact/packing_dive.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace splitlane::exact {

namespace {

constexpr double kWhole = 1 - 1e-6;
/// Shares this close are as good as equal.
constexpr double kNearTie = 0.15;

}  // namespace

std::optional<Choice> PackingDive::cover(Time makespan, int dives, std::uint64_t pricing_limit) {
  packings_.set_makespan(makespan);
  for (int count = 0; count < dives; ++count) {
    Domain domain(columns_, makespan);
    is_fixed_.assign(columns_.helper_count(), 0);
    bool dived = false;
    while (packings_.solve(domain, pricing_limit) == PackingRelaxation::Outcome::kFits) {
      if (packings_.integral()) return packings_.integral_choice();
      if (!fix_most_whole(domain)) break;
      dived = true;
    }
    if (!dived) return std::nullopt;
  }
  return std::nullopt;
}

// Every set that is whole already, or else the one that is most nearly so. False when there is none.
bool PackingDive::fix_most_whole(Domain& domain) {
  const auto sets = packings_.weighted_sets();
  const std::vector<ColumnIndex>* best = nullptr;
  double best_rank = 0;
  bool any_whole = false;
  for (const PackingRelaxation::WeightedSet& weighted : sets) {
    if (is_fixed_[columns_[weighted.set.front()].helper] != 0) continue;
    if (weighted.weight >= kWhole) {
      fix(domain, weighted.set);
      any_whole = true;
      continue;
    }
    const double rank = weighted.weight + kNearTie * random_unit(engine_);
    if (rank <= best_rank) continue;
    best_rank = rank;
    best = &weighted.set;
  }
  if (!any_whole && best != nullptr) fix(domain, *best);
  return any_whole || best != nullptr;
}

// The helper serves this set alone, as far as its clients are not served already.
void PackingDive::fix(Domain& domain, const std::vector<ColumnIndex>& set) {
  const HelperIndex helper = columns_[set.front()].helper;
  SPLITLANE_ASSERT(is_fixed_[helper] == 0, helper.value());
  SPLITLANE_ASSERT(
      std::all_of(set.begin(), set.end(), [&](ColumnIndex column) { return columns_[column].helper == helper; }),
      helper.value(), set.size());
  is_fixed_[helper] = 1;
  for (const ColumnIndex column : columns_.of_helper(helper)) {
    if (std::find(set.begin(), set.end(), column) == set.end()) domain.remove(column, columns_[column].client);
  }
  for (const ColumnIndex member : set) {
    if (!domain.allows(member)) continue;
    const ClientIndex client = columns_[member].client;
    for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
      if (column != member) domain.remove(column, client);
    }
  }
}

}  // namespace splitlane::exact
