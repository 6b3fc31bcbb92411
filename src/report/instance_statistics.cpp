#include "report/instance_statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include "report/saturating.hpp"

namespace splitlane::report {

namespace {

// An option is compared with this many others of its client and helper at most, so that a client with very many
// options costs no quadratic time; real instances have a handful of cut layers.
constexpr std::size_t kMostComparisons = 64;

// What an option costs in every respect; less is better in all of them.
using Costs = std::array<std::int64_t, 9>;

Costs costs_of(const Instance& instance, OptionIndex option) {
  return {instance.release(option),        instance.forward(option),
          instance.client_forward(option), instance.client_backward(option),
          instance.backward(option),       instance.tail(option),
          instance.memory_demand(option),  instance.energy_mj(option).value_or(0),
          instance.local(option)};
}

bool is_nowhere_worse(const Costs& left, const Costs& right) {
  return std::equal(left.begin(), left.end(), right.begin(), std::less_equal<>());
}

class Collector {
 public:
  explicit Collector(const Instance& instance) : instance_(instance), demand_(instance.helper_count(), 0) {}

  InstanceStatistics collect() {
    for (const ClientIndex client : instance_.clients()) add_client(client);
    finish_memory();
    if (varied_clients_ > 0) result_.load_variation = variation_sum_ / static_cast<double>(varied_clients_);
    result_.path_variation = coefficient_of_variation(shortest_paths_);
    return result_;
  }

 private:
  void add_client(ClientIndex client) {
    by_helper_.clear();
    Time shortest = kLargestNumber;
    Megabytes least = kLargestNumber;
    bool fits = false;
    for (const OptionIndex option : instance_.options(client)) {
      shortest = std::min(shortest, instance_.path(option));
      if (instance_.path(option) == 0) ++result_.zero_options;
      if (instance_.is_local(option)) {
        ++result_.local_options;
        least = 0;
        fits = true;
        continue;
      }
      const Megabytes demand = instance_.memory_demand(option);
      result_.memory.has_demands |= demand > 0;
      least = std::min(least, demand);
      fits |= demand <= instance_.memory_capacity(instance_.helper(option)).value_or(kLargestNumber);
      by_helper_.push_back(option);
    }
    shortest_paths_.push_back(shortest);
    result_.memory.least_demand = add_saturating(result_.memory.least_demand, least);
    if (!fits) result_.memory.fit_nowhere.push_back(client);
    std::stable_sort(by_helper_.begin(), by_helper_.end(), [this](OptionIndex left, OptionIndex right) {
      return instance_.helper(left) < instance_.helper(right);
    });
    add_helpers();
  }

  // `by_helper_` holds the options of one client that name a helper, grouped by it.
  void add_helpers() {
    loads_.clear();
    for (auto first = by_helper_.begin(); first != by_helper_.end();) {
      const HelperIndex helper = instance_.helper(*first);
      const auto last =
          std::find_if(first, by_helper_.end(), [&](OptionIndex option) { return instance_.helper(option) != helper; });
      Time load = kLargestNumber;
      Megabytes demand = kLargestNumber;
      for (auto option = first; option != last; ++option) {
        load = std::min(load, instance_.load(*option));
        demand = std::min(demand, instance_.memory_demand(*option));
      }
      loads_.push_back(load);
      demand_[helper.value()] = add_saturating(demand_[helper.value()], demand);
      ++result_.edges;
      if (last - first > 1) count_dominated({first, last});
      first = last;
    }
    if (loads_.size() < 2) return;
    variation_sum_ += coefficient_of_variation(loads_);
    ++varied_clients_;
  }

  void count_dominated(const std::vector<OptionIndex>& options) {
    std::vector<std::pair<Costs, OptionIndex>> sorted;
    sorted.reserve(options.size());
    for (const OptionIndex option : options) sorted.emplace_back(costs_of(instance_, option), option);
    std::sort(sorted.begin(), sorted.end());
    // Whatever dominates an option precedes it in lexicographic order; equal ones count after the first.
    for (std::size_t index = 1; index < sorted.size(); ++index) {
      for (std::size_t other = 0; other < std::min(index, kMostComparisons); ++other) {
        if (!is_nowhere_worse(sorted[other].first, sorted[index].first)) continue;
        ++result_.dominated_options;
        result_.first_dominated = std::min(result_.first_dominated, sorted[index].second);
        break;
      }
    }
  }

  void finish_memory() {
    MemoryStatistics& memory = result_.memory;
    double smallest_share = 0;
    for (const HelperIndex helper : instance_.helpers()) {
      const std::optional<Megabytes> capacity = instance_.memory_capacity(helper);
      if (!capacity) {
        ++memory.unbounded_helpers;
        continue;
      }
      memory.capacity = add_saturating(memory.capacity, *capacity);
      const Megabytes demand = demand_[helper.value()];
      if (demand == 0) continue;
      const double share = static_cast<double>(*capacity) / static_cast<double>(demand);
      if (memory.tightest && share >= smallest_share) continue;
      memory.tightest = TightestHelper{helper, *capacity, demand};
      smallest_share = share;
    }
  }

  const Instance& instance_;
  InstanceStatistics result_;
  std::vector<Megabytes> demand_;
  std::vector<Time> shortest_paths_;
  std::vector<OptionIndex> by_helper_;
  std::vector<Time> loads_;
  double variation_sum_ = 0;
  std::size_t varied_clients_ = 0;
};

}  // namespace

Range range_of(std::vector<Time> values) {
  if (values.empty()) return {};
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return {*std::min_element(values.begin(), middle + 1), *middle, *std::max_element(middle, values.end())};
}

double coefficient_of_variation(const std::vector<Time>& values) {
  double mean = 0;
  for (const Time value : values) mean += static_cast<double>(value) / static_cast<double>(values.size());
  if (mean <= 0) return 0;
  double variance = 0;
  for (const Time value : values) {
    const double distance = static_cast<double>(value) - mean;
    variance += distance * distance / static_cast<double>(values.size());
  }
  return std::sqrt(variance) / mean;
}

InstanceStatistics statistics_of(const Instance& instance) { return Collector(instance).collect(); }

}  // namespace splitlane::report
