#pragma once

#include <CLI/CLI.hpp>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arguments.hpp"
#include "documents.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/time.hpp"
#include "splitlane/io/profile_source.hpp"
#include "splitlane/profile/measurement.hpp"
#include "splitlane/profile/option.hpp"
#include "splitlane/profile/setup.hpp"

inline constexpr std::array<std::string_view, 2> kActivationSideNames = {"output", "input"};
inline constexpr std::array<std::string_view, 2> kZeroTimesNames = {"unmeasured", "joined"};
/// Those of an instance to be made; a slot has a length besides.
inline constexpr auto kDurationUnits = std::span(splitlane::kTimeUnitNames).first<3>();

/// The unit of time of an instance to be made, as typed.
struct TimeUnitArguments {
  std::string time_unit = "ms";
  std::optional<std::string> slot;
};
void add_time_unit_arguments(CLI::App& verb, TimeUnitArguments& arguments);
/// Raises kUsage: no such unit, a slot that is no time, both at once.
splitlane::TimeScale time_scale(const TimeUnitArguments& arguments);

/// "3,33" or "2..9,27..34". Raises kUsage.
splitlane::CutRanges parse_cuts(std::string_view option, const std::string& text);
/// "sgd", "momentum" or "adam". Raises kUsage.
splitlane::Optimizer parse_optimizer(const std::string& text);
/// "unmeasured" or "joined". Raises kUsage.
splitlane::ZeroTimes parse_zero_times(const std::string& text);
/// An integer in range. Raises kUsage naming the option.
std::int64_t parse_count(std::string_view option, const std::string& text, std::int64_t lowest, std::int64_t highest);
/// The parts between commas; none may be empty. Raises kUsage.
std::vector<std::string> parse_list(std::string_view option, const std::string& text);

/// A line each on standard error.
void write_notes(const std::vector<std::string>& notes);

/// The profiles that names lead to. Writing to one of these outputs must not overwrite one: then kUsage is raised.
splitlane::ProfileSource profile_source(const std::string& folder, const std::vector<NamedPath>& outputs = {});
