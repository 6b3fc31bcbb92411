#include "splitlane/planning/scenario_request.hpp"

#include <algorithm>
#include <cmath>

#include "splitlane/error.hpp"
#include "splitlane/parse_number.hpp"

namespace splitlane {

namespace {

Error refused(std::string_view where, std::string what, const std::string& got, std::string expected) {
  return {ErrorCode::kUsage, {std::string(where), std::move(what), "\"" + got + "\"", std::move(expected)}};
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
  if (is_whole && slot_us >= 1 && slot_us <= static_cast<double>(kLargestNumber)) return std::llround(slot_us);
  throw refused("--slot", "not a slot length", text, "a time of at least 1us such as 180ms, 0.5s or 250us");
}

}  // namespace

TimeScale read_time_scale(const Arguments& arguments) {
  if (!arguments.has("slot")) return {static_cast<TimeUnit>(arguments.word("time-unit")), 0};
  if (arguments.has("time-unit")) {
    throw refused("--slot", "the unit is a slot then", "--time-unit " + arguments.text("time-unit"), "one of the two");
  }
  return {TimeUnit::kSlot, parse_slot_us(arguments.text("slot"))};
}

CutRanges parse_cuts(std::string_view where, const std::string& text) {
  const auto parse_range = [&](std::string_view part) {
    const std::size_t dots = part.find("..");
    const std::string_view first = part.substr(0, dots);
    const std::string_view last = dots == std::string_view::npos ? first : part.substr(dots + 2);
    const auto from = parse_number<std::int32_t>(first);
    const auto to = parse_number<std::int32_t>(last);
    if (!from || !to) throw refused(where, "not cut layers", text, "two layers or ranges, such as 3,33 or 2..9,27..34");
    return std::pair(*from, *to);
  };
  const std::size_t comma = text.find(',');
  const auto sigma_1 = parse_range(std::string_view(text).substr(0, comma));
  const auto sigma_2 = parse_range(comma == std::string::npos ? "" : std::string_view(text).substr(comma + 1));
  return {sigma_1.first, sigma_1.second, sigma_2.first, sigma_2.second};
}

ScenarioParameters read_scenario_parameters(const Arguments& arguments) {
  ScenarioParameters parameters;
  parameters.kind = static_cast<ScenarioKind>(arguments.word("kind"));
  parameters.clients = static_cast<std::size_t>(arguments.integer("clients").value());
  parameters.helpers = static_cast<std::size_t>(arguments.integer("helpers").value());
  if (arguments.text("reach", "all") != "all") {
    parameters.reach = static_cast<std::size_t>(arguments.integer("reach").value());
  }
  parameters.topology = static_cast<Topology>(arguments.word("topology"));
  parameters.memory = static_cast<MemoryRule>(arguments.word("memory"));
  parameters.seed = static_cast<std::uint64_t>(arguments.integer("seed").value());
  parameters.batch = arguments.integer("batch").value();
  parameters.optimizer = static_cast<Optimizer>(arguments.word("optimizer"));
  parameters.scale = read_time_scale(arguments);
  const std::string where = option_name(option_named(arguments.options(), "cuts"), arguments.spelling());
  if (arguments.has("cuts")) parameters.cuts = parse_cuts(where, arguments.text("cuts"));
  parameters.every_cut = arguments.has("every-cut");
  parameters.local = arguments.has("local");
  return parameters;
}

}  // namespace splitlane
