#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <optional>

namespace splitlane::python {

/// A Python or NumPy integer in a range. Raises kUsage naming the argument, TypeError for what is no integer.
std::int64_t integer_argument(const char* name, const nanobind::object& value, std::int64_t lowest,
                              std::int64_t highest);

/// `time_limit`: seconds above 0, or none. Raises kUsage.
std::optional<double> seconds_argument(std::optional<double> seconds);
/// `threads`; None is one per processor. Raises kUsage, TypeError.
int threads_argument(const nanobind::object& threads);
/// `seed`. Raises kUsage, TypeError.
std::uint64_t seed_argument(const nanobind::object& seed);

}  // namespace splitlane::python
