#include "profile_arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "numbers.hpp"
#include "output.hpp"
#include "splitlane/error.hpp"
#include "splitlane/nearest_name.hpp"

namespace {

constexpr std::string_view kExpected = "a time of at least 1us such as 180ms, 0.5s or 250us";

using splitlane::Error;
using splitlane::ErrorCode;

Error usage(std::string_view option, std::string what, const std::string& got, std::string expected) {
  return {ErrorCode::kUsage, {std::string(option), std::move(what), "\"" + got + "\"", std::move(expected)}};
}

// "180ms", "0.5s" or "250us", as microseconds.
std::int64_t parse_slot_us(const std::string& text) {
  const std::size_t unit_start = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::optional<double> amount = parse_number<double>(std::string_view(text).substr(0, unit_start));
  const std::string_view unit = std::string_view(text).substr(unit_start);
  double factor = 0;
  if (unit == "us") factor = 1;
  if (unit == "ms") factor = 1e3;
  if (unit == "s") factor = 1e6;
  const double slot_us = amount.value_or(0) * factor;
  const bool is_whole = std::abs(slot_us - std::round(slot_us)) < 1e-6;
  if (is_whole && slot_us >= 1 && slot_us <= static_cast<double>(splitlane::kLargestNumber)) {
    return std::llround(slot_us);
  }
  throw usage("--slot", "not a slot length", text, std::string(kExpected));
}

}  // namespace

void add_time_unit_arguments(CLI::App& verb, TimeUnitArguments& arguments) {
  verb.add_option("--time-unit", arguments.time_unit,
                  "Unit of all durations, us, ms or s; they are rounded up to whole ones (default: ms)")
      ->option_text("UNIT");
  verb.add_option("--slot", arguments.slot,
                  "Round up to slots of this length instead, such as 180ms, as the paper does (default: no slots)")
      ->option_text("TIME")
      ->excludes("--time-unit");
}

splitlane::TimeScale time_scale(const TimeUnitArguments& arguments) {
  if (arguments.slot) return {splitlane::TimeUnit::kSlot, parse_slot_us(*arguments.slot)};
  return {
      static_cast<splitlane::TimeUnit>(splitlane::position_of_name("--time-unit", arguments.time_unit, kDurationUnits)),
      0};
}

splitlane::CutRanges parse_cuts(std::string_view option, const std::string& text) {
  const auto parse_range = [&](std::string_view part) {
    const std::size_t dots = part.find("..");
    const std::string_view first = part.substr(0, dots);
    const std::string_view last = dots == std::string_view::npos ? first : part.substr(dots + 2);
    const auto from = parse_number<std::int32_t>(first);
    const auto to = parse_number<std::int32_t>(last);
    if (!from || !to) throw usage(option, "not cut layers", text, "two layers or ranges, such as 3,33 or 2..9,27..34");
    return std::pair(*from, *to);
  };
  const std::size_t comma = text.find(',');
  const auto sigma_1 = parse_range(std::string_view(text).substr(0, comma));
  const auto sigma_2 = parse_range(comma == std::string::npos ? "" : std::string_view(text).substr(comma + 1));
  return {sigma_1.first, sigma_1.second, sigma_2.first, sigma_2.second};
}

splitlane::Optimizer parse_optimizer(const std::string& text) {
  return static_cast<splitlane::Optimizer>(
      splitlane::position_of_name("--optimizer", text, splitlane::kOptimizerNames));
}

splitlane::ZeroTimes parse_zero_times(const std::string& text) {
  return static_cast<splitlane::ZeroTimes>(splitlane::position_of_name("--zero-layers", text, kZeroTimesNames));
}

std::int64_t parse_count(std::string_view option, const std::string& text, std::int64_t lowest, std::int64_t highest) {
  return splitlane::parse_integer(std::string(option), text, lowest, highest, splitlane::Spelling::kCommandLine);
}

std::vector<std::string> parse_list(std::string_view option, const std::string& text) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (true) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    if (end == start) throw usage(option, "an empty name", text, "names between commas");
    parts.push_back(text.substr(start, end - start));
    if (end == text.size()) return parts;
    start = end + 1;
  }
}

splitlane::ProfileSource profile_source(const std::string& folder, const std::vector<NamedPath>& outputs) {
  return splitlane::profile_source(folder, [outputs](const std::string& path) {
    require_outputs(outputs, {{"a profile that is read", path}});
  });
}

void write_notes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) write_standard_error(fmt::format("note: {}\n", note));
}
