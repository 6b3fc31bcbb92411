#pragma once

#include <optional>

#include "splitlane/instance/instance.hpp"
#include "splitlane/instance/time.hpp"

namespace splitlane {

/// Microseconds of one time unit of the instance; nullopt for a slot of unknown length.
std::optional<Time> unit_microseconds(const Instance& instance);

/// The same where a number is needed: a slot of unknown length counts as a millisecond.
Time microseconds_per_unit(const Instance& instance);

}  // namespace splitlane
