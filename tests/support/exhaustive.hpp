#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "support/brute_force.hpp"
#include "support/sequence_search.hpp"

namespace splitlane::test {

/// Calls `visit` with every complete choice of options that fits every helper's memory.
inline void for_each_assignment(const Instance& instance,
                                const std::function<void(const std::vector<OptionIndex>&)>& visit) {
  std::vector<OptionIndex> choice;
  std::vector<Megabytes> used(instance.helper_count(), 0);
  const std::function<void()> extend = [&] {
    if (choice.size() == instance.client_count()) {
      visit(choice);
      return;
    }
    for (const OptionIndex option : instance.options(ClientIndex(choice.size()))) {
      choice.push_back(option);
      if (instance.is_local(option)) {
        extend();
      } else {
        const HelperIndex helper = instance.helper(option);
        const auto capacity = instance.memory_capacity(helper);
        used[helper.value()] += instance.memory_demand(option);
        if (!capacity || used[helper.value()] <= *capacity) extend();
        used[helper.value()] -= instance.memory_demand(option);
      }
      choice.pop_back();
    }
  };
  extend();
}

/// True when some choice of options fits every helper's memory. Stops at the first.
inline bool has_assignment(const Instance& instance) {
  std::vector<Megabytes> left;
  for (const HelperIndex helper : instance.helpers()) {
    left.push_back(instance.memory_capacity(helper).value_or(std::numeric_limits<Megabytes>::max()));
  }
  const std::function<bool(std::size_t)> fits = [&](std::size_t client) {
    if (client == instance.client_count()) return true;
    for (const OptionIndex option : instance.options(ClientIndex(client))) {
      if (instance.is_local(option)) {
        if (fits(client + 1)) return true;
        continue;
      }
      Megabytes& capacity = left[instance.helper(option).value()];
      if (capacity < instance.memory_demand(option)) continue;
      capacity -= instance.memory_demand(option);
      const bool found = fits(client + 1);
      capacity += instance.memory_demand(option);
      if (found) return true;
    }
    return false;
  };
  return fits(0);
}

/// The largest load of a helper, or time of a client training locally, under one choice of options.
inline Time largest_load(const Instance& instance, const std::vector<OptionIndex>& choice) {
  std::vector<Time> load(instance.helper_count(), 0);
  Time largest = 0;
  for (const OptionIndex option : choice) {
    if (instance.is_local(option)) {
      largest = std::max(largest, instance.path(option));
    } else {
      load[instance.helper(option).value()] += instance.forward(option) + instance.backward(option);
    }
  }
  return std::max(largest, *std::max_element(load.begin(), load.end()));
}

/// What EquiD's assignment minimises; nullopt when no assignment exists.
inline std::optional<Time> smallest_largest_load(const Instance& instance) {
  std::optional<Time> best;
  for_each_assignment(instance, [&](const std::vector<OptionIndex>& choice) {
    const Time load = largest_load(instance, choice);
    if (!best || load < *best) best = load;
  });
  return best;
}

/// The makespan that no plan of the instance can beat, or none that never preempts; nullopt when no assignment exists.
inline std::optional<Time> exhaustive_optimum(const Instance& instance, bool preemptive = true) {
  std::map<std::vector<OptionIndex>, Time> optimum_of_lane;
  std::optional<Time> best;
  for_each_assignment(instance, [&](const std::vector<OptionIndex>& choice) {
    Time makespan = 0;
    std::vector<std::vector<OptionIndex>> lanes(instance.helper_count());
    for (const OptionIndex option : choice) {
      makespan = std::max(makespan, instance.is_local(option) ? instance.path(option) : 0);
      if (!instance.is_local(option)) lanes[instance.helper(option).value()].push_back(option);
    }
    for (const HelperIndex helper : instance.helpers()) {
      const std::vector<OptionIndex>& lane = lanes[helper.value()];
      if (lane.empty()) continue;
      const auto [known, is_new] = optimum_of_lane.try_emplace(lane, 0);
      if (is_new) {
        std::vector<Service> services;
        for (const OptionIndex option : lane) {
          services.push_back({instance.release(option), instance.forward(option),
                              instance.client_forward(option) + instance.client_backward(option),
                              instance.backward(option), instance.tail(option)});
        }
        const SwitchRule rule{instance.switch_model(), instance.switch_cost(helper)};
        known->second = preemptive ? brute_force_optimum(services, rule) : SequenceSearch(services, rule).optimum();
      }
      makespan = std::max(makespan, known->second);
    }
    if (!best || makespan < *best) best = makespan;
  });
  return best;
}

}  // namespace splitlane::test
