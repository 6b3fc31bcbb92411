#include "methods/exact/knapsack_pricer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/stopped.hpp"

namespace splitlane::exact {

namespace {

/// With values up to 2^20 each, what a table adds up stays below 2^30.
constexpr std::size_t kMostColumns = 500;
/// Of all tables of one problem.
constexpr double kMostCells = 4e7;
constexpr Time kMostUnits = 512;  // in one direction of a table

}  // namespace

KnapsackPricer::KnapsackPricer(const ColumnTable& columns, HelperIndex helper, LaneCache& lane_cache, Time makespan,
                               const StopCondition& stop)
    : columns_(columns),
      helper_(helper),
      makespan_(makespan),
      set_(columns, helper, lane_cache, makespan),
      budget_(stop),
      taken_(columns.client_count(), 0) {}

bool KnapsackPricer::suits(const ColumnTable& columns, HelperIndex helper) {
  return columns.of_helper(helper).size() <= kMostColumns;
}

void KnapsackPricer::make_items(const Domain& domain, std::span<const std::int64_t> values) {
  items_.clear();
  least_release_ = std::numeric_limits<Time>::max();
  least_tail_ = std::numeric_limits<Time>::max();
  total_value_ = 0;
  for (const ColumnIndex column : columns_.of_helper(helper_)) {
    const ClientIndex client = columns_[column].client;
    if (!domain.allows(column) || values[client.value()] == 0) continue;
    const Service& plain = columns_[column].plain;
    least_release_ = std::min(least_release_, plain.release);
    least_tail_ = std::min(least_tail_, plain.tail);
    total_value_ += values[client.value()];
    const Time head = plain.release + plain.forward + plain.turnaround;
    const Time deadline = makespan_ - plain.turnaround - plain.backward - plain.tail;
    items_.push_back({column, client, head, {values[client.value()], plain.forward, deadline, plain.backward}});
  }
  for (Item& item : items_) item.entry.deadline -= least_release_;
  std::stable_sort(items_.begin(), items_.end(),
                   [](const Item& left, const Item& right) { return left.entry.deadline < right.entry.deadline; });
}

// The finest unit that keeps the tables small.
void KnapsackPricer::choose_unit() {
  Time latest = 0;
  Time widest = 0;
  for (const Item& item : items_) {
    latest = std::max(latest, item.entry.deadline);
    widest = std::max(widest, makespan_ - least_tail_ - item.head);
  }
  const auto cells = [&](Time unit) {
    const Time layer = (latest / unit + 1) * (widest / unit + 1);
    return static_cast<double>(items_.size() * items_.size()) * static_cast<double>(layer);
  };
  unit_ = std::max(latest, widest) / kMostUnits + 1;
  while (cells(unit_) > kMostCells) unit_ += unit_ / 8 + 1;
}

PricingAnswer KnapsackPricer::price(const PricingProblem& problem) {
  make_items(problem.domain, problem.values);
  choose_unit();
  return run(problem.known, problem.enough, problem.node_limit);
}

PricingAnswer KnapsackPricer::run(std::int64_t known, std::int64_t enough, std::uint64_t node_limit) {
  answer_ = {};
  answer_.most = known;
  budget_.start(node_limit, set_.spent());
  const std::size_t count = items_.size() + 1;
  bool ended_early = false;
  for (std::size_t step = 0; step < count && !budget_.exhausted(); ++step) {
    next_first_ = (next_first_ + 1) % count;
    enumerate_behind(next_first_);
    ended_early = !answer_.sets.empty() && answer_.most > enough;
    if (ended_early) break;
  }
  answer_.limited = budget_.exhausted();
  answer_.complete = !answer_.limited && !ended_early;
  if (!answer_.complete) answer_.most = std::max(answer_.most, total_value_);
  return std::move(answer_);
}

void KnapsackPricer::enumerate_behind(std::size_t first) {
  behind_.clear();
  entries_.clear();
  forced_ = items_.size();
  const bool is_none = first == items_.size();
  if (!is_none && items_[first].entry.backward == 0) return;
  for (std::size_t position = 0; position < items_.size(); ++position) {
    const Item& item = items_[position];
    const bool follows =
        item.entry.backward == 0 || (!is_none && std::pair(item.head, position) > std::pair(items_[first].head, first));
    if (position != first && (!follows || (!is_none && item.client == items_[first].client))) continue;
    if (position == first) forced_ = behind_.size();
    behind_.push_back(item);
    entries_.push_back(item.entry);
  }
  if (is_none) forced_ = behind_.size();
  const Time room = is_none ? 0 : makespan_ - least_tail_ - items_[first].head - items_[first].entry.backward;
  table_.fill(entries_, forced_, room, unit_);
  if (!is_none && !set_.try_add(items_[first].column)) return;
  if (table_.most(0, 0, room) > answer_.most) enumerate(0, 0, room, 0);
  if (!is_none) set_.remove_last();
}

// What can become more comes first; the table says how much.
void KnapsackPricer::enumerate(std::size_t position, Time forward, Time room, std::int64_t value) {
  if (!budget_.spend(set_.spent())) return;
  if (position == behind_.size()) {
    answer_.most = value;
    if (set_.is_known_to_fit()) answer_.sets.push_back(set_.columns());
    return;
  }
  const std::int64_t without = value + table_.most(position + 1, forward, room);
  const Item& item = behind_[position];
  const Time forward_with = forward + item.entry.forward;
  const Time room_with = position == forced_ ? room : room - item.entry.backward;
  const bool is_on_time = item.entry.forward == 0 || forward_with <= item.entry.deadline;
  std::int64_t with = KnapsackTable::kImpossible;
  if (is_on_time && room_with >= 0 && taken_[item.client] == 0) {
    with = value + item.entry.value + table_.most(position + 1, forward_with, room_with);
  }
  if (with >= without && with > answer_.most) include(position, forward_with, room_with, value);
  if (position != forced_ && without > answer_.most) enumerate(position + 1, forward, room, value);
  if (with < without && with > answer_.most) include(position, forward_with, room_with, value);
}

void KnapsackPricer::include(std::size_t position, Time forward, Time room, std::int64_t value) {
  const Item& item = behind_[position];
  if (position != forced_ && !set_.try_add(item.column)) return;
  taken_[item.client] = 1;
  enumerate(position + 1, forward, room, value + item.entry.value);
  taken_[item.client] = 0;
  if (position != forced_) set_.remove_last();
}

PackingBound KnapsackPricer::certified(std::int64_t most, RefutedSets* refuted) {
  PackingBound bound;
  bound.most = most;
  bound.phase_unit = unit_;
  if (refuted == nullptr) return bound;
  set_.note_refuted(refuted);
  budget_.heed(refuted->stop);
  run(most, std::numeric_limits<std::int64_t>::max(), NodeBudget::kNoLimit);
  set_.note_refuted(nullptr);
  // Sets that were not looked at to the end are not noted.
  if (budget_.exhausted()) throw Stopped{};
  throw_if_reached(refuted->stop);
  return bound;
}

}  // namespace splitlane::exact
