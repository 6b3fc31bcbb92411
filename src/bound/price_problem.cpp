#include "bound/price_problem.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "bound/price_bound.hpp"
#include "bound/relaxed_tasks.hpp"

namespace splitlane {

bool is_allowed(const Instance& instance, OptionIndex option, Time makespan) {
  if (option_path_bound(instance, option) > makespan) return false;
  if (instance.is_local(option)) return true;
  const std::optional<Megabytes> capacity = instance.memory_capacity(instance.helper(option));
  return !capacity || instance.memory_demand(option) <= *capacity;
}

PriceProblem::PriceProblem(const Instance& instance, WindowGrids grids, Time longest_path, double time_scale,
                           Workers& workers, PerHelper<std::uint8_t> is_free)
    : instance_(instance), grids_(std::move(grids)), time_scale_(time_scale), is_free_(std::move(is_free)) {
  place_grids();
  fill_options(longest_path, workers);
}

// Cell 0 of a grid is outside every window; local options have a cell of their own behind all grids.
void PriceProblem::place_grids() {
  SPLITLANE_ASSERT(grids_.size() == instance_.helper_count(), grids_.size(), instance_.helper_count());
  for (const HelperIndex helper : instance_.helpers()) {
    const WindowGrid& grid = grids_[helper];
    SPLITLANE_ASSERT(std::is_sorted(grid.heads.begin(), grid.heads.end()), helper.value());
    SPLITLANE_ASSERT(std::is_sorted(grid.tails.begin(), grid.tails.end()), helper.value());
    SPLITLANE_ASSERT(!is_free(helper) || grid.heads.empty(), helper.value(), grid.heads.size());
    const auto heads = static_cast<std::uint32_t>(grid.heads.size());
    const auto tails = static_cast<std::uint32_t>(grid.tails.size());
    helpers_.push_back(
        {static_cast<std::uint32_t>(edges_.size()), static_cast<std::uint32_t>(cell_count_), heads, tails});
    cell_count_ += (heads + std::size_t{1}) * (tails + std::size_t{1});
    for (const Time head : grid.heads) {
      for (const Time tail : grid.tails) edges_.push_back(static_cast<double>(head + tail) / time_scale_);
    }
    const bool bounded = !is_free(helper) && instance_.memory_capacity(helper).value_or(0) > 0;
    priced_count_ += is_free(helper) ? 0 : 1;
    bounded_.push_back(bounded ? 1 : 0);
    has_memory_ = has_memory_ || bounded;
  }
  ++cell_count_;
}

std::uint32_t PriceProblem::cell_of(HelperIndex helper, Time head, Time tail) const {
  const WindowGrid& grid = grids_[helper];
  const auto reached = [](const std::vector<Time>& thresholds, Time value) {
    return static_cast<std::uint32_t>(std::upper_bound(thresholds.begin(), thresholds.end(), value) -
                                      thresholds.begin());
  };
  const Helper& place = helpers_[helper];
  return place.first_cell + reached(grid.heads, head) * (place.tails + 1) + reached(grid.tails, tail);
}

PriceProblem::Option PriceProblem::relax(OptionIndex option) const {
  const auto outside = static_cast<std::uint32_t>(cell_count_ - 1);
  if (instance_.is_local(option)) return {HelperIndex(helper_count()), outside, outside, 0, 0, 0};
  const HelperIndex helper = instance_.helper(option);
  const auto [forward, backward] = relaxed_tasks(service_of(instance_, option), switch_rule_of(instance_, helper));
  const double capacity = static_cast<double>(instance_.memory_capacity(helper).value_or(0));
  const double demand = capacity > 0 ? static_cast<double>(instance_.memory_demand(option)) / capacity : 0.0;
  return {helper,
          cell_of(helper, forward.head, forward.tail),
          cell_of(helper, backward.head, backward.tail),
          static_cast<float>(static_cast<double>(forward.work) / time_scale_),
          static_cast<float>(static_cast<double>(backward.work) / time_scale_),
          static_cast<float>(demand)};
}

bool PriceProblem::goes_free(ClientIndex client, Time longest_path) const {
  if (is_free_.empty()) return false;
  for (const OptionIndex option : instance_.options(client)) {
    if (instance_.is_local(option) || !is_free(instance_.helper(option))) continue;
    if (is_allowed(instance_, option, longest_path)) return true;
  }
  return false;
}

void PriceProblem::fill_options(Time longest_path, Workers& workers) {
  const std::size_t clients = instance_.client_count();
  first_option_.resize(clients + 1);
  std::vector<std::size_t> kept(kChunks + 1, 0);
  workers.for_each_in_time(kChunks, [&](std::size_t chunk) {
    const auto [first, last] = chunk_of(clients, kChunks, chunk);
    for (const ClientIndex client : IndexRange<ClientIndex>(first, last)) {
      if (goes_free(client, longest_path)) continue;
      for (const OptionIndex option : instance_.options(client)) {
        kept[chunk + 1] += is_allowed(instance_, option, longest_path) ? 1 : 0;
      }
    }
  });
  for (std::size_t chunk = 0; chunk < kChunks; ++chunk) kept[chunk + 1] += kept[chunk];
  options_.resize(kept[kChunks]);
  source_.resize(kept[kChunks]);
  first_option_[clients] = static_cast<std::uint32_t>(kept[kChunks]);
  workers.for_each_in_time(kChunks, [&](std::size_t chunk) {
    const auto [first, last] = chunk_of(clients, kChunks, chunk);
    std::size_t next = kept[chunk];
    for (const ClientIndex client : IndexRange<ClientIndex>(first, last)) {
      first_option_[client.value()] = static_cast<std::uint32_t>(next);
      if (goes_free(client, longest_path)) continue;
      for (const OptionIndex option : instance_.options(client)) {
        if (!is_allowed(instance_, option, longest_path)) continue;
        options_[next] = relax(option);
        source_[next] = option;
        ++next;
      }
    }
  });
}

double PriceProblem::rent(const RowValues& prices) const {
  double total = 0.0;
  for (std::size_t window = 0; window < edges_.size(); ++window) total += prices.windows[window] * edges_[window];
  for (const double price : prices.memory) total -= price;
  return total;
}

void PriceProblem::spread_to_cells(std::span<const double> windows, std::span<double> cells) const {
  for (const Helper& helper : helpers_) {
    const std::size_t width = helper.tails + std::size_t{1};
    double* cell = cells.data() + helper.first_cell;
    const double* window = windows.data() + helper.first_window;
    std::fill(cell, cell + width, 0.0);
    for (std::size_t head = 1; head <= helper.heads; ++head) {
      double row = 0.0;
      cell[head * width] = 0.0;
      for (std::size_t tail = 1; tail < width; ++tail) {
        row += window[(head - 1) * helper.tails + tail - 1];
        cell[head * width + tail] = cell[(head - 1) * width + tail] + row;
      }
    }
  }
  cells[cell_count_ - 1] = 0.0;
}

void PriceProblem::gather_from_cells(std::span<const double> cells, std::span<double> windows) const {
  for (const Helper& helper : helpers_) {
    const std::size_t width = helper.tails + std::size_t{1};
    const double* cell = cells.data() + helper.first_cell;
    double* window = windows.data() + helper.first_window;
    for (std::size_t head = helper.heads; head >= 1; --head) {
      double row = 0.0;
      for (std::size_t tail = helper.tails; tail >= 1; --tail) {
        row += cell[head * width + tail];
        const double above = head < helper.heads ? window[head * helper.tails + tail - 1] : 0.0;
        window[(head - 1) * helper.tails + tail - 1] = above + row;
      }
    }
  }
}

}  // namespace splitlane
