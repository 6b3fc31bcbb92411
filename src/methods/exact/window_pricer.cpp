#include "methods/exact/window_pricer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/assert.hpp"
#include "base/stopped.hpp"
#include "methods/exact/rows.hpp"
#include "methods/exact/window_separation.hpp"

namespace splitlane::exact {

namespace {

constexpr double kWeightTolerance = 1e-6;
constexpr int kMostPricingRounds = 40;
constexpr std::size_t kWindowsPerRound = 6;
constexpr std::size_t kMostRows = 120;
/// Common denominator of the prices; values are below 2^21, so all sums stay far below 2^63.
constexpr std::int64_t kScale = std::int64_t{1} << 20;
/// Values are about this large for a client that is worth a whole unit; the program works with shares of it.
constexpr double kValueUnit = 1 << 20;

}  // namespace

WindowPricer::WindowPricer(const ColumnTable& columns, HelperIndex helper, LaneCache& lane_cache, Time makespan,
                           const StopCondition& stop)
    : columns_(columns),
      helper_(helper),
      makespan_(makespan),
      stop_(stop),
      set_(columns, helper, lane_cache, makespan),
      budget_(stop) {
  const auto helper_columns = columns.of_helper(helper);
  program_.add_columns(helper_columns.size(), 0, 1, 0);
  // At most one column a client; written for single columns too, since CLP does not take a program without rows.
  std::vector<LinearProgram::Row> rows;
  for (std::size_t position = 0; position < helper_columns.size(); ++position) {
    const bool same_client =
        position > 0 && columns[helper_columns[position]].client == columns[helper_columns[position - 1]].client;
    if (!same_client) rows.push_back({-LinearProgram::kInfinity, 1, {}});
    rows.back().terms.push_back({position, 1.0});
  }
  first_row_ = rows.size();
  program_.add_rows(rows);

  Row memory{{}, columns.memory(helper), {}};
  memory.row.kind = PricedRow::Kind::kMemory;
  memory.row.helper = helper_;
  Megabytes total = 0;
  for (const ColumnIndex column : helper_columns) {
    memory.coefficients.push_back(columns[column].memory);
    total += columns[column].memory;
  }
  if (total > memory.capacity) add_row(std::move(memory));
}

void WindowPricer::add_row(Row row) {
  SPLITLANE_ASSERT(row.coefficients.size() == columns_.of_helper(helper_).size() && row.capacity >= 0,
                   row.coefficients.size(), columns_.of_helper(helper_).size(), row.capacity);
  const double scale = kScaledMakespan / static_cast<double>(std::max<Time>(row.capacity, 1));
  LinearProgram::Row program_row{-LinearProgram::kInfinity, scale * static_cast<double>(row.capacity), {}};
  for (std::size_t position = 0; position < row.coefficients.size(); ++position) {
    if (row.coefficients[position] == 0) continue;
    program_row.terms.push_back({position, scale * static_cast<double>(row.coefficients[position])});
  }
  program_.add_rows({&program_row, 1});
  rows_.push_back(std::move(row));
}

void WindowPricer::add_window(std::vector<Time> heads, std::vector<Time> tails) {
  Row row;
  row.row.helper = helper_;
  row.row.heads = std::move(heads);
  row.row.tails = std::move(tails);
  row.capacity = window_capacity(row.row, makespan_);
  if (row.row.heads.size() == 1 && row.row.tails.size() == 1) {
    const Time reachable = reachable_capacity(columns_, row.row, makespan_, row.capacity);
    row.row.reachable = reachable < row.capacity;
    row.capacity = reachable;
  }
  for (const ColumnIndex column : columns_.of_helper(helper_)) {
    row.coefficients.push_back(window_coefficient(columns_[column].plain, row.row.heads, row.row.tails));
  }
  add_row(std::move(row));
}

bool WindowPricer::separate() {
  const auto values = program_.values();
  const auto helper_columns = columns_.of_helper(helper_);
  std::vector<WeightedService> services;
  for (std::size_t position = 0; position < helper_columns.size(); ++position) {
    if (values[position] > kWeightTolerance)
      services.push_back({columns_[helper_columns[position]].plain, values[position]});
  }
  const double tolerance = 1e-4 * static_cast<double>(makespan_);
  // Few clients a helper are priced, so this is never long.
  auto windows = violated_windows(services, makespan_, 0, tolerance, kWindowsPerRound, {});
  if (windows.empty() && services.size() <= kMostLiftable) {
    windows = violated_lifted_windows(services, makespan_, 0, tolerance, kWindowsPerRound, {});
  }
  bool added = false;
  for (ViolatedWindow& window : windows) {
    const auto same = [&](const Row& row) { return row.row.heads == window.heads && row.row.tails == window.tails; };
    if (std::any_of(rows_.begin(), rows_.end(), same)) continue;
    add_window(std::move(window.heads), std::move(window.tails));
    added = true;
  }
  return added;
}

void WindowPricer::relax(const Domain& domain, std::span<const std::int64_t> values) {
  const auto helper_columns = columns_.of_helper(helper_);
  if (helper_columns.empty()) return;
  for (std::size_t position = 0; position < helper_columns.size(); ++position) {
    const ColumnIndex column = helper_columns[position];
    const std::int64_t value = values[columns_[column].client.value()];
    program_.set_cost(position, -static_cast<double>(value) / kValueUnit);
    program_.set_column_upper(position, value > 0 && domain.allows(column) ? 1.0 : 0.0);
  }
  for (int round = 0; round < kMostPricingRounds; ++round) {
    if (program_.solve(stop_, round == 0) != LinearProgram::Status::kOptimal) break;
    if (rows_.size() >= kMostRows || !separate()) break;
  }
  fix_prices();
}

// The prices of the program in integers over kScale.
void WindowPricer::fix_prices() {
  const auto prices = program_.prices();
  base_ = 0;
  for (std::size_t index = 0; index < rows_.size(); ++index) {
    Row& row = rows_[index];
    const double scale = kScaledMakespan / static_cast<double>(std::max<Time>(row.capacity, 1));
    const double price = first_row_ + index < prices.size() ? -prices[first_row_ + index] * scale : 0.0;
    row.row.price = std::max<std::int64_t>(0, std::llround(price * kValueUnit * static_cast<double>(kScale)));
    base_ += row.row.price * row.capacity;
  }
}

void WindowPricer::make_items(const Domain& domain, std::span<const std::int64_t> values) {
  const auto helper_columns = columns_.of_helper(helper_);
  items_.clear();
  for (std::size_t position = 0; position < helper_columns.size(); ++position) {
    const ColumnIndex column = helper_columns[position];
    const ClientIndex client = columns_[column].client;
    if (!domain.allows(column) || values[client.value()] == 0) continue;
    std::int64_t reduced = kScale * values[client.value()];
    for (const Row& row : rows_) reduced -= row.row.price * row.coefficients[position];
    if (items_.empty() || items_.back().client != client)
      items_.push_back({client, values[client.value()], reduced, {}});
    items_.back().reduced = std::max(items_.back().reduced, reduced);
    items_.back().columns.emplace_back(column, reduced);
  }
  std::stable_sort(items_.begin(), items_.end(),
                   [](const Item& left, const Item& right) { return left.reduced > right.reduced; });
  values_to_come_.assign(items_.size() + 1, 0);
  reduced_to_come_.assign(items_.size() + 1, 0);
  for (std::size_t position = items_.size(); position-- > 0;) {
    values_to_come_[position] = values_to_come_[position + 1] + items_[position].value;
    reduced_to_come_[position] = reduced_to_come_[position + 1] + std::max<std::int64_t>(0, items_[position].reduced);
  }
}

void WindowPricer::enumerate(std::size_t position, std::int64_t value, std::int64_t bound) {
  if (!budget_.spend(set_.spent())) return;
  if (value > answer_.most) {
    answer_.most = value;
    if (set_.is_known_to_fit()) answer_.sets.push_back(set_.columns());
  }
  if (position == items_.size()) return;
  if (bound + reduced_to_come_[position] <= kScale * answer_.most) return;
  if (value + values_to_come_[position] <= answer_.most) return;
  const Item& item = items_[position];
  for (const auto& [column, reduced] : item.columns) {
    const std::int64_t below = bound + reduced + reduced_to_come_[position + 1];
    if (below <= kScale * answer_.most) continue;
    if (!set_.try_add(column)) continue;
    enumerate(position + 1, value + item.value, bound + reduced);
    set_.remove_last();
  }
  enumerate(position + 1, value, bound);
}

PricingAnswer WindowPricer::price(const PricingProblem& problem) {
  relax(problem.domain, problem.values);
  make_items(problem.domain, problem.values);
  return run(problem.known, problem.node_limit);
}

PricingAnswer WindowPricer::run(std::int64_t most, std::uint64_t node_limit) {
  answer_ = {};
  answer_.most = most;
  budget_.start(node_limit, set_.spent());
  enumerate(0, 0, base_);
  answer_.limited = budget_.exhausted();
  answer_.complete = !answer_.limited;
  // The relaxation's bound, rounded up: what is left when the enumeration did not end.
  if (answer_.limited) answer_.most = std::max(answer_.most, (base_ + reduced_to_come_.front()) / kScale + 1);
  return std::move(answer_);
}

PackingBound WindowPricer::certified(std::int64_t most, RefutedSets* refuted) {
  PackingBound bound;
  bound.most = most;
  bound.scale = kScale;
  for (const Row& row : rows_) {
    if (row.row.price > 0) bound.rows.push_back(row.row);
  }
  if (refuted == nullptr) return bound;
  set_.note_refuted(refuted);
  budget_.heed(refuted->stop);
  run(most, NodeBudget::kNoLimit);
  set_.note_refuted(nullptr);
  // Sets that were not looked at to the end are not noted.
  if (budget_.exhausted()) throw Stopped{};
  throw_if_reached(refuted->stop);
  return bound;
}

}  // namespace splitlane::exact
