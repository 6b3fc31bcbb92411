// The exact side of the window relaxation: prices rounded to integers prove, or do not.
#include <algorithm>
#include <array>
#include <cmath>

#include "methods/exact/rows.hpp"
#include "methods/exact/window_relaxation.hpp"

namespace splitlane::exact {

namespace {

constexpr std::array kPriceSizes = {1e4, 1e8, 1e13};

}  // namespace

bool WindowRelaxation::proves(const Domain& domain,
                              std::span<const std::pair<std::size_t, std::int64_t>> prices) const {
  __extension__ using Wide = __int128;
  std::vector<Wide> cost(columns_.size(), 0);
  Wide capacity = 0;
  for (const auto& [position, price] : prices) {
    const Row& row = rows_[position];
    capacity += Wide{price} * row.capacity * static_cast<std::int64_t>(members_of(row).size());
    for (const auto& [column, coefficient] : row.terms) cost[column] += Wide{price} * coefficient;
  }
  Wide least_total = 0;
  for (const ClientIndex client : columns_.clients()) {
    std::optional<Wide> least;
    for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
      if (stands(domain, column) && (!least || cost[column] < *least)) least = cost[column];
    }
    if (!least) return true;
    least_total += *least;
  }
  return least_total > capacity;
}

std::optional<std::vector<PricedRow>> WindowRelaxation::price_leaf(const Domain& domain) const {
  const auto program_prices = program_.prices();
  double largest = 0;
  for (std::size_t position = 0; position < rows_.size(); ++position) {
    if (!takes_part(rows_[position])) continue;
    largest = std::max(largest, -program_prices[first_row() + position] * rows_[position].scale);
  }
  if (!(largest > 0)) return std::nullopt;
  for (const double size : kPriceSizes) {
    std::vector<std::pair<std::size_t, std::int64_t>> prices;
    for (std::size_t position = 0; position < rows_.size(); ++position) {
      if (!takes_part(rows_[position])) continue;
      const double price = -program_prices[first_row() + position] * rows_[position].scale / largest * size;
      if (price >= 0.5) prices.emplace_back(position, std::llround(price));
    }
    if (!proves(domain, prices)) continue;
    std::vector<PricedRow> leaf;
    for (const auto& [position, price] : prices) {
      PricedRow row = rows_[position].row;
      row.price = price;
      row.reachable =
          row.kind == PricedRow::Kind::kWindow && rows_[position].capacity < window_capacity(row, makespan_);
      for (const HelperIndex helper : members_of(rows_[position])) {
        row.helper = helper;
        leaf.push_back(row);
      }
    }
    return leaf;
  }
  return std::nullopt;
}

}  // namespace splitlane::exact
