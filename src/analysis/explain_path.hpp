#pragma once

#include <optional>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/binding.hpp"

namespace splitlane {

/// The clients that need `bound` or more even with a helper to themselves; nothing where there are none. Kind kMemory
/// where one of them has a shorter option that its helper's memory cannot hold. O(options).
std::optional<Binding> explain_path(const Instance& instance, Time bound);

}  // namespace splitlane
