#include "methods/exact/tabu_search.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>
#include <utility>

#include "base/stopped.hpp"

namespace splitlane::exact {

namespace {

constexpr std::uint64_t kShortestTabu = 5;
constexpr std::uint64_t kTabuSpread = 10;
constexpr std::uint64_t kMostSwaps = 60;
constexpr std::uint64_t kExactPeriod = 50;
constexpr std::uint64_t kExactNodes = 2'000;
// Among changes that leave the sum alone, the one after which the two helpers end earlier.
constexpr double kEndWeight = 1e-4;
// Lateness, as a share of the target, of a helper that holds twice its memory.
constexpr double kMemoryWeight = 2.0;
constexpr Time kOutOfReach = std::numeric_limits<Time>::max() / 4;

}  // namespace

TabuSearch::TabuSearch(const ColumnTable& columns, LaneCache& lane_cache, std::uint64_t seed, const StopCondition& stop)
    : columns_(columns), lane_cache_(lane_cache), engine_(seed), stop_(stop) {}

bool TabuSearch::may_hold(HelperIndex helper, Megabytes memory) const {
  return memory <= std::max(columns_.memory(helper), memory_[helper]);
}

void TabuSearch::start(const Choice& choice) {
  const std::size_t helpers = columns_.helper_count();
  choice_.assign(columns_.client_count(), kNoColumn);
  lanes_.assign(helpers, {});
  end_.assign(helpers, 0);
  load_.assign(helpers, 0);
  least_head_.assign(helpers, kOutOfReach);
  least_tail_.assign(helpers, kOutOfReach);
  memory_.assign(helpers, 0);
  best_choice_.clear();
  best_end_ = kOutOfReach;
  std::vector<std::pair<Time, ClientIndex>> unset;
  for (const ClientIndex client : columns_.clients()) {
    if (choice[client] != kNoColumn) {
      put(client, choice[client]);
      continue;
    }
    Time shortest = kOutOfReach;
    for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
      shortest = std::min(shortest, columns_[column].path);
    }
    unset.emplace_back(shortest, client);
  }
  for (const HelperIndex helper : columns_.helpers()) refresh(helper);
  std::stable_sort(unset.begin(), unset.end(),
                   [](const auto& left, const auto& right) { return left.first > right.first; });
  for (const auto& [shortest, client] : unset) {
    throw_if_reached(stop_);
    place(client);
  }
}

// Puts a client where memory is exceeded least and its helper then ends first; ties go to the least load.
void TabuSearch::place(ClientIndex client) {
  ColumnIndex best = kNoColumn;
  std::tuple<Megabytes, Time, Time> best_rank;
  for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
    std::tuple<Megabytes, Time, Time> rank(0, columns_[column].path, 0);
    if (!columns_[column].is_local()) {
      const HelperIndex helper = columns_[column].helper;
      const Megabytes excess =
          std::max<Megabytes>(0, memory_[helper] - columns_.memory(helper) + columns_[column].memory);
      if (best != kNoColumn && std::pair(excess, least_end_with(helper, column)) >
                                   std::pair(std::get<0>(best_rank), std::get<1>(best_rank))) {
        continue;
      }
      rank = {excess, end_with(helper, ClientIndex::none(), column), load_[helper] + columns_[column].plain.load()};
    }
    if (best != kNoColumn && rank >= best_rank) continue;
    best = column;
    best_rank = rank;
  }
  put(client, best);
  if (!columns_[best].is_local()) refresh(columns_[best].helper);
}

void TabuSearch::put(ClientIndex client, ColumnIndex column) {
  choice_[client] = column;
  if (columns_[column].is_local()) return;
  const HelperIndex helper = columns_[column].helper;
  lanes_[helper].push_back(column);
  memory_[helper] += columns_[column].memory;
}

void TabuSearch::take_off(ClientIndex client) {
  const ColumnIndex column = choice_[client];
  if (columns_[column].is_local()) return;
  const HelperIndex helper = columns_[column].helper;
  std::erase(lanes_[helper], column);
  memory_[helper] -= columns_[column].memory;
}

void TabuSearch::refresh(HelperIndex helper) {
  load_[helper] = 0;
  least_head_[helper] = kOutOfReach;
  least_tail_[helper] = kOutOfReach;
  for (const ColumnIndex column : lanes_[helper]) {
    load_[helper] += columns_[column].plain.load();
    least_head_[helper] = std::min(least_head_[helper], columns_[column].plain.release);
    least_tail_[helper] = std::min(least_tail_[helper], columns_[column].plain.tail);
  }
  end_[helper] = lane_cache_.quick_end(lanes_[helper]);
}

// End of the helper's lane without one client (or none()) and with one more column (or kNoColumn).
Time TabuSearch::end_with(HelperIndex helper, ClientIndex without, ColumnIndex with) {
  scratch_.clear();
  for (const ColumnIndex column : lanes_[helper]) {
    if (columns_[column].client != without) scratch_.push_back(column);
  }
  if (with != kNoColumn) scratch_.push_back(with);
  return lane_cache_.quick_end(scratch_);
}

// No schedule with this column added ends sooner.
Time TabuSearch::least_end_with(HelperIndex helper, ColumnIndex with) const {
  const Column& column = columns_[with];
  const Time head = std::min(least_head_[helper], column.plain.release);
  const Time tail = std::min(least_tail_[helper], column.plain.tail);
  return std::max(column.path, head + load_[helper] + column.plain.load() + tail);
}

// What a helper ends too late, and the memory that it lacks as a share of the target.
double TabuSearch::lateness(HelperIndex helper, Time end, Megabytes memory) const {
  const double late = static_cast<double>(std::max<Time>(0, end - target_));
  if (memory <= columns_.memory(helper)) return late;
  const auto excess = static_cast<double>(memory - columns_.memory(helper));
  return late + 1 +
         kMemoryWeight * static_cast<double>(target_) * excess /
             static_cast<double>(std::max<Megabytes>(1, columns_.memory(helper)));
}

double TabuSearch::cost(HelperIndex helper, Time end, Megabytes memory) const {
  return lateness(helper, end, memory) + kEndWeight * static_cast<double>(end);
}

double TabuSearch::total_lateness() const {
  double total = 0;
  for (const HelperIndex helper : columns_.helpers()) total += lateness(helper, end_[helper], memory_[helper]);
  for (const ColumnIndex column : choice_) {
    if (columns_[column].is_local()) total += static_cast<double>(std::max<Time>(0, columns_[column].path - target_));
  }
  return total;
}

Time TabuSearch::latest_end() const {
  Time latest = *std::max_element(end_.begin(), end_.end());
  for (const ColumnIndex column : choice_) {
    if (columns_[column].is_local()) latest = std::max(latest, columns_[column].path);
  }
  return latest;
}

bool TabuSearch::is_late(HelperIndex helper) const {
  return end_[helper] > target_ || memory_[helper] > columns_.memory(helper);
}

void TabuSearch::remember_best() {
  for (const HelperIndex helper : columns_.helpers()) {
    if (memory_[helper] > columns_.memory(helper)) return;
  }
  const Time end = latest_end();
  if (end >= best_end_) return;
  best_end_ = end;
  best_choice_ = choice_;
}

// One of the late helpers, each with the same chance.
HelperIndex TabuSearch::pick_late_helper() {
  HelperIndex picked(0);
  std::uint64_t count = 0;
  for (const HelperIndex helper : columns_.helpers()) {
    if (is_late(helper) && random_below(engine_, ++count) == 0) picked = helper;
  }
  return picked;
}

// For every client and helper the columns of least load, memory and path among those that end by the target.
void TabuSearch::find_candidates() {
  candidates_.assign(columns_.client_count(), {});
  for (const ClientIndex client : columns_.clients()) {
    std::vector<ColumnIndex>& candidates = candidates_[client];
    for (ColumnIndex first = columns_.first_of(client); first < columns_.end_of(client);) {
      std::array<ColumnIndex, 3> best = {kNoColumn, kNoColumn, kNoColumn};
      const HelperIndex helper = columns_[first].helper;
      for (; first < columns_.end_of(client) && columns_[first].helper == helper; ++first) {
        const Column& column = columns_[first];
        if (column.path > target_) continue;
        if (!preferred_.empty() && preferred_[first] != 0) candidates.push_back(first);
        if (best[0] == kNoColumn) best = {first, first, first};
        if (column.plain.load() < columns_[best[0]].plain.load()) best[0] = first;
        if (column.memory < columns_[best[1]].memory) best[1] = first;
        if (column.path < columns_[best[2]].path) best[2] = first;
      }
      std::sort(best.begin(), best.end());
      const auto end = std::unique(best.begin(), best.end());
      for (auto column = best.begin(); column != end && *column != kNoColumn; ++column) {
        if (preferred_.empty() || preferred_[*column] == 0) candidates.push_back(*column);
      }
    }
  }
}

void TabuSearch::offer(const Change& change, Change& best) {
  const bool tabu = is_tabu(change.to) || (change.back != kNoColumn && is_tabu(change.back));
  if (tabu && lateness_now_ - change.gain >= least_lateness_ - 0.5) return;
  if (best.to == kNoColumn || change.gain > best.gain) best = change;
}

void TabuSearch::try_moves(HelperIndex helper, Change& best) {
  const std::vector<ColumnIndex> lane = lanes_[helper];
  const double cost_now = cost(helper, end_[helper], memory_[helper]);
  for (const ColumnIndex from : lane) {
    throw_if_reached(stop_);
    const ClientIndex client = columns_[from].client;
    const Time relieved = end_with(helper, client, kNoColumn);
    const double relief = cost_now - cost(helper, relieved, memory_[helper] - columns_[from].memory);
    for (const ColumnIndex to : candidates_[client]) {
      if (to != from) try_move(from, to, relief, best);
    }
  }
}

// `relief`: what the client's leaving is worth to its helper.
void TabuSearch::try_move(ColumnIndex from, ColumnIndex to, double relief, Change& best) {
  if (columns_[to].is_local()) {
    offer({relief, to, kNoColumn}, best);
    return;
  }
  const HelperIndex helper = columns_[from].helper;
  const HelperIndex other = columns_[to].helper;
  const ClientIndex client = columns_[from].client;
  const bool stays = other == helper;
  const Megabytes memory = memory_[other] + columns_[to].memory - (stays ? columns_[from].memory : 0);
  if (!may_hold(other, memory)) return;
  const double other_now = cost(other, end_[other], memory_[other]);
  if (stays) {
    offer({other_now - cost(other, end_with(other, client, to), memory), to, kNoColumn}, best);
    return;
  }
  const double most = relief + other_now - cost(other, least_end_with(other, to), memory);
  if (best.to != kNoColumn && most <= best.gain) return;
  offer({relief + other_now - cost(other, end_with(other, ClientIndex::none(), to), memory), to, kNoColumn}, best);
}

// A candidate of the client on a helper, each with the same chance.
ColumnIndex TabuSearch::candidate_on(ClientIndex client, HelperIndex helper) {
  ColumnIndex picked = kNoColumn;
  std::uint64_t count = 0;
  for (const ColumnIndex column : candidates_[client]) {
    if (columns_[column].helper != helper) continue;
    if (random_below(engine_, ++count) == 0) picked = column;
  }
  return picked;
}

void TabuSearch::try_swaps(HelperIndex helper, Change& best) {
  const std::vector<ColumnIndex>& lane = lanes_[helper];
  if (lane.empty()) return;
  const std::uint64_t tries = std::min<std::uint64_t>(kMostSwaps, lane.size() * choice_.size() / 2 + 1);
  const double cost_now = cost(helper, end_[helper], memory_[helper]);
  for (std::uint64_t attempt = 0; attempt < tries; ++attempt) {
    throw_if_reached(stop_);
    const ColumnIndex from = lane[random_below(engine_, lane.size())];
    const ColumnIndex partner = choice_[ClientIndex(random_below(engine_, choice_.size()))];
    if (columns_[partner].is_local() || columns_[partner].helper == helper) continue;
    const HelperIndex other = columns_[partner].helper;
    const ColumnIndex to = candidate_on(columns_[from].client, other);
    const ColumnIndex back = candidate_on(columns_[partner].client, helper);
    if (to == kNoColumn || back == kNoColumn) continue;
    const Megabytes there = memory_[other] - columns_[partner].memory + columns_[to].memory;
    const Megabytes here = memory_[helper] - columns_[from].memory + columns_[back].memory;
    if (!may_hold(other, there) || !may_hold(helper, here)) continue;
    const double gain_here = cost_now - cost(helper, end_with(helper, columns_[from].client, back), here);
    const double gain_there =
        cost(other, end_[other], memory_[other]) - cost(other, end_with(other, columns_[partner].client, to), there);
    offer({gain_here + gain_there, to, back}, best);
  }
}

void TabuSearch::apply(const Change& change) {
  const std::uint64_t tabu = iteration_ + kShortestTabu + random_below(engine_, kTabuSpread);
  const auto move = [&](ColumnIndex column) {
    const ClientIndex client = columns_[column].client;
    const ColumnIndex previous = choice_[client];
    tabu_until_[previous] = tabu;
    take_off(client);
    put(client, column);
    return previous;
  };
  const ColumnIndex previous = move(change.to);
  if (change.back != kNoColumn) move(change.back);
  refresh(columns_[previous].helper);
  if (!columns_[change.to].is_local()) refresh(columns_[change.to].helper);
}

// The quick schedules of late helpers may be to blame rather than the assignment.
bool TabuSearch::all_fit_exactly() {
  for (const HelperIndex helper : columns_.helpers()) {
    if (!is_late(helper)) continue;
    if (memory_[helper] > columns_.memory(helper)) return false;
    throw_if_reached(stop_);
    if (lane_cache_.decide(lanes_[helper], target_, kExactNodes) != LaneCache::Verdict::kFeasible) return false;
  }
  return std::all_of(choice_.begin(), choice_.end(), [this](ColumnIndex column) {
    return !columns_[column].is_local() || columns_[column].path <= target_;
  });
}

bool TabuSearch::reach(Time target, std::uint64_t iterations) {
  try {
    return changes_reach(target, iterations);
  } catch (const Stopped&) {
    return false;  // thrown while changes are looked for; those made before stand
  }
}

bool TabuSearch::changes_reach(Time target, std::uint64_t iterations) {
  target_ = target;
  tabu_until_.assign(columns_.size(), 0);
  iteration_ = 0;
  least_lateness_ = std::numeric_limits<double>::max();
  find_candidates();
  while (iteration_++ < iterations && !stop_.reached()) {
    remember_best();
    lateness_now_ = total_lateness();
    if (lateness_now_ == 0) return true;
    const bool improved = lateness_now_ < least_lateness_ - 0.5;
    if (improved) least_lateness_ = lateness_now_;
    if ((improved || iteration_ % kExactPeriod == 0) && all_fit_exactly()) return true;
    const HelperIndex helper = pick_late_helper();
    if (!is_late(helper)) return false;  // only clients that train locally are late
    Change best;
    try_moves(helper, best);
    try_swaps(helper, best);
    if (best.to != kNoColumn) apply(best);
  }
  return false;
}

}  // namespace splitlane::exact
