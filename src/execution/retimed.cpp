#include "execution/retimed.hpp"

namespace splitlane::execution_detail {

void add_helpers(InstanceBuilder& builder, const Instance& instance, Time scale) {
  for (const HelperIndex helper : instance.helpers()) {
    builder.add_helper(
        {instance.helper_id(helper), instance.memory_capacity(helper), instance.switch_cost(helper) * scale});
  }
}

void add_retimed(InstanceBuilder& builder, const Instance& instance, OptionIndex option,
                 const BatchDurations& durations) {
  const Megabytes memory = instance.memory_demand(option);
  if (instance.is_local(option)) {
    builder.add_local_option({durations.local, memory, std::nullopt, std::nullopt});
  } else {
    builder.add_option({instance.helper(option), durations.release, durations.forward, durations.client_forward,
                        durations.client_backward, durations.backward, durations.tail, memory, std::nullopt,
                        std::nullopt});
  }
}

}  // namespace splitlane::execution_detail
