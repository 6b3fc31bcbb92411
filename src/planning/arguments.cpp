#include "splitlane/planning/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "splitlane/nearest_name.hpp"
#include "splitlane/parse_number.hpp"

namespace splitlane {

namespace {

// What is typed stands in quotes; a value of Python is shown as Python shows it.
std::string shown(std::string_view text, Spelling spelling) {
  return spelling == Spelling::kCommandLine ? fmt::format("\"{}\"", text) : std::string(text);
}

Error usage(const std::string& where, std::string what, std::string got, std::string expected) {
  return {ErrorCode::kUsage, {where, std::move(what), std::move(got), std::move(expected)}};
}

double parse_positive(const std::string& where, std::string_view text, double most, Spelling spelling) {
  const std::optional<double> number = parse_number<double>(text);
  if (number && *number > 0 && *number <= most) return *number;
  const bool is_bounded = most < std::numeric_limits<double>::max();
  throw usage(where, "not a number in range", shown(text, spelling),
              is_bounded ? fmt::format("a number above 0, at most {}", most) : std::string("a number above 0"));
}

}  // namespace

std::int64_t parse_integer(const std::string& where, std::string_view text, std::int64_t lowest, std::int64_t highest,
                           Spelling spelling) {
  const std::optional<std::int64_t> number = parse_number<std::int64_t>(text);
  if (number && *number >= lowest && *number <= highest) return *number;
  throw usage(where, "not a number in range", shown(text, spelling),
              fmt::format("an integer from {} to {}", lowest, highest));
}

double parse_seconds(const std::string& where, std::string_view text, Spelling spelling) {
  const std::size_t unit_start = std::min(text.find_first_not_of("0123456789.eE+-"), text.size());
  const std::optional<double> number = parse_number<double>(text.substr(0, unit_start));
  const std::string_view unit = text.substr(unit_start);
  double factor = 0;
  if (unit.empty() || unit == "s") factor = 1;
  if (unit == "ms") factor = 1e-3;
  if (unit == "min") factor = 60;
  const double seconds = number.value_or(0) * factor;
  if (std::isfinite(seconds) && seconds > 0) return seconds;
  const std::string_view units =
      spelling == Spelling::kCommandLine ? ", or a time with its unit: 500ms, 10s, 2min" : "";
  throw usage(where, "not a time", shown(text, spelling), fmt::format("seconds above 0, such as 2 or 0.5{}", units));
}

const Option* Arguments::find(std::string_view name) const {
  const auto found =
      std::find_if(options_.begin(), options_.end(), [name](const Option& option) { return option.name == name; });
  return found == options_.end() ? nullptr : &*found;
}

std::optional<std::string> Arguments::value(const Option& option) const {
  const std::span<const std::string> given = texts(option.name);
  if (!given.empty()) return given.back();
  if (has(option.name) || !parse_number<double>(option.usual)) return std::nullopt;
  return std::string(option.usual);
}

std::span<const std::string> Arguments::texts(std::string_view name) const {
  const auto given = texts_.find(name);
  return given == texts_.end() ? std::span<const std::string>() : given->second;
}

std::string Arguments::text(std::string_view name, std::string otherwise) const {
  const std::span<const std::string> given = texts(name);
  if (given.empty()) return otherwise;
  return given.back();
}

std::string Arguments::path(std::string_view name, std::string otherwise) const {
  if (has(name) && text(name).empty()) {
    throw usage(option_name(*find(name), spelling_), "names no file", shown("", spelling_), "the path of a file");
  }
  return text(name, std::move(otherwise));
}

std::optional<std::int64_t> Arguments::integer(std::string_view name) const {
  const Option* const option = find(name);
  const std::optional<std::string> given = option == nullptr ? std::nullopt : value(*option);
  if (!given) return std::nullopt;
  return parse_integer(option_name(*option, spelling_), *given, option->lowest, option->highest, spelling_);
}

std::optional<double> Arguments::number(std::string_view name) const {
  const Option* const option = find(name);
  const std::optional<std::string> given = option == nullptr ? std::nullopt : value(*option);
  if (!given) return std::nullopt;
  const std::string where = option_name(*option, spelling_);
  return option->kind == OptionKind::kSeconds ? parse_seconds(where, *given, spelling_)
                                              : parse_positive(where, *given, option->most, spelling_);
}

std::size_t Arguments::word(std::string_view name) const {
  const Option& option = *find(name);
  return position_of_name(option_name(option, spelling_), text(name, std::string(option.usual)), option.words);
}

}  // namespace splitlane
