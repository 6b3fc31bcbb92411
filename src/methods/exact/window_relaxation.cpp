#include "methods/exact/window_relaxation.hpp"

#include <algorithm>
#include <limits>

#include "base/stopped.hpp"
#include "methods/exact/rows.hpp"
#include "methods/exact/window_separation.hpp"

namespace splitlane::exact {

namespace {

constexpr double kScaledTolerance = 1e-6;  // of the scaled program
constexpr double kUsed = 1e-7;             // a column below this weight is not in use
constexpr std::size_t kWindowsPerHelper = 4;
constexpr std::size_t kLiftedPerHelper = 2;
constexpr int kMostIdle = 40;
constexpr std::size_t kRowsKept = 60;  // rows that are never worth dropping

}  // namespace

WindowRelaxation::WindowRelaxation(const ColumnTable& columns, const StopCondition& stop)
    : columns_(columns),
      stop_(stop),
      program_(columns.size() <= kAllActive),
      class_size_(columns.helper_count(), 1),
      class_of_(columns.helper_count(), 0),
      has_windows_(columns.helper_count(), 0) {
  Time longest = 1;
  for (ColumnIndex column = 0; column < columns.size(); ++column) longest = std::max(longest, columns[column].path);
  time_scale_ = kScaledMakespan / static_cast<double>(longest);
  active_ = first_active_columns();
  position_.assign(columns.size(), kAbsent);
  for (std::size_t index = 0; index < active_.size(); ++index) position_[active_[index]] = index;
  values_.assign(columns.size(), 0);
  program_.add_columns(active_.size(), 0, 1, 0);
  excess_column_ = program_.add_columns(1, 0, LinearProgram::kInfinity, 1);
  add_client_rows();
  add_memory_rows();
}

void WindowRelaxation::add_client_rows() {
  std::vector<LinearProgram::Row> rows(columns_.client_count());
  for (const ClientIndex client : columns_.clients()) {
    LinearProgram::Row& row = rows[client.value()];
    row.lower = row.upper = 1;
    for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
      if (position_[column] != kAbsent) row.terms.push_back({position_[column], 1.0});
    }
  }
  program_.add_rows(rows);
}

void WindowRelaxation::add_memory_rows() {
  for (const HelperIndex helper : columns_.helpers()) {
    Row row;
    row.row.kind = PricedRow::Kind::kMemory;
    row.row.helper = helper;
    row.capacity = columns_.memory(helper);
    Megabytes total = 0;
    for (const ColumnIndex column : columns_.of_helper(helper)) {
      if (columns_[column].memory == 0) continue;
      row.terms.emplace_back(column, columns_[column].memory);
      total += columns_[column].memory;
    }
    if (total <= row.capacity) continue;
    row.scale = kScaledMakespan / static_cast<double>(std::max<Megabytes>(row.capacity, 1));
    queue_row(std::move(row));
  }
}

// A helper that stands for a class for the first time gets the windows that matter to a twin, or else the widest one.
void WindowRelaxation::adopt_rows(HelperIndex helper) {
  has_windows_[helper] = 1;
  Time head = std::numeric_limits<Time>::max();
  Time tail = head;
  for (const ColumnIndex column : columns_.of_helper(helper)) {
    head = std::min(head, columns_[column].plain.release);
    tail = std::min(tail, columns_[column].plain.tail);
  }
  if (!columns_.of_helper(helper).empty()) queue_window(helper, {head}, {tail});
  std::vector<PricedRow> adopted;
  for (const Row& row : rows_) {
    const bool window = row.row.kind == PricedRow::Kind::kWindow && row.idle == 0;
    if (window && columns_.twin_of(row.row.helper) == columns_.twin_of(helper)) adopted.push_back(row.row);
  }
  for (PricedRow& row : adopted) queue_window(helper, std::move(row.heads), std::move(row.tails));
}

double WindowRelaxation::copies(const Row& row) const {
  return static_cast<double>(std::max<std::size_t>(1, class_size_[row.row.helper]));
}

Time WindowRelaxation::capacity_of(const PricedRow& row) const {
  const Time capacity = window_capacity(row, makespan_);
  const bool plain = row.heads.size() == 1 && row.tails.size() == 1;
  if (!plain || capacity <= 0) return capacity;
  return reachable_capacity(columns_, row, makespan_, capacity);
}

bool WindowRelaxation::queue_window(HelperIndex helper, std::vector<Time> heads, std::vector<Time> tails) {
  if (!known_.emplace(helper, std::pair(heads, tails)).second) return false;
  Row row;
  row.row.helper = helper;
  row.row.heads = std::move(heads);
  row.row.tails = std::move(tails);
  for (const ColumnIndex column : columns_.of_helper(helper)) {
    const Time coefficient = window_coefficient(columns_[column].plain, row.row.heads, row.row.tails);
    if (coefficient > 0) row.terms.emplace_back(column, coefficient);
  }
  row.capacity = capacity_of(row.row);
  row.scale = time_scale_;
  queue_row(std::move(row));
  return true;
}

void WindowRelaxation::queue_row(Row row) {
  LinearProgram::Row program_row{-LinearProgram::kInfinity, 0, {}};
  program_row.upper =
      row.capacity < 0 ? LinearProgram::kInfinity : copies(row) * row.scale * static_cast<double>(row.capacity);
  program_row.terms.reserve(row.terms.size() + 1);
  for (const auto& [column, coefficient] : row.terms) {
    if (position_[column] == kAbsent) continue;
    program_row.terms.push_back({position_[column], row.scale * static_cast<double>(coefficient)});
  }
  program_row.terms.push_back({excess_column_, -1.0});
  queue_.push_back(std::move(program_row));
  rows_.push_back(std::move(row));
}

void WindowRelaxation::flush_rows() {
  if (queue_.empty()) return;
  program_.add_rows(queue_);
  queue_.clear();
}

void WindowRelaxation::set_makespan(Time makespan) {
  flush_rows();
  makespan_ = makespan;
  std::vector<std::size_t> dropped;
  for (std::size_t position = 0; position < rows_.size(); ++position) {
    throw_if_reached(stop_);
    Row& row = rows_[position];
    if (row.row.kind == PricedRow::Kind::kNoGood) dropped.push_back(position);
    if (row.row.kind != PricedRow::Kind::kWindow) continue;
    row.capacity = capacity_of(row.row);
  }
  remove_rows(dropped);
}

void WindowRelaxation::remove_rows(const std::vector<std::size_t>& positions) {
  if (positions.empty()) return;
  std::vector<std::size_t> program_rows;
  std::vector<std::uint8_t> gone(rows_.size(), 0);
  for (const std::size_t position : positions) {
    program_rows.push_back(first_row() + position);
    gone[position] = 1;
    const PricedRow& row = rows_[position].row;
    if (row.kind == PricedRow::Kind::kWindow) known_.erase({row.helper, {row.heads, row.tails}});
  }
  program_.remove_rows(program_rows);
  std::size_t kept = 0;
  for (std::size_t position = 0; position < rows_.size(); ++position) {
    if (gone[position] == 0 && kept++ != position) rows_[kept - 1] = std::move(rows_[position]);
  }
  rows_.resize(kept);
}

std::vector<std::size_t> WindowRelaxation::idle_rows() {
  const auto prices = program_.prices();
  std::vector<std::size_t> idle;
  for (std::size_t position = 0; position < rows_.size(); ++position) {
    Row& row = rows_[position];
    row.idle = prices[first_row() + position] < -kScaledTolerance ? 0 : row.idle + 1;
    if (row.idle > kMostIdle && row.row.kind == PricedRow::Kind::kWindow) idle.push_back(position);
  }
  if (rows_.size() <= kRowsKept || idle.size() <= rows_.size() / 3) idle.clear();
  return idle;
}

void WindowRelaxation::apply(const Domain& domain) {
  classes_ = helper_classes(columns_, domain);
  std::fill(class_size_.begin(), class_size_.end(), 0);
  for (std::size_t index = 0; index < classes_.size(); ++index) {
    const HelperIndex helper = classes_[index].front();
    class_size_[helper] = classes_[index].size();
    class_of_[helper] = index;
    throw_if_reached(stop_);
    if (has_windows_[helper] == 0) adopt_rows(helper);
  }
  flush_rows();
  activate_for_every_client(domain);
  for (const ColumnIndex column : active_) {
    program_.set_column_upper(position_[column], stands(domain, column) ? 1.0 : 0.0);
  }
  for (std::size_t position = 0; position < rows_.size(); ++position) {
    const Row& row = rows_[position];
    // A window that no task fits any more says nothing.
    program_.set_row_upper(first_row() + position, row.capacity < 0
                                                       ? LinearProgram::kInfinity
                                                       : copies(row) * row.scale * static_cast<double>(row.capacity));
  }
}

WindowRelaxation::Outcome WindowRelaxation::solve(const Domain& domain, const Effort& effort) {
  flush_rows();
  apply(domain);
  int lift_rounds = effort.lift_rounds;
  for (int round = 0; round < effort.most_rounds; ++round) {
    ++solve_count_;
    const LinearProgram::Status status = solve_program(domain);
    if (status != LinearProgram::Status::kOptimal) return Outcome::kStopped;
    excess_ = program_.values()[excess_column_] / time_scale_;
    const bool exceeds = program_.values()[excess_column_] > kScaledTolerance;
    if (exceeds && !effort.until_bound) return Outcome::kExceeds;
    const std::vector<std::size_t> idle = idle_rows();
    std::size_t added = separate_windows();
    if (added == 0 && lift_rounds > 0) {
      added = separate_lifted();
      --lift_rounds;
    }
    if (added == 0) return exceeds ? Outcome::kExceeds : Outcome::kFits;
    flush_rows();
    remove_rows(idle);
  }
  return excess_ * time_scale_ > kScaledTolerance ? Outcome::kExceeds : Outcome::kFits;
}

namespace {

// What one helper of a class has when all have the same.
std::vector<WeightedService> in_use(const ColumnTable& columns, HelperIndex helper, std::span<const double> values,
                                    double members) {
  std::vector<WeightedService> services;
  for (const ColumnIndex column : columns.of_helper(helper)) {
    if (values[column] > kUsed) services.push_back({columns[column].plain, values[column] / members});
  }
  return services;
}

}  // namespace

template <class Separate>
std::size_t WindowRelaxation::separate(Separate find) {
  std::size_t added = 0;
  for (const std::vector<HelperIndex>& helpers : classes_) {
    const auto members = static_cast<double>(helpers.size());
    for (ViolatedWindow& window : find(in_use(columns_, helpers.front(), values(), members), excess_ / members)) {
      if (queue_window(helpers.front(), std::move(window.heads), std::move(window.tails))) ++added;
    }
  }
  return added;
}

std::size_t WindowRelaxation::separate_windows() {
  const double tolerance = kScaledTolerance / time_scale_;
  return separate([&](const std::vector<WeightedService>& services, double excess) {
    return violated_windows(services, makespan_, excess, tolerance, kWindowsPerHelper, stop_);
  });
}

std::size_t WindowRelaxation::separate_lifted() {
  const double tolerance = 1e-5 * static_cast<double>(makespan_);
  return separate([&](const std::vector<WeightedService>& services, double excess) {
    if (services.size() > kMostLiftable) return std::vector<ViolatedWindow>{};
    return violated_lifted_windows(services, makespan_, excess, tolerance, kLiftedPerHelper, stop_);
  });
}

void WindowRelaxation::add_no_good(std::uint32_t number, HelperIndex helper, std::span<const ColumnIndex> counted,
                                   std::size_t size) {
  Row row;
  row.row.kind = PricedRow::Kind::kNoGood;
  row.row.no_good = number;
  row.row.helper = helper;
  row.capacity = static_cast<Time>(size) - 1;
  for (const ColumnIndex column : counted) row.terms.emplace_back(column, 1);
  queue_row(std::move(row));
}

// Rows of helpers for which another stands say nothing, nor do windows that no task fits.
bool WindowRelaxation::takes_part(const Row& row) const { return row.capacity >= 0 && class_size_[row.row.helper] > 0; }

const std::vector<HelperIndex>& WindowRelaxation::members_of(const Row& row) const {
  return classes_[class_of_[row.row.helper]];
}

}  // namespace splitlane::exact
