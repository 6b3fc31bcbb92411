#include "methods/exact/target_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace splitlane::exact {

namespace {

constexpr std::uint64_t kShortestTabu = 5;
constexpr std::uint64_t kTabuSpread = 10;
constexpr std::uint64_t kMostSwaps = 60;
constexpr std::uint64_t kExactPeriod = 50;
constexpr std::uint64_t kExactNodes = 2'000;
// Among changes that leave the sum alone, the one after which the two helpers end earlier.
constexpr double kEndWeight = 1e-4;
constexpr Time kNever = std::numeric_limits<Time>::max() / 4;

}  // namespace

TargetSearch::TargetSearch(const ColumnTable& columns, LaneCache& lane_cache, std::uint64_t seed,
                           const StopCondition& stop)
    : columns_(columns), lane_cache_(lane_cache), engine_(seed), stop_(stop) {}

bool TargetSearch::fits_memory(ColumnIndex column, Megabytes returned) const {
  if (columns_[column].is_local()) return true;
  const std::size_t helper = columns_[column].helper.value();
  return columns_[column].memory <= columns_.memory(helper) - memory_[helper] + returned;
}

bool TargetSearch::start(std::span<const ColumnIndex> choice) {
  const std::size_t helpers = columns_.helper_count();
  choice_.assign(columns_.client_count(), kUnset);
  lanes_.assign(helpers, {});
  end_.assign(helpers, 0);
  load_.assign(helpers, 0);
  least_head_.assign(helpers, kNever);
  least_tail_.assign(helpers, kNever);
  memory_.assign(helpers, 0);
  tabu_until_.assign(columns_.size(), 0);
  iteration_ = 0;
  std::vector<std::pair<Time, std::size_t>> unset;
  for (std::size_t client = 0; client < choice.size(); ++client) {
    if (choice[client] != kUnset && fits_memory(choice[client], 0)) {
      put(client, choice[client]);
      continue;
    }
    Time shortest = kNever;
    for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
      shortest = std::min(shortest, columns_[column].path);
    }
    unset.emplace_back(shortest, client);
  }
  for (std::size_t helper = 0; helper < helpers; ++helper) refresh(helper);
  std::stable_sort(unset.begin(), unset.end(),
                   [](const auto& left, const auto& right) { return left.first > right.first; });
  return std::all_of(unset.begin(), unset.end(), [this](const auto& entry) { return place(entry.second); });
}

// Puts a client where its helper ends first; ties go to the least load.
bool TargetSearch::place(std::size_t client) {
  ColumnIndex best = kUnset;
  std::pair<Time, Time> best_rank;
  for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
    if (!fits_memory(column, 0)) continue;
    std::pair<Time, Time> rank(columns_[column].path, 0);
    if (!columns_[column].is_local()) {
      const std::size_t helper = columns_[column].helper.value();
      if (best != kUnset && least_end_with(helper, column) > best_rank.first) continue;
      rank = {end_with(helper, columns_.client_count(), column), load_[helper] + columns_[column].plain.load()};
    }
    if (best != kUnset && rank >= best_rank) continue;
    best = column;
    best_rank = rank;
  }
  if (best == kUnset) return false;
  put(client, best);
  if (!columns_[best].is_local()) refresh(columns_[best].helper.value());
  return true;
}

void TargetSearch::put(std::size_t client, ColumnIndex column) {
  choice_[client] = column;
  if (columns_[column].is_local()) return;
  const std::size_t helper = columns_[column].helper.value();
  lanes_[helper].push_back(column);
  memory_[helper] += columns_[column].memory;
}

void TargetSearch::take_off(std::size_t client) {
  const ColumnIndex column = choice_[client];
  if (columns_[column].is_local()) return;
  const std::size_t helper = columns_[column].helper.value();
  std::erase(lanes_[helper], column);
  memory_[helper] -= columns_[column].memory;
}

void TargetSearch::refresh(std::size_t helper) {
  load_[helper] = 0;
  least_head_[helper] = kNever;
  least_tail_[helper] = kNever;
  for (const ColumnIndex column : lanes_[helper]) {
    load_[helper] += columns_[column].plain.load();
    least_head_[helper] = std::min(least_head_[helper], columns_[column].plain.release);
    least_tail_[helper] = std::min(least_tail_[helper], columns_[column].plain.tail);
  }
  end_[helper] = lane_cache_.quick_end(lanes_[helper]);
}

// End of the helper's lane without one client (none: client_count()) and with one more column (none: kUnset).
Time TargetSearch::end_with(std::size_t helper, std::size_t without, ColumnIndex with) {
  scratch_.clear();
  for (const ColumnIndex column : lanes_[helper]) {
    if (columns_[column].client.value() != without) scratch_.push_back(column);
  }
  if (with != kUnset) scratch_.push_back(with);
  return lane_cache_.quick_end(scratch_);
}

// No schedule with this column added ends sooner.
Time TargetSearch::least_end_with(std::size_t helper, ColumnIndex with) const {
  const Column& column = columns_[with];
  const Time head = std::min(least_head_[helper], column.plain.release);
  const Time tail = std::min(least_tail_[helper], column.plain.tail);
  return std::max(column.path, head + load_[helper] + column.plain.load() + tail);
}

double TargetSearch::late(Time end) const {
  return static_cast<double>(std::max<Time>(0, end - target_)) + kEndWeight * static_cast<double>(end);
}

double TargetSearch::total_late() const {
  double total = 0;
  for (const Time end : end_) total += static_cast<double>(std::max<Time>(0, end - target_));
  return total;
}

Time TargetSearch::latest_end() const {
  Time latest = *std::max_element(end_.begin(), end_.end());
  for (const ColumnIndex column : choice_) {
    if (columns_[column].is_local()) latest = std::max(latest, columns_[column].path);
  }
  return latest;
}

// One of the late helpers, each with the same chance.
std::size_t TargetSearch::pick_late_helper() {
  std::size_t picked = 0;
  std::uint64_t count = 0;
  for (std::size_t helper = 0; helper < end_.size(); ++helper) {
    if (end_[helper] > target_ && random_below(engine_, ++count) == 0) picked = helper;
  }
  return picked;
}

void TargetSearch::offer(const Change& change, Change& best) {
  const bool tabu = is_tabu(change.to) || (change.back != kUnset && is_tabu(change.back));
  if (tabu && late_now_ - change.gain >= best_late_ - 0.5) return;
  if (best.to == kUnset || change.gain > best.gain) best = change;
}

void TargetSearch::try_moves(std::size_t helper, Change& best) {
  const std::vector<ColumnIndex> lane = lanes_[helper];
  for (const ColumnIndex from : lane) {
    const std::size_t client = columns_[from].client.value();
    const Time relieved = end_with(helper, client, kUnset);
    const double relief = late(end_[helper]) - late(relieved);
    for (ColumnIndex to = columns_.first_of(client); to < columns_.end_of(client); ++to) {
      if (to == from || columns_[to].path > target_) continue;
      if (columns_[to].is_local()) {
        offer({relief, to, kUnset}, best);
        continue;
      }
      const std::size_t other = columns_[to].helper.value();
      if (other == helper) {
        if (!fits_memory(to, columns_[from].memory)) continue;
        offer({late(end_[helper]) - late(end_with(helper, client, to)), to, kUnset}, best);
        continue;
      }
      if (!fits_memory(to, 0)) continue;
      const double most = relief + late(end_[other]) - late(least_end_with(other, to));
      if (best.to != kUnset && most <= best.gain) continue;
      offer({relief + late(end_[other]) - late(end_with(other, columns_.client_count(), to)), to, kUnset}, best);
    }
  }
}

// A column of the client on a helper, one that ends by the target; each with the same chance.
ColumnIndex TargetSearch::column_on(std::size_t client, std::size_t helper) {
  ColumnIndex picked = kUnset;
  std::uint64_t count = 0;
  for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
    if (columns_[column].helper != HelperIndex(helper) || columns_[column].path > target_) continue;
    if (random_below(engine_, ++count) == 0) picked = column;
  }
  return picked;
}

void TargetSearch::try_swaps(std::size_t helper, Change& best) {
  const std::vector<ColumnIndex>& lane = lanes_[helper];
  if (lane.empty()) return;
  const std::uint64_t tries = std::min<std::uint64_t>(kMostSwaps, lane.size() * choice_.size() / 2 + 1);
  for (std::uint64_t attempt = 0; attempt < tries; ++attempt) {
    const ColumnIndex from = lane[random_below(engine_, lane.size())];
    const ColumnIndex partner = choice_[random_below(engine_, choice_.size())];
    if (columns_[partner].is_local() || columns_[partner].helper.value() == helper) continue;
    const std::size_t other = columns_[partner].helper.value();
    const ColumnIndex to = column_on(columns_[from].client.value(), other);
    const ColumnIndex back = column_on(columns_[partner].client.value(), helper);
    if (to == kUnset || back == kUnset) continue;
    if (!fits_memory(to, columns_[partner].memory) || !fits_memory(back, columns_[from].memory)) continue;
    const double here = late(end_[helper]) - late(end_with(helper, columns_[from].client.value(), back));
    const double there = late(end_[other]) - late(end_with(other, columns_[partner].client.value(), to));
    offer({here + there, to, back}, best);
  }
}

void TargetSearch::apply(const Change& change) {
  const std::uint64_t tabu = iteration_ + kShortestTabu + random_below(engine_, kTabuSpread);
  const auto move = [&](ColumnIndex column) {
    const std::size_t client = columns_[column].client.value();
    const ColumnIndex previous = choice_[client];
    tabu_until_[previous] = tabu;
    take_off(client);
    put(client, column);
    return previous;
  };
  const ColumnIndex previous = move(change.to);
  if (change.back != kUnset) move(change.back);
  refresh(columns_[previous].helper.value());
  if (!columns_[change.to].is_local()) refresh(columns_[change.to].helper.value());
}

// The quick schedules of late helpers may be to blame rather than the assignment.
bool TargetSearch::all_fit_exactly() {
  for (std::size_t helper = 0; helper < end_.size(); ++helper) {
    if (end_[helper] <= target_) continue;
    if (lane_cache_.decide(lanes_[helper], target_, kExactNodes) != LaneCache::Verdict::kFeasible) return false;
  }
  return true;
}

bool TargetSearch::reach(Time target, std::uint64_t iterations) {
  target_ = target;
  std::fill(tabu_until_.begin(), tabu_until_.end(), 0);
  iteration_ = 0;
  best_late_ = std::numeric_limits<double>::max();
  // What a start takes from outside may be too long for the target.
  for (std::size_t client = 0; client < choice_.size(); ++client) {
    if (columns_[choice_[client]].path <= target_) continue;
    take_off(client);
    const ColumnIndex previous = choice_[client];
    ColumnIndex next = kUnset;
    for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
      if (columns_[column].path > target_ || !fits_memory(column, 0)) continue;
      if (next == kUnset || columns_[column].path < columns_[next].path) next = column;
    }
    put(client, next == kUnset ? previous : next);
    if (!columns_[previous].is_local()) refresh(columns_[previous].helper.value());
    if (next == kUnset) return false;
    if (!columns_[next].is_local()) refresh(columns_[next].helper.value());
  }
  while (iteration_++ < iterations && !stop_.reached()) {
    late_now_ = total_late();
    if (late_now_ == 0) return true;
    const bool improved = late_now_ < best_late_ - 0.5;
    if (improved) best_late_ = late_now_;
    if ((improved || iteration_ % kExactPeriod == 0) && all_fit_exactly()) return true;
    const std::size_t helper = pick_late_helper();
    Change best;
    try_moves(helper, best);
    try_swaps(helper, best);
    if (best.to != kUnset) apply(best);
  }
  return false;
}

}  // namespace splitlane::exact
