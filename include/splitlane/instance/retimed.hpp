#pragma once

#include <functional>

#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// The durations of one option; `local` alone of a local one, all others of one that a helper serves.
struct OptionDurations {
  Time local = 0;
  Time release = 0;
  Time forward = 0;
  Time client_forward = 0;
  Time client_backward = 0;
  Time backward = 0;
  Time tail = 0;
};
OptionDurations durations_of(const Instance& instance, OptionIndex option);

/// The instance with other durations and the same everything else: ids, indices, memory, cut layers, energy, notes.
/// `durations` is asked once for each option, in order. Raises what `InstanceBuilder` raises of durations and the
/// horizon. O(options).
Instance retimed_instance(const Instance& instance,
                          const std::function<OptionDurations(ClientIndex, OptionIndex)>& durations);

}  // namespace splitlane
