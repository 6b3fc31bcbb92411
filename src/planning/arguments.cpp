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

// What stands before and behind the last sign. In Python the two are apart, so it is the number that is wrong there.
std::pair<std::string_view, std::string_view> halves(const Option& option, std::string_view text) {
  const std::size_t place = text.rfind(option.form.find('@') == std::string_view::npos ? '=' : '@');
  if (place == std::string_view::npos) return {text, {}};
  return {text.substr(0, place), text.substr(place + 1)};
}

template <class Value>
void add_once(std::vector<Value>& values, Value value, const std::string& where, std::string_view text,
              Spelling spelling) {
  if (std::find(values.begin(), values.end(), value) != values.end()) refuse_repeated(where, text, spelling);
  values.push_back(value);
}

}  // namespace

double parse_number_within(const std::string& where, std::string_view text, double least, double most,
                           Spelling spelling) {
  const std::optional<double> number = parse_number<double>(text);
  if (number && *number >= least && *number <= most) return *number;
  throw usage(where, "not a number in range", shown(text, spelling),
              fmt::format("a number from {} to {}", least, most));
}

void refuse_repeated(const std::string& where, std::string_view value, Spelling spelling) {
  throw usage(where, "named twice", shown(value, spelling), "each once");
}

IdAndInteger parse_id_and_integer(const Option& option, std::string_view text, std::int64_t at_most,
                                  Spelling spelling) {
  const std::int64_t highest = std::min(option.highest, at_most);
  const auto [id, number] = halves(option, text);
  if (spelling != Spelling::kCommandLine) {
    return {id, parse_integer(option_name(option, spelling), number, option.lowest, highest, spelling)};
  }
  const std::optional<std::int64_t> integer = parse_number<std::int64_t>(number);
  if (integer && *integer >= option.lowest && *integer <= highest) return {id, *integer};
  throw usage(option_name(option, spelling), "not an id and a number", shown(text, spelling),
              fmt::format("{}, an integer from {} to {}", option.form, option.lowest, highest));
}

IdAndNumber parse_id_and_number(const Option& option, std::string_view text, Spelling spelling) {
  const auto [id, number] = halves(option, text);
  if (spelling != Spelling::kCommandLine) {
    return {id, parse_number_within(option_name(option, spelling), number, option.least, option.most, spelling)};
  }
  const std::optional<double> real = parse_number<double>(number);
  if (real && *real >= option.least && *real <= option.most) return {id, *real};
  throw usage(option_name(option, spelling), "not an id and a number", shown(text, spelling),
              fmt::format("{}, a number from {} to {}", option.form, option.least, option.most));
}

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

std::vector<std::string> Arguments::list(std::string_view name) const {
  std::vector<std::string> parts;
  for (const std::string& text : texts(name)) {
    std::size_t first = 0;
    while (spelling_ == Spelling::kCommandLine && text.find(',', first) != std::string::npos) {
      const std::size_t comma = text.find(',', first);
      parts.push_back(text.substr(first, comma - first));
      first = comma + 1;
    }
    parts.push_back(text.substr(first));
  }
  return parts;
}

std::optional<std::int64_t> Arguments::integer(std::string_view name, std::int64_t at_most) const {
  const Option* const option = find(name);
  const std::optional<std::string> given = option == nullptr ? std::nullopt : value(*option);
  if (!given) return std::nullopt;
  return parse_integer(option_name(*option, spelling_), *given, option->lowest, std::min(option->highest, at_most),
                       spelling_);
}

std::vector<std::int64_t> Arguments::integers(std::string_view name) const {
  const Option& option = *find(name);
  const std::string where = option_name(option, spelling_);
  std::vector<std::int64_t> values;
  for (const std::string& text : list(name)) {
    add_once(values, parse_integer(where, text, option.lowest, option.highest, spelling_), where, text, spelling_);
  }
  return values;
}

std::optional<double> Arguments::number(std::string_view name) const {
  const Option* const option = find(name);
  const std::optional<std::string> given = option == nullptr ? std::nullopt : value(*option);
  if (!given) return std::nullopt;
  const std::string where = option_name(*option, spelling_);
  if (option->kind == OptionKind::kSeconds) return parse_seconds(where, *given, spelling_);
  if (option->kind == OptionKind::kPositive) return parse_positive(where, *given, option->most, spelling_);
  return parse_number_within(where, *given, option->least, option->most, spelling_);
}

std::size_t Arguments::word(std::string_view name) const {
  const Option& option = *find(name);
  return position_of_name(option_name(option, spelling_), text(name, std::string(option.usual)), option.words);
}

std::vector<std::size_t> Arguments::words(std::string_view name) const {
  const Option& option = *find(name);
  const std::string where = option_name(option, spelling_);
  std::vector<std::size_t> positions;
  for (const std::string& text : list(name)) {
    add_once(positions, position_of_name(where, text, option.words), where, text, spelling_);
  }
  return positions;
}

}  // namespace splitlane
