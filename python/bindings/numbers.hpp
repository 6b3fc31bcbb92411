#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>

namespace splitlane::python {

/// A Python or NumPy integer in a range. Raises kUsage naming the argument, TypeError for what is no integer.
std::int64_t integer_argument(const char* name, const nanobind::object& value, std::int64_t lowest,
                              std::int64_t highest);

}  // namespace splitlane::python
