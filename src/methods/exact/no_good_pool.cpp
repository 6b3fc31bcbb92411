#include "methods/exact/no_good_pool.hpp"

#include <algorithm>
#include <utility>

namespace splitlane::exact {

namespace {

bool counts(const ColumnTable& columns, std::span<const ColumnIndex> set, const Column& column) {
  const auto replaces = [&](ColumnIndex member) { return no_longer(columns[member].plain, column.plain); };
  if (std::all_of(set.begin(), set.end(), replaces)) return true;
  return std::any_of(set.begin(), set.end(),
                     [&](ColumnIndex member) { return columns[member].client == column.client && replaces(member); });
}

}  // namespace

void NoGoodPool::start(Time makespan) {
  makespan_ = makespan;
  entries_.clear();
  noted_.clear();
}

// A proof may have needed what interruptions cost, and that depends on the switch cost.
bool NoGoodPool::says_something_on(HelperIndex of_set, HelperIndex helper) const {
  const Instance& instance = columns_.instance();
  return !lane_cache_.preemptive() || instance.switch_cost(of_set) == instance.switch_cost(helper);
}

std::vector<ColumnIndex> NoGoodPool::counted_columns(std::span<const ColumnIndex> set, std::size_t helper) const {
  std::vector<ColumnIndex> counted;
  if (!says_something_on(columns_[set.front()].helper, HelperIndex(helper))) return counted;
  for (const ColumnIndex column : columns_.of_helper(helper)) {
    if (counts(columns_, set, columns_[column])) counted.push_back(column);
  }
  return counted;
}

void NoGoodPool::add(std::vector<ColumnIndex> set, WindowRelaxation& relaxation) {
  for (std::size_t position = 0; position < set.size();) {
    std::vector<ColumnIndex> smaller = set;
    smaller.erase(smaller.begin() + static_cast<std::ptrdiff_t>(position));
    if (lane_cache_.decide(smaller, makespan_) == LaneCache::Verdict::kInfeasible) {
      set = std::move(smaller);
    } else {
      ++position;
    }
  }
  const auto number = static_cast<std::uint32_t>(entries_.size());
  for (std::size_t helper = 0; helper < columns_.helper_count(); ++helper) {
    const std::vector<ColumnIndex> counted = counted_columns(set, helper);
    if (counted.size() < set.size()) continue;
    relaxation.add_no_good(number, HelperIndex(helper), counted, set.size());
  }
  const HelperIndex helper = columns_[set.front()].helper;
  entries_.push_back({std::move(set), helper});
}

void NoGoodPool::note(std::span<const std::vector<ColumnIndex>> sets) {
  for (std::vector<ColumnIndex> set : sets) {
    std::sort(set.begin(), set.end());
    if (noted_.insert(set).second) entries_.push_back({set, columns_[set.front()].helper});
  }
}

std::vector<NoGood> NoGoodPool::certified() const {
  std::vector<NoGood> result;
  for (const Entry& entry : entries_) {
    NoGood no_good;
    no_good.helper = entry.helper;
    for (const ColumnIndex column : entry.set) no_good.options.push_back(columns_[column].option);
    no_good.proof = lane_cache_.proof(entry.set, makespan_);
    result.push_back(std::move(no_good));
  }
  return result;
}

}  // namespace splitlane::exact
