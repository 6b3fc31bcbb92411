// Which columns stand in the program of the window relaxation, and at what prices others join them.
#include <algorithm>

#include "methods/exact/window_relaxation.hpp"

namespace splitlane::exact {

namespace {

constexpr std::size_t kFirstHelpers = 8;
constexpr double kImproves = 1e-7;  // a column that costs less than the client pays by this much

}  // namespace

// All columns, or of very many the one of least load of each client on some helpers, other ones for the next client.
std::vector<ColumnIndex> WindowRelaxation::first_active_columns() const {
  std::vector<ColumnIndex> active;
  for (ColumnIndex column = 0; column < columns_.size(); ++column) {
    const bool next = active.empty() || columns_.size() <= kAllActive || columns_[column].is_local() ||
                      !columns_.are_alternatives(active.back(), column);
    if (next) {
      active.push_back(column);
    } else if (columns_[column].plain.load() < columns_[active.back()].plain.load()) {
      active.back() = column;
    }
  }
  if (columns_.size() <= kAllActive) return active;
  const std::size_t stride = std::max<std::size_t>(1, columns_.helper_count() / kFirstHelpers);
  std::erase_if(active, [&](ColumnIndex column) {
    const Column& entry = columns_[column];
    return !entry.is_local() && (entry.client.value() + entry.helper.value()) % stride != 0;
  });
  return active;
}

// Allowed, and on the helper that stands for its class.
bool WindowRelaxation::stands(const Domain& domain, ColumnIndex column) const {
  const HelperIndex helper = columns_[column].helper;
  return domain.allows(column) && (helper.is_none() || class_size_[helper] > 0);
}

void WindowRelaxation::activate(const std::vector<ColumnIndex>& columns) {
  if (columns.empty()) return;
  std::vector<LinearProgram::Column> added(columns.size(), {0, 1, 0, {}});
  std::vector<std::size_t> joining(columns_.size(), kAbsent);
  for (std::size_t index = 0; index < columns.size(); ++index) {
    joining[columns[index]] = index;
    added[index].terms.push_back({columns_[columns[index]].client.value(), 1.0});
  }
  for (std::size_t position = 0; position < rows_.size(); ++position) {
    for (const auto& [column, coefficient] : rows_[position].terms) {
      if (joining[column] == kAbsent) continue;
      added[joining[column]].terms.push_back(
          {first_row() + position, rows_[position].scale * static_cast<double>(coefficient)});
    }
  }
  std::size_t position = program_.add_columns(added);
  for (const ColumnIndex column : columns) {
    position_[column] = position++;
    active_.push_back(column);
  }
}

// Without a column of every client the program has no solution.
void WindowRelaxation::activate_for_every_client(const Domain& domain) {
  if (active_.size() == columns_.size()) return;
  std::vector<ColumnIndex> missing;
  for (const ClientIndex client : columns_.clients()) {
    bool found = false;
    ColumnIndex least = columns_.end_of(client);
    for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client) && !found; ++column) {
      if (!stands(domain, column)) continue;
      found = position_[column] != kAbsent;
      if (least == columns_.end_of(client) || columns_[column].plain.load() < columns_[least].plain.load()) {
        least = column;
      }
    }
    if (!found && least != columns_.end_of(client)) missing.push_back(least);
  }
  activate(missing);
}

std::vector<double> WindowRelaxation::column_costs() const {
  const auto prices = program_.prices();
  std::vector<double> costs(columns_.size(), 0);
  for (std::size_t position = 0; position < rows_.size(); ++position) {
    const double price = -prices[first_row() + position] * rows_[position].scale;
    if (price <= 0) continue;
    for (const auto& [column, coefficient] : rows_[position].terms) {
      costs[column] += price * static_cast<double>(coefficient);
    }
  }
  return costs;
}

// For every client and helper the column that would lower the excess most; false when none would.
bool WindowRelaxation::activate_improving(const Domain& domain) {
  if (active_.size() == columns_.size()) return false;
  const std::vector<double> costs = column_costs();
  const auto prices = program_.prices();
  std::vector<ColumnIndex> joining;
  for (ColumnIndex column = 0; column < columns_.size(); ++column) {
    if (position_[column] != kAbsent || !stands(domain, column)) continue;
    if (costs[column] >= prices[columns_[column].client.value()] - kImproves) continue;
    if (joining.empty() || !columns_.are_alternatives(joining.back(), column)) {
      joining.push_back(column);
    } else if (costs[column] < costs[joining.back()]) {
      joining.back() = column;
    }
  }
  activate(joining);
  return !joining.empty();
}

LinearProgram::Status WindowRelaxation::solve_program(const Domain& domain) {
  LinearProgram::Status status = program_.solve(stop_);
  while (status == LinearProgram::Status::kOptimal && program_.values()[excess_column_] > 0 &&
         activate_improving(domain)) {
    status = program_.solve(stop_, true);
  }
  if (status != LinearProgram::Status::kOptimal) return status;
  std::fill(values_.begin(), values_.end(), 0);
  for (const ColumnIndex column : active_) values_[column] = program_.values()[position_[column]];
  return status;
}

}  // namespace splitlane::exact
