#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <optional>

namespace splitlane::python {

/// A whole number in a range, whatever type it has. Raises kUsage naming the argument, ArgumentError for what is none.
std::int64_t integer_argument(const char* name, const nanobind::object& value, std::int64_t lowest,
                              std::int64_t highest);

/// `time_limit`: seconds above 0, or none. Raises kUsage.
std::optional<double> seconds_argument(std::optional<double> seconds);
/// `threads`; None is one per processor. Raises kUsage, ArgumentError.
int threads_argument(const nanobind::object& threads);
/// `seed`. Raises kUsage, ArgumentError.
std::uint64_t seed_argument(const nanobind::object& seed);

}  // namespace splitlane::python
