#include "methods/balance_exactly.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "assignment/schedule_assignment.hpp"
#include "methods/exact/exact_search.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane {

namespace {

// Of very many clients a helper its steps cost much and find nothing that exchanges of clients do not.
constexpr std::size_t kMostSearchedClients = 600;
constexpr std::size_t kMostSearchedClientsPerHelper = 25;

/// The instance whose makespans are the loads, its options in the order of the original.
Instance instance_of_loads(const Instance& instance) {
  std::vector<bool> is_used(instance.helper_count(), false);
  for (const OptionIndex option : instance.options()) {
    if (!instance.is_local(option)) is_used[instance.helper(option).value()] = true;
  }
  InstanceBuilder builder;
  builder.reserve(instance.client_count(), instance.option_count());
  std::vector<HelperIndex> image(instance.helper_count());
  for (const HelperIndex helper : instance.helpers()) {
    if (!is_used[helper.value()]) continue;
    image[helper.value()] =
        builder.add_helper({fmt::format("{}", helper.value()), instance.memory_capacity(helper), 0});
  }
  if (builder.helper_count() == 0) builder.add_helper({"none", std::nullopt, 0});
  for (const ClientIndex client : instance.clients()) {
    builder.add_client(fmt::format("{}", client.value()));
    for (const OptionIndex option : instance.options(client)) {
      if (instance.is_local(option)) {
        builder.add_local_option({instance.path(option), 0, std::nullopt, std::nullopt});
        continue;
      }
      OptionSpec load;
      load.helper = image[instance.helper(option).value()];
      load.forward = instance.load(option);
      load.memory_mb = instance.memory_demand(option);
      builder.add_option(load);
    }
  }
  return builder.build();
}

}  // namespace

ExactBalance balance_exactly(const Instance& instance, const Assignment& start, const StopCondition& stop) {
  const Instance loads = instance_of_loads(instance);
  const bool is_small =
      loads.client_count() <= std::min(kMostSearchedClients, kMostSearchedClientsPerHelper * loads.helper_count());
  exact::SearchParameters parameters;
  parameters.effort = exact::SearchEffort::brief(instance.option_count());
  if (!is_small) parameters.bound_enough = 0;  // what paths prove is all that is asked
  parameters.stop = stop;
  const exact::ExactResult result =
      exact::search_exactly(loads, {schedule_assignment(loads, start, schedule_fcfs, 1)}, parameters);
  return {result.schedule.choice, result.schedule.makespan <= result.lower_bound};
}

}  // namespace splitlane
