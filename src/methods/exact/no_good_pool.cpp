#include "methods/exact/no_good_pool.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/assert.hpp"
#include "base/stopped.hpp"

namespace splitlane::exact {

namespace {

/// A set is held against so many of the noted ones of a helper, which are the smallest: more would take longer than
/// stating some sets in vain.
constexpr std::size_t kMostMasks = 4000;

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
  known_.clear();
  masks_.assign(columns_.helper_count(), {});
}

// A proof may have needed what interruptions cost, and that depends on the switch cost.
bool NoGoodPool::says_something_on(HelperIndex of_set, HelperIndex helper) const {
  const Instance& instance = columns_.instance();
  return !lane_cache_.preemptive() || instance.switch_cost(of_set) == instance.switch_cost(helper);
}

std::vector<ColumnIndex> NoGoodPool::counted_columns(std::span<const ColumnIndex> set, HelperIndex helper) const {
  std::vector<ColumnIndex> counted;
  if (!says_something_on(columns_[set.front()].helper, helper)) return counted;
  for (const ColumnIndex column : columns_.of_helper(helper)) {
    if (counts(columns_, set, columns_[column])) counted.push_back(column);
  }
  return counted;
}

void NoGoodPool::add(std::vector<ColumnIndex> set, WindowRelaxation& relaxation) {
  SPLITLANE_ASSERT(!set.empty());
  set = smallest(std::move(set));
  const auto number = static_cast<std::uint32_t>(entries_.size());
  for (const HelperIndex helper : columns_.helpers()) {
    throw_if_reached(lane_cache_.stop());
    const std::vector<ColumnIndex> counted = counted_columns(set, helper);
    if (counted.size() < set.size()) continue;
    relaxation.add_no_good(number, helper, counted, set.size());
  }
  const HelperIndex helper = columns_[set.front()].helper;
  entries_.push_back({std::move(set), helper});
}

// Leaves out what the set does not need to be infeasible.
std::vector<ColumnIndex> NoGoodPool::smallest(std::vector<ColumnIndex> set) {
  for (std::size_t position = 0; position < set.size();) {
    std::vector<ColumnIndex> smaller = set;
    smaller.erase(smaller.begin() + static_cast<std::ptrdiff_t>(position));
    if (lane_cache_.decide(smaller, makespan_) == LaneCache::Verdict::kInfeasible) {
      set = std::move(smaller);
    } else {
      ++position;
    }
  }
  return set;
}

// Small sets come first, as they refute large ones; long work goes first, as what is left then refutes more.
void NoGoodPool::note(RefutedSets refuted) {
  lane_cache_.heed(refuted.stop);
  std::vector<std::vector<ColumnIndex>>& sets = refuted.sets;
  std::stable_sort(sets.begin(), sets.end(),
                   [](const auto& left, const auto& right) { return left.size() < right.size(); });
  for (std::vector<ColumnIndex>& set : sets) {
    throw_if_reached(refuted.stop);
    std::sort(set.begin(), set.end());
    if (is_refuted(set)) continue;
    std::stable_sort(set.begin(), set.end(), [this](ColumnIndex left, ColumnIndex right) {
      return columns_[left].plain.load() > columns_[right].plain.load();
    });
    set = smallest(std::move(set));
    std::sort(set.begin(), set.end());
    if (known_.insert(set).second) keep(std::move(set));
  }
}

bool NoGoodPool::is_refuted(std::span<const ColumnIndex> set) const {
  if (known_.contains({set.begin(), set.end()})) return true;
  const HelperIndex helper = columns_[set.front()].helper;
  const std::vector<std::uint64_t> bits = bits_of(set, helper);
  return std::any_of(masks_[helper].begin(), masks_[helper].end(), [&](const Mask& mask) {
    std::size_t count = 0;
    for (std::size_t word = 0; word < bits.size(); ++word) {
      count += static_cast<std::size_t>(std::popcount(bits[word] & mask.words[word]));
    }
    return count >= mask.size;
  });
}

void NoGoodPool::keep(std::vector<ColumnIndex> set) {
  SPLITLANE_ASSERT(!set.empty() && std::is_sorted(set.begin(), set.end()), set.size());
  for (const HelperIndex helper : columns_.helpers()) {
    if (masks_[helper].size() >= kMostMasks) continue;
    const std::vector<ColumnIndex> counted = counted_columns(set, helper);
    if (counted.size() >= set.size()) masks_[helper].push_back({bits_of(counted, helper), set.size()});
  }
  const HelperIndex helper = columns_[set.front()].helper;
  entries_.push_back({std::move(set), helper});
}

std::vector<std::uint64_t> NoGoodPool::bits_of(std::span<const ColumnIndex> set, HelperIndex helper) const {
  std::vector<std::uint64_t> words(columns_.of_helper(helper).size() / 64 + 1, 0);
  for (const ColumnIndex column : set) {
    const std::size_t position = columns_.position_of(column);
    words[position / 64] |= std::uint64_t{1} << (position % 64);
  }
  return words;
}

std::vector<NoGood> NoGoodPool::listed() const {
  std::vector<NoGood> result;
  for (const Entry& entry : entries_) {
    NoGood no_good;
    no_good.helper = entry.helper;
    for (const ColumnIndex column : entry.set) no_good.options.push_back(columns_[column].option);
    result.push_back(std::move(no_good));
  }
  return result;
}

std::vector<NoGood> NoGoodPool::certified(const StopCondition& stop) const {
  std::vector<NoGood> result = listed();
  lane_cache_.heed(stop);
  for (std::size_t number = 0; number < result.size(); ++number) {
    throw_if_reached(stop);
    result[number].proof = lane_cache_.proof(entries_[number].set, makespan_);
  }
  return result;
}

}  // namespace splitlane::exact
