#include "profile_arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "numbers.hpp"
#include "output.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/profile_json.hpp"
#include "splitlane/io/shipped_profiles.hpp"
#include "splitlane/nearest_name.hpp"
#include "splitlane/profile/architecture.hpp"

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

bool names_file(const std::string& name) { return name.find('/') != std::string::npos || name.ends_with(".json"); }

template <class Profile, class Parse>
Profile read_profile(const std::string& folder, const std::string& name, Parse parse) {
  const std::filesystem::path path(name);
  const std::string file = path.is_absolute() ? name : (std::filesystem::path(folder) / path).string();
  return in_file(file, [&] { return parse(splitlane::read_file(file)); });
}

template <class Profile>
Profile find_shipped(const std::vector<Profile>& shipped, const std::string& name, const char* what) {
  const auto found =
      std::find_if(shipped.begin(), shipped.end(), [&](const Profile& profile) { return profile.name == name; });
  if (found != shipped.end()) return *found;
  std::vector<std::string> names;
  names.reserve(shipped.size());
  for (const Profile& profile : shipped) names.push_back(profile.name);
  throw Error(ErrorCode::kUnknownId, {"", fmt::format("no such {}", what), fmt::format("\"{}\"", name),
                                      fmt::format("one of {}, or a file", fmt::join(names, ", "))});
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
  return {static_cast<splitlane::TimeUnit>(parse_word("--time-unit", arguments.time_unit, {"us", "ms", "s"})), 0};
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
  return static_cast<splitlane::Optimizer>(parse_word("--optimizer", text, {"sgd", "momentum", "adam"}));
}

splitlane::ZeroTimes parse_zero_times(const std::string& text) {
  return static_cast<splitlane::ZeroTimes>(parse_word("--zero-layers", text, {"unmeasured", "joined"}));
}

std::int64_t parse_count(std::string_view option, const std::string& text, std::int64_t lowest, std::int64_t highest) {
  const std::optional<std::int64_t> number = parse_number<std::int64_t>(text);
  if (number && *number >= lowest && *number <= highest) return *number;
  throw usage(option, "not a number in range", text, fmt::format("an integer from {} to {}", lowest, highest));
}

std::size_t parse_word(std::string_view option, const std::string& text, const std::vector<std::string_view>& names) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::string_view nearest = splitlane::nearest_name(text, names);
  throw usage(option, "no such choice", text,
              nearest.empty() ? fmt::format("one of {}", fmt::join(names, ", ")) : std::string(nearest));
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

splitlane::ProfileSource profile_source(const std::string& folder) {
  splitlane::ProfileSource source;
  source.model = [folder](const std::string& name) {
    if (names_file(name)) return read_profile<splitlane::Model>(folder, name, splitlane::parse_model);
    return splitlane::build_architecture(name);
  };
  source.device = [folder](const std::string& name) {
    if (names_file(name)) return read_profile<splitlane::Device>(folder, name, splitlane::parse_device);
    return find_shipped(splitlane::shipped_devices(), name, "device");
  };
  source.link = [folder](const std::string& name) {
    if (names_file(name)) return read_profile<splitlane::LinkProfile>(folder, name, splitlane::parse_link);
    return find_shipped(splitlane::shipped_links(), name, "link");
  };
  return source;
}

void write_document(const std::string& path, std::string_view bytes) {
  if (path == "-") {
    write_standard_output(bytes);
  } else {
    splitlane::write_file_atomically(path, bytes);
  }
}

void write_notes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) write_standard_error(fmt::format("note: {}\n", note));
}
