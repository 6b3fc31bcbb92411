#pragma once

#include <string>
#include <string_view>

#include "splitlane/planning/arguments.hpp"
#include "splitlane/profile/scenario.hpp"

namespace splitlane {

/// What arguments of `scenario_options` ask for, but networks, links, devices and measurements, which the caller finds.
/// Raises kUsage.
ScenarioParameters read_scenario_parameters(const Arguments& arguments);

/// The unit of the instance, of `--time-unit` and `--slot` as they are typed. Raises kUsage: no such unit, a slot that
/// is no time, both at once.
TimeScale read_time_scale(const Arguments& arguments);

/// "3,33" or "2..9,27..34". Raises kUsage at `where`.
CutRanges parse_cuts(std::string_view where, const std::string& text);

}  // namespace splitlane
