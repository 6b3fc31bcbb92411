#include "bound/integer_prices.hpp"

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"
#include "bound/price_bound.hpp"
#include "bound/relaxed_tasks.hpp"

namespace splitlane {

namespace {

constexpr double kLargestPrice = 0x1.0p50;
constexpr int kBisections = 20;
constexpr Time kTightening = 32;  // lifts of one part in so many are looked for first

}  // namespace

IntegerPrices::IntegerPrices(const PriceProblem& problem, const RowValues& prices, Time highest_edge, Workers& workers)
    : instance_(problem.instance()), workers_(workers), first_row_{0} {
  // A window's price is per unit of time, a memory's per MB.
  const auto per_megabyte = [&](HelperIndex helper) {
    return prices.memory[helper] * problem.time_scale() /
           static_cast<double>(instance_.memory_capacity(helper).value_or(1));
  };
  double largest = 0.0;
  for (const double price : prices.windows) largest = std::max(largest, price);
  for (const HelperIndex helper : instance_.helpers()) {
    if (problem.has_memory(helper)) largest = std::max(largest, per_megabyte(helper));
  }
  const double scale = kLargestPrice / largest;
  for (const HelperIndex helper : instance_.helpers()) {
    const WindowGrid& grid = problem.grids()[helper];
    std::size_t window = problem.helper(helper).first_window;
    for (const Time head : grid.heads) {
      for (const Time tail : grid.tails) {
        const std::int64_t price = std::llround(prices.windows[window++] * scale);
        if (price == 0 || head + tail > highest_edge) continue;
        rows_.push_back({PricedRow::Kind::kWindow, helper, {head}, {tail}, false, 0, price});
        price_sum_ += price;
        rent_ += static_cast<Wide>(price) * (head + tail);
      }
    }
    if (problem.has_memory(helper)) {
      const std::int64_t price = std::llround(per_megabyte(helper) * scale);
      if (price > 0) {
        rows_.push_back({PricedRow::Kind::kMemory, helper, {}, {}, false, 0, price});
        rent_ -= static_cast<Wide>(price) * *instance_.memory_capacity(helper);
      }
    }
    first_row_.push_back(static_cast<std::uint32_t>(rows_.size()));
  }
}

// What the option brings into the window, or memory.
std::int64_t IntegerPrices::size_in(const PricedRow& row, OptionIndex option) const {
  if (row.kind == PricedRow::Kind::kMemory) return instance_.memory_demand(option);
  const SwitchRule rule = switch_rule_of(instance_, row.helper);
  Time load = 0;
  for (const RelaxedTask& task : relaxed_tasks(service_of(instance_, option), rule)) {
    if (task.head >= row.heads[0] && task.tail >= row.tails[0]) load += task.work;
  }
  return load;
}

IntegerPrices::Wide IntegerPrices::cost(OptionIndex option) const {
  if (instance_.is_local(option)) return 0;
  const HelperIndex helper = instance_.helper(option);
  const auto tasks = relaxed_tasks(service_of(instance_, option), switch_rule_of(instance_, helper));
  Wide total = 0;
  for (std::size_t index = first_row_[helper.value()]; index < first_row_[helper.value() + 1]; ++index) {
    const PricedRow& row = rows_[index];
    if (row.kind == PricedRow::Kind::kMemory) {
      total += static_cast<Wide>(row.price) * instance_.memory_demand(option);
      continue;
    }
    for (const RelaxedTask& task : tasks) {
      if (task.head >= row.heads[0] && task.tail >= row.tails[0]) total += static_cast<Wide>(row.price) * task.work;
    }
  }
  return total;
}

IntegerPrices::Wide IntegerPrices::least_costs(Time makespan) {
  std::vector<Wide> sums(kChunks, 0);
  workers_.for_each_in_time(kChunks, [&](std::size_t chunk) {
    const auto [first, last] = chunk_of(instance_.client_count(), kChunks, chunk);
    for (const ClientIndex client : IndexRange<ClientIndex>(first, last)) {
      Wide least = -1;
      for (const OptionIndex option : instance_.options(client)) {
        if (!is_allowed(instance_, option, makespan)) continue;
        const Wide candidate = cost(option);
        if (least < 0 || candidate < least) least = candidate;
      }
      sums[chunk] += std::max<Wide>(least, 0);
    }
  });
  Wide total = 0;
  for (const Wide sum : sums) total += sum;
  return total;
}

Time IntegerPrices::proven_if_allowed(Time makespan) {
  const Wide total = least_costs(makespan) + rent_;
  if (total <= 0) return 0;
  return static_cast<Time>(std::min<Wide>((total + price_sum_ - 1) / price_sum_, kLargestNumber));
}

// No plan has makespan C where proven_if_allowed(C) > C: it would use options allowed at C only. With C the left side
// falls, so the largest such C is found by bisection; plans with smaller makespans need none of their own.
void IntegerPrices::improve() {
  Time high = proven_if_allowed(proven_);  // beyond it nothing is proven
  if (high > proven_) {
    proven_ = std::max(proven_, std::min(high, proven_if_allowed(high)));
    for (int step = 0; step < kBisections && proven_ < high; ++step) {
      const Time middle = proven_ + (high - proven_) / 2;  // is makespan `middle` impossible?
      if (proven_if_allowed(middle) > middle) {
        proven_ = middle + 1;
      } else {
        high = middle;
      }
    }
  }
  tighten();
}

Time IntegerPrices::improved(Time bound) {
  proven_ = bound;
  if (price_sum_ == 0) return bound;
  try {
    improve();
  } catch (const Stopped&) {
    // What is proven by then stands.
  }
  SPLITLANE_ASSERT(bound <= proven_ && proven_ <= kLargestNumber, bound, proven_);
  return proven_;
}

// What a row can carry whatever the sizes of its options.
Time IntegerPrices::capacity_at(Time makespan, const PricedRow& row) const {
  if (row.kind == PricedRow::Kind::kMemory) return *instance_.memory_capacity(row.helper);
  return makespan - row.heads[0] - row.tails[0];
}

// What each row can carry in a makespan up to `most`, where its options come in few sizes.
std::vector<ReachableSums> IntegerPrices::sums_of_rows(Time most) {
  PerHelper<std::vector<OptionIndex>> options_of(instance_.helper_count());
  for (const OptionIndex option : instance_.options()) {
    if (!instance_.is_local(option)) options_of[instance_.helper(option)].push_back(option);
  }
  SPLITLANE_ASSERT(first_row_.back() == rows_.size(), first_row_.back(), rows_.size());
  std::vector<ReachableSums> sums(rows_.size());
  workers_.for_each_in_time(instance_.helper_count(), [&](std::size_t position) {
    const HelperIndex helper(position);
    std::vector<Time> sizes;
    for (std::size_t index = first_row_[position]; index < first_row_[position + 1]; ++index) {
      const PricedRow& row = rows_[index];
      sizes.clear();
      for (const OptionIndex option : options_of[helper]) sizes.push_back(size_in(row, option));
      sums[index] = ReachableSums(sizes, capacity_at(most, row));
    }
  });
  return sums;
}

IntegerPrices::Wide IntegerPrices::rent_at(Time makespan, const std::vector<ReachableSums>& sums) const {
  Wide total = 0;
  for (std::size_t index = 0; index < rows_.size(); ++index) {
    const PricedRow& row = rows_[index];
    total += static_cast<Wide>(row.price) * sums[index].largest(capacity_at(makespan, row));
  }
  return total;
}

// A makespan is impossible where the least costs exceed what the rows can carry in it. The costs fall as more options
// become short enough, so those of the end of the range hold for all of it.
Time IntegerPrices::tightened_within(Time bound, Time most) {
  const std::vector<ReachableSums> sums = sums_of_rows(most);
  const Wide costs = least_costs(most);
  Time low = bound;  // proven
  Time high = most + 1;
  while (low < high) {
    const Time middle = low + (high - low) / 2;
    if (costs > rent_at(middle, sums)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == bound) return bound;
  for (std::size_t index = 0; index < rows_.size(); ++index) {
    const Time capacity = capacity_at(low - 1, rows_[index]);
    rows_[index].reachable = sums[index].largest(capacity) < capacity;
  }
  return low;
}

void IntegerPrices::tighten() {
  for (Time range = proven_ / kTightening;; range *= 2) {
    const Time most = std::min(proven_ + range, kLargestNumber);
    proven_ = tightened_within(proven_, most);
    if (proven_ <= most) return;
  }
}

}  // namespace splitlane
