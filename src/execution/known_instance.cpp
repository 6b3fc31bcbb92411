#include "execution/known_instance.hpp"

#include <algorithm>
#include <vector>

#include "execution/retimed.hpp"

namespace splitlane::execution_detail {

std::optional<Instance> known_instance(const Instance& instance, const TrueTimes& times,
                                       const SimulationParameters& parameters) {
  const auto lost = [&](const Node& node) {
    return std::any_of(parameters.losses.begin(), parameters.losses.end(),
                       [&](const Loss& loss) { return loss.node == node; });
  };
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kMicrosecond).set_switch_model(instance.switch_model());
  add_helpers(builder, instance, times.scale());
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
      add_retimed(builder, instance, option, times.batch(client, 0, option));
    }
  }
  if (builder.client_count() == 0) return std::nullopt;
  return builder.build();
}

}  // namespace splitlane::execution_detail
