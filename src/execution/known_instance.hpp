#pragma once

#include <optional>

#include "execution/true_times.hpp"
#include "splitlane/execution/simulate.hpp"

namespace splitlane::execution_detail {

/// The instance as it is for one who knows beforehand how long everything takes and who is lost, in microseconds: the
/// first batch's true times, without the clients that are lost and the options of helpers that are. nullopt when
/// nothing is left. O(options).
std::optional<Instance> known_instance(const Instance& instance, const TrueTimes& times,
                                       const SimulationParameters& parameters);

}  // namespace splitlane::execution_detail
