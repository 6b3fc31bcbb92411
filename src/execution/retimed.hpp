#pragma once

#include "execution/true_times.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane::execution_detail {

/// All helpers of the instance, whose unit is `scale` of the builder's.
void add_helpers(InstanceBuilder& builder, const Instance& instance, Time scale);

/// The option with other durations, on the same helper and with the same memory.
void add_retimed(InstanceBuilder& builder, const Instance& instance, OptionIndex option,
                 const BatchDurations& durations);

}  // namespace splitlane::execution_detail
