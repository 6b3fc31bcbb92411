#pragma once

#include <span>
#include <vector>

#include "schedule/list_schedule.hpp"

namespace splitlane {

/// The same helper seen from the end of the batch: releases and tails, forward and backward change places.
std::vector<Service> mirrored(std::span<const Service> services);

inline TaskIndex mirrored(TaskIndex task) { return task ^ 1U; }

/// Turns a lane of the mirrored helper, whose makespan is `makespan`, into one of the real helper.
Lane mirrored(const Lane& lane, Time makespan);

/// "Latest completion first" for the opposite direction of time.
std::vector<Time> opposite_priority(std::span<const Time> completions);

}  // namespace splitlane
