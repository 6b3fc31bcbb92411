#include "numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "splitlane/error.hpp"
#include "splitlane/instance/time.hpp"

namespace nb = nanobind;

namespace splitlane::python {

namespace {

constexpr std::int64_t kMostThreads = 1024;

}  // namespace

std::int64_t integer_argument(const char* name, const nb::object& value, std::int64_t lowest, std::int64_t highest) {
  const nb::object integer = nb::module_::import_("splitlane._arguments").attr("integer")(name, value);
  int overflow = 0;
  const std::int64_t number = PyLong_AsLongLongAndOverflow(integer.ptr(), &overflow);
  if (overflow == 0 && number >= lowest && number <= highest) return number;
  throw Error(ErrorCode::kUsage, {name, "not a number in range", nb::str(integer).c_str(),
                                  fmt::format("an integer from {} to {}", lowest, highest)});
}

std::optional<double> seconds_argument(std::optional<double> seconds) {
  if (!seconds || (std::isfinite(*seconds) && *seconds > 0)) return seconds;
  throw Error(ErrorCode::kUsage,
              {"time_limit", "not a time", fmt::format("{}", *seconds), "seconds above 0, such as 2 or 0.5"});
}

int threads_argument(const nb::object& threads) {
  if (!threads.is_none()) return static_cast<int>(integer_argument("threads", threads, 1, kMostThreads));
  return static_cast<int>(std::clamp<std::int64_t>(std::thread::hardware_concurrency(), 1, kMostThreads));
}

std::uint64_t seed_argument(const nb::object& seed) {
  return static_cast<std::uint64_t>(integer_argument("seed", seed, 0, kLargestNumber));
}

}  // namespace splitlane::python
