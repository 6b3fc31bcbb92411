#include "splitlane/instance/retimed.hpp"

#include <string>

#include "instance/notes.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane {

namespace {

void add_same_helpers(InstanceBuilder& builder, const Instance& instance) {
  Notes notes(instance.helper_notes());
  for (const HelperIndex helper : instance.helpers()) {
    builder.add_helper({instance.helper_id(helper), instance.memory_capacity(helper), instance.switch_cost(helper)});
    if (const std::string* note = notes.at(helper.value())) builder.annotate_helper(*note);
  }
}

void add_option_with(InstanceBuilder& builder, const Instance& instance, OptionIndex option,
                     const OptionDurations& durations) {
  if (instance.is_local(option)) {
    builder.add_local_option(
        {durations.local, instance.memory_demand(option), instance.cut(option), instance.energy_mj(option)});
  } else {
    builder.add_option({instance.helper(option), durations.release, durations.forward, durations.client_forward,
                        durations.client_backward, durations.backward, durations.tail, instance.memory_demand(option),
                        instance.cut(option), instance.energy_mj(option)});
  }
}

}  // namespace

OptionDurations durations_of(const Instance& instance, OptionIndex option) {
  return {instance.local(option),
          instance.release(option),
          instance.forward(option),
          instance.client_forward(option),
          instance.client_backward(option),
          instance.backward(option),
          instance.tail(option)};
}

Instance retimed_instance(const Instance& instance,
                          const std::function<OptionDurations(ClientIndex, OptionIndex)>& durations) {
  InstanceBuilder builder;
  if (!instance.name().empty()) builder.set_name(instance.name());
  builder.set_time_unit(instance.time_unit()).set_switch_model(instance.switch_model());
  if (instance.slot_us()) builder.set_slot_us(*instance.slot_us());
  builder.reserve(instance.client_count(), instance.option_count());
  if (!instance.note().empty()) builder.annotate_instance(instance.note());
  add_same_helpers(builder, instance);
  Notes client_notes(instance.client_notes());
  Notes block_notes(instance.option_block_notes());
  Notes option_notes(instance.option_notes());
  for (const ClientIndex client : instance.clients()) {
    builder.add_client(instance.client_id(client));
    if (const std::string* note = client_notes.at(client.value())) builder.annotate_client(*note);
    if (const std::string* note = block_notes.at(client.value())) builder.annotate_option_block(*note);
    for (const OptionIndex option : instance.options(client)) {
      add_option_with(builder, instance, option, durations(client, option));
      if (const std::string* note = option_notes.at(option.value())) builder.annotate_option(*note);
    }
  }
  return builder.build();
}

}  // namespace splitlane
