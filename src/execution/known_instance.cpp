#include "execution/known_instance.hpp"

#include <algorithm>
#include <vector>

#include "splitlane/instance/instance_builder.hpp"

namespace splitlane::execution_detail {

std::optional<Instance> known_instance(const Instance& instance, const TrueTimes& times,
                                       const SimulationParameters& parameters) {
  const auto lost = [&](const Node& node) {
    return std::any_of(parameters.losses.begin(), parameters.losses.end(),
                       [&](const Loss& loss) { return loss.node == node; });
  };
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kMicrosecond).set_switch_model(instance.switch_model());
  for (const HelperIndex helper : instance.helpers()) {
    builder.add_helper(
        {instance.helper_id(helper), instance.memory_capacity(helper), instance.switch_cost(helper) * times.scale()});
  }
  std::vector<bool> helper_lost;
  for (const HelperIndex helper : instance.helpers()) helper_lost.push_back(lost({ClientIndex::none(), helper}));
  for (const ClientIndex client : instance.clients()) {
    if (lost({client, HelperIndex::none()})) continue;
    bool begun = false;
    for (const OptionIndex option : instance.options(client)) {
      const HelperIndex helper = instance.helper(option);
      if (!helper.is_none() && helper_lost[helper.value()]) continue;
      if (!begun) builder.add_client(instance.client_id(client));
      begun = true;
      const BatchDurations true_times = times.batch(client, 0, option);
      const Megabytes memory = instance.memory_demand(option);
      if (instance.is_local(option)) {
        builder.add_local_option({true_times.release, memory, std::nullopt, std::nullopt});
      } else {
        builder.add_option({helper, true_times.release, true_times.forward, true_times.client_forward,
                            true_times.client_backward, true_times.backward, true_times.tail, memory, std::nullopt,
                            std::nullopt});
      }
    }
  }
  if (builder.client_count() == 0) return std::nullopt;
  return builder.build();
}

}  // namespace splitlane::execution_detail
