#include "profile/reach.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace splitlane {

namespace {

// With this many helpers a cell on average, the nearest few cells nearly always hold enough of them.
constexpr double kHelpersPerCell = 4;

}  // namespace

Reach::Reach(Topology topology, std::size_t helpers, std::size_t reach, RandomEngine random)
    : topology_(topology), reach_(reach), random_(random), order_(helpers) {
  std::iota(order_.begin(), order_.end(), 0U);
  if (reach_ >= helpers) {
    chosen_ = order_;
    return;
  }
  if (topology_ != Topology::kPlane) return;
  for (std::size_t helper = 0; helper < helpers; ++helper) {
    const double x = random_unit(random_);
    positions_.push_back({x, random_unit(random_)});
  }
  columns_ =
      std::max<std::size_t>(1, static_cast<std::size_t>(std::sqrt(static_cast<double>(helpers) / kHelpersPerCell)));
  fill_cells();
}

std::size_t Reach::column_of(double coordinate) const {
  return std::min(columns_ - 1, static_cast<std::size_t>(coordinate * static_cast<double>(columns_)));
}

void Reach::fill_cells() {
  first_in_cell_.assign(columns_ * columns_ + 1, 0);
  const auto cell_of = [this](const Point& point) { return column_of(point.y) * columns_ + column_of(point.x); };
  for (const Point& position : positions_) ++first_in_cell_[cell_of(position) + 1];
  std::partial_sum(first_in_cell_.begin(), first_in_cell_.end(), first_in_cell_.begin());
  by_cell_.resize(positions_.size());
  std::vector<std::uint32_t> next = first_in_cell_;
  for (const std::uint32_t helper : order_) by_cell_[next[cell_of(positions_[helper])]++] = helper;
}

const std::vector<std::uint32_t>& Reach::next_client() {
  if (reach_ >= order_.size()) return chosen_;
  switch (topology_) {
    case Topology::kRandom: draw_any(); break;
    case Topology::kPlane: draw_nearest(); break;
    case Topology::kRing: draw_neighbours(); break;
  }
  return chosen_;
}

void Reach::draw_any() {
  // The start of a shuffle; the rest of the order is as good a start for the next client as any.
  for (std::size_t position = 0; position < reach_; ++position) {
    const std::size_t other = position + random_below(random_, order_.size() - position);
    std::swap(order_[position], order_[other]);
  }
  chosen_.assign(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(reach_));
  std::sort(chosen_.begin(), chosen_.end());
}

void Reach::draw_neighbours() {
  const std::size_t first = random_below(random_, order_.size());
  chosen_.clear();
  for (std::size_t step = 0; step < reach_; ++step) {
    chosen_.push_back(static_cast<std::uint32_t>((first + step) % order_.size()));
  }
  std::sort(chosen_.begin(), chosen_.end());
}

void Reach::look_at_cell(std::size_t cell, Point from) {
  for (std::size_t place = first_in_cell_[cell]; place < first_in_cell_[cell + 1]; ++place) {
    const Point& at = positions_[by_cell_[place]];
    near_.emplace_back((at.x - from.x) * (at.x - from.x) + (at.y - from.y) * (at.y - from.y), by_cell_[place]);
  }
}

void Reach::look_at_ring(std::size_t column, std::size_t row, std::size_t distance, Point from) {
  const auto low = [distance](std::size_t middle) { return middle < distance ? 0 : middle - distance; };
  const std::size_t last_row = std::min(columns_ - 1, row + distance);
  const std::size_t last_column = std::min(columns_ - 1, column + distance);
  for (std::size_t y = low(row); y <= last_row; ++y) {
    const bool whole_row = y + distance == row || y == row + distance;
    for (std::size_t x = low(column); x <= last_column; ++x) {
      if (whole_row || x + distance == column || x == column + distance) look_at_cell(y * columns_ + x, from);
    }
  }
}

void Reach::draw_nearest() {
  const double x = random_unit(random_);
  const Point from{x, random_unit(random_)};
  near_.clear();
  const auto kth = [this] { return near_.begin() + static_cast<std::ptrdiff_t>(reach_); };
  for (std::size_t distance = 0; distance < columns_; ++distance) {
    // Whatever lies beyond the rings seen so far is at least this far away.
    const double unseen = (static_cast<double>(distance) - 1) / static_cast<double>(columns_);
    if (near_.size() >= reach_ && distance > 0) {
      std::nth_element(near_.begin(), kth() - 1, near_.end());
      if (unseen >= 0 && (kth() - 1)->first <= unseen * unseen) break;
    }
    look_at_ring(column_of(from.x), column_of(from.y), distance, from);
  }
  std::partial_sort(near_.begin(), kth(), near_.end());
  chosen_.clear();
  for (auto place = near_.begin(); place != kth(); ++place) chosen_.push_back(place->second);
  std::sort(chosen_.begin(), chosen_.end());
}

}  // namespace splitlane
